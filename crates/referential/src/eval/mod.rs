//! Evaluation of a rule over facts known in part, with its derivation.

mod amounts;
mod facts;
mod lists;
mod machine;
mod number;
mod outcome;
mod overlay;
mod policy;
mod sift;
mod trace;
mod truths;
mod value;

pub use lists::{Item, ListVal, Rest};
pub use machine::Evaluator;
pub use number::Number;
pub use outcome::{Outcomes, View};
pub use overlay::{Overlay, Patch};
pub use policy::{Admission, Policies, Policy, Resolved};
pub use trace::{Derivation, Kind, Others, Step, StepId};
pub use value::{Tv, Val};

use cocarde_model::{Date, FactBase, FieldId, Slot, SlotKey, Truth, TypeId};

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
}

impl<'a> Context<'a> {
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
        match self.property(key) {
            Some(property) => self
                .policies
                .of(property)
                .resolve(self.base, key, self.as_of),
            None => Resolved::default(),
        }
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
