//! The least change of facts that satisfies a rule.
//!
//! A best-first search over sets of changes (Hart, Nilsson and Raphael 1968). Each
//! state that does not satisfy is opened along the levers of one part of the rule
//! that blocks it: every satisfying change pulls one of them, so nothing is missed,
//! and the floors under independent parts add up to an admissible estimate.

use super::by_member::by_member;
use super::floor::{Lead, can_be_relaxed, relaxed};
use super::levers::{Lever, Levers, Market, block};
use super::values::Pool;
use crate::eval::{Context, Derivation, Evaluator, Overlay, Patch, outcomes, verdict};
use crate::rule::Rule;
use cocarde_model::{
    Decimal, FieldId, FieldType, Interval, Members, RecordId, Slot, SlotKey, Truth, TypeId, Value,
};
use std::cell::RefCell;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap, HashSet};
use std::rc::Rc;

/// One change of facts.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Edit {
    /// Prove what is claimed: admissible evidence, and nothing against it.
    Establish(SlotKey, Value),
    /// Make it so, and prove it.
    Change(SlotKey, Value),
    /// State that a list has no other members.
    Complete(SlotKey),
    /// Do without a member of a list.
    Remove(SlotKey, RecordId),
    /// A new member of a list; its record comes after those of the base, in order.
    Add(SlotKey, RecordId, TypeId),
}

/// The least change found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// What to change, in the order of the facts.
    pub edits: Vec<Edit>,
    /// Its cost, in points of effort.
    pub cost: u64,
    /// Whether it is proven that none costs less, among changes by the values that
    /// the rule tells apart and at most two additions to a list.
    pub proven: bool,
    /// The facts as they would be.
    pub overlay: Overlay,
}

/// Most additions to one list.
pub(super) const MAX_ADDITIONS: usize = 2;
/// From so many levers on, the floor under a state is worth working out.
const SEVERAL: usize = 6;
/// Most steps that are taken once the budget is spent.
const DEEPEST: usize = 24;
/// Most that are looked at for each of them.
const WIDEST: usize = 12;

/// The least change that satisfies the rule, or nothing when none was found in
/// `budget` evaluations (or it is satisfied already).
pub fn nearest(rule: &Rule, ctx: &Context<'_>, budget: usize) -> Option<Nearest> {
    let search = Search::new(rule, ctx, budget);
    by_member(&search).or_else(|| search.run())
}

#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) overlay: Overlay,
    edits: Vec<Edit>,
    pub(super) cost: u64,
    /// Records added so far.
    pub(super) added: Vec<TypeId>,
}

/// A value to try, whether it is a change of what is so, and its cost.
type Choice = (Value, bool, u64);

/// The values to try for a property, and the least that one of them costs.
#[derive(Debug)]
struct Choices {
    all: Vec<Choice>,
    least: Option<u64>,
}

/// A change that a state may go on with.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) edit: Edit,
    pub(super) cost: u64,
    pub(super) key: SlotKey,
    pub(super) patch: Patch,
}

impl Step {
    /// The same change of a property of another record.
    pub(super) fn of_record(&self, record: RecordId) -> Step {
        let key = SlotKey { record, ..self.key };
        let edit = match &self.edit {
            Edit::Establish(_, value) => Edit::Establish(key, value.clone()),
            Edit::Change(_, value) => Edit::Change(key, value.clone()),
            other => other.clone(),
        };
        Step {
            edit,
            key,
            ..self.clone()
        }
    }
}

/// A state on the frontier: made of the one before it only when its turn comes.
struct Node {
    from: Rc<State>,
    step: Option<Step>,
    /// What is in the way, once that has been looked at.
    ahead: Option<Ahead>,
}

/// What is in the way of a state.
struct Ahead {
    /// Every satisfying change pulls one of these, or the lead.
    levers: Levers,
    /// What is left to do costs no less.
    floor: u64,
    lead: Lead,
}

pub(super) struct Search<'a> {
    pub(super) rule: &'a Rule,
    pub(super) ctx: &'a Context<'a>,
    pool: Pool<'a>,
    /// What was found worth trying, for properties of the base's records, by their place,
    /// and of added ones.
    of_stated: RefCell<Vec<Option<Rc<Choices>>>>,
    of_added: RefCell<BTreeMap<(SlotKey, Option<TypeId>), Rc<Choices>>>,
    usual: RefCell<BTreeMap<(TypeId, FieldId), Rc<Vec<Value>>>>,
    pub(super) derivation: Derivation,
    pub(super) left: usize,
    /// Whether a floor may be had by relaxing the rule.
    relaxes: bool,
}

impl<'a> Search<'a> {
    fn new(rule: &'a Rule, ctx: &'a Context<'a>, budget: usize) -> Search<'a> {
        let pool = Pool::of(rule, ctx.as_of);
        Search {
            rule,
            ctx,
            pool,
            of_stated: RefCell::default(),
            of_added: RefCell::default(),
            usual: RefCell::default(),
            derivation: Derivation::default(),
            left: budget,
            relaxes: can_be_relaxed(rule),
        }
    }

    fn run(mut self) -> Option<Nearest> {
        // Among equal estimates the state that has spent most has least left to do; then
        // the first found.
        let mut open = BinaryHeap::new();
        let mut nodes = vec![Node {
            from: Rc::default(),
            step: None,
            ahead: None,
        }];
        let mut seen = HashSet::new();
        open.push(Reverse((0u64, Reverse(0u64), 0usize)));
        while let Some(Reverse((estimate, spent, at))) = open.pop() {
            let node = &mut nodes[at];
            if let Some(step) = node.step.take() {
                node.from = Rc::new(after(&node.from, step));
            }
            let state = node.from.clone();
            let Some(ahead) = node.ahead.take() else {
                if !seen.insert(sorted(&state.edits)) {
                    continue;
                }
                let Some(ahead) = self.blocked(&state) else {
                    return (!state.edits.is_empty()).then(|| self.done(&state, true));
                };
                if self.left == 0 {
                    return self.dive();
                }
                if ahead.floor < u64::MAX {
                    let better = estimate.max(state.cost.saturating_add(ahead.floor));
                    nodes[at].ahead = Some(ahead);
                    open.push(Reverse((better, spent, at)));
                }
                continue;
            };
            for (least, step) in self.steps(&state, &ahead) {
                let cost = state.cost + step.cost;
                let least = estimate.max(least);
                open.push(Reverse((least, Reverse(cost), nodes.len())));
                nodes.push(Node {
                    from: state.clone(),
                    step: Some(step),
                    ahead: None,
                });
            }
        }
        None
    }

    /// How a state may go on, each step with what any change that takes it costs at least.
    fn steps(&self, state: &State, ahead: &Ahead) -> Vec<(u64, Step)> {
        let (first, rest, others) = match ahead.lead {
            Lead::None => (None, 0, 0),
            Lead::Alone(key) => (Some(key), 0, 0),
            Lead::Needed { key, rest, dearer } => (Some(key), rest.min(dearer), dearer),
        };
        let first = first.map(Lever::Slot);
        let later = ahead.levers.iter().copied().filter(|l| Some(*l) != first);
        let least = |from: u64, more: u64| state.cost.saturating_add(from.max(more));
        let mut out = Vec::new();
        for step in first.into_iter().flat_map(|l| self.pull(state, l)) {
            out.push((least(step.cost.saturating_add(rest), 0), step));
        }
        for step in later.flat_map(|l| self.pull(state, l)) {
            out.push((least(step.cost, others), step));
        }
        out
    }

    /// Out of budget: straight down from the facts as they are, each time by the step
    /// after which least seems left to do.
    fn dive(&mut self) -> Option<Nearest> {
        let mut state = State::default();
        for _ in 0..DEEPEST {
            let Some(ahead) = self.blocked(&state) else {
                self.spare(&mut state);
                return Some(self.done(&state, false));
            };
            let steps = self.steps(&state, &ahead).into_iter().take(WIDEST);
            let mut best: Option<(u64, State)> = None;
            for (_, step) in steps {
                let next = after(&state, step);
                let left = self.blocked(&next).map_or(0, |a| a.floor);
                let estimate = next.cost.saturating_add(left);
                if left < u64::MAX && best.as_ref().is_none_or(|(least, _)| estimate < *least) {
                    best = Some((estimate, next));
                }
                if estimate <= state.cost.saturating_add(ahead.floor) {
                    break;
                }
            }
            state = best?.1;
        }
        None
    }

    /// Takes back what was to be proven on the way and turns out not to be needed.
    fn spare(&self, state: &mut State) {
        for edit in state.edits.clone() {
            let Edit::Establish(key, _) = edit else {
                continue;
            };
            let mut without = state.overlay.clone();
            without.clear(key);
            if self.satisfied(&without) {
                state.overlay = without;
                state.edits.retain(|e| *e != edit);
                state.cost -= self.establish_effort();
            }
        }
    }

    pub(super) fn satisfied(&self, overlay: &Overlay) -> bool {
        verdict(outcomes(self.rule, self.ctx.supposing(overlay))) == Truth::True
    }

    /// What is in the way; nothing when satisfied.
    fn blocked(&mut self, state: &State) -> Option<Ahead> {
        self.left = self.left.saturating_sub(1);
        let memory = std::mem::take(&mut self.derivation);
        let mut evaluator = Evaluator::reusing(self.ctx.supposing(&state.overlay), memory);
        let outcomes = evaluator.outcomes(self.rule);
        self.derivation = evaluator.into_derivation();
        if verdict(outcomes) == Truth::True {
            return None;
        }
        let market = Prices {
            search: self,
            state,
        };
        let block = block(&self.derivation, &market).unwrap_or_default();
        let mut ahead = Ahead {
            levers: block.levers,
            floor: block.floor,
            lead: Lead::None,
        };
        if self.relaxes && ahead.levers.len() >= SEVERAL && ahead.floor < u64::MAX {
            let relaxed = relaxed(self, state);
            ahead.floor = ahead.floor.max(relaxed.floor);
            ahead.lead = relaxed.lead;
        }
        Some(ahead)
    }

    /// The least cost of pulling a lever, nothing when it cannot be.
    pub(super) fn cheapest(&self, state: &State, lever: Lever) -> Option<u64> {
        match lever {
            Lever::Slot(key) => match self.members(state, key) {
                Some(m) => (!m.complete).then(|| self.establish_effort()),
                None if state.overlay.get(key).is_some() => None,
                None => self.values(state, key).least,
            },
            Lever::Member(list, record) => self.removal(state, list, record),
            Lever::Add(list) => self.addition(state, list),
        }
    }

    fn pull(&self, state: &State, lever: Lever) -> Vec<Step> {
        match lever {
            Lever::Slot(key) if self.list_at(key).is_some() => {
                self.complete(state, key).into_iter().collect()
            }
            Lever::Slot(key) => self.changes(state, key),
            Lever::Member(list, record) => self.remove(state, list, record).into_iter().collect(),
            Lever::Add(list) => self.add(state, list).into_iter().collect(),
        }
    }

    fn list_at(&self, key: SlotKey) -> Option<&Members> {
        self.ctx.base.get(key.record)?;
        match self.ctx.base.slot(key) {
            Slot::Many(m) => Some(m),
            _ => None,
        }
    }

    pub(super) fn members<'s>(&'s self, state: &'s State, list: SlotKey) -> Option<&'s Members> {
        match state.overlay.get(list) {
            Some(Patch::Members(m)) => Some(m),
            _ => self.list_at(list),
        }
    }

    fn establish_effort(&self) -> u64 {
        u64::from(self.ctx.base.schema().establish_effort())
    }

    fn type_of(&self, state: &State, record: RecordId) -> Option<TypeId> {
        let count = self.ctx.base.record_count();
        match self.ctx.base.get(record) {
            Some(r) => Some(r.ty),
            None => state.added.get(record.0 as usize - count).copied(),
        }
    }

    /// The values worth trying for a property: value, whether it is a change, cost.
    fn values(&self, state: &State, key: SlotKey) -> Rc<Choices> {
        let found = || {
            let all = self.values_of(state, key);
            let least = all.iter().map(|(_, _, cost)| *cost).min();
            Rc::new(Choices { all, least })
        };
        if self.ctx.base.get(key.record).is_none() {
            let of = (key, self.type_of(state, key.record));
            let mut added = self.of_added.borrow_mut();
            return added.entry(of).or_insert_with(found).clone();
        }
        let mut stated = self.of_stated.borrow_mut();
        if stated.is_empty() {
            stated.resize(self.ctx.base.property_count(), None);
        }
        let known = &mut stated[self.ctx.base.place(key)];
        known.get_or_insert_with(found).clone()
    }

    fn values_of(&self, state: &State, key: SlotKey) -> Vec<Choice> {
        let Some(ty) = self.type_of(state, key.record) else {
            return Vec::new();
        };
        let field = self.ctx.base.schema().field(ty, key.field);
        if !field.ty.is_scalar() {
            return Vec::new();
        }
        let resolved = self
            .ctx
            .base
            .get(key.record)
            .map(|_| self.ctx.resolve(key))
            .unwrap_or_default();
        let claim = resolved
            .claim
            .map(|id| self.ctx.base.fact(id).value.clone());
        let prove = self.establish_effort();
        let change = u64::from(field.effort).max(prove);
        let mut out: Vec<Choice> = Vec::new();
        let exact = |v: &Value| !matches!(v, Value::Number(i) if i.exact().is_none());
        if let Some(value) = claim.clone().filter(exact)
            && !resolved.is_settled()
        {
            // Against contrary evidence proof takes as much as making it so.
            let cost = if resolved.contradicted { change } else { prove };
            out.push((value, resolved.contradicted, cost));
        }
        for value in self.usual((ty, key.field), claim.as_ref()).iter() {
            if claim.as_ref().is_some_and(|c| exact(c) && c == value) {
                continue;
            }
            // Within what is known, it may well be so already.
            let open = claim.as_ref().is_none_or(|c| !exact(c) && c.agrees(value));
            out.push((value.clone(), !open, if open { prove } else { change }));
        }
        out
    }

    /// The values worth trying for any property of that kind. Lists are tried with more or
    /// less than what they are now.
    fn usual(&self, of: (TypeId, FieldId), now: Option<&Value>) -> Rc<Vec<Value>> {
        let field = self.ctx.base.schema().field(of.0, of.1);
        let all = || Rc::new(self.pool.values(self.ctx, &field.ty, now));
        if matches!(now, Some(Value::Texts(_))) {
            return all();
        }
        let mut usual = self.usual.borrow_mut();
        usual.entry(of).or_insert_with(all).clone()
    }

    pub(super) fn changes(&self, state: &State, key: SlotKey) -> Vec<Step> {
        if state.overlay.get(key).is_some() {
            return Vec::new();
        }
        let values = self.values(state, key);
        let change = |(value, is_change, cost): &Choice| Step {
            edit: match is_change {
                true => Edit::Change(key, value.clone()),
                false => Edit::Establish(key, value.clone()),
            },
            cost: *cost,
            key,
            patch: Patch::Value(value.clone()),
        };
        values.all.iter().map(change).collect()
    }

    pub(super) fn complete(&self, state: &State, key: SlotKey) -> Option<Step> {
        let mut members = self.members(state, key)?.clone();
        if members.complete {
            return None;
        }
        members.complete = true;
        Some(Step {
            edit: Edit::Complete(key),
            cost: self.establish_effort(),
            key,
            patch: Patch::Members(members),
        })
    }

    /// What it costs to do without a record; nothing where that is not worth it, since it
    /// was only added.
    fn removal(&self, state: &State, list: SlotKey, record: RecordId) -> Option<u64> {
        let ty = self.ctx.base.get(record)?.ty;
        let there = self.members(state, list)?.ids.contains(&record);
        there.then(|| u64::from(self.ctx.base.schema().ty(ty).remove_effort))
    }

    pub(super) fn remove(&self, state: &State, list: SlotKey, record: RecordId) -> Option<Step> {
        let cost = self.removal(state, list, record)?;
        let mut members = self.members(state, list)?.clone();
        members.ids.retain(|r| *r != record);
        Some(Step {
            edit: Edit::Remove(list, record),
            cost,
            key: list,
            patch: Patch::Members(members),
        })
    }

    fn addition(&self, state: &State, list: SlotKey) -> Option<u64> {
        let open = !self.list_at(list)?.complete;
        let so_far = state
            .edits
            .iter()
            .filter(|e| matches!(e, Edit::Add(l, ..) if *l == list));
        if so_far.count() >= MAX_ADDITIONS {
            return None;
        }
        if open {
            // There may well be one that nobody named.
            return Some(self.establish_effort());
        }
        let (ty, field) = self.ctx.property(list)?;
        Some(u64::from(self.ctx.base.schema().field(ty, field).effort).max(self.establish_effort()))
    }

    pub(super) fn add(&self, state: &State, list: SlotKey) -> Option<Step> {
        let cost = self.addition(state, list)?;
        let of = self.type_of_members(list)?;
        let record = RecordId((self.ctx.base.record_count() + state.added.len()) as u32);
        let mut members = self.members(state, list)?.clone();
        members.ids.push(record);
        Some(Step {
            edit: Edit::Add(list, record, of),
            cost,
            key: list,
            patch: Patch::Members(members),
        })
    }

    pub(super) fn type_of_members(&self, list: SlotKey) -> Option<TypeId> {
        let (ty, field) = self.ctx.property(list)?;
        match self.ctx.base.schema().field(ty, field).ty {
            FieldType::Many(of) => Some(of),
            _ => None,
        }
    }

    /// Brings amounts as close to what they are as the verdict allows.
    pub(super) fn done(&self, state: &State, proven: bool) -> Nearest {
        let mut state = state.clone();
        for i in 0..state.edits.len() {
            if let Edit::Change(key, Value::Number(to)) | Edit::Establish(key, Value::Number(to)) =
                state.edits[i].clone()
                && let Some(to) = to.exact()
                && let Some(value) = self.closest(&mut state, key, to)
            {
                let value = Value::Number(Interval::point(value));
                match &mut state.edits[i] {
                    Edit::Change(_, v) | Edit::Establish(_, v) => *v = value,
                    _ => {}
                }
            }
        }
        state.edits.sort_by_key(edit_place);
        Nearest {
            edits: state.edits,
            cost: state.cost,
            proven,
            overlay: state.overlay,
        }
    }

    /// The satisfying amount nearest to the present one: where the rule turns, or else by
    /// bisection between a satisfying and a failing end.
    fn closest(&self, state: &mut State, key: SlotKey, to: Decimal) -> Option<Decimal> {
        let ty = self.type_of(state, key.record)?;
        let field = &self.ctx.base.schema().field(ty, key.field).ty;
        let from = self.present(key, field, to)?.round_dp(field.scale());
        let holds = |state: &mut State, n: Decimal| {
            let patch = Patch::Value(Value::Number(Interval::point(n)));
            state.overlay.set(key, patch);
            self.satisfied(&state.overlay)
        };
        if let Some(turns) = self.turns(state, key, field) {
            let mut near: Vec<Decimal> = turns.into_iter().chain([from]).collect();
            near.sort_by_key(|n| (*n - from).abs());
            if let Some(n) = near.into_iter().find(|n| holds(state, *n)) {
                return Some(n);
            }
        }
        let (mut good, mut bad) = (to, from);
        let step = Decimal::new(1, field.scale());
        while (good - bad).abs() > step {
            let middle = ((good + bad) / Decimal::TWO).round_dp(field.scale());
            if middle == good || middle == bad {
                break;
            }
            if holds(state, middle) {
                good = middle
            } else {
                bad = middle
            }
        }
        holds(state, good);
        Some(good)
    }

    /// Amounts on both sides of every point where the rule turns with a property; nothing
    /// when these hang on something else.
    fn turns(&self, state: &State, key: SlotKey, field: &FieldType) -> Option<Vec<Decimal>> {
        let mut overlay = state.overlay.clone();
        overlay.set(key, Patch::Pending);
        let mut evaluator = Evaluator::new(self.ctx.supposing(&overlay));
        evaluator.outcomes(self.rule);
        let derivation = evaluator.into_derivation();
        let turns = derivation.turns().iter().filter(|(k, _)| *k == key);
        let turns: Option<Vec<Decimal>> = turns.map(|(_, at)| *at).collect();
        let amount = |v: Value| match v {
            Value::Number(i) => i.exact(),
            _ => None,
        };
        let around = Pool::around(turns?.into_iter(), field).into_iter();
        Some(around.filter_map(amount).collect())
    }

    /// What an amount is now; for an unknown one, the end of its range away from `to`.
    fn present(&self, key: SlotKey, field: &FieldType, to: Decimal) -> Option<Decimal> {
        let resolved = self
            .ctx
            .base
            .get(key.record)
            .map(|_| self.ctx.resolve(key))
            .unwrap_or_default();
        let claim = resolved.claim.map(|id| &self.ctx.base.fact(id).value);
        let range = match claim {
            Some(Value::Number(i)) => *i,
            _ => field.domain()?,
        };
        match (range.lo(), range.hi()) {
            (Some(l), Some(h)) if (to - l).abs() <= (h - to).abs() => Some(h),
            (Some(l), _) => Some(l),
            (None, h) => h,
        }
    }
}

/// What changes cost in a state.
struct Prices<'a, 'b> {
    search: &'a Search<'b>,
    state: &'a State,
}

impl Market for Prices<'_, '_> {
    fn cost(&self, lever: Lever) -> Option<u64> {
        self.search.cheapest(self.state, lever)
    }

    fn members(&self, list: SlotKey) -> Option<&[RecordId]> {
        let members = self.search.members(self.state, list)?;
        Some(&members.ids)
    }
}

/// A state with one change more.
pub(super) fn after(state: &State, step: Step) -> State {
    let mut next = state.clone();
    if let Edit::Add(_, _, ty) = step.edit {
        next.added.push(ty);
    }
    next.overlay.set(step.key, step.patch);
    next.edits.push(step.edit);
    next.cost += step.cost;
    next
}

/// The same changes are the same state, whatever their order.
fn sorted(edits: &[Edit]) -> Vec<Edit> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(edit_place);
    edits
}

fn edit_place(edit: &Edit) -> (SlotKey, u8, RecordId) {
    match edit {
        Edit::Establish(k, _) => (*k, 0, k.record),
        Edit::Change(k, _) => (*k, 1, k.record),
        Edit::Complete(k) => (*k, 2, k.record),
        Edit::Remove(k, r) => (*k, 3, *r),
        Edit::Add(k, r, _) => (*k, 4, *r),
    }
}
