//! What one would have to know to decide.

use super::Inquiry;
use super::paths::Path;
use crate::report::Line;
use cocarde_model::Truth;

impl Inquiry<'_> {
    /// What one would have to know to decide, without repetition.
    pub(super) fn missing(&self, paths: &[Path<'_>]) -> Vec<Line> {
        let mut lines: Vec<Line> = Vec::new();
        for path in paths {
            if path.tie.truth == Truth::Unknown {
                lines.extend(path.tie.missing.clone());
            } else {
                let name = self.name(path.custodian.actor);
                lines.push(Line::new(
                    format!(
                        "à quelles données {} a accès, et qui détient les clés",
                        name.fr
                    ),
                    format!("which data {} can obtain, and who holds the keys", name.en),
                ));
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
}
