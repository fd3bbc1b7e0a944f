//! What brings a function down for good, time apart: minimal cut sets by
//! service, by actor and by jurisdiction.

use super::actors::Actors;
use super::causes::{Cause, names};
use super::events::Struck;
use super::facts::Subject;
use super::missing::about;
use super::unplaced::missing;
use crate::cutset::fault_tree::{Argument, Builder, Connective, FaultTree};
use crate::cutset::{CutSets, Limits, minimal_cut_sets};
use crate::report::Line;
use cocarde_model::{Diagnostic, FactBase, Interval};
use num_bigint::BigUint;
use num_traits::ToPrimitive;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Most cut sets that are listed.
pub const MAX_LISTED: usize = 50;

/// Nodes of a decision diagram for one function.
pub const LIMITS: Limits = Limits { nodes: 1 << 22 };

/// As what services fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Each by itself.
    Component,
    /// With all that the same actor controls.
    Actor,
    /// With all that the same State can give orders to.
    Jurisdiction,
}

/// What contributes to a function's failing.
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// The service, actor or country.
    pub name: Arc<str>,
    /// Birnbaum's importance.
    pub birnbaum: f64,
    /// Fussell and Vesely's.
    pub fussell_vesely: f64,
}

/// The minimal cut sets of a function at one level.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cut {
    /// How many there are; `None` where the work limit was reached before.
    pub count: Option<BigUint>,
    /// The smallest ones, at most [`MAX_LISTED`], each sorted.
    pub sets: Vec<Vec<Arc<str>>>,
    /// Whether probabilities were stated for all; otherwise importances are
    /// structural, each event being taken as likely as not.
    pub stated: bool,
    /// What contributes, most first.
    pub contributions: Vec<Contribution>,
    /// What one would have to know to have them all.
    pub missing: Vec<Line>,
    /// What could not be told within the work limit.
    pub untold: Vec<Line>,
}

impl Cut {
    /// Tells the cut sets that were found, and what contributes to them.
    fn fill(
        &mut self,
        found: &CutSets,
        names: &[Arc<str>],
        probabilities: &[Option<f64>],
        limits: &Limits,
    ) {
        self.count = Some(found.count());
        self.sets = smallest(found, names);
        self.sets.truncate(MAX_LISTED);
        let likely = |p: &Option<f64>| p.filter(|_| self.stated).unwrap_or(0.5);
        let weights: Vec<f64> = probabilities.iter().map(likely).collect();
        let Ok(importances) = found.importances(&weights, limits) else {
            self.untold.push(Line::new(
                "ce que chacun y contribue dépasse la limite de travail",
                "what each contributes to them exceeds the work limit",
            ));
            return;
        };
        let told = names.iter().zip(importances.events);
        let told = told.filter(|(_, i)| i.birnbaum > 0.0);
        let mut contributions: Vec<Contribution> = told
            .map(|(name, i)| Contribution {
                name: name.clone(),
                birnbaum: i.birnbaum,
                fussell_vesely: i.fussell_vesely,
            })
            .collect();
        contributions.sort_by(|a, b| b.birnbaum.total_cmp(&a.birnbaum).then(a.name.cmp(&b.name)));
        self.contributions = contributions;
    }

    /// What alone brings the function down.
    pub fn singles(&self) -> impl Iterator<Item = &Arc<str>> {
        self.sets.iter().filter(|s| s.len() == 1).flatten()
    }
}

/// The minimal cut sets of the function at `top`; `base` has the ids of those
/// that share a name. What the work limit keeps from being told is said to be.
///
/// # Errors
/// Where the needs make no fault tree.
pub fn cut(
    base: &FactBase,
    subject: &Subject,
    actors: &Actors<'_>,
    top: usize,
    level: Level,
    limits: &Limits,
) -> Result<Cut, Vec<Diagnostic>> {
    let of = |node| Cause::of(subject, actors, node, level);
    let (tree, causes) = tree(subject, top, &of)?;
    let probabilities: Vec<Option<f64>> = causes.iter().map(|c| probability(subject, c)).collect();
    let names = names(&causes, base, subject, actors);
    let mut cut = Cut {
        stated: probabilities.iter().all(Option::is_some),
        ..Cut::default()
    };
    match minimal_cut_sets(&tree, limits) {
        Ok(found) => cut.fill(&found, &names, &probabilities, limits),
        Err(_) => cut.untold.push(Line::new(
            "les coupes dépassent la limite de travail : découper la fonction",
            "the cut sets exceed the work limit: split the function",
        )),
    }
    cut.missing = unclear(subject, top);
    if level == Level::Jurisdiction {
        let asked = missing(subject, actors, top, limits)?;
        cut.missing.extend(asked.lines);
        cut.untold.extend(asked.untold);
    }
    Ok(cut)
}

/// What is not known of the needs of the function at `top` and of what it rests on.
fn unclear(subject: &Subject, top: usize) -> Vec<Line> {
    let below = subject.network.below(top);
    let nodes = subject.network.nodes().iter().enumerate();
    let unclear = nodes.filter(|(n, _)| below[*n] && subject.unclear[*n]);
    let Struck { why, .. } = Struck::unclear();
    unclear
        .map(|(_, node)| about(node, &why.fr, &why.en))
        .collect()
}

/// The smallest cut sets, by order then by name: at least [`MAX_LISTED`] if there are.
fn smallest(found: &CutSets, names: &[Arc<str>]) -> Vec<Vec<Arc<str>>> {
    let mut sets: Vec<Vec<Arc<str>>> = Vec::new();
    // Larger orders are looked at only while there are too few smaller ones.
    for order in 1..=names.len() {
        sets.clear();
        let mut seen = 0;
        found.each(order, |events| {
            let mut set: Vec<Arc<str>> =
                events.iter().map(|e| names[*e as usize].clone()).collect();
            set.sort();
            sets.push(set);
            seen += 1;
            seen < MAX_LISTED * 1000
        });
        if sets.len() >= MAX_LISTED || found.count() == sets.len().into() {
            break;
        }
    }
    sets.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    sets
}

/// The fault tree of the function at `top`, and the causes that are its events, where
/// `of` says what can stop a node by itself.
pub(super) fn tree(
    subject: &Subject,
    top: usize,
    of: &dyn Fn(usize) -> Vec<Cause>,
) -> Result<(FaultTree, Vec<Cause>), Vec<Diagnostic>> {
    let network = &subject.network;
    let inside = network.below(top);
    let mut builder = Builder::default();
    // In order of first use, so that the result does not depend on names.
    let mut position: BTreeMap<Cause, usize> = BTreeMap::new();
    let mut causes = Vec::new();
    for node in network.order().iter().filter(|n| inside[**n]) {
        let mut inputs: Vec<Argument> = Vec::new();
        for cause in of(*node) {
            let known = position.len();
            let event = *position.entry(cause.clone()).or_insert(known);
            if event == known {
                builder.event(&format!("e{event}"), None, None);
                causes.push(cause);
            }
            inputs.push(Argument::named(&format!("e{event}")));
        }
        let needs = &network.nodes()[*node];
        let gate = |n: &usize| Argument::named(&format!("n{n}"));
        inputs.extend(needs.all_of.iter().map(gate));
        for several in &needs.some_of {
            let members = several.of.iter().map(gate).collect();
            let lost = several.of.len() - several.at_least + 1;
            inputs.push(builder.formula(Connective::AtLeast(lost as u32), members, None));
        }
        if inputs.is_empty() {
            inputs.push(Argument::Constant(false));
        }
        builder.gate(&format!("n{node}"), Connective::Or, inputs, None);
    }
    let tree = builder.finish(Some(&format!("n{top}")))?;
    Ok((tree, causes))
}

/// How likely a service is to stop by itself, where that is stated; nothing is of others.
fn probability(subject: &Subject, cause: &Cause) -> Option<f64> {
    match cause {
        Cause::Service(node) => share(subject.probabilities[*node]),
        _ => None,
    }
}

/// A stated probability as a share; the middle of an interval with two ends.
fn share(percent: Interval) -> Option<f64> {
    let (lo, hi) = (percent.lo()?.to_f64()?, percent.hi()?.to_f64()?);
    // The whole domain is what an unstated one comes as.
    (hi - lo < 100.0).then_some((lo + hi) / 200.0)
}
