//! The result, as others read it. The JSON form is published as a schema.

mod cuts;
mod events;
mod nodes;
mod portfolio;
mod scenario;

pub use cuts::{CutSummary, FunctionCuts, ImportanceSummary};
pub use events::{DownSummary, EventSummary, FunctionOutcome, Outcome, StruckSummary};
pub use nodes::{Need, NodeSummary};
pub use portfolio::{ChoiceSummary, PortfolioOutcome, PortfolioSummary};
pub use scenario::{ScenarioSummary, SourceSummary};

use super::actors::Actors;
use super::facts::{Subject, applicant, from_facts};
use crate::control::{ControlGraph, ControlRule, EntityId};
use crate::cutset::Limits;
use crate::facts::View;
use crate::report::Line;
use cocarde_knowledge::alternatives::Capability;
use cocarde_knowledge::scenarios::Scenario;
use cocarde_model::{Decimal, Diagnostic, Interval};
use schemars::JsonSchema;
use serde::Serialize;

/// What stops when, why, and what would mend it.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ResilienceReport {
    /// Version of this format.
    pub format: u32,
    /// The day it speaks of, ISO 8601.
    pub as_of: String,
    /// Whose functions they are.
    pub organisation: Option<String>,
    /// What happens.
    pub scenario: ScenarioSummary,
    /// Functions and services, and what needs what.
    pub nodes: Vec<NodeSummary>,
    /// Each thing that may happen, and what it stops.
    pub events: Vec<EventSummary>,
    /// For each function, what brings it down for good.
    pub cuts: Vec<FunctionCuts>,
    /// What would survive.
    pub portfolio: PortfolioSummary,
    /// What the result takes for granted.
    pub assumptions: Vec<Line>,
}

/// From and to, exact decimals; `null` for an open end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Range {
    /// At least.
    pub min: Option<String>,
    /// At most.
    pub max: Option<String>,
}

impl From<Interval> for Range {
    fn from(i: Interval) -> Range {
        let end = |d: Option<Decimal>| d.map(|d| d.normalize().to_string());
        Range {
            min: end(i.lo()),
            max: end(i.hi()),
        }
    }
}

/// Strikes the dossier of `view` with a scenario. `market` are alternatives that
/// anyone can turn to; `only` is the one actor to strike, for scenarios that
/// strike one at a time, with cut sets within those limits. `None` where the dossier names
/// no function.
///
/// # Errors
/// Defects of the dossier's needs, at their place.
pub fn analyse(
    view: View<'_>,
    graph: &ControlGraph,
    rule: &ControlRule,
    scenario: &Scenario,
    market: &[Capability],
    only: Option<EntityId>,
    limits: Limits,
) -> Result<Option<ResilienceReport>, Vec<Diagnostic>> {
    let Some(subject) = from_facts(view, graph, market)? else {
        return Ok(None);
    };
    let actors = Actors::new(graph, rule, applicant(view, graph));
    let inquiry = Inquiry {
        view,
        subject: &subject,
        actors: &actors,
        scenario,
        only,
        limits,
    };
    let cuts = subject.network.functions().map(|f| inquiry.cuts(f));
    Ok(Some(ResilienceReport {
        format: 1,
        as_of: view.day.to_string(),
        organisation: actors
            .applicant()
            .map(|a| actors.entity(a).name.to_string()),
        scenario: scenario::summary(scenario),
        nodes: inquiry.nodes(),
        events: inquiry.events(),
        cuts: cuts.collect::<Result<_, _>>()?,
        portfolio: inquiry.portfolio(),
        assumptions: assumptions(),
    }))
}

/// JSON Schema (draft 2020-12) of the report.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(ResilienceReport).to_value()
}

fn assumptions() -> Vec<Line> {
    vec![
        Line::new(
            "un rôle (fournisseur, exploitant, titulaire de licence) que le dossier ne dit pas n'est tenu par personne, sauf si aucun n'est dit",
            "a role (supplier, operator, licensor) that the dossier does not state is nobody's, unless none is stated",
        ),
        Line::new(
            "l'organisation et ce qu'elle contrôle ne sont pas comptées parmi les acteurs, ni son État parmi les juridictions",
            "the organisation and what it controls are not counted among actors, nor its State among jurisdictions",
        ),
        Line::new(
            "les remplacements sont en place avant l'événement ; le moins cher est celui dont le coût le plus haut est le plus bas",
            "replacements are in place before the event; the cheapest is the one whose highest cost is lowest",
        ),
    ]
}

struct Inquiry<'a> {
    view: View<'a>,
    subject: &'a Subject,
    actors: &'a Actors<'a>,
    scenario: &'a Scenario,
    only: Option<EntityId>,
    limits: Limits,
}
