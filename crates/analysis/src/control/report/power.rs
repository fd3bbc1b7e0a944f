//! What the votes of direct holders can decide, when nobody has the majority.

use super::{ControlAnalysis, percent};
use crate::control::voting::Game;
use crate::exact::{Range, Ratio, floor};
use crate::report::Bounds;
use cocarde_model::Decimal;
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
        let holders: Vec<_> = self.graph.holders(self.target).collect();
        let votes: Vec<Decimal> = holders
            .iter()
            .map(|h| h.votes.exact())
            .collect::<Option<_>>()?;
        if votes.iter().sum::<Decimal>() != Decimal::ONE_HUNDRED {
            return None;
        }
        let majority = floor(&self.rule.control.majority)?;
        let power = Game::of_shares(&votes, majority).ok()?.power();
        let index = |r: &Ratio| percent(&Range::point(r.clone()));
        let lines = holders.iter().enumerate().map(|(i, h)| VotingPower {
            name: self.name(h.holder),
            votes: Bounds(h.votes),
            banzhaf: index(&power.banzhaf[i]),
            shapley_shubik: index(&power.shapley_shubik[i]),
        });
        Some(lines.collect())
    }
}
