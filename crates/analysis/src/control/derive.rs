//! From the control analysis back to facts.

use super::graph::{ControlGraph, EntityId};
use super::outside::OutsideRule;
use super::report::ControlAnalysis;
use crate::derived::Derived;
use crate::facts::View;
use crate::report::{Bounds, Line};
use cocarde_model::{Diagnostic, FactId, Interval, RecordId, Truth, Value};

/// Properties of a holding that the results rest on.
const HOLDING_FIELDS: [&str; 5] = ["holder", "held", "capital", "votes", "special_rights"];

/// Properties of a party that the results rest on.
const PARTY_FIELDS: [&str; 5] = [
    "seat",
    "central_administration",
    "main_establishment",
    "residence",
    "nationality",
];

/// The values that follow from the holdings of a dossier: shares held from
/// outside, vetoes, board majority (fields `non_eu_*` of `governance`, for the
/// applicant) and `controlled_from` of every party that has a known holder.
/// What is not decided at all is left out.
///
/// # Errors
/// A loop too large to solve exactly.
pub fn derive(
    view: View<'_>,
    graph: &ControlGraph,
    rule: &OutsideRule,
) -> Result<Vec<Derived>, Vec<Diagnostic>> {
    let base = view.base;
    let applicant = view.part(base.root(), "organisation");
    let Some(target) = applicant.and_then(|r| graph.by_record(r)) else {
        return Ok(Vec::new());
    };
    let analysis = ControlAnalysis::new(graph, target, rule)?;
    let rests_on = rests_on(view, graph, [target], &[]);
    let mut derived = Vec::new();
    if let Some(governance) = view.part(base.root(), "governance") {
        for (field, value, because) in governance_values(&analysis) {
            derived.extend(view.key(governance, field).map(|key| Derived {
                key,
                value,
                because,
                rests_on: rests_on.clone(),
                open: false,
            }));
        }
    }
    derived.extend(controlled_from(view, graph, &analysis));
    Ok(derived)
}

fn governance_values(analysis: &ControlAnalysis<'_>) -> Vec<(&'static str, Value, Line)> {
    let found = &analysis.outside;
    let shares = [
        (
            "non_eu_capital_max",
            &found.capital_max,
            "plus grande part de capital",
            "largest capital share",
        ),
        (
            "non_eu_votes_max",
            &found.votes_max,
            "plus grande part des votes",
            "largest voting share",
        ),
        (
            "non_eu_capital",
            &found.capital,
            "part de capital, ensemble",
            "capital share, together",
        ),
        (
            "non_eu_votes",
            &found.votes,
            "part des votes, ensemble",
            "voting share, together",
        ),
    ];
    let whole = Interval::new(Some(0.into()), Some(100.into()));
    let open = analysis.open_line();
    let mut values = Vec::new();
    for (field, share, fr, en) in shares {
        let interval = share.to_percent();
        if Some(interval) == whole {
            continue;
        }
        let text = Bounds(interval).percent();
        let mut line = Line::new(
            format!("{fr} hors de la zone : {}", text.fr),
            format!("{en} from outside: {}", text.en),
        );
        if let Some(open) = open.as_ref().filter(|_| interval.exact().is_none()) {
            line = Line::new(
                format!("{} ; {}", line.fr, open.fr),
                format!("{}; {}", line.en, open.en),
            );
        }
        values.push((field, Value::Number(interval), line));
    }
    let rights = [
        (
            "non_eu_veto",
            found.veto,
            "veto d'une entité hors de la zone",
            "veto of an entity outside",
        ),
        (
            "non_eu_board_majority",
            found.board_majority,
            "majorité d'un organe nommée de l'extérieur",
            "majority of a board appointed from outside",
        ),
    ];
    for (field, truth, fr, en) in rights {
        if truth.is_known() {
            let yes = truth == Truth::True;
            let line = Line::new(
                format!("{fr} : {}", if yes { "oui" } else { "non" }),
                format!("{en}: {}", if yes { "yes" } else { "no" }),
            );
            values.push((field, Value::Bool(yes), line));
        }
    }
    values
}

fn controlled_from(
    view: View<'_>,
    graph: &ControlGraph,
    analysis: &ControlAnalysis<'_>,
) -> Vec<Derived> {
    let held = graph
        .entities()
        .filter(|(id, _)| graph.holders(*id).next().is_some());
    held.filter_map(|(id, entity)| {
        let country = analysis.controlled_from(id)?;
        let key = view.key(entity.record?, "controlled_from")?;
        let heads = &analysis.table().ultimate(id).sure;
        let names: Vec<&str> = heads.iter().map(|h| &*graph.entity(*h).name).collect();
        let because = if names.is_empty() {
            Line::new(
                format!("personne ne contrôle {}", entity.name),
                format!("nobody controls {}", entity.name),
            )
        } else {
            let names = names.join(", ");
            Line::new(
                format!("{} est contrôlée par {names}", entity.name),
                format!("{} is controlled by {names}", entity.name),
            )
        };
        Some(Derived {
            key,
            value: Value::Text(country),
            because,
            rests_on: rests_on(view, graph, [id], &[]),
            open: false,
        })
    })
    .collect()
}

/// The facts about some entities and all above them, those of `more` properties of parties
/// among them, and about the holdings by which they are above.
pub(crate) fn rests_on(
    view: View<'_>,
    graph: &ControlGraph,
    entities: impl IntoIterator<Item = EntityId>,
    more: &[&str],
) -> Vec<FactId> {
    let mut seen = vec![false; graph.len()];
    let mut todo = Vec::from_iter(entities);
    let mut facts = Vec::new();
    let mut read = |record: Option<RecordId>, fields: &[&str]| {
        let fields = fields.iter();
        let record = record.into_iter();
        facts.extend(record.flat_map(|r| fields.clone().flat_map(move |f| view.facts(r, f))));
    };
    while let Some(id) = todo.pop() {
        if std::mem::replace(&mut seen[id.index()], true) {
            continue;
        }
        for h in graph.holders(id) {
            todo.push(h.holder);
            read(h.record, &HOLDING_FIELDS);
        }
        let party = graph.entity(id).record;
        read(party, &PARTY_FIELDS);
        read(party, more);
    }
    facts.sort_unstable();
    facts.dedup();
    facts
}

#[cfg(test)]
mod tests;
