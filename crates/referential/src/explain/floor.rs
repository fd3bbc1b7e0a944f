//! A floor under the cost of what is left to do, from what would be possible if some
//! properties could be had at will.
//!
//! With every property that costs at most `p` left free, either the rule can still come
//! out satisfied or some dearer change is needed. A free property without which it cannot
//! is needed as well. Both make the estimate of a best-first search no less admissible
//! (a relaxation, as in Pearl, *Heuristics*, 1984).

use super::edits::State;
use super::levers::Lever;
use super::nearest::Search;
use crate::eval::{Overlay, Patch, outcomes, verdict_of};
use crate::rule::{Op, Rule};
use cocarde_model::{SlotKey, Truth};
use std::collections::BTreeMap;

/// Beyond so many free properties it is not asked which of them matter.
const MANY: usize = 64;

/// What a relaxation says of a state.
pub(super) struct Relaxed {
    /// No change that satisfies the rule costs less.
    pub floor: u64,
    /// Where to go on first.
    pub lead: Lead,
}

/// What to change first.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lead {
    /// Nothing in particular.
    None,
    /// This alone may do.
    Alone(SlotKey),
    /// No change that satisfies does without this, unless it costs `dearer` or more. What
    /// else is needed with it costs `rest`.
    Needed {
        key: SlotKey,
        rest: u64,
        dearer: u64,
    },
}

/// Whether what a rule comes to with properties free takes in all that it can come to by
/// changing them. That is not so where what is free meets what is unknown in one amount, in
/// one choice, or in what a reference leads to: there unknown is the answer, although some
/// of the values would do.
pub(super) fn can_be_relaxed(rule: &Rule) -> bool {
    rule.nodes.iter().all(|n| match &n.op {
        Op::Read { of, .. } => !matches!(rule.node(*of).op, Op::Read { .. }),
        Op::Size(list) => matches!(rule.node(*list).op, Op::Read { .. }),
        Op::If { .. } | Op::Sum(_) | Op::ExistsOne { .. } | Op::Mul(..) => false,
        _ => true,
    })
}

/// What may be said of any change of the state's facts that satisfies the rule.
pub(super) fn relaxed(search: &mut Search<'_>, state: &State) -> Relaxed {
    let mut prices = Prices::default();
    let reads = search.derivation.all_reads().to_vec();
    prices.look_at(search, state, &reads);
    let only = |floor| Relaxed {
        floor,
        lead: Lead::None,
    };
    let mut tried = 0;
    loop {
        let Some(price) = prices.next_above(tried) else {
            return only(u64::MAX);
        };
        if prices.of_lists.is_some_and(|l| l <= price) {
            return only(price);
        }
        if prices.possible(search, state, |_, cost| cost <= price) {
            return prices.at(search, state, price);
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
    fn look_at(&mut self, search: &Search<'_>, state: &State, reads: &[SlotKey]) {
        for key in reads {
            if self.of_slots.contains_key(key) {
                continue;
            }
            self.of_slots
                .insert(*key, search.offers.cheapest(state, Lever::Slot(*key)));
            let Some(members) = search.offers.members(state, *key) else {
                continue;
            };
            let removals = members.ids.iter().map(|r| Lever::Member(*key, *r));
            let changes = removals.chain([Lever::Add(*key)]);
            let least = changes
                .filter_map(|l| search.offers.cheapest(state, l))
                .min();
            self.of_lists = [self.of_lists, least].into_iter().flatten().min();
        }
    }

    fn next_above(&self, price: u64) -> Option<u64> {
        let all = self.of_slots.values().flatten().chain(&self.of_lists);
        all.copied().filter(|p| *p > price).min()
    }

    fn priced(&self) -> impl Iterator<Item = (SlotKey, u64)> + '_ {
        self.of_slots.iter().filter_map(|(k, p)| Some((*k, (*p)?)))
    }

    /// With everything at this price it is possible, with what is cheaper it is not.
    fn at(&self, search: &mut Search<'_>, state: &State, price: u64) -> Relaxed {
        let dearer = self.next_above(price).unwrap_or(u64::MAX);
        let free: Vec<(SlotKey, u64)> = self.priced().filter(|(_, p)| *p <= price).collect();
        let lead = match free.len() {
            2..=MANY => self.lead(search, state, &free, price, dearer),
            _ => Lead::None,
        };
        let floor = match lead {
            Lead::Needed { key, rest, .. } => {
                let own = self.of_slots.get(&key).copied().flatten();
                price.max(own.unwrap_or(0) + rest).min(dearer)
            }
            _ => price,
        };
        Relaxed { floor, lead }
    }

    fn lead(
        &self,
        search: &mut Search<'_>,
        state: &State,
        free: &[(SlotKey, u64)],
        price: u64,
        dearer: u64,
    ) -> Lead {
        for (key, _) in free.iter().filter(|(_, p)| *p == price) {
            if self.possible(search, state, |k, _| k == *key) {
                return Lead::Alone(*key);
            }
        }
        let mut needed = Vec::new();
        for (key, cost) in free {
            if !self.possible(search, state, |k, p| p <= price && k != *key) {
                needed.push((*key, *cost));
            }
        }
        match needed.split_first() {
            Some(((key, _), others)) => Lead::Needed {
                key: *key,
                rest: others.iter().map(|(_, c)| c).sum(),
                dearer,
            },
            None => Lead::None,
        }
    }

    /// Whether the rule may be satisfied with these properties free.
    fn possible(
        &self,
        search: &mut Search<'_>,
        state: &State,
        is_free: impl Fn(SlotKey, u64) -> bool,
    ) -> bool {
        let mut overlay = state.overlay.clone();
        for (key, _) in self.priced().filter(|(k, p)| is_free(*k, *p)) {
            free(&mut overlay, key);
        }
        search.spend(search.derivation.all_reads().len());
        let outcomes = outcomes(search.rule, search.ctx.supposing(&overlay));
        outcomes.pairs().any(|p| verdict_of(p) == Truth::True)
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
