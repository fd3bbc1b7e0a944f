use super::super::{Reached, analyse};
use super::*;
use crate::control::{OutsideRule, from_facts};
use crate::testing::World;
use cocarde_knowledge::regimes;
use cocarde_model::RecordId;

mod classes;
mod countries;
mod home;
mod inside;
mod presence;
mod questions;
mod settled;
mod suppliers;

const CLOUD_ACT: &str = "us-cloud-act";

/// A French applicant, hosted in France by a French company of an American
/// parent. Returns the world, the hosting and the host.
fn world(keys: &str) -> (World, RecordId, RecordId) {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    world.say(applicant, "controlled_from", "FR");
    let host = world.party("Exemple Hébergement SAS", "company", "FR");
    let parent = world.party("Example Parent Inc.", "company", "US");
    world.say(parent, "listed", "true");
    world.holding(parent, host, "100");
    let offering = world.part("offering");
    let hosting = world.add(offering, "hosting", "prod");
    world.link(hosting, "operator", host);
    for (field, value) in [
        ("country", "FR"),
        ("data", "customer-content customer-metadata"),
        ("keys_held_by", keys),
        ("administered_from", "FR"),
        ("supported_from", "FR"),
    ] {
        world.say(hosting, field, value);
    }
    all_stated(&mut world);
    present_where_stated(&mut world);
    let governance = world.part("governance");
    world.complete(governance, "holdings");
    (world, hosting, host)
}

/// No hosting or supplier is missing.
fn all_stated(world: &mut World) {
    let offering = world.part("offering");
    world.complete(offering, "hosting");
    world.complete(offering, "suppliers");
}

/// The applicant has no sites or activities but those stated.
fn present_where_stated(world: &mut World) {
    let offering = world.part("offering");
    world.complete(offering, "sites");
    world.complete(offering, "activities");
}

fn report(world: &World) -> ReachReport {
    let graph = from_facts(world.view()).unwrap();
    let rule = OutsideRule::new(["FR"]);
    analyse(world.view(), &graph, &rule, regimes::standard()).unwrap()
}

fn reached(world: &World, data: &str, aspect: Aspect) -> Reached {
    report(world)
        .outcome(data, CLOUD_ACT, aspect)
        .unwrap()
        .reached
}

#[test]
fn keys_of_the_customer_cut_content_and_not_metadata() {
    for (keys, content) in [
        ("operator", Reached::Reached),
        ("nobody", Reached::Reached),
        ("customer", Reached::NotReached),
        ("applicant", Reached::NotReached),
        ("third-party", Reached::Undetermined),
    ] {
        let (world, ..) = world(keys);
        assert_eq!(
            reached(&world, "customer-content", Aspect::Content),
            content,
            "{keys}"
        );
        let metadata = reached(&world, "customer-metadata", Aspect::Metadata);
        assert_eq!(metadata, Reached::Reached, "{keys}");
    }
}

#[test]
fn the_path_is_the_shortest_and_names_the_parent() {
    let (world, ..) = world("operator");
    let report = report(&world);
    let outcome = report
        .outcome("customer-content", CLOUD_ACT, Aspect::Content)
        .unwrap();
    assert_eq!(
        outcome.explanation.en,
        "customer content, content, CLOUD Act (United States): reached; customer content \
         —host→ Exemple Hébergement SAS —controlled by→ Example Parent Inc. \
         —seat (US)→ CLOUD Act (United States)"
    );
    assert_eq!(outcome.cuts.len(), 2);
    let service = report.outcome("service", "us-export-controls", Aspect::Availability);
    assert_eq!(service.unwrap().reached, Reached::Reached);
}

#[test]
fn a_supplier_that_can_obtain_data_carries_the_reach() {
    let (mut world, hosting, host) = world("applicant");
    let _ = host;
    let distant = world.party("Example Support Inc.", "company", "US");
    world.say(distant, "listed", "true");
    let offering = world.part("offering");
    let supplier = world.add(offering, "suppliers", "support");
    world.link(supplier, "party", distant);
    world.say(supplier, "can_reach", "customer-content");
    world.say(supplier, "essential", "false");
    assert_eq!(
        reached(&world, "customer-content", Aspect::Content),
        Reached::Reached
    );
    // The cut that the outcome names is one.
    let key = world.view().key(hosting, "keys_held_by").unwrap();
    let provenance = cocarde_model::Provenance::Declared;
    world.base.amend(key, Value::text("customer"), provenance);
    assert_eq!(
        reached(&world, "customer-content", Aspect::Content),
        Reached::NotReached
    );
}

#[test]
fn unknown_control_leaves_the_outcome_open_and_says_what_is_missing() {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    present_where_stated(&mut world);
    all_stated(&mut world);
    let offering = world.part("offering");
    let hosting = world.add(offering, "hosting", "prod");
    world.link(hosting, "operator", applicant);
    world.say(hosting, "country", "FR");
    world.say(hosting, "data", "customer-content");
    world.say(hosting, "keys_held_by", "operator");
    world.say(hosting, "administered_from", "FR");
    world.say(hosting, "supported_from", "FR");
    let open = report(&world);
    let outcome = open
        .outcome("customer-content", CLOUD_ACT, Aspect::Content)
        .unwrap();
    assert_eq!(outcome.reached, Reached::Undetermined);
    assert_eq!(
        outcome.missing[0].en,
        "who controls Exemple SAS in the last resort"
    );
    assert_eq!(
        derive(world.view(), &from_facts(world.view()).unwrap(), &open),
        []
    );
    // Stating it decides.
    world.say(applicant, "controlled_from", "FR");
    assert_eq!(
        reached(&world, "customer-content", Aspect::Content),
        Reached::NotReached
    );
    let derived = derive(
        world.view(),
        &from_facts(world.view()).unwrap(),
        &report(&world),
    );
    let french: Vec<Arc<str>> = vec!["FR".into()];
    assert_eq!(derived[0].value, Value::Texts(french.into()));
}

/// A list that may lack a hosting or a supplier may lack one that any law reaches.
#[test]
fn what_a_list_may_lack_may_be_reached_by_any_law() {
    for (keys, certain) in [("applicant", &[][..]), ("operator", &["FR", "US"])] {
        let (mut world, ..) = world(keys);
        let stated = |world: &World| {
            derive(
                world.view(),
                &from_facts(world.view()).unwrap(),
                &report(world),
            )
        };
        assert!(stated(&world).iter().all(|d| !d.open));
        let offering = world.part("offering");
        for list in ["hosting", "suppliers"] {
            let key = world.view().key(offering, list).unwrap();
            world.base.set_complete(key.record, key.field, false);
            let derived = stated(&world);
            let content = derived.iter().find(|d| {
                let key = world.view().key(world.part("protection"), "content_reach");
                Some(d.key) == key
            });
            match certain {
                [] => assert_eq!(content, None, "{list}"),
                _ => {
                    let certain = certain.iter().map(|c| Arc::from(*c));
                    let content = content.unwrap();
                    assert_eq!(content.value, Value::Texts(certain.collect()));
                    assert!(content.open, "{list}");
                    let ends =
                        "FR, US at least; hostings or suppliers may be missing from the list";
                    assert!(content.because.en.ends_with(ends), "{}", content.because.en);
                }
            }
            world.base.set_complete(key.record, key.field, true);
        }
    }
}

/// Who controls a supplier is not known, which leaves regimes open; the American
/// parent of the host is certain all the same.
#[test]
fn an_undecided_regime_does_not_hide_what_is_certain() {
    let (mut world, ..) = world("operator");
    let other = world.party("Exemple Support SAS", "company", "FR");
    let offering = world.part("offering");
    let supplier = world.add(offering, "suppliers", "support");
    world.link(supplier, "party", other);
    world.say(supplier, "can_reach", "customer-content");
    let report = report(&world);
    let of_content =
        |o: &&super::super::Outcome| &*o.data == "customer-content" && o.aspect == Aspect::Content;
    let mut outcomes = report.outcomes.iter().filter(of_content);
    assert!(outcomes.any(|o| o.reached == Reached::Undetermined));
    let derived = derive(world.view(), &from_facts(world.view()).unwrap(), &report);
    let found: Vec<Arc<str>> = vec!["FR".into(), "US".into()];
    assert_eq!(derived[0].value, Value::Texts(found.into()));
    assert!(derived[0].open);
    let because = &derived[0].because.en;
    assert!(
        because.contains("FR, US at least; still undetermined: "),
        "{because}"
    );
}

#[test]
fn data_in_a_country_are_under_its_law_whoever_hosts_them() {
    let (mut world, hosting, _) = world("operator");
    let key = world.view().key(hosting, "country").unwrap();
    world
        .base
        .amend(key, Value::text("IN"), cocarde_model::Provenance::Declared);
    let report = report(&world);
    let outcome = report
        .outcome("customer-content", "in-it-act", Aspect::Content)
        .unwrap();
    assert_eq!(outcome.reached, Reached::Reached);
    let change = &outcome.cuts[1].together[0];
    assert_eq!(change.en, "the data are stored in another country");
}

/// An American supplier of whom neither what it obtains nor whether the service
/// needs it was stated.
#[test]
fn what_is_asked_is_what_the_aspect_turns_on() {
    let (mut world, hosting, _) = world("customer");
    let offering = world.part("offering");
    let distant = world.party("Example Support Inc.", "company", "US");
    let supplier = world.add(offering, "suppliers", "support");
    world.link(supplier, "party", distant);
    let key = world.view().key(hosting, "operator").unwrap();
    let applicant = Value::Ref(world.applicant());
    let provenance = cocarde_model::Provenance::Declared;
    world.base.amend(key, applicant, provenance);
    let report = report(&world);
    let asked = |data, regime, aspect| {
        report.outcome(data, regime, aspect).unwrap().missing[0]
            .en
            .clone()
    };
    assert_eq!(
        asked("service", "us-export-controls", Aspect::Availability),
        "whether the service stops when Example Support Inc. does"
    );
    assert_eq!(
        asked("customer-metadata", CLOUD_ACT, Aspect::Metadata),
        "which data Example Support Inc. can obtain"
    );
}

#[test]
fn regimes_to_review_are_named() {
    let (world, ..) = world("operator");
    let report = report(&world);
    assert_eq!(report.stale.len(), 1);
    assert!(report.stale[0].name.en.starts_with("FISA section 702"));
}
