//! One criterion on a page.

use super::{class, mark};
use crate::story::{Ask, Claim, Story, worked_out};
use crate::words::{self, Lang};
use cocarde_referential::Verdict;
use cocarde_referential::load::Basis;
use cocarde_referential::report::{
    CriterionReport, FactReport, NearestReport, Place, PropertyReport,
};
use maud::{Markup, html};

pub(super) fn criterion(c: &CriterionReport, figure: Option<&Markup>, lang: Lang) -> Markup {
    let story = Story::of(c);
    let met = c.verdict == Verdict::Satisfied;
    html! {
        article.criterion.(class(c.verdict)) id=(c.id) {
            div.head {
                h3 {
                    span.mark aria-hidden="true" { (mark(c.verdict)) } " "
                    span.id { (c.id) } " " (lang.text(&c.title))
                }
                p.tags {
                    span.tag.(class(c.verdict)) { (words::verdict(lang, c.verdict)) }
                    span.tag { (words::severity(lang, c.severity)) }
                    span.tag.(basis(c.basis)) { (words::basis(lang, c.basis)) }
                }
            }
            @if !met {
                @for p in &story.focus { (property(p, lang)) }
                (beside(&story, lang))
                (assumed(c, lang))
                (lapsed(c, lang))
                @for (i, a) in story.missing.iter().enumerate() { (ask(a, i == 0, lang)) }
                @if let Some(n) = story.nearest { (nearest(n, &story, lang)) }
                @if !lang.text(&c.remedy).is_empty() {
                    p.remedy { strong { (lang.of("Remède", "Remedy")) (lang.colon()) } " " (lang.text(&c.remedy)) }
                }
                @if let Some(figure) = figure { (figure) }
            }
            details {
                summary { (lang.of("Le texte, la règle et les faits", "Text, rule and facts")) }
                p { (lang.text(&c.text)) }
                @if met {
                    (beside(&story, lang))
                    (assumed(c, lang))
                    (lapsed(c, lang))
                    @if let Some(figure) = figure { (figure) }
                }
                pre tabindex="0" { code { (c.rule) } }
                p { (lang.text(&c.guidance)) }
                p.urn { code { (c.urn) } }
            }
        }
    }
}

fn basis(b: Basis) -> &'static str {
    match b {
        Basis::Public => "public",
        Basis::Assumption => "assumption",
    }
}

fn assumed(c: &CriterionReport, lang: Lang) -> Markup {
    html! {
        @for n in &c.assumed {
            p.note {
                (lang.of("Nombre supposé", "Assumed number")) (lang.colon()) " "
                (words::assumed(lang, n))
            }
        }
    }
}

fn lapsed(c: &CriterionReport, lang: Lang) -> Markup {
    html! {
        @for n in &c.out_of_period {
            p.note {
                strong { (lang.of("Nombre qui ne vaut pas à cette date", "Number not valid on this day")) (lang.colon()) }
                " "
                (words::lapsed(lang, n))
            }
        }
    }
}

fn property(p: &PropertyReport, lang: Lang) -> Markup {
    let Some(claim) = Claim::of(p) else {
        return html! { p.note { (words::beside(lang, p)) } };
    };
    html! {
        div.property {
            p.name { (words::label(lang, p)) " " code { (p.property) } }
            @match &claim.first.place {
                Some(place) if !worked_out(claim.first) => {
                    (snippet(place))
                    p.claim { (words::claim(lang, &claim)) }
                }
                _ => p.claim { (words::claim(lang, &claim)) (seen(claim.first, lang)) }
            }
            @for f in &claim.others { p.claim { (words::other(lang, f, claim.first)) (seen(f, lang)) } }
            @for f in &claim.against {
                @let (head, rest) = words::against(lang, f);
                p.against { strong { (head) } (rest) (seen(f, lang)) }
            }
        }
    }
}

/// Where a further fact stands.
fn seen(f: &FactReport, lang: Lang) -> Markup {
    html! {
        @if let Some(place) = words::place(lang, f) { " " code.place { (place) } }
    }
}

fn snippet(place: &Place) -> Markup {
    let chars: Vec<char> = place.excerpt.chars().collect();
    let start = (place.column as usize).saturating_sub(1).min(chars.len());
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

fn beside(story: &Story<'_>, lang: Lang) -> Markup {
    html! {
        @if !story.beside.is_empty() {
            p.note { (words::capital(words::rests(lang, story.focus.is_empty()))) (lang.colon()) }
            ul.note { @for p in &story.beside { li { (words::beside(lang, p)) } } }
        }
    }
}

fn ask(ask: &Ask<'_>, first: bool, lang: Lang) -> Markup {
    html! {
        div.missing {
            p {
                strong { (words::capital(words::enough(lang, first, ask.proven))) }
                @if let Some(n) = ask.nearest { " (" (words::effort(lang, n.cost)) ")" }
                (lang.colon())
            }
            ul {
                @for (m, to) in &ask.items {
                    li { (words::missing(lang, m, *to, ask.accepted.is_none())) }
                }
            }
            @if let Some(accepted) = ask.accepted { p.note { (words::evidence(lang, accepted)) } }
        }
    }
}

fn nearest(n: &NearestReport, story: &Story<'_>, lang: Lang) -> Markup {
    html! {
        div.nearest {
            p { span aria-hidden="true" { "➜ " } strong { (words::nearest(lang, n)) } }
            ul { @for s in &story.steps { li { (words::step(lang, s, !story.asks_for(s.property()))) } } }
        }
    }
}
