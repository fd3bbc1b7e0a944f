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
    /// What is wrong with the shares of a graph.
    pub(super) fn defects(&self) -> Vec<Diagnostic> {
        let mut defects: Vec<Diagnostic> = self
            .holdings
            .iter()
            .flat_map(|h| self.defects_of(h))
            .collect();
        for (id, _) in self.entities() {
            for (measure, fr, en) in [
                (Measure::Capital, "du capital", "capital"),
                (Measure::Votes, "des votes", "vote"),
            ] {
                let sum: Ratio = self.holders(id).map(|h| Self::share(h, measure).lo).sum();
                if sum > Ratio::one() && defects.is_empty() {
                    defects.push(self.above_whole(id, &sum, fr, en));
                }
            }
        }
        if defects.is_empty() {
            defects = self.closed_loops();
        }
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

    fn above_whole(&self, id: EntityId, sum: &Ratio, fr: &str, en: &str) -> Diagnostic {
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

    fn closed_loops(&self) -> Vec<Diagnostic> {
        let mut defects = Vec::new();
        for measure in [Measure::Capital, Measure::Votes] {
            match self.flow(measure, false).check() {
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
