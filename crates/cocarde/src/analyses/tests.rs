use super::*;
use crate::shipped;
use cocarde_dossier::{Dossier, Limits};
use cocarde_model::{Interval, Schema, Value};
use cocarde_referential::{Options, Referential, Verdict, assess};
use std::path::Path;

const DAY: Date = Date::constant(2026, 11, 24);

fn referential(name: &str) -> Referential {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../referentials")
        .join(name);
    Referential::read(&dir, Schema::standard(), &shipped::sets(), None).expect("it loads")
}

fn example(name: &str, counted_by: &Referential) -> Dossier {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../examples")
        .join(name);
    let mut dossier = cocarde_dossier::read(&dir, &Limits::default()).expect("it reads");
    let counting = counted_by.analysis.as_ref().expect("a section");
    let rules = Rules::new(counting);
    rules
        .complete(&mut dossier.base, DAY, "fr")
        .expect("no defect");
    dossier
}

fn facts<'a>(base: &'a FactBase, path: &[&str]) -> Vec<&'a Fact> {
    let key = base.path(path).expect("a property");
    base.facts_of(key).iter().map(|f| base.fact(*f)).collect()
}

fn derived<'a>(base: &'a FactBase, path: &[&str]) -> Option<&'a Fact> {
    let all = facts(base, path);
    all.into_iter()
        .find(|f| f.provenance == Provenance::Derived)
}

#[test]
fn derived_facts_carry_their_proof() {
    let dossier = example("suite-azur", &referential("nfg-2026"));
    let fact = derived(&dossier.base, &["governance", "non_eu_capital"]).unwrap();
    let interval = Interval::new(Some(9.into()), Some(30.into())).unwrap();
    assert_eq!(fact.value, Value::Number(interval));
    assert_eq!(fact.source.by.as_deref(), Some("cocarde control"));
    assert!(fact.source.note.as_deref().unwrap().contains("9 à 30 %"));
    let place = dossier.sources().place(fact.source.span.unwrap());
    assert!(place.starts_with("dossier.toml:"), "{place}");
    let premises = fact.source.rests_on.iter().map(|f| dossier.base.fact(*f));
    let governance = dossier.base.schema().by_name("holding").unwrap();
    let of_holding = |f: &Fact| dossier.base.record(f.subject).ty == governance;
    assert!(premises.filter(|f| of_holding(f)).count() > 0);
}

/// The subsidiary declares what its group does without proof: nothing is
/// established by it, and the declaration still tells against it.
#[test]
fn what_follows_from_declarations_alone_establishes_nothing() {
    let nfg = referential("nfg-2026");
    let dossier = example("filiale-us", &nfg);
    let path = ["value", "french_share"];
    assert!(derived(&dossier.base, &path).is_none());
    let by_analysis = |f: &&Fact| f.source.by.as_deref() == Some("cocarde value");
    let stated = facts(&dossier.base, &path);
    let fact = stated.into_iter().find(by_analysis).unwrap();
    assert_eq!(fact.provenance, Provenance::Declared);
    let note = fact.source.note.as_deref().unwrap();
    assert!(note.contains("sans preuve : supplier:groupe."), "{note}");
}

#[test]
fn a_document_that_the_analysis_contradicts_is_a_finding() {
    let nfg = referential("nfg-2026");
    let clean = example("conseil-lumiere", &nfg);
    let found = |base: &FactBase| {
        let assessment = assess(&nfg, base, DAY, Options::default());
        let key = base.path(&["value", "french_share"]).unwrap();
        let outcomes = nfg.criteria.iter().zip(&assessment.outcomes);
        let outcome = outcomes.filter(|(c, _)| &*c.id == "VAL-1");
        let found: Vec<_> = outcome
            .map(|(_, o)| (o.verdict, o.contradictions.contains(&key)))
            .collect();
        found
    };
    assert_eq!(found(&clean.base), [(Verdict::Satisfied, false)]);
    let mut base = clean.base.clone();
    let key = base.path(&["value", "french_share"]).unwrap();
    let ids = base.facts_of(key).to_vec();
    let mut facts = ids.iter().map(|f| base.fact(*f).clone());
    let mut other = facts
        .find(|f| f.provenance == Provenance::Attested)
        .expect("the accountant's statement");
    other.value = Value::Number(Interval::point(60.into()));
    base.add_fact(other);
    assert_eq!(found(&base), [(Verdict::Undetermined, true)]);
}

fn verdict(referential: &Referential, base: &FactBase, id: &str) -> Verdict {
    let assessment = assess(referential, base, DAY, Options::default());
    let mut outcomes = referential.criteria.iter().zip(&assessment.outcomes);
    let found = outcomes.find(|(c, _)| &*c.id == id);
    found.expect("a criterion").1.verdict
}

/// The American parent reaches content for certain; one regime is undecided.
#[test]
fn an_open_list_of_countries_tells_against_and_never_for() {
    let nfg = referential("nfg-2026");
    let dossier = example("filiale-us", &nfg);
    let path = ["protection", "content_reach"];
    assert!(derived(&dossier.base, &path).is_none());
    let stated = facts(&dossier.base, &path);
    let found: Vec<_> = stated.iter().map(|f| (f.provenance, &f.value)).collect();
    let list = Value::Texts(["FR", "US"].map(Arc::from).to_vec().into());
    assert_eq!(found, [(Provenance::Declared, &list)]);
    assert_eq!(verdict(&nfg, &dossier.base, "HEB-9"), Verdict::NotSatisfied);
}

/// The criteria count lines and staff by themselves; the analyses must agree.
#[test]
fn cost_price_and_staff_agree_with_the_criteria_that_count_them() {
    let cases = [
        (
            "ofg",
            "atelier-chene",
            "PRU-1",
            ["product", "french_cost_share"],
            50,
        ),
        (
            "sfg",
            "service-clair",
            "SER-2",
            ["value", "service_contract_share"],
            90,
        ),
        (
            "sfg",
            "service-clair",
            "SER-3",
            ["value", "contact_contract_share"],
            90,
        ),
    ];
    for (name, dossier, criterion, path, threshold) in cases {
        let referential = referential(name);
        let dossier = example(dossier, &referential);
        let share = match derived(&dossier.base, &path).map(|f| &f.value) {
            Some(Value::Number(share)) => *share,
            _ => Interval::ALL,
        };
        let reaches = share.lo().is_some_and(|lo| lo >= threshold.into());
        let fails = share.hi().is_some_and(|hi| hi < threshold.into());
        let assessment = assess(&referential, &dossier.base, DAY, Options::default());
        let outcomes = referential.criteria.iter().zip(&assessment.outcomes);
        let outcome = outcomes.filter(|(c, _)| &*c.id == criterion);
        for (_, outcome) in outcome {
            assert_eq!(
                outcome.verdict == Verdict::Satisfied,
                reaches,
                "{criterion} {share}"
            );
            assert_eq!(
                outcome.verdict == Verdict::NotSatisfied,
                fails,
                "{criterion} {share}"
            );
        }
    }
}
