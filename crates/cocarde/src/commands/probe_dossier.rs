//! `cocarde probe --dossier`: measured facts beside the declared ones.
//!
//! What is written is what a measurement can say: who answers, under which numbers, with
//! which protections. Where a machine stands is not among it.

mod facts;
mod note;

use super::assess::read;
use super::probe::{Probe, Unmeasured};
use crate::ui::{Message, Ui};
use cocarde_model::{Diagnostic, FactBase, RecordId, Severity, Sources, Span, Value};
use cocarde_probe::measure::Record;
use facts::Facts;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub fn run(dir: &Path, probe: &Probe, ui: &Ui) -> Result<u8, Message> {
    let dossier = read(dir, ui)?;
    let base = &dossier.base;
    let domains = stated(base, "domain", "name");
    let hostings = stated(base, "hosting", "names");
    if domains.is_empty() && hostings.is_empty() {
        return Err(ui.error(
            "ce dossier ne nomme aucun domaine : ajouter des tables [[domain]] avec leur name",
            "this dossier names no domain: add tables [[domain]] with their name",
        ));
    }
    facts::writable(dir, ui)?;
    let measured = measure(base, domains.iter().chain(&hostings), probe);
    let (records, mut passed_over) =
        measured.map_err(|silence| ui.defects(&[silence], &Sources::default()))?;
    let Some(first) = records.values().next() else {
        for one in &mut passed_over {
            one.severity = Severity::Error;
        }
        return Err(ui.defects(&passed_over, dossier.sources()));
    };
    if !passed_over.is_empty() {
        eprint!("{}", ui.defects(&passed_over, dossier.sources()));
    }
    let mut out = Facts::new(base, probe.operators());
    for stated in &domains {
        if let Some(record) = records.get(&stated.name) {
            out.domain(stated.of, record);
        }
    }
    for stated in &hostings {
        if let Some(record) = records.get(&stated.name) {
            out.hosting(stated.of, record);
        }
    }
    let day = first.at.strftime("%Y-%m-%d");
    let file = format!("{}/probe-{day}.jsonl", facts::MEASUREMENTS);
    out.write(dir, &file, ui)?;
    let (facts, count) = (out.lines.len(), records.len());
    let (fr, en) = (
        ["nom mesuré", "noms mesurés"],
        ["name measured", "names measured"],
    );
    let names = ui.counted(count, fr, en);
    let (fr, en) = (
        ["fait écrit", "faits écrits"],
        ["fact written", "facts written"],
    );
    let facts = ui.counted(facts, fr, en);
    println!("{names}, {facts} {} {file}", ui.say("dans", "to"));
    Ok(0)
}

/// Measures each name once; what cannot be measured is told once at every place that states
/// it. A resolver that answers nothing is waited for once, and is the error where nothing was
/// measured before.
fn measure<'a>(
    base: &FactBase,
    all: impl Iterator<Item = &'a Stated>,
    probe: &Probe,
) -> Result<(BTreeMap<String, Record>, Vec<Diagnostic>), Diagnostic> {
    let mut records = BTreeMap::new();
    let mut failed: BTreeMap<&str, Unmeasured> = BTreeMap::new();
    let mut silence: Option<Unmeasured> = None;
    let mut passed_over = Vec::new();
    let mut told = BTreeSet::new();
    for stated in all {
        let name = stated.name.as_str();
        if !records.contains_key(name) && !failed.contains_key(name) {
            let measured = Probe::domain(name).and_then(|name| match &silence {
                Some(silence) => Err(silence.clone()),
                None => probe.measure(&name),
            });
            match measured {
                Ok(record) => drop(records.insert(name.to_owned(), record)),
                Err(why) if why.silent && records.is_empty() => return Err(why.error(name)),
                Err(why) => {
                    if why.silent {
                        silence = Some(why.clone());
                    }
                    failed.insert(name, why);
                }
            }
        }
        // A value that is declared and attested stands there twice.
        if let Some(why) = failed.get(name)
            && told.insert((stated.of, name, stated.at))
        {
            passed_over.push(stated.not_measured(base, why));
        }
    }
    Ok((records, passed_over))
}

/// A name to measure, as a record states it: the reader has made hosts of names and URLs.
struct Stated {
    of: RecordId,
    name: String,
    at: Option<Span>,
}

impl Stated {
    fn not_measured(&self, base: &FactBase, cause: &Unmeasured) -> Diagnostic {
        let (of, name) = (base.record_name(self.of), &self.name);
        let told = Diagnostic::warning(
            "not-measured",
            format!("« {name} » ({of}) n'est pas mesuré : {}", cause.why.fr),
            format!("`{name}` ({of}) is not measured: {}", cause.why.en),
        );
        let told = told.help(&*cause.mend.fr, &*cause.mend.en);
        match self.at {
            Some(at) => told.at(at),
            None => told,
        }
    }
}

/// The texts that records of a type have in a field.
fn declared(base: &FactBase, ty: &str, field: &str) -> Vec<(RecordId, String)> {
    let all = stated(base, ty, field).into_iter();
    all.map(|s| (s.of, s.name)).collect()
}

/// The same, with their places.
fn stated(base: &FactBase, ty: &str, field: &str) -> Vec<Stated> {
    let mut found = Vec::new();
    let Some(ty) = base.schema().by_name(ty) else {
        return found;
    };
    let Some(field) = base.schema().ty(ty).field(field) else {
        return found;
    };
    for (_, fact) in base.facts() {
        let of_type = base.get(fact.subject).is_some_and(|r| r.ty == ty);
        if !of_type || fact.field != field {
            continue;
        }
        let names = match &fact.value {
            Value::Text(t) => std::slice::from_ref(t),
            Value::Texts(all) => all,
            _ => continue,
        };
        found.extend(names.iter().map(|name| Stated {
            of: fact.subject,
            name: name.to_string(),
            at: fact.source.span,
        }));
    }
    found
}
