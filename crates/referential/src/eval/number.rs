//! Numbers that are known in part: affine forms over what is not known.

use super::outcome::Outcomes;
use super::value::Tv;
use cocarde_model::{Decimal, Interval, SlotKey, Truth, Value, exact_add, exact_mul};

/// What a term stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unknown {
    /// A property of the fact base: two terms with the same property cancel.
    Slot(SlotKey),
    /// Something computed that is not linear: each stands for itself.
    Opaque,
    /// The same, made of amounts that are pending: it hides where it turns with them.
    Mixed,
}

/// An unknown amount times a coefficient.
#[derive(Clone, Copy, Debug)]
pub struct Term {
    /// What it stands for.
    pub of: Unknown,
    /// What it is multiplied by.
    pub coef: Decimal,
    /// Its range in the established view.
    pub established: Interval,
    /// Its range in the refuting view.
    pub refuting: Interval,
    /// Its range of values if it is pending: it will be known, the same in both views.
    pub pending: Option<Interval>,
}

/// A constant plus unknown terms. Known amounts are folded into the constant,
/// so most numbers have no terms at all.
///
/// Source: affine forms as in Comba and Stolfi, *Affine arithmetic and its
/// applications to computer graphics* (1993), with properties as noise symbols.
#[derive(Clone, Debug)]
pub struct Number {
    pub(super) constant: Decimal,
    /// Of properties, sorted by them; then what stands for itself, which adds up: one term of
    /// each kind, pending or not, at most.
    pub(super) terms: Vec<Term>,
}

impl Term {
    /// Terms of one property come together, and so does what is opaque and alike.
    fn order(&self) -> (Unknown, bool) {
        (self.of, self.pending.is_some())
    }

    fn is_of_slot(&self) -> bool {
        matches!(self.of, Unknown::Slot(_))
    }

    /// The same with nothing to multiply by.
    fn scaled(self) -> Term {
        if self.coef == Decimal::ONE {
            return self;
        }
        let times = |i: Interval| i.mul(Interval::point(self.coef));
        Term {
            coef: Decimal::ONE,
            established: times(self.established),
            refuting: times(self.refuting),
            pending: self.pending.map(times),
            ..self
        }
    }

    /// What two terms that stand for themselves come to together.
    fn plus(self, other: Term) -> Term {
        Term {
            established: self.established.add(other.established),
            refuting: self.refuting.add(other.refuting),
            pending: self.pending.zip(other.pending).map(|(a, b)| a.add(b)),
            ..self
        }
    }
}

impl Number {
    /// A known number.
    pub fn known(value: Decimal) -> Number {
        Number {
            constant: value,
            terms: Vec::new(),
        }
    }

    /// One unknown amount.
    pub fn term(term: Term) -> Number {
        Number {
            constant: Decimal::ZERO,
            terms: vec![term],
        }
    }

    /// Something that is not linear in the facts.
    fn opaque(established: Interval, refuting: Interval, pending: Option<Interval>) -> Number {
        Number::alone(Unknown::Opaque, established, refuting, pending)
    }

    fn alone(
        of: Unknown,
        established: Interval,
        refuting: Interval,
        pending: Option<Interval>,
    ) -> Number {
        if pending.is_none()
            && established == refuting
            && let Some(value) = established.exact()
        {
            return Number::known(value);
        }
        Number::term(Term {
            of,
            coef: Decimal::ONE,
            established,
            refuting,
            pending,
        })
    }

    /// A number known differently in the two views.
    pub fn views(established: Interval, refuting: Interval) -> Number {
        Number::opaque(established, refuting, None)
    }

    /// Nothing is known but the range.
    pub fn within(range: Interval) -> Number {
        Number::opaque(range, range, None)
    }

    /// Will be known, within the range.
    pub fn pending(range: Interval) -> Number {
        Number::opaque(range, range, Some(range))
    }

    /// One where true, zero where false.
    pub fn indicator(o: Outcomes) -> Number {
        let range = |t: Truth| match t {
            Truth::True => Interval::point(Decimal::ONE),
            Truth::False => Interval::ZERO,
            Truth::Unknown => unit(),
        };
        match o.single() {
            Some((e, r)) => Number::views(range(e), range(r)),
            // What is pending will be the same in both views.
            None if o.pairs().all(|(e, r)| e == r && e.is_known()) => Number::pending(unit()),
            None => Number::within(unit()),
        }
    }

    /// A property, from what both views say of it. Two readings of the same property
    /// are the same unknown.
    pub fn read(value: Tv<&Value>, key: Option<SlotKey>, domain: Interval) -> Number {
        // The common case: one fact, which states an amount exactly.
        if let Tv::Known(Some(e @ Value::Number(i)), Some(r)) = value
            && std::ptr::eq(e, r)
            && let Some(amount) = i.exact()
            && domain.contains(amount)
        {
            return Number::known(amount);
        }
        let of = key.map_or(Unknown::Opaque, Unknown::Slot);
        let range = |v: Option<&Value>| match v {
            Some(Value::Number(i)) => i.intersect(domain).unwrap_or(domain),
            _ => domain,
        };
        let (established, refuting, pending) = match value {
            Tv::Pending => (domain, domain, Some(domain)),
            Tv::Known(e, r) => (range(e), range(r), None),
        };
        if pending.is_none()
            && established == refuting
            && let Some(value) = established.exact()
        {
            return Number::known(value);
        }
        Number::term(Term {
            of,
            coef: Decimal::ONE,
            established,
            refuting,
            pending,
        })
    }

    /// One of two numbers, by a condition that is not known to be either.
    pub fn choose(cond: Outcomes, then: &Number, other: &Number) -> Number {
        let (a, b) = (then.range(), other.range());
        let Some((e, r)) = cond.single() else {
            let all = a.0.hull(a.1).hull(b.0).hull(b.1);
            let undecided = cond.pairs().any(|(e, r)| !e.is_known() || e != r);
            let known = !undecided && then.will_be_known() && other.will_be_known();
            let of = match then.is_pending() || other.is_pending() {
                true => Unknown::Mixed,
                false => Unknown::Opaque,
            };
            return Number::alone(of, all, all, known.then_some(all));
        };
        let pick = |t: Truth, x: Interval, y: Interval| match t {
            Truth::True => x,
            Truth::False => y,
            Truth::Unknown => x.hull(y),
        };
        let (established, refuting) = (pick(e, a.0, b.0), pick(r, a.1, b.1));
        if then.is_pending() || other.is_pending() {
            let all = established.hull(refuting);
            return Number::alone(Unknown::Mixed, all, all, None);
        }
        Number::views(established, refuting)
    }

    /// For every pending property in it: the value at which the number is zero, or
    /// nothing where that depends on something else that is not known.
    pub fn zeros(&self) -> impl Iterator<Item = (SlotKey, Option<Decimal>)> + '_ {
        let alone = self.terms.len() == 1;
        self.terms
            .iter()
            .filter_map(move |t| match (t.of, t.pending) {
                (Unknown::Slot(key), Some(_)) => {
                    let zero = (-self.constant).checked_div(t.coef);
                    Some((key, zero.filter(|_| alone)))
                }
                _ => None,
            })
    }

    /// Whether it hides where it turns with a pending property.
    pub(super) fn is_mixed(&self) -> bool {
        self.terms.iter().any(|t| t.of == Unknown::Mixed)
    }

    /// Whether a part of it is pending.
    pub fn is_pending(&self) -> bool {
        self.terms.iter().any(|t| t.pending.is_some())
    }

    /// Whether it is known, the same in both views, once all that is pending is.
    pub fn will_be_known(&self) -> bool {
        self.terms.iter().all(|t| t.pending.is_some())
    }

    /// The value, when it is known.
    pub fn exact(&self) -> Option<Decimal> {
        self.terms.is_empty().then_some(self.constant)
    }

    /// Sum.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn add(self, other: Number) -> Number {
        self.with(&other)
    }

    /// The same, of a number that is kept.
    #[must_use]
    pub(super) fn with(mut self, other: &Number) -> Number {
        match exact_add(self.constant, other.constant) {
            Some(c) => self.constant = c,
            None => return self.nonlinear_with(other, Interval::add),
        }
        for term in &other.terms {
            self.add_term(*term);
        }
        self
    }

    fn add_term(&mut self, term: Term) {
        match self.terms.binary_search_by_key(&term.order(), Term::order) {
            Err(at) => self.terms.insert(at, term),
            Ok(at) if !term.is_of_slot() => {
                self.terms[at] = self.terms[at].scaled().plus(term.scaled());
            }
            Ok(at) => match exact_add(self.terms[at].coef, term.coef) {
                Some(coef) if coef.is_zero() => {
                    self.terms.remove(at);
                }
                Some(coef) => self.terms[at].coef = coef,
                None => self.add_term(Term {
                    of: Unknown::Mixed,
                    ..term
                }),
            },
        }
    }

    /// Product with a constant.
    #[must_use]
    pub fn scale(mut self, by: Decimal) -> Number {
        if by.is_zero() {
            return Number::known(Decimal::ZERO);
        }
        let exact =
            |a: Decimal| exact_mul(a, by).or_else(|| exact_mul(a.normalize(), by.normalize()));
        match exact(self.constant) {
            Some(c) => self.constant = c,
            None => return self.nonlinear(|i| i.mul(Interval::point(by))),
        }
        for i in 0..self.terms.len() {
            match exact(self.terms[i].coef) {
                Some(coef) => self.terms[i].coef = coef,
                None => return Number::within(Interval::ALL),
            }
        }
        self
    }

    /// Difference.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn sub(self, other: Number) -> Number {
        self.add(other.negated())
    }

    /// Opposite.
    fn negated(mut self) -> Number {
        self.constant = -self.constant;
        for term in &mut self.terms {
            term.coef = -term.coef;
        }
        self
    }

    /// Product.
    #[must_use]
    #[allow(clippy::should_implement_trait)]
    pub fn mul(self, other: Number) -> Number {
        match (self.exact(), other.exact()) {
            (_, Some(by)) => self.scale(by),
            (Some(by), _) => other.scale(by),
            _ => self.nonlinear_with(&other, Interval::mul),
        }
    }

    /// What becomes of the number under a function of intervals.
    #[must_use]
    pub fn nonlinear(&self, f: impl Fn(Interval) -> Interval) -> Number {
        self.nonlinear_with(&Number::known(Decimal::ZERO), |a, _| f(a))
    }

    fn nonlinear_with(&self, other: &Number, f: impl Fn(Interval, Interval) -> Interval) -> Number {
        let (a, b) = (self.ranges(), other.ranges());
        let both = || self.terms.iter().chain(&other.terms);
        if both().next().is_some() && both().all(|t| t.pending.is_some()) {
            let range = f(a.all(), b.all());
            return Number::alone(Unknown::Mixed, range, range, Some(range));
        }
        if both().any(|t| t.pending.is_some()) {
            let range = f(a.all(), b.all());
            return Number::alone(Unknown::Mixed, range, range, None);
        }
        Number::views(f(a.established, b.established), f(a.refuting, b.refuting))
    }

    /// The number where a condition holds, zero where it does not.
    #[must_use]
    pub fn guarded(self, by: Outcomes) -> Number {
        match by.single() {
            Some((Truth::True, Truth::True)) => self,
            Some((Truth::False, Truth::False)) => Number::known(Decimal::ZERO),
            Some((e, r)) if self.terms.is_empty() => {
                let amount = Interval::point(self.constant);
                let of = |t: Truth| match t {
                    Truth::True => amount,
                    Truth::False => Interval::ZERO,
                    Truth::Unknown => amount.hull(Interval::ZERO),
                };
                Number::views(of(e), of(r))
            }
            _ => self.mul(Number::indicator(by)),
        }
    }
}

fn unit() -> Interval {
    Interval::new(Some(Decimal::ZERO), Some(Decimal::ONE)).unwrap_or(Interval::ALL)
}
