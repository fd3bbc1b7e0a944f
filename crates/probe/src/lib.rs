//! Measures what can be seen of an organisation from outside. Every measurement is a
//! record: what was asked, whom, when, and what came back. It knows of no dossier and
//! of no referential.

pub mod attribution;
mod digits;
pub mod dns;
pub mod measure;
mod plain;
pub mod report;
pub mod safety;
pub mod spf;
