//! What is said of functions that are not saved.

use super::*;

/// Two parties fail one at a time, and a service of the first can be moved to the
/// second. One function goes on while that service and another of the second are
/// not both down, the other while it and another of the first are not: each can
/// be saved, in one place of the service or the other; both cannot. A third needs
/// what nothing replaces.
#[test]
fn a_function_saved_alone_only_is_not_told_as_lost() {
    let service = |id: &str| Node::new(id);
    let function = |id: &str, of: &[usize]| Node {
        function: true,
        provided: false,
        some_of: vec![Several {
            at_least: 1,
            of: of.to_vec(),
        }],
        ..Node::new(id)
    };
    let nodes = vec![
        service("moved"),
        service("of-first"),
        service("of-second"),
        function("f", &[0, 2]),
        function("g", &[0, 1]),
        function("h", &[1]),
    ];
    let network = Network::new(nodes).unwrap();
    let stops = Some(Outage::own(0, FOREVER));
    let keep = |outages: [Option<Outage>; 2]| Choice {
        cost: 0,
        outages: outages.to_vec(),
    };
    let (first, second) = (keep([stops, None]), keep([None, stops]));
    let moved = Choice {
        cost: 10,
        ..second.clone()
    };
    let problem = |functions: &[usize]| Problem {
        network: &network,
        choices: vec![
            vec![first.clone(), moved.clone()],
            vec![first.clone()],
            vec![second.clone()],
            Vec::new(),
            Vec::new(),
            Vec::new(),
        ],
        events: 2,
        functions: functions.to_vec(),
    };
    let told = |functions: &[usize]| {
        let saved = Saved::of(problem(functions));
        (saved.found.map(|p| p.cost), saved.lost, saved.apart)
    };
    assert_eq!(told(&[3, 4, 5]), (Ok(0), vec![5], vec![4]));
    assert_eq!(told(&[4, 3]), (Ok(10), vec![], vec![3]));
    assert_eq!(told(&[5]), (Err(Impossible::Nothing), vec![5], vec![]));
}
