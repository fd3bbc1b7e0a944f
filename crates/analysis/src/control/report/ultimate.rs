//! Who controls the company in the last resort, and the steps that prove it.

use super::{ControlAnalysis, percent};
use crate::control::controlled::Step;
use crate::control::graph::EntityId;
use crate::control::table::Ultimate;
use crate::exact::Range;
use crate::report::Line;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Who controls a company in the last resort.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ControlSummary {
    /// Certain controllers; several when they control one another.
    pub controllers: Vec<String>,
    /// Named entities that may control it, besides.
    pub possible: Vec<String>,
    /// Whether a holder that nobody named may control it.
    pub unnamed: bool,
    /// The country it is controlled from, when certain.
    pub country: Option<Arc<str>>,
    /// How control comes about, step by step.
    pub proof: Vec<Line>,
}

impl ControlAnalysis<'_> {
    /// The country from which an entity is controlled, when certain.
    pub fn controlled_from(&self, id: EntityId) -> Option<Arc<str>> {
        self.table.controlled_from(id, self.rule.persons)
    }

    pub(super) fn control(&self) -> ControlSummary {
        let Ultimate {
            sure,
            possible,
            unnamed,
        } = self.table.ultimate(self.target);
        let names = |ids: &[EntityId]| ids.iter().map(|id| self.name(*id)).collect();
        let proof = sure.first().map_or(Vec::new(), |head| self.proof(*head));
        ControlSummary {
            controllers: names(sure),
            possible: names(possible),
            unnamed: *unnamed,
            country: self.controlled_from(self.target),
            proof,
        }
    }

    /// The steps by which `head` came to control the target, no others.
    fn proof(&self, head: EntityId) -> Vec<Line> {
        let steps = self.table.steps(head);
        let mut needed = vec![self.target];
        let mut chosen: Vec<&Step> = Vec::new();
        for step in steps.iter().rev() {
            if needed.contains(&step.entity) {
                needed.extend(&step.through);
                chosen.push(step);
            }
        }
        chosen.iter().rev().map(|s| self.step(head, s)).collect()
    }

    fn step(&self, head: EntityId, step: &Step) -> Line {
        let names: Vec<String> = step.through.iter().map(|id| self.name(*id)).collect();
        let (head, entity, through) = (self.name(head), self.name(step.entity), names.join(" + "));
        if step.by_right {
            return Line::new(
                format!("{head} contrôle {entity} : {through} peut nommer la majorité d'un organe"),
                format!("{head} controls {entity}: {through} can appoint the majority of a board"),
            );
        }
        let votes = percent(&Range::point(step.votes.clone())).percent();
        Line::new(
            format!(
                "{head} contrôle {entity} : {} des votes par {through}",
                votes.fr
            ),
            format!(
                "{head} controls {entity}: {} of the votes through {through}",
                votes.en
            ),
        )
    }
}
