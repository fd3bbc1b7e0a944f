//! Every question of an undecided outcome is asked.

use super::*;

/// A French provider that hosts by itself, at places and with data where stated.
fn hosted(hostings: &[(&str, &str)]) -> World {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    world.say(applicant, "controlled_from", "FR");
    present_where_stated(&mut world);
    let offering = world.part("offering");
    for (i, (country, data)) in hostings.iter().enumerate() {
        let hosting = world.add(offering, "hosting", &format!("h{i}"));
        world.link(hosting, "operator", applicant);
        let stated = [
            ("keys_held_by", "applicant"),
            ("administered_from", "FR"),
            ("supported_from", "FR"),
            ("country", *country),
            ("data", *data),
        ];
        for (field, value) in stated.iter().filter(|(_, value)| !value.is_empty()) {
            world.say(hosting, field, value);
        }
    }
    world
}

fn asked(hostings: &[(&str, &str)]) -> Vec<String> {
    let report = report(&hosted(hostings));
    let outcome = report.outcome("customer-content", CLOUD_ACT, Aspect::Content);
    let asked = outcome.unwrap().missing.iter().map(|l| l.en.clone());
    let mut asked: Vec<String> = asked.collect();
    asked.sort();
    asked
}

const DATA: &str = "which data Exemple SAS can obtain";
const PLACE: &str = "the country where the data are stored";

#[test]
fn paths_that_are_told_as_one_keep_their_questions() {
    assert_eq!(asked(&[("", "customer-content")]), [PLACE]);
    assert_eq!(asked(&[("US", "")]), [DATA]);
    assert_eq!(
        asked(&[("", "customer-content"), ("US", "")]),
        [PLACE, DATA]
    );
    assert_eq!(
        asked(&[("US", ""), ("", "customer-content")]),
        [PLACE, DATA]
    );
}

/// Who has the data and where they are: the answer to one is not enough.
#[test]
fn a_path_of_two_unknowns_asks_both() {
    assert_eq!(asked(&[("", "")]), [PLACE, DATA]);
}

/// Support from a country that nobody stated may be support from any.
#[test]
fn whence_a_hosting_is_supported_is_not_known_from_whence_it_is_administered() {
    let mut world = hosted(&[]);
    let offering = world.part("offering");
    let hosting = world.add(offering, "hosting", "prod");
    let applicant = world.applicant();
    world.link(hosting, "operator", applicant);
    world.say(hosting, "country", "FR");
    world.say(hosting, "data", "customer-content");
    world.say(hosting, "keys_held_by", "applicant");
    world.say(hosting, "administered_from", "FR");
    let content = |world: &World| {
        let report = report(world);
        let of = |regime| report.outcome("customer-content", regime, Aspect::Content);
        let (far, near) = (of(CLOUD_ACT).unwrap(), of("eu-e-evidence").unwrap());
        (far.reached, far.missing.clone(), near.reached)
    };
    let (far, missing, near) = content(&world);
    assert_eq!((far, near), (Reached::Undetermined, Reached::Reached));
    assert_eq!(
        missing[0].en,
        "the countries from which the hosting is administered and supported"
    );
    world.say(hosting, "supported_from", "FR");
    assert_eq!(content(&world).0, Reached::NotReached);
}
