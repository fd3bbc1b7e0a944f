//! `cocarde probe --dossier`: measured facts beside the declared ones.
//!
//! What is written is what a measurement can say: who answers, under which numbers, with
//! which protections. Where a machine stands is not among it.

mod facts;
mod note;

use super::assess::read;
use super::probe::Probe;
use crate::ui::{Message, Ui};
use cocarde_model::{Diagnostic, FactBase, RecordId, Severity, Span, Text, Value};
use cocarde_probe::measure::Record;
use facts::Facts;
use std::collections::BTreeMap;
use std::net::IpAddr;
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
    let (records, mut passed_over) = measure(base, domains.iter().chain(&hostings), probe);
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
    let file = format!("measurements/probe-{}.jsonl", first.at.strftime("%Y-%m-%d"));
    out.write(dir, &file).map_err(|e| ui.error(&e, &e))?;
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

/// Measures each name once; what cannot be measured is told at every place that states it.
fn measure<'a>(
    base: &FactBase,
    all: impl Iterator<Item = &'a Stated>,
    probe: &Probe,
) -> (BTreeMap<String, Record>, Vec<Diagnostic>) {
    let mut found: BTreeMap<&str, Result<Record, Text>> = BTreeMap::new();
    let mut passed_over = Vec::new();
    for stated in all {
        let name = stated.name.as_str();
        let of_it = found
            .entry(name)
            .or_insert_with(|| measure_one(name, probe));
        if let Err(why) = of_it {
            passed_over.push(stated.not_measured(base, why));
        }
    }
    let records = found.into_iter();
    let records = records.filter_map(|(name, r)| Some((name.to_owned(), r.ok()?)));
    (records.collect(), passed_over)
}

fn measure_one(name: &str, probe: &Probe) -> Result<Record, Text> {
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Err(_) => probe.measure(name),
        Ok(_) => Err(Text {
            fr: format!("« {name} » est une adresse : une mesure part d'un nom"),
            en: format!("`{name}` is an address: a measurement starts from a name"),
        }),
    }
}

/// A name to measure, as a record states it: the reader has made hosts of names and URLs.
struct Stated {
    of: RecordId,
    name: String,
    at: Option<Span>,
}

impl Stated {
    fn not_measured(&self, base: &FactBase, why: &Text) -> Diagnostic {
        let of = base.record_name(self.of);
        let told = Diagnostic::warning(
            "not-measured",
            format!("{of} n'est pas mesuré : {}", why.fr),
            format!("{of} is not measured: {}", why.en),
        );
        let told = told.help(
            "donner un nom qui répond, ou mesurer de nouveau plus tard",
            "state a name that answers, or measure again later",
        );
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
