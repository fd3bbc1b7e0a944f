//! What they decide, at their thresholds and past them.

use super::{all, applicant, assessed, with};
use cocarde_model::Provenance;
use cocarde_referential::{Verdict, pillar_level, score};

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

/// What is yet to come has not been done, and is not good yet.
#[test]
fn what_happens_after_the_day_does_not_count() {
    for (was, id) in [
        ("valid_from = 2025-01-02", "SEC-1"),
        ("risk_analysis_date = 2026-03-01", "SEC-2"),
        ("penetration_test_date = 2026-05-01", "SEC-3"),
        ("backups_tested_date = 2026-06-01", "SEC-6"),
    ] {
        let name = was.split(' ').next().expect("a name");
        let failed = |day: &str| {
            let base = applicant::changed("cloud", was, &format!("{name} = {day}"));
            let (r, a) = assessed("nfg-2026", &base);
            with(&r, &a, Verdict::NotSatisfied)
        };
        assert_eq!(failed("2026-11-23"), [""; 0], "{id}");
        assert_eq!(failed("2026-11-24"), [id], "{id}");
    }
}

/// Just past a threshold, or one thing moved: the criterion meant for it says so.
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
            "autonomous = false, alternatives = 2",
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
        let base = applicant::changed(name, old, new);
        let (r, a) = assessed(referential, &base);
        let failed = with(&r, &a, Verdict::NotSatisfied);
        assert!(
            failed.contains(&criterion.to_string()),
            "{referential} {new}: {failed:?}"
        );
    }
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
