//! The report of the control analysis, for machines and for people.

mod outside;
mod owners;
mod power;
mod sentences;

pub(crate) use sentences::at_the_seat;
mod tree;
mod ultimate;

pub use outside::{ChainSummary, HolderSummary, OutsideSummary};
pub use owners::Owner;
pub use power::VotingPower;
pub use tree::{EntityLine, HoldingLine};
pub use ultimate::ControlSummary;

use super::graph::{ControlGraph, Entity, EntityId, flow_diagnostic};
use super::outside::{Outside, OutsideRule};
use super::table::ControlTable;
use crate::exact::Range;
use crate::report::{Bounds, Line};
use cocarde_model::Diagnostic;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Who holds and controls one company.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ControlReport {
    /// The company.
    pub target: String,
    /// Who controls it in the last resort.
    pub control: ControlSummary,
    /// Everyone above it, by what they hold of its capital.
    pub owners: Vec<Owner>,
    /// The company, first, and every entity above it.
    pub entities: Vec<EntityLine>,
    /// Who holds what directly among them.
    pub holdings: Vec<HoldingLine>,
    /// Voting power of its direct holders, when nobody has the majority and
    /// all votes are known.
    pub power: Vec<VotingPower>,
    /// What entities outside hold.
    pub outside: OutsideSummary,
    /// What the results take for granted.
    pub assumptions: Vec<Line>,
    /// The results, in sentences.
    pub explanation: Vec<Line>,
}

/// All that is known about the control of one company.
#[derive(Clone, Debug)]
pub struct ControlAnalysis<'a> {
    graph: &'a ControlGraph,
    rule: &'a OutsideRule,
    target: EntityId,
    table: ControlTable<'a>,
    /// Shares held from outside.
    pub outside: Outside,
}

impl<'a> ControlAnalysis<'a> {
    /// Analyses the control of `target`.
    ///
    /// # Errors
    /// A loop too large to solve exactly.
    pub fn new(
        graph: &'a ControlGraph,
        target: EntityId,
        rule: &'a OutsideRule,
    ) -> Result<ControlAnalysis<'a>, Vec<Diagnostic>> {
        let table = ControlTable::new(graph, &rule.control);
        let outside = graph
            .outside(target, rule, &table)
            .map_err(|e| vec![flow_diagnostic(&e)])?;
        Ok(ControlAnalysis {
            graph,
            rule,
            target,
            table,
            outside,
        })
    }

    /// Who controls whom.
    pub fn table(&self) -> &ControlTable<'a> {
        &self.table
    }

    /// The country an entity counts for.
    pub fn country(&self, entity: &Entity) -> Option<Arc<str>> {
        self.rule.persons.country(entity)
    }

    /// The whole report.
    ///
    /// # Errors
    /// A loop too large to solve exactly.
    pub fn report(&self) -> Result<ControlReport, Vec<Diagnostic>> {
        let control = self.control();
        let outside = self.outside_summary();
        let (entities, holdings) = self.tree();
        Ok(ControlReport {
            entities,
            holdings,
            target: self.name(self.target),
            owners: self.owners().map_err(|e| vec![flow_diagnostic(&e)])?,
            power: self.power().unwrap_or_default(),
            assumptions: self.assumptions(),
            explanation: self.explanation(&control, &outside),
            control,
            outside,
        })
    }

    fn name(&self, id: EntityId) -> String {
        self.graph.entity(id).name.to_string()
    }

    /// Whether an entity has holders that count, of whom nobody named one.
    fn is_unstated(&self, id: EntityId) -> bool {
        self.graph.is_unstated(id, self.rule.listed_declare)
    }
}

fn percent(range: &Range) -> Bounds {
    Bounds(range.to_percent())
}
