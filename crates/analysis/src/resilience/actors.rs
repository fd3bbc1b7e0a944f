//! Who is behind a service: its supplier, operator and licensor, and those who
//! control them.

use super::seats::unplaced;
use crate::control::{ControlGraph, ControlRule, ControlTable, Entity, EntityId, Kind, Ultimate};
use crate::report::Line;
use cocarde_knowledge::scenarios::Role;
use cocarde_model::Truth;
use std::sync::Arc;

/// Who plays a role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Provider {
    /// A party of the dossier.
    Party(EntityId),
    /// A company of the market, by name, seat and, where known, the country it
    /// is controlled from.
    Company {
        /// Its name.
        name: Arc<str>,
        /// Its seat.
        seat: Arc<str>,
        /// From where it is controlled.
        controlled_from: Option<Arc<str>>,
    },
    /// Nobody knows.
    Unknown,
}

/// Who and what a service rests on besides other services.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provision {
    /// Who plays which role.
    pub by: Vec<(Role, Provider)>,
    /// The country where it is run.
    pub country: Option<Arc<str>>,
    /// The longest way it is reached.
    pub route: Option<Arc<str>>,
}

/// The parties of a dossier and who controls them.
pub struct Actors<'a> {
    graph: &'a ControlGraph,
    table: ControlTable<'a>,
    applicant: Option<EntityId>,
}

impl<'a> Actors<'a> {
    /// With the applicant, who is no outside actor.
    pub fn new(
        graph: &'a ControlGraph,
        rule: &ControlRule,
        applicant: Option<EntityId>,
    ) -> Actors<'a> {
        Actors {
            graph,
            table: ControlTable::new(graph, rule),
            applicant,
        }
    }

    /// The applicant, if it is among the parties.
    pub fn applicant(&self) -> Option<EntityId> {
        self.applicant
    }

    /// A party.
    pub fn entity(&self, id: EntityId) -> &'a Entity {
        self.graph.entity(id)
    }

    /// Whether it is the applicant or under its control.
    pub fn is_own(&self, provider: &Provider) -> bool {
        match provider {
            Provider::Party(id) => self
                .applicant
                .is_some_and(|own| self.acts_for(own, *id) == Truth::True),
            _ => false,
        }
    }

    /// Whether it is a party of one of these kinds.
    pub fn is_one_of(&self, provider: &Provider, kinds: &[String]) -> bool {
        let Provider::Party(id) = provider else {
            return false;
        };
        let kind = self.entity(*id).kind;
        kind.is_some() && kinds.iter().any(|k| Kind::parse(k) == kind)
    }

    /// Whether one party is, or controls, another.
    pub fn acts_for(&self, actor: EntityId, id: EntityId) -> Truth {
        if actor == id {
            return Truth::True;
        }
        self.table.controls(actor, id)
    }

    /// The parties that surely control a party, itself first.
    pub fn chain(&self, id: EntityId) -> Vec<EntityId> {
        let above = self.above(id, Truth::True);
        std::iter::once(id).chain(above).collect()
    }

    /// The parties that may control a party.
    pub fn perhaps_above(&self, id: EntityId) -> Vec<EntityId> {
        self.above(id, Truth::Unknown).collect()
    }

    /// The other parties whose control of a party has that truth.
    fn above(&self, id: EntityId, truth: Truth) -> impl Iterator<Item = EntityId> + '_ {
        let all = (0..self.graph.len() as u32).map(EntityId);
        all.filter(move |x| *x != id && self.table.controls(*x, id) == truth)
    }

    /// Who may control a party in the last resort, where no statement of where it is
    /// controlled from stands for those who are not named.
    pub(super) fn unsettled(&self, id: EntityId) -> Option<&Ultimate> {
        self.table.unsettled(id)
    }

    /// The applicant's own State.
    pub fn home(&self) -> Option<Arc<str>> {
        self.entity(self.applicant?).seat.one().cloned()
    }

    /// Who can stop what a party does, in the last resort: its ultimate
    /// controllers, or itself.
    pub fn heads(&self, id: EntityId) -> Vec<EntityId> {
        match &self.table.ultimate(id).sure[..] {
            [] => vec![id],
            sure => sure.to_vec(),
        }
    }

    /// The countries whose State can give orders to a party: the seats of it and of
    /// those that control it.
    pub(super) fn countries(&self, id: EntityId) -> Vec<Arc<str>> {
        let chain = self.chain(id).into_iter();
        let mut countries: Vec<Arc<str>> = chain.flat_map(|x| homes(self.entity(x))).collect();
        countries.sort();
        countries.dedup();
        countries
    }

    /// Those outside the organisation who are behind a service that the dossier states,
    /// `None` for each whom nobody named. The market's companies are only behind
    /// what may replace it.
    pub(super) fn outside<'p>(
        &self,
        provision: &'p Provision,
    ) -> impl Iterator<Item = Option<EntityId>> + use<'p, '_> {
        let others = provision.by.iter().filter(|(_, p)| !self.is_own(p));
        others.filter_map(|(_, p)| match p {
            Provider::Party(id) => Some(Some(*id)),
            Provider::Unknown => Some(None),
            Provider::Company { .. } => None,
        })
    }

    /// Whether a provider is of one of these countries, or controlled from
    /// there, and why, or what one would have to know.
    pub fn under(&self, provider: &Provider, countries: &[String]) -> (Truth, Line) {
        let wanted = |c: &Arc<str>| countries.iter().any(|w| **w == **c);
        match provider {
            Provider::Unknown => (
                Truth::Unknown,
                Line::new(
                    "on ne sait pas qui le fournit",
                    "who provides it is not known",
                ),
            ),
            Provider::Company {
                name,
                seat,
                controlled_from,
            } => match (wanted(seat), controlled_from) {
                (true, _) => (
                    Truth::True,
                    Line::new(format!("{name} ({seat})"), format!("{name} ({seat})")),
                ),
                (false, Some(from)) => (
                    if wanted(from) {
                        Truth::True
                    } else {
                        Truth::False
                    },
                    Line::new(
                        format!("{name}, contrôlée depuis {from}"),
                        format!("{name}, controlled from {from}"),
                    ),
                ),
                (false, None) => (
                    Truth::Unknown,
                    Line::new(
                        format!("on ne sait pas d'où {name} est contrôlée"),
                        format!("from where {name} is controlled is not known"),
                    ),
                ),
            },
            Provider::Party(id) => self.party_under(*id, &wanted),
        }
    }

    fn party_under(&self, id: EntityId, wanted: &dyn Fn(&Arc<str>) -> bool) -> (Truth, Line) {
        let own = self.entity(id);
        let name = &own.name;
        for x in self.chain(id) {
            let entity = self.entity(x);
            if let Some(country) = homes(entity).find(|c| wanted(c)) {
                let line = if x == id {
                    Line::new(format!("{name} ({country})"), format!("{name} ({country})"))
                } else {
                    let above = &entity.name;
                    Line::new(
                        format!("{name}, contrôlée par {above} ({country})"),
                        format!("{name}, controlled by {above} ({country})"),
                    )
                };
                return (Truth::True, line);
            }
        }
        let mut chain = self.chain(id).into_iter().map(|x| self.entity(x));
        if let Some(line) = chain.find_map(unplaced) {
            return (Truth::Unknown, line);
        }
        let unknown = |fr: String, en: String| (Truth::Unknown, Line::new(fr, en));
        let Some(ultimate) = self.unsettled(id) else {
            return (Truth::False, not_under(name));
        };
        let perhaps = ultimate.possible.iter().find(|x| {
            let entity = self.entity(**x);
            unplaced(entity).is_some() || homes(entity).any(|c| wanted(&c))
        });
        if let Some(x) = perhaps {
            let above = &self.entity(*x).name;
            return unknown(
                format!("on ne sait pas si {above} contrôle {name}"),
                format!("whether {above} controls {name} is not known"),
            );
        }
        if ultimate.unnamed {
            return unknown(
                format!("on ne sait pas qui contrôle {name}"),
                format!("who controls {name} is not known"),
            );
        }
        (Truth::False, not_under(name))
    }

    /// The name of a provider.
    pub fn name(&self, provider: &Provider) -> Arc<str> {
        match provider {
            Provider::Party(id) => self.entity(*id).name.clone(),
            Provider::Company { name, .. } => name.clone(),
            Provider::Unknown => "?".into(),
        }
    }
}

fn not_under(name: &str) -> Line {
    Line::new(
        format!("{name} n'en relève pas"),
        format!("{name} is not under it"),
    )
}

/// The countries where an entity is at home, or stated to be controlled from.
fn homes(entity: &Entity) -> impl Iterator<Item = Arc<str>> + '_ {
    let stated = entity.controlled_from.one();
    entity.places().chain(stated).cloned()
}
