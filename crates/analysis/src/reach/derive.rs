//! From the reach analysis back to facts.

use super::report::{ReachReport, Reached};
use crate::derived::Derived;
use crate::facts::View;
use crate::report::Line;
use cocarde_knowledge::regimes::Aspect;
use cocarde_model::{FactId, Value};
use std::sync::Arc;

/// `protection.content_reach` and `protection.metadata_reach`: the countries
/// whose law reaches customer content and metadata, when every regime is
/// decided; nothing else.
pub fn derive(view: View<'_>, report: &ReachReport) -> Vec<Derived> {
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
    let mut derived = Vec::new();
    for (field, class, aspect, fr, en) in wanted {
        let Some(countries) = countries(report, class, aspect) else {
            continue;
        };
        let Some(key) = view.key(protection, field) else {
            continue;
        };
        let list = if countries.is_empty() {
            "—".into()
        } else {
            countries.join(", ")
        };
        derived.push(Derived {
            key,
            value: Value::Texts(countries.into()),
            because: Line::new(
                format!("pays dont le droit atteint les {fr} : {list}"),
                format!("countries whose law reaches {en}: {list}"),
            ),
            rests_on: rests_on(view),
        });
    }
    derived
}

fn countries(report: &ReachReport, class: &str, aspect: Aspect) -> Option<Vec<Arc<str>>> {
    let of_class = |o: &&super::Outcome| &*o.data == class && o.aspect == aspect;
    let outcomes: Vec<_> = report.outcomes.iter().filter(of_class).collect();
    let decided = outcomes.iter().all(|o| o.reached != Reached::Undetermined);
    if outcomes.is_empty() || !decided {
        return None;
    }
    let mut countries: Vec<Arc<str>> = outcomes.iter().flat_map(|o| o.countries.clone()).collect();
    countries.sort();
    countries.dedup();
    Some(countries)
}

/// Facts about hosting and suppliers that the outcomes rest on.
fn rests_on(view: View<'_>) -> Vec<FactId> {
    let mut facts = Vec::new();
    if let Some(offering) = view.part(view.base.root(), "offering") {
        let lists = [
            (
                "hosting",
                &[
                    "operator",
                    "country",
                    "data",
                    "keys_held_by",
                    "administered_from",
                    "supported_from",
                ][..],
            ),
            ("suppliers", &["party", "can_reach"][..]),
        ];
        for (list, fields) in lists {
            for record in view.members(offering, list).0 {
                facts.extend(fields.iter().flat_map(|f| view.facts(*record, f)));
            }
        }
    }
    facts
}

#[cfg(test)]
mod tests;
