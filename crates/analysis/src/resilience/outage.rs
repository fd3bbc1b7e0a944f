//! When each function and service is down, once some are struck.
//!
//! Tolerances and switching times may be known only in part. Each outage is
//! therefore found twice: at its soonest and longest, and at its latest and
//! shortest; what happens is in between. Both grow with what is struck.

use super::network::{Network, Several};
use cocarde_model::{Decimal, Interval};

/// Hours of an outage that does not end.
pub const FOREVER: u64 = u64::MAX;
/// Hours at and beyond which all that is known is that it comes some day.
pub const SOME_DAY: u64 = 1 << 40;

/// Which end of what is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// As soon and as long as can be.
    Soonest,
    /// As late and as short as can be.
    Latest,
}

/// Being down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outage {
    /// Hours after the event at which it starts.
    pub start: u64,
    /// How many hours it lasts, or [`FOREVER`].
    pub length: u64,
    /// The need it comes from; none where the node itself is struck.
    pub from: Option<usize>,
}

impl Outage {
    /// Struck itself, from `start`, for `length` hours.
    pub fn own(start: u64, length: u64) -> Outage {
        Outage {
            start,
            length,
            from: None,
        }
    }

    /// Whether it starts no later and lasts no less than another.
    pub fn covers(&self, other: &Outage) -> bool {
        self.start <= other.start && self.length >= other.length
    }
}

/// The whole hours at one end of an interval. Dossiers and scenarios state whole
/// ones alone; parts of an hour are rounded outward.
pub fn hours(interval: Interval, end: End) -> u64 {
    let whole = |d: Decimal| u64::try_from(d.trunc()).map_or(SOME_DAY, |h| h.min(SOME_DAY));
    match end {
        End::Soonest => interval.lo().map_or(0, whole),
        End::Latest => interval.hi().map_or(SOME_DAY, |d| whole(d.ceil())),
    }
}

impl End {
    fn other(self) -> End {
        match self {
            End::Soonest => End::Latest,
            End::Latest => End::Soonest,
        }
    }

    /// Down during either.
    fn union(self, a: Option<Outage>, b: Option<Outage>) -> Option<Outage> {
        let (Some(a), Some(b)) = (a, b) else {
            return a.or(b);
        };
        match self {
            End::Soonest => {
                let first = if b.start < a.start { b } else { a };
                Some(Outage {
                    length: a.length.saturating_add(b.length),
                    ..first
                })
            }
            End::Latest => {
                let longer = (b.length, a.start) > (a.length, b.start);
                Some(if longer { b } else { a })
            }
        }
    }
}

/// The outage of every node, where `own` are those struck.
pub fn outages(network: &Network, own: &[Option<Outage>], end: End) -> Vec<Option<Outage>> {
    let mut down: Vec<Option<Outage>> = vec![None; network.nodes().len()];
    for position in network.order() {
        let node = &network.nodes()[*position];
        let mut lost = own[*position];
        for need in &node.all_of {
            let from = |o: Outage| Outage {
                from: Some(*need),
                ..o
            };
            lost = end.union(lost, down[*need].map(from));
        }
        // Switching is shortest where everything is at its latest.
        let switch = hours(node.switch, end.other());
        for several in &node.some_of {
            lost = end.union(lost, of_several(several, &down, switch, end));
        }
        let tolerated = hours(node.tolerated, end);
        down[*position] = lost.and_then(|o| tolerate(o, tolerated));
    }
    down
}

fn tolerate(outage: Outage, hours: u64) -> Option<Outage> {
    let length = match outage.length {
        FOREVER => FOREVER,
        length => length.checked_sub(hours).filter(|left| *left > 0)?,
    };
    Some(Outage {
        start: outage.start.saturating_add(hours).min(SOME_DAY),
        length,
        from: outage.from,
    })
}

fn of_several(several: &Several, down: &[Option<Outage>], switch: u64, end: End) -> Option<Outage> {
    let spare = several.of.len() - several.at_least;
    let from = |n: &usize| {
        down[*n].map(|o| Outage {
            from: Some(*n),
            ..o
        })
    };
    let lost: Vec<Outage> = several.of.iter().filter_map(from).collect();
    let gone = match end {
        End::Soonest => too_few(lost.clone(), spare),
        End::Latest => {
            let forever = lost.iter().filter(|o| o.length == FOREVER);
            too_few(forever.copied().collect(), spare)
        }
    };
    // While one switches away from those that served.
    let usual = several.of[..several.at_least].iter().filter_map(from);
    let switching = usual.map(|o| Outage {
        length: o.length.min(switch),
        ..o
    });
    let switching = switching.filter(|o| o.length > 0).map(Some);
    switching.fold(gone, |a, b| end.union(a, b))
}

/// The time during which more than `spare` of these are down. At each of its
/// moments one at least of any `lost - spare` of them is, so the shortest ones
/// bound it.
fn too_few(mut lost: Vec<Outage>, spare: usize) -> Option<Outage> {
    if lost.len() <= spare {
        return None;
    }
    lost.sort_by_key(|o| o.length);
    let shortest = &lost[..lost.len() - spare];
    let length = shortest
        .iter()
        .fold(0_u64, |sum, o| sum.saturating_add(o.length));
    lost.sort_by_key(|o| o.start);
    Some(Outage {
        length,
        ..lost[spare]
    })
}
