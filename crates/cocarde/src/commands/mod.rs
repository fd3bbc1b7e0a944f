//! One file a command.

pub mod assess;
pub mod check;
pub mod classify;
pub mod import;
pub mod new;
pub mod referential;
pub mod schema;
