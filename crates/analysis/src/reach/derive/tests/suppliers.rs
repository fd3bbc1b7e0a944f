//! What a supplier that can obtain content can read of it.

use super::*;

/// A French provider that hosts by itself, with the data and the holder of the
/// keys of each hosting, where stated; an American supplier can obtain content.
fn supplied(hostings: &[(&str, &str)]) -> World {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    world.say(applicant, "controlled_from", "FR");
    present_where_stated(&mut world);
    let distant = world.party("Example Support Inc.", "company", "US");
    let offering = world.part("offering");
    let supplier = world.add(offering, "suppliers", "support");
    world.link(supplier, "party", distant);
    world.say(supplier, "can_reach", "customer-content");
    for (i, (data, keys)) in hostings.iter().enumerate() {
        let hosting = world.add(offering, "hosting", &format!("h{i}"));
        world.link(hosting, "operator", applicant);
        let stated = [
            ("country", "FR"),
            ("administered_from", "FR"),
            ("supported_from", "FR"),
            ("data", *data),
            ("keys_held_by", *keys),
        ];
        for (field, value) in stated.iter().filter(|(_, value)| !value.is_empty()) {
            world.say(hosting, field, value);
        }
    }
    world.complete(offering, "hosting");
    world
}

fn content(world: &World) -> (Reached, Vec<String>) {
    let report = report(world);
    let outcome = report.outcome("customer-content", CLOUD_ACT, Aspect::Content);
    let outcome = outcome.unwrap();
    let asked = outcome.missing.iter().map(|l| l.en.clone());
    (outcome.reached, asked.collect())
}

/// What is certain does not turn, whatever is still to be stated.
#[test]
fn a_supplier_surely_reads_what_no_keys_can_keep_from_it() {
    let (not_reached, reached) = (Reached::NotReached, Reached::Reached);
    let open = Reached::Undetermined;
    const HERE: &str = "customer-content";
    const ELSEWHERE: &str = "customer-metadata";
    for (hostings, wanted) in [
        (&[(HERE, "customer")][..], not_reached),
        (&[(HERE, "applicant")], reached),
        (&[(HERE, "nobody")], reached),
        (&[(HERE, "")], open),
        (&[(HERE, "third-party")], open),
        (&[(HERE, "customer"), (HERE, "")], open),
        (&[(HERE, "customer"), (HERE, "operator")], reached),
        (&[(HERE, ""), (HERE, "operator")], reached),
        (&[(HERE, "customer"), (ELSEWHERE, "")], not_reached),
        // Hosted nowhere else than with the supplier itself, or under these keys.
        (&[("", "customer")], open),
        (&[("", "applicant")], reached),
        (&[(HERE, "customer"), ("", "customer")], not_reached),
        (&[(HERE, "customer"), ("", "applicant")], open),
        (&[(ELSEWHERE, "customer")], reached),
    ] {
        assert_eq!(content(&supplied(hostings)).0, wanted, "{hostings:?}");
    }
}

#[test]
fn who_holds_the_keys_is_asked_and_not_what_is_stated() {
    let (_, asked) = content(&supplied(&[("customer-content", "")]));
    assert_eq!(asked[0], "who holds the keys to customer content");
    assert!(!asked.iter().any(|q| q.contains("can obtain")), "{asked:?}");
}

/// A hosting that nobody stated may have the content, under the customers' keys.
#[test]
fn a_list_that_may_lack_a_hosting_leaves_content_that_no_other_has_open() {
    let mut world = supplied(&[("customer-metadata", "applicant")]);
    assert_eq!(content(&world).0, Reached::Reached);
    let offering = world.part("offering");
    let key = world.view().key(offering, "hosting").unwrap();
    world.base.set_complete(key.record, key.field, false);
    assert_eq!(content(&world).0, Reached::Undetermined);
}
