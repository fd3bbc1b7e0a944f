//! What facts amount to, worked out once for all evaluations of a criterion.

use super::policy::Policy;
use super::value::Tv;
use cocarde_model::{Date, FactBase, FactId, SlotKey, Value};
use std::cell::Cell;

/// What both views say of each property of a base, under the policies of one criterion, as
/// far as it was asked for.
///
/// A property follows one policy in all of a criterion's rules, so none is named.
#[derive(Debug)]
pub struct Resolutions(Vec<Cell<Facts>>);

/// The facts that give the value in the established and in the refuting view.
type Facts = [u32; 2];

/// Nothing is known in a view.
const NONE: u32 = u32::MAX;
/// Nobody asked yet.
const UNASKED: Facts = [NONE - 1; 2];

impl Resolutions {
    /// Nothing has been asked of that base yet.
    pub fn of(base: &FactBase) -> Resolutions {
        Resolutions(vec![Cell::new(UNASKED); base.property_count()])
    }

    /// What both views say of a property of one of the base's records.
    pub(super) fn get<'a>(
        &self,
        base: &'a FactBase,
        key: SlotKey,
        policy: &Policy,
        day: Date,
    ) -> Tv<&'a Value> {
        let known = &self.0[base.place(key)];
        if known.get() == UNASKED {
            let found = policy.resolve(base, key, day);
            let id = |of: Option<(FactId, &Value)>| of.map_or(NONE, |(id, _)| id.0);
            known.set([id(found.established), id(found.refuting)]);
        }
        let value = |id: u32| (id != NONE).then(|| &base.fact(FactId(id)).value);
        let [established, refuting] = known.get();
        Tv::Known(value(established), value(refuting))
    }
}
