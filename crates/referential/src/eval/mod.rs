//! Evaluation of a rule over facts known in part, with its derivation.

mod amounts;
mod facts;
mod lists;
mod machine;
mod number;
mod outcome;
mod overlay;
mod plain;
mod policy;
mod ranges;
mod resolutions;
mod sift;
mod trace;
mod truths;
mod value;
mod words;
mod worlds;

pub use lists::{Item, ListVal, Rest};
pub use machine::Evaluator;
pub use number::Number;
pub use outcome::{Outcomes, View};
pub use overlay::{Overlay, Patch};
pub(crate) use plain::Plain;
pub use plain::outcomes;
pub use policy::{Admission, Policies, Policy, Resolved};
pub(crate) use ranges::middle;
pub use resolutions::Resolutions;
pub use trace::{Derivation, Kind, Others, Step, StepId};
pub use value::{Tv, Val};
pub(crate) use worlds::otherwise;

use crate::rule::PolicyId;
use cocarde_model::{
    Date, FactBase, FactId, FieldId, RecordId, Slot, SlotKey, Truth, TypeId, Value,
};
use jiff::ToSpan;
use std::sync::Arc;

/// What a rule is evaluated over.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The facts.
    pub base: &'a FactBase,
    /// The evidence policies of the criterion.
    pub policies: &'a Policies,
    /// The day the assessment speaks of.
    pub as_of: Date,
    /// Changes supposed to the facts.
    pub overlay: &'a Overlay,
    /// What the facts amount to, where that is remembered.
    resolutions: Option<&'a Resolutions>,
}

impl<'a> Context<'a> {
    /// Nothing supposed, nothing remembered.
    pub fn new(base: &'a FactBase, policies: &'a Policies, as_of: Date) -> Context<'a> {
        Context {
            base,
            policies,
            as_of,
            overlay: Overlay::none(),
            resolutions: None,
        }
    }

    /// The same, remembering what facts amount to: of this base, on this day.
    pub fn remembering(self, resolutions: &'a Resolutions) -> Context<'a> {
        Context {
            resolutions: Some(resolutions),
            ..self
        }
    }

    /// The countries that facts name, where what they amount to is remembered: found once.
    pub(crate) fn countries(&self, find: impl FnOnce() -> Vec<Arc<str>>) -> Option<&'a [Arc<str>]> {
        self.resolutions.map(|known| known.countries(find))
    }

    /// The same, with other suppositions.
    pub fn supposing<'b>(&self, overlay: &'b Overlay) -> Context<'b>
    where
        'a: 'b,
    {
        Context { overlay, ..*self }
    }

    /// The type and field of a property.
    pub fn property(&self, key: SlotKey) -> Option<(TypeId, FieldId)> {
        Some((self.base.get(key.record)?.ty, key.field))
    }

    /// What the facts about a property amount to, suppositions aside.
    pub fn resolve(&self, key: SlotKey) -> Resolved<'a> {
        let Some(property) = self.property(key) else {
            return Resolved::default();
        };
        let known = self.resolutions.and_then(|r| r.known(self.base, key));
        known.unwrap_or_else(|| {
            let policy = self.policies.of(property);
            policy.resolve(self.base, key, self.as_of)
        })
    }

    /// What both views say of a property under a policy, with what is supposed of it.
    #[inline]
    pub(crate) fn look_at(&self, key: SlotKey, policy: PolicyId) -> Tv<&'a Value> {
        match self.overlay.get(key) {
            Some(Patch::Pending) => return Tv::Pending,
            Some(Patch::Unknown) => return Tv::unknown(),
            Some(Patch::Value(v)) => return Tv::both(v),
            _ => {}
        }
        if self.base.get(key.record).is_none() {
            return Tv::unknown();
        }
        let policy = self.policies.shared(policy);
        if let Some(known) = self.resolutions {
            return known.get(self.base, key, policy, self.as_of);
        }
        let r = policy.resolve(self.base, key, self.as_of);
        Tv::Known(r.established.map(|(_, v)| v), r.refuting.map(|(_, v)| v))
    }

    /// The part of a record; nothing of one that is only supposed.
    pub(crate) fn part(&self, record: RecordId, field: FieldId) -> Option<RecordId> {
        self.base.get(record)?;
        match self.base.slot(SlotKey { record, field }) {
            Slot::One(part) => Some(*part),
            _ => unreachable!("the schema says that this field is one record"),
        }
    }

    /// The records of a list with what is supposed of it, and whether there may be others.
    pub(crate) fn members(&self, key: SlotKey) -> (&'a [RecordId], bool) {
        if self.base.get(key.record).is_none() {
            return (&[], true);
        }
        let Slot::Many(stated) = self.base.slot(key) else {
            unreachable!("the schema says that this field is a list");
        };
        match self.overlay.get(key) {
            Some(Patch::Members(m)) => (&m.ids, !m.complete),
            Some(Patch::Pending) => (&stated.ids, false),
            Some(Patch::Unknown) => (&[], true),
            _ => (&stated.ids, !stated.complete),
        }
    }

    /// Whether an admissible fact stands against what is claimed of a property.
    pub fn is_contradicted(&self, key: SlotKey) -> bool {
        self.resolve(key).is_contradicted()
    }

    /// The admissible facts that stand against what is taken as a property's claim.
    pub fn standing_against(&self, key: SlotKey) -> Vec<FactId> {
        let Some(property) = self.property(key) else {
            return Vec::new();
        };
        let policy = self.policies.of(property);
        policy.standing_against(self.base, key, self.as_of)
    }

    /// Whether both views say the same of a property, be it that they do not know.
    pub fn views_agree(&self, key: SlotKey) -> bool {
        let resolved = self.resolve(key);
        resolved.established.map(|(_, v)| v) == resolved.refuting.map(|(_, v)| v)
    }

    /// Whether a property, or a list, is known in both views.
    pub fn is_settled(&self, key: SlotKey) -> bool {
        match self.base.get(key.record).map(|_| self.base.slot(key)) {
            Some(Slot::Many(m)) => m.complete,
            Some(Slot::One(_)) => true,
            Some(Slot::Facts(_)) => self.resolve(key).is_settled(),
            None => false,
        }
    }
}

fn months_before(day: Date, months: i32) -> Date {
    day.checked_sub(months.months()).unwrap_or(Date::MIN)
}

/// What a pair of truths says of a criterion: satisfied when established and not
/// refuted, not satisfied when either view is false, else undetermined.
pub fn verdict_of((established, refuting): (Truth, Truth)) -> Truth {
    established.and(refuting)
}

/// The verdict all outcomes agree on, unknown when they do not.
pub fn verdict(outcomes: Outcomes) -> Truth {
    let mut verdicts = outcomes.pairs().map(verdict_of);
    let first = verdicts.next().unwrap_or(Truth::Unknown);
    if verdicts.all(|v| v == first) {
        first
    } else {
        Truth::Unknown
    }
}
