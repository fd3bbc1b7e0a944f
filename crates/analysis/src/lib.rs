//! Analyses: pure functions over facts. They know no storage and no
//! referential; what a scheme says comes in through parameters.

pub mod cutset;
