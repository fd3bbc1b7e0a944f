//! The amounts of a change, as close to what they are as the verdict allows, and how far
//! amounts and days may go.

use super::edits::{Edit, State, edit_place};
use super::nearest::{Bound, Nearest, Reach, Search};
use super::values::Pool;
use crate::eval::{Evaluator, Patch, middle};
use cocarde_model::{Decimal, FieldType, Interval, SlotKey, Value};
use std::cmp::Ordering;

impl Search<'_> {
    /// Brings amounts as close to what they are as the verdict allows.
    pub(super) fn done(&self, state: &State, proven: bool) -> Nearest {
        let mut state = state.clone();
        for i in 0..state.edits.len() {
            if let Edit::Change(key, Value::Number(to)) | Edit::Establish(key, Value::Number(to)) =
                state.edits[i].clone()
                && let Some(to) = to.exact()
                && let Some(value) = self.closest(&mut state, key, to)
            {
                let value = Value::Number(Interval::point(value));
                match &mut state.edits[i] {
                    Edit::Change(_, v) | Edit::Establish(_, v) => *v = value,
                    _ => {}
                }
            }
        }
        state.edits.sort_by_key(edit_place);
        let told = state.edits.iter().filter_map(|e| match e {
            Edit::Establish(key, value) | Edit::Change(key, value) => Some((*key, value)),
            _ => None,
        });
        let reaches = told.filter_map(|(key, value)| self.reach(&state, key, value));
        Nearest {
            reaches: reaches.collect(),
            edits: state.edits,
            cost: state.cost,
            proven: proven && self.rule.apart().is_told,
            overlay: state.overlay,
        }
    }

    /// The satisfying amount nearest to the present one: where the rule turns, or else by
    /// bisection between a satisfying and a failing end.
    fn closest(&self, state: &mut State, key: SlotKey, to: Decimal) -> Option<Decimal> {
        let ty = self.offers.type_of(state, key.record)?;
        let field = &self.ctx.base.schema().field(ty, key.field).ty;
        let from = self.present(key, field, to)?.round_dp(field.scale());
        let holds = |state: &mut State, n: Decimal| {
            let patch = Patch::Value(Value::Number(Interval::point(n)));
            state.overlay.set(key, patch);
            self.satisfied(&state.overlay)
        };
        if let Some(turns) = self.turns(state, key) {
            let around = Pool::around(turns.into_iter(), field);
            let around = around.iter().filter_map(amount);
            let mut near: Vec<Decimal> = around.chain([from]).collect();
            near.sort_by_key(|n| apart(*n, from));
            if let Some(n) = near.into_iter().find(|n| holds(state, *n)) {
                return Some(n);
            }
        }
        let (mut good, mut bad) = (to, from);
        let step = Decimal::new(1, field.scale());
        while apart(good, bad) > step {
            let middle = middle(good, bad).round_dp(field.scale());
            if middle == good || middle == bad {
                break;
            }
            if holds(state, middle) {
                good = middle
            } else {
                bad = middle
            }
        }
        holds(state, good);
        Some(good)
    }

    /// How far a property may go with all else as it is told; nothing where no other value is
    /// known to do, or where it is claimed as it is told.
    fn reach(&self, state: &State, key: SlotKey, told: &Value) -> Option<Reach> {
        let claim = self.ctx.resolve(key).claim;
        if claim.is_some_and(|id| self.ctx.base.fact(id).value == *told) {
            return None;
        }
        let ty = self.offers.type_of(state, key.record)?;
        let field = &self.ctx.base.schema().field(ty, key.field).ty;
        let (mut all, turns) = match told {
            Value::Number(told) => {
                let Some(turns) = self.turns(state, key) else {
                    return self.one_way(state, key, told.exact()?, field.domain()?);
                };
                let around = Pool::around(turns.iter().copied(), field);
                (around, turns.into_iter().map(point).collect())
            }
            Value::Date(_) => (self.offers.values_of_kind(field), Vec::new()),
            _ => return None,
        };
        all.push(told.clone());
        all.sort_by(in_order);
        all.dedup();
        let mut overlay = state.overlay.clone();
        let mut holds = |value: &Value| {
            overlay.set(key, Patch::Value(value.clone()));
            self.satisfied(&overlay)
        };
        let at = all.iter().position(|v| v == told)?;
        let below = (0..at).rev().find(|i| !holds(&all[*i]));
        let above = (at + 1..all.len()).find(|i| !holds(&all[*i]));
        let bound = |fails: Option<usize>, next: fn(usize) -> usize| {
            let fails = fails?;
            let excluded = turns.contains(&all[fails]);
            let at = if excluded { fails } else { next(fails) };
            Some(Bound {
                at: all[at].clone(),
                included: !excluded,
            })
        };
        let reach = Reach {
            of: key,
            least: bound(below, |i| i + 1),
            most: bound(above, |i| i - 1),
        };
        let alone = |b: &Option<Bound>| b.as_ref().is_some_and(|b| b.included && b.at == *told);
        let is_point = alone(&reach.least) && alone(&reach.most);
        (!is_point).then_some(reach)
    }

    /// The same of an amount where it hangs on something else how far it may go: whether all
    /// that is more will do, or all that is less.
    fn one_way(&self, state: &State, key: SlotKey, told: Decimal, all: Interval) -> Option<Reach> {
        let holds = |range: Option<Interval>| {
            let mut overlay = state.overlay.clone();
            overlay.set(key, Patch::Value(Value::Number(range?)));
            Some(self.satisfied(&overlay))
        };
        let more = holds(Interval::new(Some(told), all.hi()))?;
        let less = holds(Interval::new(all.lo(), Some(told)))?;
        let there = || Bound {
            at: point(told),
            included: true,
        };
        (more || less).then(|| Reach {
            of: key,
            least: (!less).then(there),
            most: (!more).then(there),
        })
    }

    /// Where the rule turns with an amount; nothing when that hangs on something else.
    fn turns(&self, state: &State, key: SlotKey) -> Option<Vec<Decimal>> {
        let mut overlay = state.overlay.clone();
        overlay.set(key, Patch::Pending);
        let mut evaluator = Evaluator::new(self.ctx.supposing(&overlay));
        evaluator.outcomes(self.rule);
        let derivation = evaluator.into_derivation();
        let turns = derivation.turns().iter().filter(|(k, _)| *k == key);
        turns.map(|(_, at)| *at).collect()
    }

    /// What an amount is now; for an unknown one, the end of its range away from `to`.
    fn present(&self, key: SlotKey, field: &FieldType, to: Decimal) -> Option<Decimal> {
        let resolved = self.ctx.resolve(key);
        let claim = resolved.claim.map(|id| &self.ctx.base.fact(id).value);
        let range = match claim {
            Some(Value::Number(i)) => *i,
            _ => field.domain()?,
        };
        match (range.lo(), range.hi()) {
            (Some(l), Some(h)) if apart(to, l) <= apart(h, to) => Some(h),
            (Some(l), _) => Some(l),
            (None, h) => h,
        }
    }
}

/// How far two amounts are apart, or the most there is.
fn apart(a: Decimal, b: Decimal) -> Decimal {
    a.checked_sub(b).map_or(Decimal::MAX, |d| d.abs())
}

fn point(amount: Decimal) -> Value {
    Value::Number(Interval::point(amount))
}

fn amount(value: &Value) -> Option<Decimal> {
    match value {
        Value::Number(i) => i.exact(),
        _ => None,
    }
}

fn in_order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (a, b) => amount(a).cmp(&amount(b)),
    }
}
