//! What facts amount to, worked out once for all evaluations of a criterion.

use super::policy::Policy;
use super::value::Tv;
use super::{Number, Outcomes, Overlay};
use crate::rule::NodeId;
use cocarde_model::{Date, FactBase, FactId, RecordId, SlotKey, Value};
use smallvec::SmallVec;
use std::cell::{Cell, OnceCell, RefCell};
use std::sync::Arc;

/// What both views say of each property of a base, under the policies of one criterion, as
/// far as it was asked for.
///
/// A property follows one policy in all of a criterion's rules, so none is named.
#[derive(Debug)]
pub struct Resolutions {
    facts: Vec<Cell<Facts>>,
    members: RefCell<Vec<(NodeId, Vec<Member>)>>,
    /// The countries that facts name: whatever the criterion.
    countries: OnceCell<Vec<Arc<str>>>,
}

/// What a member of a list comes to in an expression, as far as that hangs on nothing
/// that is supposed.
#[derive(Debug)]
struct Member {
    record: RecordId,
    worth: Worth,
    /// The properties that were looked at for it.
    reads: SmallVec<[SlotKey; 4]>,
    /// Whether all of these are of the member itself.
    is_its_own: bool,
}

/// What a member comes to.
#[derive(Clone, Debug)]
pub(super) enum Worth {
    /// Whether it passes, or belongs.
    Truth(Outcomes),
    /// What it adds.
    Amount(Number),
}

/// The facts that give the value in the established and in the refuting view, and whether
/// one stands against the claim.
type Facts = (u32, u32, bool);

/// Nothing is known in a view.
const NONE: u32 = u32::MAX;
/// Nobody asked yet.
const UNASKED: Facts = (NONE - 1, NONE - 1, false);

impl Resolutions {
    /// Nothing has been asked of that base yet.
    pub fn of(base: &FactBase) -> Resolutions {
        Resolutions {
            facts: vec![Cell::new(UNASKED); base.property_count()],
            members: RefCell::default(),
            countries: OnceCell::new(),
        }
    }

    /// Of the same base under the policies of another criterion: nothing has been asked yet.
    pub(crate) fn forget(&mut self) {
        self.facts.fill(Cell::new(UNASKED));
        self.members.get_mut().clear();
    }

    /// The countries that facts name, found once.
    pub(super) fn countries(&self, find: impl FnOnce() -> Vec<Arc<str>>) -> &[Arc<str>] {
        self.countries.get_or_init(find)
    }

    /// What a member of a list, which is at about that position, comes to in an expression,
    /// where that is known and nothing is supposed of what it hangs on.
    pub(super) fn member(
        &self,
        (node, record): (NodeId, RecordId),
        at: usize,
        overlay: &Overlay,
    ) -> Option<Worth> {
        let members = self.members.borrow();
        let (_, members) = members.iter().find(|(n, _)| *n == node)?;
        let there = members.get(at).filter(|m| m.record == record);
        let member = there.or_else(|| members.iter().find(|m| m.record == record))?;
        // Mostly what is looked at for a member are its own properties.
        let elsewhere = match member.is_its_own {
            true => overlay.is_silent_on(record),
            false => overlay.is_nothing(),
        };
        let holds = elsewhere || !supposed(&member.reads, overlay);
        holds.then(|| member.worth.clone())
    }

    /// Remembers what a member comes to, unless something is supposed of what was looked at
    /// for it.
    pub(super) fn remember(
        &self,
        (node, record): (NodeId, RecordId),
        worth: &Worth,
        reads: &[SlotKey],
        overlay: &Overlay,
    ) {
        if supposed(reads, overlay) {
            return;
        }
        let member = Member {
            record,
            worth: worth.clone(),
            reads: reads.into(),
            is_its_own: reads.iter().all(|k| k.record == record),
        };
        let mut members = self.members.borrow_mut();
        match members.iter_mut().find(|(n, _)| *n == node) {
            Some((_, known)) => known.push(member),
            None => members.push((node, vec![member])),
        }
    }

    /// Whether a fact stands against what is claimed of a property, where that was asked for.
    pub(super) fn is_contradicted(&self, base: &FactBase, key: SlotKey) -> Option<bool> {
        let known = self.facts[base.place(key)].get();
        (known != UNASKED).then_some(known.2)
    }

    /// What both views say of a property of one of the base's records.
    pub(super) fn get<'a>(
        &self,
        base: &'a FactBase,
        key: SlotKey,
        policy: &Policy,
        day: Date,
    ) -> Tv<&'a Value> {
        let known = &self.facts[base.place(key)];
        if known.get() == UNASKED {
            let found = policy.resolve(base, key, day);
            let id = |of: Option<(FactId, &Value)>| of.map_or(NONE, |(id, _)| id.0);
            known.set((
                id(found.established),
                id(found.refuting),
                found.contradicted,
            ));
        }
        let value = |id: u32| (id != NONE).then(|| &base.fact(FactId(id)).value);
        let (established, refuting, _) = known.get();
        Tv::Known(value(established), value(refuting))
    }
}

/// Whether something is supposed of one of these.
fn supposed(reads: &[SlotKey], overlay: &Overlay) -> bool {
    reads.iter().any(|k| overlay.get(*k).is_some())
}
