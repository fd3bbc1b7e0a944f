//! What may be changed, to what, and what that costs.

use super::edits::{Edit, State, Step, after};
use super::levers::{Lever, Market};
use super::values::Pool;
use crate::eval::{Context, Patch};
use crate::rule::{Node, Op, Rule};
use cocarde_model::{
    FieldId, FieldType, Interval, Members, RecordId, Slot, SlotKey, TypeId, Value,
};
use smallvec::SmallVec;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Most additions to one list, for a rule that asks for no more records than that.
pub(super) const MAX_ADDITIONS: usize = 2;
/// Most additions to one list, whatever is asked for.
pub(super) const MOST_ADDITIONS: usize = 4;

/// A value to try.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) value: Value,
    /// Whether that changes what is so.
    is_change: bool,
    /// Whether somebody claims it.
    claimed: bool,
    pub(super) cost: u64,
}

/// The values to try for a property, and the least that one of them costs.
#[derive(Debug)]
pub(super) struct Choices {
    pub(super) all: Vec<Choice>,
    least: Option<u64>,
}

/// A property of whatever record of a type.
type Kind = (TypeId, FieldId);

/// A property, and of which type its record is where that was added.
type Of = (SlotKey, Option<TypeId>);

/// All that may be changed for one rule.
pub(super) struct Offers<'a> {
    ctx: &'a Context<'a>,
    pool: Pool<'a>,
    /// Most additions to one list: as many records as the rule may ask for one by one.
    most_added: usize,
    /// What was found worth trying.
    found: RefCell<BTreeMap<Of, Rc<Choices>>>,
    /// The values worth trying for any property of that kind.
    of_kind: RefCell<Vec<(Kind, Rc<Vec<Value>>)>>,
}

impl<'a> Offers<'a> {
    pub(super) fn of(rule: &'a Rule, ctx: &'a Context<'a>) -> Offers<'a> {
        Offers {
            ctx,
            pool: Pool::of(rule, ctx.as_of),
            most_added: asked_for(rule).clamp(MAX_ADDITIONS, MOST_ADDITIONS),
            found: RefCell::default(),
            of_kind: RefCell::default(),
        }
    }

    /// The least cost of pulling a lever, nothing when it cannot be.
    pub(super) fn cheapest(&self, state: &State, lever: Lever) -> Option<u64> {
        match lever {
            Lever::Slot(key) => match (state.overlay.get(key), self.list_at(key)) {
                (Some(Patch::Members(m)), _) | (None, Some(m)) => {
                    (!m.complete).then(|| self.establish_effort())
                }
                (Some(_), _) => None,
                (None, None) => self.least(state, key),
            },
            Lever::Member(list, record) => self.removal(state, list, record),
            Lever::Add(list) => self.addition(state, list),
        }
    }

    pub(super) fn pull(&self, state: &State, lever: Lever) -> Vec<Step> {
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

    pub(super) fn establish_effort(&self) -> u64 {
        u64::from(self.ctx.base.schema().establish_effort())
    }

    pub(super) fn type_of(&self, state: &State, record: RecordId) -> Option<TypeId> {
        let count = self.ctx.base.record_count();
        match self.ctx.base.get(record) {
            Some(r) => Some(r.ty),
            None => state.added.get(record.0 as usize - count).copied(),
        }
    }

    /// The least that one of the values worth trying costs.
    fn least(&self, state: &State, key: SlotKey) -> Option<u64> {
        self.values(state, key).least
    }

    /// The values worth trying for a property.
    pub(super) fn values(&self, state: &State, key: SlotKey) -> Rc<Choices> {
        let is_stated = self.ctx.base.get(key.record).is_some();
        let ty = match is_stated {
            true => None,
            false => self.type_of(state, key.record),
        };
        let mut found = self.found.borrow_mut();
        let choices = || {
            let all = self.values_of(state, key);
            let least = all.iter().map(|c| c.cost).min();
            Rc::new(Choices { all, least })
        };
        found.entry((key, ty)).or_insert_with(choices).clone()
    }

    fn values_of(&self, state: &State, key: SlotKey) -> Vec<Choice> {
        let Some(ty) = self.type_of(state, key.record) else {
            return Vec::new();
        };
        let field = self.ctx.base.schema().field(ty, key.field);
        if !field.ty.is_scalar() {
            return Vec::new();
        }
        let resolved = self.ctx.resolve(key);
        let claim = resolved
            .claim
            .map(|id| self.ctx.base.fact(id).value.clone());
        let prove = self.establish_effort();
        let change = u64::from(field.effort).max(prove);
        // Against contrary evidence proof takes as much as making it so.
        let contradicted = resolved.is_contradicted();
        let choice = |value: Value, claimed: bool, may_be_so: bool| {
            let is_change = contradicted || !may_be_so;
            Choice {
                value,
                is_change,
                claimed,
                cost: if is_change { change } else { prove },
            }
        };
        let stated = claim
            .clone()
            .filter(|c| is_exact(c) && !resolved.is_settled());
        let mut out: Vec<Choice> = stated.map(|c| choice(c, true, true)).into_iter().collect();
        out.extend(
            ends(claim.as_ref())
                .into_iter()
                .map(|v| choice(v, false, true)),
        );
        for value in self.usual((ty, key.field), claim.as_ref()).iter() {
            if claim.as_ref().is_some_and(|c| is_exact(c) && c == value) {
                continue;
            }
            // Within what is known, it may well be so already.
            let open = claim
                .as_ref()
                .is_none_or(|c| !is_exact(c) && c.agrees(value));
            out.push(choice(value.clone(), false, open));
        }
        out
    }

    /// The values worth trying for any property of that kind. Lists are tried with more or
    /// less than what they are now.
    fn usual(&self, of: Kind, now: Option<&Value>) -> Rc<Vec<Value>> {
        let field = self.ctx.base.schema().field(of.0, of.1);
        let all = || Rc::new(self.pool.values(self.ctx, &field.ty, now));
        if matches!(now, Some(Value::Texts(_))) {
            return all();
        }
        let mut known = self.of_kind.borrow_mut();
        if let Some((_, values)) = known.iter().find(|(kind, _)| *kind == of) {
            return values.clone();
        }
        let values = all();
        known.push((of, values.clone()));
        values
    }

    /// The values worth trying for any property of that type.
    pub(super) fn values_of_kind(&self, field: &FieldType) -> Vec<Value> {
        self.pool.values(self.ctx, field, None)
    }

    /// What it costs to make or prove it so.
    pub(super) fn cost(&self, edit: &Edit) -> Option<u64> {
        let (Edit::Establish(key, _) | Edit::Change(key, _)) = edit else {
            return None;
        };
        let choices = self.values(&State::default(), *key);
        let mut steps = choices.all.iter().map(|c| step_of(*key, c));
        Some(steps.find(|s| s.edit == *edit)?.cost)
    }

    pub(super) fn changes(&self, state: &State, key: SlotKey) -> Vec<Step> {
        if state.overlay.get(key).is_some() {
            return Vec::new();
        }
        let values = self.values(state, key);
        values.all.iter().map(|c| step_of(key, c)).collect()
    }

    pub(super) fn complete(&self, state: &State, key: SlotKey) -> Option<Step> {
        let mut members = self.members(state, key)?.clone();
        if members.complete {
            return None;
        }
        members.complete = true;
        Some(Step {
            claimed: false,
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
            claimed: false,
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
        if so_far.count() >= self.most_added {
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
            claimed: false,
            edit: Edit::Add(list, record, of),
            cost,
            key: list,
            patch: Patch::Members(members),
        })
    }

    /// The facts with the changes of some members of a list, each of which was made from
    /// the list as it is, and those of each member that is added from the first.
    pub(super) fn carried_out<'w>(
        &self,
        mut state: State,
        ways: impl IntoIterator<Item = &'w SmallVec<[Step; 2]>>,
    ) -> Option<State> {
        for way in ways {
            let mut added = None;
            for step in way {
                let step = match &step.edit {
                    Edit::Remove(list, record) => self.remove(&state, *list, *record)?,
                    Edit::Add(list, record, _) => {
                        let step = self.add(&state, *list)?;
                        if let Edit::Add(_, new, _) = step.edit {
                            added = Some((*record, new));
                        }
                        step
                    }
                    _ => match added {
                        Some((from, to)) if step.key.record == from => step.of_record(to),
                        _ => step.clone(),
                    },
                };
                state = after(&state, step);
            }
        }
        Some(state)
    }

    /// The new member of that number of a list, added to the list as the facts state it.
    pub(super) fn nth_addition(&self, list: SlotKey, nth: usize) -> Option<Step> {
        let before = State {
            added: vec![self.type_of_members(list)?; nth],
            ..State::default()
        };
        self.add(&before, list)
    }

    pub(super) fn type_of_members(&self, list: SlotKey) -> Option<TypeId> {
        let (ty, field) = self.ctx.property(list)?;
        match self.ctx.base.schema().field(ty, field).ty {
            FieldType::Many(of) => Some(of),
            _ => None,
        }
    }
}

/// How many times a rule asks whether there is such a record, or whether all are such.
fn asked_for(rule: &Rule) -> usize {
    let asks = |n: &&Node| {
        matches!(
            n.op,
            Op::Exists { .. } | Op::ExistsOne { .. } | Op::All { .. }
        )
    };
    rule.nodes.iter().filter(asks).count()
}

/// The ends of an amount that is claimed in part: it may well be so already.
fn ends(claim: Option<&Value>) -> Vec<Value> {
    let Some(Value::Number(range)) = claim.filter(|c| !is_exact(c)) else {
        return Vec::new();
    };
    let ends = [range.hi(), range.lo()].into_iter().flatten();
    ends.map(|n| Value::Number(Interval::point(n))).collect()
}

fn is_exact(value: &Value) -> bool {
    !matches!(value, Value::Number(i) if i.exact().is_none())
}

/// The change of a property to such a value.
pub(super) fn step_of(key: SlotKey, choice: &Choice) -> Step {
    let value = choice.value.clone();
    Step {
        edit: match choice.is_change {
            true => Edit::Change(key, value.clone()),
            false => Edit::Establish(key, value.clone()),
        },
        cost: choice.cost,
        claimed: choice.claimed,
        key,
        patch: Patch::Value(value),
    }
}

/// What changes cost in a state.
pub(super) struct Prices<'a, 'b> {
    pub(super) offers: &'a Offers<'b>,
    pub(super) state: &'a State,
}

impl Market for Prices<'_, '_> {
    fn cost(&self, lever: Lever) -> Option<u64> {
        self.offers.cheapest(self.state, lever)
    }

    fn members(&self, list: SlotKey) -> Option<&[RecordId]> {
        let members = self.offers.members(self.state, list)?;
        Some(&members.ids)
    }
}
