//! What the files say.

use super::{all, load, root, sets};
use cocarde_model::{Decimal, Schema};
use cocarde_referential::Referential;
use cocarde_referential::load::{Basis, Status};
use std::collections::BTreeSet;

#[test]
fn every_referential_loads_under_its_own_name() {
    let names: Vec<String> = all().iter().map(|r| r.id.to_string()).collect();
    let expected = [
        "eu-csf-1.2.1",
        "nfg-2026",
        "ofg",
        "secnumcloud-3.2-ch19",
        "sfg",
    ];
    assert_eq!(names, expected);
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
            for text in [&c.title, &c.text, &c.guidance, &c.remedy, &c.source] {
                assert!(!text.fr.is_empty() && !text.en.is_empty(), "{}", c.urn);
                assert_ne!(text.fr, text.en, "{}", c.urn);
            }
        }
        let analysis = r.analysis.iter().map(|a| &a.source);
        let process = r.process.values().filter_map(|p| p.source.as_ref());
        let numbers = r.parameters.iter().map(|p| &p.source);
        for text in numbers.chain(analysis).chain(process) {
            assert_ne!(text.fr, text.en, "{}", r.urn);
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

#[test]
fn the_european_framework_adds_up_as_its_source_does() {
    let r = load("eu-csf-1.2.1");
    assert_eq!(r.criteria.len(), 48);
    let most = |pillar: usize| -> Decimal {
        let of = r.criteria.iter().filter(|c| c.pillar == pillar);
        of.map(|c| c.grades.iter().map(|g| g.points).max().expect("grades"))
            .sum()
    };
    let sums: Vec<String> = (0..8).map(|p| most(p).normalize().to_string()).collect();
    let expected = [
        "1000.03", "1002", "1000", "1002", "1001", "1000", "1001", "1000",
    ];
    assert_eq!(sums, expected);
    let score_only = r
        .criteria
        .iter()
        .filter(|c| c.grades.iter().all(|g| g.level == 4));
    let ids: Vec<&str> = score_only.map(|c| &*c.id).collect();
    let expected = [
        "1.2", "1.4", "1.5", "1.6", "1.7", "2.5", "5.3", "7.2", "8.4",
    ];
    assert_eq!(ids, expected);
    for w in &r.weights {
        assert_eq!(w.of.values().sum::<u32>(), 100, "{}", w.id);
    }
    assert_eq!(r.weights.len(), 2);
}

/// The fenced blocks of a language in the format's description.
fn blocks(language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("README.md")).expect("the README");
    let fence = format!("```{language}\n");
    let parts = text.split(&fence).skip(1);
    parts
        .map(|p| p.split("```").next().unwrap_or_default().to_string())
        .collect()
}

fn example(criteria: &str) -> Result<Referential, Vec<String>> {
    let main = &blocks("toml")[0];
    let files = [
        ("referential.toml", main.as_str()),
        ("hebergement.toml", criteria),
    ];
    Referential::from_texts(&files, Schema::standard(), &sets(), None)
        .map_err(|f| f.diagnostics.into_iter().map(|d| d.message.en).collect())
}

#[test]
fn the_example_of_the_readme_loads() {
    let r = example(&blocks("toml")[1]).expect("a referential");
    assert_eq!(r.criteria.len(), 1);
}

#[test]
fn the_rules_of_the_readme_type_check() {
    let criterion = &blocks("toml")[1];
    let start = criterion.find("rule = '''").expect("a rule");
    let end = criterion.find("severity").expect("a severity");
    let rules = blocks("cel").concat();
    assert!(rules.lines().count() >= 5);
    for rule in rules.lines() {
        let text = format!(
            "{}rule = '{rule}'\n{}",
            &criterion[..start],
            &criterion[end..]
        );
        assert!(example(&text).is_ok(), "{rule}: {:?}", example(&text).err());
    }
}

#[test]
fn the_readme_counts_criteria_as_they_are() {
    let text = std::fs::read_to_string(root().join("README.md")).expect("the README");
    for r in all() {
        let public = r
            .criteria
            .iter()
            .filter(|c| c.basis == Basis::Public)
            .count();
        let all = r.criteria.len();
        let row = format!("| {all} | {public} | {} |", all - public);
        let line = text
            .lines()
            .find(|l| l.starts_with(&format!("| `{}`", r.id)));
        let line = line.unwrap_or_else(|| panic!("no row for {}", r.id));
        assert!(line.contains(&row), "{line}\nshould say {row}");
    }
}
