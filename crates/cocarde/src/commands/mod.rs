//! One file a command.

pub mod assess;
pub mod check;
pub mod classify;
pub mod export;
pub mod fault_tree;
pub mod import;
mod import_workbook;
pub mod new;
pub mod probe;
pub mod probe_dossier;
pub mod referential;
pub mod resilience;
pub mod schema;
