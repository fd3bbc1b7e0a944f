//! What may happen to those one depends on: `knowledge/scenarios/*.toml`.

use crate::regimes::{Confidence, SourceRef, countries, day, malformed, too_large};
use cocarde_model::{Date, Decimal, Diagnostic, Interval, Text};
use serde::{Deserialize, Deserializer};
use std::sync::OnceLock;

/// In which role a party is struck.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// It provides the service.
    Supplier,
    /// It operates or hosts it.
    Operator,
    /// It holds the rights without whose licence the service stops.
    Licensor,
}

/// A scenario, as dated data.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Its name in commands.
    pub id: String,
    /// Its name for people.
    pub name: Text,
    /// What happens.
    pub event: Text,
    /// What one should know besides.
    pub note: Text,
    /// The roles in which parties are struck.
    #[serde(default)]
    pub strikes: Vec<Role>,
    /// Strikes all parties of these countries, or controlled from there, at once.
    #[serde(default, deserialize_with = "countries")]
    pub countries: Vec<String>,
    /// Strikes one party at a time, with those it controls.
    #[serde(default)]
    pub one_at_a_time: bool,
    /// Kinds of parties that it cannot strike, in the words of dossiers.
    #[serde(default)]
    pub spares: Vec<String>,
    /// Strikes services reached that way.
    #[serde(default)]
    pub route: Option<String>,
    /// Hours between the event and the stop, never negative.
    #[serde(deserialize_with = "interval")]
    pub notice_hours: Interval,
    /// The day on which the data were last checked.
    #[serde(deserialize_with = "day")]
    pub as_of: Date,
    /// How sure they are.
    pub confidence: Confidence,
    /// Where all this comes from.
    #[serde(rename = "source")]
    pub sources: Vec<SourceRef>,
}

/// A number, or what is known of it: `12`, `{ min = 10, max = 20 }`, `{ min = 10 }`;
/// never negative.
pub(crate) fn interval<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Interval, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, deny_unknown_fields)]
    enum Stated {
        Exact(u32),
        Between { min: Option<u32>, max: Option<u32> },
    }
    let wanted = "expected a whole number, such as 12, or { min = 10, max = 20 }";
    let stated = Stated::deserialize(deserializer).map_err(|_| serde::de::Error::custom(wanted))?;
    let (lo, hi) = match stated {
        Stated::Between {
            min: None,
            max: None,
        } => return Err(serde::de::Error::custom(wanted)),
        Stated::Exact(n) => (n, Some(n)),
        Stated::Between { min, max } => (min.unwrap_or(0), max),
    };
    Interval::new(Some(lo.into()), hi.map(Decimal::from))
        .ok_or_else(|| serde::de::Error::custom("min is above max"))
}

/// Reads one scenario from the text of its file.
///
/// # Errors
/// What is wrong, with file, line and column.
pub fn parse(name: &str, text: &str) -> Result<Scenario, Box<Diagnostic>> {
    too_large(name, text)?;
    let scenario: Scenario = toml::from_str(text).map_err(|e| malformed(name, text, &e))?;
    let ways = usize::from(!scenario.countries.is_empty())
        + usize::from(scenario.one_at_a_time)
        + usize::from(scenario.route.is_some());
    let defect = if ways != 1 {
        Some((
            "dire une chose parmi `countries`, `one_at_a_time = true` et `route`",
            "state one of `countries`, `one_at_a_time = true` and `route`",
        ))
    } else if scenario.route.is_none() && scenario.strikes.is_empty() {
        Some((
            "dire dans `strikes` qui est frappé : supplier, operator, licensor",
            "state in `strikes` who is struck: supplier, operator, licensor",
        ))
    } else if scenario.sources.is_empty() {
        Some(("donner une [[source]]", "give a [[source]]"))
    } else {
        None
    };
    match defect {
        None => Ok(scenario),
        Some((fr, en)) => Err(Box::new(
            Diagnostic::error(
                "scenario-incomplete",
                "le scénario est incomplet",
                "the scenario is incomplete",
            )
            .in_file(name)
            .help(fr, en),
        )),
    }
}

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        [$((concat!($name, ".toml"), include_str!(concat!("../../../knowledge/scenarios/", $name, ".toml")))),*]
    };
}

/// The scenarios that ship.
pub fn standard() -> &'static [Scenario] {
    static STANDARD: OnceLock<Vec<Scenario>> = OnceLock::new();
    STANDARD.get_or_init(|| {
        let files = shipped![
            "us-vendor-stop",
            "account-deleted-by-host",
            "operator-bankrupt",
            "licence-withdrawn",
            "cable-cut",
        ];
        let read = files.iter().map(|(name, text)| parse(name, text));
        read.collect::<Result<_, _>>()
            .expect("the scenarios that ship are well-formed")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scenarios_that_ship_are_sourced_and_told_in_both_languages() {
        for s in standard() {
            for text in [&s.name, &s.event, &s.note] {
                assert!(!text.fr.is_empty() && !text.en.is_empty(), "{}", s.id);
            }
            assert!(s.sources.iter().all(|s| s.url.starts_with("https://")));
        }
    }

    #[test]
    fn a_defect_names_file_line_and_column() {
        let shipped = include_str!("../../../knowledge/scenarios/us-vendor-stop.toml");
        let told = |from: &str, to: &str| {
            let bad = shipped.replace(from, to);
            assert_ne!(bad, shipped, "{from}");
            let defect = parse("us.toml", &bad).unwrap_err();
            (defect.file.unwrap(), defect.message.en)
        };
        let (place, said) = told("[\"US\"]", "[\"UX\"]");
        assert!(place.starts_with("us.toml:3:"), "{place}");
        assert!(said.contains("UX"), "{said}");
        let (place, _) = told("notice_hours = 0", "notice_hours = { min = 5, max = 2 }");
        assert!(place.starts_with("us.toml:4:"), "{place}");
        told("notice_hours = 0", "notice_hours = -1");
        told("notice_hours = 0", "notice_hours = { min = 5, mx = 9 }");
        told("notice_hours = 0", "notice_hours = {}");
        told("notice_hours = 0", "one_at_a_time = true\nnotice_hours = 0");
        told("strikes = [\"supplier\", \"operator\"]", "");
    }
}
