//! The amounts of a change, as close to what they are as the verdict allows.

use super::edits::{Edit, State, edit_place};
use super::nearest::{Nearest, Search};
use super::values::Pool;
use crate::eval::{Evaluator, Patch, middle};
use cocarde_model::{Decimal, FieldType, Interval, SlotKey, Value};

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
        Nearest {
            edits: state.edits,
            cost: state.cost,
            proven,
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
        if let Some(turns) = self.turns(state, key, field) {
            let mut near: Vec<Decimal> = turns.into_iter().chain([from]).collect();
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

    /// Amounts on both sides of every point where the rule turns with a property; nothing
    /// when these hang on something else.
    fn turns(&self, state: &State, key: SlotKey, field: &FieldType) -> Option<Vec<Decimal>> {
        let mut overlay = state.overlay.clone();
        overlay.set(key, Patch::Pending);
        let mut evaluator = Evaluator::new(self.ctx.supposing(&overlay));
        evaluator.outcomes(self.rule);
        let derivation = evaluator.into_derivation();
        let turns = derivation.turns().iter().filter(|(k, _)| *k == key);
        let turns: Option<Vec<Decimal>> = turns.map(|(_, at)| *at).collect();
        let amount = |v: Value| match v {
            Value::Number(i) => i.exact(),
            _ => None,
        };
        let around = Pool::around(turns?.into_iter(), field).into_iter();
        Some(around.filter_map(amount).collect())
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
