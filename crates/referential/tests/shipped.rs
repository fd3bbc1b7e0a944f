//! The referentials this project ships load whole and hold what their README promises.

use cocarde_model::Schema;
use cocarde_referential::Referential;
use cocarde_referential::load::{Basis, Sets, Status};
use std::collections::BTreeSet;
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

#[test]
fn every_referential_loads_under_its_own_name() {
    let names: BTreeSet<String> = all().iter().map(|r| r.id.to_string()).collect();
    assert!(names.contains("nfg-2026"), "{names:?}");
}

#[test]
fn names_in_the_world_are_stable_and_unique() {
    let mut urns = BTreeSet::new();
    for r in all() {
        assert!(urns.insert(r.urn.to_string()));
        for c in &r.criteria {
            assert_eq!(*c.urn, format!("{}:{}", r.urn, c.id));
            assert_eq!(*c.uri, format!("{}/{}", r.uri, c.id));
            assert!(urns.insert(c.urn.to_string()), "{}", c.urn);
        }
    }
}

#[test]
fn every_text_is_there_in_both_languages() {
    for r in all() {
        for c in &r.criteria {
            for text in [&c.title, &c.text, &c.guidance, &c.remedy] {
                assert!(!text.fr.is_empty() && !text.en.is_empty(), "{}", c.urn);
                assert_ne!(text.fr, text.en, "{}", c.urn);
            }
            assert!(!c.source.is_empty(), "{}", c.urn);
        }
    }
}

#[test]
fn every_number_is_used_and_every_pillar_has_criteria() {
    for r in all() {
        for p in &r.parameters {
            let key = p.id.replace('-', "_");
            let used = r.criteria.iter().any(|c| {
                let mut rules = c.applies.iter().chain([&c.rule]);
                rules.any(|rule| rule.params.iter().any(|q| **q == *key))
            });
            assert!(used, "{} never reads {}", r.id, p.id);
        }
        for (i, p) in r.pillars.iter().enumerate() {
            assert!(
                r.criteria.iter().any(|c| c.pillar == i),
                "{} {}",
                r.id,
                p.id
            );
        }
    }
}

#[test]
fn nfg_marks_all_its_numbers_as_assumptions_and_keeps_its_public_guarantees() {
    let r = load("nfg-2026");
    assert!(r.parameters.iter().all(|p| p.status == Status::Assumption));
    let public: Vec<&str> = r
        .criteria
        .iter()
        .filter(|c| c.basis == Basis::Public)
        .map(|c| &*c.id)
        .collect();
    assert_eq!(
        public,
        ["LOC-1", "LOC-2", "LOC-6", "GOU-1", "HEB-2", "VAL-1"]
    );
    assert!(
        (28..=36).contains(&r.criteria.len()),
        "{}",
        r.criteria.len()
    );
}
