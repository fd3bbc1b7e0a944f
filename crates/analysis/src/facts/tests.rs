use super::*;
use crate::testing::{Documents, World, day, number};

fn say(world: &mut World, provenance: Provenance, percent: &str) {
    world.provenance = provenance;
    world.say(world.part("value"), "french_share", percent);
}

fn read(world: &World) -> (Interval, Interval) {
    let view = View::new(&world.base, day());
    let value = view.part(world.base.root(), "value").unwrap();
    let established = view.established(&Documents);
    (
        view.number(value, "french_share"),
        established.number(value, "french_share"),
    )
}

#[test]
fn what_is_only_declared_is_stated_and_not_established() {
    let mut world = World::new();
    say(&mut world, Provenance::Declared, "60");
    assert_eq!(read(&world), (number("60"), number("0..100")));
    say(&mut world, Provenance::Documented, "55");
    assert_eq!(read(&world), (number("55..60"), number("55")));
}

#[test]
fn what_only_refutes_establishes_nothing_and_widens_what_is_established() {
    let mut world = World::new();
    say(&mut world, Provenance::Measured, "40");
    assert_eq!(read(&world).1, number("0..100"));
    say(&mut world, Provenance::Documented, "55");
    assert_eq!(read(&world).1, number("40..55"));
}

#[test]
fn amounts_are_one_value_where_all_can_be_right() {
    let one = |percents: &[&str]| {
        let mut world = World::new();
        for percent in percents {
            say(&mut world, Provenance::Declared, percent);
        }
        let view = world.view();
        let found = view.value(world.part("value"), "french_share").cloned();
        found.map(|v| v.to_string())
    };
    let stated = |percent| Some(Value::Number(number(percent)).to_string());
    assert_eq!(one(&["40..70", "50..60"]), stated("50..60"));
    assert_eq!(one(&["50..60", "40..70"]), stated("50..60"));
    assert_eq!(one(&["40..60", "50..70"]), stated("40..60"));
    // Each of the last two overlaps the first, and they exclude one another.
    assert_eq!(one(&["40..70", "40..50", "60..70"]), None);
}

#[test]
fn an_analysis_does_not_rest_on_what_another_derived() {
    let mut world = World::new();
    say(&mut world, Provenance::Derived, "80");
    assert_eq!(read(&world).0, number("0..100"));
}

#[test]
fn silence_proof_claim_and_dispute_are_told_apart() {
    let said = |claims: &[(Provenance, &str)]| {
        let mut world = World::new();
        let party = world.applicant();
        for (provenance, country) in claims {
            world.provenance = *provenance;
            world.say(party, "central_administration", country);
        }
        let view = world.view().established(&Documents);
        view.said(party, "central_administration", Some(&"FR".into()))
    };
    let (proved, claimed) = (Provenance::Documented, Provenance::Declared);
    let one = |country: &str| Said::One(country.into());
    assert_eq!(said(&[]), Said::Nothing);
    assert_eq!(said(&[(proved, "US")]), one("US"));
    assert_eq!(said(&[(proved, "FR"), (claimed, "US")]), one("FR"));
    assert_eq!(said(&[(claimed, "FR")]), Said::Nothing);
    assert_eq!(said(&[(claimed, "US")]), Said::Open);
    assert_eq!(
        said(&[(proved, "FR"), (Provenance::Measured, "US")]),
        Said::Open
    );
    assert_eq!(said(&[(proved, "FR"), (proved, "US")]), Said::Open);
}
