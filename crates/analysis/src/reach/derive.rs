//! From the reach analysis back to facts.

use super::custody::{Custodian, Custodies, all_stated};
use super::report::{ReachReport, Reached};
use crate::control::{self, ControlGraph};
use crate::derived::Derived;
use crate::facts::View;
use crate::report::Line;
use cocarde_knowledge::regimes::Aspect;
use cocarde_model::{FactId, Truth, Value};
use std::sync::Arc;

/// `protection.content_reach` and `protection.metadata_reach`: the countries
/// whose law reaches customer content and metadata. While a regime is undecided, or
/// it is whether one reaches from outside the area, or while a hosting or supplier may
/// be missing, which any law may reach, those that are certain are an open list, where
/// one of them is outside; else nothing.
pub fn derive(view: View<'_>, graph: &ControlGraph, report: &ReachReport) -> Vec<Derived> {
    let Some(protection) = view.part(view.base.root(), "protection") else {
        return Vec::new();
    };
    let wanted = [
        (
            "content_reach",
            "customer-content",
            Aspect::Content,
            "contenus",
            "content",
        ),
        (
            "metadata_reach",
            "customer-metadata",
            Aspect::Metadata,
            "métadonnées",
            "metadata",
        ),
    ];
    let custodians = Custodies::from_facts(view, graph).map_or_else(Vec::new, |c| c.list);
    let mut derived = Vec::new();
    for (field, class, aspect, fr, en) in wanted {
        let Some(found) = Found::of(report, class, aspect, all_stated(view)) else {
            continue;
        };
        let Some(key) = view.key(protection, field) else {
            continue;
        };
        // Whoever cannot have the data has no part in it.
        let have = custodians.iter();
        let have = have.filter(|c| c.has_for(class, aspect) != Truth::False);
        derived.push(Derived {
            key,
            because: found.because(fr, en),
            open: found.is_open(),
            value: Value::Texts(found.countries.into()),
            rests_on: rests_on(view, graph, have),
        });
    }
    derived
}

/// The countries whose law reaches, and the regimes that are undecided.
struct Found<'a> {
    countries: Vec<Arc<str>>,
    undecided: Vec<&'a Line>,
    /// Whether no hosting or supplier may be missing.
    all_stated: bool,
}

impl<'a> Found<'a> {
    fn of(
        report: &'a ReachReport,
        class: &str,
        aspect: Aspect,
        all_stated: bool,
    ) -> Option<Found<'a>> {
        let of_class = |o: &&super::Outcome| &*o.data == class && o.aspect == aspect;
        let outcomes: Vec<_> = report.outcomes.iter().filter(of_class).collect();
        let open = outcomes.iter().filter(|o| o.is_open());
        let undecided: Vec<&Line> = open.map(|o| &o.name).collect();
        let mut countries: Vec<Arc<str>> =
            outcomes.iter().flat_map(|o| o.countries.clone()).collect();
        countries.sort();
        countries.dedup();
        let outside = outcomes
            .iter()
            .any(|o| o.reached == Reached::Reached && !o.inside && !o.is_open());
        let found = Found {
            countries,
            undecided,
            all_stated,
        };
        (!outcomes.is_empty() && (outside || !found.is_open())).then_some(found)
    }

    fn is_open(&self) -> bool {
        !self.undecided.is_empty() || !self.all_stated
    }

    fn because(&self, fr: &str, en: &str) -> Line {
        let list = match &self.countries[..] {
            [] => "—".into(),
            countries => countries.join(", "),
        };
        let (fr, en) = (
            format!("pays dont le droit atteint les {fr} : {list}"),
            format!("countries whose law reaches {en}: {list}"),
        );
        if !self.is_open() {
            return Line::new(fr, en);
        }
        let (mut fr, mut en) = (format!("{fr} au moins"), format!("{en} at least"));
        if !self.undecided.is_empty() {
            let names = |lang: &str| {
                let names = self.undecided.iter().map(|l| l.get(lang));
                names.collect::<Vec<_>>().join(", ")
            };
            fr += &format!(" ; reste indéterminé : {}", names("fr"));
            en += &format!("; still undetermined: {}", names("en"));
        }
        if !self.all_stated {
            fr += " ; il peut manquer des hébergements ou des fournisseurs à la liste";
            en += "; hostings or suppliers may be missing from the list";
        }
        Line::new(fr, en)
    }
}

/// What the outcomes rest on of the lists of an offering.
const READ: [(&str, &[&str]); 4] = [
    (
        "hosting",
        &[
            "operator",
            "country",
            "data",
            "keys_held_by",
            "administered_from",
            "supported_from",
        ],
    ),
    ("suppliers", &["party", "can_reach"]),
    ("sites", &["country"]),
    ("activities", &["country", "site", "performed_by"]),
];

/// The facts that the outcomes rest on: about hostings and suppliers, where the applicant is
/// present, and who has data of that class, who is above those, and where they are at home.
fn rests_on<'c>(
    view: View<'_>,
    graph: &ControlGraph,
    custodians: impl Iterator<Item = &'c Custodian>,
) -> Vec<FactId> {
    let Some(offering) = view.part(view.base.root(), "offering") else {
        return Vec::new();
    };
    let mut facts = Vec::new();
    for (list, fields) in READ {
        for record in view.members(offering, list).0 {
            facts.extend(fields.iter().flat_map(|f| view.facts(*record, f)));
        }
    }
    let actors = custodians.filter_map(|c| c.actor);
    let more = ["kind", "controlled_from"];
    facts.extend(control::rests_on(view, graph, actors, &more));
    facts
}

#[cfg(test)]
mod tests;
