//! Analyses: pure functions over facts. They know no storage and no
//! referential; what a scheme says comes in through parameters.

mod activities;
pub mod control;
pub mod cutset;
pub mod derived;
pub mod exact;
pub mod facts;
pub mod flow;
pub mod reach;
pub mod report;
pub mod resilience;
pub mod scc;
pub mod value;

#[cfg(test)]
mod laws;
#[cfg(test)]
pub(crate) mod testing;
