//! Laws of what is printed for people: it fits the columns there are, and its days are in
//! words, whatever is asked of whichever example in either language.

use crate::{AS_OF, Ran, cocarde_in, examples};
use std::thread;
use unicode_width::UnicodeWidthStr;

const SCENARIOS: [&str; 5] = [
    "us-vendor-stop",
    "account-deleted-by-host",
    "operator-bankrupt",
    "licence-withdrawn",
    "cable-cut",
];
const REFERENTIALS: [&str; 5] = [
    "nfg-2026",
    "secnumcloud-3.2-ch19",
    "eu-csf-1.2.1",
    "ofg",
    "sfg",
];

/// What is asked of an example.
fn asked(example: &str) -> Vec<Vec<String>> {
    let dir = format!("examples/{example}");
    let on = |args: &[&str]| {
        let args = args.iter().chain(&["--as-of", AS_OF]);
        args.map(|a| a.to_string()).collect::<Vec<_>>()
    };
    let mut all = vec![on(&["check", &dir])];
    for analysis in ["control", "reach", "value"] {
        all.push(on(&[analysis, &dir]));
    }
    for scenario in SCENARIOS {
        all.push(on(&["resilience", &dir, "-s", scenario]));
    }
    for referential in REFERENTIALS {
        all.push(on(&["assess", &dir, "-r", referential, "--all"]));
    }
    all
}

/// What is asked of no example, or of all.
fn asked_once() -> Vec<Vec<String>> {
    let mut all: Vec<Vec<&str>> = vec![
        vec!["referential", "list"],
        vec!["referential", "check", "referentials/ofg"],
        vec!["referential", "check", "examples/usine"],
        vec![
            "referential",
            "diff",
            "nfg-2026",
            "sfg",
            "--over",
            "examples",
            "--as-of",
            AS_OF,
        ],
        vec!["resilience", "examples/usine"],
        vec![
            "verify",
            "docs/certificate/certificate.jwt",
            "--trust",
            "docs/certificate/trust.json",
            "--offline",
            "--at",
            "2026-12-02",
            "--status",
            "docs/certificate/status/revocation",
        ],
        vec!["assess", "examples/usine", "--as-of", "hier"],
        vec!["--help"],
        vec!["assess", "--help"],
        vec!["resilience", "--help"],
    ];
    let show = REFERENTIALS.iter().map(|r| vec!["referential", "show", r]);
    all.extend(show);
    let owned = all
        .iter()
        .map(|a| a.iter().map(|s| s.to_string()).collect());
    owned.collect()
}

/// Runs commands in columns, in both languages, side by side.
fn each(commands: &[Vec<String>], columns: usize, look: impl Fn(&str, &Ran) + Sync) {
    thread::scope(|s| {
        for lang in ["fr", "en"] {
            let look = &look;
            s.spawn(move || {
                for args in commands {
                    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
                    args.extend(["--lang", lang]);
                    let ran = cocarde_in(&args, columns);
                    look(&format!("{columns} {}", args.join(" ")), &ran);
                }
            });
        }
    });
}

fn everything() -> Vec<Vec<String>> {
    let mut all = asked_once();
    for example in examples().iter().map(String::as_str).chain(["broken"]) {
        all.extend(asked(example));
    }
    all
}

/// Whether a line holds no more than one word beside marks, such as an address or a digest.
fn one_word(line: &str) -> bool {
    let letters = |w: &&str| w.chars().any(char::is_alphanumeric);
    line.split(' ').filter(letters).count() <= 1
}

#[test]
fn no_line_is_wider_than_the_columns_there_are() {
    let all = everything();
    for columns in [60, 80, 120] {
        each(&all, columns, |asked, ran| {
            for line in ran.out.lines().chain(ran.err.lines()) {
                let fits = line.width() <= columns || one_word(line);
                assert!(fits, "{asked}: {} columns:\n{line}", line.width());
            }
        });
    }
}

#[test]
fn colour_moves_nothing() {
    let (plain, colour) = (["--color", "never"], ["--color", "always"]);
    let mut all = asked_once();
    all.extend(["filiale-us", "usine"].iter().flat_map(|e| asked(e)));
    all.retain(|a| !a.iter().any(|w| w == "--help"));
    each(&all, 60, |asked, _| {
        let args: Vec<&str> = asked.split(' ').skip(1).collect();
        let ran = |with: [&str; 2]| cocarde_in(&[&args[..], &with].concat(), 60);
        let (plain, colour) = (ran(plain), ran(colour));
        for (plain, colour) in [(plain.out, colour.out), (plain.err, colour.err)] {
            let colour = bare(&colour);
            let mut lines = plain.lines().zip(colour.lines());
            assert_eq!(lines.find(|(p, c)| p != c), None, "{asked}");
            assert_eq!(plain.lines().count(), colour.lines().count(), "{asked}");
        }
    });
}

/// A text without its colour codes.
fn bare(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_string();
    parts.fold(first, |out, part| {
        out + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[test]
fn days_are_in_words() {
    let mut all = everything();
    // What is wrong with a date is said of how it is written.
    all.retain(|a| {
        !a.iter()
            .any(|w| w.contains("broken") || w == "examples" || w == "hier")
    });
    all.retain(|a| !a.iter().any(|w| w == "--help"));
    each(&all, 120, |asked, ran| {
        for line in ran.out.lines() {
            assert!(!line.split(' ').any(is_day), "{asked}:\n{line}");
        }
    });
}

/// Whether a word is a day in digits, as programs write it.
fn is_day(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let parts: Vec<&str> = word.split('-').collect();
    let digits = parts.iter().all(|p| p.bytes().all(|b| b.is_ascii_digit()));
    digits && parts.iter().map(|p| p.len()).eq([4, 2, 2])
}

#[test]
fn every_analysis_names_the_dossier_as_an_assessment_does() {
    for example in examples() {
        let dir = format!("examples/{example}");
        for lang in ["fr", "en"] {
            let head = |command: &str| {
                let ran = cocarde_in(&[command, &dir, "--as-of", AS_OF, "--lang", lang], 120);
                let mut lines = ran.out.lines().map(String::from);
                [(); 3].map(|()| lines.next().unwrap_or_default())
            };
            let [named, scheme, _] = head("assess");
            let (scheme, day) = scheme.rsplit_once(" · ").expect("a day");
            for command in ["control", "reach", "value"] {
                let [found, told, rules] = head(command);
                assert_eq!(found, named, "{command} {example} {lang}");
                assert!(told.ends_with(day), "{command} {example} {lang}: {told}");
                assert!(
                    rules.ends_with(scheme),
                    "{command} {example} {lang}: {rules}"
                );
            }
        }
    }
}
