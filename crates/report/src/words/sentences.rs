//! Facts, changes and what is missing, in sentences.

use super::{Lang, day, number, provenance, told, value};
use crate::story::{self, Claim, worked_out};
use cocarde_model::{Decimal, Provenance};
use cocarde_referential::report::{EditReport, FactReport, MissingReport, PropertyReport, Role};

/// A fact in a sentence, without its place.
pub(crate) fn fact(lang: Lang, f: &FactReport) -> String {
    let mut out = lang.known(f);
    out += &format!("{} {}", lang.colon(), value(lang, &f.value));
    out += &documents(lang, &[f], lang.of("d'après", "according to"));
    out + &degree(lang, f) + &note(lang, f)
}

/// A fact beside a claim, and whether it counts.
pub(crate) fn other(lang: Lang, f: &FactReport, claim: &FactReport) -> String {
    fact(lang, f)
        + match f.role {
            Role::Lapsed => lang.of(
                " — ne dit rien du jour évalué",
                " — says nothing of the day assessed",
            ),
            Role::Kept if story::differ(f, claim) => {
                lang.of(" — ne compte pas ici", " — does not count here")
            }
            _ => "",
        }
}

/// What is claimed, who says so and which documents support it; a long value that
/// stands on the line above is not repeated.
pub(crate) fn claim(lang: Lang, c: &Claim<'_>) -> String {
    let f = c.first;
    let mut out = lang.known(f);
    let shown = value(lang, &f.value);
    if shown.chars().count() <= 24 || f.place.is_none() || worked_out(f) {
        out += &format!("{} {shown}", lang.colon());
    }
    if f.document.is_some() {
        out += &documents(lang, &[f], lang.of("d'après", "according to"));
    }
    out += &documents(lang, &c.support, lang.of("appuyé par", "supported by"));
    out + &degree(lang, f) + &note(lang, f)
}

/// A fact against the claim: by what, then what it says.
pub(crate) fn against(lang: Lang, f: &FactReport) -> (String, String) {
    let by = match (f.provenance, lang) {
        (Provenance::Declared, Lang::Fr) if worked_out(f) => {
            "contredit par un calcul à partir de déclarations sans preuve"
        }
        (Provenance::Declared, Lang::En) if worked_out(f) => {
            "contradicted by computation from declarations without proof"
        }
        (Provenance::Declared, Lang::Fr) => "contredit par une déclaration",
        (Provenance::Documented, Lang::Fr) => "contredit par une pièce",
        (Provenance::Attested, Lang::Fr) => "contredit par une attestation",
        (Provenance::Measured, Lang::Fr) => "contredit par une mesure",
        (Provenance::Observed, Lang::Fr) => "contredit par un constat",
        (Provenance::Inherited, Lang::Fr) => "contredit par un label hérité",
        (Provenance::Derived, Lang::Fr) => "contredit par le calcul",
        (Provenance::Declared, Lang::En) => "contradicted by a statement",
        (Provenance::Documented, Lang::En) => "contradicted by a document",
        (Provenance::Attested, Lang::En) => "contradicted by an attestation",
        (Provenance::Measured, Lang::En) => "contradicted by a measurement",
        (Provenance::Observed, Lang::En) => "contradicted by an observation",
        (Provenance::Inherited, Lang::En) => "contradicted by an inherited label",
        (Provenance::Derived, Lang::En) => "contradicted by computation",
    };
    let mut rest = match &f.by {
        Some(analysis) if worked_out(f) => format!(" ({analysis})"),
        _ => lang.when(f, true),
    };
    rest += &format!("{} {}", lang.colon(), value(lang, &f.value));
    rest += &documents(lang, &[f], lang.of("d'après", "according to"));
    (by.to_string(), rest + &degree(lang, f) + &note(lang, f))
}

impl Lang {
    /// How a fact is known.
    fn known(self, f: &FactReport) -> String {
        match (&f.by, f.provenance, self) {
            (Some(by), Provenance::Declared, Lang::Fr) => {
                format!("calculé par {by} à partir de déclarations sans preuve")
            }
            (Some(by), Provenance::Declared, Lang::En) => {
                format!("computed by {by} from declarations without proof")
            }
            (_, how, _) => provenance(self, how).to_string() + &self.when(f, false),
        }
    }

    /// When, by whom and where something was seen; after a noun or a participle.
    fn when(self, f: &FactReport, noun: bool) -> String {
        let mut out = String::new();
        if let Some(time) = &f.time {
            let (d, clock) = time.split_once('T').unwrap_or((time, ""));
            let on = match (self, noun) {
                (Lang::Fr, true) => "du",
                (Lang::Fr, false) => "le",
                (Lang::En, true) => "of",
                (Lang::En, false) => "on",
            };
            out += &format!(" {on} {}", day(self, d));
            if let Some(clock) = clock.trim_end_matches('Z').get(..5) {
                out += &format!(" {} {clock} UTC", self.of("à", "at"));
            }
        }
        if let Some(by) = &f.by {
            out += &format!(" {} {by}", self.of("par", "by"));
        }
        if let Some(server) = &f.server {
            out += &format!(" {} {server}", self.of("auprès de", "from"));
        }
        out
    }
}

fn documents(lang: Lang, facts: &[&FactReport], lead: &str) -> String {
    match titles(lang, facts) {
        titles if titles.is_empty() => titles,
        titles => format!(", {lead} {titles}"),
    }
}

/// The documents of facts, with their pages.
fn titles(lang: Lang, facts: &[&FactReport]) -> String {
    let cited = facts.iter().filter_map(|f| f.document.as_ref());
    let cited: Vec<String> = cited
        .map(|d| match d.page {
            Some(page) => format!("{}, page {page}", lang.quoted(&d.title)),
            None => lang.quoted(&d.title),
        })
        .collect();
    cited.join(lang.of(" et ", " and "))
}

/// Where a fact is stated, or where what it was computed from begins.
pub(crate) fn place(lang: Lang, f: &FactReport) -> Option<String> {
    let p = f.place.as_ref()?;
    let from = match worked_out(f) {
        true => lang.of("repose sur ", "rests on "),
        false => "",
    };
    Some(format!("{from}{}:{}", p.file, p.line))
}

fn degree(lang: Lang, f: &FactReport) -> String {
    let mut out = String::new();
    if let Some(c) = &f.confidence {
        let word = lang.of("confiance", "confidence");
        out += &format!(" ({word} {})", number(lang, c));
    }
    if f.ruling {
        out += lang.of(" — tranché", " — ruled");
    }
    out
}

fn note(lang: Lang, f: &FactReport) -> String {
    let english = f.note_en.as_ref().filter(|_| lang == Lang::En);
    english
        .or(f.note.as_ref())
        .map(|n| format!(" — {n}"))
        .unwrap_or_default()
}

/// What a property means, as a heading.
pub(crate) fn label(lang: Lang, p: &PropertyReport) -> String {
    let label = lang.text(&p.label).trim_end_matches('.');
    head(label).to_string()
}

/// The lead of what a verdict rests on; `alone` where nothing was told before.
pub(crate) fn rests(lang: Lang, alone: bool) -> &'static str {
    match alone {
        true => lang.of("tient à", "rests on"),
        false => lang.of("tient aussi à", "also rests on"),
    }
}

/// With a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

/// What a verdict rests on: a property, its value, and who says so.
pub(crate) fn beside(lang: Lang, p: &PropertyReport) -> String {
    if p.list {
        let end = match p.established {
            true => lang.of("liste complète", "complete list"),
            false => lang.of("liste peut-être incomplète", "list may be incomplete"),
        };
        return format!("{} ({end})", p.property);
    }
    let says = story::says(p);
    let Some(first) = says.first() else {
        return format!("{} ({})", p.property, lang.of("inconnu", "unknown"));
    };
    let mut shown = value(lang, &first.value);
    if shown.chars().count() > 60 {
        shown = format!("{}…", shown.chars().take(58).collect::<String>());
    }
    let known: Vec<String> = says.iter().map(|f| cited(lang, f)).collect();
    let mut places: Vec<String> = says.iter().filter_map(|f| place(lang, f)).collect();
    places.dedup();
    let places = match places.is_empty() {
        true => String::new(),
        false => format!(" [{}]", places.join(", ")),
    };
    format!("{} = {shown}, {}{places}", p.property, known.join(", "))
}

/// How a fact is known, with its document.
fn cited(lang: Lang, f: &FactReport) -> String {
    let document = match titles(lang, &[f]) {
        titles if titles.is_empty() => titles,
        titles => format!(" ({titles})"),
    };
    lang.known(f) + &document + &degree(lang, f)
}

/// A property to learn, in a sentence; `to` is the value that would satisfy.
pub(crate) fn missing(
    lang: Lang,
    m: &MissingReport,
    to: Option<&EditReport>,
    accepted: bool,
) -> String {
    let label = short(lang.text(&m.label));
    if m.open_list {
        return match lang {
            Lang::Fr => format!("{} : la liste est-elle complète ? ({label})", m.property),
            Lang::En => format!("{}: is the list complete? ({label})", m.property),
        };
    }
    let claimed = m.claimed.as_ref().zip(m.claimed_how);
    let wanted = to.and_then(|e| e.to.as_ref());
    let claimed = match (claimed, wanted, lang) {
        (None, _, _) => String::new(),
        (Some((v, _)), Some(to), _) if v == to => String::new(),
        (Some((v, how)), _, Lang::Fr) => format!(", {} {}", provenance(lang, how), value(lang, v)),
        (Some((v, how)), _, Lang::En) => {
            format!(", {} as {}", provenance(lang, how), value(lang, v))
        }
    };
    let to = to.map(|e| told(lang, e));
    let mut out = format!(
        "{}{} ({label}{claimed})",
        m.property,
        to.unwrap_or_default()
    );
    if m.contradicted {
        out += lang.of(
            " : ce qui en est dit se contredit ; que l'organisme certificateur tranche, ou que ce \
             qui n'est plus vrai prenne fin",
            ": what is said of it disagrees; have the certification body rule, or end what no \
             longer holds",
        );
    } else if accepted {
        out += &format!(" — {}", evidence(lang, &m.accepted));
    }
    out
}

/// A property that many criteria wait for.
pub(crate) fn beginning(lang: Lang, m: &MissingReport, criteria: usize) -> String {
    let label = short(lang.text(&m.label));
    match lang {
        Lang::Fr => format!("{} ({label}) : {criteria} critères", m.property),
        Lang::En => format!("{} ({label}): {criteria} criteria", m.property),
    }
}

/// Which evidence is accepted.
pub(crate) fn evidence(lang: Lang, accepted: &[String]) -> String {
    let all: Vec<String> = accepted.iter().map(|a| parsed(lang, a)).collect();
    let lead = lang.of("preuve acceptée", "accepted evidence");
    format!("{lead}{} {}", lang.colon(), all.join(", "))
}

fn parsed(lang: Lang, a: &str) -> String {
    let (name, least) = a.split_once(">=").unwrap_or((a, "0"));
    match (name.parse(), least.parse()) {
        (Ok(provenance), Ok(least)) => admitted(lang, provenance, least),
        _ => a.to_string(),
    }
}

/// A provenance that is admitted, with the least confidence from which it is.
pub(crate) fn admitted(lang: Lang, p: Provenance, least: Decimal) -> String {
    let name = provenance(lang, p);
    if least.is_zero() {
        return name.to_string();
    }
    let confidence = lang.of("confiance", "confidence");
    format!(
        "{name} ({confidence} ≥ {})",
        number(lang, &least.to_string())
    )
}

/// A label inside a sentence, without the list of words it may take nor a remark in
/// parentheses at its end: it stands in parentheses itself.
pub(crate) fn short(label: &str) -> String {
    let label = lower(head(label));
    match label.split_once(" (") {
        Some((before, remark)) if remark.ends_with(')') => before.to_string(),
        _ => label,
    }
}

/// What comes before a colon, which is an enumeration.
fn head(label: &str) -> &str {
    label
        .split_once(": ")
        .map_or(label, |(head, _)| head)
        .trim_end()
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
