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
