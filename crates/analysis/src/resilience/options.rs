//! What can be done about a service, and how an event leaves it then.

use super::actors::{Actors, Provider, Provision};
use super::events::Event;
use super::outage::{End, Outage, hours};
use crate::control::EntityId;
use crate::report::Line;
use cocarde_knowledge::alternatives::{Alternative, Capability};
use cocarde_knowledge::scenarios::Role;
use cocarde_model::{Interval, Span};
use std::sync::Arc;

/// A replacement, put in place beforehand.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// Its id.
    pub id: Arc<str>,
    /// Its name for people.
    pub name: Arc<str>,
    /// Who is behind it.
    pub provision: Provision,
    /// Whether it stands by beside what exists, instead of replacing it.
    pub beside: bool,
    /// Hours to switch to it, where it stands by.
    pub switch: Interval,
    /// Euros, first year included.
    pub cost: Interval,
    /// Days to put it in place.
    pub days: Interval,
    /// What the figures rest on, where they are an estimate of ours.
    pub estimate: Option<Line>,
    /// Where it is stated.
    pub span: Option<Span>,
}

impl Replacement {
    /// A product of the market, for that many users. What one runs oneself is
    /// the applicant's (`own`).
    pub fn of_market(
        capability: &Capability,
        alternative: &Alternative,
        users: Interval,
        own: Option<EntityId>,
    ) -> Replacement {
        let company = Provider::Company {
            name: alternative.publisher.as_str().into(),
            seat: alternative.seat.as_str().into(),
            controlled_from: alternative.controlled_from.as_deref().map(Into::into),
        };
        let provider = match (alternative.self_hosted, own) {
            (true, Some(own)) => Provider::Party(own),
            _ => company,
        };
        let estimate = &capability.estimate;
        Replacement {
            id: alternative.id.as_str().into(),
            name: alternative.name.as_str().into(),
            provision: Provision {
                by: vec![(Role::Supplier, provider)],
                country: None,
                // Run on site, or reached within Europe.
                route: Some(
                    if alternative.self_hosted {
                        "local"
                    } else {
                        "terrestrial"
                    }
                    .into(),
                ),
            },
            beside: false,
            switch: Interval::ZERO,
            cost: estimate.cost(users),
            days: estimate.days,
            estimate: Some(Line::from(&estimate.basis)),
            span: None,
        }
    }

    /// How an event leaves a service that this replaces or stands by, given how
    /// it would leave the service as it is; at the soonest.
    pub fn outage(
        &self,
        as_is: Option<Outage>,
        event: &Event,
        actors: &Actors<'_>,
        notice: Interval,
    ) -> Option<Outage> {
        let struck = event.strikes(&self.provision, actors);
        let own = struck.outage(notice, End::Soonest);
        if !self.beside {
            return own;
        }
        let before = as_is?;
        match own {
            Some(_) => Some(before),
            None => {
                let switch = hours(self.switch, End::Latest);
                (switch > 0).then(|| Outage::own(before.start, before.length.min(switch)))
            }
        }
    }
}
