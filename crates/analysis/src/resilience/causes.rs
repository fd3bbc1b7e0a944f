//! What fails, by what it is: several may go by one name.

use super::actors::{Actors, Provision};
use super::cuts::Level;
use super::facts::Subject;
use crate::control::EntityId;
use cocarde_model::{FactBase, RecordId};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A service, an actor or a State that fails.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cause {
    /// The service at that position.
    Service(usize),
    /// Someone outside the organisation.
    Actor(EntityId),
    /// Whoever, or whichever State, is behind the service at that position, whom
    /// nobody named: those behind two services may be two.
    Unnamed(usize),
    /// A State.
    Country(Arc<str>),
}

impl Cause {
    /// What can stop a node at one level, sorted; nothing for what only joins others.
    pub(super) fn of(
        subject: &Subject,
        actors: &Actors<'_>,
        node: usize,
        level: Level,
    ) -> Vec<Cause> {
        let Some(provision) = &subject.provisions[node] else {
            return Vec::new();
        };
        let mut causes = match level {
            Level::Component => vec![Cause::Service(node)],
            Level::Actor => by_actor(node, provision, actors),
            Level::Jurisdiction => by_country(provision, actors),
        };
        causes.sort();
        causes.dedup();
        causes
    }

    fn name(&self, subject: &Subject, actors: &Actors<'_>) -> Arc<str> {
        match self {
            Cause::Service(node) => subject.network.nodes()[*node].name.clone(),
            Cause::Actor(id) => actors.entity(*id).name.clone(),
            Cause::Unnamed(node) => format!("? ({})", subject.network.nodes()[*node].name).into(),
            Cause::Country(country) => country.clone(),
        }
    }

    fn record(&self, subject: &Subject, actors: &Actors<'_>) -> Option<RecordId> {
        match self {
            Cause::Service(node) | Cause::Unnamed(node) => subject.network.nodes()[*node].record,
            Cause::Actor(id) => actors.entity(*id).record,
            Cause::Country(_) => None,
        }
    }
}

/// The names of causes; those that share one have their id after it, as the
/// dossier writes it.
pub(super) fn names(
    causes: &[Cause],
    base: &FactBase,
    subject: &Subject,
    actors: &Actors<'_>,
) -> Vec<Arc<str>> {
    let names: Vec<Arc<str>> = causes.iter().map(|c| c.name(subject, actors)).collect();
    let mut bearers: BTreeMap<&str, usize> = BTreeMap::new();
    for name in &names {
        *bearers.entry(name).or_default() += 1;
    }
    let told = |(name, cause): (&Arc<str>, &Cause)| match cause.record(subject, actors) {
        Some(record) if bearers[&**name] > 1 => {
            format!("{name} ({})", base.record_name(record)).into()
        }
        _ => name.clone(),
    };
    names.iter().zip(causes).map(told).collect()
}

/// Those outside the organisation who can stop it.
fn by_actor(node: usize, provision: &Provision, actors: &Actors<'_>) -> Vec<Cause> {
    let causes = actors.outside(provision).flat_map(|party| match party {
        Some(id) => actors.heads(id).into_iter().map(Cause::Actor).collect(),
        None => vec![Cause::Unnamed(node)],
    });
    causes.collect()
}

/// The countries whose State can stop it, the applicant's own apart.
fn by_country(provision: &Provision, actors: &Actors<'_>) -> Vec<Cause> {
    let home = actors.home();
    let parties = actors.outside(provision).flatten();
    let countries = parties
        .flat_map(|id| actors.countries(id))
        .chain(provision.country.clone());
    let foreign = countries.filter(|c| Some(c) != home.as_ref());
    foreign.map(Cause::Country).collect()
}
