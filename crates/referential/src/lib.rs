//! Criteria as data: read a referential, check its rules against the fact
//! schema, evaluate them over what is known, and explain the outcome.
//!
//! This room never knows which scheme it runs.

mod assess;
pub mod eval;
pub mod explain;
pub mod load;
pub mod report;
pub mod rule;
mod scores;

pub use assess::{Assessment, Options, Outcome, Verdict, assess};
pub use load::Referential;
pub use scores::{Range, pillar_level, pillar_score, score};
