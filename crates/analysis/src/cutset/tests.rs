//! Against brute force: the minimal sets of events that, no other happening,
//! make the top happen.

use super::fault_tree::{Argument, Builder, Connective, FaultTree, Input};
use super::{CutSets, Limits, minimal_cut_sets, open_psa};
use cocarde_model::{Diagnostic, Sources};
use proptest::prelude::*;

const EVENTS: usize = 7;

fn connective(kind: u8, inputs: usize, k: u32) -> Connective {
    let n = inputs as u32;
    match kind {
        0 | 1 => Connective::And,
        2 | 3 => Connective::Or,
        4 => Connective::AtLeast(1 + k % n),
        5 => Connective::Cardinality {
            min: k % n,
            max: k % n + 1,
        },
        6 => Connective::Nand,
        7 => Connective::Nor,
        8 if inputs == 2 => Connective::Xor,
        9 if inputs == 2 => Connective::Iff,
        10 if inputs == 2 => Connective::Imply,
        11 if inputs == 1 => Connective::Not,
        _ => Connective::Or,
    }
}

/// A tree of few events: gates draw on events and on gates before them.
fn trees(kinds: std::ops::Range<u8>) -> impl Strategy<Value = FaultTree> {
    let gate = (
        kinds,
        prop::collection::vec(any::<u8>(), 1..5),
        any::<u32>(),
    );
    prop::collection::vec(gate, 1..10).prop_map(|gates| {
        let mut builder = Builder::default();
        for e in 0..EVENTS {
            builder.event(&format!("e{e}"), None, None);
        }
        builder.house("never", false, None);
        let last = gates.len() - 1;
        for (g, (kind, draws, k)) in gates.into_iter().enumerate() {
            let name = |draw: u8| match draw as usize % (EVENTS + 1 + g) {
                d if d < EVENTS => format!("e{d}"),
                EVENTS => "never".into(),
                d => format!("g{}", d - EVENTS - 1),
            };
            let mut names: Vec<String> = draws.into_iter().map(name).collect();
            names.sort();
            names.dedup();
            let inputs: Vec<Argument> = names.iter().map(|n| Argument::named(n)).collect();
            let connective = connective(kind, inputs.len(), k);
            builder.gate(&format!("g{g}"), connective, inputs, None);
        }
        builder.finish(Some(&format!("g{last}"))).unwrap()
    })
}

fn happens(tree: &FaultTree, events: u32) -> bool {
    let mut gates: Vec<bool> = Vec::new();
    let value = |input: &Input, gates: &[bool]| match input {
        Input::Event(e) => events >> e & 1 == 1,
        Input::Gate(g) => gates[*g as usize],
        Input::Constant(c) => *c,
    };
    for gate in tree.gates() {
        let inputs: Vec<bool> = gate.inputs.iter().map(|i| value(i, &gates)).collect();
        let count = inputs.iter().filter(|i| **i).count() as u32;
        let n = inputs.len() as u32;
        gates.push(match gate.connective {
            Connective::And => count == n,
            Connective::Or => count > 0,
            Connective::AtLeast(k) => count >= k,
            Connective::Cardinality { min, max } => (min..=max).contains(&count),
            Connective::Not | Connective::Nor => count == 0,
            Connective::Xor => count == 1,
            Connective::Nand => count < n,
            Connective::Iff => count != 1,
            Connective::Imply => !inputs[0] || inputs[1],
        });
    }
    value(&tree.top(), &gates)
}

fn brute_force(tree: &FaultTree) -> Vec<u32> {
    let all: Vec<u32> = (0..1 << EVENTS).filter(|s| happens(tree, *s)).collect();
    let minimal = |s: &u32| !all.iter().any(|t| t != s && t & s == *t);
    all.iter().copied().filter(minimal).collect()
}

fn listed(sets: &CutSets, most: usize) -> Vec<u32> {
    let mut all = Vec::new();
    sets.each(most, |events| {
        all.push(events.iter().fold(0, |set, e| set | 1 << e));
        true
    });
    all.sort_unstable();
    all
}

fn check(tree: &FaultTree) {
    let sets = minimal_cut_sets(tree, &Limits::default()).unwrap();
    let expected = brute_force(tree);
    assert_eq!(sets.count(), expected.len().into());
    assert_eq!(listed(&sets, usize::MAX), expected);
    let occurring = sets.occurring().into_iter().fold(0, |all, e| all | 1 << e);
    assert_eq!(occurring, expected.iter().fold(0, |all, s| all | s));
    let small = |s: &u32| s.count_ones() <= 2;
    let expected: Vec<u32> = expected.into_iter().filter(small).collect();
    assert_eq!(listed(&sets, 2), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn coherent_trees_have_the_cut_sets_of_brute_force(tree in trees(0..5)) {
        check(&tree);
    }

    #[test]
    fn trees_with_negations_have_the_cut_sets_of_brute_force(tree in trees(0..12)) {
        check(&tree);
    }
}

fn read(text: &str) -> Result<FaultTree, (String, Diagnostic)> {
    let mut sources = Sources::default();
    let file = sources.add("tree.xml", text);
    open_psa::read(&sources, file, None).map_err(|mut defects| {
        let first = defects.remove(0);
        let place = first.span.map_or(String::new(), |s| sources.place(s));
        (place, first)
    })
}

fn model(inside: &str) -> String {
    format!(
        "<opsa-mef>\n<define-fault-tree name=\"t\">\n{inside}\n</define-fault-tree>\n</opsa-mef>"
    )
}

#[test]
fn a_model_with_components_house_events_and_nested_formulas_is_read() {
    let tree = read(&model(
        r#"<define-gate name="top"><or><gate name="pumps"/><and><basic-event name="power"/><house-event name="winter"/></and></or></define-gate>
           <define-component name="c">
             <define-gate name="pumps"><atleast min="2"><basic-event name="a"/><basic-event name="b"/><event name="x"/></atleast></define-gate>
             <define-basic-event name="x" role="private"/>
           </define-component>
           <define-basic-event name="a"><float value="1e-3"/></define-basic-event>
           <define-basic-event name="b"><exponential><float value="1e-3"/><system-mission-time/></exponential></define-basic-event>
           <define-basic-event name="power"/>
           <define-house-event name="winter"><constant value="true"/></define-house-event>"#,
    ))
    .unwrap();
    let sets = minimal_cut_sets(&tree, &Limits::default()).unwrap();
    assert_eq!(sets.count(), 4u32.into());
}

#[test]
fn defects_are_told_at_their_place() {
    let cases = [
        (
            r#"<define-gate name="g"><atleast min="3"><basic-event name="a"/><basic-event name="b"/></atleast></define-gate><define-basic-event name="a"/><define-basic-event name="b"/>"#,
            "impossible-gate",
        ),
        (
            r#"<define-gate name="g"><or><gate name="h"/></or></define-gate><define-gate name="h"><or><gate name="g"/></or></define-gate>"#,
            "cycle",
        ),
        (
            r#"<define-gate name="g"><or><basic-event name="nobody"/></or></define-gate>"#,
            "unknown-name",
        ),
        (
            r#"<define-CCF-group name="c" model="beta-factor"/>"#,
            "unsupported",
        ),
        (
            r#"<define-gate name="g"><or>text</or></define-gate>"#,
            "stray-text",
        ),
        (
            r#"<define-gate name="g"><or><basic-event name="a"></or></define-gate>"#,
            "not-xml",
        ),
        (
            r#"<define-gate name="g"><or><basic-event name="&lol;"/></or></define-gate>"#,
            "bad-attribute",
        ),
        (
            r#"<define-gate name="g"><sum/></define-gate>"#,
            "unknown-element",
        ),
    ];
    for (inside, code) in cases {
        let (place, defect) = read(&model(inside)).unwrap_err();
        assert_eq!(defect.code, code, "{}", defect.message.en);
        assert!(place.starts_with("tree.xml:3:"), "{code}: {place}");
        assert!(defect.help.is_some(), "{code}");
    }
}

#[test]
fn what_comes_after_the_root_is_refused_at_its_place() {
    let one = model(
        "<define-gate name=\"g\"><or><basic-event name=\"a\"/></or></define-gate><define-basic-event name=\"a\"/>",
    );
    assert!(read(&format!("{one}<!-- nothing -->\n")).is_ok());
    let (place, defect) = read(&format!("{one}\n  <opsa-mef></opsa-mef>")).unwrap_err();
    assert_eq!(defect.code, "after-root");
    assert_eq!(place, "tree.xml:6:3");
}

#[test]
fn entity_bombs_and_deep_nesting_are_refused() {
    let bomb = "<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><opsa-mef/>";
    assert_eq!(read(bomb).unwrap_err().1.code, "document-type");
    let deep = model(&format!(
        "<define-gate name=\"g\">{}</define-gate>",
        "<or>".repeat(100_000)
    ));
    assert_eq!(read(&deep).unwrap_err().1.code, "too-deep");
}

#[test]
fn wide_gates_that_absorb_one_another_are_simplified_without_recursion() {
    // e0, or e0 and each of many others: e0 alone.
    let many = 20_000;
    let gates: String = (1..many)
        .map(|g| format!("<define-gate name=\"g{g}\"><and><basic-event name=\"e0\"/><basic-event name=\"e{g}\"/></and></define-gate>"))
        .collect();
    let events: String = (0..many)
        .map(|e| format!("<define-basic-event name=\"e{e}\"/>"))
        .collect();
    let inputs: String = (1..many)
        .map(|g| format!("<gate name=\"g{g}\"/>"))
        .collect();
    let text = model(&format!(
        "<define-gate name=\"top\"><or><basic-event name=\"e0\"/>{inputs}</or></define-gate>{gates}{events}"
    ));
    let sets = minimal_cut_sets(&read(&text).unwrap(), &Limits::default()).unwrap();
    assert_eq!(sets.count(), 1u32.into());
}

#[test]
fn a_limit_is_told_when_reached() {
    // Two of any ten pairs: small, but not within ten nodes.
    let events: String = (0..20)
        .map(|e| format!("<define-basic-event name=\"e{e}\"/>"))
        .collect();
    let inputs: String = (0..20)
        .map(|e| format!("<basic-event name=\"e{e}\"/>"))
        .collect();
    let text = model(&format!(
        "<define-gate name=\"g\"><atleast min=\"10\">{inputs}</atleast></define-gate>{events}"
    ));
    let tree = read(&text).unwrap();
    let Err(reached) = minimal_cut_sets(&tree, &Limits { nodes: 10 }) else {
        panic!("ten nodes do not hold 184,756 cut sets");
    };
    assert_eq!(reached.nodes, 10);
    let sets = minimal_cut_sets(&tree, &Limits::default()).unwrap();
    assert_eq!(sets.count(), 184_756u32.into());
}

/// Operations that make no node count too: a gate that no diagram could hold is told
/// at once, not after hours.
#[test]
fn a_gate_beyond_all_diagrams_is_told_at_once() {
    let names = (0..10_000).map(|e| format!("name=\"e{e}\"/>"));
    let events: String = names
        .clone()
        .map(|n| format!("<define-basic-event {n}"))
        .collect();
    let inputs: String = names.map(|n| format!("<basic-event {n}")).collect();
    let text = model(&format!(
        "<define-gate name=\"g\"><atleast min=\"5000\">{inputs}</atleast></define-gate>{events}"
    ));
    let tree = read(&text).unwrap();
    let limits = Limits { nodes: 1 << 16 };
    assert!(minimal_cut_sets(&tree, &limits).is_err());
}

/// Gates over halves of the same events, which no order of variables keeps small: the work
/// limit is told, whatever the number of edges.
#[test]
fn a_dense_tree_keeps_to_its_work_limit() {
    let (gates, events) = (60, 240);
    let mut text = String::from("<define-gate name=\"top\"><and>");
    (0..gates).for_each(|g| text += &format!("<gate name=\"g{g}\"/>"));
    text += "</and></define-gate>";
    for g in 0..gates {
        text += &format!("<define-gate name=\"g{g}\"><or>");
        // Any two halves share about a quarter of the events.
        let inside = |e: &u64| ((e + 4 * g).pow(2) % 241).is_multiple_of(2);
        (0..events)
            .filter(inside)
            .for_each(|e| text += &format!("<basic-event name=\"e{e}\"/>"));
        text += "</or></define-gate>";
    }
    (0..events).for_each(|e| text += &format!("<define-basic-event name=\"e{e}\"/>"));
    let tree = read(&model(&text)).unwrap();
    let limits = Limits { nodes: 1 << 14 };
    assert!(minimal_cut_sets(&tree, &limits).is_err());
}

/// Probability that `holds`, by the sum over all states.
fn probability(probabilities: &[f64], holds: impl Fn(u32) -> bool) -> f64 {
    let weight = |state: u32| -> f64 {
        let each = probabilities.iter().enumerate();
        each.map(|(e, p)| if state >> e & 1 == 1 { *p } else { 1.0 - p })
            .product()
    };
    (0..1 << EVENTS).filter(|s| holds(*s)).map(weight).sum()
}

proptest! {
    #[test]
    fn importances_are_those_of_their_definitions(
        tree in trees(0..5),
        probabilities in prop::collection::vec(0.01..0.99, EVENTS),
    ) {
        let limits = Limits::default();
        let sets = minimal_cut_sets(&tree, &limits).unwrap();
        let found = sets.importances(&probabilities, &limits).unwrap();
        let top = probability(&probabilities, |s| happens(&tree, s));
        prop_assert!((found.top - top).abs() < 1e-12);
        let cuts = brute_force(&tree);
        for (e, importance) in found.events.iter().enumerate() {
            let with = probability(&probabilities, |s| happens(&tree, s | 1 << e));
            let without = probability(&probabilities, |s| happens(&tree, s & !(1 << e)));
            prop_assert!((importance.birnbaum - (with - without)).abs() < 1e-12);
            let through = |s: u32| cuts.iter().any(|c| c >> e & 1 == 1 && c & s == *c);
            let through = probability(&probabilities, through);
            let expected = if top > 0.0 { through / top } else { 0.0 };
            prop_assert!((importance.fussell_vesely - expected).abs() < 1e-9);
        }
    }
}
