//! Levels and points of criteria that grade.

use crate::assess::{Outcome, Verdict};
use crate::eval::{Context, Evaluator, Outcomes, View};
use crate::load::{Criterion, Grade, Referential, Weights};
use cocarde_model::{Decimal, Truth};
use std::collections::BTreeSet;

/// The grades that remain possible, by position, and whether it may be that none is reached.
///
/// As a verdict is, a grade is what both views give: where they differ, the lesser. What
/// nobody established may be any, whatever is claimed of it.
pub(crate) fn possible_grades(c: &Criterion, ctx: &Context<'_>) -> (Vec<usize>, bool) {
    if c.grades.is_empty() {
        return (Vec::new(), false);
    }
    let mut evaluator = Evaluator::new(*ctx);
    let grades = c.grades.iter().map(|g| evaluator.outcomes(&g.when));
    let grades: Vec<Outcomes> = grades.collect();
    let established = in_view(&grades, View::Established);
    let refuting = in_view(&grades, View::Refuting);
    // No grade comes before the first.
    let pairs = established.iter();
    let pairs = pairs.flat_map(|a| refuting.iter().map(move |b| *a.min(b)));
    let lesser: BTreeSet<Option<usize>> = pairs.collect();
    let may_lack = lesser.contains(&None);
    (lesser.into_iter().flatten().collect(), may_lack)
}

/// The grades that a view leaves possible, and none where it gives no grade for sure.
fn in_view(grades: &[Outcomes], view: View) -> Vec<Option<usize>> {
    let truth = |i: &usize| grades[*i].truth(view);
    let positions = || 0..grades.len();
    let is_sure = positions().any(|i| truth(&i) == Truth::True);
    let possible = positions().filter(|i| truth(i) != Truth::False);
    let none = (!is_sure).then_some(None);
    none.into_iter().chain(possible.map(Some)).collect()
}

/// The least and the most of a graded pillar or score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range<T> {
    /// Least possible.
    pub min: T,
    /// Most possible.
    pub max: T,
}

/// The level of a pillar: the least over its graded criteria, each of which may still
/// have several, or not apply. It is 0 for a criterion of which no grade can be reached.
/// Of a pillar of which it is not known whether any criterion applies: what it is if so.
pub fn pillar_level(
    referential: &Referential,
    outcomes: &[Outcome],
    pillar: usize,
) -> Option<Range<u8>> {
    let all = || graded(referential, outcomes, pillar);
    let least = all().map(|(c, o)| extremes(c, o, |g| g.level).min).min()?;
    let most = |(c, o)| extremes(c, o, |g| g.level).max;
    let sure = all().filter(|(_, o)| applies(o)).map(most).min();
    Some(Range {
        min: least,
        max: sure.or_else(|| all().map(most).max())?,
    })
}

/// The points of a pillar, of the most its criteria can give, in percent; each counts by
/// its weight, and may or may not where it is not known whether it applies. Nothing where
/// no points can be given, or more than a decimal holds.
pub fn pillar_score(
    referential: &Referential,
    outcomes: &[Outcome],
    pillar: usize,
) -> Option<Range<Decimal>> {
    let points = |least: bool| -> Option<Decimal> {
        let (mut sure, mut open) = (Points::default(), Vec::new());
        for (c, o) in graded(referential, outcomes, pillar) {
            let given = extremes(c, o, |g| g.points);
            let most = c.grades.iter().map(|g| g.points).max();
            let one = Points {
                given: if least { given.min } else { given.max }.checked_mul(c.weight)?,
                most: most.unwrap_or_default().checked_mul(c.weight)?,
            };
            match applies(o) {
                true => sure = sure.with(&one)?,
                false => open.push(one),
            }
        }
        sure.furthest(open, least)
    };
    Some(Range {
        min: points(true)?,
        max: points(false)?,
    })
}

/// Points, and the most there may be.
#[derive(Clone, Copy, Default)]
struct Points {
    given: Decimal,
    most: Decimal,
}

impl Points {
    fn with(self, other: &Points) -> Option<Points> {
        Some(Points {
            given: self.given.checked_add(other.given)?,
            most: self.most.checked_add(other.most)?,
        })
    }

    fn percent(&self) -> Option<Decimal> {
        let hundredfold = self.given.checked_mul(Decimal::ONE_HUNDRED)?;
        hundredfold.checked_div(self.most)
    }

    /// The least, or most, percent with some of the others: the furthest first, while they
    /// lead further.
    fn furthest(mut self, others: Vec<Points>, least: bool) -> Option<Decimal> {
        let others = others.into_iter().filter(|p| !p.most.is_zero());
        let others = others.map(|p| Some((p.percent()?, p)));
        let mut others = others.collect::<Option<Vec<(Decimal, Points)>>>()?;
        others.sort_by_key(|(percent, _)| *percent);
        if !least {
            others.reverse();
        }
        for (percent, other) in &others {
            let leads = |now| {
                if least {
                    *percent < now
                } else {
                    *percent > now
                }
            };
            if self.most.is_zero() || self.percent().is_some_and(leads) {
                self = self.with(other)?;
            }
        }
        self.percent()
    }
}

/// The weighted score, in percent, under a set of weights. Nothing where a pillar has no
/// weight or no score.
pub fn score(
    referential: &Referential,
    outcomes: &[Outcome],
    weights: &Weights,
) -> Option<Range<Decimal>> {
    let (mut min, mut max, mut total) = (Decimal::ZERO, Decimal::ZERO, Decimal::ZERO);
    for (i, p) in referential.pillars.iter().enumerate() {
        let weight = Decimal::from(*weights.of.get(&*p.id)?);
        let score = pillar_score(referential, outcomes, i)?;
        min = min.checked_add(score.min.checked_mul(weight)?)?;
        max = max.checked_add(score.max.checked_mul(weight)?)?;
        total += weight;
    }
    Some(Range {
        min: min.checked_div(total)?,
        max: max.checked_div(total)?,
    })
}

fn graded<'a>(
    r: &'a Referential,
    outcomes: &'a [Outcome],
    pillar: usize,
) -> impl Iterator<Item = (&'a Criterion, &'a Outcome)> {
    r.criteria.iter().zip(outcomes).filter(move |(c, o)| {
        c.pillar == pillar && !c.grades.is_empty() && o.verdict != Verdict::NotApplicable
    })
}

fn applies(o: &Outcome) -> bool {
    o.applies == Truth::True
}

/// The least and the most of what the grades that remain possible give: nothing where none
/// is reached.
fn extremes<T: Ord + Copy + Default>(
    c: &Criterion,
    o: &Outcome,
    of: impl Fn(&Grade) -> T,
) -> Range<T> {
    let none = o.may_lack_grade.then(T::default);
    let grades = o.grades.iter().filter_map(|i| c.grades.get(*i));
    let all: Vec<T> = none.into_iter().chain(grades.map(of)).collect();
    Range {
        min: all.iter().min().copied().unwrap_or_default(),
        max: all.iter().max().copied().unwrap_or_default(),
    }
}
