//! Comparisons of sums over one list fall apart by member: what each adds is worked out
//! with the list cut down to it, and what a property is worth is what its member's part
//! of the sum loses without it. So the facts that force such a comparison are found
//! without evaluating the whole again for every one of them.

use crate::eval::{Context, Evaluator, Number, Overlay, Patch};
use crate::rule::{CompareOp, NodeId, Op, Rule};
use cocarde_model::{Decimal, Interval, Members, RecordId, Slot, SlotKey};

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

/// Tests of sums over one list, all of which hold.
pub(super) struct Sums<'a> {
    rule: &'a Rule,
    ctx: &'a Context<'a>,
    list: SlotKey,
    members: Members,
    demands: Vec<Demand>,
}

/// The least of an amount in each view; nothing where it has none.
type Floor = (Option<Decimal>, Option<Decimal>);

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
        if !members.complete || !reads.iter().all(of_members) || !ctx.overlay.is_empty() {
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
        let mut parts: Vec<Vec<Floor>> = kept
            .iter()
            .map(|(r, keys)| self.floors(Some(*r), keys))
            .collect();
        let nothing = self.floors(None, &[]);
        let total = |parts: &[Vec<Floor>], demand: usize| {
            parts.iter().map(|p| p[demand]).fold(nothing[demand], add)
        };
        let met = |parts: &[Vec<Floor>]| {
            let mut demands = self.demands.iter().enumerate();
            demands.all(|(i, d)| d.is_met(total(parts, i)))
        };
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
    fn floors(&self, member: Option<RecordId>, known: &[SlotKey]) -> Vec<Floor> {
        let mut overlay = Overlay::default();
        let members = Members {
            ids: member.into_iter().collect(),
            complete: true,
        };
        overlay.set(self.list, Patch::Members(members));
        let known = known.iter().copied().chain([self.list]).collect();
        let overlay = overlay.with_only(known);
        let mut evaluator = Evaluator::new(self.ctx.supposing(&overlay));
        let mut amounts: Vec<(NodeId, Number)> = Vec::new();
        for node in self.demands.iter().flat_map(|d| d.amount.nodes()) {
            if !amounts.iter().any(|(n, _)| *n == node) {
                amounts.push((node, evaluator.amount(self.rule, node)));
            }
        }
        let floor = |d: &Demand| {
            let (established, refuting) = d.amount.of(&amounts).range();
            (established.lo(), refuting.lo())
        };
        self.demands.iter().map(floor).collect()
    }
}

impl Demand {
    fn is_met(&self, (established, refuting): Floor) -> bool {
        let enough = |least: Option<Decimal>| {
            least.is_some_and(|l| l > Decimal::ZERO || (self.zero_will_do && l.is_zero()))
        };
        enough(established) && enough(refuting)
    }
}

impl Amount {
    fn nodes(&self) -> impl Iterator<Item = NodeId> {
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
            goes_member_by_member(rule, *list) && !mentions_a_list(rule, *body)
        }
        _ => false,
    }
}

fn mentions_a_list(rule: &Rule, node: NodeId) -> bool {
    let op = &rule.node(node).op;
    let mut found = matches!(op, Op::Members { .. });
    let _ = op.clone().map_children(&mut |c| {
        found |= mentions_a_list(rule, c);
        c
    });
    found
}

fn add(a: Floor, b: Floor) -> Floor {
    let sum = |x: Option<Decimal>, y: Option<Decimal>| x?.checked_add(y?);
    (sum(a.0, b.0), sum(a.1, b.1))
}
