//! What stops when someone fails: as text for a terminal, and as a picture.

mod picture;
mod text;

pub use picture::picture;
pub use text::text;

use crate::words::Lang;
use cocarde_analysis::report::Line;
use cocarde_analysis::resilience::{Outcome, Range};

fn line(lang: Lang, line: &Line) -> &str {
    line.get(lang.code())
}

/// Hours, for people: `4 h`, `4 à 30 h`, `24 h à 91 jours`, `au plus tôt 4 h`.
fn hours(lang: Lang, range: &Range) -> String {
    span(lang, range, |hours| match days_of(hours) {
        Some(n) => (n.clone(), days(lang, &n)),
        None => (hours.into(), " h"),
    })
}

/// A span of time, its ends as `unit` says them; the unit once where it is the same.
fn span(lang: Lang, range: &Range, unit: impl Fn(&str) -> (String, &'static str)) -> String {
    let to = lang.of("à", "to");
    let end = |e: &Option<String>| e.as_deref().map(&unit);
    match (end(&range.min), end(&range.max)) {
        (Some(a), Some(b)) if a == b => format!("{}{}", a.0, a.1),
        (Some((a, u)), Some((b, v))) if u == v => format!("{a} {to} {b}{u}"),
        (Some((a, u)), Some((b, v))) => format!("{a}{u} {to} {b}{v}"),
        (Some((a, u)), None) => format!("{} {a}{u}", lang.of("au plus tôt", "no sooner than")),
        (None, Some((b, v))) => format!("{} {b}{v}", lang.of("au plus", "at most")),
        (None, None) => lang.of("un jour", "some day").into(),
    }
}

/// The unit of that many days; none is one in French, and several in English.
fn days(lang: Lang, n: &str) -> &'static str {
    match (lang, n) {
        (Lang::Fr, "0" | "1") => " jour",
        (Lang::Fr, _) => " jours",
        (Lang::En, "1") => " day",
        (Lang::En, _) => " days",
    }
}

/// Whole days, where that many hours are more than two.
fn days_of(hours: &str) -> Option<String> {
    let hours: u64 = hours.parse().ok()?;
    (hours > 48 && hours.is_multiple_of(24)).then(|| (hours / 24).to_string())
}

/// What becomes of a function, in a few words.
fn fate(lang: Lang, outcome: &Outcome) -> String {
    match outcome {
        Outcome::Holds => lang.of("tient", "holds").into(),
        Outcome::Stops { after } => match (&after.min, &after.max) {
            (_, Some(_)) => format!("{} {}", lang.of("arrêt en", "stops in"), hours(lang, after)),
            (Some(_), None) => format!("{} {}", lang.of("arrêt,", "stops,"), hours(lang, after)),
            _ => lang.of("arrêt, un jour", "stops, some day").into(),
        },
        Outcome::Interrupted { after, length } => format!(
            "{} {}, {} {}",
            lang.of("interruption en", "interrupted in"),
            hours(lang, after),
            lang.of("pendant", "for"),
            hours(lang, length)
        ),
        Outcome::Undetermined { .. } => lang.of("indéterminé", "undetermined").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_a_span_is_told() {
        let of = |min: Option<&str>, max: Option<&str>| {
            let range = Range {
                min: min.map(Into::into),
                max: max.map(Into::into),
            };
            hours(Lang::En, &range)
        };
        assert_eq!(of(Some("4"), Some("30")), "4 to 30 h");
        assert_eq!(of(Some("24"), Some("2184")), "24 h to 91 days");
        assert_eq!(of(Some("4"), None), "no sooner than 4 h");
        assert_eq!(of(None, Some("4")), "at most 4 h");
        assert_eq!(of(None, None), "some day");
        assert_eq!(
            (days(Lang::Fr, "0"), days(Lang::En, "0")),
            (" jour", " days")
        );
    }
}
