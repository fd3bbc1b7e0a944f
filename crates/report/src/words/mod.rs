//! The words, in both languages, and how values are written for people.

use cocarde_model::Provenance;
use cocarde_referential::Verdict;
use cocarde_referential::load::{Basis, Severity};
use cocarde_referential::report::{AssumedNumber, Bilingual, Counts, LapsedNumber};
use serde_json::Value;

mod sentences;
pub(crate) use sentences::*;

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

/// A number that the scheme leaves to us, in a sentence.
pub(crate) fn assumed(lang: Lang, n: &AssumedNumber) -> String {
    let value = n.value.replace("<=", "≤").replace(">=", "≥");
    format!("{}{} {value}", lang.text(&n.title), lang.colon())
}

/// A number of the scheme that is not valid on the day of the assessment.
pub(crate) fn lapsed(lang: Lang, n: &LapsedNumber) -> String {
    let value = n.value.replace("<=", "≤").replace(">=", "≥");
    let period = match (&n.valid_from, &n.valid_to, lang) {
        (Some(from), Some(to), Lang::Fr) => format!("valable du {from} au {to}"),
        (Some(from), Some(to), Lang::En) => format!("valid from {from} to {to}"),
        (Some(from), None, Lang::Fr) => format!("valable à partir du {from}"),
        (Some(from), None, Lang::En) => format!("valid from {from}"),
        (None, Some(to), Lang::Fr) => format!("valable jusqu'au {to}"),
        (None, Some(to), Lang::En) => format!("valid until {to}"),
        (None, None, _) => String::new(),
    };
    format!("{}{} {value}, {period}", lang.text(&n.title), lang.colon())
}

/// How many properties a terminal leaves out.
pub(crate) fn more(lang: Lang, n: usize) -> String {
    match (lang, n) {
        (Lang::Fr, 1) => "et 1 autre, donnée par --format json".into(),
        (Lang::Fr, n) => format!("et {n} autres, données par --format json"),
        (Lang::En, n) => format!("and {n} more, given by --format json"),
    }
}

/// The lead of the properties to begin with.
pub(crate) fn begin(lang: Lang) -> &'static str {
    lang.of("Par où commencer", "Where to begin")
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

/// How many criteria are not satisfied.
pub(crate) fn not_satisfied(lang: Lang, n: u32) -> String {
    match lang {
        Lang::Fr => format!("{n} non satisfait{}", plural(n)),
        Lang::En => format!("{n} not satisfied"),
    }
}

/// How many criteria are undetermined.
pub(crate) fn undetermined(lang: Lang, n: u32) -> String {
    match lang {
        Lang::Fr => format!("{n} indéterminé{}", plural(n)),
        Lang::En => format!("{n} undetermined"),
    }
}

/// The counts behind a verdict, in one sentence.
pub(crate) fn tally(lang: Lang, n: &Counts, contradicted: usize) -> String {
    let mut notes = Vec::new();
    if n.not_satisfied > 0 {
        notes.push(match (lang, n.blocking) {
            (_, 0) => not_satisfied(lang, n.not_satisfied),
            (Lang::Fr, b) => format!(
                "{}, dont {b} bloquant{}",
                not_satisfied(lang, n.not_satisfied),
                plural(b)
            ),
            (Lang::En, b) => format!(
                "{}, {b} of them blocking",
                not_satisfied(lang, n.not_satisfied)
            ),
        });
    }
    if contradicted > 0 {
        let s = if contradicted > 1 { "s" } else { "" };
        notes.push(match lang {
            Lang::Fr => format!("{contradicted} déclaration{s} contredite{s}"),
            Lang::En => format!("{contradicted} claim{s} contradicted"),
        });
    }
    if n.undetermined > 0 {
        notes.push(undetermined(lang, n.undetermined));
    }
    match (lang, n.satisfied) {
        (_, 0) => {}
        (Lang::Fr, s) => notes.push(format!("{s} satisfait{}", plural(s))),
        (Lang::En, s) => notes.push(format!("{s} satisfied")),
    }
    if n.on_assumption > 0 {
        notes.push(match (lang, n.on_assumption) {
            (Lang::Fr, 1) => "1 critère repose sur une hypothèse".to_string(),
            (Lang::Fr, a) => format!("{a} critères reposent sur une hypothèse"),
            (Lang::En, 1) => "1 criterion rests on an assumption".to_string(),
            (Lang::En, a) => format!("{a} criteria rest on an assumption"),
        });
    }
    notes.join(" · ")
}

fn plural(n: u32) -> &'static str {
    if n > 1 { "s" } else { "" }
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
