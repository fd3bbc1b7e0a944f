//! Values on the way: known in both views, in one, or pending.

use super::lists::ListVal;
use super::{Number, Outcomes, StepId};
use cocarde_model::{Date, Interval, RecordId, Truth};
use std::borrow::Cow;

/// A value that is no number and no truth, in the two views.
#[derive(Clone, Debug, PartialEq)]
pub enum Tv<T> {
    /// It will be known, the same in both views.
    Pending,
    /// The value in the established and in the refuting view, where known.
    Known(Option<T>, Option<T>),
}

impl<T: Clone + PartialEq> Tv<T> {
    /// Known, the same in both views.
    pub fn both(value: T) -> Tv<T> {
        Tv::Known(Some(value.clone()), Some(value))
    }

    /// Known in no view.
    pub fn unknown() -> Tv<T> {
        Tv::Known(None, None)
    }

    /// The value, when both views agree on it.
    pub fn settled(&self) -> Option<&T> {
        match self {
            Tv::Known(Some(a), Some(b)) if a == b => Some(a),
            _ => None,
        }
    }

    /// Whether it is known, the same in both views, once all that is pending is.
    pub fn will_be_known(&self) -> bool {
        *self == Tv::Pending || self.settled().is_some()
    }

    /// The same value under a function, view by view.
    pub fn map<U>(self, f: impl Fn(T) -> U) -> Tv<U> {
        match self {
            Tv::Pending => Tv::Pending,
            Tv::Known(a, b) => Tv::Known(a.map(&f), b.map(&f)),
        }
    }

    /// A test of the value.
    pub fn test(&self, f: impl Fn(&T) -> bool) -> Outcomes {
        let truth = |v: &Option<T>| v.as_ref().map_or(Truth::Unknown, |v| f(v).into());
        match self {
            Tv::Pending => Outcomes::pending(),
            Tv::Known(a, b) => Outcomes::pair(truth(a), truth(b)),
        }
    }

    /// A test of two values, view by view.
    pub fn test_with<U>(&self, other: &Tv<U>, f: impl Fn(&T, &U) -> bool) -> Outcomes {
        let truth = |a: &Option<T>, b: &Option<U>| match (a, b) {
            (Some(a), Some(b)) => f(a, b).into(),
            _ => Truth::Unknown,
        };
        match (self, other) {
            (Tv::Known(a1, a2), Tv::Known(b1, b2)) => Outcomes::pair(truth(a1, b1), truth(a2, b2)),
            (Tv::Pending, Tv::Pending) => Outcomes::pending(),
            (Tv::Pending, Tv::Known(e, r)) => either(e.is_some(), r.is_some()),
            (Tv::Known(e, r), Tv::Pending) => either(e.is_some(), r.is_some()),
        }
    }

    /// Equality. A pending value equals at most one of two different values.
    pub fn equal(&self, other: &Tv<T>) -> Outcomes {
        match (self, other) {
            (Tv::Pending, k) | (k, Tv::Pending) if k.settled().is_some() => Outcomes::pending(),
            _ => self.test_with(other, |a, b| a == b),
        }
    }
}

/// Anything may come out in the views where the other side is known.
fn either(established: bool, refuting: bool) -> Outcomes {
    let truths = |known: bool| {
        if known {
            &[Truth::True, Truth::False][..]
        } else {
            &[Truth::Unknown][..]
        }
    };
    let mut out: Option<Outcomes> = None;
    for e in truths(established) {
        for r in truths(refuting) {
            let pair = Outcomes::pair(*e, *r);
            out = Some(out.map_or(pair, |o| o.union(pair)));
        }
    }
    out.unwrap_or(Outcomes::both(Truth::Unknown))
}

/// The value of an expression.
#[derive(Clone, Debug)]
pub enum Val<'a> {
    /// A truth, with the step that derived it.
    Bool(Outcomes, StepId),
    /// A number.
    Num(Number),
    /// A word.
    Text(Tv<Cow<'a, str>>),
    /// A day.
    Date(Tv<Date>),
    /// A record.
    Rec(Tv<RecordId>),
    /// A list.
    List(Box<ListVal<'a>>),
}

impl Val<'_> {
    /// Whether it is known, the same in both views, once all that is pending is.
    pub(super) fn will_be_known(&self) -> bool {
        match self {
            Val::Bool(o, _) => o.pairs().all(|(e, r)| e == r && e.is_known()),
            Val::Num(n) => n.will_be_known(),
            Val::Text(t) => t.will_be_known(),
            Val::Date(d) => d.will_be_known(),
            Val::Rec(r) => r.will_be_known(),
            Val::List(_) => false,
        }
    }

    /// A number; any, when it is something else.
    pub(super) fn number(self) -> Number {
        match self {
            Val::Num(n) => n,
            _ => Number::within(Interval::ALL),
        }
    }

    /// The same; for a list, one that another condition might have made another.
    #[must_use]
    pub(super) fn chosen(mut self) -> Self {
        if let Val::List(list) = &mut self {
            list.chosen = true;
        }
        self
    }
}
