//! What entities outside hold of the company, and the chains that prove it.

use super::{ControlAnalysis, percent};
use crate::control::chains::Chain;
use crate::control::graph::Measure;
use crate::report::{Bounds, Verdict};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// What entities outside hold of the company; shares in percent.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct OutsideSummary {
    /// Largest share of the capital of one of them.
    pub capital_max: Bounds,
    /// Largest share of the votes of one of them.
    pub votes_max: Bounds,
    /// Share of the capital together.
    pub capital: Bounds,
    /// Share of the votes together.
    pub votes: Bounds,
    /// Whether one of them holds a veto.
    pub veto: Verdict,
    /// Whether they can appoint the majority of a board.
    pub board_majority: Verdict,
    /// Each of them.
    pub holders: Vec<HolderSummary>,
}

/// What one entity outside holds.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HolderSummary {
    /// Its name.
    pub name: String,
    /// Its country, if known.
    pub country: Option<Arc<str>>,
    /// Whether it lies outside.
    pub outside: Verdict,
    /// Share of the capital, percent.
    pub capital: Bounds,
    /// Share of the votes, percent.
    pub votes: Bounds,
    /// The chains of holdings that prove the share of the capital.
    pub chains: Vec<ChainSummary>,
    /// Whether there are more chains than those listed.
    pub more_chains: bool,
}

/// A chain of holdings.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ChainSummary {
    /// Names, from the owner to the company.
    pub path: Vec<String>,
    /// Share of each step, percent.
    pub shares: Vec<Bounds>,
    /// Their product, percent.
    pub share: Bounds,
}

impl ControlAnalysis<'_> {
    pub(super) fn outside_summary(&self) -> OutsideSummary {
        let found = &self.outside;
        let holders = found.holders.iter().map(|h| {
            let chains = self.graph.chains(h.entity, self.target, Measure::Capital);
            HolderSummary {
                name: self.name(h.entity),
                country: self.country(self.graph.entity(h.entity)),
                outside: Verdict(h.outside),
                capital: percent(&h.capital),
                votes: percent(&h.votes),
                chains: chains.list.iter().map(|c| self.chain(c)).collect(),
                more_chains: chains.more,
            }
        });
        OutsideSummary {
            capital_max: percent(&found.capital_max),
            votes_max: percent(&found.votes_max),
            capital: percent(&found.capital),
            votes: percent(&found.votes),
            veto: Verdict(found.veto),
            board_majority: Verdict(found.board_majority),
            holders: holders.collect(),
        }
    }

    fn chain(&self, chain: &Chain) -> ChainSummary {
        ChainSummary {
            path: chain.path.iter().map(|id| self.name(*id)).collect(),
            shares: chain.shares.iter().map(percent).collect(),
            share: percent(&chain.share),
        }
    }
}
