//! The words, in both languages, and how values are written for people.

use cocarde_model::Provenance;
use cocarde_referential::Verdict;
use cocarde_referential::load::{Basis, Severity};
use cocarde_referential::report::{
    Bilingual, EditReport, FactReport, MissingReport, NearestReport, PropertyReport,
};
use serde_json::Value;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// French.
    Fr,
    /// English.
    En,
}

impl Lang {
    /// From a word such as `fr`, `en` or `en_GB.UTF-8`; French unless it is English.
    pub fn from_locale(word: &str) -> Lang {
        if word.to_ascii_lowercase().starts_with("en") {
            Lang::En
        } else {
            Lang::Fr
        }
    }

    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Lang::Fr => "fr",
            Lang::En => "en",
        }
    }

    /// One of two texts.
    pub(crate) fn of<'a>(self, fr: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Fr => fr,
            Lang::En => en,
        }
    }

    pub(crate) fn text(self, t: &Bilingual) -> &str {
        t.get(self.code())
    }

    /// Before a colon and inside quotation marks, French leaves a space.
    pub(crate) fn colon(self) -> &'static str {
        self.of(" :", ":")
    }

    pub(crate) fn quoted(self, text: &str) -> String {
        match self {
            Lang::Fr => format!("« {text} »"),
            Lang::En => format!("“{text}”"),
        }
    }
}

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
        Value::String(s) if is_number(s) => number(lang, s),
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
    let digits = s.strip_prefix('-').unwrap_or(s);
    !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && digits.bytes().any(|b| b.is_ascii_digit())
}

fn interval(lang: Lang, min: Option<&Value>, max: Option<&Value>) -> String {
    let end = |v: Option<&Value>| v.and_then(Value::as_str).map(|s| number(lang, s));
    match (end(min), end(max)) {
        (Some(a), Some(b)) => match lang {
            Lang::Fr => format!("entre {a} et {b}"),
            Lang::En => format!("between {a} and {b}"),
        },
        (Some(a), None) => format!("≥ {a}"),
        (None, Some(b)) => format!("≤ {b}"),
        (None, None) => lang.of("inconnu", "unknown").into(),
    }
}

pub(crate) fn verdict(lang: Lang, v: Verdict) -> &'static str {
    match v {
        Verdict::Satisfied => lang.of("satisfait", "satisfied"),
        Verdict::NotSatisfied => lang.of("non satisfait", "not satisfied"),
        Verdict::Undetermined => lang.of("indéterminé", "undetermined"),
        Verdict::NotApplicable => lang.of("sans objet", "not applicable"),
    }
}

/// What the whole verdict means to an applicant.
pub(crate) fn outlook(lang: Lang, v: Verdict) -> &'static str {
    match v {
        Verdict::Satisfied => lang.of("le label serait accordé", "the label would be granted"),
        Verdict::NotSatisfied => lang.of("le label serait refusé", "the label would be refused"),
        _ => lang.of(
            "rien ne permet encore de conclure",
            "nothing can be concluded yet",
        ),
    }
}

pub(crate) fn severity(lang: Lang, s: Severity) -> &'static str {
    match s {
        Severity::Major => lang.of("majeur", "major"),
        Severity::Minor => lang.of("mineur", "minor"),
        Severity::Info => lang.of("information", "information"),
    }
}

pub(crate) fn basis(lang: Lang, b: Basis) -> &'static str {
    match b {
        Basis::Public => lang.of("texte public", "public text"),
        Basis::Assumption => lang.of("hypothèse", "assumption"),
    }
}

pub(crate) fn provenance(lang: Lang, p: Provenance) -> &'static str {
    match p {
        Provenance::Declared => lang.of("déclaré", "declared"),
        Provenance::Documented => lang.of("documenté", "documented"),
        Provenance::Attested => lang.of("attesté", "attested"),
        Provenance::Measured => lang.of("mesuré", "measured"),
        Provenance::Observed => lang.of("constaté", "observed"),
        Provenance::Inherited => lang.of("hérité", "inherited"),
        Provenance::Derived => lang.of("calculé", "derived"),
    }
}

/// A sector of the offering.
pub(crate) fn kind(lang: Lang, k: &str) -> String {
    let known = match k {
        "software" => ("logiciel", "software"),
        "platform" => ("plateforme", "platform"),
        "cloud" => ("nuage", "cloud"),
        "data-ai" => ("données et IA", "data and AI"),
        "cybersecurity" => ("cybersécurité", "cybersecurity"),
        "consulting" => ("conseil", "consulting"),
        "goods" => ("bien", "goods"),
        "services" => ("service", "services"),
        other => (other, other),
    };
    lang.of(known.0, known.1).to_string()
}

/// An ISO day in words.
pub(crate) fn day(lang: Lang, iso: &str) -> String {
    const FR: [&str; 12] = [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ];
    const EN: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    let mut parts = iso.split('-');
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else {
        return iso.to_string();
    };
    let (Ok(month), Ok(day)) = (month.parse::<usize>(), day.parse::<u32>()) else {
        return iso.to_string();
    };
    match (
        lang,
        month.checked_sub(1).and_then(|m| FR.get(m).zip(EN.get(m))),
    ) {
        (Lang::Fr, Some((fr, _))) if day == 1 => format!("1er {fr} {year}"),
        (Lang::Fr, Some((fr, _))) => format!("{day} {fr} {year}"),
        (Lang::En, Some((_, en))) => format!("{day} {en} {year}"),
        _ => iso.to_string(),
    }
}

/// A fact in a sentence, without its place.
pub(crate) fn fact(lang: Lang, f: &FactReport) -> String {
    let mut out = provenance(lang, f.provenance).to_string();
    if let Some(time) = &f.time {
        let (d, clock) = time.split_once('T').unwrap_or((time, ""));
        let clock = clock.trim_end_matches('Z').get(..5).unwrap_or("");
        out += &match lang {
            Lang::Fr => format!(" le {}", day(lang, d)),
            Lang::En => format!(" on {}", day(lang, d)),
        };
        if !clock.is_empty() {
            out += &format!(" {clock} UTC");
        }
    }
    if let Some(by) = &f.by {
        out += &format!(" {} {by}", lang.of("par", "by"));
    }
    if let Some(server) = &f.server {
        out += &format!(" {} {server}", lang.of("auprès de", "at"));
    }
    out += &format!("{} {}", lang.colon(), value(lang, &f.value));
    if let Some(d) = &f.document {
        out += &format!(
            ", {} {}",
            lang.of("d'après", "according to"),
            lang.quoted(&d.title)
        );
        if let Some(page) = d.page {
            out += &format!(", page {page}");
        }
    }
    if let Some(c) = &f.confidence {
        out += &format!(
            " ({} {})",
            lang.of("confiance", "confidence"),
            number(lang, c)
        );
    }
    if f.ruling {
        out += lang.of(" — tranché", " — ruled");
    }
    out
}

/// The members of a list, and whether there may be others.
pub(crate) fn members(lang: Lang, p: &PropertyReport) -> String {
    let names: Vec<&str> = p.facts.iter().filter_map(|f| f.value.as_str()).collect();
    let none = lang.of("aucun élément", "no member");
    let names = if names.is_empty() {
        none.to_string()
    } else {
        names.join(", ")
    };
    let end = match p.established {
        true => lang.of("liste complète", "complete list"),
        false => lang.of(
            "la liste n'est pas dite complète",
            "the list is not said to be complete",
        ),
    };
    format!("{}{} {names} ({end})", p.property, lang.colon())
}

/// One change, in a sentence.
pub(crate) fn edit(lang: Lang, e: &EditReport) -> String {
    let label = lower(lang.text(&e.label));
    let to = e.to.as_ref().map(|v| value(lang, v)).unwrap_or_default();
    let record = e.record.as_deref().unwrap_or_default();
    let property = &e.property;
    match (e.kind.as_str(), lang) {
        ("establish", Lang::Fr) => format!("prouver {property} = {to} ({label})"),
        ("establish", Lang::En) => format!("prove {property} = {to} ({label})"),
        ("change", Lang::Fr) => format!("faire passer {property} à {to} ({label}), et le prouver"),
        ("change", Lang::En) => format!("bring {property} to {to} ({label}), and prove it"),
        ("complete", Lang::Fr) => format!("déclarer que la liste {property} est complète"),
        ("complete", Lang::En) => format!("state that the list {property} is complete"),
        ("remove", Lang::Fr) => format!("se passer de {record}"),
        ("remove", Lang::En) => format!("do without {record}"),
        (_, Lang::Fr) => format!("ajouter {record} à {property}"),
        (_, Lang::En) => format!("add {record} to {property}"),
    }
}

/// How sure the least change is, and what it costs.
pub(crate) fn nearest(lang: Lang, n: &NearestReport) -> String {
    let sure = match n.proven {
        true => lang.of("au plus court", "shortest way"),
        false => lang.of(
            "un chemin court (non prouvé le plus court)",
            "a short way (not proven shortest)",
        ),
    };
    let points = match (lang, n.cost) {
        (Lang::Fr, 1) => "effort 1 point".to_string(),
        (Lang::Fr, c) => format!("effort {c} points"),
        (Lang::En, 1) => "effort 1 point".to_string(),
        (Lang::En, c) => format!("effort {c} points"),
    };
    format!("{sure} ({points}){}", lang.colon())
}

/// A property to learn, in a sentence.
pub(crate) fn missing(lang: Lang, m: &MissingReport) -> String {
    let label = lower(lang.text(&m.label));
    if m.open_list {
        return match lang {
            Lang::Fr => format!("{} : la liste est-elle complète ? ({label})", m.property),
            Lang::En => format!("{}: is the list complete? ({label})", m.property),
        };
    }
    let claimed = match (&m.claimed, lang) {
        (None, _) => String::new(),
        (Some(v), Lang::Fr) => format!(", déclaré {}", value(lang, v)),
        (Some(v), Lang::En) => format!(", declared as {}", value(lang, v)),
    };
    let accepted: Vec<String> = m.accepted.iter().map(|a| admitted(lang, a)).collect();
    let by = lang.of("preuve acceptée", "accepted evidence");
    format!(
        "{} ({label}{claimed}) — {by}{} {}",
        m.property,
        lang.colon(),
        accepted.join(", ")
    )
}

fn admitted(lang: Lang, a: &str) -> String {
    let (name, least) = a.split_once(">=").map_or((a, None), |(n, l)| (n, Some(l)));
    let name = name.parse().map_or(name, |p| provenance(lang, p));
    match least {
        Some(l) => format!(
            "{name} ({} ≥ {})",
            lang.of("confiance", "confidence"),
            number(lang, l)
        ),
        None => name.to_string(),
    }
}

/// A label at the beginning of a sentence, put inside one.
pub(crate) fn lower(label: &str) -> String {
    let label = label.trim_end_matches('.');
    let mut chars = label.chars();
    let second_is_upper = label.chars().nth(1).is_some_and(char::is_uppercase);
    match chars.next() {
        Some(c) if !second_is_upper => c.to_lowercase().collect::<String>() + chars.as_str(),
        _ => label.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_days_are_written_as_each_language_does() {
        assert_eq!(number(Lang::Fr, "1234567.5"), "1\u{202f}234\u{202f}567,5");
        assert_eq!(number(Lang::En, "1234567.5"), "1,234,567.5");
        assert_eq!(number(Lang::Fr, "2026"), "2026");
        assert_eq!(day(Lang::Fr, "2026-11-01"), "1er novembre 2026");
        assert_eq!(day(Lang::En, "2026-11-23"), "23 November 2026");
    }
}
