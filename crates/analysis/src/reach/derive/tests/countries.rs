//! Regimes of several countries: none of them is lost, whatever ties to it.

use super::*;
use cocarde_knowledge::regimes::{TieKind, TieRule};

/// All that ties to France ties to Germany, too: two hostings of one operator,
/// whence they are administered, its homes and controllers, the applicant's sites.
fn everywhere() -> World {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    let host = world.party("Exemple Hébergement SAS", "company", "FR");
    world.say(host, "main_establishment", "DE");
    let parent = world.party("Exemple Holding SAS", "company", "FR");
    let above = world.party("Beispiel AG", "company", "DE");
    world.holding(parent, host, "100");
    world.holding(above, parent, "100");
    let offering = world.part("offering");
    for country in ["FR", "DE"] {
        let hosting = world.add(offering, "hosting", country);
        world.link(hosting, "operator", host);
        world.say(hosting, "country", country);
        world.say(hosting, "data", "customer-content");
        world.say(hosting, "keys_held_by", "nobody");
        world.say(hosting, "administered_from", "FR DE");
        world.say(hosting, "supported_from", "FR");
        let site = world.add(offering, "sites", country);
        world.say(site, "country", country);
    }
    world
}

#[test]
fn every_country_whose_law_reaches_is_named_in_few_paths() {
    let world = everywhere();
    let graph = from_facts(world.view()).unwrap();
    let union = regimes::standard().iter().find(|r| r.id == "eu-e-evidence");
    for (kind, paths) in [
        (TieKind::Location, 2),
        (TieKind::Administration, 2),
        (TieKind::Incorporation, 2),
        (TieKind::Presence, 1),
        (TieKind::Control, 2),
    ] {
        let mut regime = union.unwrap().clone();
        regime.ties = vec![TieRule {
            kind,
            fr: String::new(),
            en: String::new(),
        }];
        let rule = OutsideRule::new(["FR"]);
        let report = analyse(world.view(), &graph, &rule, &[regime]).unwrap();
        let outcome = report.outcome("customer-content", "eu-e-evidence", Aspect::Content);
        let outcome = outcome.unwrap();
        let both: Vec<Arc<str>> = vec!["DE".into(), "FR".into()];
        assert_eq!(outcome.countries, both, "{kind:?}");
        assert!(!outcome.inside, "{kind:?}");
        assert_eq!(1 + outcome.others.len(), paths, "{kind:?}");
    }
}
