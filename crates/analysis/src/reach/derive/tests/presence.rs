//! An open list of sites or activities may hold one in any country.

use super::*;

const SITES: &str = "whether the list of the sites of Exemple SAS is complete";
const ACTIVITIES: &str = "whether the list of the activities of Exemple SAS is complete";

/// A French provider that hosts by itself, and works at a site in a country.
fn present(country: &str, complete: &[&str]) -> World {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    world.say(applicant, "controlled_from", "FR");
    let offering = world.part("offering");
    let site = world.add(offering, "sites", "site");
    world.say(site, "country", country);
    for id in ["un", "deux"] {
        let hosting = world.add(offering, "hosting", id);
        world.link(hosting, "operator", applicant);
        for (field, value) in [
            ("country", "FR"),
            ("data", "customer-content"),
            ("keys_held_by", "applicant"),
            ("administered_from", "FR"),
            ("supported_from", "FR"),
        ] {
            world.say(hosting, field, value);
        }
    }
    complete
        .iter()
        .for_each(|list| world.complete(offering, list));
    world
}

fn content(world: &World, regime: &str) -> (Reached, bool, Vec<String>) {
    let report = report(world);
    let outcome = report.outcome("customer-content", regime, Aspect::Content);
    let outcome = outcome.unwrap();
    let asked = outcome.missing.iter().map(|l| l.en.clone());
    (outcome.reached, outcome.inside, asked.collect())
}

#[test]
fn each_open_list_leaves_presence_undecided_and_is_asked_once() {
    for (complete, wanted) in [
        (&[][..], &[SITES, ACTIVITIES][..]),
        (&["sites"], &[ACTIVITIES]),
        (&["activities"], &[SITES]),
        (&["sites", "activities"], &[]),
    ] {
        let (reached, _, asked) = content(&present("FR", complete), CLOUD_ACT);
        let not_reached = wanted.is_empty();
        assert_eq!(reached == Reached::NotReached, not_reached, "{complete:?}");
        assert_eq!(reached == Reached::Undetermined, !not_reached);
        assert_eq!(asked, wanted);
        // One that reaches already, and one of no presence, do not turn.
        let (near, _, _) = content(&present("FR", complete), "eu-e-evidence");
        assert_eq!(near, Reached::Reached);
        let (no_presence, _, asked) = content(&present("FR", complete), "cn-data-security");
        assert_eq!((no_presence, asked.len()), (Reached::NotReached, 0));
    }
}

#[test]
fn a_list_is_not_asked_where_it_changes_nothing() {
    let (reached, _, asked) = content(&present("US", &[]), CLOUD_ACT);
    assert_eq!((reached, asked.len()), (Reached::Reached, 0));
    // The area is France: a site in another member would bring its law.
    let (reached, inside, asked) = content(&present("FR", &[]), "eu-e-evidence");
    assert_eq!((reached, inside), (Reached::Reached, false));
    assert_eq!(asked, [SITES, ACTIVITIES]);
    let (_, inside, asked) = content(&present("FR", &["sites", "activities"]), "eu-e-evidence");
    assert!(inside && asked.is_empty());
    let (_, inside, asked) = content(&present("DE", &[]), "eu-e-evidence");
    assert!(!inside && asked.is_empty());
}

/// What is taken for granted of suppliers is right of a law of one country and of several.
#[test]
fn the_assumption_about_suppliers_is_of_any_country_of_the_law() {
    let world = present("FR", &["sites", "activities"]);
    let report = report(&world);
    for regime in [CLOUD_ACT, "eu-e-evidence"] {
        let outcome = report.outcome("customer-content", regime, Aspect::Content);
        let assumptions = &outcome.unwrap().assumptions;
        let about = assumptions.iter().find(|l| l.en.starts_with("suppliers"));
        let Line { fr, en } = about.unwrap();
        assert!(fr.ends_with(" dans aucun pays de ce droit"), "{fr}");
        assert!(en.ends_with(" in any country of that law"), "{en}");
    }
}

/// Only others are at work at the site, unless it is the applicant after all.
#[test]
fn where_it_is_disputed_who_is_at_work_presence_is_undecided() {
    let reached = |performers: &[bool]| {
        let mut world = present("US", &["sites", "activities"]);
        let other = world.party("Example Support Inc.", "company", "US");
        let applicant = world.applicant();
        let offering = world.part("offering");
        let activity = world.add(offering, "activities", "support");
        let site = world.view().members(offering, "sites").0[0];
        world.link(activity, "site", site);
        world.say(activity, "country", "US");
        for own in performers {
            let by = if *own { applicant } else { other };
            world.link(activity, "performed_by", by);
        }
        content(&world, CLOUD_ACT).0
    };
    assert_eq!(reached(&[]), Reached::Reached);
    assert_eq!(reached(&[true]), Reached::Reached);
    assert_eq!(reached(&[false]), Reached::NotReached);
    assert_eq!(reached(&[false, true]), Reached::Undetermined);
}
