//! The words for data, aspects and ties, and the result in a sentence.

use super::{Hop, Reached};
use crate::report::Line;
use cocarde_knowledge::regimes::{Aspect, Regime, TieKind};

/// The name of a class of data for people.
pub fn data_name(class: &str) -> Line {
    let (fr, en) = match class {
        "customer-content" => ("contenus des clients", "customer content"),
        "customer-metadata" => ("métadonnées des clients", "customer metadata"),
        "technical" => ("données techniques", "technical data"),
        "backup" => ("sauvegardes", "backups"),
        "personal" => ("données personnelles", "personal data"),
        "health" => ("données de santé", "health data"),
        "service" => ("service", "service"),
        other => (other, other),
    };
    Line::new(fr, en)
}

/// An aspect for people.
pub fn aspect_words(aspect: Aspect) -> Line {
    match aspect {
        Aspect::Content => Line::new("contenu", "content"),
        Aspect::Metadata => Line::new("métadonnées", "metadata"),
        Aspect::Availability => Line::new("disponibilité", "availability"),
    }
}

pub(super) fn tie_link(kind: TieKind, direct: bool, country: &str) -> Line {
    let (fr, en) = match (kind, direct) {
        (TieKind::Incorporation, _) | (TieKind::Control, false) => ("siège", "seat"),
        (TieKind::Control, true) => ("contrôlée depuis", "controlled from"),
        (TieKind::Presence, _) => ("présence", "presence"),
        (TieKind::Location, _) => ("données stockées", "data stored"),
        (TieKind::Administration, _) => ("administration depuis", "administered from"),
    };
    Line::new(format!("{fr} ({country})"), format!("{en} ({country})"))
}

/// A name, the same in both languages.
pub(super) fn same(name: &str) -> Line {
    Line::new(name, name)
}

pub(super) fn explanation(
    data: &str,
    regime: &Regime,
    aspect: Aspect,
    reached: Reached,
    path: &[Hop],
) -> Line {
    let what = data_name(data);
    let by = aspect_words(aspect);
    let (fr, en) = match reached {
        Reached::Reached => ("atteint", "reached"),
        Reached::NotReached => (
            "non atteint, sous les hypothèses listées",
            "not reached, under the listed assumptions",
        ),
        Reached::Undetermined => ("indéterminé", "undetermined"),
    };
    let chain = |lang: &str| -> String {
        let Some(first) = path.first().filter(|_| reached == Reached::Reached) else {
            return String::new();
        };
        let mut out = format!("; {}", first.from.get(lang));
        for hop in path {
            out += &format!(" —{}→ {}", hop.link.get(lang), hop.to.get(lang));
        }
        out
    };
    Line::new(
        format!(
            "{}, {}, {} : {fr}{}",
            what.fr,
            by.fr,
            regime.name.fr,
            chain("fr").replacen(';', " ;", 1)
        ),
        format!(
            "{}, {}, {}: {en}{}",
            what.en,
            by.en,
            regime.name.en,
            chain("en")
        ),
    )
}
