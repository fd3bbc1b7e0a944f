//! A change that will do, where there are too many to find the least: step by step the one that
//! brings most for what it costs, then all that turns out to be more than is needed is taken
//! back (the greedy heuristic of Kellerer, Pferschy and Pisinger, *Knapsack Problems*, 2004,
//! ch. 11).

use super::{Problem, Way};
use crate::explain::edits::State;
use crate::explain::sums::{Floor, Floors, plus, zero};
use cocarde_model::Decimal;

/// Most that the changes of one member cost.
const MOST_FOR_ONE: u64 = 128;

/// One way for each member.
struct Chosen<'g> {
    groups: &'g [Vec<Way>],
    ways: Vec<usize>,
    total: Floors,
}

impl Problem<'_, '_> {
    /// Nothing where that way leads nowhere.
    pub(super) fn roughly(&self) -> Option<State> {
        let limit = self.start.cost + MOST_FOR_ONE;
        let groups = self.groups(limit, self.sums.is_proportional())?;
        let mut chosen = Chosen::cheapest(&groups, &self.apart)?;
        while !self.will_do(&chosen.total) {
            let (group, way) = self.best_step(&chosen)?;
            chosen.turn(group, way);
        }
        self.spare(&mut chosen);
        self.carried_out(&groups, &chosen.ways)
    }

    fn will_do(&self, total: &Floors) -> bool {
        self.sums.are_met(total, &zero(total.len()))
    }

    /// The step that brings most for what it costs.
    fn best_step(&self, chosen: &Chosen<'_>) -> Option<(usize, usize)> {
        let mut best: Option<(Decimal, (usize, usize))> = None;
        for (group, now) in chosen.ways.iter().enumerate() {
            let ways = &chosen.groups[group];
            for way in now + 1..ways.len() {
                let cost = ways[way].price.0 - ways[*now].price.0;
                let after = chosen.with(group, way);
                let brings = after.and_then(|after| self.brings(&chosen.total, &after));
                let Some(worth) = brings.and_then(|b| b.checked_div(cost.max(1).into())) else {
                    continue;
                };
                if worth > Decimal::ZERO && best.is_none_or(|(most, _)| worth > most) {
                    best = Some((worth, (group, way)));
                }
            }
        }
        best.map(|(_, step)| step)
    }

    /// How much of what is lacking a step brings, added up over what is asked.
    fn brings(&self, before: &Floors, after: &Floors) -> Option<Decimal> {
        let mut all = Decimal::ZERO;
        for (demand, (before, after)) in self.sums.demands().iter().zip(before.iter().zip(after)) {
            for (before, after) in [(before.0, after.0), (before.1, after.1)] {
                all += match (demand.is_enough(before), demand.is_enough(after)) {
                    (true, true) => Decimal::ZERO,
                    (true, false) => Decimal::NEGATIVE_ONE,
                    (false, true) => Decimal::ONE,
                    // What is lacking is how far it is below nothing.
                    (false, false) if before?.is_zero() => Decimal::NEGATIVE_ONE,
                    (false, false) => (after?.checked_sub(before?)?).checked_div(-before?)?,
                };
            }
        }
        Some(all)
    }

    /// Takes back what turns out to be more than is needed, the dearest first.
    fn spare(&self, chosen: &mut Chosen<'_>) {
        let price = |chosen: &Chosen<'_>, g: usize| chosen.groups[g][chosen.ways[g]].price;
        let mut groups: Vec<usize> = (0..chosen.ways.len()).collect();
        groups.sort_by_key(|g| std::cmp::Reverse(price(chosen, *g)));
        for group in groups {
            let cheaper = (0..chosen.ways[group]).find(|way| {
                let without = chosen.with(group, *way);
                without.is_some_and(|total| self.will_do(&total))
            });
            if let Some(way) = cheaper {
                chosen.turn(group, way);
            }
        }
    }
}

impl<'g> Chosen<'g> {
    /// The cheapest way of each member by which it adds some amount or other: one that may add
    /// less than any is never enough.
    fn cheapest(groups: &'g [Vec<Way>], apart: &Floors) -> Option<Chosen<'g>> {
        let bounded = |f: &Floor| f.0.is_some() && f.1.is_some();
        let first = |g: &Vec<Way>| g.iter().position(|w| w.adds.iter().all(bounded));
        let ways: Vec<usize> = groups.iter().map(first).collect::<Option<_>>()?;
        let adds = ways.iter().zip(groups).map(|(w, g)| &g[*w].adds);
        let total = adds.fold(apart.clone(), plus);
        Some(Chosen {
            groups,
            ways,
            total,
        })
    }

    /// What all come to with another way for one.
    fn with(&self, group: usize, way: usize) -> Option<Floors> {
        let (before, after) = (
            &self.groups[group][self.ways[group]],
            &self.groups[group][way],
        );
        let without = |total: Option<Decimal>, adds: Option<Decimal>| total?.checked_sub(adds?);
        let mut total = self.total.clone();
        for (total, adds) in total.iter_mut().zip(&before.adds) {
            *total = (without(total.0, adds.0), without(total.1, adds.1));
        }
        let total = plus(total, &after.adds);
        total
            .iter()
            .all(|f| f.0.is_some() && f.1.is_some())
            .then_some(total)
    }

    fn turn(&mut self, group: usize, way: usize) {
        if let Some(total) = self.with(group, way) {
            self.total = total;
            self.ways[group] = way;
        }
    }
}
