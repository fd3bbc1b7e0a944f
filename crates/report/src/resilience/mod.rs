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

/// Hours, for people: `4 h`, `4 à 30 h`, `au plus tôt 4 h`.
fn hours(lang: Lang, range: &Range) -> String {
    match (&range.min, &range.max) {
        (Some(a), Some(b)) if a == b => format!("{a} h"),
        (Some(a), Some(b)) => format!("{a} {} {b} h", lang.of("à", "to")),
        (Some(a), None) => format!("{} {a} h", lang.of("au plus tôt", "no sooner than")),
        _ => lang.of("un jour", "some day").into(),
    }
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
