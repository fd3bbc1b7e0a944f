//! What may come out, in the two views of the evidence.

use cocarde_model::Truth;

/// The views in which a rule is evaluated.
///
/// In the *established* view a property has a value only where admissible
/// evidence establishes it. In the *refuting* view it has the value that
/// admissible evidence holds against the claim, or else the claim's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// What is established.
    Established,
    /// What stands against the claim.
    Refuting,
}

/// A set of pairs of truths (established view, refuting view).
///
/// With nothing left open about the question itself, the set has one pair. When
/// some facts are *pending* (they will be known, their values are not), the set
/// holds every pair that may come out; connectives work pairwise, so the set
/// may hold more than can really happen, never less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Outcomes(u16);

const TRUTHS: [Truth; 3] = [Truth::False, Truth::Unknown, Truth::True];

fn bit(established: Truth, refuting: Truth) -> u16 {
    1 << (3 * established as u16 + refuting as u16)
}

impl Outcomes {
    /// Just this pair.
    pub fn pair(established: Truth, refuting: Truth) -> Outcomes {
        Outcomes(bit(established, refuting))
    }

    /// The same truth in both views.
    pub fn both(truth: Truth) -> Outcomes {
        Outcomes::pair(truth, truth)
    }

    /// True or false, the same in both views, not yet known which.
    pub fn pending() -> Outcomes {
        Outcomes::both(Truth::True).union(Outcomes::both(Truth::False))
    }

    /// All pairs of either.
    #[must_use]
    pub fn union(self, other: Outcomes) -> Outcomes {
        Outcomes(self.0 | other.0)
    }

    /// The pairs in the set.
    pub fn pairs(self) -> impl Iterator<Item = (Truth, Truth)> {
        let mut left = self.0;
        std::iter::from_fn(move || {
            let next = (left != 0).then(|| left.trailing_zeros() as usize)?;
            left &= left - 1;
            Some((TRUTHS[next / 3], TRUTHS[next % 3]))
        })
    }

    /// The pair, when there is just one.
    #[inline]
    pub fn single(self) -> Option<(Truth, Truth)> {
        match self.0.is_power_of_two() {
            true => self.pairs().next(),
            false => None,
        }
    }

    /// The truth in a view, unknown when the set does not agree on it.
    #[inline]
    pub fn truth(self, view: View) -> Truth {
        // Pair (e, r) sits at bit 3e + r: these are where e is true, and false; r likewise.
        let (yes, no) = match view {
            View::Established => (0b111_000_000, 0b000_000_111),
            View::Refuting => (0b100_100_100, 0b001_001_001),
        };
        match self.0 {
            0 => Truth::Unknown,
            all if all & !yes == 0 => Truth::True,
            all if all & !no == 0 => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// Applies a connective to every pair.
    #[must_use]
    pub fn map(self, op: impl Fn(Truth) -> Truth) -> Outcomes {
        self.pairs().fold(Outcomes(0), |acc, (e, r)| {
            acc.union(Outcomes::pair(op(e), op(r)))
        })
    }

    /// Applies a function to each view of every pair.
    #[must_use]
    pub fn map_views(self, e: impl Fn(Truth) -> Truth, r: impl Fn(Truth) -> Truth) -> Outcomes {
        self.pairs().fold(Outcomes(0), |acc, (a, b)| {
            acc.union(Outcomes::pair(e(a), r(b)))
        })
    }

    /// Applies a connective to every pair of pairs.
    #[must_use]
    pub fn zip(self, other: Outcomes, op: impl Fn(Truth, Truth) -> Truth) -> Outcomes {
        let mut out = Outcomes(0);
        for (e1, r1) in self.pairs() {
            for (e2, r2) in other.pairs() {
                out = out.union(Outcomes::pair(op(e1, e2), op(r1, r2)));
            }
        }
        out
    }

    /// `then` where the condition holds, `other` where it does not; where that is not
    /// known, what both agree on.
    #[must_use]
    pub fn choose(self, then: Outcomes, other: Outcomes) -> Outcomes {
        let pick = |c: Truth, t: Truth, o: Truth| match c {
            Truth::True => t,
            Truth::False => o,
            Truth::Unknown if t == o => t,
            Truth::Unknown => Truth::Unknown,
        };
        let mut out = Outcomes(0);
        for (ce, cr) in self.pairs() {
            for (te, tr) in then.pairs() {
                for (oe, or) in other.pairs() {
                    out = out.union(Outcomes::pair(pick(ce, te, oe), pick(cr, tr, or)));
                }
            }
        }
        out
    }

    /// Conjunction.
    #[must_use]
    pub fn and(self, other: Outcomes) -> Outcomes {
        const TRUE: u16 = 1 << 8;
        match (self.0, other.0) {
            (TRUE, o) => Outcomes(o),
            (s, TRUE) => Outcomes(s),
            _ => self.zip(other, Truth::and),
        }
    }

    /// Disjunction.
    #[must_use]
    pub fn or(self, other: Outcomes) -> Outcomes {
        const FALSE: u16 = 1;
        match (self.0, other.0) {
            (FALSE, o) => Outcomes(o),
            (s, FALSE) => Outcomes(s),
            _ => self.zip(other, Truth::or),
        }
    }

    /// The conjunction where all have to hold, else the disjunction.
    #[must_use]
    pub(super) fn join(self, other: Outcomes, all: bool) -> Outcomes {
        match all {
            true => self.and(other),
            false => self.or(other),
        }
    }

    /// Whether both are the same truth.
    #[must_use]
    pub(super) fn same(self, other: Outcomes) -> Outcomes {
        self.and(other).or(self.not().and(other.not()))
    }

    /// Negation.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn not(self) -> Outcomes {
        // Negation turns each view's truth around: pair (e, r) sits at bit 3e + r,
        // its negation at 3(2 - e) + (2 - r) = 8 - (3e + r).
        Outcomes(self.0.reverse_bits() >> 7)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negation_and_the_short_cuts_agree_with_the_definition() {
        for bits in 1u16..512 {
            let a = Outcomes(bits);
            assert_eq!(a.not(), a.map(|t| !t));
            for other in [1u16, 16, 256, 273, 511] {
                let b = Outcomes(other);
                assert_eq!(a.and(b), a.zip(b, Truth::and));
                assert_eq!(a.or(b), a.zip(b, Truth::or));
            }
            for (view, pick) in [(View::Established, 0), (View::Refuting, 1)] {
                let all: Vec<Truth> = a.pairs().map(|(e, r)| [e, r][pick]).collect();
                let agree = all.iter().all(|t| *t == all[0]);
                let truth = if agree { all[0] } else { Truth::Unknown };
                assert_eq!(a.truth(view), truth);
            }
            assert_eq!(a.pairs().count() as u32, bits.count_ones());
        }
    }
}
