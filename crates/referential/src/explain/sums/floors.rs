//! The least that amounts come to, and whether that is enough.

use crate::rule::{Demand, Place};
use cocarde_model::{Decimal, Interval, exact_mul};
use smallvec::SmallVec;

/// The least of an amount in the established and in the refuting view; nothing where it has
/// none.
pub(in crate::explain) type Floor = (Option<Decimal>, Option<Decimal>);

/// A floor for each demand.
pub(in crate::explain) type Floors = SmallVec<[Floor; 2]>;

/// No more than nothing, for so many demands.
pub(in crate::explain) fn zero(demands: usize) -> Floors {
    let zero = (Some(Decimal::ZERO), Some(Decimal::ZERO));
    SmallVec::from_elem(zero, demands)
}

/// Both, demand by demand.
pub(in crate::explain) fn plus(mut a: Floors, b: &Floors) -> Floors {
    for (a, b) in a.iter_mut().zip(b) {
        *a = add(*a, *b);
    }
    a
}

pub(super) fn add(a: Floor, b: Floor) -> Floor {
    let sum = |x: Option<Decimal>, y: Option<Decimal>| x?.checked_add(y?);
    (sum(a.0, b.0), sum(a.1, b.1))
}

impl Demand {
    pub(super) fn is_met(&self, (established, refuting): Floor) -> bool {
        self.is_enough(established) && self.is_enough(refuting)
    }

    /// Whether a floor is enough in one view.
    pub(in crate::explain) fn is_enough(&self, least: Option<Decimal>) -> bool {
        let enough = |l: Decimal| match l.is_zero() {
            true => self.zero_will_do,
            false => l.is_sign_positive(),
        };
        least.is_some_and(enough)
    }

    /// The least of what a member, or a list, adds to the sums; where it adds all of an amount,
    /// that is between these.
    pub(super) fn floor(&self, adds: &[Part], amounts: &[Range]) -> Floor {
        let mut floor = (Some(Decimal::ZERO), Some(Decimal::ZERO));
        let mut whole: SmallVec<[(Place, Decimal); 2]> = SmallVec::new();
        for (sum, by) in &self.of {
            match adds[*sum] {
                Part::Nothing => {}
                Part::Between(range) => floor = add(floor, least(range, *by)),
                Part::All(amount) => match whole.iter_mut().find(|(a, _)| *a == amount) {
                    Some((_, of)) => *of += *by,
                    None => whole.push((amount, *by)),
                },
            }
        }
        for (amount, by) in whole {
            floor = add(floor, least(amounts[amount], by));
        }
        floor
    }
}

/// What a member adds to a sum.
#[derive(Clone, Copy)]
pub(super) enum Part {
    /// Nothing.
    Nothing,
    /// All of that amount.
    All(Place),
    /// Something between these.
    Between(Range),
}

/// Between what an amount is, in the established and in the refuting view.
pub(super) type Range = (Interval, Interval);

/// The least of so much of an amount.
fn least((established, refuting): Range, by: Decimal) -> Floor {
    if by.is_zero() {
        return (Some(by), Some(by));
    }
    let end = |i: Interval| match by.is_sign_negative() {
        true => i.hi(),
        false => i.lo(),
    };
    let times = |end: Option<Decimal>| exact_mul(end?, by);
    let first = times(end(established));
    match established == refuting {
        true => (first, first),
        false => (first, times(end(refuting))),
    }
}
