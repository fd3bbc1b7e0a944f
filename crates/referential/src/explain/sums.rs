//! Comparisons of sums over one list fall apart by member: what each adds is worked out
//! for it alone, and what a property is worth is what its member's part of the sum loses
//! without it. So the facts that force such a comparison, and the least change that
//! satisfies it, are found without evaluating the whole again for every one of them.

use super::demands::{Demand, Floors, add, demands_of, plus, zero};
use crate::eval::{Context, Evaluator, Number, Overlay, Patch, Plain};
use crate::rule::{NodeId, Op, Rule, Ty};
use cocarde_model::{Decimal, FieldId, Members, RecordId, Slot, SlotKey};
use smallvec::SmallVec;
use std::cell::OnceCell;

/// Tests of sums over one list.
pub(super) struct Sums<'a> {
    rule: &'a Rule,
    ctx: &'a Context<'a>,
    /// The list.
    pub(super) list: SlotKey,
    /// Its members as the facts state them.
    pub(super) members: Members,
    demands: Vec<Demand>,
    /// The properties of members that they read, once they have been looked up.
    fields: OnceCell<Vec<FieldId>>,
}

/// What a member adds, and the properties that had to be looked at to tell.
struct Part {
    adds: Floors,
    reads: Keys,
}

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
        let mut demands: Vec<Demand> = Vec::new();
        for test in tests {
            for demand in demands_of(rule, *test)? {
                if !demands.contains(&demand) {
                    demands.push(demand);
                }
            }
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
            fields: OnceCell::new(),
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
        let parts: Option<Vec<Part>> = members.iter().map(|r| self.part(*r)).collect();
        let parts = parts?;
        // What the members from each on come to, with all that is known of them.
        let mut from = vec![zero(self.demands.len())];
        for part in parts.iter().rev() {
            from.push(plus(part.adds.clone(), from.last()?));
        }
        from.reverse();
        let mut so_far = self.apart(true)?;
        if !self.are_met(&so_far, &from[0]) {
            return None;
        }
        let nothing = match members.first() {
            Some(any) => self.floors(*any, &[])?,
            None => zero(self.demands.len()),
        };
        let mut needed = Vec::new();
        for ((member, keys), (i, part)) in members.iter().zip(all).zip(parts.iter().enumerate()) {
            let others = plus(so_far.clone(), &from[i + 1]);
            let (keys, adds) = self.needed_of(*member, keys, part, (&others, &nothing))?;
            needed.extend(keys);
            so_far = plus(so_far, &adds);
        }
        Some(needed)
    }

    /// The same of one member, where the others come to so much, and it to no more than
    /// `nothing` with nothing known of it; and what it comes to then.
    fn needed_of(
        &self,
        member: RecordId,
        mut keys: Vec<SlotKey>,
        part: &Part,
        (others, nothing): (&Floors, &Floors),
    ) -> Option<(Vec<SlotKey>, Floors)> {
        // The less is known the less it comes to: if nothing will do, all can be spared.
        if self.are_met(nothing, others) {
            return Some((Vec::new(), nothing.clone()));
        }
        // What was looked at before it was out is enough to say that it is.
        if part.adds == zero(part.adds.len()) {
            keys.retain(|k| part.reads.contains(k));
        }
        let (mut adds, mut at) = (part.adds.clone(), 0);
        while at < keys.len() && keys.len() > 1 {
            let key = keys.remove(at);
            let floors = self.floors(member, &keys)?;
            if self.are_met(&floors, others) {
                adds = floors;
            } else {
                keys.insert(at, key);
                at += 1;
            }
        }
        Some((keys, adds))
    }

    /// What a member adds by all that is known of it.
    fn part(&self, member: RecordId) -> Option<Part> {
        let mut plain = Plain::of(self.rule, *self.ctx);
        let mut reads = Keys::new();
        let adds = self.floors_of(|node| {
            let amount = plain.added_by(node, member);
            for key in plain.looked_at() {
                if !reads.contains(key) {
                    reads.push(*key);
                }
            }
            amount
        })?;
        Some(Part { adds, reads })
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
        let fields = self.fields.get_or_init(|| {
            let mut fields = Vec::new();
            for node in self.demands.iter().flat_map(|d| d.amount.nodes()) {
                self.read_by(node, &mut fields);
            }
            fields
        });
        let key = |field: &FieldId| SlotKey {
            record,
            field: *field,
        };
        fields.iter().map(key).collect()
    }

    fn read_by(&self, node: NodeId, fields: &mut Vec<FieldId>) {
        let op = &self.rule.node(node).op;
        for child in op.children() {
            self.read_by(child, fields);
        }
        match op {
            Op::Read { field, .. } if !fields.contains(field) => fields.push(*field),
            _ => {}
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
        Some(
            self.demands
                .iter()
                .map(|d| d.amount.floor(&amounts))
                .collect(),
        )
    }

    /// Whether floors are enough for every demand, together.
    pub(super) fn are_met(&self, some: &Floors, others: &Floors) -> bool {
        let mut all = self.demands.iter().zip(some.iter().zip(others));
        all.all(|(d, (a, b))| d.is_met(add(*a, *b)))
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
