//! The results in sentences, and what they take for granted.

use super::{ChainSummary, ControlAnalysis, ControlSummary, HolderSummary, OutsideSummary};
use crate::control::graph::{Entity, EntityId};
use crate::control::outside::Persons;
use crate::report::{Bounds, Line};
use cocarde_model::Truth;

/// What is taken for granted where places of companies follow their seats.
pub(crate) fn at_the_seat() -> Line {
    Line::new(
        "une administration centrale ou un établissement non précisé est au siège",
        "a central administration or establishment that is not stated is at the seat",
    )
}

impl ControlAnalysis<'_> {
    pub(super) fn assumptions(&self) -> Vec<Line> {
        let mut lines = Vec::new();
        if self.rule.follow_seat {
            lines.push(at_the_seat());
        }
        if self.rule.listed_declare {
            lines.push(Line::new(
                "pour des titres cotés, seuls comptent les détenteurs déclarés (C. com. L.233-7)",
                "for listed shares, only declared holders count (Code de commerce, L.233-7)",
            ));
        }
        lines.push(match self.rule.persons {
            Persons::Residence => Line::new(
                "les personnes physiques comptent par leur résidence",
                "natural persons count by residence",
            ),
            Persons::Nationality => Line::new(
                "les personnes physiques comptent par leur nationalité",
                "natural persons count by nationality",
            ),
            Persons::NotCounted => Line::new(
                "les personnes physiques ne comptent pas comme entités tierces",
                "natural persons do not count as third-country entities",
            ),
        });
        for (id, entity) in self.graph.entities() {
            let stated = entity.controlled_from.one();
            let Some(from) = stated.filter(|_| self.is_unstated(id)) else {
                continue;
            };
            if self.table.controls(id, self.target) != Truth::False {
                lines.push(Line::new(
                    format!("{} est contrôlée depuis {from}, comme déclaré", entity.name),
                    format!("{} is controlled from {from}, as stated", entity.name),
                ));
            }
        }
        if self.graph.is_complete() {
            lines.push(Line::new(
                "la liste des détentions est dite complète : personne de nommé ne détient davantage",
                "the list of holdings is stated to be complete: nobody named holds more",
            ));
        }
        lines
    }

    pub(super) fn explanation(
        &self,
        control: &ControlSummary,
        outside: &OutsideSummary,
    ) -> Vec<Line> {
        let mut lines = vec![self.control_line(control)];
        let pair = |fr: &str, en: &str, together: Bounds, largest: Bounds| {
            let (t, l) = (together.percent(), largest.percent());
            Line::new(
                format!(
                    "hors de la zone : {} {fr} ensemble, {} au plus pour une seule entité",
                    t.fr, l.fr
                ),
                format!(
                    "from outside: {} of the {en} together, {} at most for one entity",
                    t.en, l.en
                ),
            )
        };
        lines.push(pair(
            "du capital",
            "capital",
            outside.capital,
            outside.capital_max,
        ));
        lines.push(pair("des votes", "votes", outside.votes, outside.votes_max));
        lines.extend(self.open_line());
        for holder in &outside.holders {
            lines.extend(holder.chains.first().map(|c| chain_line(holder, c)));
        }
        lines
    }

    /// Whose holders would have to be stated to know what is held from outside:
    /// the target and entities above it that do not lie outside themselves.
    pub(in crate::control) fn open_line(&self) -> Option<Line> {
        let above = self.graph.above_of(self.target);
        let open = |(id, entity): &(EntityId, &Entity)| {
            above[id.index()]
                && self.is_unstated(*id)
                && self.rule.is_outside(entity) != Truth::True
        };
        let open = self.graph.entities().filter(open);
        let names: Vec<&str> = open.map(|(_, e)| &*e.name).collect();
        let names = names.join(", ");
        (!names.is_empty()).then(|| {
            Line::new(
                format!("personne n'a dit qui détient : {names}"),
                format!("nobody stated who holds: {names}"),
            )
        })
    }

    fn control_line(&self, control: &ControlSummary) -> Line {
        let target = self.name(self.target);
        let heads = control.controllers.join(", ");
        if !control.controllers.is_empty() {
            let from = control.country.as_deref().unwrap_or("?");
            return Line::new(
                format!("{target} est contrôlée par {heads} ({from})"),
                format!("{target} is controlled by {heads} ({from})"),
            );
        }
        let unstated = self.is_unstated(self.target);
        if control.possible.is_empty() && !control.unnamed && !unstated {
            return Line::new(
                format!("personne ne contrôle {target}"),
                format!("nobody controls {target}"),
            );
        }
        Line::new(
            format!("on ne sait pas qui contrôle {target}"),
            format!("it is not known who controls {target}"),
        )
    }
}

fn chain_line(holder: &HolderSummary, chain: &ChainSummary) -> Line {
    let text = |lang: &str| {
        let mut out = chain.path[0].clone();
        for (name, share) in chain.path[1..].iter().zip(&chain.shares) {
            out += &format!(" —{}→ {name}", share.percent().get(lang));
        }
        out
    };
    let country = holder.country.as_deref().unwrap_or("?");
    let share = holder.capital.percent();
    Line::new(
        format!(
            "{} ({country}) : {} du capital ; {}",
            holder.name,
            share.fr,
            text("fr")
        ),
        format!(
            "{} ({country}): {} of the capital; {}",
            holder.name,
            share.en,
            text("en")
        ),
    )
}
