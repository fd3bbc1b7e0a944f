//! A dossier as a workbook to fill in, in French and English, and back, with nothing lost.
//!
//! Each record type has a sheet; what a dossier has once is asked downwards, lists are
//! asked across, one record a row. Numbers are written as text, so that no binary float
//! comes between; what cannot be read exactly is refused at its cell. Reading a workbook
//! gives TOML files, which pass the same checks as those that a person wrote, with every
//! defect placed in its cell.

mod answers;
mod codec;
mod content;
mod evidence;
mod layout;
mod open;
mod references;
mod sheets;
mod style;
mod write;

pub use answers::{Answers, Attached};

use cocarde_dossier::{Dossier, Failure};
use cocarde_model::Diagnostic;

/// The workbook of a dossier, as the bytes of an XLSX file.
///
/// # Errors
/// When a text is longer than a cell can hold, or there are more records than rows.
pub fn write(dossier: &Dossier) -> Result<Vec<u8>, Box<Diagnostic>> {
    write::workbook(&content::content(dossier)?)
}

/// How much is read of a workbook, at most.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes of all its parts together, once decompressed.
    pub bytes: u64,
    /// Number of its parts.
    pub parts: usize,
    /// Number of the cells that are not empty, of the sheets that are read.
    pub cells: usize,
    /// Bytes of the texts of those cells, one that many share counted for each of them.
    pub texts: usize,
    /// Number of defects that are named.
    pub defects: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            bytes: 256 << 20,
            parts: 2_000,
            cells: 2_000_000,
            texts: 64 << 20,
            defects: 200,
        }
    }
}

/// Reads a filled-in workbook; `name` is the name of its file.
///
/// # Errors
/// Every defect, each placed in its cell: `questionnaire.xlsx, hosting!C7`.
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Answers, Failure> {
    answers::read(name, bytes, limits)
}

/// Whether these bytes look like a workbook: a ZIP archive.
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}
