//! What one would have to know to decide.

use super::paths::Path;
use super::{Inquiry, data_name};
use crate::reach::custody::Custodian;
use crate::reach::ties::Tie;
use crate::report::Line;
use cocarde_knowledge::regimes::{Aspect, Regime};
use cocarde_model::Truth;

impl Inquiry<'_> {
    /// What one would have to know to decide, without repetition.
    pub(super) fn missing(&self, paths: &[Path<'_>]) -> Vec<Line> {
        if paths.is_empty() {
            return vec![Line::new(
                "les hébergements et fournisseurs",
                "hostings and suppliers",
            )];
        }
        distinct(paths.iter())
    }

    /// What one would have to know to tell that a law which reaches from inside
    /// the area does not from outside, too.
    pub(super) fn missing_of_inside(&self, paths: &[Path<'_>], regime: &Regime) -> Vec<Line> {
        distinct(paths.iter().filter(|p| self.may_be_outside(p, regime)))
    }

    /// Whether a path may bring a country from outside the area.
    fn may_be_outside(&self, path: &Path<'_>, regime: &Regime) -> bool {
        !self.all_inside(&path.tie.countries)
            || path.tie.open && !self.all_inside(&regime.countries)
    }

    /// Whether a tie of a custodian leaves nothing to ask of its others: it surely
    /// holds, and from outside the area where one of them might.
    pub(super) fn settles(&self, tie: &Tie, regime: &Regime) -> bool {
        let outside = !self.all_inside(&tie.countries);
        tie.truth == Truth::True && (outside || self.all_inside(&regime.countries))
    }

    /// What is unknown of one path: what its tie leaves open, and what the
    /// custodian has.
    pub(super) fn questions(
        &self,
        custodian: &Custodian,
        has: Truth,
        open: &[Line],
        aspect: Aspect,
    ) -> Vec<Line> {
        let mut lines = open.to_vec();
        if has == Truth::Unknown {
            lines.push(self.open_question(custodian, aspect));
        }
        lines
    }

    /// What is unknown of a custodian.
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

/// The questions of some paths, without repetition.
fn distinct<'p>(paths: impl Iterator<Item = &'p Path<'p>>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for line in paths.flat_map(|p| &p.missing) {
        if !lines.contains(line) {
            lines.push(line.clone());
        }
    }
    lines
}
