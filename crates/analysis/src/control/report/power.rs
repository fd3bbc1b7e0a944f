//! What the votes of direct holders can decide, when nobody has the majority.

use super::{ControlAnalysis, percent};
use crate::control::graph::EntityId;
use crate::control::voting::Game;
use crate::exact::{Range, Ratio, floor};
use crate::report::Bounds;
use cocarde_model::{Decimal, Interval};
use schemars::JsonSchema;
use serde::Serialize;

/// The power of one direct holder.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct VotingPower {
    /// Its name.
    pub name: String,
    /// Its votes, percent.
    pub votes: Bounds,
    /// Banzhaf's index, percent.
    pub banzhaf: Bounds,
    /// Shapley–Shubik's index, percent.
    pub shapley_shubik: Bounds,
}

impl ControlAnalysis<'_> {
    /// `None` when somebody has the majority, or votes are not all known.
    pub(super) fn power(&self) -> Option<Vec<VotingPower>> {
        if !self.table.ultimate(self.target).sure.is_empty() {
            return None;
        }
        let players = self.players();
        let votes = players.iter().map(|(_, votes)| votes.exact());
        let votes: Vec<Decimal> = votes.collect::<Option<_>>()?;
        if votes.iter().sum::<Decimal>() != Decimal::ONE_HUNDRED {
            return None;
        }
        let majority = floor(&self.rule.control.majority)?;
        let power = Game::of_shares(&votes, majority).ok()?.power();
        let index = |r: &Ratio| percent(&Range::point(r.clone()));
        let lines = players
            .iter()
            .enumerate()
            .map(|(i, (holder, votes))| VotingPower {
                name: self.name(*holder),
                votes: Bounds(*votes),
                banzhaf: index(&power.banzhaf[i]),
                shapley_shubik: index(&power.shapley_shubik[i]),
            });
        Some(lines.collect())
    }

    /// The direct holders, each once, with the votes of all its holdings.
    fn players(&self) -> Vec<(EntityId, Interval)> {
        let mut players: Vec<(EntityId, Interval)> = Vec::new();
        for h in self.graph.holders(self.target) {
            match players.iter_mut().find(|(holder, _)| *holder == h.holder) {
                Some((_, votes)) => *votes = votes.add(h.votes),
                None => players.push((h.holder, h.votes)),
            }
        }
        players
    }
}

#[cfg(test)]
mod tests {
    use crate::control::testing::{company, graph, id, pct, state};
    use crate::control::{ControlAnalysis, OutsideRule};

    /// The game of 40, 30 and 30 %, where all three are alike.
    #[test]
    fn a_holder_of_two_holdings_is_one_player() {
        let names = ["a", "b", "c"].map(|n| state(n, "FR"));
        let entities = [vec![company("x", "FR")], names.to_vec()].concat();
        let held = [("a", "30"), ("b", "30"), ("a", "10"), ("c", "30")];
        let held = held.map(|(holder, share)| (holder, "x", pct(share)));
        let graph = graph(entities, &held);
        let rule = OutsideRule::new(["FR"]);
        let report = ControlAnalysis::new(&graph, id(&graph, "x"), &rule)
            .unwrap()
            .report();
        let power = report.unwrap().power;
        let votes = power.iter().map(|p| (&*p.name, p.votes.0));
        let expected = [("a", pct("40")), ("b", pct("30")), ("c", pct("30"))];
        assert_eq!(votes.collect::<Vec<_>>(), expected);
        assert!(power.iter().all(|p| p.banzhaf == power[0].banzhaf));
    }
}
