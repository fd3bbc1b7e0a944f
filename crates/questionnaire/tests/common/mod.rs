//! What the tests of questionnaires share.

#![allow(dead_code)]

use cocarde_dossier::{Dossier, Failure, Limits, read};
use cocarde_model::{FactBase, FieldId, FieldType, Slot, SlotKey, Value};
use cocarde_questionnaire::{self as questionnaire, Answers};
use std::io::{Cursor, Read, Write};
use std::path::Path;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

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

/// The workbook of an example with the parts that `change` edits.
pub fn changed(change: impl Fn(&str, String) -> String) -> Vec<u8> {
    let bytes = questionnaire::write(&example("filiale-us")).unwrap();
    let mut from = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut into = ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..from.len() {
        let mut part = from.by_index(i).unwrap();
        let name = part.name().unwrap().to_string();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        into.start_file(&name, SimpleFileOptions::default())
            .unwrap();
        into.write_all(change(&name, text).as_bytes()).unwrap();
    }
    into.finish().unwrap().into_inner()
}

/// The part of the workbook that holds that sheet.
pub fn part_of(sheet: &str) -> String {
    let schema = cocarde_model::Schema::standard();
    // The first sheet says how to fill in; then the records, in the order of the schema.
    let mut names = vec!["cocarde".to_string()];
    let mut lists: Vec<String> = Vec::new();
    gather(schema, schema.root(), true, &mut names, &mut lists);
    names.extend(lists);
    let at = names.iter().position(|n| n == sheet).unwrap();
    format!("xl/worksheets/sheet{}.xml", at + 1)
}

fn gather(
    schema: &cocarde_model::Schema,
    ty: cocarde_model::TypeId,
    top: bool,
    once: &mut Vec<String>,
    lists: &mut Vec<String>,
) {
    use cocarde_model::FieldType;
    for f in &schema.ty(ty).fields {
        match f.ty {
            FieldType::One(part) => {
                if top {
                    once.push(f.name.to_string());
                }
                gather(schema, part, false, once, lists);
            }
            FieldType::Many(member) => {
                let name = schema.ty(member).name.to_string();
                if !lists.contains(&name) {
                    lists.push(name);
                }
            }
            _ => {}
        }
    }
}

/// Puts a cell instead of another, by its name.
pub fn with_cell(sheet: &str, cell: &str, xml: &str) -> Vec<u8> {
    let part = part_of(sheet);
    let start = format!("<c r=\"{cell}\"");
    changed(|name, text| {
        if name != part {
            return text;
        }
        let at = text
            .find(&start)
            .unwrap_or_else(|| panic!("{sheet}!{cell} is not there"));
        let rest = &text[at..];
        let closed = rest.find("</c>").map(|i| i + 4);
        let empty = rest.find("/>").map(|i| i + 2);
        let end = match (closed, empty) {
            (Some(c), Some(e)) => c.min(e),
            (c, e) => c.or(e).unwrap(),
        };
        format!("{}{xml}{}", &text[..at], &rest[end..])
    })
}

/// Place and message of the first defect.
pub fn refusal(bytes: &[u8]) -> String {
    let failure = back(bytes).map(|_| ()).unwrap_err();
    let d = &failure.diagnostics[0];
    assert!(!d.message.fr.is_empty());
    format!("{}: {}", d.file.as_deref().unwrap_or("?"), d.message.en)
}
