//! Comparisons of sums over one list fall apart by member: what each adds is worked out
//! for it alone, and what a property is worth is what its member's part of the sum loses
//! without it. So the facts that force such a comparison, and the least change that
//! satisfies it, are found without evaluating the whole again for every one of them.

use crate::eval::{Context, Evaluator, Number, Overlay, Patch, Plain};
use crate::rule::{CompareOp, NodeId, Op, Rule, Ty};
use cocarde_model::{Decimal, Interval, Members, RecordId, Slot, SlotKey};
use smallvec::SmallVec;

/// An amount that has to stay above zero, or at it where that is enough.
struct Demand {
    amount: Amount,
    zero_will_do: bool,
}

/// A linear combination of two expressions of the rule.
struct Amount {
    of: (NodeId, Decimal),
    less: Option<(NodeId, Decimal)>,
}

/// Tests of sums over one list.
pub(super) struct Sums<'a> {
    rule: &'a Rule,
    ctx: &'a Context<'a>,
    /// The list.
    pub(super) list: SlotKey,
    /// Its members as the facts state them.
    pub(super) members: Members,
    demands: Vec<Demand>,
}

/// The least of an amount in each view; nothing where it has none.
pub(super) type Floor = (Option<Decimal>, Option<Decimal>);

/// A floor for each demand.
pub(super) type Floors = SmallVec<[Floor; 2]>;

/// Properties of one member.
pub(super) type Keys = SmallVec<[SlotKey; 8]>;

impl<'a> Sums<'a> {
    /// Of these tests, which read these properties; nothing where they do not fall apart.
    pub(super) fn of(
        rule: &'a Rule,
        ctx: &'a Context<'a>,
        tests: &[NodeId],
        reads: &[SlotKey],
    ) -> Option<Sums<'a>> {
        let is_list = |k: &&SlotKey| matches!(ctx.base.slot(**k), Slot::Many(_));
        let list = *reads.iter().find(is_list)?;
        let Slot::Many(members) = ctx.base.slot(list) else {
            return None;
        };
        let of_members = |k: &SlotKey| *k == list || members.ids.contains(&k.record);
        if !rule.plain || !reads.iter().all(of_members) || !ctx.overlay.is_empty() {
            return None;
        }
        let mut demands = Vec::new();
        for test in tests {
            demands.extend(demands_of(rule, *test)?);
        }
        let mut nodes = demands.iter().flat_map(|d| d.amount.nodes());
        let apart = nodes.all(|n| falls_apart(rule, n));
        drop(nodes);
        apart.then(|| Sums {
            rule,
            ctx,
            list,
            members: members.clone(),
            demands,
        })
    }

    /// Of a whole rule that is nothing but such tests.
    pub(super) fn whole(rule: &'a Rule, ctx: &'a Context<'a>) -> Option<Sums<'a>> {
        let mut tests = Vec::new();
        if !conjuncts(rule, rule.root, &mut tests) || !reads_members_only(rule) {
            return None;
        }
        let mut evaluator = Evaluator::new(*ctx);
        evaluator.outcomes(rule);
        Sums::of(rule, ctx, &tests, evaluator.derivation().all_reads())
    }

    /// Of the properties of the members, in order, those that cannot be spared: one is
    /// dropped after the other while every demand is met. The list itself is kept.
    pub(super) fn needed(&self, keys: &[SlotKey]) -> Option<Vec<SlotKey>> {
        let own = |r: RecordId| -> Vec<SlotKey> {
            let of_member = |k: &&SlotKey| k.record == r && **k != self.list;
            keys.iter().filter(of_member).copied().collect()
        };
        let members = &self.members.ids;
        let all: Vec<Vec<SlotKey>> = members.iter().map(|r| own(*r)).collect();
        let each = members.iter().zip(&all);
        let parts: Option<Vec<Floors>> = each.map(|(r, keys)| self.floors(*r, keys)).collect();
        let parts = parts?;
        // What the members from each on come to, with all that is known of them.
        let mut from = vec![zero(self.demands.len())];
        for part in parts.iter().rev() {
            from.push(plus(part.clone(), from.last()?));
        }
        from.reverse();
        let mut so_far = self.apart(true)?;
        if !self.are_met(&plus(so_far.clone(), &from[0])) {
            return None;
        }
        let mut needed = Vec::new();
        for (i, member) in members.iter().enumerate() {
            let others = plus(so_far.clone(), &from[i + 1]);
            let (keys, part) =
                self.needed_of(*member, all[i].clone(), parts[i].clone(), &others)?;
            needed.extend(keys);
            so_far = plus(so_far, &part);
        }
        Some(needed)
    }

    /// The same of one member, where the others come to so much; and what it comes to then.
    fn needed_of(
        &self,
        member: RecordId,
        mut keys: Vec<SlotKey>,
        mut part: Floors,
        others: &Floors,
    ) -> Option<(Vec<SlotKey>, Floors)> {
        // Of a member that is out of it, what says so is enough: it is read first.
        let adds_nothing = part == zero(part.len());
        if adds_nothing && keys.len() > 1 && self.floors(member, &keys[..1])? == part {
            keys.truncate(1);
        }
        let mut at = 0;
        while at < keys.len() {
            let key = keys.remove(at);
            let floors = self.floors(member, &keys)?;
            if self.are_met(&plus(floors.clone(), others)) {
                part = floors;
            } else {
                keys.insert(at, key);
                at += 1;
            }
        }
        Some((keys, part))
    }

    /// The least that a member adds to each amount when only these of its properties are
    /// known.
    fn floors(&self, member: RecordId, known: &[SlotKey]) -> Option<Floors> {
        let overlay = Overlay::default().with_only(known.to_vec());
        self.added_by(member, &overlay)
    }

    /// The least that a member adds to each amount under suppositions; nothing where that
    /// hangs on more than can be told of it alone.
    pub(super) fn added_by(&self, member: RecordId, overlay: &Overlay) -> Option<Floors> {
        let mut plain = Plain::of(self.rule, self.ctx.supposing(overlay));
        self.floors_of(|node| plain.added_by(node, member))
    }

    /// The properties of a member on which it hangs what it adds, in the order in which the
    /// rule reads them.
    pub(super) fn keys(&self, record: RecordId) -> Keys {
        let mut keys = Keys::new();
        for node in self.demands.iter().flat_map(|d| d.amount.nodes()) {
            self.reads_of(node, record, &mut keys);
        }
        keys
    }

    fn reads_of(&self, node: NodeId, record: RecordId, keys: &mut Keys) {
        let op = &self.rule.node(node).op;
        for child in op.children() {
            self.reads_of(child, record, keys);
        }
        if let Op::Read { field, .. } = *op {
            let key = SlotKey { record, field };
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }

    /// The least there is of each amount apart from the members that are stated.
    pub(super) fn apart(&self, complete: bool) -> Option<Floors> {
        let mut overlay = Overlay::default();
        let ids = Vec::new();
        overlay.set(self.list, Patch::Members(Members { ids, complete }));
        let mut plain = Plain::of(self.rule, self.ctx.supposing(&overlay));
        self.floors_of(|node| plain.number(node))
    }

    fn floors_of(&self, mut amount: impl FnMut(NodeId) -> Option<Number>) -> Option<Floors> {
        let mut amounts: SmallVec<[(NodeId, Number); 4]> = SmallVec::new();
        for node in self.demands.iter().flat_map(|d| d.amount.nodes()) {
            if !amounts.iter().any(|(n, _)| *n == node) {
                amounts.push((node, amount(node)?));
            }
        }
        let floor = |d: &Demand| match d.amount.exactly(&amounts) {
            Some(amount) => (Some(amount), Some(amount)),
            None => {
                let (established, refuting) = d.amount.of(&amounts).range();
                (established.lo(), refuting.lo())
            }
        };
        Some(self.demands.iter().map(floor).collect())
    }

    /// Whether floors are enough for every demand.
    pub(super) fn are_met(&self, floors: &Floors) -> bool {
        let mut all = self.demands.iter().zip(floors);
        all.all(|(d, f)| d.is_met(*f))
    }

    /// Whether a floor is enough for one demand in one view.
    pub(super) fn is_met(&self, demand: usize, least: Option<Decimal>) -> bool {
        self.demands[demand].is_enough(least)
    }

    /// Whether every amount of a member that is added up counts in proportion: then of its
    /// values only the largest and the least matter.
    pub(super) fn is_proportional(&self) -> bool {
        let plain = |n: NodeId| {
            !mentions(self.rule, n, |op| {
                matches!(
                    op,
                    Op::Compare(..)
                        | Op::CompareShare { .. }
                        | Op::Rem { .. }
                        | Op::Div { truncate: true, .. }
                        | Op::If { .. }
                        | Op::Equal(..)
                        | Op::In(..)
                ) && mentions_numbers(self.rule, op)
            })
        };
        self.demands
            .iter()
            .flat_map(|d| d.amount.nodes())
            .all(plain)
    }
}

/// The tests that a rule is the conjunction of; false when it is made otherwise.
fn conjuncts(rule: &Rule, node: NodeId, out: &mut Vec<NodeId>) -> bool {
    match &rule.node(node).op {
        Op::And(a, b) => conjuncts(rule, *a, out) && conjuncts(rule, *b, out),
        Op::Compare(..) | Op::CompareShare { .. } => {
            out.push(node);
            true
        }
        _ => false,
    }
}

/// Whether nothing is read of records that other records refer to.
fn reads_members_only(rule: &Rule) -> bool {
    rule.nodes.iter().all(|n| match &n.op {
        Op::Read { of, .. } => matches!(rule.node(*of).op, Op::Local(_)),
        _ => true,
    })
}

/// No more than nothing, for so many demands.
pub(super) fn zero(demands: usize) -> Floors {
    let zero = (Some(Decimal::ZERO), Some(Decimal::ZERO));
    SmallVec::from_elem(zero, demands)
}

/// Both, demand by demand.
pub(super) fn plus(a: Floors, b: &Floors) -> Floors {
    a.into_iter().zip(b).map(|(a, b)| add(a, *b)).collect()
}

impl Demand {
    fn is_met(&self, (established, refuting): Floor) -> bool {
        self.is_enough(established) && self.is_enough(refuting)
    }

    fn is_enough(&self, least: Option<Decimal>) -> bool {
        least.is_some_and(|l| l > Decimal::ZERO || (self.zero_will_do && l.is_zero()))
    }
}

impl Amount {
    fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        [Some(self.of.0), self.less.map(|l| l.0)]
            .into_iter()
            .flatten()
    }

    /// From what its expressions come to, where they are known exactly: the common case.
    fn exactly(&self, known: &[(NodeId, Number)]) -> Option<Decimal> {
        let times = |(node, by): (NodeId, Decimal)| {
            let (_, amount) = known.iter().find(|(n, _)| *n == node)?;
            match amount.exact()? {
                amount if amount.is_zero() || by == Decimal::ONE => Some(amount),
                amount if amount.scale() + by.scale() <= Decimal::MAX_SCALE => {
                    amount.checked_mul(by)
                }
                _ => None,
            }
        };
        match self.less {
            Some(less) => times(self.of)?.checked_sub(times(less)?),
            None => times(self.of),
        }
    }

    /// From what its expressions come to.
    fn of(&self, known: &[(NodeId, Number)]) -> Number {
        let times = |(node, by): (NodeId, Decimal)| {
            let known = known.iter().find(|(n, _)| *n == node);
            let amount = known.map(|(_, amount)| amount.clone());
            let amount = amount.unwrap_or(Number::within(Interval::ALL));
            match by == Decimal::ONE {
                true => amount,
                false => amount.scale(by),
            }
        };
        match self.less {
            Some(less) => times(self.of).sub(times(less)),
            None => times(self.of),
        }
    }
}

/// What a test asks of sums; nothing for other tests.
fn demands_of(rule: &Rule, test: NodeId) -> Option<Vec<Demand>> {
    let one = Decimal::ONE;
    // What is written twice need be worked out once.
    let first = |n: NodeId| match rule.repeats.get(n.0 as usize) {
        Some(Some(earlier)) => *earlier,
        _ => n,
    };
    let demand = |op: CompareOp, a: (NodeId, Decimal), b: (NodeId, Decimal)| {
        let (of, less) = match op {
            CompareOp::Gt | CompareOp::Ge => (a, b),
            CompareOp::Lt | CompareOp::Le => (b, a),
            CompareOp::Eq => return None,
        };
        Some(Demand {
            amount: Amount {
                of,
                less: Some(less),
            },
            zero_will_do: matches!(op, CompareOp::Ge | CompareOp::Le),
        })
    };
    match &rule.node(test).op {
        Op::Compare(op, a, b) => Some(vec![demand(*op, (first(*a), one), (first(*b), one))?]),
        Op::CompareShare {
            op,
            part,
            whole,
            than,
        } => {
            let share = demand(
                *op,
                (first(*part), Decimal::ONE_HUNDRED),
                (first(*whole), *than),
            )?;
            let something = Demand {
                amount: Amount {
                    of: (first(*whole), one),
                    less: None,
                },
                zero_will_do: false,
            };
            let of_nothing = op.holds(Decimal::ZERO.cmp(than));
            Some(
                std::iter::once(share)
                    .chain((!of_nothing).then_some(something))
                    .collect(),
            )
        }
        _ => None,
    }
}

/// Whether an expression is a sum of what it is for each member of the list, and a part
/// that does not hang on it.
fn falls_apart(rule: &Rule, node: NodeId) -> bool {
    match &rule.node(node).op {
        Op::Const(_) => true,
        Op::Add(a, b) | Op::Sub(a, b) => falls_apart(rule, *a) && falls_apart(rule, *b),
        Op::Neg(a) => falls_apart(rule, *a),
        Op::Sum(list) => goes_member_by_member(rule, *list),
        _ => false,
    }
}

/// Whether a list is made of another by keeping and replacing its members one by one.
fn goes_member_by_member(rule: &Rule, list: NodeId) -> bool {
    match &rule.node(list).op {
        Op::Members { .. } => true,
        Op::Filter { list, body } | Op::Map { list, body } => {
            let is_list = |op: &Op| matches!(op, Op::Members { .. });
            goes_member_by_member(rule, *list) && !mentions(rule, *body, is_list)
        }
        _ => false,
    }
}

/// Whether an expression, or one that it is made of, is such.
fn mentions(rule: &Rule, node: NodeId, such: impl Fn(&Op) -> bool + Copy) -> bool {
    let op = &rule.node(node).op;
    such(op) || op.children().into_iter().any(|c| mentions(rule, c, such))
}

fn mentions_numbers(rule: &Rule, op: &Op) -> bool {
    let is_number = |c: NodeId| matches!(rule.node(c).ty, Ty::Int | Ty::Dec);
    op.children().into_iter().any(is_number)
}

fn add(a: Floor, b: Floor) -> Floor {
    let sum = |x: Option<Decimal>, y: Option<Decimal>| x?.checked_add(y?);
    (sum(a.0, b.0), sum(a.1, b.1))
}
