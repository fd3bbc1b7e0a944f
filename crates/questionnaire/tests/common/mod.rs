//! What the tests of questionnaires share.

#![allow(dead_code)]

use cocarde_dossier::{Dossier, Failure, Limits, read};
use cocarde_model::{FactBase, FieldId, FieldType, Slot, SlotKey, Value};
use cocarde_questionnaire::{self as questionnaire, Answers};
use std::path::Path;

/// An example dossier.
pub fn example(name: &str) -> Dossier {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(name);
    read(&dir, &Limits::default()).unwrap_or_else(|f| panic!("{name}: {:?}", f.diagnostics))
}

/// The names of the examples that read well.
pub fn examples() -> Vec<String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples");
    let entries = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap());
    let dossiers = entries.filter(|e| {
        let files = e.path().read_dir().into_iter().flatten().flatten();
        let mut names = files.map(|f| f.path());
        names.any(|p| p.extension().is_some_and(|x| x == "toml"))
            && read(&e.path(), &Limits::default()).is_ok()
    });
    let mut names: Vec<String> = dossiers
        .map(|e| e.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Reads a workbook back.
pub fn back(bytes: &[u8]) -> Result<Answers, Failure> {
    questionnaire::read("q.xlsx", bytes, &questionnaire::Limits::default())
}

/// All that a fact base says, apart from where it was written: lists with their members
/// and whether they are whole, then facts, sorted.
pub fn said(base: &FactBase) -> Vec<String> {
    let mut all = Vec::new();
    for (record, r) in base.records() {
        for (i, field) in base.schema().ty(r.ty).fields.iter().enumerate() {
            let key = SlotKey {
                record,
                field: FieldId(i as u16),
            };
            if let (FieldType::Many(_), Slot::Many(m)) = (&field.ty, base.slot(key)) {
                let ids: Vec<&str> = m.ids.iter().map(|r| &*base.record(*r).id).collect();
                all.push(format!("{} = {ids:?} {}", base.slot_name(key), m.complete));
            }
        }
    }
    let mut facts: Vec<String> = base.facts().map(|(_, f)| fact(base, f)).collect();
    facts.sort();
    all.extend(facts);
    all
}

fn fact(base: &FactBase, f: &cocarde_model::Fact) -> String {
    let key = SlotKey {
        record: f.subject,
        field: f.field,
    };
    let value = match &f.value {
        Value::Ref(r) => base.record_name(*r),
        // Numbers as such: 1.50 is 1.5.
        Value::Number(n) => format!("{n}"),
        other => format!("{other:?}"),
    };
    let s = &f.source;
    let document = s.document.map(|d| base.record_name(d));
    format!(
        "{} {value} {} {document:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {}",
        base.slot_name(key),
        f.provenance,
        s.page,
        s.server,
        s.time,
        s.by,
        s.note,
        s.note_en,
        f.confidence.map(|c| c.normalize()),
        f.from,
        f.until,
        f.ruling
    )
}
