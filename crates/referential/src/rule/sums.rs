//! Comparisons of sums over one list, which fall apart by member: what is asked of the sums,
//! and of which properties of a member it hangs what it adds.

use super::repeats::canonical;
use super::shape::Walk;
use super::{Chain, CompareOp, Const, NodeId, Op, Rule};
use cocarde_model::{Decimal, FieldId, Interval, exact_add, exact_mul};
use smallvec::SmallVec;

/// A sum, an amount, a test or a property of a member, by position in [`SumTests`].
pub(crate) type Place = usize;

/// An amount that has to stay above zero, or at it where that is enough: a linear combination
/// of sums.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Demand {
    /// What there is apart from the sums.
    pub(crate) constant: Decimal,
    /// The sums, each once, and what each is multiplied by.
    pub(crate) of: SmallVec<[(Place, Decimal); 2]>,
    /// Whether zero will do.
    pub(crate) zero_will_do: bool,
}

/// A sum: of an amount, for the members that pass some conditions.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// The expression of the list that is added up.
    pub(crate) list: NodeId,
    /// What a member has to pass, in order.
    pub(crate) filters: SmallVec<[NodeId; 2]>,
    /// What it adds then, by position.
    pub(crate) amount: Place,
}

/// What a rule asks of sums over one list.
#[derive(Clone, Debug)]
pub(crate) struct SumTests {
    /// The list: whose, and which.
    pub(crate) list: Option<(NodeId, FieldId)>,
    pub(crate) columns: Vec<Column>,
    /// What members add: properties of theirs, or constants.
    pub(crate) amounts: Vec<NodeId>,
    /// The tests of members, each of one property, and which of `fields` that is.
    pub(crate) tests: Vec<(NodeId, Place)>,
    /// The properties of members that are read, in the order in which they are.
    pub(crate) fields: Vec<FieldId>,
    /// Whether the rule is the conjunction of such comparisons.
    pub(crate) is_whole: bool,
    /// Whether every amount counts in proportion: then of its values only the largest and the
    /// least matter.
    pub(crate) is_proportional: bool,
    /// What each comparison asks.
    of_comparisons: Vec<(NodeId, Vec<Demand>)>,
    /// For an expression that is a test: which.
    places: Vec<Option<Place>>,
}

impl SumTests {
    /// Nothing for a rule that compares no such sums, or sums over several lists.
    pub(super) fn of(rule: &Rule) -> Option<SumTests> {
        let mut reader = Reader {
            rule,
            canonical: canonical(&rule.nodes),
            walk: Walk::of(&rule.nodes),
            found: SumTests {
                list: None,
                columns: Vec::new(),
                amounts: Vec::new(),
                tests: Vec::new(),
                fields: Vec::new(),
                is_whole: false,
                is_proportional: true,
                of_comparisons: Vec::new(),
                places: vec![None; rule.nodes.len()],
            },
        };
        reader.found.is_whole = reader.comparisons(rule.root)?;
        (!reader.found.columns.is_empty()).then_some(reader.found)
    }

    /// What a comparison asks; nothing for other tests.
    pub(crate) fn demands(&self, comparison: NodeId) -> Option<&[Demand]> {
        let known = self.of_comparisons.iter().find(|(n, _)| *n == comparison);
        known.map(|(_, demands)| &demands[..])
    }

    /// What all comparisons ask.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Demand> {
        self.of_comparisons.iter().flat_map(|(_, demands)| demands)
    }

    /// Which test of a member an expression is.
    pub(crate) fn test(&self, node: NodeId) -> Option<Place> {
        self.places[node.0 as usize]
    }
}

struct Reader<'r> {
    rule: &'r Rule,
    /// For every expression the first that says the same.
    canonical: Vec<NodeId>,
    walk: Walk<'r>,
    found: SumTests,
}

impl Reader<'_> {
    fn canonical(&self, id: NodeId) -> NodeId {
        self.canonical[id.0 as usize]
    }

    fn op(&self, id: NodeId) -> &Op {
        &self.rule.node(id).op
    }

    /// Reads the comparisons of sums in a conjunction; false where it is made of more.
    /// Nothing where some sums cannot be told member by member, or not together.
    fn comparisons(&mut self, id: NodeId) -> Option<bool> {
        match *self.op(id) {
            Op::And(a, b) => Some(self.comparisons(a)? & self.comparisons(b)?),
            Op::Compare(..) | Op::CompareShare { .. } => {
                let demands = self.demands(id)?;
                self.found.of_comparisons.push((id, demands));
                Some(true)
            }
            _ => Some(false),
        }
    }

    fn demands(&mut self, comparison: NodeId) -> Option<Vec<Demand>> {
        let one = Decimal::ONE;
        match *self.op(comparison) {
            Op::Compare(op, a, b) => Some(vec![self.demand(op, (a, one), (b, one))?]),
            Op::CompareShare {
                op,
                part,
                whole,
                than,
            } => {
                let share = self.demand(op, (part, Decimal::ONE_HUNDRED), (whole, than))?;
                let of_nothing = op.holds(Decimal::ZERO.cmp(&than));
                // A share of nothing would do, though nothing is not less than nothing; one of
                // less than nothing is compared the other way round.
                if of_nothing && !share.zero_will_do || may_be_negative(self.rule, whole) {
                    return None;
                }
                let mut demands = vec![share];
                if !of_nothing {
                    demands.push(self.demand(
                        CompareOp::Gt,
                        (whole, one),
                        (whole, Decimal::ZERO),
                    )?);
                }
                Some(demands)
            }
            _ => None,
        }
    }

    fn demand(
        &mut self,
        op: CompareOp,
        a: (NodeId, Decimal),
        b: (NodeId, Decimal),
    ) -> Option<Demand> {
        let (more, less) = match op {
            CompareOp::Gt | CompareOp::Ge => (a, b),
            CompareOp::Lt | CompareOp::Le => (b, a),
            CompareOp::Eq => return None,
        };
        let mut demand = Demand {
            constant: Decimal::ZERO,
            of: SmallVec::new(),
            zero_will_do: matches!(op, CompareOp::Ge | CompareOp::Le),
        };
        self.add(&mut demand, more)?;
        self.add(&mut demand, (less.0, -less.1))?;
        Some(demand)
    }

    /// Adds an expression that is a sum of what it is for each member of the list, and of a
    /// part that does not hang on it; nothing where it is made otherwise.
    fn add(&mut self, demand: &mut Demand, (node, by): (NodeId, Decimal)) -> Option<()> {
        match *self.op(node) {
            Op::Const(Const::Number(n)) => {
                demand.constant = exact_add(demand.constant, exact_mul(n, by)?)?;
            }
            Op::Add(a, b) => {
                self.add(demand, (a, by))?;
                self.add(demand, (b, by))?;
            }
            Op::Sub(a, b) => {
                self.add(demand, (a, by))?;
                self.add(demand, (b, -by))?;
            }
            Op::Neg(a) => self.add(demand, (a, -by))?,
            Op::Sum(list) => {
                let place = self.column(list)?;
                match demand.of.iter_mut().find(|(p, _)| *p == place) {
                    Some((_, known)) => *known = exact_add(*known, by)?,
                    None => demand.of.push((place, by)),
                }
                demand.of.retain(|(_, by)| !by.is_zero());
            }
            _ => return None,
        }
        Some(())
    }

    /// The sum over a list that is made of one of records by keeping and replacing its
    /// members one by one.
    fn column(&mut self, list: NodeId) -> Option<Place> {
        let first = self.canonical(list);
        let is_first = |c: &Column| self.canonical(c.list) == first;
        if let Some(known) = self.found.columns.iter().position(is_first) {
            return Some(known);
        }
        let chain = Chain::of(self.rule, list)?;
        let amount = chain.map?;
        let (of, field) = (chain.of, chain.field);
        let same =
            |(a, f): (NodeId, FieldId)| self.canonical(a) == self.canonical(of) && f == field;
        if !self.walk.is_part(of) || !self.found.list.is_none_or(same) {
            return None;
        }
        self.found.list = Some((of, field));
        for filter in &chain.filters {
            self.filter(*filter)?;
        }
        let amount = self.amount(amount)?;
        self.found.columns.push(Column {
            list,
            filters: chain.filters,
            amount,
        });
        Some(self.found.columns.len() - 1)
    }

    fn filter(&mut self, id: NodeId) -> Option<()> {
        match *self.op(id) {
            Op::Const(Const::Bool(_)) => Some(()),
            Op::Not(a) => self.filter(a),
            Op::And(a, b) | Op::Or(a, b) => {
                self.filter(a)?;
                self.filter(b)
            }
            _ => self.test(id),
        }
    }

    fn test(&mut self, id: NodeId) -> Option<()> {
        if !self.walk.test(id, true) {
            return None;
        }
        let look = self.walk.look(id).filter(|look| look.via.is_none())?;
        let Op::Read { field, .. } = *self.op(look.read) else {
            return None;
        };
        self.found.is_proportional &= !self.looks_at_numbers(id);
        let field = self.reads(field);
        let first = self.canonical(id);
        let is_first = |(t, _): &(NodeId, Place)| self.canonical(*t) == first;
        let known = self.found.tests.iter().position(is_first);
        let place = known.unwrap_or_else(|| {
            self.found.tests.push((id, field));
            self.found.tests.len() - 1
        });
        self.found.places[id.0 as usize] = Some(place);
        Some(())
    }

    fn looks_at_numbers(&self, id: NodeId) -> bool {
        let children = self.op(id).children();
        let mut of_it = children.into_iter();
        self.rule.node(id).ty.is_number() || of_it.any(|c| self.looks_at_numbers(c))
    }

    /// A property of the member, or a constant.
    fn amount(&mut self, id: NodeId) -> Option<Place> {
        match *self.op(id) {
            Op::Const(Const::Number(_)) => {}
            Op::Read { of, field, .. } if matches!(self.op(of), Op::Local(0)) => {
                self.reads(field);
            }
            _ => return None,
        }
        let first = self.canonical(id);
        let is_first = |a: &NodeId| self.canonical(*a) == first;
        let known = self.found.amounts.iter().position(is_first);
        Some(known.unwrap_or_else(|| {
            self.found.amounts.push(id);
            self.found.amounts.len() - 1
        }))
    }

    fn reads(&mut self, field: FieldId) -> Place {
        let fields = &mut self.found.fields;
        let known = fields.iter().position(|f| *f == field);
        known.unwrap_or_else(|| {
            fields.push(field);
            fields.len() - 1
        })
    }
}

/// Whether an amount may be less than nothing, as far as the way it is written tells.
fn may_be_negative(rule: &Rule, amount: NodeId) -> bool {
    let node = rule.node(amount);
    match &node.op {
        Op::Sub(..) | Op::Neg(_) => true,
        Op::Const(Const::Number(n)) => n.is_sign_negative(),
        Op::Read { domain, .. } => {
            let least = domain.and_then(Interval::lo);
            node.ty.is_number() && least.is_none_or(|l| l < Decimal::ZERO)
        }
        op => op.children().into_iter().any(|c| may_be_negative(rule, c)),
    }
}
