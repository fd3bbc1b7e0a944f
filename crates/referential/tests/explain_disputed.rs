//! Verdicts and explanations where a measurement stands against what is established.

#[path = "common/compiled.rs"]
mod compiled;

use cocarde_model::{Date, Decimal, FactBase, Provenance, Schema, Truth, Value};
use cocarde_referential::eval::{
    Context, Evaluator, Overlay, Patch, Policies, Policy, outcomes, verdict,
};
use cocarde_referential::explain::{missing, nearest, why};
use cocarde_referential::rule::Rule;

const DAY: Date = Date::constant(2026, 11, 24);

/// Observations establish; measurements of enough confidence refute.
fn policies() -> Policies {
    let mut policy = Policy {
        established_by: [None; 7],
        refuted_by: [None; 7],
    };
    policy.established_by[Provenance::Observed as usize] = Some(Decimal::ZERO);
    policy.refuted_by[Provenance::Measured as usize] = Some(Decimal::new(9, 1));
    Policies::uniform(policy)
}

fn fact(subject: &str, property: &str, value: &str, how: &str) -> String {
    format!(
        "[[fact]]\nsubject = \"{subject}\"\nproperty = \"{property}\"\nvalue = {value}\n{how}\n\
         time = \"2026-11-20T14:02:00Z\"\n"
    )
}

fn observed(subject: &str, property: &str, value: &str) -> String {
    fact(subject, property, value, "how = \"observed\"\nby = \"X\"")
}

fn measured(subject: &str, property: &str, value: &str, confidence: &str) -> String {
    let how = format!("how = \"measured\"\nconfidence = \"{confidence}\"");
    fact(subject, property, value, &how)
}

/// What comes of a rule over these tables.
fn told<T>(tables: &[String], of: &str, f: impl Fn(&Rule, &Context<'_>) -> T) -> T {
    let text = format!("[dossier]\nformat = 1\n{}", tables.concat());
    let read = cocarde_dossier::read_texts(&[("dossier.toml", &text)]);
    let base: FactBase = read.map_err(|f| f.diagnostics).expect("well-formed").base;
    let (rule, policies) = (compiled::compiled(Schema::standard(), of), policies());
    f(&rule, &Context::new(&base, &policies, DAY))
}

fn come_to(tables: &[String], of: &str) -> Truth {
    told(tables, of, |rule, ctx| verdict(outcomes(rule, *ctx)))
}

/// The threshold admits a refutation; how sure another one is does not silence it.
#[test]
fn no_refutation_is_hidden_by_a_surer_one() {
    let law = "contract.law in [\"FR\", \"DE\"]";
    let mut tables = vec![observed("contract", "law", "\"FR\"")];
    assert_eq!(come_to(&tables, law), Truth::True);
    tables.push(measured("contract", "law", "\"US\"", "0.95"));
    assert_eq!(come_to(&tables, law), Truth::False);
    tables.push(measured("contract", "law", "\"DE\"", "0.99"));
    assert_ne!(come_to(&tables, law), Truth::True);
    let days = "security.patch_days <= 20";
    let of = |value: &str, confidence: &str| measured("security", "patch_days", value, confidence);
    let tables = [
        observed("security", "patch_days", "10"),
        of("50", "0.95"),
        of("12", "0.99"),
    ];
    assert_ne!(come_to(&tables, days), Truth::True);
}

/// In each view the part is nothing, of something or of nothing.
#[test]
fn a_share_of_what_is_nothing_in_one_view_is_told_in_each() {
    let share = "share(security.log_retention_days, security.log_retention_days + protection.breach_hours) < 20";
    let tables = [
        observed("security", "log_retention_days", "0"),
        observed("protection", "breach_hours", "40"),
        measured("protection", "breach_hours", "0", "0.95"),
    ];
    assert_eq!(come_to(&tables, share), Truth::True);
}

/// Whatever the values of what is missing, the verdict is decided with them.
#[test]
fn what_is_missing_decides_where_the_views_differ_on_who_counts() {
    let rule = "size(offering.suppliers.filter(s, s.secnumcloud || s.autonomous)) >= 1";
    let tables = [
        "[[supplier]]\nid = \"a\"\n[[supplier]]\nid = \"b\"\nsecnumcloud = false\n".to_string(),
        observed("supplier:a", "secnumcloud", "false"),
        measured("supplier:a", "secnumcloud", "true", "0.95"),
        observed("supplier:b", "autonomous", "false"),
    ];
    told(&tables, rule, |rule, ctx| {
        let sets = missing(rule, ctx).sets;
        for set in &sets {
            for value in [true, false] {
                let known = Patch::Value(Value::Bool(value));
                let known = Overlay::all(set.of.iter().copied(), &known);
                let is = verdict(outcomes(rule, ctx.supposing(&known)));
                assert_ne!(is, Truth::Unknown, "{:?} {value}", set.of);
            }
        }
    });
}

/// Against contrary evidence proof takes as much as making it so, of an amount in part too.
#[test]
fn what_is_claimed_in_part_and_contradicted_is_not_had_by_mere_proof() {
    let cost = |stated: &str| {
        let tables = [
            observed("security", "patch_days", stated),
            measured("security", "patch_days", "50", "0.95"),
        ];
        told(&tables, "security.patch_days <= 30", |rule, ctx| {
            nearest(rule, ctx, 1000).map(|n| n.cost)
        })
    };
    assert_eq!(cost("{ min = 10, max = 30 }"), cost("30"));
}

/// A test that holds whatever it reads needs no fact.
#[test]
fn what_holds_whatever_is_so_needs_no_reason() {
    let tables = [observed("security", "patch_days", "17")];
    for (rule, facts) in [
        ("security.patch_days >= 0", 0),
        ("security.patch_days >= 1", 1),
        ("security.patch_days < 0", 0),
    ] {
        let slots = told(&tables, rule, |rule, ctx| {
            let mut evaluator = Evaluator::new(*ctx);
            evaluator.outcomes(rule);
            why(rule, ctx, &evaluator.into_derivation()).slots
        });
        assert_eq!(slots.len(), facts, "{rule}");
    }
}

/// Words are a set: one that is named twice counts once, whoever is heard first.
#[test]
fn a_word_that_is_named_twice_counts_once() {
    let rule = "size(contract.languages) >= 2";
    let once = observed("contract", "languages", "[\"fr\"]");
    let twice = observed("contract", "languages", "[\"fr\", \"fr\"]");
    for tables in [
        vec![twice.clone()],
        vec![once.clone(), twice.clone()],
        vec![twice, once],
    ] {
        assert_eq!(come_to(&tables, rule), Truth::False);
    }
}
