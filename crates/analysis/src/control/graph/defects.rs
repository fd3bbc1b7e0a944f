//! What is wrong with entities and holdings, each at its place.

use super::{ControlGraph, EntityId, Holding, MAX_ENTITIES, MAX_WORK, Measure};
use crate::exact::{Range, Ratio};
use crate::flow::{FlowError, MAX_LOOP};
use cocarde_model::{Decimal, Diagnostic};
use num_traits::One;
use std::collections::HashSet;

/// Why there can be no graph of these: too much of it, or entities that do not exist.
pub(super) fn unfit(entities: usize, holdings: &[Holding]) -> Vec<Diagnostic> {
    let ends = holdings.iter().flat_map(|h| [h.holder, h.held]);
    let linked = ends.collect::<HashSet<_>>().len();
    if linked > MAX_ENTITIES {
        return vec![too_large(
            format!("{linked} entités : l'analyse exacte en accepte {MAX_ENTITIES}"),
            format!("{linked} entities: the exact analysis accepts {MAX_ENTITIES}"),
        )];
    }
    let count = holdings.len();
    if linked.saturating_mul(count) > MAX_WORK {
        return vec![too_large(
            format!(
                "{linked} entités × {count} détentions : l'analyse exacte en accepte {MAX_WORK}"
            ),
            format!("{linked} entities × {count} holdings: the exact analysis accepts {MAX_WORK}"),
        )];
    }
    let last = |h: &&Holding| h.holder.index().max(h.held.index());
    let unknown = holdings.iter().filter(|h| last(h) >= entities);
    unknown.map(unknown_entity).collect()
}

fn too_large(fr: String, en: String) -> Diagnostic {
    Diagnostic::error("graph-too-large", fr, en).help(
        "gardez les entités au-dessus du demandeur",
        "keep the entities above the applicant",
    )
}

fn unknown_entity(holding: &Holding) -> Diagnostic {
    let error = Diagnostic::error(
        "unknown-entity",
        "une détention nomme une entité qui n'existe pas",
        "a holding names an entity that does not exist",
    );
    at(error, holding)
}

impl ControlGraph {
    /// What is wrong with the shares of a graph. Where something is wrong with a
    /// holding by itself, the company held is not judged by their sum.
    pub(super) fn defects(&self) -> Vec<Diagnostic> {
        let own = self.holdings.iter().map(|h| self.defects_of(h));
        let own: Vec<Vec<Diagnostic>> = own.collect();
        let faulty = self
            .holdings
            .iter()
            .zip(&own)
            .filter(|(_, d)| !d.is_empty());
        let mut unsound: HashSet<EntityId> = faulty.map(|(h, _)| h.held).collect();
        let mut defects = own.concat();
        for (id, _) in self.entities() {
            let above = self.above_whole(id).filter(|_| !unsound.contains(&id));
            if let Some(defect) = above {
                unsound.insert(id);
                defects.push(defect);
            }
        }
        defects.extend(self.closed_loops(&unsound));
        defects
    }

    fn defects_of(&self, h: &Holding) -> Vec<Diagnostic> {
        let mut defects = Vec::new();
        let (holder, held) = (&self.entity(h.holder).name, &self.entity(h.held).name);
        if h.holder == h.held {
            let e = Diagnostic::error(
                "self-holding",
                format!("« {held} » ne peut pas se détenir elle-même"),
                format!("\"{held}\" cannot hold itself"),
            )
            .help(
                "retirez la ligne : l'autodétention est dans le reste non attribué",
                "remove the line: treasury shares belong to the unattributed remainder",
            );
            defects.push(at(e, h));
        }
        for share in [h.capital, h.votes] {
            let outside = |d: Decimal| d < Decimal::ZERO || d > Decimal::ONE_HUNDRED;
            if share.lo().is_some_and(outside) || share.hi().is_some_and(outside) {
                let e = Diagnostic::error(
                    "share-out-of-range",
                    format!(
                        "part de « {holder} » dans « {held} » : {share} n'est pas entre 0 et 100"
                    ),
                    format!(
                        "share of \"{holder}\" in \"{held}\": {share} is not between 0 and 100"
                    ),
                )
                .help(
                    "écrivez un pourcentage de 0 à 100",
                    "write a percentage from 0 to 100",
                );
                defects.push(at(e, h));
            }
        }
        defects
    }

    /// That the shares of a company exceed the whole, told once.
    fn above_whole(&self, id: EntityId) -> Option<Diagnostic> {
        let measures = [
            (Measure::Capital, "du capital", "capital"),
            (Measure::Votes, "des votes", "vote"),
        ];
        measures.into_iter().find_map(|(measure, fr, en)| {
            let shares = self.holders(id).map(|h| Self::share(h, measure).lo);
            let sum: Ratio = shares.sum();
            (sum > Ratio::one()).then(|| self.exceeds(id, &sum, fr, en))
        })
    }

    fn exceeds(&self, id: EntityId, sum: &Ratio, fr: &str, en: &str) -> Diagnostic {
        let name = &self.entity(id).name;
        let total = Range::point(sum.clone()).to_percent();
        let holders: Vec<&str> = self
            .holders(id)
            .map(|h| &*self.entity(h.holder).name)
            .collect();
        let holders = holders.join(", ");
        let error = Diagnostic::error(
            "shares-above-whole",
            format!("les parts {fr} de « {name} » dépassent 100 % : {total} ({holders})"),
            format!("the {en} shares of \"{name}\" exceed 100%: {total} ({holders})"),
        )
        .help(
            "corrigez une part, ou retirez une détention comptée deux fois",
            "correct a share, or remove a holding that is counted twice",
        );
        let last = self.holders(id).last();
        last.map_or(error.clone(), |h| at(error, h))
    }

    /// Loops that nobody outside holds, of companies whose shares are sound: of
    /// the others, anyone may hold a part once they are corrected.
    fn closed_loops(&self, unsound: &HashSet<EntityId>) -> Vec<Diagnostic> {
        let mut defects = Vec::new();
        for measure in [Measure::Capital, Measure::Votes] {
            let mut flow = self.flow(measure, false);
            unsound
                .iter()
                .for_each(|id| flow.split(id.index(), Vec::new()));
            match flow.check() {
                Ok(()) => continue,
                Err(FlowError::Closed(nodes)) => defects.push(self.closed_loop(&nodes)),
                Err(error) => defects.push(flow_diagnostic(&error)),
            }
            break;
        }
        defects
    }

    fn closed_loop(&self, nodes: &[usize]) -> Diagnostic {
        let names: Vec<&str> = nodes.iter().map(|n| &*self.entities[*n].name).collect();
        let names = names.join(", ");
        let error = Diagnostic::error(
            "closed-loop",
            format!("personne d'extérieur ne détient cette boucle : {names}"),
            format!("nobody outside holds this loop: {names}"),
        )
        .help(
            "une société doit avoir, au bout de la chaîne, un détenteur hors de la boucle",
            "a company must have, at the end of the chain, a holder outside the loop",
        );
        let inside = |h: &&Holding| nodes.contains(&h.held.index());
        let place = self.holdings.iter().find(inside);
        place.map_or(error.clone(), |h| at(error, h))
    }
}

/// The diagnostic for a flow that could not be computed.
pub(in crate::control) fn flow_diagnostic(error: &FlowError) -> Diagnostic {
    match error {
        FlowError::LoopTooLarge(n) => Diagnostic::error(
            "loop-too-large",
            format!("une boucle de {n} entités dépasse la limite de {MAX_LOOP}"),
            format!("a loop of {n} entities exceeds the limit of {MAX_LOOP}"),
        ),
        FlowError::Infeasible(_) | FlowError::Closed(_) => Diagnostic::error(
            "inconsistent-shares",
            "les parts ne peuvent pas totaliser 100 %",
            "the shares cannot add up to 100%",
        ),
    }
}

fn at(diagnostic: Diagnostic, holding: &Holding) -> Diagnostic {
    match holding.span {
        Some(span) => diagnostic.at(span),
        None => diagnostic,
    }
}

#[cfg(test)]
mod tests {
    use crate::control::ControlGraph;
    use crate::control::testing::{company, holdings, pct, state};

    /// Two companies above the whole, one share out of range and a closed loop.
    #[test]
    fn every_defect_is_told_once() {
        let names = ["above", "beyond", "wide", "round", "about"];
        let mut entities = names.map(|n| company(n, "FR")).to_vec();
        entities.push(state("s", "FR"));
        entities.push(state("t", "FR"));
        let list = [
            ("s", "above", pct("60")),
            ("t", "above", pct("50")),
            ("s", "beyond", pct("70")),
            ("above", "beyond", pct("70")),
            ("s", "wide", pct("101")),
            ("round", "about", pct("100")),
            ("about", "round", pct("100")),
        ];
        let holdings = holdings(&entities, &list);
        let defects = ControlGraph::new(entities, holdings, true).unwrap_err();
        let told: Vec<&str> = defects.iter().map(|d| d.code).collect();
        let above = "shares-above-whole";
        assert_eq!(
            told,
            [
                "share-out-of-range",
                "share-out-of-range",
                above,
                above,
                "closed-loop"
            ]
        );
    }
}
