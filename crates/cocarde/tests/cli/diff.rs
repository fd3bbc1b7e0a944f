//! `referential diff` over a thousand invented dossiers names exactly those whose verdict
//! changes, by an evaluation of its own: from texts in memory, through the library.

use crate::{AS_OF, cocarde, root};
use cocarde_knowledge::countries::Countries;
use cocarde_model::{Date, Schema};
use cocarde_referential::{Options, Referential, Verdict, assess};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const DOSSIERS: u64 = 1000;

/// NFG with other thresholds, another severity and one criterion less.
fn stricter(dir: &Path) {
    std::fs::create_dir_all(dir).expect("created");
    for entry in std::fs::read_dir(root().join("referentials/nfg-2026")).expect("nfg-2026") {
        let file = entry.expect("an entry").path();
        let name = file.file_name().expect("a name").to_owned();
        if !file.extension().is_some_and(|e| e == "toml") {
            continue;
        }
        let text = std::fs::read_to_string(&file).expect("read");
        let text = match name.to_str() {
            Some("referential.toml") => text
                .replacen("value = \"24\"", "value = \"15\"", 1)
                .replacen("value = \"72\"", "value = \"48\"", 1),
            Some("valeur.toml") => text.replace("severity = \"minor\"", "severity = \"major\""),
            _ => text,
        };
        std::fs::write(dir.join(name), text).expect("written");
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
        let base = cocarde_dossier::read_texts(&texts).expect("well-formed").base;
        let a = assess(r, &base, as_of, options);
        let by_id = r.criteria.iter().zip(&a.outcomes);
        (a.verdict, by_id.map(|(c, o)| (c.id.to_string(), o.verdict)).collect())
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
            out += &format!("{number:04}: {} → {}\n", word(*va), word(*vb));
            out += &lines.concat();
        }
        changed += u32::from(va != vb);
    }
    out + &format!("{changed} of {DOSSIERS} dossiers change verdict\n")
}

#[test]
fn diff_names_exactly_the_dossiers_whose_verdict_changes() {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("diff");
    let (over, other) = (place.join("dossiers"), place.join("stricter"));
    for number in 0..DOSSIERS {
        cocarde_sample::write(&over.join(format!("{number:04}")), number).expect("written");
    }
    stricter(&other);
    let (a, b) = (load(&root().join("referentials/nfg-2026")), load(&other));
    let (a, b) = (verdicts(&a), verdicts(&b));
    let (over, other) = (over.display().to_string(), other.display().to_string());
    let ways = [
        ("nfg-2026", &*other, expected(&a, &b)),
        (&*other, "nfg-2026", expected(&b, &a)),
    ];
    for (from, to, expected) in ways {
        let ran = cocarde(&[
            "referential", "diff", from, to, "--over", &over, "--as-of", AS_OF, "--lang", "en",
        ]);
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.out == expected, "{}", first_difference(&ran.out, &expected));
    }
    let changed = a.iter().zip(&b).filter(|(a, b)| a.0 != b.0).count();
    assert!((10..=990).contains(&changed), "{changed} change: nothing to tell apart");
}

fn first_difference(found: &str, expected: &str) -> String {
    let mut pairs = found.lines().zip(expected.lines());
    let (f, e) = pairs.find(|(f, e)| f != e).unwrap_or(("(end)", "(end)"));
    format!("found    {f}\nexpected {e}")
}
