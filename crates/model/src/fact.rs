//! A fact, how it is known, and where it comes from.

use crate::{FactId, FieldId, RecordId, Span, Value};
use jiff::civil::Date;
use rust_decimal::Decimal;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// How we know a fact. The order carries no strength: which provenance may
/// establish or refute a property is for each criterion to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Provenance {
    /// The applicant says so.
    Declared,
    /// A document of the dossier says so.
    Documented,
    /// A third party's certificate or attestation says so.
    Attested,
    /// A probe measured it, with a stated confidence.
    Measured,
    /// An auditor saw it and signed.
    Observed,
    /// It follows from a supplier's own label, within its scope and validity.
    Inherited,
    /// An analysis derived it, with its proof.
    Derived,
}

impl Provenance {
    /// All of them, in the order of declaration.
    pub const ALL: [Provenance; 7] = [
        Provenance::Declared,
        Provenance::Documented,
        Provenance::Attested,
        Provenance::Measured,
        Provenance::Observed,
        Provenance::Inherited,
        Provenance::Derived,
    ];

    /// Its name in data files and messages' keys.
    pub fn name(self) -> &'static str {
        match self {
            Provenance::Declared => "declared",
            Provenance::Documented => "documented",
            Provenance::Attested => "attested",
            Provenance::Measured => "measured",
            Provenance::Observed => "observed",
            Provenance::Inherited => "inherited",
            Provenance::Derived => "derived",
        }
    }
}

impl FromStr for Provenance {
    type Err = ();

    fn from_str(s: &str) -> Result<Self, ()> {
        Provenance::ALL
            .into_iter()
            .find(|p| p.name() == s)
            .ok_or(())
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Where a fact comes from. Every fact that reached us through a file keeps the
/// place in that file, whatever else is known of its origin.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Source {
    /// The place in the dossier (or the record of a measurement) that states it.
    pub span: Option<Span>,
    /// What was written there, where the value is a form of it that rules compare.
    pub written: Option<Box<Value>>,
    /// The document that supports it.
    pub document: Option<RecordId>,
    /// The page, counted from one, of that document.
    pub page: Option<u32>,
    /// The server that answered, for what was measured.
    pub server: Option<Arc<str>>,
    /// When it was measured or observed, RFC 3339.
    pub time: Option<Arc<str>>,
    /// Who observed or ruled, or which analysis derived it.
    pub by: Option<Arc<str>>,
    /// What was seen, in a sentence for people.
    pub note: Option<Arc<str>>,
    /// The same in English, where `note` is in French.
    pub note_en: Option<Arc<str>>,
    /// The facts it follows from, for what an analysis derived.
    pub rests_on: Vec<FactId>,
}

/// One statement about one property of one subject.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// What it is about.
    pub subject: RecordId,
    /// Which property.
    pub field: FieldId,
    /// What it says.
    pub value: Value,
    /// How we know.
    pub provenance: Provenance,
    /// Where it comes from.
    pub source: Source,
    /// Confidence from 0 to 1 where it was measured; `None` counts as 1.
    pub confidence: Option<Decimal>,
    /// First day it speaks of, if bounded.
    pub from: Option<Date>,
    /// Last day it speaks of, if bounded.
    pub until: Option<Date>,
    /// A ruling settles the property: other facts on it are kept but no longer count.
    pub ruling: bool,
}

impl Fact {
    /// Its value as it was written.
    pub fn written(&self) -> &Value {
        self.source.written.as_deref().unwrap_or(&self.value)
    }

    /// Whether the fact speaks of `day`.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from.is_none_or(|d| d <= day) && self.until.is_none_or(|d| day <= d)
    }
}
