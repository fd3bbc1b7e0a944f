//! Changes of facts, and facts as they would be with them.

use crate::eval::{Overlay, Patch};
use cocarde_model::{RecordId, SlotKey, TypeId, Value};

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

/// Points of effort, then the number of changes, then how many of them are to what nobody
/// claims: of two ways as dear the shorter, and of two as short the one that proves what is
/// claimed.
pub(super) type Price = (u64, usize, usize);

/// Both.
pub(super) fn together(a: Price, b: Price) -> Price {
    (a.0 + b.0, a.1 + b.1, a.2 + b.2)
}

/// Facts with some changes.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    pub(super) overlay: Overlay,
    pub(super) edits: Vec<Edit>,
    pub(super) cost: u64,
    /// Records added so far.
    pub(super) added: Vec<TypeId>,
}

/// A change that a state may go on with.
#[derive(Clone)]
pub(super) struct Step {
    pub(super) edit: Edit,
    pub(super) cost: u64,
    /// Whether it is what somebody claims.
    pub(super) claimed: bool,
    pub(super) key: SlotKey,
    pub(super) patch: Patch,
}

impl Step {
    pub(super) fn price(&self) -> Price {
        (self.cost, 1, usize::from(!self.claimed))
    }

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
pub(super) fn sorted(edits: &[Edit]) -> Vec<Edit> {
    let mut edits = edits.to_vec();
    edits.sort_by_key(edit_place);
    edits
}

pub(super) fn edit_place(edit: &Edit) -> (SlotKey, u8, RecordId) {
    match edit {
        Edit::Establish(k, _) => (*k, 0, k.record),
        Edit::Change(k, _) => (*k, 1, k.record),
        Edit::Complete(k) => (*k, 2, k.record),
        Edit::Remove(k, r) => (*k, 3, *r),
        Edit::Add(k, r, _) => (*k, 4, *r),
    }
}
