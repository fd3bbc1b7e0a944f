use super::super::testing::*;
use super::*;
use crate::control::ControlTable;
use cocarde_model::Interval;
use proptest::prelude::*;

/// The company control problem (I. S. Mumick, H. Pirahesh and R. Ramakrishnan,
/// "The magic of duplicates and aggregates", VLDB 1990) on the instance that
/// answer set programming uses to show recursive aggregates: c1 controls c2
/// directly, c3 with c2's shares, and through c3 also c4. Instance and answer
/// were checked against the tests of the grounder gringo
/// (potassco/clingo, `libgringo/tests`, section "bodyaggregate").
#[test]
fn the_company_control_problem() {
    let names = ["c1", "c2", "c3", "c4"];
    let entities: Vec<_> = names.iter().map(|n| company(n, "FR")).collect();
    let list = [
        ("c1", "c2", pct("60")),
        ("c1", "c3", pct("20")),
        ("c2", "c3", pct("35")),
        ("c3", "c4", pct("51")),
    ];
    let graph = graph(entities, &list);
    let table = ControlTable::new(&graph, &ControlRule::default());
    let mut pairs = Vec::new();
    for a in names {
        for b in names.iter().filter(|b| **b != a) {
            if table.controls(id(&graph, a), id(&graph, b)) == Truth::True {
                pairs.push((a, *b));
            }
        }
    }
    assert_eq!(
        pairs,
        [("c1", "c2"), ("c1", "c3"), ("c1", "c4"), ("c3", "c4")]
    );
    let ultimate = table.ultimate(id(&graph, "c4"));
    assert_eq!(ultimate.sure, [id(&graph, "c1")]);
    assert!(ultimate.possible.is_empty());
    let step = table
        .steps(id(&graph, "c1"))
        .iter()
        .find(|s| s.entity == id(&graph, "c3"));
    assert_eq!(step.unwrap().through, [id(&graph, "c1"), id(&graph, "c2")]);
}

#[test]
fn exactly_half_is_not_a_majority() {
    let entities = vec![state("a", "FR"), state("b", "FR"), company("c", "FR")];
    let graph = graph(entities, &[("a", "c", pct("50")), ("b", "c", pct("50"))]);
    let table = ControlTable::new(&graph, &ControlRule::default());
    assert_eq!(table.controls(EntityId(0), EntityId(2)), Truth::False);
    assert_eq!(table.ultimate(EntityId(2)).sure, []);
}

#[test]
fn unknown_votes_leave_control_open() {
    let entities = vec![state("a", "FR"), state("b", "FR"), company("c", "FR")];
    let list = [("a", "c", between(40, 60)), ("b", "c", between(40, 60))];
    let open = graph(entities, &list);
    let table = ControlTable::new(&open, &ControlRule::default());
    assert_eq!(table.controls(EntityId(0), EntityId(2)), Truth::Unknown);
    assert_eq!(
        table.ultimate(EntityId(2)).possible,
        [EntityId(0), EntityId(1)]
    );
}

/// Six companies and two ends; votes within ranges, and a true value inside.
type Line = (usize, usize, i64, i64, i64);

fn lines() -> impl Strategy<Value = Vec<Line>> {
    let line = (0usize..8, 0usize..6, 1i64..70, 0i64..15, 0i64..15);
    proptest::collection::vec(line, 0..14)
        .prop_map(|list| list.into_iter().filter(|l| l.0 != l.1).collect())
}

fn build(list: &[Line], wide: bool) -> Option<ControlGraph> {
    let mut entities: Vec<_> = (0..6).map(|i| company(&format!("c{i}"), "FR")).collect();
    entities.extend([state("s6", "FR"), state("s7", "US")]);
    let ids = |a: &usize| EntityId(*a as u32);
    let share = |s: i64, below: i64, above: i64| -> Interval {
        if wide {
            between((s - below).max(0), (s + above).min(100))
        } else {
            between(s, s)
        }
    };
    let holdings = list
        .iter()
        .map(|(a, b, s, below, above)| Holding::of(ids(a), ids(b), share(*s, *below, *above)))
        .collect();
    ControlGraph::new(entities, holdings, false).ok()
}

/// Naive fixpoint over the definition, unnamed votes cast by others.
fn naive(list: &[Line], controller: usize) -> Vec<bool> {
    let mut inside = vec![false; 8];
    inside[controller] = true;
    loop {
        let mut grew = false;
        for y in 0..6 {
            let votes: i64 = list
                .iter()
                .filter(|l| l.1 == y && inside[l.0])
                .map(|l| l.2)
                .sum();
            if votes > 50 && !inside[y] {
                inside[y] = true;
                grew = true;
            }
        }
        if !grew {
            return inside;
        }
    }
}

proptest! {
    #[test]
    fn what_is_decided_holds_in_the_true_world(list in lines()) {
        let (Some(_), Some(wide)) = (build(&list, false), build(&list, true)) else {
            return Ok(());
        };
        let table = ControlTable::new(&wide, &ControlRule::default());
        for a in 0..8 {
            let truth = naive(&list, a);
            for (b, truth) in truth.into_iter().enumerate() {
                let said = table.controls(EntityId(a as u32), EntityId(b as u32));
                prop_assert!(said == Truth::Unknown || said == Truth::from(truth));
            }
        }
    }

    #[test]
    fn sure_control_of_exact_votes_is_the_definition(list in lines()) {
        let Some(graph) = build(&list, false) else { return Ok(()) };
        let table = ControlTable::new(&graph, &ControlRule::default());
        for a in 0..8 {
            for (b, truth) in naive(&list, a).into_iter().enumerate() {
                let said = table.controls(EntityId(a as u32), EntityId(b as u32));
                prop_assert_eq!(said == Truth::True, truth);
            }
        }
    }
}
