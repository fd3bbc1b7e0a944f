//! The words, in both languages, and how values are written for people.

use cocarde_model::Provenance;
use cocarde_referential::Verdict;
use cocarde_referential::load::{Basis, Severity};
use cocarde_referential::report::{AssumedNumber, Bilingual, Counts, LapsedNumber, Report};

mod days;
mod edits;
mod numbers;
mod reach;
mod sentences;
pub use days::day;
pub(crate) use edits::*;
pub(crate) use numbers::*;
pub(crate) use reach::*;
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

    /// Whether that many are several: none is one in French, and several in English.
    pub fn several(self, n: usize) -> bool {
        n > 1 || n == 0 && self == Lang::En
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
    let value = written(lang, &n.value);
    format!("{}{} {value}", lang.text(&n.title), lang.colon())
}

/// A number of the scheme that is not valid on the day of the assessment.
pub(crate) fn lapsed(lang: Lang, n: &LapsedNumber) -> String {
    let value = written(lang, &n.value);
    let on = |iso: &Option<String>| iso.as_ref().map(|iso| day(lang, iso));
    let period = match (on(&n.valid_from), on(&n.valid_to), lang) {
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

/// What the whole verdict means to an applicant: as the scheme says, once it is decided.
pub(crate) fn outlook(lang: Lang, r: &Report) -> String {
    if let Some(meaning) = &r.meaning {
        return lang.text(meaning).to_string();
    }
    let n = &r.counts;
    let all = n.satisfied + n.not_satisfied + n.undetermined;
    match (lang, n.undetermined) {
        (Lang::Fr, 0) => "aucun critère ne s'applique".into(),
        (Lang::En, 0) => "no criterion applies".into(),
        (Lang::Fr, 1) => format!("1 critère sur {all} reste indéterminé"),
        (Lang::Fr, open) => format!("{open} critères sur {all} restent indéterminés"),
        (Lang::En, 1) => format!("1 of {all} criteria remains undetermined"),
        (Lang::En, open) => format!("{open} of {all} criteria remain undetermined"),
    }
}

/// A referential's title with its version, which is not said twice.
pub(crate) fn titled(title: &str, version: &str) -> String {
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()) == version;
    match title.split_whitespace().any(bare) {
        true => title.to_string(),
        false => format!("{title} {version}"),
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

/// The ending of what is counted in French.
fn plural(n: u32) -> &'static str {
    if Lang::Fr.several(n as usize) {
        "s"
    } else {
        ""
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

#[cfg(test)]
mod tests {
    use super::titled;

    #[test]
    fn a_version_is_not_said_twice() {
        let snc = "SecNumCloud 3.2, chapitre 19";
        assert_eq!(titled(snc, "3.2"), snc);
        assert_eq!(titled("Label 2026", "2026.1"), "Label 2026 2026.1");
    }
}
