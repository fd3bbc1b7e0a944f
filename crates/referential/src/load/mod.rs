//! Reading a referential: a directory of data, checked whole when it is loaded.

mod analysis;
mod criteria;
mod evidence;
mod files;
mod french;
mod names;
mod parameters;
mod raw;
mod resolve;
mod words;

use crate::eval::Policies;
use crate::rule::{CompareOp, Rule};
use cocarde_model::{Date, Decimal, Diagnostic, Schema, Sources, Span, Text};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

pub use analysis::{Analysis, IndirectVotes, Persons, StaffShare};
pub use raw::{Confidence, Origin, ProcessValue, Profile, Severity, Status, Weights};
pub use words::VerdictWords;

/// Country sets that rules may name, by name: `set.NAME`.
pub type Sets = BTreeMap<Arc<str>, Arc<[Arc<str>]>>;

/// What a criterion or a number rests on.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The scheme's public text.
    Public,
    /// Our reading, where the text is not public.
    Assumption,
}

/// A scheme's requirements, as data.
#[derive(Clone, Debug)]
pub struct Referential {
    /// Its name in commands and files.
    pub id: Arc<str>,
    /// Its name in the world.
    pub urn: Arc<str>,
    /// Where it can be consulted.
    pub uri: Arc<str>,
    /// Its version.
    pub version: Arc<str>,
    /// Its title.
    pub title: Text,
    /// Other spellings of its name.
    pub aliases: Vec<String>,
    /// Who publishes the scheme.
    pub publisher: Text,
    /// What this file rests on, in a sentence.
    pub basis: Text,
    /// First day it applies.
    pub valid_from: Date,
    /// Where its content comes from.
    pub origins: Vec<Origin>,
    /// Its pillars.
    pub pillars: Vec<Pillar>,
    /// Its numbers.
    pub parameters: Vec<Parameter>,
    /// Its criteria, in the order of the pillars, then of the files.
    pub criteria: Vec<Criterion>,
    /// How criteria make a decision.
    pub decision: Decision,
    /// What a verdict on the whole means to an applicant.
    pub verdict: VerdictWords,
    /// What it calls a level.
    pub level: Text,
    /// How the analyses count, where the scheme uses them.
    pub analysis: Option<Analysis>,
    /// What the certification process needs to know.
    pub process: BTreeMap<String, ProcessValue>,
    /// Weights of the pillars in the score, by name.
    pub weights: Vec<Weights>,
    /// The profile that was asked for, if the scheme has levels.
    pub profile: Option<Profile>,
    /// All profiles it offers.
    pub profiles: Vec<Profile>,
    /// Its files.
    pub sources: Sources,
    /// SHA-256 over its files' names and texts, in hexadecimal.
    pub digest: String,
}

/// A group of criteria.
#[derive(Clone, Debug)]
pub struct Pillar {
    /// Its name within the referential.
    pub id: Arc<str>,
    /// Its title.
    pub title: Text,
    /// The level it has to reach, where the profile states one.
    pub minimum: Option<u8>,
}

/// A number of the scheme.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name within the referential; in rules, `param.ID`.
    pub id: Arc<str>,
    /// What it is.
    pub title: Text,
    /// Its value.
    pub value: Decimal,
    /// Its unit.
    pub unit: String,
    /// How facts compare with it.
    pub comparator: Option<CompareOp>,
    /// Whether the scheme published it.
    pub status: Status,
    /// Where it comes from.
    pub source: Text,
    /// How sure that is, where it was said.
    pub confidence: Option<Confidence>,
    /// First day it is valid, where it has one.
    pub valid_from: Option<Date>,
    /// Last day it is valid, where it has one.
    pub valid_to: Option<Date>,
    /// Where it is written.
    pub span: Span,
}

impl Parameter {
    /// Whether it is valid on a day. What states no period always is.
    pub fn holds_on(&self, day: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= day) && self.valid_to.is_none_or(|to| day <= to)
    }

    /// Its value between its comparator and its unit.
    pub fn written(&self) -> String {
        let sign = self.comparator.map_or("", CompareOp::sign);
        format!("{sign} {} {}", self.value, self.unit).trim().into()
    }
}

/// How criteria make a decision.
#[derive(Clone, Debug)]
pub struct Decision {
    /// Severities of which one unsatisfied criterion refuses.
    pub blocking: Vec<Severity>,
    /// Most unsatisfied minor criteria.
    pub minor_tolerated: Option<u32>,
}

/// One requirement.
#[derive(Clone, Debug)]
pub struct Criterion {
    /// Its name within the referential.
    pub id: Arc<str>,
    /// Its name in the world.
    pub urn: Arc<str>,
    /// Where it can be consulted.
    pub uri: Arc<str>,
    /// Its pillar, by position.
    pub pillar: usize,
    /// Its title.
    pub title: Text,
    /// Its text.
    pub text: Text,
    /// What it rests on.
    pub basis: Basis,
    /// Where its text comes from.
    pub source: Text,
    /// To which applications it applies; to all when there is none.
    pub applies: Option<Rule>,
    /// When it is satisfied.
    pub rule: Rule,
    /// For graded criteria, the grades, worst first.
    pub grades: Vec<Grade>,
    /// How much it weighs on the decision.
    pub severity: Severity,
    /// What its points are multiplied by in the score of its pillar.
    pub weight: Decimal,
    /// How to read it.
    pub guidance: Text,
    /// How to mend it.
    pub remedy: Text,
    /// Which evidence counts.
    pub policies: Policies,
    /// Where it is written.
    pub span: Span,
}

impl Criterion {
    /// Every rule that it states: its scope, when it is satisfied, its grades.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> {
        let grades = self.grades.iter().map(|g| &g.when);
        self.applies.iter().chain([&self.rule]).chain(grades)
    }
}

/// One grade of a graded criterion.
#[derive(Clone, Debug)]
pub struct Grade {
    /// The level it gives.
    pub level: u8,
    /// Its points.
    pub points: Decimal,
    /// What it is.
    pub title: Text,
    /// When it is reached.
    pub when: Rule,
}

/// Why a referential could not be loaded.
#[derive(Debug)]
pub struct Failure {
    /// The files, for places.
    pub sources: Sources,
    /// Every defect found.
    pub diagnostics: Vec<Diagnostic>,
}

impl Referential {
    /// The criterion of that name.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|c| &*c.id == id)
    }

    /// Whether some of its criteria grade, so that pillars have levels.
    pub fn is_graded(&self) -> bool {
        self.criteria.iter().any(|c| !c.grades.is_empty())
    }

    /// Reads the `*.toml` files of a directory.
    pub fn read(
        dir: &Path,
        schema: &Schema,
        sets: &Sets,
        profile: Option<&str>,
    ) -> Result<Referential, Failure> {
        let files = files::read(dir).map_err(|(name, fr, en)| Failure {
            sources: Sources::default(),
            diagnostics: vec![Diagnostic::error("referential-unreadable", fr, en).in_file(name)],
        })?;
        let texts: Vec<(&str, &str)> = files
            .iter()
            .map(|(n, t)| (n.as_str(), t.as_str()))
            .collect();
        Referential::from_texts(&texts, schema, sets, profile)
    }

    /// Reads a referential from the names and texts of its files.
    pub fn from_texts(
        texts: &[(&str, &str)],
        schema: &Schema,
        sets: &Sets,
        profile: Option<&str>,
    ) -> Result<Referential, Failure> {
        let mut sorted: Vec<&(&str, &str)> = texts.iter().collect();
        sorted.sort();
        let mut hash = Sha256::new();
        for (name, text) in sorted.iter().copied() {
            hash.update(format!("{name}\0{}\0", text.len()));
            hash.update(text);
        }
        let digest = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        resolve::Resolver::new(schema, sets).run(&sorted, profile, digest)
    }
}
