//! Numbers, amounts with units, days and values, as people write them.

use super::{Lang, day};
use cocarde_model::Decimal;
use serde_json::Value;
use std::str::FromStr;

/// A decimal number as people of that language write it.
pub(crate) fn number(lang: Lang, text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |r| ("-", r));
    let (whole, part) = rest.split_once('.').map_or((rest, ""), |(w, p)| (w, p));
    let mut grouped = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) && whole.len() > 4 {
            grouped.push_str(lang.of("\u{202f}", ","));
        }
        grouped.push(c);
    }
    let point = lang.of(",", ".");
    let part = if part.is_empty() {
        String::new()
    } else {
        format!("{point}{part}")
    };
    format!("{sign}{grouped}{part}")
}

/// A value of a report, for people.
pub(crate) fn value(lang: Lang, v: &Value) -> String {
    match v {
        Value::Bool(true) => lang.of("oui", "yes").into(),
        Value::Bool(false) => lang.of("non", "no").into(),
        Value::String(s) if is_number(s) => readable(lang, s),
        Value::String(s) if day(lang, s) != *s => day(lang, s),
        Value::String(s) => lang.quoted(s),
        Value::Array(list) if list.is_empty() => lang.of("aucun", "none").into(),
        Value::Array(list) => {
            let items = list
                .iter()
                .map(|v| v.as_str().unwrap_or_default().to_string());
            lang.quoted(&items.collect::<Vec<_>>().join(", "))
        }
        Value::Object(ends) => interval(lang, ends.get("min"), ends.get("max")),
        other => other.to_string(),
    }
}

fn is_number(s: &str) -> bool {
    let bare = s.strip_prefix('-').unwrap_or(s);
    let (whole, part) = bare.split_once('.').unwrap_or((bare, "0"));
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    // Decimals have no zeros in front: `007` is a text, as `1.2.3` is.
    let padded = whole.len() > 1 && whole.starts_with('0');
    digits(whole) && digits(part) && !padded
}

/// Most decimals of a number that is shown as it is.
const EXACT: u32 = 4;

/// A number that may have been computed; one too long to read is rounded, and says so.
fn readable(lang: Lang, text: &str) -> String {
    match Decimal::from_str(text) {
        Ok(d) if d.scale() > EXACT => {
            format!(
                "≈ {}",
                number(lang, &d.round_dp(EXACT).normalize().to_string())
            )
        }
        _ => number(lang, text),
    }
}

/// The ends of an interval, those too long to read rounded outward to two decimals: what
/// is told holds wherever the interval does.
fn interval(lang: Lang, min: Option<&Value>, max: Option<&Value>) -> String {
    let end = |v: Option<&Value>, outward: fn(&Decimal) -> Decimal| {
        let text = v.and_then(Value::as_str)?;
        Some(match Decimal::from_str(text) {
            Ok(d) if d.scale() > EXACT => {
                let hundredths = outward(&(d * Decimal::ONE_HUNDRED));
                let rounded = (hundredths / Decimal::ONE_HUNDRED).normalize();
                number(lang, &rounded.to_string())
            }
            _ => number(lang, text),
        })
    };
    match (end(min, Decimal::floor), end(max, Decimal::ceil)) {
        (Some(a), Some(b)) => match lang {
            Lang::Fr => format!("entre {a} et {b}"),
            Lang::En => format!("between {a} and {b}"),
        },
        (Some(a), None) => format!("≥ {a}"),
        (None, Some(b)) => format!("≤ {b}"),
        (None, None) => lang.of("inconnu", "unknown").into(),
    }
}

/// A number of a scheme, as `Parameter::written` gives it: `<= 72 hours`.
pub(crate) fn written(lang: Lang, text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(|w| word(lang, w)).collect();
    words.join(" ").replace(" %", lang.of(" %", "%"))
}

/// A comparator, a number or a unit.
fn word(lang: Lang, w: &str) -> String {
    let (fr, en) = match w {
        "<=" => ("≤", "≤"),
        ">=" => ("≥", "≥"),
        "==" => ("=", "="),
        "!=" => ("≠", "≠"),
        "hours" => ("heures", w),
        "days" => ("jours", w),
        "months" => ("mois", w),
        "years" => ("ans", w),
        "suppliers" => ("fournisseurs", w),
        w if is_number(w) => return number(lang, w),
        w => (w, w),
    };
    lang.of(fr, en).to_string()
}

/// Whether that many are told in the singular: less than two are in French, one is in English.
pub(crate) fn is_one(lang: Lang, n: Decimal) -> bool {
    match lang {
        Lang::Fr => n.abs() < Decimal::TWO,
        Lang::En => n == Decimal::ONE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_each_language_does() {
        assert_eq!(number(Lang::Fr, "1234567.5"), "1\u{202f}234\u{202f}567,5");
        assert_eq!(number(Lang::En, "1234567.5"), "1,234,567.5");
        assert_eq!(number(Lang::Fr, "2026"), "2026");
    }

    #[test]
    fn a_text_of_digits_is_no_number() {
        let of = |text: &str| value(Lang::Fr, &serde_json::json!(text));
        assert_eq!(of("1.2.3"), "« 1.2.3 »");
        assert_eq!(of("000000059"), "« 000000059 »");
        assert_eq!((&*of("-0.5"), &*of("0")), ("-0,5", "0"));
    }

    #[test]
    fn a_value_that_is_a_day_is_in_words() {
        let of = |text: &str| value(Lang::Fr, &serde_json::json!(text));
        assert_eq!(of("2026-07-10"), "10 juillet 2026");
        assert_eq!(of("2026-13-10"), "« 2026-13-10 »");
        assert_eq!(of("iso-9-1"), "« iso-9-1 »");
        assert_eq!(of("norme 2026-07-10"), "« norme 2026-07-10 »");
    }

    #[test]
    fn computed_ends_are_rounded_outward_and_stated_ones_kept() {
        let of =
            |min: &str, max: &str| value(Lang::Fr, &serde_json::json!({ "min": min, "max": max }));
        assert_eq!(
            of("17.913419913419", "17.91341991342"),
            "entre 17,91 et 17,92"
        );
        assert_eq!(of("95.2", "95.8125"), "entre 95,2 et 95,8125");
        let exact = serde_json::json!("0.333333333333");
        assert_eq!(value(Lang::En, &exact), "≈ 0.3333");
    }

    #[test]
    fn a_number_of_a_scheme_has_its_sign_and_unit_in_words() {
        assert_eq!(written(Lang::Fr, "<= 72 hours"), "≤ 72 heures");
        assert_eq!(written(Lang::Fr, "> 50 %"), "> 50 %");
        assert_eq!(written(Lang::En, ">= 12.5 %"), "≥ 12.5%");
    }
}
