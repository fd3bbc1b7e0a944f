//! Reads an application and what comes with it into facts, every fact carrying
//! its file, line and column.
//!
//! A dossier is a directory of TOML files that a person can write and git can
//! diff. All files are read before anything is refused: every defect of the
//! whole directory is named in one run, with its place and its mend. This room
//! knows no verdict.

mod attests;
mod build;
mod check;
mod days;
mod document;
mod evidence;
mod fact;
mod files;
mod form;
mod gather;
mod grounds;
pub mod ident;
mod lint;
mod measure;
mod names;
mod node;
pub mod reference;
mod report;
mod skeleton;
mod toml_file;
mod toml_said;
mod toml_words;
mod top;
mod value;

pub mod adapters;

use cocarde_model::{Date, Diagnostic, FactBase, RecordId, Sources};
use std::path::Path;

pub use attests::Attests;
pub use document::DocumentFile;
pub use files::Limits;
pub use skeleton::{kinds, skeleton};

/// A dossier that was read without error.
#[derive(Clone, Debug)]
pub struct Dossier {
    /// Its facts, with the files they point into.
    pub base: FactBase,
    /// What is worth a look though it stops nothing.
    pub findings: Vec<Diagnostic>,
    /// The attached documents whose file was found and read.
    pub documents: Vec<DocumentFile>,
    /// What was read of the files that `[dossier]` imports.
    pub imports: Vec<adapters::Import>,
    /// How many of the facts are stated in tables: the first ones of the base.
    pub stated: usize,
    /// How many of the facts that follow are what documents support; the others are
    /// stated one by one.
    pub supported: usize,
    /// SHA-256, in hexadecimal, over the sorted names and digests of all files read:
    /// two dossiers with the same digest hold the same bytes.
    pub digest: String,
}

impl Dossier {
    /// The files that facts and findings point into.
    pub fn sources(&self) -> &Sources {
        &self.base.sources
    }

    /// The findings that depend on the day: documents and attestations that are out of date
    /// on `day`, or not there yet, and what is said to have happened and has not.
    pub fn findings_on(&self, day: Date) -> Vec<Diagnostic> {
        days::out_of_date(&self.base, day)
    }

    /// What a document speaks of.
    pub fn attests(&self, document: RecordId) -> Attests {
        Attests::of(&self.base, document, self.stated)
    }

    /// The record of the applicant.
    pub fn applicant(&self) -> Option<RecordId> {
        let party = self.base.schema().by_name("party")?;
        self.base.find(party, APPLICANT)
    }
}

/// Why a dossier could not be read: every defect of every file.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The files that diagnostics point into.
    pub sources: Sources,
    /// The defects, errors and warnings, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
}

/// The id of the applicant's record.
pub const APPLICANT: &str = "applicant";

/// Reads the dossier in `dir`.
///
/// # Errors
/// Every defect of all its files: see [`Failure`].
pub fn read(dir: &Path, limits: &Limits) -> Result<Dossier, Failure> {
    let (inputs, defects) = gather::from_dir(dir, limits);
    build::build(inputs, defects, limits)
}

/// Reads the dossier in `dir` as it would be with `files` beside its own, or instead of
/// those of the same names; `dir` may be missing.
///
/// # Errors
/// Every defect of all the files: see [`Failure`].
pub fn read_with(dir: &Path, files: &[(&str, &str)], limits: &Limits) -> Result<Dossier, Failure> {
    let (inputs, defects) = gather::with_texts(dir, files, limits);
    build::build(inputs, defects, limits)
}

/// Reads a dossier from the names and texts of its files, as they would lie in
/// its directory. Documents that are not among them are not looked for.
///
/// # Errors
/// Every defect of all the files: see [`Failure`].
pub fn read_texts(files: &[(&str, &str)]) -> Result<Dossier, Failure> {
    read_texts_within(files, &Limits::default())
}

/// The same within other limits.
///
/// # Errors
/// Every defect of all the files: see [`Failure`].
pub fn read_texts_within(files: &[(&str, &str)], limits: &Limits) -> Result<Dossier, Failure> {
    let (inputs, defects) = gather::from_texts(files, limits);
    build::build(inputs, defects, limits)
}
