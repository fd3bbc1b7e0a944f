//! One file a command.

pub mod assess;
pub mod check;
pub mod classify;
pub mod export;
pub mod fault_tree;
pub mod import;
mod import_workbook;
pub mod issue;
pub mod keys;
pub mod log;
pub mod new;
pub mod oscal;
pub mod referential;
pub mod register;
pub mod resilience;
pub mod scan;
pub mod schema;
pub mod status;
pub mod verify;
