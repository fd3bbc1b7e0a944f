//! What one would have to know to decide.

use super::paths::Path;
use super::{Inquiry, data_name};
use crate::reach::custody::Custodian;
use crate::report::Line;
use cocarde_knowledge::regimes::Aspect;
use cocarde_model::Truth;

impl Inquiry<'_> {
    /// What one would have to know to decide, without repetition.
    pub(super) fn missing(&self, paths: &[Path<'_>], aspect: Aspect) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for path in paths {
            if path.tie.truth == Truth::Unknown {
                lines.extend(path.tie.missing.clone());
            } else {
                lines.push(self.open_question(path.custodian, aspect));
            }
        }
        if paths.is_empty() {
            lines.push(Line::new(
                "les hébergements et fournisseurs",
                "hostings and suppliers",
            ));
        }
        let mut seen: Vec<Line> = Vec::new();
        lines.retain(|l| {
            !seen.contains(l) && {
                seen.push(l.clone());
                true
            }
        });
        lines
    }

    /// What is unknown of a custodian whose tie to a regime is known.
    fn open_question(&self, custodian: &Custodian, aspect: Aspect) -> Line {
        let Line { fr, en } = &self.name(custodian.actor);
        let keys = aspect == Aspect::Content && custodian.readable == Truth::Unknown;
        match (aspect, custodian.has) {
            (Aspect::Availability, _) => Line::new(
                format!("si le service s'arrête quand {fr} s'arrête"),
                format!("whether the service stops when {en} does"),
            ),
            (_, Truth::Unknown) if keys => Line::new(
                format!("à quelles données {fr} a accès, et qui détient les clés"),
                format!("which data {en} can obtain, and who holds the keys"),
            ),
            (_, Truth::Unknown) => Line::new(
                format!("à quelles données {fr} a accès"),
                format!("which data {en} can obtain"),
            ),
            _ => {
                let Line { fr, en } = data_name(&custodian.class);
                Line::new(
                    format!("qui détient les clés des {fr}"),
                    format!("who holds the keys to {en}"),
                )
            }
        }
    }
}
