//! What a function needs is not known where nobody said it, or not all agree: it is
//! not told to hold.

use super::*;

/// The plant with one more function, of which its needs are stated by each of these.
fn needing(stated: &[(&str, &str)]) -> Plant {
    let mut plant = plant();
    let part = plant.world.part("resilience");
    let function = plant.world.add(part, "functions", "tout");
    for (field, services) in stated {
        plant.world.say(function, field, services);
    }
    plant
}

const ASKED: &str = "tout: what it needs is not known";

#[test]
fn a_function_of_unknown_needs_is_not_told_to_hold() {
    for (stated, fate, asked) in [
        (&[][..], "undetermined", true),
        (&[("all_of", "")], "holds", false),
        (&[("all_of", "paie-b")], "holds", false),
        (
            &[("all_of", "paie-b"), ("all_of", "mes")],
            "undetermined",
            true,
        ),
        (
            &[("all_of", "annuaire"), ("all_of", "annuaire")],
            "stops",
            false,
        ),
        // What is certain stays so.
        (
            &[
                ("all_of", "annuaire"),
                ("any_of", "mes"),
                ("any_of", "paie-b"),
            ],
            "stops",
            true,
        ),
    ] {
        let report = report(&needing(stated), "us-vendor-stop");
        let outcome = &report.events[0].functions[2];
        assert_eq!(hours(&outcome.outcome).0, fate, "{stated:?}");
        if fate == "undetermined" {
            assert_eq!(outcome.missing[0].en, ASKED);
            assert!(report.portfolio.lost.contains(&outcome.node));
        }
        let cuts = &report.cuts[2];
        for cut in [&cuts.component, &cuts.actor, &cuts.jurisdiction] {
            assert_eq!(
                cut.missing.iter().any(|l| l.en == ASKED),
                asked,
                "{stated:?}"
            );
        }
    }
}
