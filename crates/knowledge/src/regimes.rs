//! Legal regimes that reach data beyond a border: `knowledge/regimes/*.toml`.

use crate::countries::Countries;
use cocarde_model::{Date, Diagnostic, SourceFile, Text};
use serde::{Deserialize, Deserializer};
use std::sync::OnceLock;

/// Bytes that a file of a regime may have.
pub const MAX_BYTES: usize = 64 * 1024;

/// What makes an actor subject to a regime.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieKind {
    /// It has its seat, central administration or main establishment there.
    Incorporation,
    /// Someone who has controls it, directly or not.
    Control,
    /// It has a site or staff there.
    Presence,
    /// The data or equipment are there.
    Location,
    /// The data are administered or supported from there.
    Administration,
}

/// A tie and the provision that founds it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TieRule {
    /// Which tie.
    pub kind: TieKind,
    /// Why it makes an actor subject, in French.
    pub fr: String,
    /// Why it makes an actor subject, in English.
    pub en: String,
}

/// What a regime can take or stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Aspect {
    /// What customers entrusted, readable.
    Content,
    /// Who, when, from where, how much: what the service itself must know.
    Metadata,
    /// Whether the service goes on.
    Availability,
}

/// How sure the data are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// The text itself was read.
    Primary,
    /// From commentary on the text.
    Secondary,
    /// General knowledge of the field, to be checked against the text.
    General,
}

/// Where a statement about a regime comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceRef {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub url: String,
}

/// A regime, as dated data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regime {
    /// Its name in reports and rules.
    pub id: String,
    /// Its name for people.
    pub name: Text,
    /// The provision.
    pub provision: String,
    /// The countries whose law it is, ISO 3166-1 alpha-2.
    #[serde(deserialize_with = "countries")]
    pub countries: Vec<String>,
    /// In force since.
    #[serde(deserialize_with = "day")]
    pub in_force: Date,
    /// After this day the data must be looked at again before they are relied on.
    #[serde(default, deserialize_with = "some_day")]
    pub review_by: Option<Date>,
    /// The day on which the data were last checked.
    #[serde(deserialize_with = "day")]
    pub as_of: Date,
    /// How sure they are.
    pub confidence: Confidence,
    /// What the regime can take or stop.
    pub yields: Vec<Aspect>,
    /// What one should know besides.
    pub note: Text,
    /// What makes an actor subject.
    #[serde(rename = "tie")]
    pub ties: Vec<TieRule>,
    /// Where all this comes from.
    #[serde(rename = "source")]
    pub sources: Vec<SourceRef>,
}

impl Regime {
    /// Whether that country's law it is.
    pub fn is_of(&self, country: &str) -> bool {
        self.countries.iter().any(|c| c == country)
    }
}

pub(crate) fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let stated = toml::value::Datetime::deserialize(deserializer)?;
    let whole = stated.date.filter(|_| stated.time.is_none());
    whole
        .and_then(|d| Date::new(d.year as i16, d.month as i8, d.day as i8).ok())
        .ok_or_else(|| serde::de::Error::custom("expected a day, such as 2026-01-15"))
}

fn some_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    day(deserializer).map(Some)
}

pub(crate) fn countries<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<String>, D::Error> {
    let codes = Vec::<String>::deserialize(deserializer)?;
    match codes.iter().find(|c| !Countries::standard().is_country(c)) {
        Some(code) => Err(serde::de::Error::custom(format!(
            "`{code}` is not an ISO 3166-1 alpha-2 code"
        ))),
        None if codes.is_empty() => Err(serde::de::Error::custom("no country")),
        None => Ok(codes),
    }
}

/// Reads one regime from the text of its file.
///
/// # Errors
/// What is wrong, with file, line and column.
pub fn parse(name: &str, text: &str) -> Result<Regime, Box<Diagnostic>> {
    too_large(name, text)?;
    let regime: Regime = toml::from_str(text).map_err(|e| malformed(name, text, &e))?;
    let missing = if regime.ties.is_empty() {
        Some(("aucun rattachement", "no tie"))
    } else if regime.sources.is_empty() {
        Some(("aucune source", "no source"))
    } else if regime.yields.is_empty() {
        Some(("rien que le régime donne", "nothing that the regime yields"))
    } else {
        None
    };
    match missing {
        Some((fr, en)) => {
            let error = Diagnostic::error("regime-incomplete", fr, en);
            Err(Box::new(error.in_file(name)))
        }
        None => Ok(regime),
    }
}

/// Refuses a file of more than [`MAX_BYTES`].
pub(crate) fn too_large(name: &str, text: &str) -> Result<(), Box<Diagnostic>> {
    if text.len() <= MAX_BYTES {
        return Ok(());
    }
    let (fr, en) = (
        format!("plus de {MAX_BYTES} octets"),
        format!("more than {MAX_BYTES} bytes"),
    );
    let error = Diagnostic::error("file-too-large", fr, en);
    Err(Box::new(error.in_file(name)))
}

pub(crate) fn malformed(name: &str, text: &str, error: &toml::de::Error) -> Box<Diagnostic> {
    let file = SourceFile::new(name, text);
    let place = error.span().map_or(name.to_string(), |span| {
        let (line, col) = file.line_col(span.start as u32);
        format!("{name}:{line}:{col}")
    });
    let message = error.message();
    Box::new(Diagnostic::error("regime-malformed", message, message).in_file(place))
}

/// Reads regimes from the texts of their files, given as name and text.
///
/// # Errors
/// Every defect of every file; two regimes of the same id.
pub fn parse_all(files: &[(&str, &str)]) -> Result<Vec<Regime>, Vec<Diagnostic>> {
    let mut regimes: Vec<Regime> = Vec::new();
    let mut defects = Vec::new();
    for (name, text) in files {
        match parse(name, text) {
            Ok(regime) if regimes.iter().any(|r| r.id == regime.id) => {
                let id = &regime.id;
                let (fr, en) = (
                    format!("le régime « {id} » est défini deux fois"),
                    format!("regime \"{id}\" is defined twice"),
                );
                defects.push(Diagnostic::error("regime-twice", fr, en).in_file(*name));
            }
            Ok(regime) => regimes.push(regime),
            Err(defect) => defects.push(*defect),
        }
    }
    if defects.is_empty() {
        Ok(regimes)
    } else {
        Err(defects)
    }
}

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        [$((concat!($name, ".toml"), include_str!(concat!("../../../knowledge/regimes/", $name, ".toml")))),*]
    };
}

/// The regimes that ship.
pub fn standard() -> &'static [Regime] {
    static STANDARD: OnceLock<Vec<Regime>> = OnceLock::new();
    STANDARD.get_or_init(|| {
        let files = shipped![
            "us-cloud-act",
            "us-fisa-702",
            "us-eo-12333",
            "us-export-controls",
            "cn-intelligence",
            "cn-data-security",
            "gb-investigatory-powers",
            "ru-yarovaya",
            "in-it-act",
            "eu-e-evidence",
        ];
        parse_all(&files).expect("the regimes that ship are well-formed")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_regimes_that_ship_are_complete() {
        let regimes = standard();
        assert_eq!(regimes.len(), 10);
        for r in regimes {
            assert!(!r.name.fr.is_empty() && !r.name.en.is_empty(), "{}", r.id);
            assert!(
                r.sources.iter().all(|s| s.url.starts_with("https://")),
                "{}",
                r.id
            );
            assert!(r.in_force <= r.as_of || r.id.starts_with("eu-"), "{}", r.id);
        }
        // One law of the whole Union, kept equal to the set of its members.
        let eu = regimes.iter().find(|r| r.id == "eu-e-evidence").unwrap();
        let members = Countries::standard().set("eu").unwrap();
        let bound = members.iter().filter(|c| *c != "DK");
        assert!(eu.countries.iter().eq(bound));
    }

    #[test]
    fn a_defect_names_file_line_and_column() {
        let shipped = include_str!("../../../knowledge/regimes/us-cloud-act.toml");
        let bad = shipped.replace("[\"US\"]", "[\"UX\"]");
        let defect = parse("us.toml", &bad).unwrap_err();
        assert_eq!(defect.message.en, "`UX` is not an ISO 3166-1 alpha-2 code");
        let place = defect.file.unwrap();
        let line = bad.lines().position(|l| l.contains("UX")).unwrap() + 1;
        assert!(place.starts_with(&format!("us.toml:{line}:")), "{place}");

        let unknown = shipped.replace("yields", "gives");
        assert!(
            parse("us.toml", &unknown)
                .unwrap_err()
                .message
                .en
                .contains("gives")
        );
        let twice = parse_all(&[("a.toml", shipped), ("b.toml", shipped)]).unwrap_err();
        assert_eq!(twice[0].code, "regime-twice");
        let untied: String = shipped.split("[[tie]]").next().unwrap().into();
        assert!(parse("us.toml", &untied).is_err());
    }
}
