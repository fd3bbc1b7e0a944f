//! How a certificate stands, as a page for a phone: what the code of a printed page leads
//! to. No script, no request; made again at each verification, it says until when it can
//! be repeated.

use crate::Lang;
use crate::words::day;
use cocarde_seal::json;
use cocarde_seal::verify::{Answer, Level, Outcome, Statement};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

const STYLE: &str = include_str!("screen.css");

fn of<'a>(lang: Lang, fr: &'a str, en: &'a str) -> &'a str {
    match lang {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

/// The page of an answer on a certificate.
pub fn screen(answer: &Answer, lang: Lang) -> String {
    let nothing = Value::Null;
    let credential = answer.credential.as_ref().unwrap_or(&nothing);
    let text = |path: &[&str]| json::text(credential, path);
    let unread = of(lang, "Certificat", "Certificate");
    let holder = text(&["credentialSubject", "issuedToParty", "name"]).unwrap_or(unread);
    let state = of(lang, answer.state.words().0, answer.state.words().1);
    let page = html! {
        (DOCTYPE)
        html lang=(of(lang, "fr", "en")) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (holder) " · " (state) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    p.soft { (text(&["credentialSubject", "scope", "name"]).unwrap_or_default()) }
                    h1 { (holder) }
                    (verdict(answer, state, lang))
                    (facts(credential, lang))
                    @for (level, mark, title) in sections(lang) {
                        (section(answer, level, mark, title, lang))
                    }
                    (yourself(credential, lang))
                }
                footer { (until(answer, lang)) }
            }
        }
    };
    page.into_string()
}

fn verdict(answer: &Answer, state: &str, lang: Lang) -> Markup {
    let class = match answer.outcome() {
        Outcome::Valid => "good",
        Outcome::WithReserve => "warn",
        Outcome::Refused => "bad",
    };
    let mut word: String = state.chars().take(1).flat_map(char::to_uppercase).collect();
    word.extend(state.chars().skip(1));
    html! {
        div class=(format!("state {class}")) role="status" {
            strong { (word) }
            span { (of(lang, "au ", "on ")) (day(&answer.at, lang)) }
        }
    }
}

fn facts(credential: &Value, lang: Lang) -> Markup {
    let lines: [(&str, &[&str]); 4] = [
        (of(lang, "Numéro", "Number"), &["credentialSubject", "name"]),
        (
            of(lang, "Portée", "Scope"),
            &["credentialSubject", "description"],
        ),
        (
            of(lang, "Version du référentiel", "Version of the referential"),
            &["credentialSubject", "scope", "version"],
        ),
        (of(lang, "Délivré par", "Issued by"), &["issuer", "name"]),
    ];
    let found = lines
        .into_iter()
        .filter_map(|(name, path)| Some((name, json::text(credential, path)?)));
    let found: Vec<_> = found.collect();
    html! {
        @if !found.is_empty() {
            dl { @for (name, value) in found { dt { (name) } dd { (value) } } }
        }
    }
}

fn sections(lang: Lang) -> [(Level, &'static str, &'static str); 4] {
    [
        (
            Level::Refused,
            "✗",
            of(lang, "Refusé parce que", "Refused because"),
        ),
        (Level::Caution, "!", of(lang, "À savoir", "To be known")),
        (Level::Proven, "✓", of(lang, "Prouvé", "Proven")),
        (Level::NotProven, "?", of(lang, "Non prouvé", "Not proven")),
    ]
}

fn section(answer: &Answer, level: Level, mark: &str, title: &str, lang: Lang) -> Markup {
    let class = match level {
        Level::Proven => "mark good",
        Level::Caution | Level::NotProven => "mark warn",
        Level::Refused => "mark bad",
    };
    let said: Vec<_> = answer
        .statements
        .iter()
        .filter(|s| s.level == level)
        .collect();
    html! {
        @if !said.is_empty() {
            h2 { (title) }
            ul {
                @for s in said {
                    li { span class=(class) aria-hidden="true" { (mark) } span { (sentence(s, lang)) } }
                }
            }
        }
    }
}

/// A sentence; in French, marks stay with their word.
fn sentence(s: &Statement, lang: Lang) -> String {
    const PAIRS: [(&str, &str); 4] = [
        (" :", "\u{a0}:"),
        (" ;", "\u{202f};"),
        ("« ", "«\u{a0}"),
        (" »", "\u{a0}»"),
    ];
    match lang {
        Lang::En => s.en.clone(),
        Lang::Fr => PAIRS
            .iter()
            .fold(s.fr.clone(), |text, (from, to)| text.replace(from, to)),
    }
}

/// How to do without this page's word.
fn yourself(credential: &Value, lang: Lang) -> Markup {
    let address = json::text(credential, &["id"]).filter(|id| id.starts_with("https://"));
    html! {
        h2 { (of(lang, "Vérifier soi-même", "Verify it yourself")) }
        p {
            (of(lang,
                "Cette page est la parole du site qui la montre. Le certificat signé se vérifie sans lui\u{a0}:",
                "This page is the word of the site that shows it. The signed certificate is verified without it:"))
            " " code { "cocarde verify" } "."
        }
        @if let Some(id) = address {
            ul {
                li { a href=(format!("{id}.jwt")) { (of(lang, "le certificat signé", "the signed certificate")) } }
                li {
                    a href=(format!("{id}.tlog-proof")) {
                        (of(lang, "sa preuve d'inscription au journal public", "its proof of entry in the public log"))
                    }
                }
            }
        }
    }
}

fn until(answer: &Answer, lang: Lang) -> Markup {
    let again = of(lang, "vérifiez de nouveau", "verify again");
    html! {
        p {
            @match &answer.until {
                Some(end) => {
                    (of(lang, "Cette réponse peut être répétée jusqu'au ", "This answer can be repeated until "))
                    time datetime=(end) { (day(end, lang)) }
                    (of(lang, "\u{202f}; au-delà, ", "; after that, ")) (again) "."
                }
                None => { (of(lang, "Avant de vous y fier, ", "Before you rely on it, ")) (again) "." }
            }
        }
    }
}
