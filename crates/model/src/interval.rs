//! Closed intervals of exact decimals.

use rust_decimal::Decimal;
use std::cmp::Ordering;
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

/// A lower and an upper end; a missing one is unbounded.
type Ends = (Option<Decimal>, Option<Decimal>);

/// Where an open end leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beyond {
    Below,
    Above,
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
            lo: self.lo.zip(other.lo).and_then(|(a, b)| sum(a, b, false)),
            hi: self.hi.zip(other.hi).and_then(|(a, b)| sum(a, b, true)),
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

    /// Product; an end of it is open where it grows with an open end of a factor.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn mul(self, other: Interval) -> Interval {
        if self == Interval::ZERO || other == Interval::ZERO {
            return Interval::ZERO;
        }
        let (Some(a), Some(b), Some(c), Some(d)) = (self.lo, self.hi, other.lo, other.hi) else {
            return self.by_corners(other, product);
        };
        let corners: &[(Decimal, Decimal)] = match (same(a, b), same(c, d)) {
            (true, true) => &[(a, c)],
            (_, true) => &[(a, c), (b, c)],
            _ => &[(a, c), (a, d), (b, c), (b, d)],
        };
        // An end that does not fit is open, whichever corner it comes from.
        let ends = corners.iter().map(|(x, y)| product(*x, *y));
        let outer = |a: Ends, b: Ends| {
            let lo = a.0.zip(b.0).map(|(a, b)| a.min(b));
            (lo, a.1.zip(b.1).map(|(a, b)| a.max(b)))
        };
        let (lo, hi) = ends.reduce(outer).unwrap_or_default();
        Interval { lo, hi }
    }

    /// What all corners span, by a function that is monotone in each factor.
    fn by_corners(self, other: Interval, of: fn(Decimal, Decimal) -> Ends) -> Interval {
        let ends = |i: Interval| [i.lo.ok_or(Beyond::Below), i.hi.ok_or(Beyond::Above)];
        let [a, b] = ends(self);
        let [c, d] = ends(other);
        let corners = [(a, c), (a, d), (b, c), (b, d)].map(|(x, y)| corner(x, y, of));
        let all_but = |side| corners.iter().filter(move |c| **c != Err(side));
        let low = all_but(Beyond::Above).map(|c| c.ok().and_then(|ends| ends.0));
        let high = all_but(Beyond::Below).map(|c| c.ok().and_then(|ends| ends.1));
        let least = |a: Option<Decimal>, b: Option<Decimal>| a.zip(b).map(|(a, b)| a.min(b));
        let most = |a: Option<Decimal>, b: Option<Decimal>| a.zip(b).map(|(a, b)| a.max(b));
        Interval {
            lo: low.reduce(least).flatten(),
            hi: high.reduce(most).flatten(),
        }
    }

    /// Quotient by a divisor that cannot be zero; the whole line when it can.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn div(self, other: Interval) -> Interval {
        let open = other.lo.is_none() || other.hi.is_none();
        if open || other.contains(Decimal::ZERO) {
            return Interval::ALL;
        }
        self.by_corners(other, quotient)
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
            div_toward(exact_mul(part, hundred)?, whole, up)
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
    // A product that is rounded to 96 bits or 28 places has fewer places than its factors.
    let kept = product.scale() == a.scale() + b.scale();
    (kept || a.is_zero() || b.is_zero()).then_some(product)
}

/// The sum, or `None` when it overflows or would be rounded.
pub fn exact_add(a: Decimal, b: Decimal) -> Option<Decimal> {
    let sum = a.checked_add(b)?;
    // A sum that is rounded to 96 bits has fewer places than its terms.
    let kept = sum.scale() == a.scale().max(b.scale());
    (kept || a.is_zero() || b.is_zero()).then_some(sum)
}

/// The sum, rounded toward plus infinity when `up`, else toward minus infinity.
fn sum(a: Decimal, b: Decimal, up: bool) -> Option<Decimal> {
    exact_add(a, b).or_else(|| beside(a.checked_add(b)?, up))
}

/// The product, rounded toward minus and toward plus infinity.
fn product(a: Decimal, b: Decimal) -> Ends {
    let exact = without_zeros(a, b);
    if exact.is_some() {
        return (exact, exact);
    }
    let near = a.checked_mul(b);
    let beside = |up| near.and_then(|n| beside(n, up));
    (beside(false), beside(true))
}

/// [`exact_mul`], where need be of the factors without zeros at their ends.
fn without_zeros(a: Decimal, b: Decimal) -> Option<Decimal> {
    exact_mul(a, b).or_else(|| exact_mul(a.normalize(), b.normalize()))
}

/// The quotient, rounded toward minus and toward plus infinity.
fn quotient(a: Decimal, b: Decimal) -> Ends {
    (div_toward(a, b, false), div_toward(a, b, true))
}

/// What becomes of two ends. Nothing times what has no end is nothing.
fn corner(
    x: Result<Decimal, Beyond>,
    y: Result<Decimal, Beyond>,
    of: fn(Decimal, Decimal) -> Ends,
) -> Result<Ends, Beyond> {
    let is_above = |end: Result<Decimal, Beyond>| match end {
        Ok(amount) => amount.is_sign_positive(),
        Err(side) => side == Beyond::Above,
    };
    match (x, y) {
        (Ok(x), Ok(y)) => Ok(of(x, y)),
        (Ok(end), _) | (_, Ok(end)) if end.is_zero() => Ok((Some(end), Some(end))),
        _ if is_above(x) == is_above(y) => Err(Beyond::Above),
        _ => Err(Beyond::Below),
    }
}

/// The next decimal of as many places; a rounded result is less than that off the true one.
fn beside(near: Decimal, up: bool) -> Option<Decimal> {
    let unit = Decimal::new(if up { 1 } else { -1 }, near.scale());
    exact_add(near, unit)
}

/// `a / b` rounded to [`DIVISION_SCALE`] places, or as many as fit, toward plus infinity
/// when `up`.
fn div_toward(a: Decimal, b: Decimal, up: bool) -> Option<Decimal> {
    let near = a.checked_div(b)?.round_dp(DIVISION_SCALE);
    // Exact check by multiplying back; the sign of `b` turns the comparison.
    let back = without_zeros(near, b).map(|back| match b.is_sign_positive() {
        true => back.cmp(&a),
        false => a.cmp(&back),
    });
    match (back, up) {
        (Some(Ordering::Equal), _)
        | (Some(Ordering::Greater), true)
        | (Some(Ordering::Less), false) => Some(near),
        _ => {
            let ulp = Decimal::new(if up { 1 } else { -1 }, DIVISION_SCALE);
            exact_add(near, ulp).or_else(|| beside(near, up))
        }
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
mod tests;
