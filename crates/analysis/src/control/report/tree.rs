//! The company and all above it, and who holds what directly among them.

use super::{ControlAnalysis, percent};
use crate::control::graph::{EntityId, Kind, Measure};
use crate::exact::Range;
use crate::report::{Bounds, Verdict};
use cocarde_model::Truth;
use num_traits::Zero;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// The company or an entity above it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct EntityLine {
    /// Its name.
    pub name: String,
    /// What it is, if known.
    #[schemars(with = "Option<String>")]
    pub kind: Option<Kind>,
    /// Its country, if known.
    pub country: Option<Arc<str>>,
    /// Whether it lies outside.
    pub outside: Verdict,
    /// Whether it controls the company, by votes or by right.
    pub controls: Verdict,
    /// The share of its capital whose holders nobody named, percent.
    pub unnamed: Bounds,
}

/// A direct holding between two entities of the report.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct HoldingLine {
    /// Place of the holder among the entities.
    pub holder: usize,
    /// Place of the company held.
    pub held: usize,
    /// Share of the capital, percent.
    pub capital: Bounds,
    /// Share of the votes, percent.
    pub votes: Bounds,
    /// Special rights, by their names in the fact schema.
    pub rights: Vec<&'static str>,
}

impl ControlAnalysis<'_> {
    /// The company and all above it, and their holdings.
    pub(super) fn tree(&self) -> (Vec<EntityLine>, Vec<HoldingLine>) {
        let mut ids = vec![self.target];
        let mut next = 0;
        while let Some(id) = ids.get(next).copied() {
            next += 1;
            for h in self.graph.holders(id) {
                if !ids.contains(&h.holder) {
                    ids.push(h.holder);
                }
            }
        }
        let place = |id: EntityId| ids.iter().position(|x| *x == id);
        let holdings = self.graph.holdings().iter().filter_map(|h| {
            let rights = h.rights.iter().flatten();
            Some(HoldingLine {
                holder: place(h.holder)?,
                held: place(h.held)?,
                capital: Bounds(h.capital),
                votes: Bounds(h.votes),
                rights: rights.map(|r| r.name()).collect(),
            })
        });
        let holdings = holdings.collect();
        (
            ids.iter().map(|id| self.entity_line(*id)).collect(),
            holdings,
        )
    }

    fn entity_line(&self, id: EntityId) -> EntityLine {
        let entity = self.graph.entity(id);
        let controls = if id == self.target {
            Truth::False
        } else {
            self.table.controls(id, self.target)
        };
        let unnamed = if self.graph.is_end(id) {
            Range::point(Zero::zero())
        } else {
            self.graph.remainder(id, Measure::Capital)
        };
        EntityLine {
            name: entity.name.to_string(),
            kind: entity.kind,
            country: self.country(entity),
            outside: Verdict(self.rule.is_outside(entity)),
            controls: Verdict(controls),
            unnamed: percent(&unnamed),
        }
    }
}
