//! From facts to the graph of holdings.

use super::graph::{ControlGraph, Entity, EntityId, Holding, Kind, SpecialRight};
use crate::facts::View;
use cocarde_model::{Diagnostic, FactBase, RecordId};
use std::collections::HashMap;

/// The graph of all parties of a dossier and the holdings among them, as the
/// facts that speak of `view.day` state them. Facts that disagree on a share
/// give the interval that holds them all; facts that disagree on a word leave
/// it unknown. A holding without a holder or without a company held adds
/// nothing: its share stays in the unattributed remainder.
///
/// # Errors
/// The defects that [`ControlGraph::new`] finds, at the place of the holding.
pub fn from_facts(view: View<'_>) -> Result<ControlGraph, Vec<Diagnostic>> {
    let base = view.base;
    let mut entities = Vec::new();
    let mut ids = HashMap::new();
    for record in parties(base) {
        ids.insert(record, EntityId(entities.len() as u32));
        entities.push(entity(view, record));
    }
    let (records, complete) = match view.part(base.root(), "governance") {
        Some(governance) => view.members(governance, "holdings"),
        None => (&[][..], false),
    };
    let holdings: Vec<Holding> = records
        .iter()
        .filter_map(|r| holding(view, *r, &ids))
        .collect();
    // A holding whose two ends are not both known may be anyone's.
    let complete = complete && holdings.len() == records.len();
    ControlGraph::new(entities, holdings, complete)
}

fn parties(base: &FactBase) -> impl Iterator<Item = RecordId> {
    let party = base.schema().by_name("party");
    base.records()
        .filter(move |(_, r)| Some(r.ty) == party)
        .map(|(id, _)| id)
}

fn entity(view: View<'_>, record: RecordId) -> Entity {
    Entity {
        name: view.name(record),
        kind: view.text(record, "kind").and_then(|k| Kind::parse(&k)),
        seat: view.text(record, "seat"),
        central_administration: view.text(record, "central_administration"),
        main_establishment: view.text(record, "main_establishment"),
        residence: view.text(record, "residence"),
        nationality: view.text(record, "nationality"),
        controlled_from: view.text(record, "controlled_from"),
        listed: view.bool(record, "listed"),
        record: Some(record),
    }
}

fn holding(view: View<'_>, record: RecordId, ids: &HashMap<RecordId, EntityId>) -> Option<Holding> {
    let party = |name| ids.get(&view.record(record, name)?).copied();
    let rights = view.texts(record, "special_rights").map(|names| {
        let rights = names.iter().filter_map(|n| SpecialRight::parse(n));
        rights.collect()
    });
    Some(Holding {
        holder: party("holder")?,
        held: party("held")?,
        capital: view.number(record, "capital"),
        votes: view.number(record, "votes"),
        rights,
        record: Some(record),
        span: view.span(record),
    })
}
