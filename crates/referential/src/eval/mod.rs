//! Evaluation of a rule over facts known in part, with its derivation.

mod lists;
mod machine;
mod number;
mod outcome;
mod overlay;
mod policy;
mod trace;
mod value;

pub use machine::Evaluator;
pub use number::Number;
pub use outcome::{Outcomes, View};
pub use overlay::{Overlay, Patch};
pub use policy::{Admission, Policy, Resolved};
pub use trace::{Derivation, Kind, Step, StepId};
pub use value::Val;

use cocarde_model::{Date, FactBase, Truth};

/// What a rule is evaluated over.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The facts.
    pub base: &'a FactBase,
    /// The evidence policies of the criterion, by [`crate::rule::PolicyId`].
    pub policies: &'a [Policy],
    /// The day the assessment speaks of.
    pub as_of: Date,
    /// Changes supposed to the facts.
    pub overlay: &'a Overlay,
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
