//! The rule language: a typed, total subset of CEL.
//!
//! The surface is the Common Expression Language (<https://cel.dev>), parsed by
//! the `cel` crate. What could fail at run time (division by something that may
//! be zero, indexing, presence tests) is refused here, with its place, so that
//! every rule that loads has a value on every fact base. So is what would take too
//! deep a stack to parse or too many steps to evaluate.

mod apart;
mod chain;
mod check;
mod cost;
mod depth;
mod ir;
mod plain;
mod repeats;
mod shape;
mod sums;
mod types;
mod words;

pub(crate) use apart::Apart;
pub(crate) use chain::Chain;
pub use check::{Env, RuleError, compile, compile_any};
pub use ir::{CompareOp, Const, Node, NodeId, Op, ParamInfo, PolicyId, Rule, TextOp};
pub(crate) use shape::Shape;
pub(crate) use sums::{Demand, Place, SumTests};
pub use types::Ty;
pub(crate) use words::Words;
