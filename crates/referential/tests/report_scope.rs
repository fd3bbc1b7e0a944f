//! What a report says of scopes and grades: their numbers and their evidence, too.

#[path = "common/facts.rs"]
mod facts;
#[path = "common/tables.rs"]
mod tables;
#[path = "common/trial.rs"]
mod trial;

use cocarde_model::{Fact, FactBase, Provenance, Schema, SlotKey, Value};
use cocarde_referential::report::{CriterionReport, Role, report};
use cocarde_referential::{Options, Verdict, assess};

fn base() -> FactBase {
    FactBase::new(Schema::standard().clone())
}

/// The report of a criterion on an application of which nothing is known.
fn reported(rest: &str) -> CriterionReport {
    reported_of(rest, &base())
}

fn reported_of(rest: &str, base: &FactBase) -> CriterionReport {
    let main = format!("{}{}", trial::HEAD, tables::TABLES);
    let r = trial::read(&main, &trial::criterion("A", "p", rest)).expect("well-formed");
    let day = "2026-11-23".parse().expect("a day");
    let assessment = assess(&r, base, day, Options::default());
    report(&r, base, &assessment, "").criteria.remove(0)
}

#[test]
fn a_number_is_told_wherever_a_criterion_uses_it() {
    let asked = "meets(value.french_share, param.least_share)";
    for rest in [
        format!("rule = '{asked}'"),
        format!("applies = '{asked}'\nrule = 'value.method_documented'"),
        format!(
            "grade = [{{ level = 1, points = \"1\", when = '{asked}' }}, \
             {{ level = 3, points = \"2\", when = 'false' }}]"
        ),
    ] {
        let told = reported(&rest);
        let assumed = told.assumed.iter().map(|n| &*n.id);
        assert_eq!(assumed.collect::<Vec<_>>(), ["least-share"], "{rest}");
        assert_eq!(told.out_of_period.len(), 1, "{rest}");
    }
}

#[test]
fn what_a_scope_alone_asks_for_is_told_as_the_scope_hears_it() {
    let mut base = self::base();
    let key = base
        .path(&["governance", "non_eu_veto"])
        .expect("a property");
    for (said, how) in [
        (false, Provenance::Declared),
        (true, Provenance::Documented),
    ] {
        base.add_fact(facts::fact(key, Value::Bool(said), how));
    }
    // A document prevails over a declaration under the rule's evidence, not under the scope's.
    let rest = "applies = 'governance.non_eu_veto'\nrule = 'value.method_documented'";
    let told = reported_of(rest, &base);
    let mut missing = told.missing.iter().flatten();
    let veto = missing.find(|m| m.property == "governance.non_eu_veto");
    assert_eq!(veto.and_then(|m| m.claimed_how), Some(Provenance::Declared));
}

#[test]
fn a_grade_that_may_not_be_reached_is_told() {
    let grade = |when: &str| {
        let when = format!("grade = [{{ level = 1, points = \"1\", when = '{when}' }}]");
        let told = reported(&when);
        (told.grades.len(), told.may_lack_grade)
    };
    assert_eq!(grade("true"), (1, false));
    assert_eq!(grade("value.method_documented"), (1, true));
    let apart = "applies = 'false'\ngrade = [{ level = 1, points = \"1\", when = 'true' }]";
    assert!(reported(apart).grades.is_empty());
}

#[test]
fn whether_a_criterion_applies_may_be_known_in_any_way() {
    let told =
        reported("applies = 'governance.non_eu_veto'\nrule = 'value.method_documented && false'");
    let missing = told.missing.iter().flatten();
    let accepted = missing.map(|m| (&*m.property, m.accepted.len()));
    assert_eq!(
        accepted.collect::<Vec<_>>(),
        [("governance.non_eu_veto", 7)]
    );
    let told = reported("rule = 'value.method_documented'");
    assert_eq!(told.missing[0][0].accepted, ["documented"]);
}

/// Two refutations that make up for one another are two refutations: one of them may be right
/// and not the other.
#[test]
fn refutations_do_not_cancel() {
    let law = |name: &str| self::base().path(&["contract", name]).expect("a property");
    let said = |rest: &str, facts: &[(SlotKey, Value, Provenance)]| {
        let mut base = self::base();
        for (key, value, how) in facts {
            base.add_fact(facts::fact(*key, value.clone(), *how));
        }
        let told = reported_of(rest, &base);
        (told.verdict, told.properties.len())
    };
    let (documented, measured) = (Provenance::Documented, Provenance::Measured);
    let both = |name: &str, other: &str| {
        let word = |w: &str| Value::text(w);
        [
            (law(name), word("FR"), documented),
            (law(name), word(other), measured),
        ]
    };
    let contested = [both("law", "US"), both("court", "US")].concat();
    let same = "rule = 'contract.law == contract.court'";
    assert_eq!(said(same, &contested), (Verdict::NotSatisfied, 2));
    let within = "rule = 'contract.law in [\"FR\", \"US\"] && contract.court in [\"FR\", \"US\"]'";
    assert_eq!(said(within, &contested).0, Verdict::Satisfied);
    assert_eq!(said(same, &contested[2..]).0, Verdict::Undetermined);
}

#[test]
fn each_fact_is_told_once_as_what_it_does() {
    let mut base = self::base();
    let key = base
        .path(&["value", "method_documented"])
        .expect("a property");
    let declared = facts::fact(key, Value::Bool(true), Provenance::Declared);
    let document = |said: bool| facts::fact(key, Value::Bool(said), Provenance::Documented);
    let ended = Fact {
        until: Some("2026-11-22".parse().expect("a day")),
        ..document(false)
    };
    for fact in [ended.clone(), declared.clone(), document(true)] {
        base.add_fact(fact);
    }
    let told = reported_of("rule = 'value.method_documented'", &base);
    let roles = |told: &CriterionReport| {
        let facts = told.properties.iter().flat_map(|p| &p.facts);
        facts.map(|f| f.role).collect::<Vec<_>>()
    };
    // Nor does what is not admitted, whoever is heard first.
    let attested = facts::fact(key, Value::Bool(false), Provenance::Attested);
    for both in [[&attested, &declared], [&declared, &attested]] {
        let mut base = self::base();
        for fact in both {
            base.add_fact(fact.clone());
        }
        let told = reported_of("rule = 'value.method_documented'", &base);
        assert!(!told.properties[0].contradicted);
    }
    // What has ended tells against nothing.
    assert_eq!(roles(&told), [Role::Lapsed, Role::Kept, Role::Establishes]);
    assert!(!told.properties[0].contradicted);
    base.add_fact(document(false));
    let told = reported_of("rule = 'value.method_documented'", &base);
    let torn = [Role::Lapsed, Role::Kept, Role::Claims, Role::Refutes];
    assert_eq!(roles(&told), torn);
    assert!(told.properties[0].contradicted && told.missing[0][0].contradicted);
}
