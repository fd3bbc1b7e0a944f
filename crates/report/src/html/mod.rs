//! An assessment as one self-contained page that prints. No script, no request.

mod criterion;
mod figures;
mod typeset;

use crate::paint::inert;
use crate::picture::Pictures;
use crate::story;
use crate::words::{self, Lang};
use cocarde_referential::Verdict;
use cocarde_referential::load::Basis;
use cocarde_referential::report::{Counts, CriterionReport, PillarReport, Report};
use criterion::criterion;
use figures::{Figures, figures};
use maud::{DOCTYPE, Markup, PreEscaped, html};

const STYLE: &str = include_str!("page.css");

/// The whole page, with pictures beside the criteria that they explain.
pub fn page(report: &Report, pictures: &Pictures, lang: Lang) -> String {
    let r = report;
    let unnamed = lang.of("Offre sans nom", "Unnamed offering");
    let offering = r.application.offering.as_deref().unwrap_or(unnamed);
    let scheme = words::titled(lang.text(&r.referential.title), &r.referential.version);
    let figures = figures(report, pictures, lang);
    let page = html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
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
                    (contents(r, lang))
                    section #criteria aria-label=(lang.of("Critères", "Criteria")) {
                        (group(r, &figures, lang, Verdict::NotSatisfied))
                        (group(r, &figures, lang, Verdict::Undetermined))
                        (group(r, &figures, lang, Verdict::Satisfied))
                        (group(r, &figures, lang, Verdict::NotApplicable))
                    }
                }
                (footer(r, lang))
            }
        }
    };
    typeset::typeset(inert(&page.into_string()), lang)
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
    html! {
        section.summary aria-label=(lang.of("Verdict", "Verdict")) {
            p.verdict.(class(r.verdict)) {
                span.mark aria-hidden="true" { (mark(r.verdict)) } " "
                strong { (words::verdict(lang, r.verdict)) }
                " — " (words::outlook(lang, r))
            }
            p.tally { (words::tally(lang, &r.counts, story::contradicted(r))) }
            p.basis { (lang.text(&r.referential.basis)) }
            @let first = story::beginnings(r);
            @if !first.is_empty() {
                p { strong { (words::begin(lang)) } (lang.colon()) }
                ul { @for (m, n) in first { li { (words::beginning(lang, m, n)) } } }
            }
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
                    th.bars scope="col" { (lang.of("Avancement", "Progress")) }
                    th scope="col" { (lang.of("Satisfaits", "Satisfied")) }
                    th scope="col" { (lang.of("Reste", "Remaining")) }
                    @if let Some(level) = &r.referential.level { th scope="col" { (lang.text(level)) } }
                } }
                tbody { @for p in &r.pillars { (pillar(p, lang)) } }
            }
            @for s in &r.scores {
                p.score {
                    (lang.of("Score", "Score")) " (" (s.weights) ")" (lang.colon()) " "
                    strong { (words::number(lang, &s.score.min)) }
                    @if s.score.min != s.score.max { " – " strong { (words::number(lang, &s.score.max)) } }
                    (lang.of(" %", "%"))
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
            td.bars { (bar(n, total, lang)) }
            td.num {
                @if total > 0 { (n.satisfied) "/" (total) } @else { (lang.of("sans objet", "not applicable")) }
            }
            td {
                @if n.not_satisfied > 0 { span.word.bad { (words::not_satisfied(lang, n.not_satisfied)) } " " }
                @if n.undetermined > 0 { span.word.open { (words::undetermined(lang, n.undetermined)) } }
            }
            @if let Some(l) = &p.level {
                td.num {
                    (l.min) @if l.min != l.max { "–" (l.max) }
                    @if let Some(m) = p.minimum { " (" (lang.of("exigé", "required")) " " (m) ")" }
                }
            }
        }
    }
}

fn bar(n: &Counts, total: u32, lang: Lang) -> Markup {
    if total == 0 {
        return html! {};
    }
    let plain = Counts {
        on_assumption: 0,
        blocking: 0,
        ..*n
    };
    let label = words::tally(lang, &plain, 0);
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

/// What is not satisfied and what is open, with links.
fn contents(r: &Report, lang: Lang) -> Markup {
    let wanted = [Verdict::NotSatisfied, Verdict::Undetermined];
    let told = wanted.into_iter().flat_map(|v| story::told(r, v));
    let all: Vec<&CriterionReport> = told.collect();
    let label = lang.of("À regarder", "To look at");
    html! {
        @if all.len() > 1 {
            nav.contents aria-label=(label) {
                h2 { (label) }
                ol {
                    @for c in all {
                        li.(class(c.verdict)) {
                            span.mark aria-hidden="true" { (mark(c.verdict)) } " "
                            a href={ "#" (c.id) } { (c.id) " · " (lang.text(&c.title)) }
                            span.sr { " (" (words::verdict(lang, c.verdict)) ")" }
                        }
                    }
                }
            }
        }
    }
}

fn group(r: &Report, figures: &Figures, lang: Lang, v: Verdict) -> Markup {
    let of = story::told(r, v);
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
                @for c in of { (criterion(c, figures.get(&c.id), lang)) }
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

#[cfg(test)]
mod tests {
    use super::STYLE;

    #[test]
    fn a_page_prints_at_one_scale() {
        // What is in points would not follow what is in parts of the root's size.
        let before: Vec<&str> = STYLE
            .split_inclusive("font-size:")
            .zip(STYLE.split("font-size:").skip(1))
            .filter(|(_, size)| size.split([';', '}']).next().unwrap_or("").contains("pt"))
            .map(|(before, _)| before)
            .collect();
        assert_eq!(before.len(), 1);
        assert!(before[0].ends_with(":root { font-size:"), "{before:?}");
    }
}
