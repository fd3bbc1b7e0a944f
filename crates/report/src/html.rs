//! An assessment as one self-contained page that prints. No script, no request.

use crate::words::{self, Lang};
use cocarde_referential::Verdict;
use cocarde_referential::load::Basis;
use cocarde_referential::report::{
    Counts, CriterionReport, FactReport, PillarReport, Place, PropertyReport, Report, Role,
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub fn page(report: &Report, lang: Lang) -> String {
    let r = report;
    let unnamed = lang.of("Offre sans nom", "Unnamed offering");
    let offering = r.application.offering.as_deref().unwrap_or(unnamed);
    let scheme = format!(
        "{} {}",
        lang.text(&r.referential.title),
        r.referential.version
    );
    html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (offering) " · " (scheme) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#criteria" { (lang.of("Aller aux critères", "Skip to the criteria")) }
                header {
                    p.scheme { (scheme) }
                    h1 { (offering) }
                    p.sub { (subtitle(r, lang)) }
                }
                main {
                    (summary(r, lang))
                    (pillars(r, lang))
                    section #criteria aria-label=(lang.of("Critères", "Criteria")) {
                        (group(r, lang, Verdict::NotSatisfied))
                        (group(r, lang, Verdict::Undetermined))
                        (group(r, lang, Verdict::Satisfied))
                        (group(r, lang, Verdict::NotApplicable))
                    }
                }
                (footer(r, lang))
            }
        }
    }
    .into_string()
}

fn subtitle(r: &Report, lang: Lang) -> String {
    let mut parts: Vec<String> = r.application.applicant.clone().into_iter().collect();
    parts.extend(r.application.kind.as_deref().map(|k| words::kind(lang, k)));
    parts.push(format!(
        "{} {}",
        lang.of("au", "as of"),
        words::day(lang, &r.as_of)
    ));
    parts.join(" · ")
}

fn class(v: Verdict) -> &'static str {
    match v {
        Verdict::Satisfied => "good",
        Verdict::NotSatisfied => "bad",
        Verdict::Undetermined => "open",
        Verdict::NotApplicable => "none",
    }
}

fn mark(v: Verdict) -> &'static str {
    match v {
        Verdict::Satisfied => "✓",
        Verdict::NotSatisfied => "✗",
        Verdict::Undetermined => "?",
        Verdict::NotApplicable => "–",
    }
}

fn summary(r: &Report, lang: Lang) -> Markup {
    let n = &r.counts;
    let cells = [
        (n.satisfied, "good", lang.of("satisfaits", "satisfied")),
        (
            n.not_satisfied,
            "bad",
            lang.of("non satisfaits", "not satisfied"),
        ),
        (
            n.undetermined,
            "open",
            lang.of("indéterminés", "undetermined"),
        ),
        (
            n.not_applicable,
            "none",
            lang.of("sans objet", "not applicable"),
        ),
        (
            n.on_assumption,
            "none",
            lang.of("reposent sur une hypothèse", "rest on an assumption"),
        ),
    ];
    html! {
        section.summary aria-label=(lang.of("Verdict", "Verdict")) {
            p.verdict.(class(r.verdict)) {
                span.mark aria-hidden="true" { (mark(r.verdict)) } " "
                strong { (words::verdict(lang, r.verdict)) }
                " — " (words::outlook(lang, r.verdict))
            }
            ul.counts {
                @for (count, class, word) in cells {
                    @if count > 0 { li.(class) { strong { (count) } " " (word) } }
                }
            }
            p.basis { (lang.text(&r.referential.basis)) }
        }
    }
}

fn pillars(r: &Report, lang: Lang) -> Markup {
    html! {
        section aria-label=(lang.of("Piliers", "Pillars")) {
            table.pillars {
                caption { (lang.of("Par pilier", "By pillar")) }
                thead { tr {
                    th scope="col" { (lang.of("Pilier", "Pillar")) }
                    th scope="col" { (lang.of("Avancement", "Progress")) }
                    th scope="col" { (lang.of("Satisfaits", "Satisfied")) }
                    @if r.pillars.iter().any(|p| p.level.is_some()) { th scope="col" { "SEAL" } }
                } }
                tbody { @for p in &r.pillars { (pillar(p, lang)) } }
            }
            @for s in &r.scores {
                p.score {
                    (lang.of("Score", "Score")) " (" (s.weights) ")" (lang.colon()) " "
                    strong { (words::number(lang, &s.score.min)) }
                    @if s.score.min != s.score.max { " – " strong { (words::number(lang, &s.score.max)) } }
                    " %"
                }
            }
        }
    }
}

fn pillar(p: &PillarReport, lang: Lang) -> Markup {
    let n = &p.counts;
    let total = n.satisfied + n.not_satisfied + n.undetermined;
    html! {
        tr {
            th scope="row" { (lang.text(&p.title)) }
            td { (bar(n, total, lang)) }
            td.num {
                @if total > 0 { (n.satisfied) "/" (total) } @else { (lang.of("sans objet", "not applicable")) }
            }
            @if let Some(l) = &p.level {
                td.num {
                    (l.min) @if l.min != l.max { "–" (l.max) }
                    @if let Some(m) = p.minimum { " / " (m) }
                }
            }
        }
    }
}

fn bar(n: &Counts, total: u32, lang: Lang) -> Markup {
    if total == 0 {
        return html! {};
    }
    let label = match lang {
        Lang::Fr => format!(
            "{} satisfaits, {} non satisfaits, {} indéterminés",
            n.satisfied, n.not_satisfied, n.undetermined
        ),
        Lang::En => format!(
            "{} satisfied, {} not satisfied, {} undetermined",
            n.satisfied, n.not_satisfied, n.undetermined
        ),
    };
    let parts = [
        (n.satisfied, "good"),
        (n.not_satisfied, "bad"),
        (n.undetermined, "open"),
    ];
    html! {
        span.bar role="img" aria-label=(label) {
            @for (count, class) in parts {
                @if count > 0 { span.(class) style={ "flex:" (count) } {} }
            }
        }
    }
}

fn group(r: &Report, lang: Lang, v: Verdict) -> Markup {
    let of: Vec<&CriterionReport> = r.criteria.iter().filter(|c| c.verdict == v).collect();
    let title = match v {
        Verdict::NotSatisfied => lang.of("Ce qui n'est pas satisfait", "What is not satisfied"),
        Verdict::Undetermined => {
            lang.of("Ce qui reste à établir", "What remains to be established")
        }
        Verdict::Satisfied => lang.of("Ce qui est satisfait", "What is satisfied"),
        Verdict::NotApplicable => lang.of("Ce qui est sans objet", "What does not apply"),
    };
    html! {
        @if !of.is_empty() {
            h2 { (title) " (" (of.len()) ")" }
            @if v == Verdict::NotApplicable {
                ul.plain { @for c in of { li { (c.id) " · " (lang.text(&c.title)) } } }
            } @else {
                @for c in of { (criterion(c, lang)) }
            }
        }
    }
}

fn criterion(c: &CriterionReport, lang: Lang) -> Markup {
    html! {
        article.criterion.(class(c.verdict)) id=(c.id) {
            h3 {
                span.mark aria-hidden="true" { (mark(c.verdict)) } " "
                span.id { (c.id) } " " (lang.text(&c.title))
            }
            p.tags {
                span.tag { (words::verdict(lang, c.verdict)) }
                span.tag { (words::severity(lang, c.severity)) }
                span.tag { (words::basis(lang, c.basis)) }
            }
            @if c.verdict != Verdict::Satisfied { p { (lang.text(&c.text)) } }
            @for p in &c.properties { (property(p, lang)) }
            @for n in &c.assumed {
                p.note { (lang.of("Nombre supposé", "Assumed number")) (lang.colon()) " " (lang.text(&n.title)) " " (n.value) }
            }
            (missing(c, lang))
            (nearest(c, lang))
            @if c.verdict != Verdict::Satisfied && !lang.text(&c.remedy).is_empty() {
                p.remedy { (lang.text(&c.remedy)) }
            }
            details {
                summary { (lang.of("La règle", "The rule")) }
                pre { code { (c.rule) } }
                p { (lang.text(&c.guidance)) }
                p.urn { (c.urn) }
            }
        }
    }
}

fn property(p: &PropertyReport, lang: Lang) -> Markup {
    if p.list {
        return html! { p.note { (words::members(lang, p)) } };
    }
    html! {
        div.property {
            p.name { code { (p.property) } " — " (words::lower(lang.text(&p.label))) }
            @if p.facts.is_empty() { p.note { (lang.of("Rien n'est connu.", "Nothing is known.")) } }
            @for (i, f) in p.facts.iter().enumerate() {
                (fact(f, lang, i == 0 || f.place != p.facts[0].place))
            }
        }
    }
}

fn fact(f: &FactReport, lang: Lang, with_place: bool) -> Markup {
    html! {
        div.fact.(if f.role == Role::Refutes { "against" } else { "for" }) {
            @if let (Some(place), true) = (&f.place, with_place) { (snippet(place)) }
            p {
                @if f.role == Role::Refutes { strong { (lang.of("Contredit par", "Contradicted by")) (lang.colon()) " " } }
                (words::fact(lang, f))
                @if let Some(note) = &f.note { " — " (note) }
            }
        }
    }
}

fn snippet(place: &Place) -> Markup {
    let chars: Vec<char> = place.excerpt.chars().collect();
    let start = (place.column as usize - 1).min(chars.len());
    let end = (start + place.length as usize).min(chars.len());
    let text = |r: std::ops::Range<usize>| chars[r].iter().collect::<String>();
    html! {
        pre.snippet {
            span.where { (place.file) ":" (place.line) ":" (place.column) "\n" }
            span.line { (place.line) " │ " }
            (text(0..start)) mark { (text(start..end)) } (text(end..chars.len()))
        }
    }
}

fn missing(c: &CriterionReport, lang: Lang) -> Markup {
    html! {
        @if !c.missing.is_empty() {
            div.missing {
                p { strong { (lang.of("Pour trancher, il suffit d'établir", "To decide it, it is enough to establish")) (lang.colon()) } }
                @for (i, set) in c.missing.iter().take(3).enumerate() {
                    @if i > 0 { p.or { (lang.of("ou bien", "or else")) } }
                    ul { @for m in set { li { (words::missing(lang, m)) } } }
                }
            }
        }
    }
}

fn nearest(c: &CriterionReport, lang: Lang) -> Markup {
    html! {
        @if let Some(n) = &c.nearest {
            div.nearest {
                p { span aria-hidden="true" { "➜ " } strong { (words::nearest(lang, n)) } }
                ul { @for e in &n.edits { li { (words::edit(lang, e)) } } }
            }
        }
    }
}

fn footer(r: &Report, lang: Lang) -> Markup {
    let assumed = r
        .criteria
        .iter()
        .filter(|c| c.basis == Basis::Assumption)
        .count();
    html! {
        footer {
            p {
                (lang.of("Référentiel", "Referential")) " " code { (r.referential.urn) } " · SHA-256 " code { (r.referential.digest) }
            }
            p { (lang.of("Dossier", "Dossier")) " · SHA-256 " code { (r.application.digest) } }
            @if assumed > 0 {
                p { (lang.of(
                    "Les critères marqués « hypothèse » ne viennent pas d'un texte public du label.",
                    "Criteria marked “assumption” do not come from a public text of the scheme.")) }
            }
            p { (lang.of(
                "Évaluation calculée par Cocarde ; ce n'est ni un certificat ni une décision.",
                "Assessment computed by Cocarde; it is neither a certificate nor a decision.")) }
        }
    }
}
