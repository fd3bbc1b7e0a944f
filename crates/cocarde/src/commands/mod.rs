//! One file a command.

mod address_data;
pub mod analysis;
pub mod assess;
pub mod check;
pub mod classify;
pub mod control;
pub mod export;
pub mod fault_tree;
mod format;
pub mod import;
mod import_workbook;
pub mod issue;
pub mod keys;
pub mod log;
pub mod new;
pub mod oscal;
pub mod probe;
pub mod probe_dossier;
pub mod reach;
pub mod referential;
pub mod register;
pub mod resilience;
pub mod scan;
pub mod schema;
pub mod status;
pub mod value;
pub mod verify;
