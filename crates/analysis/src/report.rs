//! Parts that all reports share: they serialise the same way everywhere.

use crate::exact::PLACES;
use cocarde_model::{Decimal, Interval, Text, Truth};
use serde::ser::{Serialize, SerializeStruct, Serializer};

/// A sentence in the two languages that users read.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct Line {
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

impl Line {
    /// The sentence in French and in English.
    pub fn new(fr: impl Into<String>, en: impl Into<String>) -> Line {
        Line {
            fr: fr.into(),
            en: en.into(),
        }
    }

    /// The sentence in `lang` (`"en"` for English, French otherwise).
    pub fn get(&self, lang: &str) -> &str {
        if lang == "en" { &self.en } else { &self.fr }
    }
}

impl From<&Text> for Line {
    fn from(text: &Text) -> Line {
        Line::new(&text.fr, &text.en)
    }
}

/// An interval as reports give it: `{"min": "24.5", "max": "31"}`, exact
/// decimals as strings, `null` for an open end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds(pub Interval);

impl Serialize for Bounds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let end = |d: Option<Decimal>| d.map(|d| d.normalize().to_string());
        let mut s = serializer.serialize_struct("Bounds", 2)?;
        s.serialize_field("min", &end(self.0.lo()))?;
        s.serialize_field("max", &end(self.0.hi()))?;
        s.end()
    }
}

impl schemars::JsonSchema for Bounds {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Bounds".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let end = |which: &str| {
            serde_json::json!({
                "description": format!("{which} value, an exact decimal."),
                "type": ["string", "null"],
            })
        };
        schemars::json_schema!({
            "description": "An interval of exact decimals; null for an open end.",
            "type": "object",
            "properties": { "min": end("Least"), "max": end("Greatest") },
        })
    }
}

impl Bounds {
    /// The percentage for people: `24,5 %` or `24,5 à 31 %`, to two places,
    /// rounded outward; a value known as well as [`PLACES`] tell is rounded to the nearest.
    pub fn percent(&self) -> Line {
        let ends = self.0.lo().zip(self.0.hi());
        let known = ends.filter(|(lo, hi)| *hi - *lo <= Decimal::new(1, PLACES));
        let (lo, hi) = match known {
            Some((lo, _)) => {
                let near = lo.round_dp(2).normalize().to_string();
                (near.clone(), near)
            }
            None => (outward(self.0.lo(), false), outward(self.0.hi(), true)),
        };
        if lo == hi {
            return Line::new(format!("{} %", lo.replace('.', ",")), format!("{lo}%"));
        }
        Line::new(
            format!("{} à {} %", lo.replace('.', ","), hi.replace('.', ",")),
            format!("{lo} to {hi}%"),
        )
    }

    /// The amount in euros for people, rounded outward: to cents below a
    /// thousand euros, else to whole euros; `at least` or `at most` where one end is open.
    pub fn euros(&self) -> Line {
        let small = [self.0.lo(), self.0.hi()].into_iter().flatten().max();
        let small = small.is_some_and(|most| most < Decimal::ONE_THOUSAND);
        let digits = |d: Decimal, up: bool| match small {
            true => cents(&outward(Some(d), up)).replace('.', ","),
            false => {
                let whole = if up { d.ceil() } else { d.floor() };
                grouped(&whole.normalize().to_string())
            }
        };
        let both = |d: Decimal, up: bool| {
            let fr = digits(d, up);
            let en = fr.replace(',', ".").replace('\u{202f}', ",");
            (fr, format!("€{en}"))
        };
        // An amount that may be anything from nothing up is not known at all.
        let lo = self
            .0
            .lo()
            .filter(|lo| !lo.is_zero() || self.0.hi().is_some());
        let lo = lo.map(|lo| both(lo, false));
        let hi = self.0.hi().map(|hi| both(hi, true));
        let euro = |fr: &str| format!("{fr}\u{202f}€");
        match (lo, hi) {
            (Some((fr, en)), Some(hi)) if fr == hi.0 => Line::new(euro(&fr), en),
            (Some(lo), Some(hi)) => Line::new(
                euro(&format!("{} à {}", lo.0, hi.0)),
                format!("{} to {}", lo.1, hi.1),
            ),
            (Some((fr, en)), None) => {
                Line::new(format!("au moins {}", euro(&fr)), format!("at least {en}"))
            }
            (None, Some((fr, en))) => {
                Line::new(format!("au plus {}", euro(&fr)), format!("at most {en}"))
            }
            (None, None) => Line::new("montant inconnu", "unknown amount"),
        }
    }
}

/// Two places, rounded toward plus infinity when `up`, else toward minus infinity.
fn outward(end: Option<Decimal>, up: bool) -> String {
    end.map_or("…".into(), |d| {
        let scaled = d * Decimal::ONE_HUNDRED;
        let whole = if up { scaled.ceil() } else { scaled.floor() };
        (whole / Decimal::ONE_HUNDRED).normalize().to_string()
    })
}

/// Money with cents has two places: `212.40`, but `263`.
fn cents(amount: &str) -> String {
    match amount.split_once('.') {
        Some((euros, cents)) => format!("{euros}.{cents:0<2}"),
        None => amount.into(),
    }
}

/// Digits in groups of three, set apart by a narrow no-break space.
fn grouped(digits: &str) -> String {
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        let left = digits.len() - i;
        if i > 0 && left.is_multiple_of(3) && !out.ends_with('-') {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}

/// Truth as reports give it: `"true"`, `"false"` or `"unknown"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict(pub Truth);

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self.0 {
            Truth::True => "true",
            Truth::False => "false",
            Truth::Unknown => "unknown",
        })
    }
}

impl schemars::JsonSchema for Verdict {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Truth".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "enum": ["true", "false", "unknown"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(lo: &str, hi: &str) -> Bounds {
        let parse = |s: &str| Some(s.parse().unwrap());
        Bounds(Interval::new(parse(lo), parse(hi)).unwrap())
    }

    #[test]
    fn people_read_outward_rounded_figures() {
        assert_eq!(bounds("24.5", "24.5").percent().fr, "24,5 %");
        assert_eq!(
            bounds("33.33333", "33.33334").percent().en,
            "33.33 to 33.34%"
        );
        assert_eq!(
            bounds("1234567.2", "1234567.2").euros().en,
            "€1,234,567 to €1,234,568"
        );
        assert_eq!(
            bounds("900000", "900000").euros().fr,
            "900\u{202f}000\u{202f}€"
        );
        assert_eq!(bounds("212.4", "263").euros().fr, "212,40 à 263\u{202f}€");
    }

    #[test]
    fn people_read_of_an_open_amount_what_is_known_of_it() {
        let of = |lo: Option<&str>, hi: Option<&str>| {
            let parse = |s: Option<&str>| s.map(|s| s.parse().unwrap());
            Bounds(Interval::new(parse(lo), parse(hi)).unwrap()).euros()
        };
        assert_eq!(
            of(Some("940000"), None).fr,
            "au moins 940\u{202f}000\u{202f}€"
        );
        assert_eq!(of(None, Some("12.5")).en, "at most €12.50");
        assert_eq!(of(Some("0"), None).fr, "montant inconnu");
        assert_eq!(of(Some("0"), Some("0")).fr, "0\u{202f}€");
    }

    #[test]
    fn machines_read_exact_strings() {
        assert_eq!(grouped("-1000"), "-1\u{202f}000");
        assert_eq!(grouped("100"), "100");
    }
}
