//! A floor under the cost of what is left to do, from what would be possible if some
//! properties could be had at will.
//!
//! With every property that costs at most `p` left free, either the rule can still come
//! out satisfied or some dearer change is needed. A free property without which it cannot
//! is needed as well. Both make the estimate of a best-first search no less admissible
//! (a relaxation, as in Pearl, *Heuristics*, 1984).

use super::levers::Lever;
use super::nearest::{Search, State};
use crate::eval::{Evaluator, Overlay, Patch, verdict_of};
use cocarde_model::{SlotKey, Truth};
use std::collections::BTreeMap;

/// Beyond so many free properties it is not asked which of them are needed.
const MANY: usize = 24;

/// No change of the state's facts that satisfies the rule costs less.
pub(super) fn relaxed(search: &mut Search<'_>, state: &State) -> u64 {
    let mut prices = Prices::default();
    let reads = search.derivation.all_reads().to_vec();
    prices.look_at(search, state, &reads);
    let mut tried = 0;
    loop {
        let Some(price) = prices.next_above(tried) else {
            return u64::MAX;
        };
        if prices.of_lists.is_some_and(|l| l <= price) {
            return price;
        }
        if possible(search, state, &mut prices, price, None) {
            return prices.floor_at(search, state, price);
        }
        tried = price;
    }
}

/// What properties cost at least, and what it costs to change which records a list has.
#[derive(Default)]
struct Prices {
    of_slots: BTreeMap<SlotKey, Option<u64>>,
    of_lists: Option<u64>,
}

impl Prices {
    fn look_at(&mut self, search: &Search<'_>, state: &State, reads: &[SlotKey]) -> bool {
        let before = self.of_slots.len();
        for key in reads {
            if self.of_slots.contains_key(key) {
                continue;
            }
            self.of_slots
                .insert(*key, search.cheapest(state, Lever::Slot(*key)));
            let Some(members) = search.members(state, *key) else {
                continue;
            };
            let removals = members.ids.iter().map(|r| Lever::Member(*key, *r));
            let changes = removals.chain([Lever::Add(*key)]);
            let least = changes.filter_map(|l| search.cheapest(state, l)).min();
            self.of_lists = [self.of_lists, least].into_iter().flatten().min();
        }
        self.of_slots.len() > before
    }

    fn next_above(&self, price: u64) -> Option<u64> {
        let all = self.of_slots.values().flatten().chain(&self.of_lists);
        all.copied().filter(|p| *p > price).min()
    }

    fn free_at(&self, price: u64) -> impl Iterator<Item = (SlotKey, u64)> + '_ {
        let priced = self.of_slots.iter().filter_map(|(k, p)| Some((*k, (*p)?)));
        priced.filter(move |(_, p)| *p <= price)
    }

    /// With everything at this price it is possible: what of it is needed, unless
    /// something dearer is changed.
    fn floor_at(&mut self, search: &mut Search<'_>, state: &State, price: u64) -> u64 {
        let free: Vec<(SlotKey, u64)> = self.free_at(price).collect();
        let mut needed = 0;
        if (2..=MANY).contains(&free.len()) {
            for (key, cost) in free {
                if !possible(search, state, self, price, Some(key)) {
                    needed += cost;
                }
            }
        }
        let dearer = self.next_above(price).unwrap_or(u64::MAX);
        price.max(needed).min(dearer)
    }
}

/// Whether the rule may be satisfied with every property free that costs no more, but one.
fn possible(
    search: &mut Search<'_>,
    state: &State,
    prices: &mut Prices,
    price: u64,
    but: Option<SlotKey>,
) -> bool {
    loop {
        let mut overlay = state.overlay.clone();
        for (key, _) in prices.free_at(price).filter(|(k, _)| Some(*k) != but) {
            free(&mut overlay, key);
        }
        search.left = search.left.saturating_sub(1);
        let memory = std::mem::take(&mut search.derivation);
        let mut evaluator = Evaluator::reusing(search.ctx.supposing(&overlay), memory);
        let outcomes = evaluator.outcomes(search.rule);
        search.derivation = evaluator.into_derivation();
        if outcomes.pairs().any(|p| verdict_of(p) == Truth::True) {
            return true;
        }
        let reads = search.derivation.all_reads().to_vec();
        if !prices.look_at(search, state, &reads) {
            return false;
        }
    }
}

/// Supposes that a property will be known, or that a list has no others.
fn free(overlay: &mut Overlay, key: SlotKey) {
    let patch = match overlay.get(key) {
        Some(Patch::Members(m)) => {
            let mut closed = m.clone();
            closed.complete = true;
            Patch::Members(closed)
        }
        _ => Patch::Pending,
    };
    overlay.set(key, patch);
}
