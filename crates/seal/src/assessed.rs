//! Whether a decision is about what its assessment assessed: what it certifies must be that,
//! and nothing else on the certificate would show it.

use crate::decision::Decision;
use crate::{Refusal, Result, json};
use icu_normalizer::ComposingNormalizerBorrowed;
use serde_json::Value;

/// Checks that the version, the holder and the offering of a decision are those of the
/// assessment. Names are compared whatever their case, blanks, points, commas, apostrophes and
/// hyphens, and however their accents are encoded; a decision that writes another name says which one the assessment has (`assessment.applicant`,
/// `assessment.offering`). What the assessment does not name is not compared. Errors name the
/// field, both values and what to write.
pub(crate) fn check(decision: &Decision, report: &Value) -> Result<()> {
    let text = |path: &[&str]| json::text(report, path);
    let assessed = text(&["referential", "version"]).unwrap_or_default();
    if assessed != decision.scheme.version {
        let decided = &decision.scheme.version;
        return Err(refused(
            format!(
                "scheme.version : « {decided} », mais l'évaluation est selon la version \
                 « {assessed} » de son référentiel"
            ),
            format!(
                "scheme.version: `{decided}`, but the assessment is under version `{assessed}` \
                 of its referential"
            ),
        ));
    }
    let stated = &decision.assessment;
    let (holder, offering) = (&decision.holder.name, &decision.offering.name);
    for (field, name, term, other) in [
        ("holder.name", holder, "applicant", &stated.applicant),
        ("offering.name", offering, "offering", &stated.offering),
    ] {
        if let Some(assessed) = text(&["application", term]) {
            one(field, name, term, other.as_deref(), assessed)?;
        }
    }
    Ok(())
}

/// Checks that a name, or the one stated for it, is the one that was assessed.
fn one(field: &str, name: &str, term: &str, other: Option<&str>, assessed: &str) -> Result<()> {
    let (field, name) = match other {
        Some(other) => (format!("assessment.{term}"), other),
        None => (field.to_owned(), name),
    };
    if plain(name) == plain(assessed) {
        return Ok(());
    }
    let written = toml::Value::from(assessed);
    Err(refused(
        format!(
            "{field} : « {name} », mais l'évaluation est celle de « {assessed} » ; si c'est bien \
             ce qui est visé, écrivez {term} = {written} sous [assessment]"
        ),
        format!(
            "{field}: `{name}`, but the assessment is of `{assessed}`; if that is the one meant, \
             write {term} = {written} under [assessment]"
        ),
    ))
}

/// A name without what is left out or put otherwise when it is written: «S.A.S.» is «SAS», but
/// «C++» is not «C#». Of one that is nothing else, the name itself. Its letters are composed
/// (NFC): a text from a Mac has an accent as a character of its own.
fn plain(name: &str) -> String {
    let left_out = |c: &char| c.is_whitespace() || ".,'’-‐‑".contains(*c);
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(name);
    let kept = composed.chars().filter(|c| !left_out(c));
    let kept: String = kept.flat_map(char::to_lowercase).collect();
    match kept.is_empty() {
        true => composed.into_owned(),
        false => kept,
    }
}

fn refused(fr: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new("decision", fr, en)
}
