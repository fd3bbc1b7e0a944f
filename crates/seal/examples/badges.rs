//! Every badge, in all states, languages and themes, on one page to look at:
//! `cargo run -p cocarde-seal --example badges > badges.html`.

use cocarde_seal::badge::{Badge, Theme};
use cocarde_seal::verify::State;

fn main() {
    println!(
        "<!doctype html><meta charset=\"utf-8\"><title>Badges</title><body style=\"margin:0\">"
    );
    for (theme, ground) in [(Theme::Light, "#f5f6fa"), (Theme::Dark, "#0b0e1a")] {
        println!(
            "<div style=\"background:{ground};padding:12px;display:grid;gap:8px 16px;\
                  grid-template-columns:repeat(2,max-content max-content);align-items:center\">"
        );
        for state in State::ALL {
            for lang in ["fr", "en"] {
                let badge = Badge {
                    issuer: "Organisme d'exemple",
                    scheme: "Numérique France Garanti",
                    version: "2026.1",
                    link: "https://label.example/certificats/NFG-2026-0042",
                    number: "NFG-2026-0042",
                    state,
                    on: "2026-11-24",
                    lang,
                };
                println!("{}{}", badge.full(theme), badge.small(theme));
            }
        }
        println!("</div>");
    }
}
