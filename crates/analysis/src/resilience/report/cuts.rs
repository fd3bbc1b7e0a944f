//! What brings a function down for good, at each level.

use super::Inquiry;
use crate::report::Line;
use crate::resilience::cuts::{Cut, Level, cut};
use cocarde_model::Diagnostic;
use schemars::JsonSchema;
use serde::Serialize;

/// What brings a function down for good.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FunctionCuts {
    /// Position of the function among the nodes.
    pub node: usize,
    /// Services, each failing by itself.
    pub component: CutSummary,
    /// Those outside the organisation, with all they control.
    pub actor: CutSummary,
    /// States, with all they can give orders to; the organisation's own apart.
    pub jurisdiction: CutSummary,
}

/// Minimal cut sets at one level.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct CutSummary {
    /// How many there are; `null` where the work limit was reached before.
    pub count: Option<String>,
    /// The smallest ones.
    pub sets: Vec<Vec<String>>,
    /// What alone is enough.
    pub single_points: Vec<String>,
    /// `stated` where the dossier gives the probabilities, `structural` otherwise:
    /// each event is then taken to be as likely as not.
    pub basis: String,
    /// What contributes, most first.
    pub importance: Vec<ImportanceSummary>,
    /// What one would have to know to have them all, where States are not known that
    /// may be enough, too; the sets are those that are certain.
    pub missing: Vec<Line>,
    /// What could not be told within the work limit.
    pub untold: Vec<Line>,
}

/// What one event contributes, to six places.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ImportanceSummary {
    /// The service, actor or country.
    pub name: String,
    /// Birnbaum's measure.
    pub birnbaum: f64,
    /// Fussell and Vesely's.
    pub fussell_vesely: f64,
}

impl Inquiry<'_> {
    pub(super) fn cuts(&self, node: usize) -> Result<FunctionCuts, Vec<Diagnostic>> {
        let (base, limits) = (self.view.base, &self.limits);
        let at = |level| {
            let cut = cut(base, self.subject, self.actors, node, level, limits);
            cut.map(cut_summary)
        };
        Ok(FunctionCuts {
            node,
            component: at(Level::Component)?,
            actor: at(Level::Actor)?,
            jurisdiction: at(Level::Jurisdiction)?,
        })
    }
}

fn cut_summary(cut: Cut) -> CutSummary {
    let places = |x: f64| (x * 1e6).round() / 1e6;
    CutSummary {
        count: cut.count.as_ref().map(ToString::to_string),
        single_points: cut.singles().map(|s| s.to_string()).collect(),
        sets: cut
            .sets
            .iter()
            .map(|s| s.iter().map(|n| n.to_string()).collect())
            .collect(),
        basis: if cut.stated { "stated" } else { "structural" }.into(),
        importance: cut
            .contributions
            .iter()
            .map(|c| ImportanceSummary {
                name: c.name.to_string(),
                birnbaum: places(c.birnbaum),
                fussell_vesely: places(c.fussell_vesely),
            })
            .collect(),
        missing: cut.missing,
        untold: cut.untold,
    }
}
