//! What one would have to know to decide.

use super::Inquiry;
use super::paths::Path;
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
                lines.push(open_question(&self.name(path.custodian.actor), aspect));
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

/// What is unknown of an actor whose tie to a regime is known.
fn open_question(name: &Line, aspect: Aspect) -> Line {
    let (fr, en) = (&name.fr, &name.en);
    match aspect {
        Aspect::Availability => Line::new(
            format!("si le service s'arrête quand {fr} s'arrête"),
            format!("whether the service stops when {en} does"),
        ),
        Aspect::Metadata => Line::new(
            format!("à quelles données {fr} a accès"),
            format!("which data {en} can obtain"),
        ),
        Aspect::Content => Line::new(
            format!("à quelles données {fr} a accès, et qui détient les clés"),
            format!("which data {en} can obtain, and who holds the keys"),
        ),
    }
}
