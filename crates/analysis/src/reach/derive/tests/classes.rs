//! Where nobody stated which data someone has, any may be there, whatever comes first.

use super::*;

/// A French provider: two hostings of its own and two suppliers, in that order or in
/// the other; of one of each nobody stated which data it has, and it is American.
fn unstated(hosting: bool, supplier: bool, turned: bool) -> World {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    world.say(applicant, "controlled_from", "FR");
    present_where_stated(&mut world);
    let french = world.party("Exemple Support SAS", "company", "FR");
    world.say(french, "controlled_from", "FR");
    let distant = world.party("Example Support Inc.", "company", "US");
    let offering = world.part("offering");
    let mut parts = vec![
        ("hosting", "FR", "customer-metadata"),
        ("hosting", "US", if hosting { "" } else { "technical" }),
        ("suppliers", "FR", "health"),
        ("suppliers", "US", if supplier { "" } else { "technical" }),
    ];
    if turned {
        parts.reverse();
    }
    for (i, (list, country, data)) in parts.into_iter().enumerate() {
        let record = world.add(offering, list, &format!("r{i}"));
        let party = if country == "US" { distant } else { french };
        let (field, stated) = if list == "hosting" {
            world.link(record, "operator", applicant);
            for field in ["country", "administered_from", "supported_from"] {
                world.say(record, field, country);
            }
            world.say(record, "keys_held_by", "applicant");
            ("data", data)
        } else {
            world.link(record, "party", party);
            world.say(record, "essential", "false");
            ("can_reach", data)
        };
        if !stated.is_empty() {
            world.say(record, field, stated);
        }
    }
    world.complete(offering, "hosting");
    world.complete(offering, "suppliers");
    world
}

#[test]
fn what_nobody_stated_to_be_there_may_be_and_the_order_decides_nothing() {
    for turned in [false, true] {
        for (hosting, supplier) in [(false, false), (true, false), (false, true), (true, true)] {
            let world = unstated(hosting, supplier, turned);
            let open = |class, aspect| {
                let found = reached(&world, class, aspect);
                assert_ne!(found, Reached::Reached);
                found == Reached::Undetermined
            };
            let wanted = hosting || supplier;
            let case = format!("{hosting} {supplier} {turned}");
            assert_eq!(
                open("customer-metadata", Aspect::Metadata),
                wanted,
                "{case}"
            );
            assert_eq!(open("health", Aspect::Metadata), wanted, "{case}");
        }
    }
}
