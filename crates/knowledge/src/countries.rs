//! Countries and sets of countries: `knowledge/countries.toml`.

use cocarde_model::{Text, did_you_mean};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Whether a text is written as a country code is, in two capitals, whether or not there is
/// such a country: who measures takes what registries say.
pub fn is_country_code(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())
}

/// The countries of ISO 3166-1 and the sets that referentials speak of.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countries {
    /// Where the codes come from.
    pub meta: Meta,
    country: BTreeMap<String, Text>,
    #[serde(rename = "set")]
    sets: Vec<CountrySet>,
}

/// Where data come from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// What the data are, in French.
    pub fr: String,
    /// What the data are, in English.
    pub en: String,
    /// The source.
    pub source: String,
    /// The day on which they were right.
    pub as_of: toml::value::Datetime,
}

/// A named set of countries.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountrySet {
    /// Its name in rules.
    pub name: String,
    /// What it is, in French.
    pub fr: String,
    /// What it is, in English.
    pub en: String,
    /// The source.
    pub source: String,
    /// The day on which it was right.
    pub as_of: toml::value::Datetime,
    /// Its members' codes, sorted.
    pub members: Vec<String>,
}

impl Countries {
    /// The countries that ship.
    pub fn standard() -> &'static Countries {
        static STANDARD: OnceLock<Countries> = OnceLock::new();
        STANDARD.get_or_init(|| {
            let text = include_str!("../../../knowledge/countries.toml");
            toml::from_str(text).expect("the countries that ship are well-formed")
        })
    }

    /// Whether `code` is an ISO 3166-1 alpha-2 code, in capitals.
    pub fn is_country(&self, code: &str) -> bool {
        self.country.contains_key(code)
    }

    /// The usual name in `lang` (`"en"` for English, French otherwise).
    pub fn name(&self, code: &str, lang: &str) -> Option<&str> {
        self.country.get(code).map(|t| t.get(lang))
    }

    /// All codes, sorted.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.country.keys().map(String::as_str)
    }

    /// The members of the set of that name, sorted; `None` when there is none.
    pub fn set(&self, name: &str) -> Option<&[String]> {
        let set = self.sets.iter().find(|s| s.name == name)?;
        Some(&set.members)
    }

    /// All sets.
    pub fn sets(&self) -> &[CountrySet] {
        &self.sets
    }

    /// The code that was probably meant: the same in capitals, a country's name
    /// in either language, or a code in common use that ISO 3166-1 does not have.
    pub fn guess(&self, word: &str) -> Option<&str> {
        if word.len() > 64 {
            return None;
        }
        let mut capitals = word.trim().to_uppercase();
        capitals.retain(|c| c != '.');
        let code = match capitals.as_str() {
            "UK" => "GB",
            "EL" => "GR",
            "USA" => "US",
            "FRA" => "FR",
            other => other,
        };
        if let Some((code, _)) = self.country.get_key_value(code) {
            return Some(code);
        }
        let plain = plain(word);
        let named = |t: &Text| self::plain(&t.fr) == plain || self::plain(&t.en) == plain;
        let by_name = self.country.iter().find(|(_, t)| named(t));
        match by_name {
            Some((code, _)) => Some(code),
            // One key too many; a wrong letter among two could be any country.
            None if capitals.len() == 3 => did_you_mean(&capitals, self.codes()),
            None => None,
        }
    }
}

/// A name as people type it: small letters, without accents, words apart by one space.
fn plain(name: &str) -> String {
    let folded = name.to_lowercase().replace('œ', "oe").replace('æ', "ae");
    let letters = folded.chars().map(|c| match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        c if c.is_alphanumeric() => c,
        _ => ' ',
    });
    let letters: String = letters.collect();
    letters.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_countries_that_ship_are_whole() {
        let c = Countries::standard();
        assert_eq!(c.codes().count(), 249);
        let eu = c.set("eu").unwrap();
        let eea = c.set("eea").unwrap();
        assert_eq!((eu.len(), eea.len()), (27, 30));
        assert!(eu.iter().all(|m| eea.contains(m)));
        for set in c.sets() {
            assert!(set.members.is_sorted() && set.members.iter().all(|m| c.is_country(m)));
        }
        for code in c.codes() {
            assert!(is_country_code(code));
        }
    }

    #[test]
    fn a_name_without_its_accents_is_that_country_and_no_other() {
        let c = Countries::standard();
        for (code, name) in &c.country {
            for name in [&name.fr, &name.en] {
                assert_eq!(c.guess(&plain(name)), Some(code.as_str()), "{name}");
                assert!(plain(name).is_ascii(), "{name}");
            }
        }
    }

    #[test]
    fn what_was_meant_is_guessed() {
        let c = Countries::standard();
        assert_eq!(c.guess("fr"), Some("FR"));
        assert_eq!(c.guess("UK"), Some("GB"));
        assert_eq!(c.guess("états-unis"), Some("US"));
        assert_eq!(c.guess("Germany"), Some("DE"));
        assert_eq!(c.guess("Etats Unis"), Some("US"));
        assert_eq!(c.guess("U.S.A."), Some("US"));
        assert_eq!(c.guess("FRR"), Some("FR"));
        assert_eq!(c.guess("Atlantis"), None);
    }
}
