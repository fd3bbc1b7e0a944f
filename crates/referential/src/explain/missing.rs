//! The facts that would decide an undetermined verdict.

use super::values::Pool;
use crate::eval::{Context, Derivation, Evaluator, Overlay, Patch, verdict_of};
use crate::rule::Rule;
use cocarde_model::{Decimal, SlotKey, Truth, Value};
use std::collections::BTreeSet;

/// What would decide a verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Minimal sets of properties: once all of a set are established, whatever their
    /// values, the verdict is decided; of no smaller part of it can that be said.
    /// For a list, to establish it is to state that it has no other members.
    pub sets: Vec<Vec<SlotKey>>,
    /// Whether there may be other minimal sets.
    pub more: bool,
}

/// Most sets that are sought.
const MAX_SETS: usize = 6;
/// Most evaluations that are spent after the first set.
const MAX_TRIES: usize = 64;
/// Most evaluations that are spent on going through values one by one, for one set.
const MAX_CASES: usize = 512;

/// The minimal sets of unknown facts that would decide the rule's verdict. Empty
/// when the verdict is decided already.
pub fn missing(rule: &Rule, ctx: &Context<'_>) -> Missing {
    let mut search = Search {
        rule,
        ctx,
        pool: Pool::of(rule, ctx.as_of),
        tries: 0,
    };
    let Some(candidates) = search.candidates() else {
        return Missing::default();
    };
    let first = search.shrink(candidates.clone());
    search.tries = 0;
    let mut sets = vec![first];
    let mut next = 0;
    let mut more = false;
    // Every other minimal set avoids some member of each one found.
    while next < sets.len() {
        for avoided in sets[next].clone() {
            if sets.len() >= MAX_SETS || search.tries >= MAX_TRIES {
                more = true;
                break;
            }
            let rest: Vec<SlotKey> = candidates
                .iter()
                .copied()
                .filter(|s| *s != avoided)
                .collect();
            if !search.decides(&rest) {
                continue;
            }
            let found = search.shrink(rest);
            if !sets.contains(&found) {
                sets.push(found);
            }
        }
        next += 1;
    }
    sets.sort_by_key(|s| s.len());
    Missing { sets, more }
}

struct Search<'a> {
    rule: &'a Rule,
    ctx: &'a Context<'a>,
    pool: Pool,
    tries: usize,
}

impl Search<'_> {
    /// Every unsettled property that matters, once others are known; nothing when
    /// the verdict is decided, or would not be even so.
    fn candidates(&mut self) -> Option<Vec<SlotKey>> {
        let mut found: BTreeSet<SlotKey> = BTreeSet::new();
        loop {
            let overlay = self.overlay(found.iter().copied());
            let mut evaluator = Evaluator::new(self.ctx.supposing(&overlay));
            let decided = verdict_known(&mut evaluator, self.rule);
            if decided {
                return (!found.is_empty()).then(|| found.into_iter().collect());
            }
            let reads = evaluator.derivation().all_reads().iter();
            let new: Vec<SlotKey> = reads
                .copied()
                .filter(|k| !found.contains(k) && overlay.get(*k).is_none())
                .filter(|k| !self.ctx.is_settled(*k))
                .collect();
            if new.is_empty() {
                return None;
            }
            found.extend(new);
        }
    }

    fn overlay(&self, pending: impl Iterator<Item = SlotKey>) -> Overlay {
        let mut overlay = self.ctx.overlay.clone();
        for key in pending {
            overlay.set(key, Patch::Pending);
        }
        overlay
    }

    fn decides(&mut self, set: &[SlotKey]) -> bool {
        self.tries += 1;
        let overlay = self.overlay(set.iter().copied());
        verdict_known(&mut Evaluator::new(self.ctx.supposing(&overlay)), self.rule)
    }

    /// Drops what is not needed, last read first, in halves while that works.
    fn shrink(&mut self, mut set: Vec<SlotKey>) -> Vec<SlotKey> {
        let mut end = set.len();
        let mut chunk = (end / 2).max(1);
        while end > 0 {
            let size = chunk.min(end);
            let mut without = set.clone();
            without.drain(end - size..end);
            if self.decides(&without) {
                set = without;
                end -= size;
            } else if size > 1 {
                chunk = size / 2;
            } else {
                end -= 1;
            }
        }
        self.shrink_by_cases(set)
    }

    /// Where the rule reads a property twice, treating the readings as independent asks
    /// for more than is needed: what is left is checked value by value.
    fn shrink_by_cases(&mut self, mut set: Vec<SlotKey>) -> Vec<SlotKey> {
        let mut at = 0;
        while at < set.len() {
            let mut without = set.clone();
            without.remove(at);
            if self.decides_by_cases(&without) {
                set = without;
                at = 0;
            } else {
                at += 1;
            }
        }
        set
    }

    /// Whether the verdict is known for every value that the rule can tell apart.
    fn decides_by_cases(&mut self, set: &[SlotKey]) -> bool {
        let (mut overlay, mut left) = (self.overlay(set.iter().copied()), MAX_CASES);
        self.splits(&mut overlay, set, &mut left)
    }

    /// The same of what is left open by suppositions, in at most so many evaluations:
    /// where the verdict is not known yet, one property is gone through value by value.
    fn splits(&mut self, overlay: &mut Overlay, open: &[SlotKey], left: &mut usize) -> bool {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        self.tries += 1;
        let mut evaluator = Evaluator::new(self.ctx.supposing(overlay));
        if verdict_known(&mut evaluator, self.rule) {
            return true;
        }
        let derivation = evaluator.into_derivation();
        let listed = |k: &SlotKey| Some((*k, self.classes(&derivation, *k)?));
        let Some((key, values)) = open.iter().find_map(listed) else {
            return false;
        };
        let rest: Vec<SlotKey> = open.iter().copied().filter(|k| *k != key).collect();
        let decided = values.into_iter().all(|value| {
            overlay.set(key, Patch::Value(value));
            self.splits(overlay, &rest, left)
        });
        overlay.set(key, Patch::Pending);
        decided
    }

    /// One value of every class of a property that a derivation read, if they can be listed.
    fn classes(&self, derivation: &Derivation, key: SlotKey) -> Option<Vec<Value>> {
        let (ty, field) = self.ctx.property(key)?;
        let of = &self.ctx.base.schema().field(ty, field).ty;
        if !derivation.all_reads().contains(&key) {
            return None;
        }
        if of.domain().is_none() {
            return self.pool.cases(self.ctx, self.rule, key);
        }
        let turns = derivation.turns().iter().filter(|(k, _)| *k == key);
        let turns: Option<Vec<Decimal>> = turns.map(|(_, at)| *at).collect();
        Some(Pool::around(turns?.into_iter(), of))
    }
}

fn verdict_known<'a>(evaluator: &mut Evaluator<'a>, rule: &'a Rule) -> bool {
    let outcomes = evaluator.outcomes(rule);
    outcomes.pairs().all(|p| verdict_of(p) != Truth::Unknown)
}
