//! The cheapest replacements with which what must hold does.

use super::{Inquiry, Range};
use crate::report::Line;
use crate::resilience::events::{Event, Struck};
use crate::resilience::options::Replacement;
use crate::resilience::outage::{End, Outage};
use crate::resilience::portfolio::{Choice, Impossible, Portfolio, Problem};
use crate::resilience::saved::Saved;
use cocarde_model::{Decimal, Interval};
use schemars::JsonSchema;
use serde::Serialize;

/// The cheapest replacements that survive.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct PortfolioSummary {
    /// What came out.
    pub outcome: PortfolioOutcome,
    /// What to put in place.
    pub choices: Vec<ChoiceSummary>,
    /// Euros in all; the upper end is the least possible.
    pub cost: Range,
    /// Days until all is in place, done side by side.
    pub days: Range,
    /// Functions that must hold and that no replacement known saves; positions
    /// among the nodes.
    pub lost: Vec<usize>,
    /// Functions that must hold and that could be saved, but not together with
    /// those that are; positions among the nodes.
    pub apart: Vec<usize>,
    /// Replacements that were not counted on, and why.
    pub left_out: Vec<Line>,
}

/// What came of the search for a portfolio.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PortfolioOutcome {
    /// Everything that must hold does already.
    NothingNeeded,
    /// The cheapest one, proven so.
    Found,
    /// No replacement known saves anything more.
    Impossible,
    /// The work limit was reached.
    Limit,
}

/// A replacement to put in place.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct ChoiceSummary {
    /// Position of the service among the nodes.
    pub node: usize,
    /// Id of the replacement.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Who is behind it.
    pub providers: Vec<String>,
    /// Whether it stands by beside what exists.
    pub beside: bool,
    /// Euros, first year included.
    pub cost: Range,
    /// Days to put it in place.
    pub days: Range,
    /// What the figures rest on, where they are an estimate of ours.
    pub estimate: Option<Line>,
    /// Where the dossier states it: `file:line:column`.
    pub place: Option<String>,
}

/// For each node, the replacements that can be counted on, with their cost in cents.
type Usable<'a> = Vec<Vec<(&'a Replacement, u64)>>;

impl Inquiry<'_> {
    pub(super) fn portfolio(&self) -> PortfolioSummary {
        let subject = self.subject;
        let (usable, left_out) = usable(&subject.replacements);
        let events = self.all_events(true);
        let choices = usable.iter().enumerate();
        let choices = choices.map(|(node, usable)| self.choices(node, usable, &events));
        let problem = Problem {
            network: &subject.network,
            choices: choices.collect(),
            events: events.len(),
            functions: self.must_hold(),
        };
        let saved = Saved::of(problem);
        let mut summary = PortfolioSummary {
            outcome: PortfolioOutcome::NothingNeeded,
            choices: Vec::new(),
            cost: Interval::ZERO.into(),
            days: Interval::ZERO.into(),
            lost: saved.lost,
            apart: saved.apart,
            left_out,
        };
        match saved.found {
            Ok(found) => self.fill(&mut summary, &found, &usable),
            Err(Impossible::Limit) => summary.outcome = PortfolioOutcome::Limit,
            Err(Impossible::Nothing) => summary.outcome = PortfolioOutcome::Impossible,
        }
        summary
    }

    /// What can be done about a node: keep it as it is, first, or replace it.
    fn choices(
        &self,
        node: usize,
        usable: &[(&Replacement, u64)],
        events: &[Event],
    ) -> Vec<Choice> {
        let notice = self.scenario.notice_hours;
        if self.subject.unclear[node] {
            // No replacement surely mends what nobody knows.
            let outage = Struck::unclear().outage(notice, End::Soonest);
            let (cost, outages) = (0, vec![outage; events.len()]);
            return vec![Choice { cost, outages }];
        }
        let Some(provision) = &self.subject.provisions[node] else {
            return Vec::new();
        };
        let strike = |e: &Event| {
            e.strikes(provision, self.actors)
                .outage(notice, End::Soonest)
        };
        let as_is: Vec<Option<Outage>> = events.iter().map(strike).collect();
        let replaced = usable.iter().map(|(r, cost)| Choice {
            cost: *cost,
            outages: events
                .iter()
                .zip(&as_is)
                .map(|(e, before)| r.outage(*before, e, self.actors, notice))
                .collect(),
        });
        let keep = Choice {
            cost: 0,
            outages: as_is.clone(),
        };
        std::iter::once(keep).chain(replaced).collect()
    }

    fn must_hold(&self) -> Vec<usize> {
        let essential = &self.subject.essential;
        (0..essential.len()).filter(|n| essential[*n]).collect()
    }

    fn fill(&self, summary: &mut PortfolioSummary, found: &Portfolio, usable: &Usable<'_>) {
        let (mut cost, mut days) = (Interval::ZERO, Interval::ZERO);
        for (node, chosen) in found.chosen.iter().enumerate() {
            let Some(at) = chosen.and_then(|c| c.checked_sub(1)) else {
                continue;
            };
            let r = usable[node][at].0;
            cost = cost.add(r.cost);
            days = later(days, r.days);
            summary.choices.push(self.choice(node, r));
        }
        let all = summary.lost.is_empty() && summary.apart.is_empty();
        summary.outcome = match (summary.choices.is_empty(), all) {
            (false, _) => PortfolioOutcome::Found,
            (true, true) => PortfolioOutcome::NothingNeeded,
            (true, false) => PortfolioOutcome::Impossible,
        };
        summary.cost = cost.into();
        summary.days = days.into();
    }

    fn choice(&self, node: usize, r: &Replacement) -> ChoiceSummary {
        ChoiceSummary {
            node,
            id: r.id.to_string(),
            name: r.name.to_string(),
            providers: self.providers(&r.provision),
            beside: r.beside,
            cost: r.cost.into(),
            days: r.days.into(),
            estimate: r.estimate.clone(),
            place: r.span.map(|s| self.view.base.sources.place(s)),
        }
    }
}

/// The replacements whose cost is known, and a line for each of the others.
fn usable(replacements: &[Vec<Replacement>]) -> (Usable<'_>, Vec<Line>) {
    let mut left_out = Vec::new();
    let mut usable = Vec::new();
    for of_node in replacements {
        let mut kept = Vec::new();
        for r in of_node {
            match cents(r.cost.hi()) {
                Some(cost) => kept.push((r, cost)),
                None => left_out.push(Line::new(
                    format!("{} : on ne sait pas ce qu'il coûte au plus", r.name),
                    format!("{}: what it costs at most is not known", r.name),
                )),
            }
        }
        usable.push(kept);
    }
    (usable, left_out)
}

/// Euros in whole cents, rounded up.
fn cents(euros: Option<Decimal>) -> Option<u64> {
    let cents = euros?.checked_mul(Decimal::ONE_HUNDRED)?.ceil();
    // Sums must stay exact in the solver's numbers.
    u64::try_from(cents).ok().filter(|c| *c < 1 << 46)
}

/// The later of two durations.
fn later(a: Interval, b: Interval) -> Interval {
    let lo = a.lo().max(b.lo());
    let hi = a.hi().zip(b.hi()).map(|(a, b)| a.max(b));
    Interval::new(lo, hi).unwrap_or(Interval::ALL)
}
