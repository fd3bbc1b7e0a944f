//! What is asked of an undetermined function decides it; nothing else does.

use super::super::missing::missing;
use super::super::verdict::{Fate, fate};
use super::*;
use crate::report::Line;
use cocarde_model::{FieldType, Schema, Truth};

/// What is known of a node: its network's intervals, and whether it is struck.
type Known = (Network, Vec<Option<Struck>>);

fn strike(truth: Truth) -> Struck {
    Struck {
        truth,
        why: Line::new("frappé ?", "struck?"),
        by: Vec::new(),
    }
}

fn down(known: &Known, end: End) -> Vec<Option<Outage>> {
    let own = |s: &Option<Struck>| s.as_ref()?.outage(Interval::ZERO, end);
    let own: Vec<Option<Outage>> = known.1.iter().map(own).collect();
    outages(&known.0, &own, end)
}

fn fates(known: &Known) -> Vec<Fate> {
    let (soonest, latest) = (down(known, End::Soonest), down(known, End::Latest));
    let functions = known.0.functions();
    functions.map(|f| fate(soonest[f], latest[f])).collect()
}

fn asked(known: &Known, function: usize) -> Vec<String> {
    let (soonest, latest) = (down(known, End::Soonest), down(known, End::Latest));
    let lines = missing(&known.0, function, &known.1, &soonest, &latest);
    lines.into_iter().map(|l| l.en).collect()
}

/// Answers the questions that `wanted` chooses by who is asked and what.
fn answered(known: &Known, answers: &[[bool; 3]], wanted: impl Fn(&str) -> bool) -> Known {
    let end =
        |i: Interval, most: bool| Interval::point((if most { i.hi() } else { i.lo() }).unwrap());
    let (mut nodes, mut struck) = (known.0.nodes().to_vec(), known.1.clone());
    for (n, [hit, patient, slow]) in answers.iter().take(nodes.len()).enumerate() {
        if wanted(&format!("n{n}: struck?"))
            && struck[n]
                .as_ref()
                .is_some_and(|s| s.truth == Truth::Unknown)
        {
            struck[n] = Some(strike((*hit).into()));
        }
        if wanted(&format!(
            "n{n}: how many hours it goes on without what it needs"
        )) {
            nodes[n].tolerated = end(nodes[n].tolerated, *patient);
        }
        if wanted(&format!("n{n}: how many hours it takes to switch services")) {
            nodes[n].switch = end(nodes[n].switch, *slow);
        }
    }
    (Network::new(nodes).unwrap(), struck)
}

fn truth() -> impl Strategy<Value = Truth> {
    prop_oneof![2 => Just(Truth::Unknown), 1 => Just(Truth::True), 2 => Just(Truth::False)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn what_is_not_asked_changes_no_verdict(
        network in networks(),
        truths in prop::collection::vec(truth(), 8),
        answers in prop::collection::vec(any::<[bool; 3]>(), 8),
    ) {
        let struck = network.nodes().iter().zip(truths);
        let struck = struck.map(|(n, t)| n.provided.then(|| strike(t))).collect();
        let known = (network, struck);
        for (i, (function, fate)) in known.0.functions().zip(fates(&known)).enumerate() {
            if !matches!(fate, Fate::Undetermined(_)) {
                continue;
            }
            let asked = asked(&known, function);
            prop_assert!(!asked.is_empty());
            let told = answered(&known, &answers, |q| asked.iter().any(|a| a == q));
            let all = answered(&known, &answers, |_| true);
            let kind = |known| std::mem::discriminant(&fates(known)[i]);
            prop_assert_eq!(kind(&told), kind(&all), "{:?}", asked);
        }
    }
}

/// Switching takes five hours, and the function goes on for up to ten. How long the
/// usual service goes on is not known either; struck, it stops for good all the same.
#[test]
fn a_delay_known_in_part_is_asked_where_it_matters() {
    let mut usual = Node::new("usual");
    usual.tolerated = between((0, 9));
    let mut function = Node::new("f");
    (function.function, function.provided) = (true, false);
    function.some_of = vec![Several {
        at_least: 1,
        of: vec![0, 1],
    }];
    function.switch = Interval::point(5.into());
    function.tolerated = between((0, 10));
    let network = Network::new(vec![usual, Node::new("spare"), function]).unwrap();
    let known = (
        network,
        vec![Some(strike(Truth::True)), Some(strike(Truth::False)), None],
    );
    assert_eq!(fates(&known), [Fate::Undetermined(0)]);
    assert_eq!(
        asked(&known, 2),
        ["f: how many hours it goes on without what it needs"]
    );
}

/// Outages are counted in whole hours. Were parts of an hour stated, what is known
/// would be rounded, and asked.
#[test]
fn delays_are_stated_in_whole_hours() {
    let schema = Schema::standard();
    for delay in [
        "function.tolerated_outage_hours",
        "function.switch_hours",
        "service.tolerated_outage_hours",
        "service.switch_hours",
        "alternative.switch_hours",
    ] {
        let (ty, field) = schema.property(delay).unwrap();
        assert_eq!(schema.field(ty, field).ty, FieldType::Integer, "{delay}");
    }
}
