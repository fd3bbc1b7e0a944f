//! What would decide whether a function stops.

use super::events::Struck;
use super::network::{Network, Node};
use super::outage::{End, FOREVER, Outage, hours};
use crate::report::Line;
use cocarde_model::{Interval, Truth};

/// What would decide a function that is undetermined; never nothing. What cannot
/// change its verdict is not asked.
pub fn missing(
    network: &Network,
    function: usize,
    struck: &[Option<Struck>],
    soonest: &[Option<Outage>],
    latest: &[Option<Outage>],
) -> Vec<Line> {
    let undecided = undecided(network, function, soonest, latest);
    let may_end = may_end(network, soonest);
    let nodes = network.nodes();
    let mut lines = Vec::new();
    for position in (0..nodes.len()).filter(|n| undecided[*n]) {
        let node = &nodes[position];
        let strike = struck[position].as_ref();
        if let Some(s) = strike.filter(|s| s.truth == Truth::Unknown) {
            lines.push(about(node, &s.why.fr, &s.why.en));
        }
        if may_end[position] && is_open(node.tolerated) {
            lines.push(about(
                node,
                "combien d'heures il tient sans ce qu'il lui faut",
                "how many hours it goes on without what it needs",
            ));
        }
        if switches(node, soonest) && is_open(node.switch) {
            lines.push(about(
                node,
                "combien d'heures il lui faut pour changer de service",
                "how many hours it takes to switch services",
            ));
        }
    }
    if lines.is_empty() {
        lines.push(about(
            &nodes[function],
            "si les interruptions de ce qu'il lui faut se recouvrent ou se suivent",
            "whether the interruptions of what it needs overlap or follow one another",
        ));
    }
    lines
}

/// For each node, whether a function turns on it: it may be down, not surely for
/// good, and so may all between the two.
fn undecided(
    network: &Network,
    function: usize,
    soonest: &[Option<Outage>],
    latest: &[Option<Outage>],
) -> Vec<bool> {
    let surely = |n: usize| latest[n].is_some_and(|o| o.length == FOREVER);
    let mut found = vec![false; soonest.len()];
    let mut open = vec![function];
    while let Some(node) = open.pop() {
        let undecided = soonest[node].is_some() && !surely(node);
        if undecided && !std::mem::replace(&mut found[node], true) {
            open.extend(network.nodes()[node].needs());
        }
    }
    found
}

/// For each node, whether it may be down for a while only: it, or something it
/// needs, switches. Nothing else ends, so patience decides nothing elsewhere.
fn may_end(network: &Network, soonest: &[Option<Outage>]) -> Vec<bool> {
    let mut found = vec![false; soonest.len()];
    for position in network.order() {
        let node = &network.nodes()[*position];
        let waits = switches(node, soonest) && hours(node.switch, End::Latest) > 0;
        let may_end = waits || node.needs().any(|n| found[n]);
        found[*position] = soonest[*position].is_some() && may_end;
    }
    found
}

/// Whether a node may have to switch away from a service that it usually needs.
fn switches(node: &Node, soonest: &[Option<Outage>]) -> bool {
    let mut usual = node.some_of.iter().flat_map(|s| &s.of[..s.at_least]);
    usual.any(|n| soonest[*n].is_some())
}

/// Whether it is not known to the hour.
fn is_open(interval: Interval) -> bool {
    hours(interval, End::Soonest) != hours(interval, End::Latest)
}

pub(super) fn about(node: &Node, fr: &str, en: &str) -> Line {
    let name = &node.name;
    Line::new(format!("{name} : {fr}"), format!("{name}: {en}"))
}
