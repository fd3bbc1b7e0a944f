//! What a tie of an actor that surely holds settles is not asked of its others.

use super::*;
use cocarde_knowledge::regimes::TieKind;

const KEYS: &str = "who holds the keys to customer content";
const CONTROL: &str = "who controls Example Hosting in the last resort";

/// A host in a country, of which nobody stated who controls it, with content under
/// keys that nobody stated who holds.
fn hosted_by(country: &str) -> World {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    world.say(applicant, "controlled_from", "FR");
    present_where_stated(&mut world);
    let host = world.party("Example Hosting", "company", country);
    let offering = world.part("offering");
    let hosting = world.add(offering, "hosting", "prod");
    world.link(hosting, "operator", host);
    for (field, value) in [
        ("country", "FR"),
        ("data", "customer-content"),
        ("administered_from", "FR"),
        ("supported_from", "FR"),
    ] {
        world.say(hosting, field, value);
    }
    world
}

fn asked(world: &World, regime: &str) -> Vec<String> {
    let report = report(world);
    let outcome = report.outcome("customer-content", regime, Aspect::Content);
    let asked = outcome.unwrap().missing.iter().map(|l| l.en.clone());
    asked.collect()
}

/// The keys decide; whoever controls the host, it is under that law.
#[test]
fn control_is_not_asked_of_one_who_is_under_that_law_already() {
    assert_eq!(asked(&hosted_by("US"), CLOUD_ACT), [KEYS]);
    assert_eq!(asked(&hosted_by("FR"), CLOUD_ACT), [CONTROL, KEYS]);
}

/// Nor of one whose seat nobody stated, at a place that is under that law.
#[test]
fn nor_of_one_who_hosts_in_a_country_of_that_law() {
    let mut world = hosted_by("FR");
    let hosting = world.view().members(world.part("offering"), "hosting").0[0];
    let key = world.view().key(hosting, "country").unwrap();
    let provenance = cocarde_model::Provenance::Declared;
    world.base.amend(key, Value::text("US"), provenance);
    assert_eq!(asked(&world, CLOUD_ACT), [KEYS]);
}

/// A law of several countries: one inside the area leaves open whether it is from
/// outside, too, and one outside does not.
#[test]
fn a_tie_from_inside_does_not_settle_whether_another_is_from_outside() {
    let open = |country: &str| {
        let graph_of = hosted_by(country);
        let union = regimes::standard().iter().find(|r| r.id == "eu-e-evidence");
        let mut regime = union.unwrap().clone();
        let control = regimes::standard().iter().find(|r| r.id == CLOUD_ACT);
        let ties = control.unwrap().ties.iter();
        let kept = [TieKind::Incorporation, TieKind::Control];
        regime.ties = ties.filter(|t| kept.contains(&t.kind)).cloned().collect();
        let graph = from_facts(graph_of.view()).unwrap();
        let rule = OutsideRule::new(["FR"]);
        let mut report = analyse(graph_of.view(), &graph, &rule, &[regime]).unwrap();
        let provider = "Exemple SAS";
        let missing = report.outcomes.swap_remove(0).missing;
        let mut asked: Vec<String> = missing.into_iter().map(|l| l.en).collect();
        asked.retain(|q| !q.contains(provider));
        asked
    };
    assert_eq!(open("FR"), [KEYS, CONTROL]);
    assert_eq!(open("DE"), [KEYS]);
}
