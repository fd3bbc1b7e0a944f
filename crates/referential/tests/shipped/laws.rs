//! What holds of every criterion.

use super::{QUICK, applicant, assessed, with};
use cocarde_model::{FactBase, FieldType, Interval, Provenance, SlotKey, Value};
use cocarde_referential::{Verdict, assess};
use std::collections::BTreeSet;

/// Complete applicants of every kind that a shipped criterion speaks of.
fn complete() -> Vec<(&'static str, FactBase)> {
    let edited = |name, edits: &[(&str, &str)]| {
        let text = edits.iter().fold(applicant::text(name), |t, (old, new)| {
            t.replacen(old, new, 1)
        });
        applicant::from_table(&text.parse().expect("TOML"), Provenance::Attested)
    };
    let consulting = [
        ("kind = \"cloud\"", "kind = \"consulting\""),
        ("kind = \"operation\"", "kind = \"delivery\""),
    ];
    let natural = [(
        "\"processed-natural\"",
        "\"natural\"\nnatural_origin = \"FR\"",
    )];
    vec![
        ("nfg-2026", edited("cloud", &[])),
        ("nfg-2026", edited("cloud", &consulting)),
        ("secnumcloud-3.2-ch19", edited("cloud", &[])),
        ("eu-csf-1.2.1", edited("cloud", &[])),
        ("ofg", edited("goods", &[])),
        ("ofg", edited("goods", &natural)),
        ("sfg", edited("services", &[])),
    ]
}

/// Values that a property may take instead, far from any that a criterion would like.
fn others(ty: &FieldType) -> Vec<Value> {
    let number = |n: i64| Value::Number(Interval::point(n.into()));
    let list = |w: &str| Value::Texts([w.into()].into());
    match ty {
        FieldType::Bool => vec![Value::Bool(false), Value::Bool(true)],
        FieldType::Integer | FieldType::Money | FieldType::Count => {
            vec![number(0), number(10_000_000)]
        }
        FieldType::Percent => vec![number(0), number(100)],
        FieldType::Date => vec![Value::Date("2000-01-01".parse().expect("a day"))],
        FieldType::Text => vec![Value::text("autre.example"), Value::text("")],
        FieldType::Country => vec![Value::text("US")],
        FieldType::Texts => vec![list("xx")],
        FieldType::Countries => vec![list("US")],
        FieldType::Enum(words) => words.iter().map(|w| Value::Text(w.clone())).collect(),
        FieldType::Enums(words) => words.iter().map(|w| list(w)).collect(),
        _ => Vec::new(),
    }
}

/// No criterion is satisfied whatever one says: for each, changing one fact of a complete
/// applicant makes it fail.
#[test]
fn every_criterion_can_fail() {
    let mut never: BTreeSet<String> = BTreeSet::new();
    let mut once: BTreeSet<String> = BTreeSet::new();
    for (referential, base) in complete() {
        let (r, a) = assessed(referential, &base);
        let keys: BTreeSet<SlotKey> = a.outcomes.iter().flat_map(|o| o.reads.clone()).collect();
        never.extend(r.criteria.iter().map(|c| c.urn.to_string()));
        for key in keys {
            let ty = &base
                .schema()
                .field(base.record(key.record).ty, key.field)
                .ty;
            for value in others(ty) {
                let mut changed = base.clone();
                changed.amend(key, value, Provenance::Attested);
                let (r, a) = (&r, assess(&r, &changed, a.as_of, QUICK));
                let all = r.criteria.iter().zip(&a.outcomes);
                let failed = all.filter(|(_, o)| o.verdict == Verdict::NotSatisfied);
                once.extend(failed.map(|(c, _)| c.urn.to_string()));
            }
        }
    }
    let stuck: Vec<_> = never.difference(&once).collect();
    assert!(stuck.is_empty(), "{stuck:?}");
}

/// Unknown is not false: when any one fact of a complete applicant is known to the claimant
/// alone, no criterion fails, and some are left undetermined.
#[test]
fn a_fact_without_proof_fails_nothing() {
    for (referential, base) in complete() {
        let (r, a) = assessed(referential, &base);
        let keys: BTreeSet<SlotKey> = a.outcomes.iter().flat_map(|o| o.reads.clone()).collect();
        let mut open = 0;
        for key in keys {
            let Some(fact) = base.facts_of(key).first() else {
                continue;
            };
            let mut changed = base.clone();
            let value = base.fact(*fact).value.clone();
            changed.amend(key, value, Provenance::Declared);
            let a = assess(&r, &changed, a.as_of, QUICK);
            assert_eq!(
                with(&r, &a, Verdict::NotSatisfied),
                [""; 0],
                "{}",
                base.slot_name(key)
            );
            open += usize::from(!with(&r, &a, Verdict::Undetermined).is_empty());
        }
        assert!(open > 0, "{referential}");
    }
}
