//! Comparisons of sums over one list fall apart by member: what each adds is worked out
//! with the list cut down to it, and what a property is worth is what its member's part
//! of the sum loses without it. So the facts that force such a comparison are found
//! without evaluating the whole again for every one of them.

use crate::eval::{Context, Derivation, Evaluator, Number, Overlay, Patch};
use crate::rule::{CompareOp, NodeId, Op, Rule, Ty};
use cocarde_model::{Decimal, Interval, Members, RecordId, Slot, SlotKey};
use smallvec::SmallVec;
use std::cell::RefCell;

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
    memory: RefCell<Derivation>,
}

/// The least of an amount in each view; nothing where it has none.
pub(super) type Floor = (Option<Decimal>, Option<Decimal>);

/// A floor for each demand.
pub(super) type Floors = SmallVec<[Floor; 2]>;

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
        if !reads.iter().all(of_members) || !ctx.overlay.is_empty() {
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
            memory: RefCell::default(),
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
        let own = |r: RecordId| {
            keys.iter()
                .copied()
                .filter(move |k| k.record == r && *k != self.list)
        };
        let mut kept: Vec<(RecordId, Vec<SlotKey>)> = self
            .members
            .ids
            .iter()
            .map(|r| (*r, own(*r).collect()))
            .collect();
        let mut parts: Vec<Floors> = kept
            .iter()
            .map(|(r, keys)| self.floors(Some(*r), keys))
            .collect();
        let nothing = self.floors(None, &[]);
        let met = |parts: &[Floors]| self.are_met(&parts.iter().fold(nothing.clone(), plus));
        if !met(&parts) {
            return None;
        }
        for i in 0..kept.len() {
            let (member, all) = (kept[i].0, kept[i].1.clone());
            // Of a member that is out of it, what says so is enough: it is read first.
            let first = &all[..all.len().min(1)];
            if all.len() > 1 && self.floors(Some(member), first) == parts[i] {
                kept[i].1 = first.to_vec();
            }
            for key in kept[i].1.clone() {
                let without: Vec<SlotKey> =
                    kept[i].1.iter().copied().filter(|k| *k != key).collect();
                let floors = self.floors(Some(member), &without);
                let before = std::mem::replace(&mut parts[i], floors);
                if met(&parts) {
                    kept[i].1 = without;
                } else {
                    parts[i] = before;
                }
            }
        }
        Some(kept.into_iter().flat_map(|(_, keys)| keys).collect())
    }

    /// The least that a member adds to each amount when only these of its properties are
    /// known; without a member, what there is of it apart from the list.
    fn floors(&self, member: Option<RecordId>, known: &[SlotKey]) -> Floors {
        let known = known.iter().copied().chain([self.list]).collect();
        let overlay = self.cut_down(member, true).with_only(known);
        self.floors_under(&overlay).0
    }

    /// The list cut down to one member, or none.
    pub(super) fn cut_down(&self, member: Option<RecordId>, complete: bool) -> Overlay {
        let mut overlay = Overlay::default();
        let ids = member.into_iter().collect();
        overlay.set(self.list, Patch::Members(Members { ids, complete }));
        overlay
    }

    /// The floors under suppositions that cut the list down, and what is read of `member`
    /// records on the way, each property once.
    pub(super) fn floors_under(&self, overlay: &Overlay) -> (Floors, SmallVec<[SlotKey; 8]>) {
        let memory = self.memory.take();
        let mut evaluator = Evaluator::reusing(self.ctx.supposing(overlay), memory);
        let mut amounts: SmallVec<[(NodeId, Number); 4]> = SmallVec::new();
        let mut read = SmallVec::new();
        for node in self.demands.iter().flat_map(|d| d.amount.nodes()) {
            if amounts.iter().any(|(n, _)| *n == node) {
                continue;
            }
            amounts.push((node, evaluator.amount(self.rule, node)));
            for key in evaluator.derivation().all_reads() {
                if *key != self.list && !read.contains(key) {
                    read.push(*key);
                }
            }
        }
        self.memory.replace(evaluator.into_derivation());
        let floor = |d: &Demand| {
            let (established, refuting) = d.amount.of(&amounts).range();
            (established.lo(), refuting.lo())
        };
        (self.demands.iter().map(floor).collect(), read)
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
        self.demands.iter().flat_map(|d| d.amount.nodes()).all(plain)
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

    /// From what its expressions come to.
    fn of(&self, known: &[(NodeId, Number)]) -> Number {
        let times = |(node, by): (NodeId, Decimal)| {
            let known = known.iter().find(|(n, _)| *n == node);
            let amount = known.map(|(_, amount)| amount.clone());
            amount.unwrap_or(Number::within(Interval::ALL)).scale(by)
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
    let mut found = such(op);
    op.each_child(&mut |c| found |= mentions(rule, c, such));
    found
}

fn mentions_numbers(rule: &Rule, op: &Op) -> bool {
    let mut found = false;
    op.each_child(&mut |c| found |= matches!(rule.node(c).ty, Ty::Int | Ty::Dec));
    found
}

fn add(a: Floor, b: Floor) -> Floor {
    let sum = |x: Option<Decimal>, y: Option<Decimal>| x?.checked_add(y?);
    (sum(a.0, b.0), sum(a.1, b.1))
}
