//! What is not known of those who provide is never told as holding.

use super::*;

/// An organisation with one function, which needs a service that nobody else provides.
fn alone() -> (World, RecordId) {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Usine", "company", "FR");
    let part = world.part("resilience");
    let fax = world.add(part, "services", "fax");
    world.say(fax, "name", "Fax");
    let function = world.add(part, "functions", "commandes");
    world.say(function, "all_of", "fax");
    world.say(function, "tolerated_outage_hours", "0");
    (world, fax)
}

fn told(world: World, scenario: &str) -> Vec<(String, String, Vec<String>)> {
    let plant = Plant {
        subsidiary: world.base.root(),
        world,
    };
    let events = report(&plant, scenario).events.into_iter();
    let told = events.map(|e| {
        let function = &e.functions[0];
        let missing = function.missing.iter().map(|l| l.en.clone());
        let outcome = hours(&function.outcome).0.to_string();
        (e.title.en, outcome, missing.collect())
    });
    told.collect()
}

/// Each in turn, and nobody is named: whoever it is may stop.
#[test]
fn whom_nobody_named_may_stop_where_nobody_else_is() {
    let (world, _) = alone();
    let events = told(world, "account-deleted-by-host");
    let (title, outcome, missing) = &events[0];
    assert_eq!(events.len(), 1);
    assert_eq!(title, "someone whom the dossier does not name");
    assert_eq!(outcome, "undetermined");
    assert_eq!(missing, &["Fax: who provides it is not known"]);
    // With a named one, it is among those whom the event may strike.
    let (mut world, _) = alone();
    let host = world.party("hebergeur", "company", "FR");
    let part = world.part("resilience");
    let other = world.add(part, "services", "telex");
    world.link(other, "provided_by", host);
    let events = told(world, "account-deleted-by-host");
    let titles: Vec<(&str, &str)> = events.iter().map(|e| (&*e.0, &*e.1)).collect();
    assert_eq!(titles, [("hebergeur", "undetermined")]);
    // The organisation itself is nobody else.
    let (mut world, fax) = alone();
    let applicant = world.applicant();
    world.link(fax, "provided_by", applicant);
    assert!(told(world, "account-deleted-by-host").is_empty());
}

/// One who surely controls the provider, from nobody knows where.
#[test]
fn a_provider_may_be_under_a_law_through_one_whose_seat_is_not_known() {
    let outcome = |residence: &str| {
        let (mut world, fax) = alone();
        let party = world.party("Autre", "company", "FR");
        let above = world.add(world.base.root(), "parties", "tete");
        world.say(above, "name", "Tête");
        world.say(above, "kind", "person");
        if !residence.is_empty() {
            world.say(above, "residence", residence);
        }
        world.holding(above, party, "100");
        world.link(fax, "provided_by", party);
        let (_, outcome, missing) = told(world, "us-vendor-stop").remove(0);
        (outcome, missing)
    };
    let seat = "Fax: the residence of Tête is not known".to_string();
    assert_eq!(outcome(""), ("undetermined".into(), vec![seat]));
    assert_eq!(outcome("FR").0, "holds");
    assert_eq!(outcome("US").0, "stops");
}
