//! The least change of facts that satisfies a rule.
//!
//! A best-first search over sets of changes (Hart, Nilsson and Raphael 1968). Each
//! state that does not satisfy is opened along the levers of one part of the rule
//! that blocks it: every satisfying change pulls one of them, so nothing is missed,
//! and the floors under independent parts add up to an admissible estimate.

use super::levers::{Lever, Market, block};
use super::values::Pool;
use crate::eval::{Context, Derivation, Evaluator, Overlay, Patch, verdict};
use crate::rule::Rule;
use cocarde_model::{
    Decimal, FieldType, Interval, Members, RecordId, Slot, SlotKey, Truth, TypeId, Value,
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
const MAX_ADDITIONS: usize = 2;

/// The least change that satisfies the rule, or nothing when none was found in
/// `budget` evaluations (or it is satisfied already).
pub fn nearest(rule: &Rule, ctx: &Context<'_>, budget: usize) -> Option<Nearest> {
    Search::new(rule, ctx).run(budget)
}

#[derive(Clone, Debug, Default)]
struct State {
    overlay: Overlay,
    edits: Vec<Edit>,
    cost: u64,
    /// Records added so far.
    added: Vec<TypeId>,
}

/// A value to try, whether it is a change of what is so, and its cost.
type Choice = (Value, bool, u64);
type Choices = Rc<Vec<Choice>>;

struct Search<'a> {
    rule: &'a Rule,
    ctx: &'a Context<'a>,
    pool: Pool,
    options: RefCell<BTreeMap<(SlotKey, Option<TypeId>), Choices>>,
    derivation: Derivation,
}

impl<'a> Search<'a> {
    fn new(rule: &'a Rule, ctx: &'a Context<'a>) -> Search<'a> {
        let pool = Pool::of(rule, ctx.as_of);
        Search {
            rule,
            ctx,
            pool,
            options: RefCell::default(),
            derivation: Derivation::default(),
        }
    }

    fn run(mut self, budget: usize) -> Option<Nearest> {
        let mut open = BinaryHeap::new();
        let mut states = vec![State::default()];
        let mut seen = HashSet::new();
        open.push(Reverse((0u64, 0usize, 0usize)));
        let mut left = budget;
        while let Some(Reverse((_, _, at))) = open.pop() {
            let state = states[at].clone();
            if left == 0 {
                return self.give_up(states);
            }
            left -= 1;
            let Some((levers, _)) = self.blocked(&state) else {
                return (!state.edits.is_empty()).then(|| self.done(state, true));
            };
            let nexts: Vec<State> = levers
                .into_iter()
                .flat_map(|l| self.pull(&state, l))
                .collect();
            for next in nexts {
                let mut key: Vec<Edit> = next.edits.clone();
                key.sort_by_key(|e| format!("{e:?}"));
                if !seen.insert(key) {
                    continue;
                }
                left = left.saturating_sub(1);
                let floor = self.blocked(&next).map_or(0, |(_, floor)| floor);
                if floor == u64::MAX {
                    continue;
                }
                let estimate = next.cost.saturating_add(floor);
                // Among equal estimates the one with least left to do, then the first found.
                open.push(Reverse((estimate, floor as usize, states.len())));
                states.push(next);
            }
        }
        None
    }

    /// Out of budget: the cheapest state that satisfies, if one was made.
    fn give_up(&mut self, states: Vec<State>) -> Option<Nearest> {
        let mut satisfying: Vec<State> = states
            .into_iter()
            .filter(|s| self.blocked(s).is_none())
            .collect();
        satisfying.sort_by_key(|s| s.cost);
        let best = satisfying.into_iter().find(|s| !s.edits.is_empty())?;
        Some(self.done(best, false))
    }

    fn satisfied(&self, overlay: &Overlay) -> bool {
        let mut evaluator = Evaluator::new(self.ctx.supposing(overlay));
        verdict(evaluator.outcomes(self.rule)) == Truth::True
    }

    /// What is in the way, and the floor under what is left to do; nothing when satisfied.
    fn blocked(&mut self, state: &State) -> Option<(Vec<Lever>, u64)> {
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
        Some((block.levers, block.floor))
    }

    /// The least cost of pulling a lever, nothing when it cannot be.
    fn cheapest(&self, state: &State, lever: Lever) -> Option<u64> {
        match lever {
            Lever::Slot(key) => match self.members(state, key) {
                Some(m) => (!m.complete).then(|| self.establish_effort()),
                None if state.overlay.get(key).is_some() => None,
                None => self.values(state, key).iter().map(|(_, _, c)| *c).min(),
            },
            Lever::Member(list, record) => self.removal(state, list, record).map(|(_, c)| c),
            Lever::Add(list) => self.addition(state, list),
        }
    }

    fn pull(&self, state: &State, lever: Lever) -> Vec<State> {
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

    fn members(&self, state: &State, list: SlotKey) -> Option<Members> {
        match state.overlay.get(list) {
            Some(Patch::Members(m)) => Some(m.clone()),
            _ => self.list_at(list).cloned(),
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
    fn values(&self, state: &State, key: SlotKey) -> Choices {
        let added = if self.ctx.base.get(key.record).is_none() {
            self.type_of(state, key.record)
        } else {
            None
        };
        if let Some(known) = self.options.borrow().get(&(key, added)) {
            return known.clone();
        }
        let found = Rc::new(self.values_of(state, key));
        self.options
            .borrow_mut()
            .insert((key, added), found.clone());
        found
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
        for value in self.pool.values(self.ctx, key, &field.ty, claim.as_ref()) {
            if claim.as_ref().is_some_and(|c| exact(c) && c == &value) {
                continue;
            }
            // Within what is known, it may well be so already.
            let open = claim.as_ref().is_none_or(|c| !exact(c) && c.agrees(&value));
            out.push((value, !open, if open { prove } else { change }));
        }
        out
    }

    fn changes(&self, state: &State, key: SlotKey) -> Vec<State> {
        if state.overlay.get(key).is_some() {
            return Vec::new();
        }
        let values = self.values(state, key);
        let change = |(value, is_change, cost): &Choice| {
            let edit = match is_change {
                true => Edit::Change(key, value.clone()),
                false => Edit::Establish(key, value.clone()),
            };
            self.next(state, edit, *cost, key, Patch::Value(value.clone()))
        };
        values.iter().map(change).collect()
    }

    fn next(&self, state: &State, edit: Edit, cost: u64, key: SlotKey, patch: Patch) -> State {
        let mut next = state.clone();
        next.overlay.set(key, patch);
        next.edits.push(edit);
        next.cost += cost;
        next
    }

    fn complete(&self, state: &State, key: SlotKey) -> Option<State> {
        let mut members = self.members(state, key)?;
        if members.complete {
            return None;
        }
        members.complete = true;
        Some(self.next(
            state,
            Edit::Complete(key),
            self.establish_effort(),
            key,
            Patch::Members(members),
        ))
    }

    fn removal(&self, state: &State, list: SlotKey, record: RecordId) -> Option<(Members, u64)> {
        let mut members = self.members(state, list)?;
        let at = members.ids.iter().position(|r| *r == record)?;
        // What was only added is not worth removing again.
        let ty = self.ctx.base.get(record)?.ty;
        members.ids.remove(at);
        Some((
            members,
            u64::from(self.ctx.base.schema().ty(ty).remove_effort),
        ))
    }

    fn remove(&self, state: &State, list: SlotKey, record: RecordId) -> Option<State> {
        let (members, cost) = self.removal(state, list, record)?;
        Some(self.next(
            state,
            Edit::Remove(list, record),
            cost,
            list,
            Patch::Members(members),
        ))
    }

    fn addition(&self, state: &State, list: SlotKey) -> Option<u64> {
        self.list_at(list)?;
        let so_far = state
            .edits
            .iter()
            .filter(|e| matches!(e, Edit::Add(l, ..) if *l == list));
        if so_far.count() >= MAX_ADDITIONS {
            return None;
        }
        let (ty, field) = self.ctx.property(list)?;
        Some(u64::from(self.ctx.base.schema().field(ty, field).effort).max(self.establish_effort()))
    }

    fn add(&self, state: &State, list: SlotKey) -> Option<State> {
        let cost = self.addition(state, list)?;
        let (ty, field) = self.ctx.property(list)?;
        let FieldType::Many(of) = self.ctx.base.schema().field(ty, field).ty else {
            return None;
        };
        let record = RecordId((self.ctx.base.record_count() + state.added.len()) as u32);
        let mut members = self.members(state, list)?;
        members.ids.push(record);
        let mut next = self.next(
            state,
            Edit::Add(list, record, of),
            cost,
            list,
            Patch::Members(members),
        );
        next.added.push(of);
        Some(next)
    }

    /// Brings amounts as close to what they are as the verdict allows.
    fn done(&self, mut state: State, proven: bool) -> Nearest {
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

    /// The satisfying amount nearest to the present one, by bisection between a
    /// satisfying and a failing end.
    fn closest(&self, state: &mut State, key: SlotKey, to: Decimal) -> Option<Decimal> {
        let ty = self.type_of(state, key.record)?;
        let field = &self.ctx.base.schema().field(ty, key.field).ty;
        let scale = field.scale();
        let from = self.present(key, field, to)?;
        let mut good = to;
        let mut bad = from.round_dp(scale);
        let mut holds = |n: Decimal| {
            state
                .overlay
                .set(key, Patch::Value(Value::Number(Interval::point(n))));
            self.satisfied(&state.overlay)
        };
        if holds(bad) {
            return Some(bad);
        }
        let step = Decimal::new(1, scale);
        while (good - bad).abs() > step {
            let middle = ((good + bad) / Decimal::TWO).round_dp(scale);
            if middle == good || middle == bad {
                break;
            }
            if holds(middle) {
                good = middle
            } else {
                bad = middle
            }
        }
        holds(good);
        Some(good)
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

    fn members(&self, list: SlotKey) -> Option<Vec<RecordId>> {
        self.search.members(self.state, list).map(|m| m.ids)
    }
}

fn edit_place(edit: &Edit) -> (SlotKey, u8) {
    match edit {
        Edit::Establish(k, _) => (*k, 0),
        Edit::Change(k, _) => (*k, 1),
        Edit::Complete(k) => (*k, 2),
        Edit::Remove(k, _) => (*k, 3),
        Edit::Add(k, ..) => (*k, 4),
    }
}
