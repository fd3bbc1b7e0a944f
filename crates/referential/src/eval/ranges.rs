//! The range of numbers that are known in part, and how it compares with zero.

use super::number::Number;
use super::outcome::Outcomes;
use crate::rule::CompareOp;
use cocarde_model::{Decimal, Interval, Truth};
use smallvec::SmallVec;
use std::cmp::Ordering;

impl Number {
    pub(super) fn ranges(&self) -> Ranges {
        let start = Interval::point(self.constant);
        let zero = Interval::ZERO;
        let mut out = Ranges {
            established: start,
            refuting: start,
            pending: zero,
            open: false,
        };
        for t in &self.terms {
            let times = |i: Interval| match t.coef == Decimal::ONE {
                true => i,
                false => i.mul(Interval::point(t.coef)),
            };
            match t.pending {
                Some(range) => {
                    out.pending = out.pending.add(times(range));
                    out.open = true;
                }
                None => {
                    out.established = out.established.add(times(t.established));
                    out.refuting = out.refuting.add(times(t.refuting));
                }
            }
        }
        out
    }

    /// The range in each view: (established, refuting).
    pub fn range(&self) -> (Interval, Interval) {
        if self.terms.is_empty() {
            let point = Interval::point(self.constant);
            return (point, point);
        }
        let r = self.ranges();
        (r.established.add(r.pending), r.refuting.add(r.pending))
    }

    /// How the number compares with zero.
    pub fn compare_zero(&self, op: CompareOp) -> Outcomes {
        if self.terms.is_empty() {
            return Outcomes::both(op.holds(self.constant.cmp(&Decimal::ZERO)).into());
        }
        let r = self.ranges();
        let at = |shift: Decimal| {
            let shift = Interval::point(shift);
            Outcomes::pair(
                compare(op, r.established.add(shift)),
                compare(op, r.refuting.add(shift)),
            )
        };
        if !r.open {
            return at(Decimal::ZERO);
        }
        r.critical()
            .into_iter()
            .map(at)
            .reduce(Outcomes::union)
            .unwrap_or(at(Decimal::ZERO))
    }
}

/// The range of a number, but for what is pending in it.
pub(super) struct Ranges {
    /// In the established view.
    pub(super) established: Interval,
    /// In the refuting view.
    pub(super) refuting: Interval,
    /// What the pending terms may add, the same in both views.
    pending: Interval,
    open: bool,
}

impl Ranges {
    /// Everything the number may be, in either view.
    pub(super) fn all(&self) -> Interval {
        self.established.hull(self.refuting).add(self.pending)
    }

    /// Values of the pending part between which no comparison changes.
    fn critical(&self) -> Points {
        let ends = [
            self.established.lo(),
            self.established.hi(),
            self.refuting.lo(),
            self.refuting.hi(),
        ];
        let mut points: Points = ends.into_iter().flatten().map(|d| -d).collect();
        points.extend([self.pending.lo(), self.pending.hi()].into_iter().flatten());
        points.sort();
        points.dedup();
        let mut out = points.clone();
        out.extend(points.windows(2).map(|w| middle(w[0], w[1])));
        // What does not fit is no amount that anything could be.
        let beyond = |p: Option<&Decimal>, by| p.and_then(|p| p.checked_add(by));
        out.extend(beyond(points.first(), Decimal::NEGATIVE_ONE));
        out.extend(beyond(points.last(), Decimal::ONE));
        out.retain(|p| self.pending.contains(*p));
        out
    }
}

type Points = SmallVec<[Decimal; 12]>;

/// An amount between two others, about half way.
pub(crate) fn middle(a: Decimal, b: Decimal) -> Decimal {
    let (half, other) = (a / Decimal::TWO, b / Decimal::TWO);
    let sum = a.checked_add(b).map(|sum| sum / Decimal::TWO);
    sum.or(half.checked_add(other)).unwrap_or(a)
}

/// How an interval compares with zero.
fn compare(op: CompareOp, i: Interval) -> Truth {
    let sign = |d: Decimal| d.cmp(&Decimal::ZERO);
    let (lo, hi) = (i.lo().map(sign), i.hi().map(sign));
    let may = |o: Ordering| match o {
        Ordering::Less => lo.is_none_or(Ordering::is_lt),
        Ordering::Greater => hi.is_none_or(Ordering::is_gt),
        Ordering::Equal => lo.is_none_or(Ordering::is_le) && hi.is_none_or(Ordering::is_ge),
    };
    let all = [Ordering::Less, Ordering::Equal, Ordering::Greater];
    let mut possible = all.into_iter().filter(|o| may(*o)).map(|o| op.holds(o));
    let first = possible.next().unwrap_or(false);
    if possible.all(|x| x == first) {
        first.into()
    } else {
        Truth::Unknown
    }
}
