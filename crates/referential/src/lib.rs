//! Criteria as data: read a referential, check its rules against the fact
//! schema, evaluate them over what is known, and explain the outcome.
//!
//! This room never knows which scheme it runs.

pub mod eval;
pub mod explain;
pub mod rule;
