//! Closed intervals of exact decimals.

use rust_decimal::Decimal;
use std::fmt;

/// A closed interval of exact decimals; a missing end is unbounded.
///
/// An amount known exactly is an interval of one point. Arithmetic rounds
/// outward (never inward) where a result is not an exact decimal, and an
/// overflow of the 96-bit mantissa opens the end it concerns: the true value is
/// always inside.
///
/// Source: R. E. Moore, *Interval Analysis* (1966), over decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Interval {
    lo: Option<Decimal>,
    hi: Option<Decimal>,
}

/// Decimal places kept by a division that does not come out even.
const DIVISION_SCALE: u32 = 12;

impl Interval {
    /// The whole line: nothing is known.
    pub const ALL: Interval = Interval { lo: None, hi: None };
    /// The point zero.
    pub const ZERO: Interval = Interval {
        lo: Some(Decimal::ZERO),
        hi: Some(Decimal::ZERO),
    };

    /// The interval from `lo` to `hi`, or `None` when they are in the wrong order.
    pub fn new(lo: Option<Decimal>, hi: Option<Decimal>) -> Option<Interval> {
        match (lo, hi) {
            (Some(l), Some(h)) if l > h => None,
            _ => Some(Interval { lo, hi }),
        }
    }

    /// The interval that holds just `value`.
    pub fn point(value: Decimal) -> Interval {
        Interval {
            lo: Some(value),
            hi: Some(value),
        }
    }

    /// From `lo` upward.
    pub fn at_least(lo: Decimal) -> Interval {
        Interval {
            lo: Some(lo),
            hi: None,
        }
    }

    /// Lower end, if bounded.
    pub fn lo(self) -> Option<Decimal> {
        self.lo
    }

    /// Upper end, if bounded.
    pub fn hi(self) -> Option<Decimal> {
        self.hi
    }

    /// The value, when the interval is a single point.
    pub fn exact(self) -> Option<Decimal> {
        match (self.lo, self.hi) {
            (Some(l), Some(h)) if same(l, h) || l == h => Some(l),
            _ => None,
        }
    }

    /// Both ends truncated toward zero.
    #[must_use]
    pub fn truncated(self) -> Interval {
        Interval {
            lo: self.lo.map(|d| d.trunc()),
            hi: self.hi.map(|d| d.trunc()),
        }
    }

    /// Whether `value` lies inside.
    pub fn contains(self, value: Decimal) -> bool {
        let above = |l: Decimal| match l.is_zero() {
            true => value.is_zero() || value.is_sign_positive(),
            false => l <= value,
        };
        self.lo.is_none_or(above) && self.hi.is_none_or(|h| value <= h)
    }

    /// The common part, or `None` when there is none.
    pub fn intersect(self, other: Interval) -> Option<Interval> {
        if let Some(value) = self.exact() {
            return other.contains(value).then_some(self);
        }
        let lo = match (self.lo, other.lo) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        let hi = match (self.hi, other.hi) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        Interval::new(lo, hi)
    }

    /// The smallest interval that holds both.
    #[must_use]
    pub fn hull(self, other: Interval) -> Interval {
        Interval {
            lo: self.lo.zip(other.lo).map(|(a, b)| a.min(b)),
            hi: self.hi.zip(other.hi).map(|(a, b)| a.max(b)),
        }
    }

    /// Sum.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn add(self, other: Interval) -> Interval {
        Interval {
            lo: self.lo.zip(other.lo).and_then(|(a, b)| a.checked_add(b)),
            hi: self.hi.zip(other.hi).and_then(|(a, b)| a.checked_add(b)),
        }
    }

    /// Opposite.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn neg(self) -> Interval {
        Interval {
            lo: self.hi.map(|h| -h),
            hi: self.lo.map(|l| -l),
        }
    }

    /// Difference.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn sub(self, other: Interval) -> Interval {
        self.add(other.neg())
    }

    /// Product. A product of unbounded ends stays unbounded unless a factor is zero.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn mul(self, other: Interval) -> Interval {
        if self == Interval::ZERO || other == Interval::ZERO {
            return Interval::ZERO;
        }
        let (Some(a), Some(b), Some(c), Some(d)) = (self.lo, self.hi, other.lo, other.hi) else {
            return self.mul_unbounded(other);
        };
        let products = match same(c, d) {
            true => [exact_mul(a, c), exact_mul(b, c), None, None],
            false => [
                exact_mul(a, c),
                exact_mul(a, d),
                exact_mul(b, c),
                exact_mul(b, d),
            ],
        };
        let due = if same(c, d) { 2 } else { 4 };
        if products[..due].contains(&None) {
            return Interval::ALL;
        }
        let ends = products.into_iter().flatten();
        Interval {
            lo: ends.clone().min(),
            hi: ends.max(),
        }
    }

    /// The case of [`Interval::mul`] with an open end: only signs are kept.
    fn mul_unbounded(self, other: Interval) -> Interval {
        let nonneg = |i: Interval| i.lo.is_some_and(|l| l >= Decimal::ZERO);
        if nonneg(self) && nonneg(other) {
            let lo = self.lo.zip(other.lo).and_then(|(a, b)| exact_mul(a, b));
            return Interval {
                lo: lo.or(Some(Decimal::ZERO)),
                hi: None,
            };
        }
        Interval::ALL
    }

    /// Quotient by a divisor that cannot be zero; the whole line when it can.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn div(self, other: Interval) -> Interval {
        if other.contains(Decimal::ZERO) {
            return Interval::ALL;
        }
        let (Some(a), Some(b), Some(c), Some(d)) = (self.lo, self.hi, other.lo, other.hi) else {
            return Interval::ALL;
        };
        let corners = [(a, c), (a, d), (b, c), (b, d)];
        let down: Option<Vec<_>> = corners
            .iter()
            .map(|(x, y)| div_toward(*x, *y, false))
            .collect();
        let up: Option<Vec<_>> = corners
            .iter()
            .map(|(x, y)| div_toward(*x, *y, true))
            .collect();
        Interval {
            lo: down.and_then(|v| v.into_iter().min()),
            hi: up.and_then(|v| v.into_iter().max()),
        }
    }

    /// The share of `self` in `whole`, in percent, for amounts that are never
    /// negative and a part that never exceeds its whole: always within 0..=100.
    #[must_use]
    pub fn share_of(self, whole: Interval) -> Interval {
        let hundred = Decimal::ONE_HUNDRED;
        let percent = |part: Option<Decimal>, whole: Option<Decimal>, up: bool| {
            let (part, whole) = (part?, whole?);
            if whole <= Decimal::ZERO {
                return None;
            }
            div_toward(part.checked_mul(hundred)?, whole, up)
        };
        let lo = percent(self.lo, whole.hi, false).unwrap_or(Decimal::ZERO);
        let hi = percent(self.hi, whole.lo, true).unwrap_or(hundred);
        Interval {
            lo: Some(lo.clamp(Decimal::ZERO, hundred)),
            hi: Some(hi.clamp(Decimal::ZERO, hundred)),
        }
    }
}

/// Whether two decimals are equal and written alike: quicker to tell than equality.
fn same(a: Decimal, b: Decimal) -> bool {
    a.mantissa() == b.mantissa() && a.scale() == b.scale()
}

/// The product, or `None` when it overflows or would be rounded.
pub fn exact_mul(a: Decimal, b: Decimal) -> Option<Decimal> {
    let product = a.checked_mul(b)?;
    (a.scale() + b.scale() <= Decimal::MAX_SCALE || a.is_zero() || b.is_zero()).then_some(product)
}

/// `a / b` rounded to [`DIVISION_SCALE`] places, toward plus infinity when `up`.
fn div_toward(a: Decimal, b: Decimal, up: bool) -> Option<Decimal> {
    let near = a.checked_div(b)?.round_dp(DIVISION_SCALE);
    let ulp = Decimal::new(1, DIVISION_SCALE);
    // Exact check by multiplying back; the sign of `b` turns the comparison.
    let back = near.checked_mul(b)?;
    let below = if b > Decimal::ZERO {
        back < a
    } else {
        back > a
    };
    let above = back != a && !below;
    match (up, below, above) {
        (true, true, _) => near.checked_add(ulp),
        (false, _, true) => near.checked_sub(ulp),
        _ => Some(near),
    }
}

impl fmt::Display for Interval {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.lo, self.hi) {
            (Some(l), Some(h)) if l == h => write!(f, "{}", l.normalize()),
            (lo, hi) => {
                let end =
                    |d: Option<Decimal>| d.map_or("…".into(), |d| d.normalize().to_string());
                write!(f, "[{}, {}]", end(lo), end(hi))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decimal() -> impl Strategy<Value = Decimal> {
        (-100_000i64..100_000, 0u32..4).prop_map(|(m, s)| Decimal::new(m, s))
    }

    fn interval_with_member() -> impl Strategy<Value = (Interval, Decimal)> {
        (decimal(), decimal(), decimal(), any::<(bool, bool)>()).prop_map(|(a, b, c, open)| {
            let mut v = [a, b, c];
            v.sort();
            let lo = (!open.0).then_some(v[0]);
            let hi = (!open.1).then_some(v[2]);
            (Interval { lo, hi }, v[1])
        })
    }

    proptest! {
        #[test]
        fn arithmetic_keeps_the_true_value_inside(
            (i, x) in interval_with_member(), (j, y) in interval_with_member()
        ) {
            prop_assert!(i.add(j).contains(x + y));
            prop_assert!(i.sub(j).contains(x - y));
            prop_assert!(i.mul(j).contains(x * y));
            prop_assert!(i.hull(j).contains(x) && i.hull(j).contains(y));
            if !y.is_zero() {
                // The rounded quotient may sit one unit of the 28th place off the true one.
                let q = i.div(j);
                let slack = Decimal::new(1, 20);
                prop_assert!(q.lo.is_none_or(|l| l <= x / y + slack));
                prop_assert!(q.hi.is_none_or(|h| h >= x / y - slack));
            }
        }

        #[test]
        fn a_share_is_exact_on_points(part in 0i64..1000, rest in 0i64..1000) {
            prop_assume!(part + rest > 0);
            let whole = Decimal::from(part + rest);
            let s = Interval::point(Decimal::from(part)).share_of(Interval::point(whole));
            let (lo, hi) = (s.lo.unwrap(), s.hi.unwrap());
            prop_assert!(lo * whole <= Decimal::from(part * 100));
            prop_assert!(hi * whole >= Decimal::from(part * 100));
            prop_assert!(hi - lo <= Decimal::new(1, DIVISION_SCALE));
        }
    }

    #[test]
    fn even_division_is_a_point() {
        let half = Interval::point(Decimal::ONE).div(Interval::point(Decimal::TWO));
        assert_eq!(half.exact(), Some(Decimal::new(5, 1)));
        let third = Interval::point(Decimal::ONE).div(Interval::point(Decimal::from(3)));
        assert_eq!(third.exact(), None);
    }
}
