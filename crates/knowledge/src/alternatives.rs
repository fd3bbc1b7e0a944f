//! What can stand in for a service: `knowledge/alternatives/*.toml`, one file a
//! capability. Products and publishers are public facts with their source; costs
//! and delays are our estimates, and say so.

use crate::countries::Countries;
use crate::regimes::{Confidence, SourceRef, day, malformed, too_large};
use crate::scenarios::interval;
use cocarde_model::{Date, Decimal, Diagnostic, Interval, Text};
use serde::Deserialize;
use std::sync::OnceLock;

/// What one capability costs to replace.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// Euros whatever the number of users, first year included.
    #[serde(deserialize_with = "interval")]
    pub fixed: Interval,
    /// Euros for each user, first year included.
    #[serde(deserialize_with = "interval")]
    pub per_user: Interval,
    /// Days to put it in place.
    #[serde(deserialize_with = "interval")]
    pub days: Interval,
    /// What the estimate rests on.
    pub basis: Text,
}

impl Estimate {
    /// The cost for that many users, in euros.
    pub fn cost(&self, users: Interval) -> Interval {
        if self.per_user == Interval::ZERO {
            return self.fixed;
        }
        let times =
            |a: Option<Decimal>, b: Option<Decimal>| a.zip(b).and_then(|(a, b)| a.checked_mul(b));
        let lo = times(self.per_user.lo(), users.lo());
        let hi = times(self.per_user.hi(), users.hi());
        let variable = Interval::new(lo, hi).unwrap_or(Interval::ALL);
        self.fixed.add(variable)
    }
}

/// A product of the European market.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Alternative {
    /// Its name among all alternatives.
    pub id: String,
    /// The product.
    pub name: String,
    /// Who publishes it.
    pub publisher: String,
    /// The publisher's seat, ISO 3166-1 alpha-2.
    pub seat: String,
    /// From where the publisher is controlled, where a source says so.
    #[serde(default)]
    pub controlled_from: Option<String>,
    /// Its licence, as an SPDX expression, where it is free software.
    #[serde(default)]
    pub licence: Option<String>,
    /// Whether one can run it oneself, so that nobody else can stop it.
    pub self_hosted: bool,
    /// What to know besides.
    #[serde(default)]
    pub note: Text,
    /// Where all this comes from.
    #[serde(rename = "source")]
    pub sources: Vec<SourceRef>,
}

/// A capability and what gives it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Capability {
    /// The word that services use.
    pub capability: String,
    /// Its name for people.
    pub name: Text,
    /// The day on which the data were last checked.
    #[serde(deserialize_with = "day")]
    pub as_of: Date,
    /// How sure they are.
    pub confidence: Confidence,
    /// What replacing costs.
    pub estimate: Estimate,
    /// The products.
    #[serde(rename = "alternative")]
    pub alternatives: Vec<Alternative>,
}

/// Reads one capability from the text of its file.
///
/// # Errors
/// What is wrong, with file, line and column.
pub fn parse(name: &str, text: &str) -> Result<Capability, Box<Diagnostic>> {
    too_large(name, text)?;
    let read: Capability = toml::from_str(text).map_err(|e| malformed(name, text, &e))?;
    for a in &read.alternatives {
        let countries = [Some(&a.seat), a.controlled_from.as_ref()];
        let mut countries = countries.into_iter().flatten();
        let stray = countries.find(|c| !Countries::standard().is_country(c));
        let defect = match stray {
            Some(code) => Some((
                format!("{} : « {code} » n'est pas un code de pays", a.id),
                format!("{}: `{code}` is not a country code", a.id),
            )),
            None if a.sources.is_empty() => Some((
                format!("{} : aucune source", a.id),
                format!("{}: no source", a.id),
            )),
            None => None,
        };
        if let Some((fr, en)) = defect {
            return Err(Box::new(
                Diagnostic::error("alternative-malformed", fr, en).in_file(name),
            ));
        }
    }
    Ok(read)
}

macro_rules! shipped {
    ($($name:literal),* $(,)?) => {
        [$((concat!($name, ".toml"), include_str!(concat!("../../../knowledge/alternatives/", $name, ".toml")))),*]
    };
}

/// The capabilities that ship.
pub fn standard() -> &'static [Capability] {
    static STANDARD: OnceLock<Vec<Capability>> = OnceLock::new();
    STANDARD.get_or_init(|| {
        let files = shipped![
            "directory",
            "mail",
            "office",
            "virtualisation",
            "hosting",
            "videoconference",
            "erp"
        ];
        let read = files.iter().map(|(name, text)| parse(name, text));
        read.collect::<Result<_, _>>()
            .expect("the alternatives that ship are well-formed")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_alternatives_that_ship_are_sourced_and_unique() {
        let mut seen = std::collections::BTreeSet::new();
        for capability in standard() {
            for a in &capability.alternatives {
                assert!(seen.insert(&a.id), "{} twice", a.id);
                assert!(
                    a.sources.iter().all(|s| s.url.starts_with("https://")),
                    "{}",
                    a.id
                );
                // What one runs oneself, one may run: a free licence.
                assert_eq!(a.self_hosted, a.licence.is_some(), "{}", a.id);
            }
        }
    }

    #[test]
    fn the_cost_follows_the_number_of_users() {
        let number = |lo: i64, hi: i64| Interval::new(Some(lo.into()), Some(hi.into())).unwrap();
        let estimate = Estimate {
            fixed: number(1000, 2000),
            per_user: number(10, 30),
            days: number(1, 2),
            basis: Text::default(),
        };
        assert_eq!(estimate.cost(number(100, 100)), number(2000, 5000));
        let unknown = Interval::at_least(0.into());
        assert_eq!(estimate.cost(unknown), Interval::at_least(1000.into()));
    }

    #[test]
    fn a_defect_is_named() {
        let shipped = include_str!("../../../knowledge/alternatives/mail.toml");
        let bad = shipped.replacen("seat = \"FR\"", "seat = \"FX\"", 1);
        let said = parse("mail.toml", &bad).unwrap_err();
        assert!(said.message.en.contains("FX"));
        assert!(
            parse("mail.toml", "capability = 3")
                .unwrap_err()
                .file
                .unwrap()
                .starts_with("mail.toml:1:")
        );
    }
}
