//! What may happen, what it stops, and what becomes of each function.

use super::{Inquiry, Range};
use crate::report::Line;
use crate::resilience::actors::Provision;
use crate::resilience::events::{Event, Struck, events};
use crate::resilience::missing::missing;
use crate::resilience::outage::{End, Outage, outages};
use crate::resilience::verdict::{Fate, fate, path};
use cocarde_model::{Interval, Truth};
use schemars::JsonSchema;
use serde::Serialize;

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

impl Inquiry<'_> {
    pub(super) fn events(&self) -> Vec<EventSummary> {
        let all = self.all_events(false);
        all.iter().map(|event| self.event(event)).collect()
    }

    pub(super) fn all_events(&self, with_replacements: bool) -> Vec<Event> {
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

    fn event(&self, event: &Event) -> EventSummary {
        let struck = self.struck(event);
        let soonest = self.down(&struck, End::Soonest);
        let latest = self.down(&struck, End::Latest);
        let functions = self.subject.network.functions();
        let functions = functions.map(|f| self.function(f, &struck, &soonest, &latest));
        let functions = functions.collect();
        let may_be_down = (0..soonest.len()).filter(|n| soonest[*n].is_some());
        let down = may_be_down.map(|node| DownSummary {
            node,
            certain: latest[node].is_some(),
        });
        let down = down.collect();
        let hit = struck.into_iter().enumerate();
        let hit = hit.filter_map(|(node, s)| self.hit(node, s?));
        EventSummary {
            title: event.title(self.actors),
            struck: hit.collect(),
            down,
            functions,
        }
    }

    fn function(
        &self,
        node: usize,
        struck: &[Option<Struck>],
        soonest: &[Option<Outage>],
        latest: &[Option<Outage>],
    ) -> FunctionOutcome {
        let network = &self.subject.network;
        let fate = fate(soonest[node], latest[node]);
        let down = if latest[node].is_some() {
            latest
        } else {
            soonest
        };
        FunctionOutcome {
            node,
            path: match fate {
                Fate::Holds => Vec::new(),
                _ => path(network, down, node),
            },
            missing: match fate {
                Fate::Undetermined(_) => missing(network, node, struck, soonest, latest),
                _ => Vec::new(),
            },
            outcome: outcome(fate),
        }
    }

    fn hit(&self, node: usize, struck: Struck) -> Option<StruckSummary> {
        let names = struck.by.iter().map(|p| self.actors.name(p).to_string());
        (struck.truth != Truth::False).then(|| StruckSummary {
            node,
            certain: struck.truth == Truth::True,
            by: names.collect(),
            why: struck.why,
        })
    }

    fn struck(&self, event: &Event) -> Vec<Option<Struck>> {
        let strike = |p: &Provision| event.strikes(p, self.actors);
        let nodes = self.subject.provisions.iter().zip(&self.subject.unclear);
        let struck = nodes.map(|(provision, unclear)| {
            let own = provision.as_ref().map(strike);
            let spared = own.as_ref().is_none_or(|s| s.truth == Truth::False);
            match *unclear && spared {
                true => Some(Struck::unclear()),
                false => own,
            }
        });
        struck.collect()
    }

    fn down(&self, struck: &[Option<Struck>], end: End) -> Vec<Option<Outage>> {
        let own = |s: &Option<Struck>| s.as_ref()?.outage(self.scenario.notice_hours, end);
        let own: Vec<Option<Outage>> = struck.iter().map(own).collect();
        outages(&self.subject.network, &own, end)
    }
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
