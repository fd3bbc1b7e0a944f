//! An assessment as others read it: every answer with its rule, its facts, and
//! where each came from. The JSON form is published as a schema.

mod nearest;
mod roles;
mod write;

use crate::assess::{Assessment, Outcome, Verdict};
use crate::eval::{Admission, Context};
use crate::load::{Basis, Criterion, Parameter, Referential, Severity, Status};
use crate::scores::{Range, pillar_level, pillar_score, score};
use cocarde_model::{
    Fact, FactBase, FieldId, Provenance, RecordId, Slot, SlotKey, Span, Text, TypeId, Value,
};
use schemars::JsonSchema;
use serde::Serialize;

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Bilingual {
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

impl From<&Text> for Bilingual {
    fn from(t: &Text) -> Bilingual {
        Bilingual {
            fr: t.fr.clone(),
            en: t.en.clone(),
        }
    }
}

impl Bilingual {
    /// The text in `lang` (`"en"` for English, French otherwise).
    pub fn get(&self, lang: &str) -> &str {
        if lang == "en" { &self.en } else { &self.fr }
    }
}

/// An application against a referential.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// Version of this format.
    pub format: u32,
    /// What was assessed.
    pub application: Application,
    /// Against what.
    pub referential: ReferentialRef,
    /// The day the assessment speaks of, ISO 8601.
    pub as_of: String,
    /// The verdict on the whole.
    pub verdict: Verdict,
    /// What it means to the applicant, in the scheme's words, once it is decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meaning: Option<Bilingual>,
    /// How many criteria came out how.
    pub counts: Counts,
    /// By pillar.
    pub pillars: Vec<PillarReport>,
    /// Weighted scores in percent, for schemes that have one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scores: Vec<ScoreReport>,
    /// Criterion by criterion, in the referential's order.
    pub criteria: Vec<CriterionReport>,
}

/// What was assessed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Application {
    /// Name of the applicant, where it is stated.
    pub applicant: Option<String>,
    /// Name of the offering.
    pub offering: Option<String>,
    /// Sector of the offering.
    pub kind: Option<String>,
    /// SHA-256 over the dossier, in hexadecimal.
    pub digest: String,
}

/// A referential, as an assessment names it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReferentialRef {
    /// Its name in commands.
    pub id: String,
    /// Its name in the world.
    pub urn: String,
    /// Its version.
    pub version: String,
    /// Its title.
    pub title: Bilingual,
    /// What its file rests on.
    pub basis: Bilingual,
    /// The profile that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// What it calls a level, where it grades.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Bilingual>,
    /// SHA-256 over its files, in hexadecimal.
    pub digest: String,
}

/// How many criteria came out how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// Satisfied.
    pub satisfied: u32,
    /// Not satisfied.
    pub not_satisfied: u32,
    /// Of these, blocking.
    pub blocking: u32,
    /// Undetermined.
    pub undetermined: u32,
    /// Not applicable.
    pub not_applicable: u32,
    /// Criteria that apply and rest on an assumption, in their text or in a number.
    pub on_assumption: u32,
}

/// A pillar.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PillarReport {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: Bilingual,
    /// How its criteria came out.
    pub counts: Counts,
    /// The level reached, for graded pillars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Span1<u8>>,
    /// The level asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub minimum: Option<u8>,
    /// Points in percent of the most, for graded pillars.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<Span1<String>>,
}

/// A least and a most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Span1<T> {
    /// Least possible.
    pub min: T,
    /// Most possible.
    pub max: T,
}

/// A weighted score.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ScoreReport {
    /// Name of the set of weights.
    pub weights: String,
    /// The score, in percent.
    pub score: Span1<String>,
}

/// One criterion.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CriterionReport {
    /// Its name.
    pub id: String,
    /// Its name in the world.
    pub urn: String,
    /// Where it can be consulted.
    pub uri: String,
    /// Its pillar.
    pub pillar: String,
    /// Its title.
    pub title: Bilingual,
    /// Its text.
    pub text: Bilingual,
    /// What it rests on.
    pub basis: Basis,
    /// Numbers of ours that its rule uses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<AssumedNumber>,
    /// Numbers that its rule uses and that are not valid on the day of the assessment.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub out_of_period: Vec<LapsedNumber>,
    /// How much it weighs.
    pub severity: Severity,
    /// The verdict.
    pub verdict: Verdict,
    /// Its rule.
    pub rule: String,
    /// For a graded criterion, the grades that remain possible.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub grades: Vec<GradeReport>,
    /// For a graded criterion, whether it may be that none is reached.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub may_lack_grade: bool,
    /// The properties that force the verdict, or that leave it open, with their facts.
    pub properties: Vec<PropertyReport>,
    /// Minimal sets of properties that would decide it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<Vec<MissingReport>>,
    /// Whether there may be other such sets.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub more_missing: bool,
    /// For each of these sets, whether every fact of it is shown to be needed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_proven: Vec<bool>,
    /// The least change that would satisfy it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<NearestReport>,
    /// How to read it.
    pub guidance: Bilingual,
    /// How to mend it.
    pub remedy: Bilingual,
}

/// A number of the scheme that is ours.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AssumedNumber {
    /// Its name.
    pub id: String,
    /// What it is.
    pub title: Bilingual,
    /// Its value, with its comparator and unit.
    pub value: String,
}

/// A number of the scheme that is not valid on the day of the assessment.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LapsedNumber {
    /// Its name.
    pub id: String,
    /// What it is.
    pub title: Bilingual,
    /// Its value, with its comparator and unit.
    pub value: String,
    /// First day it is valid (YYYY-MM-DD).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<String>,
    /// Last day it is valid (YYYY-MM-DD).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_to: Option<String>,
}

/// A grade.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GradeReport {
    /// Its level.
    pub level: u8,
    /// Its points.
    pub points: String,
    /// What it is.
    pub title: Bilingual,
}

/// A property, and all that is known of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PropertyReport {
    /// The property: `type:id.field`.
    pub property: String,
    /// What it means.
    pub label: Bilingual,
    /// Whether it is a list; its facts are then its members.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub list: bool,
    /// Whether admissible evidence establishes it; for a list, whether it is complete.
    pub established: bool,
    /// Whether admissible facts disagree on it, or what counts says otherwise than what is
    /// declared.
    pub contradicted: bool,
    /// Every fact on it, in the order in which they are stated.
    pub facts: Vec<FactReport>,
}

/// What a fact does for a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// It establishes the property.
    Establishes,
    /// It claims it, which is not enough here.
    Claims,
    /// It stands against the claim.
    Refutes,
    /// It is a mere declaration, and what counts says otherwise.
    Contradicted,
    /// It is kept and does not count here.
    Kept,
    /// It is kept, and says nothing of the day of the assessment: it does not speak yet, or
    /// no longer.
    Lapsed,
}

/// A fact.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FactReport {
    /// What it says: a truth, text, number as text, `{min, max}`, or list.
    pub value: serde_json::Value,
    /// How it is known.
    #[schemars(with = "String")]
    pub provenance: Provenance,
    /// What it does here.
    pub role: Role,
    /// Confidence from 0 to 1, where it was measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<String>,
    /// Where it is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// The document that supports it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<DocumentRef>,
    /// The server that answered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    /// When it was measured or observed, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Who observed, ruled or derived it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// What was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The same in English, where `note` is in French.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note_en: Option<String>,
    /// Whether it settles the property.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub ruling: bool,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from one.
    pub line: u32,
    /// The column, from one, in characters.
    pub column: u32,
    /// How many characters, on that line.
    pub length: u32,
    /// The line's text.
    pub excerpt: String,
}

/// A document, as facts cite it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DocumentRef {
    /// Its name.
    pub id: String,
    /// Its title, or else its file.
    pub title: String,
    /// The page, from one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
}

/// A property that is not known well enough.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MissingReport {
    /// The property: `type:id.field`.
    pub property: String,
    /// What it means.
    pub label: Bilingual,
    /// Whether it is a list of which it is not known if there are others.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub open_list: bool,
    /// What is claimed of it, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed: Option<serde_json::Value>,
    /// How what is claimed is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub claimed_how: Option<Provenance>,
    /// Whether admissible facts disagree on it: then no proof more establishes it, before
    /// someone rules or what is said otherwise ends.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub contradicted: bool,
    /// Which evidence would establish it.
    pub accepted: Vec<String>,
    /// Where the record it belongs to is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
}

/// The least change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct NearestReport {
    /// Its cost, in points of effort.
    pub cost: u64,
    /// Whether it is proven that none costs less.
    pub proven: bool,
    /// What to change.
    pub edits: Vec<EditReport>,
}

/// One change.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EditReport {
    /// `establish`, `change`, `complete`, `remove` or `add`.
    pub kind: String,
    /// The property, or the list.
    pub property: String,
    /// What the property means.
    pub label: Bilingual,
    /// To which value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<serde_json::Value>,
    /// What that value is called, where it is a record that has a name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_name: Option<String>,
    /// The record that is added or removed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// Which other amounts, or days, would do as well, all else being as it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reach: Option<ReachReport>,
}

/// All between two bounds; without end where there is none.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReachReport {
    /// From there on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least: Option<BoundReport>,
    /// Up to there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub most: Option<BoundReport>,
}

/// A bound of amounts or days.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct BoundReport {
    /// The amount or day.
    pub at: serde_json::Value,
    /// Whether it does itself.
    pub included: bool,
}

/// Version of the JSON format.
const FORMAT: u32 = 1;

/// The JSON Schema of [`Report`], draft 2020-12.
pub fn json_schema() -> serde_json::Value {
    // Of what is written: a field that may be left out is not required.
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Report>();
    schema.insert(
        "$id".into(),
        "https://cocarde.example/schemas/assessment-1.json".into(),
    );
    serde_json::to_value(schema).unwrap_or_default()
}

/// Writes an assessment out.
pub fn report(
    referential: &Referential,
    base: &FactBase,
    assessment: &Assessment,
    digest: &str,
) -> Report {
    write::Writer {
        referential,
        base,
        assessment,
    }
    .report(digest)
}
