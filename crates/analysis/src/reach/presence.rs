//! Where the applicant is present, by its sites and activities.

use crate::activities::performer;
use crate::control::{ControlGraph, EntityId};
use crate::facts::View;
use crate::report::Line;
use cocarde_model::{RecordId, Truth};
use std::sync::Arc;

/// The countries where the applicant has sites or activities.
pub(super) struct Presence {
    /// Those that are known, sorted.
    pub(super) countries: Vec<Arc<str>>,
    /// Those where it has some if it is it who is at work there, sorted.
    pub(super) perhaps: Vec<Arc<str>>,
    /// What one would have to know to tell whether it is.
    pub(super) whose: Line,
    /// What one would have to know to have them all; nothing where these are all.
    pub(super) missing: Vec<Line>,
}

impl Presence {
    /// What a dossier says of it; an open list may hold one in any country.
    pub(super) fn new(view: View<'_>, graph: &ControlGraph, applicant: EntityId) -> Presence {
        let name = &graph.entity(applicant).name;
        let own = Own {
            view,
            graph,
            applicant,
        };
        let (places, mut missing) = (own.places(), Vec::new());
        if places.iter().any(|(country, _)| country.is_none()) {
            missing.push(Line::new(
                format!("les pays où {name} a ses sites et activités"),
                format!("the countries where {name} has its sites and activities"),
            ));
        }
        for (list, fr, en) in [
            ("sites", "sites", "sites"),
            ("activities", "activités", "activities"),
        ] {
            if !own.list(list).1 {
                missing.push(Line::new(
                    format!("si la liste des {fr} de {name} est complète"),
                    format!("whether the list of the {en} of {name} is complete"),
                ));
            }
        }
        let of = |truth| {
            let of_it = places.iter().filter(|(_, own)| *own == truth);
            let mut countries: Vec<Arc<str>> = of_it.filter_map(|(c, _)| c.clone()).collect();
            countries.sort();
            countries.dedup();
            countries
        };
        Presence {
            countries: of(Truth::True),
            perhaps: of(Truth::Unknown),
            whose: Line::new(
                format!("si c'est {name} qui exerce les activités dont l'auteur est contesté"),
                format!(
                    "whether it is {name} that performs the activities whose performer is disputed"
                ),
            ),
            missing,
        }
    }
}

/// The sites and activities of a dossier, read for those of the applicant.
struct Own<'a> {
    view: View<'a>,
    graph: &'a ControlGraph,
    applicant: EntityId,
}

impl<'a> Own<'a> {
    fn list(&self, list: &str) -> (&'a [RecordId], bool) {
        let view = self.view;
        let offering = view.part(view.base.root(), "offering");
        offering.map_or((&[], false), |o| view.members(o, list))
    }

    /// The country of each that is, or may be, the applicant's, `None` where it is not
    /// known, and whether it is.
    fn places(&self) -> Vec<(Option<Arc<str>>, Truth)> {
        let sites = self.list("sites").0.iter().map(|s| (*s, self.has(*s)));
        let activities = self.list("activities").0.iter();
        let all = sites.chain(activities.map(|a| (*a, self.does(*a))));
        all.filter(|(_, own)| *own != Truth::False)
            .map(|(record, own)| (self.view.text(record, "country"), own))
            .collect()
    }

    /// Whether an activity is the applicant's; one of a party that is none may be.
    fn does(&self, activity: RecordId) -> Truth {
        let is_own = |p| {
            let party = self.graph.by_record(p);
            party.map_or(Truth::Unknown, |p| (p == self.applicant).into())
        };
        performer(self.view, activity, is_own)
    }

    /// Whether an activity is at a site.
    fn is_at(&self, activity: RecordId, site: RecordId) -> Truth {
        if let Some(at) = self.view.record(activity, "site") {
            return (at == site).into();
        }
        let perhaps = self.view.candidates(activity, "site", None);
        if perhaps.contains(&site) {
            Truth::Unknown
        } else {
            Truth::False
        }
    }

    /// Whether a site is the applicant's: one where only others are at work is not.
    fn has(&self, site: RecordId) -> Truth {
        let activities = self.list("activities").0.iter();
        let at: Vec<(Truth, Truth)> = activities
            .map(|a| (self.is_at(*a, site), self.does(*a)))
            .filter(|(there, _)| *there != Truth::False)
            .collect();
        let sure = |truth: Truth| truth == Truth::True;
        let own = at.iter().any(|(there, own)| sure(there.and(*own)));
        let none = !at.iter().any(|(there, _)| sure(*there));
        let may = none || at.iter().any(|(_, own)| *own != Truth::False);
        let may_not = !own && at.iter().any(|(_, own)| !sure(*own));
        match (may, may_not) {
            (true, true) => Truth::Unknown,
            (may, _) => may.into(),
        }
    }
}
