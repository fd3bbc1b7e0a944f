//! Outcomes of the reach analysis, with the shortest proof and what would cut it.

mod assumptions;
mod cuts;
mod missing;
mod outcome;
mod paths;
mod words;

pub use cuts::Cut;
pub use outcome::{MAX_PATHS, Outcome, Reached};
pub use paths::Hop;
pub use words::{aspect_words, data_name};

use super::custody::{Custodies, is_content};
use super::ties::Jurisdictions;
use crate::control::{ControlGraph, ControlTable, EntityId, OutsideRule};
use crate::facts::View;
use crate::report::Line;
use cocarde_knowledge::regimes::{Aspect, Regime};
use cocarde_model::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;
use words::same;

/// What all regimes can do to all data of an offering.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReachReport {
    /// Each class, regime and aspect that the regime could give.
    pub outcomes: Vec<Outcome>,
    /// Regimes whose data should be looked at again, on the day of the analysis.
    pub stale: Vec<Stale>,
}

/// A regime whose data should have been looked at again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Stale {
    /// What it is called.
    pub name: Line,
    /// The day by which that was due (YYYY-MM-DD).
    pub since: String,
}

impl ReachReport {
    /// The outcome for a class of data, a regime and an aspect.
    pub fn outcome(&self, data: &str, regime: &str, aspect: Aspect) -> Option<&Outcome> {
        let wanted = |o: &&Outcome| &*o.data == data && o.regime == regime && o.aspect == aspect;
        self.outcomes.iter().find(wanted)
    }
}

/// Finds which of `regimes` reach which data of a dossier, and whether from inside
/// the area of `rule`. `None` without an applicant.
pub fn analyse(
    view: View<'_>,
    graph: &ControlGraph,
    rule: &OutsideRule,
    regimes: &[Regime],
) -> Option<ReachReport> {
    let custodies = Custodies::from_facts(view, graph)?;
    let table = ControlTable::new(graph, &rule.control);
    let jurisdictions = Jurisdictions::new(view, graph, &table, custodies.applicant, rule);
    let inquiry = Inquiry {
        graph,
        rule,
        custodies: &custodies,
        jurisdictions,
    };
    let mut outcomes = Vec::new();
    let in_force = regimes.iter().filter(|r| r.in_force <= view.day);
    for regime in in_force.clone() {
        for aspect in &regime.yields {
            outcomes.extend(inquiry.outcomes(regime, *aspect));
        }
    }
    let stale = in_force.filter_map(|r| stale(r, view.day)).collect();
    Some(ReachReport { outcomes, stale })
}

fn stale(regime: &Regime, day: Date) -> Option<Stale> {
    let limit = regime.review_by.filter(|limit| *limit < day)?;
    Some(Stale {
        name: Line::from(&regime.name),
        since: limit.to_string(),
    })
}

struct Inquiry<'a> {
    graph: &'a ControlGraph,
    rule: &'a OutsideRule,
    custodies: &'a Custodies,
    jurisdictions: Jurisdictions<'a>,
}

impl Inquiry<'_> {
    fn outcomes(&self, regime: &Regime, aspect: Aspect) -> Vec<Outcome> {
        let classes: Vec<Arc<str>> = match aspect {
            Aspect::Availability => vec!["service".into()],
            Aspect::Content => {
                let mut classes = self.custodies.classes();
                classes.retain(|c| is_content(c));
                classes
            }
            Aspect::Metadata => self.custodies.classes(),
        };
        let outcome = |class: Arc<str>| self.outcome(class, regime, aspect);
        classes.into_iter().map(outcome).collect()
    }

    fn is_inside(&self, country: &str) -> bool {
        self.rule.inside.contains(country)
    }

    fn all_inside(&self, countries: &[impl AsRef<str>]) -> bool {
        countries.iter().all(|c| self.is_inside(c.as_ref()))
    }

    fn name(&self, actor: Option<EntityId>) -> Line {
        match actor {
            Some(id) => same(&self.graph.entity(id).name),
            None => Line::new("un exploitant non nommé", "an operator nobody named"),
        }
    }
}
