//! What one regime can do to one class of data.

use super::paths::Path;
use super::words::explanation;
use super::{Cut, Hop, Inquiry};
use crate::report::Line;
use cocarde_knowledge::regimes::{Aspect, Regime};
use cocarde_model::Truth;
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// Paths of an outcome that are listed besides the shortest.
pub const MAX_PATHS: usize = 8;

/// Whether a regime reaches data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// It does; the path proves it.
    Reached,
    /// It does not, under the assumptions listed.
    NotReached,
    /// What is missing would decide it.
    Undetermined,
}

/// What one regime can do to one class of data.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Outcome {
    /// The class of data of the fact schema; `service` for availability.
    pub data: Arc<str>,
    /// The regime's id.
    pub regime: String,
    /// Its name.
    pub name: Line,
    /// Content, metadata or availability.
    #[serde(serialize_with = "aspect_name")]
    #[schemars(with = "String")]
    pub aspect: Aspect,
    /// Whether it reaches.
    pub reached: Reached,
    /// The countries whose law reaches, where it does.
    pub countries: Vec<Arc<str>>,
    /// Whether it reaches from inside the area alone: nothing that is missing may
    /// bring a country from outside.
    pub inside: bool,
    /// The shortest path that proves it, or that nothing known excludes.
    pub path: Vec<Hop>,
    /// The shortest path that would prove it, were it not for the keys, where
    /// it does not reach.
    pub held_back: Vec<Hop>,
    /// Further paths, shorter ones first, at most [`MAX_PATHS`].
    pub others: Vec<Vec<Hop>>,
    /// Ways to cut every path, where it reaches.
    pub cuts: Vec<Cut>,
    /// What would decide it, where it is undetermined; where it reaches from inside
    /// the area, what would decide whether it does from outside, too.
    pub missing: Vec<Line>,
    /// What *not reached*, or *inside* against countries outside, takes for granted.
    pub assumptions: Vec<Line>,
    /// The result, in a sentence.
    pub explanation: Line,
}

impl Outcome {
    /// Whether what is missing may turn it, or whether it is from inside the area.
    pub fn is_open(&self) -> bool {
        !self.missing.is_empty()
    }
}

impl Inquiry<'_> {
    pub(super) fn outcome(&self, data: Arc<str>, regime: &Regime, aspect: Aspect) -> Outcome {
        let paths = self.paths(&data, regime, aspect);
        let sure: Vec<&Path<'_>> = paths.iter().filter(|p| p.truth == Truth::True).collect();
        // Nothing stated about hosting or suppliers proves nothing.
        let blank = self.custodies.list.is_empty() && !self.custodies.complete;
        let reached = match (sure.is_empty(), paths.is_empty() && !blank) {
            (false, _) => Reached::Reached,
            (true, true) => Reached::NotReached,
            (true, false) => Reached::Undetermined,
        };
        let shown = sure.first().copied().or(paths.first());
        let path: Vec<Hop> = shown.map_or(Vec::new(), |p| self.hops(&data, p, regime));
        let further = if sure.is_empty() {
            paths.iter().collect()
        } else {
            sure.clone()
        };
        let further = further.iter().skip(1).take(MAX_PATHS);
        let others = further.map(|p| self.hops(&data, p, regime)).collect();
        let countries = countries(&sure);
        let home = !countries.is_empty() && self.all_inside(&countries);
        let missing = match reached {
            Reached::Undetermined => self.missing(&paths),
            Reached::Reached if home => self.missing_of_inside(&paths, regime),
            _ => Vec::new(),
        };
        let inside = home && missing.is_empty();
        let assumed =
            reached == Reached::NotReached || inside && !self.all_inside(&regime.countries);
        Outcome {
            explanation: explanation(&data, regime, aspect, reached, &path),
            held_back: self.held_back(&data, regime, aspect, reached),
            others,
            cuts: self.cuts(aspect, &sure),
            missing,
            assumptions: match assumed {
                true => self.assumptions(aspect, regime),
                false => Vec::new(),
            },
            data,
            regime: regime.id.clone(),
            name: Line::from(&regime.name),
            aspect,
            reached,
            inside,
            countries,
            path,
        }
    }

    fn held_back(&self, data: &str, regime: &Regime, aspect: Aspect, reached: Reached) -> Vec<Hop> {
        if aspect != Aspect::Content || reached != Reached::NotReached {
            return Vec::new();
        }
        // Whoever has the data without the keys reaches what keys do not hide.
        let paths = self.paths(data, regime, Aspect::Metadata);
        let sure = paths.iter().find(|p| p.truth == Truth::True);
        sure.map_or(Vec::new(), |p| self.hops(data, p, regime))
    }
}

/// The countries whose law reaches, sorted.
fn countries(sure: &[&Path<'_>]) -> Vec<Arc<str>> {
    let mut countries: Vec<Arc<str>> = sure.iter().flat_map(|p| p.tie.countries.clone()).collect();
    countries.sort();
    countries.dedup();
    countries
}

fn aspect_name<S: serde::Serializer>(aspect: &Aspect, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(match aspect {
        Aspect::Content => "content",
        Aspect::Metadata => "metadata",
        Aspect::Availability => "availability",
    })
}
