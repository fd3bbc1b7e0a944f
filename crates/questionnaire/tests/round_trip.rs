//! Out and back in: the same facts.

mod common;

use cocarde_dossier::read_texts;
use cocarde_model::{FieldType, Schema};
use cocarde_questionnaire::write;
use common::{back, example, examples, said};
use proptest::prelude::*;
use std::fmt::Write as _;

/// The law, on every example that ships.
#[test]
fn every_example_comes_back() {
    let names = examples();
    assert!(names.len() >= 7, "{names:?}");
    for name in names {
        let dossier = example(&name);
        let bytes = write(&dossier).unwrap();
        let answers = back(&bytes).unwrap_or_else(|f| panic!("{name}: {:#?}", f.diagnostics));
        assert_eq!(said(&answers.dossier.base), said(&dossier.base), "{name}");
        assert_eq!((answers.ignored.len(), answers.missing.len()), (0, 0));
        assert_eq!(write(&dossier).unwrap(), bytes, "same dossier, same bytes");
        let again = write(&answers.dossier).unwrap();
        assert_eq!(again, bytes, "{name}: the second workbook is the first");
    }
}

/// A value of that type, as TOML.
fn value(ty: &FieldType, ids: &'static [&'static str]) -> BoxedStrategy<String> {
    let text = "[a-zé \\\\;·\"=\\[\\]#\n\t_x0-9-]{0,9}|aucun / none|=1\\+1|\\PC{0,5}";
    let quoted = |t: String| {
        let mut out = String::new();
        for c in t.chars() {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                c if c.is_control() => write!(out, "\\u{:04X}", c as u32).unwrap(),
                c => out.push(c),
            }
        }
        format!("\"{out}\"")
    };
    let list = |one: BoxedStrategy<String>| {
        prop::collection::vec(one, 0..4)
            .prop_map(|v| format!("[{}]", v.join(", ")))
            .boxed()
    };
    let country = prop::sample::select(vec!["\"FR\"", "\"DE\"", "\"US\"", "\"GB\""])
        .prop_map(String::from)
        .boxed();
    let word = |words: &[std::sync::Arc<str>]| {
        let words: Vec<String> = words.iter().map(|w| format!("\"{w}\"")).collect();
        prop::sample::select(words).boxed()
    };
    match ty {
        FieldType::Bool => any::<bool>().prop_map(|b| b.to_string()).boxed(),
        FieldType::Integer => any::<u32>().prop_map(|n| n.to_string()).boxed(),
        FieldType::Percent => number(100).boxed(),
        FieldType::Money | FieldType::Count => number(10_000_000).boxed(),
        FieldType::Date => (1800i32..2200, 1u8..13, 1u8..29)
            .prop_map(|(y, m, d)| format!("{y:04}-{m:02}-{d:02}"))
            .boxed(),
        FieldType::Text => text.prop_map(quoted).boxed(),
        FieldType::Texts => list(text.prop_map(quoted).boxed()),
        FieldType::Country => country,
        FieldType::Countries => list(country),
        FieldType::Enum(words) => word(words),
        FieldType::Enums(words) => list(word(words)),
        FieldType::Ref(to) => {
            let name = Schema::standard().ty(*to).name.to_string();
            prop::sample::select(ids)
                .prop_map(move |id| format!("\"{name}:{id}\""))
                .boxed()
        }
        FieldType::One(_) | FieldType::Many(_) => unreachable!(),
    }
}

/// A number or an interval up to `top`, with many digits.
fn number(top: u64) -> impl Strategy<Value = String> {
    let point = move || {
        (0..top, 0usize..=15, 0u64..1_000_000_000_000_000).prop_map(|(n, places, digits)| {
            let fraction = &format!("{digits:015}")[..places];
            if places == 0 {
                n.to_string()
            } else {
                format!("{n}.{fraction}")
            }
        })
    };
    let range = (point(), point()).prop_map(|(a, b)| {
        let (x, y): (f64, f64) = (a.parse().unwrap(), b.parse().unwrap());
        let (lo, hi) = if x <= y { (a, b) } else { (b, a) };
        format!("{{ min = \"{lo}\", max = \"{hi}\" }}")
    });
    prop_oneof![
        4 => point().prop_map(|p| format!("\"{p}\"")),
        1 => range,
        1 => point().prop_map(|p| format!("{{ min = \"{p}\" }}")),
        1 => point().prop_map(|p| format!("{{ max = \"{p}\" }}")),
    ]
}

const IDS: &[&str] = &["a", "b"];

/// A table of that type with some of its fields.
fn table(
    name: String,
    ty: cocarde_model::TypeId,
    id: Option<&'static str>,
) -> BoxedStrategy<String> {
    let schema = Schema::standard();
    let fields = schema.ty(ty).fields.iter().filter(|f| f.ty.is_scalar());
    let lines: Vec<BoxedStrategy<String>> = fields
        .filter(|f| !matches!(&*f.name, "siren" | "siret" | "lei" | "file"))
        .map(|f| {
            let name = f.name.clone();
            if f.form.is_some() && f.ty == FieldType::Texts {
                let words = "\"(activity\\.staff|hosting\\.\\*|party\\.(seat|\\*))\"";
                let list = prop::collection::vec(words, 0..4)
                    .prop_map(move |v| format!("{name} = [{}]\n", v.join(", ")));
                return prop_oneof![Just(String::new()), list].boxed();
            }
            let line = value(&f.ty, IDS).prop_map(move |v| format!("{name} = {v}\n"));
            prop_oneof![2 => Just(String::new()), 1 => line].boxed()
        })
        .collect();
    let evidence = prop_oneof![
        3 => Just(""),
        1 => Just("evidence = [\"doc:a#p4\", \"doc:b\"]\n"),
        1 => Just("evidence = [\"doc:a\", \"doc:a\"]\n"),
    ];
    let origin = prop_oneof![3 => Just(""), 1 => Just("imported_from = \"x.json#/0\"\n")];
    (lines, evidence, origin)
        .prop_map(move |(lines, evidence, origin)| match id {
            Some(id) => format!(
                "[[{name}]]\nid = \"{id}\"\n{}{evidence}{origin}",
                lines.concat()
            ),
            None => format!("[{name}]\n{}{evidence}", lines.concat()),
        })
        .boxed()
}

/// A whole dossier.
fn dossier() -> impl Strategy<Value = String> {
    let schema = Schema::standard();
    let mut tables = Vec::new();
    for f in &schema.ty(schema.root()).fields {
        if let FieldType::One(ty) = f.ty {
            tables.push(table(f.name.to_string(), ty, None));
        }
    }
    let mut lists = Vec::new();
    for (_, t) in schema.types() {
        for f in &t.fields {
            if let FieldType::Many(ty) = f.ty {
                let name = schema.ty(ty).name.to_string();
                for id in IDS {
                    tables.push(table(name.clone(), ty, Some(id)));
                }
                lists.push(name);
            }
        }
    }
    let partial = prop::sample::subsequence(lists, 0..4);
    let fact = prop_oneof![
        Just(String::new()),
        Just(
            "[[fact]]\nsubject = \"hosting:a\"\nproperty = \"country\"\nvalue = \"US\"\n\
             how = \"measured\"\nconfidence = \"0.123456789012345678\"\nserver = \"192.0.2.1\"\n\
             time = 2026-11-20T14:02:00Z\nnote = \"=1+1\"\nfrom = 1899-12-31\n\
             [[fact]]\nsubject = \"party:applicant\"\nproperty = \"seat\"\nvalue = \"DE\"\n\
             how = \"observed\"\nruling = true\nby = \" x\"\ntime = 2026-11-20T14:02:00Z\n\
             evidence = [\"doc:b#p2\"]\n\
             [[fact]]\nsubject = \"value\"\nproperty = \"revenue\"\nvalue = { min = \"3.10\" }\n\
             how = \"declared\"\n"
                .to_string()
        ),
    ];
    (tables, partial, fact).prop_map(|(tables, partial, fact)| {
        format!(
            "partial = {partial:?}\n[dossier]\nformat = 1\n{}{fact}",
            tables.concat()
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// The law, on dossiers of any content: every property of the schema, every kind of
    /// value, evidence, facts stated one by one, lists whole and partial.
    #[test]
    fn any_dossier_comes_back(text in dossier()) {
        // Holdings above 100 % and the like are refused before: those say nothing here.
        let Ok(d) = read_texts(&[("a.toml", &text)]) else { return Err(TestCaseError::reject("refused")) };
        let bytes = write(&d).unwrap();
        let answers = back(&bytes).map_err(|f| TestCaseError::fail(format!("{:#?}", f.diagnostics)))?;
        prop_assert_eq!(said(&answers.dossier.base), said(&d.base));
    }
}
