//! The referentials this project ships load whole and hold what their README promises.

mod applicant;

use cocarde_model::{Decimal, FactBase, Provenance, Schema};
use cocarde_referential::load::{Basis, Sets, Status};
use cocarde_referential::{Assessment, Options, Referential, Verdict, assess, pillar_level, score};
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

fn assessed(referential: &str, applicant: &FactBase) -> (Referential, Assessment) {
    let r = load(referential);
    let day = "2026-11-23".parse().expect("a day");
    let options = Options {
        explain: false,
        nearest_budget: 0,
    };
    let a = assess(&r, applicant, day, options);
    (r, a)
}

/// The criteria that came out so.
fn with(r: &Referential, a: &Assessment, verdict: Verdict) -> Vec<String> {
    let all = r.criteria.iter().zip(&a.outcomes);
    let so = all.filter(|(_, o)| o.verdict == verdict);
    so.map(|(c, _)| c.id.to_string()).collect()
}

#[test]
fn a_complete_applicant_passes_at_the_very_thresholds() {
    let cases = [
        ("nfg-2026", "cloud"),
        ("secnumcloud-3.2-ch19", "cloud"),
        ("eu-csf-1.2.1", "cloud"),
        ("ofg", "goods"),
        ("sfg", "services"),
    ];
    for (referential, applicant) in cases {
        let base = applicant::read(applicant, Provenance::Attested);
        let (r, a) = assessed(referential, &base);
        let open = with(&r, &a, Verdict::Undetermined);
        let failed = with(&r, &a, Verdict::NotSatisfied);
        assert_eq!(open, [""; 0], "{referential}: undetermined");
        assert_eq!(failed, [""; 0], "{referential}: not satisfied");
        assert_eq!(a.verdict, Verdict::Satisfied, "{referential}");
    }
}

#[test]
fn a_claim_alone_establishes_little_and_fails_nothing() {
    for (referential, applicant) in [
        ("nfg-2026", "cloud"),
        ("secnumcloud-3.2-ch19", "cloud"),
        ("eu-csf-1.2.1", "cloud"),
        ("ofg", "goods"),
        ("sfg", "services"),
    ] {
        let base = applicant::read(applicant, Provenance::Declared);
        let (r, a) = assessed(referential, &base);
        assert_eq!(
            with(&r, &a, Verdict::NotSatisfied),
            [""; 0],
            "{referential}"
        );
        assert_eq!(a.verdict, Verdict::Undetermined, "{referential}");
    }
}

#[test]
fn nothing_is_satisfied_by_an_empty_dossier() {
    let base = applicant::from_table(&toml::Table::new(), Provenance::Attested);
    for r in all() {
        let (r, a) = assessed(&r.id, &base);
        assert_eq!(with(&r, &a, Verdict::Satisfied), [""; 0], "{}", r.id);
        assert_eq!(a.verdict, Verdict::Undetermined, "{}", r.id);
    }
}

/// A list that is stated to be empty is known: criteria that ask for something to be there
/// are then not satisfied, rather than satisfied for want of a counterexample.
#[test]
fn a_cloud_that_states_no_activity_and_no_hosting_fails() {
    let text = "[offering]\nkind = 'cloud'\nactivities = []\nhosting = []\n\
                suppliers = []\ndomains = []\nattestations = []\n";
    let base = applicant::from_table(&text.parse().expect("TOML"), Provenance::Attested);
    let (r, a) = assessed("nfg-2026", &base);
    let failed = with(&r, &a, Verdict::NotSatisfied);
    let expected = [
        "LOC-2", "LOC-3", "LOC-4", "LOC-6", "HEB-2", "HEB-4", "SEC-1", "VAL-3",
    ];
    assert_eq!(failed, expected);
}

#[test]
fn another_sector_is_refused_by_name_and_nothing_else_applies() {
    for (referential, applicant, scope) in [
        ("nfg-2026", "goods", "LOC-1"),
        ("ofg", "services", "CAR-1"),
        ("sfg", "cloud", "SER-1"),
    ] {
        let base = applicant::read(applicant, Provenance::Attested);
        let (r, a) = assessed(referential, &base);
        assert_eq!(a.verdict, Verdict::NotSatisfied, "{referential}");
        let failed = with(&r, &a, Verdict::NotSatisfied);
        assert_eq!(failed[0], scope, "{referential}");
        let silent = with(&r, &a, Verdict::NotApplicable).len() + failed.len();
        assert!(silent >= r.criteria.len() - 1, "{referential}");
    }
}

/// Every criterion can fail: for each, some single change of a complete applicant does it.
#[test]
fn one_change_is_enough_to_fail() {
    let cases: &[(&str, &str, &str, &str, &str)] = &[
        ("nfg-2026", "cloud", "[\"FR\"]", "[\"US\"]", "HEB-6"),
        (
            "nfg-2026",
            "cloud",
            "non_eu_votes_max = \"24\"",
            "non_eu_votes_max = \"24.01\"",
            "GOU-3",
        ),
        (
            "nfg-2026",
            "cloud",
            "non_eu_votes = \"39\"",
            "non_eu_votes = \"39.01\"",
            "GOU-4",
        ),
        (
            "nfg-2026",
            "cloud",
            "french_share = \"71.5\"",
            "french_share = \"50\"",
            "VAL-1",
        ),
        (
            "nfg-2026",
            "cloud",
            "names = [\"app.nuage.example\"]",
            "names = []",
            "HEB-1",
        ),
        (
            "nfg-2026",
            "cloud",
            "country = \"FR\", data = [\"customer",
            "country = \"IE\", data = [\"customer",
            "HEB-2",
        ),
        (
            "nfg-2026",
            "cloud",
            "country = \"FR\", data = [\"backup",
            "country = \"IE\", data = [\"backup",
            "HEB-3",
        ),
        (
            "nfg-2026",
            "cloud",
            "role = \"hardware\", can_reach = []",
            "role = \"hardware\", can_reach = [\"personal\"]",
            "HEB-8",
        ),
        (
            "nfg-2026",
            "cloud",
            "operator_country = \"FR\"",
            "operator_country = \"US\"",
            "HEB-5",
        ),
        (
            "nfg-2026",
            "cloud",
            "valid_until = 2028-01-01",
            "valid_until = 2026-11-22",
            "SEC-1",
        ),
        ("nfg-2026", "cloud", "2026-03-01", "2025-11-22", "SEC-2"),
        (
            "secnumcloud-3.2-ch19",
            "cloud",
            "non_eu_capital_max = \"24\"",
            "non_eu_capital_max = \"24.01\"",
            "19.6.b.1.i",
        ),
        (
            "secnumcloud-3.2-ch19",
            "cloud",
            "autonomous = true, alternatives = 2",
            "autonomous = false, alternatives = 1",
            "19.6.d",
        ),
        (
            "secnumcloud-3.2-ch19",
            "cloud",
            "role = \"hardware\", can_reach = []",
            "role = \"hardware\", can_reach = [\"technical\"]",
            "19.6.c",
        ),
        (
            "secnumcloud-3.2-ch19",
            "cloud",
            "erasure_days = 21",
            "erasure_days = 20",
            "19.4",
        ),
        (
            "secnumcloud-3.2-ch19",
            "cloud",
            "central_administration = \"FR\"",
            "central_administration = \"US\"",
            "19.6.a",
        ),
        ("eu-csf-1.2.1", "cloud", "c3_4 = 5", "c3_4 = 4", "3.4"),
        (
            "ofg",
            "goods",
            "french_share = 50",
            "french_share = \"49.99\"",
            "PRU-1",
        ),
        (
            "ofg",
            "goods",
            "weight_share = 8",
            "weight_share = \"8.01\"",
            "ING-3",
        ),
        (
            "sfg",
            "services",
            "staff_french_contract = 9",
            "staff_french_contract = \"8.9\"",
            "SER-2",
        ),
        (
            "sfg",
            "services",
            "staff = \"2.5\"",
            "staff = \"4\"",
            "SER-3",
        ),
    ];
    for (referential, name, old, new, criterion) in cases {
        let text = applicant::text(name);
        assert!(text.contains(old), "{name} does not say {old}");
        let table = text.replacen(old, new, 1).parse().expect("TOML");
        let base = applicant::from_table(&table, Provenance::Attested);
        let (r, a) = assessed(referential, &base);
        let failed = with(&r, &a, Verdict::NotSatisfied);
        assert!(
            failed.contains(&criterion.to_string()),
            "{referential} {new}: {failed:?}"
        );
    }
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

#[test]
fn the_best_answers_score_one_hundred_and_no_more() {
    let base = applicant::read("cloud", Provenance::Attested);
    let (r, a) = assessed("eu-csf-1.2.1", &base);
    for w in &r.weights {
        let s = score(&r, &a.outcomes, w).expect("a score");
        assert_eq!((s.min, s.max), (100.into(), 100.into()), "{}", w.id);
    }
    for p in 0..8 {
        let level = pillar_level(&r, &a.outcomes, p).expect("a level");
        assert_eq!((level.min, level.max), (4, 4));
    }
}
