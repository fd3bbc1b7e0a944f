//! From a scenario to its events, and from an event to what it strikes.

use super::actors::{Actors, Provider, Provision};
use super::outage::{End, FOREVER, Outage, hours};
use crate::control::EntityId;
use crate::report::Line;
use cocarde_knowledge::scenarios::{Role, Scenario};
use cocarde_model::{Interval, Truth};
use std::sync::Arc;

/// One thing that happens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// All of these countries, or controlled from there, stop in these roles.
    Countries {
        /// ISO 3166-1 alpha-2 codes.
        countries: Vec<String>,
        /// The roles struck.
        roles: Vec<Role>,
    },
    /// A party, and those it controls, stop in these roles.
    Party {
        /// Which.
        actor: Provider,
        /// The roles struck.
        roles: Vec<Role>,
    },
    /// What is reached that way is no longer.
    Route(Arc<str>),
}

/// Whether an event strikes something, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Struck {
    /// Whether it does.
    pub truth: Truth,
    /// Why, or what one would have to know.
    pub why: Line,
    /// Those through whom it does, or may.
    pub by: Vec<Provider>,
}

impl Struck {
    /// Whatever is needed may be struck, where nobody knows what that is.
    pub(super) fn unclear() -> Struck {
        Struck {
            truth: Truth::Unknown,
            why: Line::new(
                "on ne sait pas ce qu'il lui faut",
                "what it needs is not known",
            ),
            by: Vec::new(),
        }
    }

    fn not() -> Struck {
        Struck {
            truth: Truth::False,
            why: Line::new("", ""),
            by: Vec::new(),
        }
    }
}

/// The events of a scenario: one, or one for each outside actor among the
/// provisions that plays a role it strikes, or for whoever does where none is named.
/// With `only`, that actor's alone.
pub fn events<'p>(
    scenario: &Scenario,
    actors: &Actors<'_>,
    provisions: impl Iterator<Item = &'p Provision>,
    only: Option<EntityId>,
) -> Vec<Event> {
    let roles = scenario.strikes.clone();
    if let Some(route) = &scenario.route {
        return vec![Event::Route(route.as_str().into())];
    }
    if !scenario.one_at_a_time {
        return vec![Event::Countries {
            countries: scenario.countries.clone(),
            roles,
        }];
    }
    let mut found: Vec<Provider> = Vec::new();
    let mut unnamed = false;
    for (role, provider) in provisions.flat_map(|p| &p.by) {
        unnamed |= *provider == Provider::Unknown && roles.contains(role);
        let known = *provider != Provider::Unknown && !actors.is_own(provider);
        let spared = actors.is_one_of(provider, &scenario.spares);
        if known && !spared && roles.contains(role) && !found.contains(provider) {
            found.push(provider.clone());
        }
    }
    if let Some(id) = only {
        found.retain(|p| *p == Provider::Party(id));
        if found.is_empty() {
            found.push(Provider::Party(id));
        }
    } else if found.is_empty() && unnamed {
        // Where there are others, each may be the one whom nobody named.
        found.push(Provider::Unknown);
    }
    let event = |actor| Event::Party {
        actor,
        roles: roles.clone(),
    };
    found.into_iter().map(event).collect()
}

/// Whether an event strikes a provider, and why.
type Strike<'a> = &'a dyn Fn(&Provider) -> (Truth, Line);

impl Event {
    /// Whether it strikes a provision.
    pub fn strikes(&self, provision: &Provision, actors: &Actors<'_>) -> Struck {
        let (wanted, strike): (&[Role], Strike<'_>) = match self {
            Event::Route(route) => return by_route(route, provision),
            Event::Countries { countries, roles } => (roles, &|p| actors.under(p, countries)),
            Event::Party { actor, roles } => (roles, &|p| by_party(actor, p, actors)),
        };
        let providers = provision
            .by
            .iter()
            .filter(|(role, _)| wanted.contains(role));
        let outside = providers.filter(|(_, p)| !actors.is_own(p));
        outside.fold(Struck::not(), |mut so_far, (_, p)| {
            let (truth, why) = strike(p);
            let worse = truth == Truth::True && so_far.truth != Truth::True
                || truth == Truth::Unknown && so_far.truth == Truth::False;
            if worse {
                so_far = Struck {
                    truth,
                    why,
                    by: so_far.by,
                };
            }
            if truth != Truth::False {
                so_far.by.push(p.clone());
            }
            so_far
        })
    }

    /// What happens, for people.
    pub fn title(&self, actors: &Actors<'_>) -> Line {
        match self {
            Event::Countries { countries, .. } => {
                let list = countries.join(", ");
                Line::new(
                    format!("tous ceux de {list}, ou contrôlés de là"),
                    format!("all of {list}, or controlled from there"),
                )
            }
            Event::Party {
                actor: Provider::Unknown,
                ..
            } => Line::new(
                "quelqu'un que le dossier ne nomme pas",
                "someone whom the dossier does not name",
            ),
            Event::Party { actor, .. } => {
                let name = actors.name(actor);
                Line::new(&*name, &*name)
            }
            Event::Route(route) => Line::new(route_fr(route), route_en(route)),
        }
    }
}

fn route_fr(route: &str) -> String {
    match route {
        "subsea" => "les câbles sous-marins".into(),
        "terrestrial" => "les liaisons terrestres".into(),
        other => format!("le chemin « {other} »"),
    }
}

fn route_en(route: &str) -> String {
    match route {
        "subsea" => "the submarine cables".into(),
        "terrestrial" => "the terrestrial links".into(),
        other => format!("the path `{other}`"),
    }
}

fn by_route(route: &Arc<str>, provision: &Provision) -> Struck {
    let (truth, why) = match &provision.route {
        Some(r) if r == route => (
            Truth::True,
            Line::new("atteint par ce seul chemin", "reached that way only"),
        ),
        Some(_) => (Truth::False, Line::new("", "")),
        None => (
            Truth::Unknown,
            Line::new(
                "on ne sait pas par où il est atteint",
                "how it is reached is not known",
            ),
        ),
    };
    Struck {
        truth,
        why,
        by: Vec::new(),
    }
}

fn by_party(actor: &Provider, struck: &Provider, actors: &Actors<'_>) -> (Truth, Line) {
    let name = actors.name(struck);
    let itself = || Line::new(&*name, &*name);
    match (actor, struck) {
        (Provider::Party(a), Provider::Party(b)) => {
            let above = actors.name(actor);
            let truth = actors.acts_for(*a, *b);
            let why = match truth {
                _ if a == b => itself(),
                Truth::Unknown => Line::new(
                    format!("on ne sait pas si {above} contrôle {name}"),
                    format!("whether {above} controls {name} is not known"),
                ),
                _ => Line::new(
                    format!("{name}, contrôlée par {above}"),
                    format!("{name}, controlled by {above}"),
                ),
            };
            (truth, why)
        }
        (_, Provider::Unknown) => (
            Truth::Unknown,
            Line::new(
                "on ne sait pas qui le fournit",
                "who provides it is not known",
            ),
        ),
        (a, b) => (if a == b { Truth::True } else { Truth::False }, itself()),
    }
}

impl Struck {
    /// The outage of what is struck, `notice` hours after the event.
    pub fn outage(&self, notice: Interval, end: End) -> Option<Outage> {
        let hit = match end {
            End::Soonest => self.truth != Truth::False,
            End::Latest => self.truth == Truth::True,
        };
        hit.then(|| Outage::own(hours(notice, end), FOREVER))
    }
}
