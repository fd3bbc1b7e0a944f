//! What subjects an actor to a regime.

use super::custody::{Custodian, Way};
use super::presence::Presence;
use crate::control::{ControlGraph, ControlTable, EntityId, Kind, OutsideRule};
use crate::facts::{Said, View};
use crate::report::Line;
use cocarde_knowledge::regimes::{Regime, TieKind};
use cocarde_model::Truth;
use std::sync::Arc;

/// One way in which an actor is, or may be, subject to a regime.
#[derive(Clone, Debug)]
pub struct Tie {
    /// Which.
    pub kind: TieKind,
    /// Whether it holds.
    pub truth: Truth,
    /// The entities on the way, from the actor up.
    pub through: Vec<EntityId>,
    /// The countries of that law where it holds, sorted.
    pub countries: Vec<Arc<str>>,
    /// Whether it may hold in further ones.
    pub open: bool,
    /// What one would have to know where it is open.
    pub missing: Vec<Line>,
}

impl Tie {
    /// What it leaves open.
    pub(super) fn questions(&self) -> &[Line] {
        if self.open { &self.missing } else { &[] }
    }
}

/// Who is where, and who controls whom.
pub struct Jurisdictions<'a> {
    graph: &'a ControlGraph,
    table: &'a ControlTable<'a>,
    presence: Presence,
    applicant: EntityId,
    /// How persons count, and whether places that are not stated are at the seat.
    rule: &'a OutsideRule,
}

impl<'a> Jurisdictions<'a> {
    /// From the graph of control and the sites and activities of a dossier.
    pub fn new(
        view: View<'_>,
        graph: &'a ControlGraph,
        table: &'a ControlTable<'a>,
        applicant: EntityId,
        rule: &'a OutsideRule,
    ) -> Jurisdictions<'a> {
        Jurisdictions {
            rule,
            graph,
            table,
            presence: Presence::new(view, graph, applicant),
            applicant,
        }
    }

    fn name(&self, id: EntityId) -> &str {
        &self.graph.entity(id).name
    }

    /// The ties between a custodian and a regime that hold or may hold.
    pub fn ties(&self, custodian: &Custodian, regime: &Regime) -> Vec<Tie> {
        let kinds = regime.ties.iter().map(|t| t.kind);
        let ties = kinds.flat_map(|kind| match (kind, custodian.actor) {
            (TieKind::Control, Some(actor)) => self.control(actor, regime),
            (TieKind::Location, _) => Vec::from_iter(self.location(custodian, regime)),
            (TieKind::Administration, _) => Vec::from_iter(self.administration(custodian, regime)),
            (TieKind::Incorporation, Some(actor)) => {
                Vec::from_iter(self.incorporation(actor, regime))
            }
            (TieKind::Presence, Some(actor)) => Vec::from_iter(self.presence(actor, regime)),
            (_, None) => {
                let missing = Line::new("l'exploitant de l'hébergement", "the hosting operator");
                Vec::from_iter(tie(regime, kind, Vec::new(), true, vec![missing]))
            }
        });
        ties.collect()
    }

    /// The countries of that law where an entity is at home, and whether it may
    /// be at home in others.
    fn home(&self, id: EntityId, regime: &Regime) -> (Vec<Arc<str>>, bool) {
        let entity = self.graph.entity(id);
        let unstated = !self.rule.follow_seat && entity.unstated_places().contains(&true);
        let found = of_law(entity.places(), regime);
        let open = entity.main_place().is_none() || entity.is_disputed() || unstated;
        (found, open)
    }

    /// What one would have to know of an entity to know all places where it is at home.
    fn unplaced(&self, id: EntityId) -> Vec<Line> {
        let (entity, name) = (self.graph.entity(id), self.name(id));
        let strict = |unstated: bool| !self.rule.follow_seat && unstated;
        let [administration, establishment] = entity.unstated_places().map(strict);
        let person = entity.kind == Some(Kind::Person);
        let unplaced = entity.main_place().is_none();
        let of_a_kind = entity.by_kind(true, false).is_some();
        let asked = [
            (
                (unplaced && !person && of_a_kind) || entity.seat.is_open(),
                "le siège",
                "the seat",
            ),
            (
                (unplaced && person) || entity.residence.is_open(),
                "la résidence",
                "the residence",
            ),
            (
                entity.nationality.is_open(),
                "la nationalité",
                "the nationality",
            ),
            (
                administration || entity.central_administration.is_open(),
                "l'administration centrale",
                "the central administration",
            ),
            (
                establishment || entity.main_establishment.is_open(),
                "l'établissement principal",
                "the main establishment",
            ),
        ];
        let asked = asked.into_iter().filter(|(open, ..)| *open);
        let mut lines: Vec<Line> = asked
            .map(|(_, fr, en)| Line::new(format!("{fr} de {name}"), format!("{en} of {name}")))
            .collect();
        if unplaced && !of_a_kind {
            lines.push(Line::new(
                format!("si {name} est une personne physique"),
                format!("whether {name} is a natural person"),
            ));
        }
        lines
    }

    /// Whether what is said of an actor rests on places being at a seat.
    pub(super) fn follows_seat(&self, actor: EntityId) -> bool {
        let rests = |x: EntityId| {
            let entity = self.graph.entity(x);
            entity.main_place().is_some() && entity.unstated_places().contains(&true)
        };
        self.rule.follow_seat && (rests(actor) || self.controllers(actor, Truth::True).any(rests))
    }

    fn incorporation(&self, actor: EntityId, regime: &Regime) -> Option<Tie> {
        let (countries, open) = self.home(actor, regime);
        let missing = self.unplaced(actor);
        tie(regime, TieKind::Incorporation, countries, open, missing)
    }

    fn presence(&self, actor: EntityId, regime: &Regime) -> Option<Tie> {
        if actor != self.applicant {
            return None;
        }
        let countries = of_law(&self.presence.countries, regime);
        let mut missing = self.presence.missing.clone();
        if !of_law(&self.presence.perhaps, regime).is_empty() {
            missing.push(self.presence.whose.clone());
        }
        let open = !missing.is_empty();
        tie(regime, TieKind::Presence, countries, open, missing)
    }

    fn location(&self, custodian: &Custodian, regime: &Regime) -> Option<Tie> {
        if custodian.way == Way::Supplies {
            return None;
        }
        let place = &custodian.place;
        let missing = Line::new(
            "le pays où les données sont stockées",
            "the country where the data are stored",
        );
        tie(
            regime,
            TieKind::Location,
            of_law(place, regime),
            place.is_none(),
            vec![missing],
        )
    }

    fn administration(&self, custodian: &Custodian, regime: &Regime) -> Option<Tie> {
        let countries = of_law(&custodian.from, regime);
        let missing = Line::new(
            "les pays d'où l'hébergement est administré et supporté",
            "the countries from which the hosting is administered and supported",
        );
        tie(
            regime,
            TieKind::Administration,
            countries,
            !custodian.from_all,
            vec![missing],
        )
    }

    /// The nearest controllers of that law, one of each country; else that someone may be.
    fn control(&self, actor: EntityId, regime: &Regime) -> Vec<Tie> {
        let sure = self.controllers(actor, Truth::True);
        let mut above: Vec<(Vec<EntityId>, Vec<Arc<str>>)> = sure
            .map(|x| (x, self.home(x, regime).0))
            .filter(|(_, countries)| !countries.is_empty())
            .map(|(x, countries)| (self.way_up(actor, x), countries))
            .collect();
        above.sort_by_key(|(through, _)| through.len());
        let stated = self
            .chain(actor)
            .map(|x| &self.graph.entity(x).controlled_from);
        let stated = stated.filter_map(Said::one);
        above.push((Vec::new(), of_law(stated, regime)));
        let mut told: Vec<Arc<str>> = Vec::new();
        above.retain(|(_, countries)| {
            let known = told.len();
            told.extend_from_slice(countries);
            told[known..].iter().any(|c| !told[..known].contains(c))
        });
        if above.is_empty() {
            above.push((Vec::new(), Vec::new()));
        }
        let missing = self.open_control(actor, regime);
        let tie = |(through, countries)| {
            let (open, missing) = (!missing.is_empty(), missing.clone());
            let tie = tie(regime, TieKind::Control, countries, open, missing)?;
            Some(Tie { through, ..tie })
        };
        above.into_iter().filter_map(tie).collect()
    }

    /// What one would have to know to tell whether someone of that law controls an actor;
    /// nothing where that is known. A stated country of ultimate control answers for
    /// unnamed holders.
    fn open_control(&self, actor: EntityId, regime: &Regime) -> Vec<Line> {
        let may_be_home =
            |x| matches!(self.home(x, regime), (countries, open) if open || !countries.is_empty());
        let mut missing = Vec::new();
        let persons = self.rule.persons;
        let mut chain = self.chain(actor);
        let disputed = chain.any(|x| self.table.is_origin_open(x, persons));
        let unsettled = self
            .table
            .unsettled(actor)
            .is_some_and(|u| u.unnamed || self.controllers(actor, Truth::Unknown).any(may_be_home));
        if disputed || unsettled {
            let name = self.name(actor);
            missing.push(Line::new(
                format!("qui contrôle {name} en dernier ressort"),
                format!("who controls {name} in the last resort"),
            ));
        }
        let known = self.controllers(actor, Truth::True);
        missing.extend(known.flat_map(|x| self.unplaced(x)));
        missing
    }

    /// An actor, and those who surely control it.
    fn chain(&self, actor: EntityId) -> impl Iterator<Item = EntityId> + '_ {
        std::iter::once(actor).chain(self.controllers(actor, Truth::True))
    }

    /// Entities whose control of `actor` has that truth.
    fn controllers(&self, actor: EntityId, truth: Truth) -> impl Iterator<Item = EntityId> + '_ {
        let all = (0..self.graph.len() as u32).map(EntityId);
        all.filter(move |x| *x != actor && self.table.controls(*x, actor) == truth)
    }

    /// The entities through which `head` controls `actor`, from the actor up to the head.
    fn way_up(&self, actor: EntityId, head: EntityId) -> Vec<EntityId> {
        let steps = self.table.steps(head);
        let mut way = vec![actor];
        while let Some(at) = way.last().filter(|at| **at != head) {
            let step = steps.iter().find(|s| s.entity == *at);
            // A head that casts votes itself is the shortest way on.
            let through = step.map(|s| &s.through);
            let direct = through.filter(|t| t.contains(&head)).map(|_| head);
            let next = direct.or_else(|| through?.iter().find(|t| !way.contains(t)).copied());
            way.push(next.unwrap_or(head));
        }
        way.split_off(1)
    }
}

/// Those of some countries whose law it is, sorted.
fn of_law<'c>(countries: impl IntoIterator<Item = &'c Arc<str>>, regime: &Regime) -> Vec<Arc<str>> {
    let of_it = countries.into_iter().filter(|c| regime.is_of(c));
    let mut found: Vec<Arc<str>> = of_it.cloned().collect();
    found.sort();
    found.dedup();
    found
}

/// A tie that holds in some countries, and where it is open may hold in others of
/// that law; nothing where it does neither.
fn tie(
    regime: &Regime,
    kind: TieKind,
    countries: Vec<Arc<str>>,
    open: bool,
    missing: Vec<Line>,
) -> Option<Tie> {
    let truth = match (countries.is_empty(), open) {
        (false, _) => Truth::True,
        (true, true) => Truth::Unknown,
        (true, false) => return None,
    };
    Some(Tie {
        kind,
        truth,
        through: Vec::new(),
        open: open && countries.len() < regime.countries.len(),
        countries,
        missing,
    })
}
