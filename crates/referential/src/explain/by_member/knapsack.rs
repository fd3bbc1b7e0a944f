//! The cheapest choice of one way out of each group that is enough.

use super::Way;
use crate::explain::edits::{Price, together};
use crate::explain::sums::{Floor, Floors, plus};

/// Most partial choices that are gone on from.
const MOST_CHOICES: usize = 256;

/// There is too much to go through.
pub(super) struct TooMany;

/// One way for each of the members so far.
struct Choice {
    price: Price,
    total: Floors,
    /// The choice it goes on from, by position, and the way that it adds.
    from: Option<(usize, usize)>,
}

/// Whether one does no less for no more.
fn dominates(price: Price, adds: &Floors, other: Price, others: &Floors) -> bool {
    // Nothing is less than any amount.
    let no_less = |(a, b): (&Floor, &Floor)| a.0 >= b.0 && a.1 >= b.1;
    price <= other && adds.iter().zip(others).all(no_less)
}

/// The ways that no cheaper way does as well as, the cheapest first.
pub(super) fn undominated(mut ways: Vec<Way>) -> Vec<Way> {
    ways.sort_by_key(|w| w.price);
    let mut out: Vec<Way> = Vec::new();
    for way in ways {
        let beaten = |o: &Way| dominates(o.price, &o.adds, way.price, &way.adds);
        if !out.iter().any(beaten) {
            out.push(way);
        }
    }
    out
}

/// One way out of each group, by position, such that what they add up to is enough at the
/// least cost; nothing when none is within the limit.
pub(super) fn cheapest(
    groups: &[Vec<Way>],
    (cost, total): (u64, Floors),
    limit: u64,
    met: impl Fn(&Floors) -> bool,
) -> Result<Option<Vec<usize>>, TooMany> {
    let mut all = vec![Choice {
        price: (cost, 0, 0),
        total,
        from: None,
    }];
    let mut front = vec![0];
    for group in groups {
        let mut next: Vec<usize> = Vec::new();
        for from in front {
            for (w, way) in group.iter().enumerate() {
                let price = together(all[from].price, way.price);
                if price.0 > limit {
                    break;
                }
                let total = plus(all[from].total.clone(), &way.adds);
                let beaten = |c: &usize| dominates(all[*c].price, &all[*c].total, price, &total);
                if next.iter().any(beaten) {
                    continue;
                }
                next.retain(|c| !dominates(price, &total, all[*c].price, &all[*c].total));
                next.push(all.len());
                all.push(Choice {
                    price,
                    total,
                    from: Some((from, w)),
                });
            }
        }
        if next.len() > MOST_CHOICES {
            return Err(TooMany);
        }
        front = next;
    }
    let enough = front.into_iter().filter(|c| met(&all[*c].total));
    let Some(mut at) = enough.min_by_key(|c| all[*c].price) else {
        return Ok(None);
    };
    let mut ways = Vec::new();
    while let Some((from, way)) = all[at].from {
        ways.push(way);
        at = from;
    }
    ways.reverse();
    Ok(Some(ways))
}
