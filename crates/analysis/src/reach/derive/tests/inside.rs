//! A law is from inside the area while nothing undecided may bring it from outside.

use super::*;
use cocarde_knowledge::regimes::{Regime, TieKind, TieRule};

const UNION: &str = "eu-e-evidence";

/// The regime of several countries, through one kind of tie.
fn union(kind: TieKind) -> Regime {
    let union = regimes::standard().iter().find(|r| r.id == UNION);
    let mut regime = union.unwrap().clone();
    regime.ties = vec![TieRule {
        kind,
        fr: String::new(),
        en: String::new(),
    }];
    regime
}

fn through(world: &World, kind: TieKind, inside: &[String]) -> ReachReport {
    let graph = from_facts(world.view()).unwrap();
    let rule = OutsideRule::new(inside.iter().map(String::as_str));
    analyse(world.view(), &graph, &rule, &[union(kind)]).unwrap()
}

/// A provider and its hosting, tied to France by every kind of tie, and by none
/// to any other country that is known.
fn french() -> (World, RecordId, RecordId) {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    let parent = world.party("Exemple Holding SAS", "company", "FR");
    world.say(parent, "controlled_from", "FR");
    world.holding(parent, applicant, "100");
    let governance = world.part("governance");
    world.complete(governance, "holdings");
    present_where_stated(&mut world);
    all_stated(&mut world);
    let offering = world.part("offering");
    let site = world.add(offering, "sites", "site");
    world.say(site, "country", "FR");
    let hosting = world.add(offering, "hosting", "prod");
    world.link(hosting, "operator", applicant);
    for (field, value) in [
        ("country", "FR"),
        ("data", "customer-content"),
        ("keys_held_by", "applicant"),
        ("administered_from", "FR"),
    ] {
        world.say(hosting, field, value);
    }
    (world, applicant, hosting)
}

fn members(more: &[&str]) -> Vec<String> {
    let more = more.iter().map(|c| c.to_string());
    std::iter::once("FR".to_string()).chain(more).collect()
}

/// Reached from France, and from another country by what is stated in part.
#[test]
fn what_is_undecided_may_bring_a_law_from_outside() {
    for (kind, question) in [
        (TieKind::Location, "the country where the data are stored"),
        (
            TieKind::Administration,
            "the countries from which the hosting is administered and supported",
        ),
        (TieKind::Incorporation, "the seat of Beispiel AG"),
        (
            TieKind::Presence,
            "the countries where Exemple SAS has its sites and activities",
        ),
        (
            TieKind::Control,
            "who controls Beispiel AG in the last resort",
        ),
    ] {
        let (mut world, ..) = french();
        let offering = world.part("offering");
        world.add(offering, "sites", "elsewhere");
        let host = world.add(world.base.root(), "parties", "host");
        world.say(host, "name", "Beispiel AG");
        world.say(host, "kind", "company");
        world.say(host, "central_administration", "FR");
        let hosting = world.add(offering, "hosting", "other");
        world.link(hosting, "operator", host);
        world.say(hosting, "data", "customer-content");
        world.say(hosting, "keys_held_by", "nobody");
        let outcome = |inside: &[String]| {
            let report = through(&world, kind, inside);
            let outcome = report.outcome("customer-content", UNION, Aspect::Content);
            (
                outcome.unwrap().clone(),
                derive(world.view(), &from_facts(world.view()).unwrap(), &report),
            )
        };
        let (open, derived) = outcome(&members(&[]));
        assert_eq!(open.countries, ["FR".into()], "{kind:?}");
        assert_eq!(open.reached, Reached::Reached);
        assert!(!open.inside, "{kind:?}");
        let asked: Vec<&str> = open.missing.iter().map(|l| &*l.en).collect();
        assert!(asked.contains(&question), "{kind:?}: {asked:?}");
        assert_eq!(derived, [], "{kind:?}");
        // No country of that law is outside the area.
        let (within, derived) = outcome(&union(kind).countries);
        assert!(within.inside && within.missing.is_empty(), "{kind:?}");
        assert!(!derived[0].open, "{kind:?}");
    }
}

/// Data that nobody stated to be in Germany may be there.
#[test]
fn data_that_may_be_elsewhere_may_bring_its_law() {
    let (mut world, applicant, _) = french();
    let offering = world.part("offering");
    let hosting = world.add(offering, "hosting", "other");
    world.link(hosting, "operator", applicant);
    world.say(hosting, "country", "DE");
    world.say(hosting, "keys_held_by", "applicant");
    for (inside, wanted) in [(members(&[]), false), (members(&["DE"]), true)] {
        let report = through(&world, TieKind::Location, &inside);
        let outcome = report.outcome("customer-content", UNION, Aspect::Content);
        let outcome = outcome.unwrap();
        assert_eq!(outcome.inside, wanted);
        assert_eq!(outcome.missing.is_empty(), wanted);
        assert!(outcome.others.is_empty());
    }
}

#[test]
fn all_that_is_known_to_be_inside_is_inside_as_far_as_the_lists_go() {
    let (mut world, _, hosting) = french();
    world.say(hosting, "supported_from", "FR");
    for kind in [
        TieKind::Location,
        TieKind::Administration,
        TieKind::Incorporation,
        TieKind::Presence,
        TieKind::Control,
    ] {
        let report = through(&world, kind, &members(&[]));
        let outcome = report.outcome("customer-content", UNION, Aspect::Content);
        let outcome = outcome.unwrap();
        assert!(outcome.inside && outcome.missing.is_empty(), "{kind:?}");
        assert!(!outcome.assumptions.is_empty(), "{kind:?}");
    }
}
