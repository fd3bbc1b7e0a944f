//! Minimal cut sets of fault trees, by binary and zero-suppressed decision
//! diagrams.

mod arena;
mod bdd;
mod cut_sets;
mod diagram;
pub mod fault_tree;
mod graph;
mod hash;
mod importance;
mod list;
mod modules;
mod occurring;
pub mod open_psa;
mod order;
mod orient;
mod room;
mod solver;
mod zbdd;

pub use cut_sets::{CutSets, LimitReached, Limits, minimal_cut_sets};
pub use importance::{Importance, Importances};

#[cfg(test)]
mod tests;
