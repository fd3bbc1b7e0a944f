//! What reports say in words, as laws over all examples.

use crate::{AS_OF, cocarde, examples};
use serde_json::Value;
use std::path::Path;

const REFERENTIALS: [&str; 5] = [
    "nfg-2026",
    "secnumcloud-3.2-ch19",
    "eu-csf-1.2.1",
    "ofg",
    "sfg",
];

/// An assessment in a form, its lines joined.
fn assess(example: &str, referential: &str, more: &[&str]) -> String {
    let dir = format!("examples/{example}");
    let args = ["assess", &dir, "-r", referential, "--as-of", AS_OF];
    let ran = cocarde(&[&args[..], more].concat());
    assert!(ran.err.is_empty(), "{example} {referential}: {}", ran.err);
    ran.out
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn list<'v>(v: &'v Value, key: &str) -> &'v [Value] {
    v[key].as_array().map_or(&[], |a| a)
}

#[test]
fn a_satisfied_criterion_names_the_documents_that_establish_it() {
    for lang in ["fr", "en"] {
        let report = assess("nuage-boreal", "nfg-2026", &["--format", "json"]);
        let report: Value = serde_json::from_str(&report).expect("JSON");
        let text = joined(&assess(
            "nuage-boreal",
            "nfg-2026",
            &["--all", "--lang", lang],
        ));
        let mut seen = 0;
        for c in list(&report, "criteria")
            .iter()
            .filter(|c| c["verdict"] == "satisfied")
        {
            let told = list(c, "properties").iter().take(6);
            for f in told.flat_map(|p| list(p, "facts")) {
                let (document, establishes) = (&f["document"], f["role"] == "establishes");
                if let (Some(title), true) = (document["title"].as_str(), establishes) {
                    let quoted = if lang == "fr" {
                        format!("« {title} »")
                    } else {
                        format!("“{title}”")
                    };
                    let cited = match document["page"].as_u64() {
                        Some(n) => format!("({quoted}, page {n})"),
                        None => format!("({quoted})"),
                    };
                    assert!(text.contains(&cited), "{}: {cited}", c["id"]);
                    seen += 1;
                }
            }
        }
        assert!(seen > 20, "{seen}");
    }
}

#[test]
fn no_report_says_what_only_a_program_would() {
    for example in examples() {
        for referential in REFERENTIALS {
            for lang in ["fr", "en"] {
                let text = assess(&example, referential, &["--all", "--lang", lang]);
                let place = format!("{example} {referential} {lang}");
                for wrong in [":+", "déclaré par cocarde", "declared by cocarde"] {
                    assert!(!text.contains(wrong), "{place}: {wrong}");
                }
                let long = text.split(|c: char| !c.is_ascii_digit() && c != ',' && c != '.');
                let decimals = |n: &str| {
                    let (_, part) = n.split_once([',', '.']).unwrap_or((n, ""));
                    part.len() > 4 && part.bytes().all(|b| b.is_ascii_digit())
                };
                assert_eq!(long.into_iter().find(|n| decimals(n)), None, "{place}");
            }
        }
    }
}

#[test]
fn what_a_verdict_means_is_for_the_scheme_to_say() {
    for (referential, label) in [("nfg-2026", true), ("secnumcloud-3.2-ch19", false)] {
        let text = assess("nuage-boreal", referential, &[]);
        assert_eq!(text.contains("le label serait accordé"), label, "{text}");
    }
}

#[test]
fn what_is_claimed_and_contradicted_is_not_asked_for_as_a_change() {
    let text = joined(&assess("filiale-us", "nfg-2026", &[]));
    assert!(!text.contains("faire passer hosting:prod.country à « FR »"));
    assert!(text.contains("lever la contradiction sur hosting:prod.country = « FR »"));
    let text = joined(&assess("filiale-us", "nfg-2026", &["--lang", "en"]));
    assert!(text.contains("lift the contradiction on hosting:prod.country = “FR”"));
}

#[test]
fn a_value_that_cannot_be_read_is_refused_in_the_readers_language() {
    for (args, said) in [
        (
            &["--lang", "fr", "assess", ".", "--as-of", "hier"][..],
            "AAAA-MM-JJ",
        ),
        (
            &["--lang", "en", "assess", ".", "--as-of", "hier"],
            "YYYY-MM-DD",
        ),
        (&["assess", ".", "--form"], "option inconnue"),
        (&["asses"], "vouliez-vous « assess »"),
        (&["assess"], "il manque : <DIR>"),
        (&["assess", "/nonexistent"], "il n'existe pas"),
        (
            &["assess", "examples/usine", "--profile", "x"],
            "n'a pas de profil",
        ),
        (
            &["referential", "check", "examples/usine"],
            "n'est pas un référentiel",
        ),
    ] {
        let ran = cocarde(args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert!(ran.err.contains(said), "{args:?}: {}", ran.err);
        assert!(!ran.err.contains("os error"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn what_cannot_be_told_says_what_to_state() {
    for (command, said) in [("value", "[[activity]]"), ("reach", "à savoir :")] {
        let ran = cocarde(&[command, "examples/usine", "--as-of", AS_OF]);
        assert!(ran.out.contains(said), "{command}: {}", ran.out);
    }
}

/// A measurement that has ended says nothing of the day, so nothing is contradicted by it.
#[test]
fn what_has_ended_contradicts_nothing() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("what-has-ended");
    crate::analyses::copy(Path::new("../../examples/nuage-boreal"), &dir);
    let ended = "[[fact]]\nsubject = \"domain:api\"\nproperty = \"operator_country\"\nvalue = \"US\"\n\
                 how = \"measured\"\nconfidence = \"0.99\"\ntime = \"2020-01-05T10:00:00Z\"\n";
    let at = dir.display().to_string();
    // Of a criterion that is satisfied all the same, too.
    let within = ended.replace("US", "DE");
    for (fact, until, contradicted) in [
        (ended, "until = 2020-12-31\n", false),
        (ended, "", true),
        (&*within, "", true),
    ] {
        std::fs::write(dir.join("z.toml"), format!("{fact}{until}")).expect("a file");
        let text = cocarde(&["assess", &at, "--as-of", AS_OF, "--lang", "en", "--all"]).out;
        assert_eq!(text.contains("claim contradicted"), contradicted, "{text}");
        assert_eq!(text.contains("contradicted by"), contradicted, "{text}");
        let json = cocarde(&["assess", &at, "--as-of", AS_OF, "--format", "json"]).out;
        assert_eq!(json.contains("\"contradicted\": true"), contradicted);
    }
}
