//! Where a company is at home that states its seat alone: as the scheme says, for reach as
//! for control.

use super::*;
use crate::testing::Documents;
use cocarde_model::Provenance;

const AT_THE_SEAT: &str =
    "a central administration or establishment that is not stated is at the seat";

/// A provider that hosts itself in France, under a parent with a seat in France, which is
/// controlled from there.
fn french() -> (World, [RecordId; 2]) {
    under(&["FR"])
}

/// Such a provider, its parent controlled from the countries that are said.
fn under(controlled_from: &[&str]) -> (World, [RecordId; 2]) {
    as_told(Provenance::Declared, controlled_from)
}

/// The same, all of it told in that way.
fn as_told(provenance: Provenance, controlled_from: &[&str]) -> (World, [RecordId; 2]) {
    let mut world = World::new();
    world.provenance = provenance;
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    let parent = world.party("Exemple Holding SAS", "company", "FR");
    for country in controlled_from {
        world.say(parent, "controlled_from", country);
    }
    world.holding(parent, applicant, "100");
    let governance = world.part("governance");
    world.complete(governance, "holdings");
    present_where_stated(&mut world);
    all_stated(&mut world);
    let offering = world.part("offering");
    let hosting = world.add(offering, "hosting", "prod");
    world.link(hosting, "operator", applicant);
    for (field, value) in [
        ("country", "FR"),
        ("data", "customer-content"),
        ("keys_held_by", "operator"),
        ("administered_from", "FR"),
        ("supported_from", "FR"),
    ] {
        world.say(hosting, field, value);
    }
    (world, [applicant, parent])
}

/// What becomes of the content under the CLOUD Act, what is asked, and what is assumed.
fn told(world: &World, follow_seat: bool) -> (Reached, Vec<String>, Vec<String>) {
    let graph = from_facts(world.view()).unwrap();
    let rule = OutsideRule {
        follow_seat,
        ..OutsideRule::new(["FR"])
    };
    let report = analyse(world.view(), &graph, &rule, regimes::standard()).unwrap();
    let outcome = report.outcome("customer-content", CLOUD_ACT, Aspect::Content);
    let outcome = outcome.unwrap();
    let english = |lines: &[crate::report::Line]| lines.iter().map(|l| l.en.clone()).collect();
    let (asked, assumed) = (english(&outcome.missing), english(&outcome.assumptions));
    (outcome.reached, asked, assumed)
}

#[test]
fn a_place_that_is_not_stated_is_at_the_seat_only_where_the_scheme_says_so() {
    let (world, _) = french();
    let (reached, asked, assumed) = told(&world, true);
    assert_eq!((reached, asked), (Reached::NotReached, Vec::new()));
    assert!(assumed.iter().any(|a| a == AT_THE_SEAT), "{assumed:?}");
    let (reached, asked, assumed) = told(&world, false);
    assert_eq!((reached, assumed), (Reached::Undetermined, Vec::new()));
    let places = ["central administration", "main establishment"];
    for name in ["Exemple SAS", "Exemple Holding SAS"] {
        for place in places {
            let question = format!("the {place} of {name}");
            assert!(asked.contains(&question), "{question}: {asked:?}");
        }
    }
    assert_eq!(asked.len(), 4, "{asked:?}");
}

#[test]
fn what_is_stated_of_all_places_decides_either_way() {
    for (country, expected) in [("FR", Reached::NotReached), ("US", Reached::Reached)] {
        for follow_seat in [false, true] {
            let (mut world, parties) = french();
            for party in parties {
                world.say(party, "central_administration", "FR");
                world.say(party, "main_establishment", country);
            }
            let (reached, asked, assumed) = told(&world, follow_seat);
            assert_eq!((reached, asked.len()), (expected, 0), "{country}");
            assert!(!assumed.iter().any(|a| a == AT_THE_SEAT), "{assumed:?}");
        }
    }
}

#[test]
fn a_disputed_place_is_asked_for_where_places_follow_seats_too() {
    for follow_seat in [false, true] {
        let (mut world, parties) = french();
        for party in parties {
            world.say(party, "central_administration", "FR");
            world.say(party, "main_establishment", "FR");
        }
        assert_eq!(told(&world, follow_seat).0, Reached::NotReached);
        world.say(parties[1], "central_administration", "US");
        let (reached, asked, _) = told(&world, follow_seat);
        let question = ["the central administration of Exemple Holding SAS".to_string()];
        assert_eq!(
            (reached, &asked[..]),
            (Reached::Undetermined, &question[..])
        );
    }
}

#[test]
fn a_disputed_country_of_control_leaves_open_who_controls() {
    let (mut world, [applicant, _]) = french();
    world.say(applicant, "controlled_from", "FR");
    assert_eq!(told(&world, true).0, Reached::NotReached);
    world.say(applicant, "controlled_from", "US");
    let (reached, asked, _) = told(&world, true);
    let question = ["who controls Exemple SAS in the last resort".to_string()];
    assert_eq!(
        (reached, &asked[..]),
        (Reached::Undetermined, &question[..])
    );
}

/// Whether the CLOUD Act reaches a provider that is said to be controlled from France, with
/// an American company of which these votes and special rights are said in its parent.
fn beside_an_american(votes: &[&str], rights: &[&str]) -> Reached {
    let (mut world, [applicant, parent]) = french();
    world.say(applicant, "controlled_from", "FR");
    let other = world.party("Example Parent Inc.", "company", "US");
    let governance = world.part("governance");
    let holding = world.add(governance, "holdings", "other");
    world.link(holding, "holder", other);
    world.link(holding, "held", parent);
    world.say(holding, "capital", votes[0]);
    for said in votes {
        world.say(holding, "votes", said);
    }
    for said in rights {
        world.say(holding, "special_rights", said);
    }
    told(&world, true).0
}

/// A stated country of control answers for those who are not named, and not for one who
/// some say has the majority of the votes.
#[test]
fn a_disputed_majority_leaves_open_who_controls() {
    let reached = |votes: &[&str]| beside_an_american(votes, &[""]);
    assert_eq!(reached(&["60"]), Reached::Reached);
    assert_eq!(reached(&["40"]), Reached::NotReached);
    assert_eq!(reached(&["40", "60"]), Reached::Undetermined);
    assert_eq!(reached(&["40", "39..51"]), Reached::Undetermined);
}

#[test]
fn what_is_said_in_two_ways_is_no_dispute_over_control_where_the_same_control() {
    let reached = beside_an_american;
    for votes in [&["40", "39..41"][..], &["30", "40"]] {
        assert_eq!(reached(votes, &[""]), Reached::NotReached, "{votes:?}");
    }
    let rights = "veto appoint-minority";
    let another = "appoint-minority veto";
    assert_eq!(reached(&["40"], &[rights, another]), Reached::NotReached);
    let more = "veto appoint-majority";
    assert_eq!(reached(&["40"], &[rights, more]), Reached::Undetermined);
}

#[test]
fn the_country_that_a_parent_is_controlled_from_reaches() {
    for (countries, expected) in [
        (&["FR"][..], Reached::NotReached),
        (&["US"], Reached::Reached),
        (&["FR", "US"], Reached::Undetermined),
    ] {
        let (world, _) = under(countries);
        assert_eq!(told(&world, true).0, expected, "{countries:?}");
    }
}

/// Whether the CLOUD Act reaches the content of a French provider whose Italian owner is
/// documented, once something is claimed of the provider or of its owner without proof.
fn beside(of_owner: bool, field: &str, country: &str) -> Reached {
    let (mut world, [applicant, parent]) = as_told(Provenance::Documented, &[]);
    let owner = world.party("Une fondatrice", "person", "IT");
    world.holding(owner, parent, "100");
    world.provenance = Provenance::Declared;
    world.say(if of_owner { owner } else { applicant }, field, country);
    let view = world.view().established(&Documents);
    let graph = from_facts(view).unwrap();
    let rule = OutsideRule::new(["FR", "IT"]);
    let report = analyse(view, &graph, &rule, regimes::standard()).unwrap();
    let outcome = report.outcome("customer-content", CLOUD_ACT, Aspect::Content);
    outcome.unwrap().reached
}

#[test]
fn a_nationality_is_as_assumed_where_it_is_claimed_to_be_that_of_residence() {
    assert_eq!(beside(true, "nationality", "IT"), Reached::NotReached);
    assert_eq!(beside(true, "nationality", "US"), Reached::Undetermined);
}

#[test]
fn a_country_of_control_is_as_derived_where_it_is_claimed_to_be_that_of_the_holders() {
    assert_eq!(beside(false, "controlled_from", "IT"), Reached::NotReached);
    assert_eq!(
        beside(false, "controlled_from", "US"),
        Reached::Undetermined
    );
}

/// Whatever is proved of who has data and of those above them, reach rests on.
#[test]
fn reach_rests_on_parties_and_holdings_and_names_them() {
    let (mut world, [applicant, parent]) = under(&["FR"]);
    let owner = world.party("Une fondatrice", "person", "FR");
    world.say(owner, "nationality", "FR");
    let holding = world.holding(owner, parent, "100");
    world.say(applicant, "controlled_from", "FR");
    let offering = world.part("offering");
    let site = world.add(offering, "sites", "siege");
    world.say(site, "country", "FR");
    let other = world.party("Exemple Paie SAS", "company", "FR");
    let supplier = world.add(offering, "suppliers", "payroll");
    world.link(supplier, "party", other);
    world.say(supplier, "can_reach", "");
    let graph = from_facts(world.view()).unwrap();
    let found = derive(world.view(), &graph, &report(&world));
    let [content] = &found[..] else {
        panic!("{found:?}");
    };
    for (record, field) in [
        (owner, "nationality"),
        (owner, "kind"),
        (applicant, "controlled_from"),
        (parent, "controlled_from"),
        (parent, "seat"),
        (holding, "holder"),
        (holding, "votes"),
        (site, "country"),
    ] {
        let facts = world.view().facts(record, field);
        assert_eq!(facts.len(), 1, "{field}");
        assert!(content.rests_on.contains(&facts[0]), "{field}");
    }
    // Not on whoever has none of the data.
    let seat = world.view().facts(other, "seat");
    assert!(!content.rests_on.contains(&seat[0]));
}
