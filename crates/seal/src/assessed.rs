//! Whether a decision is about what its assessment assessed: what it certifies must be that,
//! and nothing else on the certificate would show it.

use crate::decision::Decision;
use crate::{Refusal, Result, json};
use serde_json::Value;

/// Checks that the version, the holder and the offering of a decision are those of the
/// assessment. Names are compared by their letters and digits, whatever their case; a decision
/// that writes another name says which one the assessment has (`assessment.applicant`,
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
             de lui qu'il s'agit, écrivez {term} = {written} sous [assessment]"
        ),
        format!(
            "{field}: `{name}`, but the assessment is of `{assessed}`; if that is the one meant, \
             write {term} = {written} under [assessment]"
        ),
    ))
}

/// The letters and digits of a name; of one without any, the name itself.
fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric());
    let letters: String = letters.flat_map(char::to_lowercase).collect();
    match letters.is_empty() {
        true => name.to_owned(),
        false => letters,
    }
}

fn refused(fr: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new("decision", fr, en)
}
