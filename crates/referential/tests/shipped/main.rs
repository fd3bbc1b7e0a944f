//! The referentials this project ships load whole, hold what their README promises, and
//! decide as their texts say.

mod applicant;
mod data;
#[path = "../common/facts.rs"]
mod facts;
mod large;
mod laws;
mod parameters;
mod verdicts;

use cocarde_model::{FactBase, Schema};
use cocarde_referential::load::Sets;
use cocarde_referential::{Assessment, Options, Referential, Verdict, assess};
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../referentials")
}

fn sets() -> Sets {
    const EU: &str =
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";
    let list = |text: &str| text.split(' ').map(Into::into).collect();
    Sets::from([
        ("eu".into(), list(EU)),
        ("eea".into(), list(&format!("{EU} IS LI NO"))),
    ])
}

fn load(id: &str) -> Referential {
    Referential::read(&root().join(id), Schema::standard(), &sets(), None).unwrap_or_else(|f| {
        let lines: Vec<String> = f
            .diagnostics
            .iter()
            .map(|d| {
                let place = d.span.map(|s| f.sources.place(s)).unwrap_or_default();
                format!("{place}: {}", d.message.en)
            })
            .collect();
        panic!("{id}:\n{}", lines.join("\n"))
    })
}

fn all() -> Vec<Referential> {
    let mut ids: Vec<String> = std::fs::read_dir(root())
        .expect("the directory of referentials")
        .map(|e| e.expect("an entry"))
        .filter(|e| e.path().is_dir())
        .map(|e| e.file_name().to_string_lossy().into_owned())
        .collect();
    ids.sort();
    ids.iter().map(|id| load(id)).collect()
}

/// Verdicts alone.
const QUICK: Options = Options {
    explain: false,
    nearest_budget: 0,
};

fn assessed(referential: &str, applicant: &FactBase) -> (Referential, Assessment) {
    let r = load(referential);
    let day = "2026-11-23".parse().expect("a day");
    let a = assess(&r, applicant, day, QUICK);
    (r, a)
}

/// The criteria that came out so.
fn with(r: &Referential, a: &Assessment, verdict: Verdict) -> Vec<String> {
    let all = r.criteria.iter().zip(&a.outcomes);
    let so = all.filter(|(_, o)| o.verdict == verdict);
    so.map(|(c, _)| c.id.to_string()).collect()
}
