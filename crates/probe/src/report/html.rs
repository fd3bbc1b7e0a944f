//! As one self-contained page: no script, nothing loaded.

use super::Lang;
use super::checks::Check;
use super::story::{Order, Stop, Story, story};
use crate::measure::Record;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const CSS: &str = include_str!("page.css");

/// The record as a page.
#[must_use]
pub fn page(record: &Record, lang: Lang) -> String {
    let story = story(record, lang);
    let title = match lang {
        Lang::Fr => format!("Où est le courrier de {} ?", record.domain),
        Lang::En => format!("Where does the mail of {} lie?", record.domain),
    };
    let measured = lang.moment(record.at);
    let page = html! {
        (DOCTYPE)
        html lang=(lang.code()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(CSS)) }
            }
            body {
                header {
                    h1 { (title) }
                    p.sub { (lang.of("Mesuré de l'extérieur, le ", "Measured from outside, on ")) (measured) "." }
                    @if record.test_world {
                        p.note { (lang.of("Monde d'essai : ceci n'est pas une mesure du monde.", "A test world: this is no measurement of the world.")) }
                    }
                }
                main { (body(record, &story, lang)) }
                footer { (evidence(record, lang)) }
            }
        }
    };
    page.into_string()
}

fn body(record: &Record, story: &Story, lang: Lang) -> Markup {
    html! {
        section aria-labelledby="mail" {
            h2 #mail { (lang.of("Où est le courrier", "Where the mail lies")) }
            @for (i, text) in story.mail.iter().enumerate() {
                p.lead[i == 0] { (text) }
            }
            (path(&story.path, lang))
            @for text in story.seats.iter().chain(&story.sure) { p.sure { (text) } }
        }
        section aria-labelledby="orders" {
            h2 #orders { (lang.of("Qui peut recevoir l'ordre de l'ouvrir", "Who can be ordered to open it")) }
            (orders(&story.orders, lang))
            @for text in &story.limits { p.limit { (text) } }
        }
        section aria-labelledby="site" {
            h2 #site { (lang.of("Le site", "The site")) }
            @for text in &story.site { p { (text) } }
            @if !story.called.is_empty() {
                table {
                    caption { (lang.of("Qui est appelé par la page d'accueil", "Whom the home page calls")) }
                    thead { tr {
                        th scope="col" { (lang.of("Qui, puis qui le contrôle, avec leurs sièges", "Who, then who controls it, with their seats")) }
                        th scope="col" { (lang.of("Hôtes", "Hosts")) }
                    } }
                    tbody { @for called in &story.called { tr {
                        th scope="row" { (called.who) }
                        td { (called.hosts.join(", ")) }
                    } } }
                }
            }
        }
        section aria-labelledby="dns" {
            h2 #dns { (lang.of("Serveurs de noms", "Name servers")) }
            p { (lang.of("Ils disent au monde où se trouvent le site et le courrier : qui les tient peut les détourner.",
                "They tell the world where the site and the mail are: whoever holds them can divert both.")) }
            ul { @for text in &story.dns { li { (text) } } }
        }
        section aria-labelledby="checks" {
            h2 #checks { (lang.of("En ordre ou non", "In order or not")) }
            (checks(&story.checks, lang))
        }
        @if !story.refused.is_empty() {
            section aria-labelledby="refused" {
                h2 #refused { (lang.of("Adresses refusées", "Addresses refused")) }
                ul { @for text in &story.refused { li { (text) } } }
            }
        }
        section aria-labelledby="facts" {
            h2 #facts { (lang.of("Les faits bruts", "The raw facts")) }
            details {
                summary { (lang.of("Ce que le DNS a répondu", "What the DNS answered")) }
                dl {
                    dt { "MX" }
                    @for mx in &record.names.mx { dd { (mx.preference) " " code { (mx.host.name) }
                        @for alias in &mx.host.aliases { " → " code { (alias) } }
                        @if let Some(banner) = &mx.banner { br; code { (banner) } } } }
                    @if let Some(spf) = &record.names.spf { dt { "SPF" } dd { code { (spf.record) } } }
                    @if let Some(dmarc) = &record.names.dmarc { dt { "DMARC" } dd { code { (dmarc) } } }
                    dt { "NS" }
                    @for ns in &record.names.ns { dd { code { (ns.host.name) } } }
                }
            }
        }
    }
}

/// The way of a letter: a list that reads in order, drawn as boxes and arrows.
fn path(stops: &[Stop], lang: Lang) -> Markup {
    html! {
        @if !stops.is_empty() {
            ol.path aria-label=(lang.of("Le chemin d'une lettre", "The way of a letter")) {
                @for stop in stops {
                    li {
                        strong { (stop.who) }
                        @if !stop.seat.is_empty() { span.seat { (stop.seat) } }
                        span.does { (stop.does) }
                    }
                }
            }
        }
    }
}

fn orders(orders: &[Order], lang: Lang) -> Markup {
    html! {
        @if !orders.is_empty() {
            ul.orders {
                @for order in orders {
                    li {
                        p { strong { (order.country) } (lang.of(" : ", ": ")) (lang.of("les autorités du pays peuvent s'adresser à ", "the country's authorities can address ")) strong { (order.who) } "." }
                        p.why { (lang.of("Pourquoi : ", "Why: ")) (order.because) "." }
                        @if !order.laws.is_empty() {
                            p.why { (lang.of("Par quels textes : ", "Under which texts: ")) (order.laws.join(lang.of(" ; ", "; "))) "." }
                        }
                    }
                }
            }
        }
    }
}

fn checks(checks: &[Check], lang: Lang) -> Markup {
    html! {
        ul.checks {
            @for check in checks {
                @let (class, mark, word) = match check.good {
                    Some(true) => ("good", "✓", lang.of("en ordre", "in order")),
                    Some(false) => ("bad", "✗", lang.of("pas en ordre", "not in order")),
                    None => ("open", "?", lang.of("à regarder", "to be looked at")),
                };
                li class=(class) {
                    span.mark aria-hidden="true" { (mark) }
                    span { span.sr { (word) ", " } (check.seen) span.what { " — " (check.what_for) } }
                }
            }
        }
    }
}

fn evidence(record: &Record, lang: Lang) -> Markup {
    let resolvers = record.resolvers.join(", ");
    html! {
        p { (match lang {
            Lang::Fr => format!("{} échanges avec le monde ont été gardés comme preuves (question, serveur, heure, empreinte de la réponse) ; noms demandés à {resolvers}.", record.evidence.len()),
            Lang::En => format!("{} exchanges with the world were kept as evidence (question, server, time, digest of the response); names asked of {resolvers}.", record.evidence.len()),
        }) }
        p { (lang.of(
            "Où un opérateur est enregistré n'est pas où une machine se trouve. Ce qui n'est pas nommé reste inconnu.",
            "Where an operator is registered is not where a machine stands. What is not named stays unknown.")) }
    }
}
