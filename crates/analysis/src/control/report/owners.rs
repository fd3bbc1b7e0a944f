//! Everyone above the company, by what they hold of it, directly and indirectly.

use super::{ControlAnalysis, percent};
use crate::control::graph::Measure;
use crate::flow::FlowError;
use crate::report::{Bounds, Verdict};
use num_traits::Zero;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// One entity above the company.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Owner {
    /// Its name.
    pub name: String,
    /// Its country, if known.
    pub country: Option<Arc<str>>,
    /// Whether nobody holds it.
    pub end: bool,
    /// Share of the capital, percent, direct and indirect.
    pub capital: Bounds,
    /// Share of the votes, percent, multiplied along chains.
    pub votes: Bounds,
    /// Whether it controls the company.
    pub controls: Verdict,
}

impl ControlAnalysis<'_> {
    pub(super) fn owners(&self) -> Result<Vec<Owner>, FlowError> {
        let shares = |m| self.graph.named_holders_of(self.target, m);
        let (capital, votes) = (shares(Measure::Capital)?, shares(Measure::Votes)?);
        let mut owners = Vec::new();
        for (id, entity) in self.graph.entities() {
            if id == self.target {
                continue;
            }
            let (capital, votes) = (&capital[id.index()], &votes[id.index()]);
            if capital.hi.is_zero() && votes.hi.is_zero() {
                continue;
            }
            let order = (capital.hi.clone(), votes.hi.clone());
            let owner = Owner {
                name: self.name(id),
                country: self.country(entity),
                end: self.graph.is_end(id),
                capital: percent(capital),
                votes: percent(votes),
                controls: Verdict(self.table.controls(id, self.target)),
            };
            owners.push((order, owner));
        }
        owners.sort_by(|a, b| b.0.cmp(&a.0));
        Ok(owners.into_iter().map(|(_, owner)| owner).collect())
    }
}
