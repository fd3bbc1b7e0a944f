//! Where the applicant is present, by its sites and activities.

use crate::control::{ControlGraph, EntityId};
use crate::facts::View;
use crate::report::Line;
use cocarde_model::RecordId;
use std::sync::Arc;

/// The countries where the applicant has sites or activities.
pub(super) struct Presence {
    /// Those that are known, sorted.
    pub(super) countries: Vec<Arc<str>>,
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
        if places.iter().any(Option::is_none) {
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
        let mut countries: Vec<Arc<str>> = places.into_iter().flatten().collect();
        countries.sort();
        countries.dedup();
        Presence { countries, missing }
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

    /// The country of each, `None` where it is not known.
    fn places(&self) -> Vec<Option<Arc<str>>> {
        let sites = self.list("sites").0.iter();
        let sites = sites.filter(|s| !self.others_only(**s));
        let activities = self.list("activities").0.iter();
        let all = sites.chain(activities.filter(|a| self.does(**a)));
        all.map(|r| self.view.text(*r, "country")).collect()
    }

    /// Whether an activity is the applicant's.
    fn does(&self, activity: RecordId) -> bool {
        let by = self.view.record(activity, "performed_by");
        by.and_then(|p| self.graph.by_record(p))
            .is_none_or(|p| p == self.applicant)
    }

    /// A site where only others are at work is not the applicant's.
    fn others_only(&self, site: RecordId) -> bool {
        let there = |a: &&RecordId| self.view.record(**a, "site") == Some(site);
        let mut at = self.list("activities").0.iter().filter(there).peekable();
        at.peek().is_some() && !at.any(|a| self.does(*a))
    }
}
