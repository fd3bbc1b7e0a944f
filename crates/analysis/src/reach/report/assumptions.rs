//! What *not reached*, and *from inside alone*, take for granted.

use super::Inquiry;
use crate::control::at_the_seat;
use crate::reach::custody::Custodian;
use crate::report::Line;
use cocarde_knowledge::regimes::{Aspect, Regime, TieKind};
use cocarde_model::Truth;

impl Inquiry<'_> {
    /// What they rest on.
    pub(super) fn assumptions(&self, aspect: Aspect, regime: &Regime) -> Vec<Line> {
        let mut lines = vec![if self.custodies.complete {
            Line::new(
                "la liste des hébergements et fournisseurs est complète, comme déclaré",
                "the list of hostings and suppliers is complete, as stated",
            )
        } else {
            Line::new(
                "aucun hébergement ni fournisseur ne manque à la liste",
                "no hosting or supplier is missing from the list",
            )
        }];
        if regime.ties.iter().any(|t| t.kind == TieKind::Presence) {
            lines.push(Line::new(
                "les fournisseurs n'ont ni établissement ni personnel dans aucun pays de ce droit",
                "suppliers have no establishment or staff in any country of that law",
            ));
        }
        let home = |t: TieKind| matches!(t, TieKind::Incorporation | TieKind::Control);
        let mut actors = self.custodies.list.iter().filter_map(|c| c.actor);
        if regime.ties.iter().any(|t| home(t.kind))
            && actors.any(|a| self.jurisdictions.follows_seat(a))
        {
            lines.push(at_the_seat());
        }
        let keyed = |c: &Custodian| c.has != Truth::False && c.readable == Truth::False;
        if aspect == Aspect::Content && self.custodies.list.iter().any(keyed) {
            lines.push(Line::new(
                "les clés restent hors de portée de l'exploitant, y compris en mémoire",
                "keys stay out of the operator's reach, in memory too",
            ));
        }
        lines
    }
}
