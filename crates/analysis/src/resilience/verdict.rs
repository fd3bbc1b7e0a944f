//! Whether a function holds through an event, and what stops it.

use super::network::Network;
use super::outage::{FOREVER, Outage, SOME_DAY};
use cocarde_model::Interval;

/// What becomes of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stops for good, that many hours after the event.
    Stops(Interval),
    /// It stops for a while.
    Interrupted {
        /// Hours after the event.
        after: Interval,
        /// For that many hours.
        length: Interval,
    },
    /// It goes on.
    Holds,
    /// What is missing would decide; it stops no sooner than that many hours
    /// after the event.
    Undetermined(u64),
}

/// The hours between two moments, the second open where it comes some day.
fn between(from: u64, to: u64) -> Interval {
    let end = |h: u64| (h < SOME_DAY).then(|| h.into());
    Interval::new(end(from), end(to.max(from))).unwrap_or(Interval::ALL)
}

/// What becomes of a function, from its outage at its soonest and at its latest.
pub fn fate(soonest: Option<Outage>, latest: Option<Outage>) -> Fate {
    match (soonest, latest) {
        (None, _) => Fate::Holds,
        (Some(s), Some(l)) if l.length == FOREVER => Fate::Stops(between(s.start, l.start)),
        (Some(s), Some(l)) if s.length < FOREVER => Fate::Interrupted {
            after: between(s.start, l.start),
            length: between(l.length, s.length),
        },
        (Some(s), _) => Fate::Undetermined(s.start),
    }
}

/// From a node that is down to the one that is struck, through what it needs.
pub fn path(network: &Network, down: &[Option<Outage>], node: usize) -> Vec<usize> {
    let mut path = vec![node];
    let mut at = node;
    // Needs have no loops, so the path ends.
    while let Some(next) = down[at].and_then(|o| o.from) {
        path.push(next);
        at = next;
    }
    debug_assert!(path.len() <= network.nodes().len());
    path
}
