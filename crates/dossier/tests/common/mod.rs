//! What the tests of dossiers share.

#![allow(dead_code)]

use cocarde_dossier::{Dossier, Failure, Limits, read, read_texts};
use cocarde_model::{Diagnostic, Fact, FactBase, RecordId, SlotKey, Sources};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// The directory of an example.
pub fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(name)
}

/// An example that reads well.
pub fn good(name: &str) -> Dossier {
    read(&example(name), &Limits::default())
        .unwrap_or_else(|f| panic!("{name}:\n{}", print(&f.sources, &f.diagnostics, "en")))
}

/// A dossier of one file, after the header.
pub fn one(text: &str) -> Result<Dossier, Failure> {
    let text = format!("{text}\n[dossier]\nformat = 1\n");
    read_texts(&[("a.toml", &text)])
}

/// The codes of the defects of one file.
pub fn codes(text: &str) -> Vec<&'static str> {
    match one(text) {
        Ok(d) => d.findings.iter().map(|d| d.code).collect(),
        Err(f) => f.diagnostics.iter().map(|d| d.code).collect(),
    }
}

/// Diagnostics as a terminal without colour would show them.
pub fn print(sources: &Sources, diagnostics: &[Diagnostic], lang: &str) -> String {
    let mut out = String::new();
    for d in diagnostics {
        let place = d.span.map(|s| sources.place(s)).or_else(|| d.file.clone());
        let place = place.unwrap_or_default();
        let _ = writeln!(out, "{place}: {} [{}]", d.message.get(lang), d.code);
        if let Some(help) = &d.help {
            let _ = writeln!(out, "    = {}", help.get(lang));
        }
    }
    out
}

/// The facts about `type:id.field`.
pub fn facts<'b>(base: &'b FactBase, ty: &str, id: &str, field: &str) -> Vec<&'b Fact> {
    let ty = base.schema().by_name(ty).unwrap();
    let record = base.find(ty, id).unwrap_or(RecordId(u32::MAX));
    let field = base.schema().ty(ty).field(field).unwrap();
    let key = SlotKey { record, field };
    base.facts_of(key).iter().map(|f| base.fact(*f)).collect()
}

/// What is said of a text: the code and the mend in French and English, in order.
pub fn mends(text: &str) -> Vec<(&'static str, String, String)> {
    let all = match one(text) {
        Ok(d) => d.findings,
        Err(f) => f.diagnostics,
    };
    all.into_iter()
        .map(|d| {
            let (fr, en) = d.help.map_or_else(Default::default, |h| (h.fr, h.en));
            (d.code, fr, en)
        })
        .collect()
}
