//! Changes that, made together, cut the reach.

use super::Inquiry;
use super::paths::Path;
use crate::reach::custody::Way;
use crate::report::Line;
use cocarde_knowledge::regimes::{Aspect, TieKind};
use schemars::JsonSchema;
use serde::Serialize;

/// Changes that, made together, cut the reach.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cut {
    /// Each change.
    pub together: Vec<Line>,
}

impl Inquiry<'_> {
    pub(super) fn cuts(&self, aspect: Aspect, sure: &[&Path<'_>]) -> Vec<Cut> {
        if sure.is_empty() {
            return Vec::new();
        }
        let mut cuts = Vec::new();
        if aspect == Aspect::Content {
            cuts.push(Cut {
                together: vec![Line::new(
                    "les clés de chiffrement ne sont détenues que par le client",
                    "only the customer holds the encryption keys",
                )],
            });
        }
        let mut together: Vec<Line> = Vec::new();
        for path in sure {
            let change = self.change(path);
            if !together.contains(&change) {
                together.push(change);
            }
        }
        cuts.push(Cut { together });
        cuts
    }

    /// What ends one path.
    fn change(&self, path: &Path<'_>) -> Line {
        let name = self.name(path.custodian.actor);
        let (that_fr, that_en) = match path.tie.countries.len() {
            0 | 1 => ("ce pays", "that country"),
            _ => ("ces pays", "those countries"),
        };
        match (path.tie.kind, path.custodian.way) {
            (TieKind::Location, _) => Line::new(
                "les données sont stockées dans un autre pays",
                "the data are stored in another country",
            ),
            (TieKind::Administration, _) => Line::new(
                format!("personne n'administre ni ne supporte l'hébergement depuis {that_fr}"),
                format!("nobody administers or supports the hosting from {that_en}"),
            ),
            (TieKind::Presence, _) => Line::new(
                format!("{} n'a plus de site ni d'activité dans {that_fr}", name.fr),
                format!("{} has no site or activity left in {that_en}", name.en),
            ),
            (TieKind::Control, Way::Provides) => Line::new(
                format!("{} n'est plus contrôlée depuis {that_fr}", name.fr),
                format!("{} is no longer controlled from {that_en}", name.en),
            ),
            (_, Way::Provides) => Line::new(
                format!("{} n'a plus son siège dans {that_fr}", name.fr),
                format!("{} no longer has its seat in {that_en}", name.en),
            ),
            _ => Line::new(
                format!(
                    "{} est remplacée par un acteur hors de portée de ce droit",
                    name.fr
                ),
                format!(
                    "{} is replaced by an actor out of reach of that law",
                    name.en
                ),
            ),
        }
    }
}
