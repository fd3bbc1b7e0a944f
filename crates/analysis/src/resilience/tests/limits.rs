//! What the work limit keeps from being told is said, and nothing else is lost.

use super::*;

/// The plant, with services of which nobody stated who provides them, or where.
fn unplaced() -> Plant {
    let mut plant = plant();
    let world = &mut plant.world;
    let part = world.part("resilience");
    let ids: Vec<String> = (0..9).map(|i| format!("s{i}")).collect();
    for id in &ids {
        world.add(part, "services", id);
    }
    let function = world.add(part, "functions", "tout");
    world.say(function, "some_of", &ids.join(" "));
    world.say(function, "at_least", "5");
    plant
}

fn told(cut: &CutSummary) -> usize {
    cut.untold.len()
}

#[test]
fn a_report_with_less_room_says_less_and_nothing_else() {
    let plant = unplaced();
    let whole = report(&plant, "us-vendor-stop");
    for cuts in &whole.cuts {
        assert_eq!(
            told(&cuts.component) + told(&cuts.actor) + told(&cuts.jurisdiction),
            0
        );
    }
    for nodes in [0, 1, 4, 8, 16, 32, 64, 128] {
        let less = report_within(Limits { nodes }, &plant, "us-vendor-stop");
        for (a, b) in whole.cuts.iter().zip(&less.cuts) {
            for (a, b) in [
                (&a.component, &b.component),
                (&a.actor, &b.actor),
                (&a.jurisdiction, &b.jurisdiction),
            ] {
                assert_eq!((a == b), told(b) == 0, "{nodes}: {b:?}");
                assert!(
                    b.count == a.count && b.sets == a.sets
                        || b.count.is_none() && b.sets.is_empty()
                );
                // What is asked is asked all the same.
                assert!(a.missing.iter().all(|l| b.missing.contains(l)));
            }
        }
        let cuts = whole.cuts.clone();
        assert_eq!(ResilienceReport { cuts, ..less }, whole);
    }
    let none = report_within(Limits { nodes: 0 }, &plant, "us-vendor-stop");
    assert_eq!(none.cuts[2].component.count, None);
    assert_eq!(told(&none.cuts[2].jurisdiction), 1);
}
