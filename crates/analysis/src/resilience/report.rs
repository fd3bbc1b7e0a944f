//! The result, as others read it. The JSON form is published as a schema.

use super::actors::{Actors, Provision};
use super::cuts::{Cut, Level, cut};
use super::events::{Event, Struck, events};
use super::facts::{Subject, applicant, from_facts};
use super::options::Replacement;
use super::outage::{End, Outage, outages};
use super::portfolio::{Choice, Impossible, Problem, cheapest};
use super::verdict::{Fate, fate, path};
use crate::control::{ControlGraph, ControlRule, EntityId};
use crate::facts::View;
use crate::report::Line;
use cocarde_knowledge::alternatives::Capability;
use cocarde_knowledge::scenarios::Scenario;
use cocarde_model::{Decimal, Diagnostic, Interval, Truth};
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

/// A function or service.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct NodeSummary {
    /// Its id in the dossier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is a function of the organisation.
    pub function: bool,
    /// Whether it is a function that must hold.
    pub essential: bool,
    /// Who provides, operates and licenses it; nobody for what only joins others.
    pub providers: Vec<String>,
    /// What it needs, one entry a group.
    pub needs: Vec<Need>,
}

/// At least so many of these.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Need {
    /// How many.
    pub at_least: usize,
    /// Positions among the nodes.
    pub of: Vec<usize>,
}

/// Something that may happen.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct EventSummary {
    /// Who or what fails.
    pub title: Line,
    /// What it strikes, or may.
    pub struck: Vec<StruckSummary>,
    /// What is down then, for a while or for good, or may be.
    pub down: Vec<DownSummary>,
    /// What becomes of each function.
    pub functions: Vec<FunctionOutcome>,
}

/// A service that is, or may be, struck.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct StruckSummary {
    /// Position among the nodes.
    pub node: usize,
    /// Whether it surely is.
    pub certain: bool,
    /// Why, or what one would have to know.
    pub why: Line,
    /// Names of those through whom it is.
    pub by: Vec<String>,
}

/// A function or service that is, or may be, down.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct DownSummary {
    /// Position among the nodes.
    pub node: usize,
    /// Whether it surely is.
    pub certain: bool,
}

/// What becomes of a function.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct FunctionOutcome {
    /// Position among the nodes.
    pub node: usize,
    /// Whether and when it stops.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// From the function to the service that is struck, positions among the nodes.
    pub path: Vec<usize>,
    /// What would decide it, where it is undetermined.
    pub missing: Vec<Line>,
}

/// Whether and when a function stops; hours after the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(tag = "verdict", rename_all = "kebab-case")]
pub enum Outcome {
    /// For good.
    Stops {
        /// After so many hours.
        after: Range,
    },
    /// For a while.
    Interrupted {
        /// After so many hours.
        after: Range,
        /// For so many hours.
        length: Range,
    },
    /// It goes on.
    Holds,
    /// What is missing would decide.
    Undetermined {
        /// No sooner than after so many hours.
        after: Range,
    },
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
    /// How many there are.
    pub count: String,
    /// The smallest ones.
    pub sets: Vec<Vec<String>>,
    /// What alone is enough.
    pub single_points: Vec<String>,
    /// `stated` where the dossier gives the probabilities, `structural` otherwise:
    /// each event is then taken to be as likely as not.
    pub basis: String,
    /// What contributes, most first.
    pub importance: Vec<ImportanceSummary>,
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
    /// No replacement known saves anything.
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

/// Strikes the dossier of `view` with a scenario. `market` are alternatives that
/// anyone can turn to; `only` is the one actor to strike, for scenarios that
/// strike one at a time. `None` where the dossier names no function.
///
/// # Errors
/// Defects of the dossier's needs, at their place; work limits.
pub fn analyse(
    view: View<'_>,
    graph: &ControlGraph,
    rule: &ControlRule,
    scenario: &Scenario,
    market: &[Capability],
    only: Option<EntityId>,
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
    };
    let cuts = subject.network.functions().map(|f| inquiry.cuts(f));
    Ok(Some(ResilienceReport {
        format: 1,
        as_of: view.day.to_string(),
        organisation: actors
            .applicant()
            .map(|a| actors.entity(a).name.to_string()),
        scenario: summary(scenario),
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

fn summary(scenario: &Scenario) -> ScenarioSummary {
    let source = |s: &cocarde_knowledge::regimes::SourceRef| SourceSummary {
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
}

impl Inquiry<'_> {
    fn providers(&self, provision: &Provision) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (_, provider) in &provision.by {
            let name = self.actors.name(provider).to_string();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    fn nodes(&self) -> Vec<NodeSummary> {
        let summary = |(position, node): (usize, &super::network::Node)| {
            let provision = &self.subject.provisions[position];
            let all = node.all_of.iter().map(|n| Need {
                at_least: 1,
                of: vec![*n],
            });
            let some = node.some_of.iter().map(|s| Need {
                at_least: s.at_least,
                of: s.of.clone(),
            });
            NodeSummary {
                id: node.id.to_string(),
                name: node.name.to_string(),
                function: node.function,
                essential: self.subject.essential[position],
                providers: provision.as_ref().map_or(Vec::new(), |p| self.providers(p)),
                needs: all.chain(some).collect(),
            }
        };
        let nodes = self.subject.network.nodes().iter();
        nodes.enumerate().map(summary).collect()
    }

    fn all_events(&self, with_replacements: bool) -> Vec<Event> {
        let own = self.subject.provisions.iter().flatten();
        let others = self
            .subject
            .replacements
            .iter()
            .flatten()
            .map(|r| &r.provision);
        let others = others.filter(|_| with_replacements);
        events(self.scenario, self.actors, own.chain(others), self.only)
    }

    fn struck(&self, event: &Event) -> Vec<Option<Struck>> {
        let provisions = self.subject.provisions.iter();
        let strike = |p: &Option<Provision>| p.as_ref().map(|p| event.strikes(p, self.actors));
        provisions.map(strike).collect()
    }

    fn down(&self, struck: &[Option<Struck>], end: End) -> Vec<Option<Outage>> {
        let own = |s: &Option<Struck>| s.as_ref()?.outage(self.scenario.notice_hours, end);
        let own: Vec<Option<Outage>> = struck.iter().map(own).collect();
        outages(&self.subject.network, &own, end)
    }

    fn events(&self) -> Vec<EventSummary> {
        let all = self.all_events(false);
        all.iter().map(|event| self.event(event)).collect()
    }

    fn event(&self, event: &Event) -> EventSummary {
        let struck = self.struck(event);
        let soonest = self.down(&struck, End::Soonest);
        let latest = self.down(&struck, End::Latest);
        let functions = self.subject.network.functions().map(|node| {
            let fate = fate(soonest[node], latest[node]);
            let surely = latest[node].is_some();
            let path = match fate {
                Fate::Holds => Vec::new(),
                _ => path(
                    &self.subject.network,
                    if surely { &latest } else { &soonest },
                    node,
                ),
            };
            FunctionOutcome {
                node,
                missing: match fate {
                    Fate::Undetermined(_) => self.missing(node, &struck),
                    _ => Vec::new(),
                },
                outcome: outcome(fate),
                path,
            }
        });
        let functions = functions.collect();
        let may_be_down = (0..soonest.len()).filter(|n| soonest[*n].is_some());
        let down = may_be_down.map(|node| DownSummary {
            node,
            certain: latest[node].is_some(),
        });
        let down = down.collect();
        let hit = struck.into_iter().enumerate().filter_map(|(node, s)| {
            let s = s.filter(|s| s.truth != Truth::False)?;
            Some(StruckSummary {
                node,
                certain: s.truth == Truth::True,
                why: s.why,
                by: s
                    .by
                    .iter()
                    .map(|p| self.actors.name(p).to_string())
                    .collect(),
            })
        });
        EventSummary {
            title: event.title(self.actors),
            struck: hit.collect(),
            down,
            functions,
        }
    }

    fn missing(&self, function: usize, struck: &[Option<Struck>]) -> Vec<Line> {
        let network = &self.subject.network;
        let inside = network.below(function);
        let mut lines = Vec::new();
        for (position, node) in network
            .nodes()
            .iter()
            .enumerate()
            .filter(|(n, _)| inside[*n])
        {
            let name = &node.name;
            if let Some(s) = struck[position]
                .as_ref()
                .filter(|s| s.truth == Truth::Unknown)
            {
                lines.push(Line::new(
                    format!("{name} : {}", s.why.fr),
                    format!("{name}: {}", s.why.en),
                ));
            }
            if node.tolerated.hi().is_none() {
                lines.push(Line::new(
                    format!("{name} : combien d'heures il tient sans ce qu'il lui faut"),
                    format!("{name}: how many hours it goes on without what it needs"),
                ));
            }
            if node.switch.hi().is_none() && !node.some_of.is_empty() {
                lines.push(Line::new(
                    format!("{name} : combien d'heures il lui faut pour changer de service"),
                    format!("{name}: how many hours it takes to switch services"),
                ));
            }
        }
        lines
    }

    fn cuts(&self, node: usize) -> Result<FunctionCuts, Vec<Diagnostic>> {
        let at = |level| cut(self.subject, self.actors, node, level).map(cut_summary);
        Ok(FunctionCuts {
            node,
            component: at(Level::Component)?,
            actor: at(Level::Actor)?,
            jurisdiction: at(Level::Jurisdiction)?,
        })
    }

    fn portfolio(&self) -> PortfolioSummary {
        let subject = self.subject;
        let all = self.all_events(true);
        let notice = self.scenario.notice_hours;
        let mut left_out = Vec::new();
        // For each node, the replacements that can be counted on, with their cost.
        let mut usable: Vec<Vec<(&Replacement, u64)>> = Vec::new();
        for of_node in &subject.replacements {
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
        let choices = |node: usize| -> Vec<Choice> {
            let Some(provision) = &subject.provisions[node] else {
                return Vec::new();
            };
            let strike = |e: &Event| {
                e.strikes(provision, self.actors)
                    .outage(notice, End::Soonest)
            };
            let as_is: Vec<Option<Outage>> = all.iter().map(strike).collect();
            let replaced = usable[node].iter().map(|(r, cost)| Choice {
                cost: *cost,
                outages: all
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
        };
        let mut problem = Problem {
            network: &subject.network,
            choices: (0..subject.network.nodes().len()).map(choices).collect(),
            events: all.len(),
            functions: Vec::new(),
        };
        let wanted: Vec<usize> = (0..subject.essential.len())
            .filter(|n| subject.essential[*n])
            .collect();
        // Each alone first, to say which cannot be saved.
        let mut lost = Vec::new();
        for function in wanted {
            problem.functions.push(function);
            if cheapest(&problem) == Err(Impossible::Nothing) {
                problem.functions.pop();
                lost.push(function);
            }
        }
        let mut summary = PortfolioSummary {
            outcome: PortfolioOutcome::NothingNeeded,
            choices: Vec::new(),
            cost: Interval::ZERO.into(),
            days: Interval::ZERO.into(),
            lost,
            left_out,
        };
        let found = match cheapest(&problem) {
            Ok(found) => found,
            Err(Impossible::Limit) => {
                summary.outcome = PortfolioOutcome::Limit;
                return summary;
            }
            Err(Impossible::Nothing) => {
                summary.outcome = PortfolioOutcome::Impossible;
                return summary;
            }
        };
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
        summary.outcome = match (summary.choices.is_empty(), summary.lost.is_empty()) {
            (false, _) => PortfolioOutcome::Found,
            (true, true) => PortfolioOutcome::NothingNeeded,
            (true, false) => PortfolioOutcome::Impossible,
        };
        summary.cost = cost.into();
        summary.days = days.into();
        summary
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

fn outcome(fate: Fate) -> Outcome {
    match fate {
        Fate::Holds => Outcome::Holds,
        Fate::Stops(after) => Outcome::Stops {
            after: after.into(),
        },
        Fate::Interrupted { after, length } => Outcome::Interrupted {
            after: after.into(),
            length: length.into(),
        },
        Fate::Undetermined(from) => Outcome::Undetermined {
            after: Interval::at_least(from.into()).into(),
        },
    }
}

fn cut_summary(cut: Cut) -> CutSummary {
    let places = |x: f64| (x * 1e6).round() / 1e6;
    CutSummary {
        count: cut.count.to_string(),
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
    }
}
