//! What happens, as the report tells it.

use crate::report::Line;
use cocarde_knowledge::regimes::SourceRef;
use cocarde_knowledge::scenarios::Scenario;
use schemars::JsonSchema;
use serde::Serialize;

/// A scenario.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ScenarioSummary {
    /// Its name in commands.
    pub id: String,
    /// Its name for people.
    pub name: Line,
    /// What happens.
    pub event: Line,
    /// What one should know besides.
    pub note: Line,
    /// The day on which its data were last checked, ISO 8601.
    pub as_of: String,
    /// Titles and addresses of its sources.
    pub sources: Vec<SourceSummary>,
}

/// A source of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct SourceSummary {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub url: String,
}

pub(super) fn summary(scenario: &Scenario) -> ScenarioSummary {
    let source = |s: &SourceRef| SourceSummary {
        title: s.title.clone(),
        url: s.url.clone(),
    };
    ScenarioSummary {
        id: scenario.id.clone(),
        name: Line::from(&scenario.name),
        event: Line::from(&scenario.event),
        note: Line::from(&scenario.note),
        as_of: scenario.as_of.to_string(),
        sources: scenario.sources.iter().map(source).collect(),
    }
}
