//! What a report says of whom, and what it asks.

use super::*;

fn pair(a: &str, b: &str) -> Vec<Vec<String>> {
    vec![vec![a.to_string(), b.to_string()]]
}

/// Two services, and two parties, that go by one name are two all the same.
#[test]
fn a_redundant_pair_of_one_name_is_no_single_point() {
    let mut plant = plant();
    let world = &mut plant.world;
    let part = world.part("resilience");
    for at in [2, 3] {
        let service = world.view().members(part, "services").0[at];
        world.say(service, "name", "Paie");
    }
    for id in ["un", "deux"] {
        let party = world.add(world.base.root(), "parties", id);
        world.describe(party, "Exemple", "company", "DE");
        let service = world.add(part, "services", &format!("courrier-{id}"));
        world.link(service, "provided_by", party);
    }
    let mail = world.add(part, "functions", "courrier");
    world.say(mail, "any_of", "courrier-un courrier-deux");
    let cuts = report(&plant, "us-vendor-stop").cuts;
    let (payroll, mail) = (&cuts[1].component, &cuts[2].actor);
    let services = pair("Paie (service:paie-a)", "Paie (service:paie-b)");
    assert_eq!(payroll.sets, services);
    assert_eq!(
        mail.sets,
        pair("Exemple (party:deux)", "Exemple (party:un)")
    );
    assert!(payroll.single_points.is_empty() && mail.single_points.is_empty());
}

/// Who is behind either of two services is not known: they may well be two.
#[test]
fn those_whom_nobody_named_are_not_one_actor() {
    let mut plant = plant();
    let world = &mut plant.world;
    let part = world.part("resilience");
    for (id, name) in [("fax-un", "Fax"), ("fax-deux", "Fax"), ("telex", "Télex")] {
        let service = world.add(part, "services", id);
        world.say(service, "name", name);
    }
    for (id, of) in [("commandes", "fax-un fax-deux"), ("avis", "fax-un telex")] {
        let function = world.add(part, "functions", id);
        world.say(function, "any_of", of);
    }
    let cuts = report(&plant, "us-vendor-stop").cuts;
    let (orders, notices) = (&cuts[2].actor, &cuts[3].actor);
    let two = pair("? (Fax) (service:fax-deux)", "? (Fax) (service:fax-un)");
    assert_eq!(orders.sets, two);
    assert_eq!(notices.sets, pair("? (Fax)", "? (Télex)"));
    assert!(orders.single_points.is_empty() && notices.single_points.is_empty());
}
