//! From facts to the graph of holdings.

use super::graph::{ControlGraph, Entity, EntityId, Holding, Kind, SpecialRight};
use crate::facts::View;
use cocarde_model::{Diagnostic, FactBase, RecordId};
use std::collections::HashMap;

/// The graph of all parties of a dossier and the holdings among them, as the
/// facts that speak of `view.day` state them. Facts that disagree on a share
/// give the interval that holds them all; facts that disagree on a word leave
/// it open, which is not to leave it out. A holding without a holder or without a company held adds
/// nothing: its share stays in the unattributed remainder, its rights are anyone's.
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
    let mut holdings = Vec::new();
    for record in records {
        match holding(view, *record, &ids) {
            Some(holding) => {
                let entity = &mut entities[holding.held.index()];
                let stated = view.is_stated(*record, "special_rights");
                entity.control_disputed |= stated && holding.rights.is_none();
                entity.votes_vary |= view.varies(*record, "votes");
                holdings.push(holding);
            }
            None => anyones(view, *record, &ids, &mut entities),
        }
    }
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
    let kind = view.text(record, "kind").and_then(|k| Kind::parse(&k));
    let seat = view.said(record, "seat", None);
    let residence = view.said(record, "residence", None);
    let entity = Entity {
        name: view.name(record),
        kind,
        perhaps_person: kind.is_none() && view.is_said(record, "kind", "person"),
        central_administration: view.said(record, "central_administration", seat.one()),
        main_establishment: view.said(record, "main_establishment", seat.one()),
        seat,
        nationality: view.said(record, "nationality", residence.one()),
        residence,
        said_from: view.said_words(record, "controlled_from"),
        listed: view.bool(record, "listed"),
        record: Some(record),
        ..Entity::default()
    };
    // What nobody controls is taken to be controlled from where it is.
    let controlled_from = view.said(record, "controlled_from", entity.main_place());
    Entity {
        controlled_from,
        ..entity
    }
}

/// What is left of a holding of which it is not known who holds what: that it may be
/// one in any that is said to be held, by anyone.
fn anyones(
    view: View<'_>,
    record: RecordId,
    ids: &HashMap<RecordId, EntityId>,
    entities: &mut [Entity],
) {
    let appoints = rights(view, record).is_none_or(|r| r.contains(&SpecialRight::AppointMajority));
    let held = view.candidates(record, "held", None);
    for id in held.iter().filter_map(|party| ids.get(party)) {
        let entity = &mut entities[id.index()];
        entity.perhaps_held = true;
        entity.perhaps_appointed |= appoints;
    }
}

fn rights(view: View<'_>, record: RecordId) -> Option<Vec<SpecialRight>> {
    let names = view.texts(record, "special_rights")?;
    Some(
        names
            .iter()
            .filter_map(|n| SpecialRight::parse(n))
            .collect(),
    )
}

fn holding(view: View<'_>, record: RecordId, ids: &HashMap<RecordId, EntityId>) -> Option<Holding> {
    let party = |name| ids.get(&view.record(record, name)?).copied();
    Some(Holding {
        holder: party("holder")?,
        held: party("held")?,
        capital: view.number(record, "capital"),
        votes: view.number(record, "votes"),
        rights: rights(view, record),
        record: Some(record),
        span: view.span(record),
    })
}
