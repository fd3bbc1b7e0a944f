//! `referential diff` over a thousand invented dossiers names exactly those whose verdict
//! changes, by an evaluation of its own: from texts in memory, through the library.

use crate::{AS_OF, cocarde, root};
use cocarde_knowledge::countries::Countries;
use cocarde_model::{Date, Schema};
use cocarde_referential::{Options, Referential, Verdict, assess};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const DOSSIERS: u64 = 1000;

/// Copies NFG with each file changed.
fn copy(dir: &Path, change: impl Fn(&str, String) -> String) {
    std::fs::create_dir_all(dir).expect("created");
    for entry in std::fs::read_dir(root().join("referentials/nfg-2026")).expect("nfg-2026") {
        let file = entry.expect("an entry").path();
        let name = file.file_name().expect("a name").to_string_lossy();
        if name.ends_with(".toml") {
            let text = std::fs::read_to_string(&file).expect("read");
            std::fs::write(dir.join(&*name), change(&name, text)).expect("written");
        }
    }
}

/// Without what analyses add: then the library alone says the same.
fn plain(name: &str, text: String) -> String {
    match (name, text.find("[analysis]"), text.find("[decision]")) {
        ("referential.toml", Some(from), Some(to)) if from < to => {
            format!("{}{}", &text[..from], &text[to..])
        }
        _ => text,
    }
}

/// With other thresholds and other severities.
fn stricter(name: &str, text: String) -> String {
    match name {
        "referential.toml" => text
            .replacen("value = \"24\"", "value = \"15\"", 1)
            .replacen("value = \"72\"", "value = \"48\"", 1),
        "valeur.toml" => text.replace("severity = \"minor\"", "severity = \"major\""),
        _ => text,
    }
}

fn load(dir: &Path) -> Referential {
    let sets = Countries::standard().sets().iter().map(|s| {
        let members = s.members.iter().map(|c| c.as_str().into());
        (s.name.as_str().into(), members.collect())
    });
    Referential::read(dir, Schema::standard(), &sets.collect(), None).expect("well-formed")
}

type Verdicts = (Verdict, BTreeMap<String, Verdict>);

/// Every dossier's verdicts under one referential.
fn verdicts(r: &Referential) -> Vec<Verdicts> {
    let as_of: Date = AS_OF.parse().expect("a day");
    let options = Options {
        explain: false,
        nearest_budget: 0,
    };
    let one = |number| {
        let files = cocarde_sample::dossier(number);
        let texts: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, &**t)).collect();
        let base = cocarde_dossier::read_texts(&texts)
            .expect("well-formed")
            .base;
        let a = assess(r, &base, as_of, options);
        let by_id = r.criteria.iter().zip(&a.outcomes);
        (
            a.verdict,
            by_id.map(|(c, o)| (c.id.to_string(), o.verdict)).collect(),
        )
    };
    (0..DOSSIERS).map(one).collect()
}

fn word(v: Verdict) -> &'static str {
    match v {
        Verdict::Satisfied => "satisfied",
        Verdict::NotSatisfied => "not satisfied",
        Verdict::Undetermined => "undetermined",
        Verdict::NotApplicable => "not applicable",
    }
}

/// What the command should print.
fn expected(a: &[Verdicts], b: &[Verdicts]) -> String {
    let (mut out, mut changed) = (String::new(), 0);
    for (number, ((va, ca), (vb, cb))) in a.iter().zip(b).enumerate() {
        let lines: Vec<String> = ca
            .iter()
            .filter(|(id, v)| cb[*id] != **v)
            .map(|(id, v)| format!("  {id}  {} → {}\n", word(*v), word(cb[id])))
            .collect();
        if va != vb || !lines.is_empty() {
            out += &match va == vb {
                true => format!("{number:04}: {}\n", word(*va)),
                false => format!("{number:04}: {} → {}\n", word(*va), word(*vb)),
            };
            out += &lines.concat();
        }
        changed += u32::from(va != vb);
    }
    out + &format!("{changed} of {DOSSIERS} dossiers change verdict\n")
}

fn diff(from: &str, to: &str, over: &Path) -> String {
    let over = over.display().to_string();
    let ran = cocarde(&[
        "referential",
        "diff",
        from,
        to,
        "--over",
        &over,
        "--as-of",
        AS_OF,
        "--lang",
        "en",
    ]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    ran.out
}

#[test]
fn diff_names_exactly_the_dossiers_whose_verdict_changes() {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("diff");
    let (one, other) = (place.join("plain"), place.join("stricter"));
    let over = place.join("dossiers");
    for number in 0..DOSSIERS {
        cocarde_sample::write(&over.join(format!("{number:04}")), number).expect("written");
    }
    copy(&one, plain);
    copy(&other, |name, text| stricter(name, plain(name, text)));
    let (a, b) = (verdicts(&load(&one)), verdicts(&load(&other)));
    let (one, other) = (one.display().to_string(), other.display().to_string());
    for (from, to, expected) in [
        (&one, &other, expected(&a, &b)),
        (&other, &one, expected(&b, &a)),
    ] {
        let found = diff(from, to, &over);
        assert!(found == expected, "{}", first_difference(&found, &expected));
    }
    let changed = a.iter().zip(&b).filter(|(a, b)| a.0 != b.0).count();
    assert!(
        (10..=990).contains(&changed),
        "{changed} change: nothing to tell apart"
    );
}

/// With what analyses add, `diff` says of a dossier what `assess` says.
#[test]
fn diff_says_of_each_dossier_what_assess_says() {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("diff-few");
    let (few, other) = (place.join("dossiers"), place.join("stricter"));
    copy(&other, stricter);
    let numbers = 0..30;
    for number in numbers.clone() {
        cocarde_sample::write(&few.join(format!("{number:04}")), number).expect("written");
    }
    let other = other.display().to_string();
    let found = diff("nfg-2026", &other, &few);
    for number in numbers {
        let dir = few.join(format!("{number:04}")).display().to_string();
        let verdict = |referential: &str| {
            let args = [
                "--referential",
                referential,
                "--as-of",
                AS_OF,
                "--format",
                "json",
            ];
            let ran = cocarde(&[&["assess", &dir], &args[..]].concat());
            let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
            report["verdict"]
                .as_str()
                .expect("a verdict")
                .replace('-', " ")
        };
        let (before, after) = (verdict("nfg-2026"), verdict(&other));
        let line = format!("{number:04}: {before} → {after}\n");
        assert_eq!(found.contains(&line), before != after, "{line}{found}");
    }
}

/// A faulty dossier is named, the others are compared; a dossier can be named itself.
#[test]
fn a_faulty_dossier_is_named_and_the_others_are_compared() {
    let diff = |over| {
        let args = ["referential", "diff", "nfg-2026", "sfg", "--over", over];
        cocarde(&[&args[..], &["--as-of", AS_OF]].concat())
    };
    let all = diff("examples");
    assert_eq!(all.code, 2);
    assert!(
        all.err.contains("dossier fautif, laissé de côté : broken"),
        "{}",
        all.err
    );
    assert!(all.out.contains("service-clair :"), "{}", all.out);
    assert!(
        all.out.trim_end().ends_with("; 1 dossier fautif"),
        "{}",
        all.out
    );
    let one = diff("examples/service-clair");
    assert_eq!(one.code, 1, "{}{}", one.out, one.err);
    assert!(
        one.out.ends_with("1 dossier sur 1 change de verdict\n"),
        "{}",
        one.out
    );
}

fn first_difference(found: &str, expected: &str) -> String {
    let mut pairs = found.lines().zip(expected.lines());
    let (f, e) = pairs.find(|(f, e)| f != e).unwrap_or(("(end)", "(end)"));
    format!("found    {f}\nexpected {e}")
}
