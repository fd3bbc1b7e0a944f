use super::super::{StaffRule, staff, unit_cost_chain};
use super::*;
use crate::testing::{Documents, World, number};
use cocarde_model::{Provenance, RecordId};
use std::collections::BTreeSet;

/// A French publisher: development at home, a little support abroad, a French
/// host with a labelled share and an American tool without.
fn publisher() -> World {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    let offering = world.part("offering");
    for (id, kind, country, cost) in [
        ("dev", "development", "FR", "600000"),
        ("support", "support", "MA", "100000"),
    ] {
        let activity = world.add(offering, "activities", id);
        world.say(activity, "kind", kind);
        world.say(activity, "country", country);
        world.say(activity, "cost", cost);
    }
    let host = world.party("Exemple Hébergement SAS", "company", "FR");
    let tool = world.party("Example Tools Inc.", "company", "US");
    for (id, party, spend, share) in [
        ("host", host, "200000", Some("80..90")),
        ("tool", tool, "100000", None),
    ] {
        let supplier = world.add(offering, "suppliers", id);
        world.link(supplier, "party", party);
        world.say(supplier, "spend", spend);
        if let Some(share) = share {
            world.say(supplier, "french_share", share);
        }
    }
    world.complete(offering, "activities");
    world.complete(offering, "suppliers");
    world
}

/// What a list may lack may cost anything, and be made anywhere; turnover bounds it.
#[test]
fn a_list_that_may_lack_something_leaves_the_share_open() {
    for list in ["activities", "suppliers"] {
        let mut world = publisher();
        let offering = world.part("offering");
        let key = world.view().key(offering, list).unwrap();
        world.base.set_complete(key.record, key.field, false);
        let rule = ValueRule::new("FR");
        let report = analyse(&offering_chain(world.view(), &rule).unwrap()).unwrap();
        assert_eq!(report.domestic.0, number("0..100"), "{list}");
        assert_eq!(report.total.0, Interval::at_least(1_000_000.into()));
        assert_eq!(derive(world.view(), &rule, &rule).unwrap(), []);
        let value = world.part("value");
        world.say(value, "revenue", "2000000");
        world.say(value, "tax_residence", "IE");
        let profit = ValueRule {
            profit: true,
            ..rule
        };
        let report = analyse(&offering_chain(world.view(), &profit).unwrap()).unwrap();
        // 760 to 880 of 2,000, and up to 1,000 that nobody listed.
        assert_eq!(report.domestic.0, number("38..94"));
    }
}

#[test]
fn costs_are_looked_through() {
    let world = publisher();
    let chain = offering_chain(world.view(), &ValueRule::new("FR")).unwrap();
    let report = analyse(&chain).unwrap();
    // 600 + 160..180 + 0..100 of 1,000.
    assert_eq!(report.domestic.0, number("76..88"));
    assert_eq!(report.domestic_euros.0, number("760000..880000"));
    let flows: Vec<_> = report
        .leaving
        .iter()
        .map(|f| (f.country.as_deref(), f.percent.0))
        .collect();
    assert_eq!(
        flows,
        [
            (Some("MA"), number("10")),
            (Some("US"), number("0..10")),
            (None, number("2..4")),
        ]
    );
    let lines: Vec<&str> = report.explanation.iter().map(|l| &*l.en).collect();
    assert_eq!(
        lines,
        [
            "76 to 88% of the value is made in the country (FR): €760,000 to €880,000 of €1,000,000",
            "to MA: €100,000 (10%)",
            "to US: €0 to €100,000 (0 to 10%)",
            "to a country nobody named: €20,000 to €40,000 (2 to 4%)",
            "the largest unknown: Example Tools Inc. (0 to 100% in the country)",
        ]
    );
    let derived = derive(world.view(), &ValueRule::new("FR"), &ValueRule::new("FR")).unwrap();
    assert_eq!(derived[0].value, Value::Number(number("76..88")));
    assert_eq!(world.base.slot_name(derived[0].key), "value.french_share");
}

/// The share of 120 of work and 100 of purchases abroad, of which is said what `say` says.
fn share(say: impl Fn(&mut World, [RecordId; 2], [RecordId; 2])) -> Interval {
    let mut world = World::new();
    let (applicant, offering) = (world.applicant(), world.part("offering"));
    let seller = world.party("Example Tools Inc.", "company", "US");
    let site = world.add(offering, "sites", "site");
    world.say(site, "country", "FR");
    let work = world.add(offering, "activities", "dev");
    world.say(work, "cost", "120");
    world.link(work, "site", site);
    let supplier = world.add(offering, "suppliers", "tool");
    world.say(supplier, "spend", "100");
    world.say(supplier, "french_share", "0");
    world.complete(offering, "activities");
    world.complete(offering, "suppliers");
    say(&mut world, [work, supplier], [applicant, seller]);
    let chain = offering_chain(world.view(), &ValueRule::new("FR")).unwrap();
    analyse(&chain).unwrap().domestic.0
}

/// Whoever says nothing of it leaves it with the applicant, at its site; not so those who
/// disagree.
#[test]
fn what_is_disputed_is_not_left_out() {
    let told = |interval: Interval| [interval.lo(), interval.hi()].map(|d| d.map(|d| d.trunc()));
    let most = told(number("54"));
    let open = told(number("0..54"));
    let country = |countries: &[&str]| {
        told(share(|world, [work, supplier], [_, seller]| {
            world.link(supplier, "party", seller);
            countries.iter().for_each(|c| world.say(work, "country", c));
        }))
    };
    assert_eq!(country(&[]), most);
    assert_eq!(country(&["FR"]), most);
    assert_eq!(country(&["IN"]), told(number("0")));
    assert_eq!(country(&["FR", "IN"]), open);
    let by = |performers: &[usize], suppliers: &[usize]| {
        told(share(|world, [work, supplier], parties| {
            for by in performers {
                world.link(work, "performed_by", parties[*by]);
            }
            for party in suppliers {
                world.link(supplier, "party", parties[*party]);
            }
        }))
    };
    assert_eq!(by(&[], &[1]), most);
    assert_eq!(by(&[0], &[1]), most);
    assert_eq!(by(&[1], &[1]), told(number("0")));
    assert_eq!(by(&[0, 1], &[1]), open);
    assert_eq!(by(&[1], &[1, 0]), open);
    // Nobody says who the supplier is: it may be the one who does the work.
    assert_eq!(by(&[1], &[]), open);
    assert_eq!(by(&[0], &[]), most);
}

#[test]
fn excluded_kinds_do_not_count() {
    let world = publisher();
    let rule = ValueRule::new("FR").without(["support"]);
    let report = analyse(&offering_chain(world.view(), &rule).unwrap()).unwrap();
    assert_eq!(report.total.0, number("900000"));
}

#[test]
fn an_unknown_amount_keeps_the_share_open() {
    let mut world = publisher();
    let offering = world.part("offering");
    let supplier = world.add(offering, "suppliers", "network");
    world.say(supplier, "french_share", "0");
    let report = analyse(&offering_chain(world.view(), &ValueRule::new("FR")).unwrap()).unwrap();
    // However much goes to it, nothing is excluded below 88 %.
    assert_eq!(report.domestic.0, number("0..88"));
    assert_eq!(report.total.0.hi(), None);
}

#[test]
fn the_largest_amounts_are_told_too() {
    let mut world = publisher();
    let offering = world.part("offering");
    let supplier = world.add(offering, "suppliers", "network");
    world.say(supplier, "spend", "79228162514264337593543950335");
    let report = analyse(&offering_chain(world.view(), &ValueRule::new("FR")).unwrap()).unwrap();
    assert!(report.domestic.0.hi() > report.domestic.0.lo());
    let said = report
        .explanation
        .last()
        .map(|l| &*l.en)
        .unwrap_or_default();
    assert!(said.contains("the largest unknown"), "{said}");
}

#[test]
fn profit_counts_where_it_is_taxed_when_the_rule_says_so() {
    let mut world = publisher();
    let value = world.part("value");
    world.say(value, "revenue", "2000000");
    world.say(value, "tax_residence", "IE");
    let rule = ValueRule {
        profit: true,
        ..ValueRule::new("FR")
    };
    let taxed = |world: &World| {
        let chain = offering_chain(world.view(), &rule).unwrap();
        analyse(&chain).unwrap().domestic.0
    };
    assert_eq!(taxed(&world), number("38..44"));
    // Another says that the 1,000 of profit are taxed at home.
    world.say(value, "tax_residence", "FR");
    assert_eq!(taxed(&world), number("38..94"));
}

#[test]
fn nothing_is_derived_without_costs() {
    let world = World::new();
    assert_eq!(
        derive(world.view(), &ValueRule::new("FR"), &ValueRule::new("FR")).unwrap(),
        []
    );
}

#[test]
fn the_unit_cost_price_leaves_marketing_out() {
    let mut world = World::new();
    let product = world.part("product");
    for (id, kind, amount, share) in [
        ("bois", "material", "10", "100"),
        ("vis", "component", "2..4", "0"),
        ("publicité", "marketing", "50", "0"),
    ] {
        let line = world.add(product, "cost_lines", id);
        world.say(line, "label", id);
        world.say(line, "kind", kind);
        world.say(line, "amount", amount);
        world.say(line, "french_share", share);
    }
    let rule = ValueRule::new("FR");
    let open = analyse(&unit_cost_chain(world.view(), &rule).unwrap()).unwrap();
    assert_eq!(open.domestic.0, number("0..100"));
    world.complete(product, "cost_lines");
    let rule = ValueRule::new("FR").without(["marketing", "distribution"]);
    let report = analyse(&unit_cost_chain(world.view(), &rule).unwrap()).unwrap();
    // 10 of 12 to 14.
    let lo = report.domestic.0.lo().unwrap();
    assert!(lo < "71.4286".parse().unwrap() && lo > "71.4285".parse().unwrap());
    let hi = report.domestic.0.hi().unwrap();
    assert!(hi < "83.3334".parse().unwrap() && hi > "83.3333".parse().unwrap());
}

#[test]
fn staff_under_french_contracts() {
    let mut world = World::new();
    let offering = world.part("offering");
    for (id, all, french) in [("a", "9", "9"), ("b", "1..3", "0")] {
        let activity = world.add(offering, "activities", id);
        world.say(activity, "kind", "customer-contact");
        world.say(activity, "staff", all);
        world.say(activity, "staff_french_contract", french);
    }
    let all = StaffRule {
        home: "FR".into(),
        kinds: BTreeSet::new(),
    };
    let open = staff(world.view(), &all).unwrap().unwrap();
    assert_eq!(open.share.0, number("0..100"));
    world.complete(offering, "activities");
    let report = staff(world.view(), &all).unwrap().unwrap();
    assert_eq!(report.share.0, number("75..90"));
    let activity = world.add(offering, "activities", "c");
    world.say(activity, "staff", "1");
    world.say(activity, "staff_french_contract", "2");
    assert_eq!(
        staff(world.view(), &all).unwrap_err().code,
        "staff-above-whole"
    );
}

#[test]
fn numbers_of_contracts_that_are_not_proved_may_be_right_beside_their_law() {
    let share = |claimed: &[&str]| {
        let mut world = World::new();
        world.provenance = Provenance::Documented;
        let offering = world.part("offering");
        world.complete(offering, "activities");
        let activity = world.add(offering, "activities", "a");
        world.say(activity, "staff", "10");
        world.say(activity, "contract_law", "FR");
        world.provenance = Provenance::Declared;
        for number in claimed {
            world.say(activity, "staff_french_contract", number);
        }
        let rule = StaffRule {
            home: "FR".into(),
            kinds: BTreeSet::new(),
        };
        let view = world.view().established(&Documents);
        staff(view, &rule).unwrap().unwrap().share.0
    };
    assert_eq!(share(&[]), number("100"));
    assert_eq!(share(&["10"]), number("100"));
    assert_eq!(share(&["6"]), number("60..100"));
}
