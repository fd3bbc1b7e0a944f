//! The dossiers of `examples/`.

mod common;

use cocarde_dossier::{Limits, read};
use cocarde_model::{FieldId, FieldType, Provenance, Slot, SlotKey, Value};
use common::{example, facts, good, print};

const GOOD: [&str; 9] = [
    "nuage-boreal",
    "suite-azur",
    "conseil-lumiere",
    "filiale-us",
    "atelier-chene",
    "service-clair",
    "incomplet",
    "usine",
    "commune",
];

#[test]
fn examples_read_without_a_word() {
    for name in GOOD {
        let d = good(name);
        assert_eq!(print(d.sources(), &d.findings, "en"), "", "{name}");
        assert_eq!(d.findings_on("2026-11-23".parse().unwrap()), []);
        assert_eq!(d.digest, good(name).digest);
    }
}

#[test]
fn every_directory_of_the_examples_is_tested() {
    let mut names: Vec<String> = std::fs::read_dir(example("."))
        .unwrap()
        .map(|e| e.unwrap())
        .filter(|e| e.path().is_dir())
        .map(|e| e.file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut known = [&GOOD[..], &["broken"]].concat();
    known.sort_unstable();
    assert_eq!(names, known);
}

/// The messages, word for word, in both languages.
#[test]
fn the_faulty_draft_names_every_defect() {
    let failure = read(&example("broken"), &Limits::default()).unwrap_err();
    for lang in ["fr", "en"] {
        let text = print(&failure.sources, &failure.diagnostics, lang);
        let golden = format!(
            "{}/tests/golden/broken.{lang}.txt",
            env!("CARGO_MANIFEST_DIR")
        );
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&golden, &text).unwrap();
        }
        assert_eq!(
            text,
            std::fs::read_to_string(&golden).unwrap(),
            "UPDATE_GOLDEN=1 rewrites it"
        );
    }
}

/// What a buyer says of what it depends on; nobody asks it of an applicant.
const OF_BUYERS: [&str; 4] = ["resilience", "function", "service", "alternative"];

/// The complete example leaves no property of the schema unsaid, and an auditor saw
/// each of them.
#[test]
fn the_complete_example_says_everything() {
    let d = good("nuage-boreal");
    let schema = d.base.schema();
    let mut unsaid = Vec::new();
    for (ty, t) in schema.types() {
        if &*t.name == "document" || OF_BUYERS.contains(&&*t.name) {
            continue;
        }
        for (i, field) in t.fields.iter().enumerate() {
            let id = FieldId(i as u16);
            let mut records = d.base.records().filter(|(_, r)| r.ty == ty);
            let said = match field.ty {
                FieldType::One(_) => true,
                FieldType::Many(_) => records.all(|(record, _)| {
                    matches!(d.base.slot(SlotKey { record, field: id }), Slot::Many(m) if m.complete)
                }),
                _ => records.any(|(record, _)| {
                    let facts = d.base.facts_of(SlotKey { record, field: id });
                    facts.iter().any(|f| d.base.fact(*f).provenance == Provenance::Observed)
                }),
            };
            if !said {
                unsaid.push(schema.property_name(ty, id));
            }
        }
    }
    assert_eq!(unsaid, [] as [&str; 0]);
}

#[test]
fn the_subsidiary_is_contradicted_at_its_line() {
    let d = good("filiale-us");
    let stated = facts(&d.base, "hosting", "prod", "country");
    let by = |p: Provenance| stated.iter().find(|f| f.provenance == p).unwrap();
    let (declared, measured) = (by(Provenance::Declared), by(Provenance::Measured));
    assert!(!declared.value.agrees(&measured.value));
    let span = declared.source.span.unwrap();
    assert_eq!(d.sources().place(span), "hosting.toml:4:11");
    assert_eq!(d.sources().get(span.file).line(4), "country = \"FR\"");
    let documented = by(Provenance::Documented);
    assert_eq!(
        (documented.source.page, documented.source.span),
        (Some(2), Some(span))
    );
    let place = d.sources().place(measured.source.span.unwrap());
    assert!(
        place.starts_with("measurements/2026-11-20.jsonl:1:"),
        "{place}"
    );
}

#[test]
fn the_suite_carries_its_bill_of_materials() {
    let d = good("suite-azur");
    assert_eq!(
        facts(&d.base, "component", "sbom-1", "name")[0].value,
        Value::text("ansi-styles")
    );
    let ty = d.base.schema().by_name("component").unwrap();
    assert_eq!(d.base.records().filter(|(_, r)| r.ty == ty).count(), 50);
    let opener = "(WTFPL OR MIT)";
    let licences = d
        .base
        .facts()
        .filter(|(_, f)| f.value == Value::text(opener));
    assert_eq!(licences.count(), 1);
}
