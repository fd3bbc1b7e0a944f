//! The files of a referential, as written. `referentials/README.md` explains them.

use super::{Basis, analysis::RawAnalysis, words};
use cocarde_model::{Date, Text};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use toml::{Spanned, value::Datetime};

/// How much a criterion weighs on the decision.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Blocks, as a rule.
    Major,
    /// Asks for a plan and a deadline.
    Minor,
    /// Informs.
    Info,
}

/// Whether a number of the scheme was published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// By the scheme's owner.
    Published,
    /// It is ours.
    Assumption,
}

/// Where content of a referential comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Title of the source.
    pub title: String,
    /// Its address, where it has one.
    pub url: Option<String>,
    /// Its date, as far as known.
    pub date: Option<String>,
    /// How sure it is.
    pub confidence: Option<Confidence>,
}

/// How sure what a referential says is, by where it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Confidence {
    /// In the primary source.
    #[serde(rename = "S")]
    Primary,
    /// In a secondary source.
    #[serde(rename = "2")]
    Secondary,
    /// Inferred from what was read.
    #[serde(rename = "I")]
    Inferred,
    /// From memory.
    #[serde(rename = "M")]
    Memory,
}

/// A value of the certification process.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProcessValue {
    /// The value.
    pub value: u32,
    /// Its unit.
    pub unit: Option<String>,
    /// Whether it was published.
    pub status: Status,
    /// What it is.
    pub title: Option<Text>,
    /// Where it comes from.
    #[serde(default, deserialize_with = "words::stated")]
    pub source: Option<Text>,
}

/// Weights of the pillars in the score.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weights {
    /// Its name.
    pub id: String,
    /// What it is.
    pub title: Option<Text>,
    /// Where it comes from.
    #[serde(default, deserialize_with = "words::stated")]
    pub source: Option<Text>,
    /// Weight by pillar.
    pub of: BTreeMap<Spanned<String>, u32>,
}

/// Levels that an offer has to reach.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name.
    pub id: String,
    /// What it is.
    pub title: Option<Text>,
    /// Where it comes from.
    #[serde(default, deserialize_with = "words::stated")]
    pub source: Option<Text>,
    /// Least level by pillar.
    pub minimum: BTreeMap<Spanned<String>, u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Main {
    pub format: Spanned<u32>,
    pub id: String,
    pub urn: String,
    pub uri: String,
    pub version: String,
    pub title: Text,
    #[serde(default)]
    pub aliases: Vec<String>,
    #[serde(deserialize_with = "words::name")]
    pub publisher: Text,
    pub basis: Text,
    #[serde(deserialize_with = "date")]
    pub valid_from: Date,
    #[serde(default)]
    pub source: Vec<Origin>,
    #[serde(default)]
    pub set: Vec<SetOf>,
    pub pillar: Vec<RawPillar>,
    #[serde(default)]
    pub parameter: Vec<Spanned<RawParameter>>,
    pub evidence: Evidence,
    pub decision: RawDecision,
    #[serde(default)]
    pub verdict: words::VerdictWords,
    #[serde(default = "words::level", deserialize_with = "words::name")]
    pub level: Text,
    pub analysis: Option<RawAnalysis>,
    #[serde(default)]
    pub process: BTreeMap<String, ProcessValue>,
    #[serde(default)]
    pub weights: Vec<Spanned<Weights>>,
    #[serde(default)]
    pub profile: Vec<Spanned<Profile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetOf {
    pub id: Spanned<String>,
    pub of: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawPillar {
    pub id: Spanned<String>,
    pub title: Text,
    pub minimum_level: Option<u8>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawParameter {
    pub id: Spanned<String>,
    pub title: Text,
    pub value: Spanned<String>,
    pub unit: String,
    pub comparator: Option<Spanned<String>>,
    pub status: Status,
    #[serde(deserialize_with = "words::name")]
    pub source: Text,
    pub confidence: Option<Confidence>,
    pub valid_from: Option<Spanned<Datetime>>,
    pub valid_to: Option<Spanned<Datetime>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    pub established_by: Option<Vec<Spanned<String>>>,
    pub refuted_by: Option<Vec<Spanned<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawDecision {
    pub blocking: Vec<Severity>,
    pub minor_tolerated: Option<Spanned<Numeral>>,
}

/// A number, written as one or as a string.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a number is expected, as 12 or \"12.5\"")]
pub enum Numeral {
    Number(u32),
    Text(String),
}

impl Numeral {
    /// The number that is written, where it is one of that kind.
    pub fn read<T>(&self, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        match self {
            Numeral::Number(n) => parse(&n.to_string()),
            Numeral::Text(t) => parse(t),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CriteriaFile {
    #[serde(default)]
    pub criterion: Vec<Spanned<RawCriterion>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawCriterion {
    pub id: Spanned<String>,
    pub urn: String,
    pub uri: String,
    pub pillar: Spanned<String>,
    pub title: Text,
    pub text: Text,
    pub basis: Basis,
    #[serde(deserialize_with = "words::name")]
    pub source: Text,
    pub applies: Option<Spanned<String>>,
    pub rule: Option<Spanned<String>>,
    #[serde(default)]
    pub grade: Vec<RawGrade>,
    pub severity: Severity,
    pub weight: Option<Spanned<Numeral>>,
    pub guidance: Text,
    pub remedy: Text,
    #[serde(default)]
    pub properties: BTreeMap<Spanned<String>, Evidence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawGrade {
    pub level: Spanned<u8>,
    pub points: Spanned<String>,
    #[serde(default)]
    pub title: Option<Text>,
    pub when: Spanned<String>,
}

fn date<'de, D: Deserializer<'de>>(d: D) -> Result<Date, D::Error> {
    let day = Datetime::deserialize(d)?;
    day.to_string().parse().map_err(serde::de::Error::custom)
}
