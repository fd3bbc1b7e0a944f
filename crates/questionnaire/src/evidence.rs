//! What documents support, as a cell: `doc:contrat#p4`, or `country = doc:contrat#p4`
//! for one property only; several are separated by line breaks or `;`.

use crate::codec::{Refusal, items};
use cocarde_dossier::adapters::Cell;
use cocarde_dossier::{Attests, Dossier};
use cocarde_model::{FactBase, FieldId, RecordId};
use std::collections::{BTreeMap, BTreeSet};

/// Citations, each for one property by its name or for all.
pub(crate) type Citations = Vec<(Option<String>, String)>;

/// A document and a page of it.
type Page = (RecordId, Option<u32>);

/// `doc:contrat#p4`.
pub(crate) fn citation(id: &str, page: Option<u32>) -> String {
    match page {
        Some(page) => format!("doc:{id}#p{page}"),
        None => format!("doc:{id}"),
    }
}

/// What documents support of each record: by property for those in `once`, whose
/// questions each have a cell for it, and as shortly as it can be for the others.
pub(crate) fn of(dossier: &Dossier, once: &BTreeSet<RecordId>) -> BTreeMap<RecordId, Citations> {
    let base = &dossier.base;
    let mut pages: BTreeMap<RecordId, Vec<(Page, Vec<FieldId>)>> = BTreeMap::new();
    let supported = base.facts().skip(dossier.stated).take(dossier.supported);
    for (_, f) in supported {
        let Some(document) = f.source.document else {
            continue;
        };
        let page = (document, f.source.page);
        let of = pages.entry(f.subject).or_default();
        match of.iter_mut().find(|(p, _)| *p == page) {
            Some((_, fields)) => fields.push(f.field),
            None => of.push((page, vec![f.field])),
        }
    }
    let mut stated: BTreeMap<RecordId, BTreeSet<FieldId>> = BTreeMap::new();
    for (_, f) in base.facts().take(dossier.stated) {
        stated.entry(f.subject).or_default().insert(f.field);
    }
    let none = BTreeSet::new();
    let mut attests: BTreeMap<RecordId, Attests> = BTreeMap::new();
    pages
        .into_iter()
        .map(|(record, pages)| {
            let stated = match once.contains(&record) {
                true => &none,
                false => stated.get(&record).unwrap_or(&none),
            };
            let mut citations = Citations::new();
            for (page, fields) in pages {
                let attests = attests
                    .entry(page.0)
                    .or_insert_with(|| dossier.attests(page.0));
                cite(
                    base,
                    attests,
                    (record, stated),
                    page,
                    fields,
                    &mut citations,
                );
            }
            (record, citations)
        })
        .collect()
}

/// Adds the citations of a page that support exactly these properties.
fn cite(
    base: &FactBase,
    attests: &Attests,
    (record, stated): (RecordId, &BTreeSet<FieldId>),
    (document, page): Page,
    mut fields: Vec<FieldId>,
    into: &mut Citations,
) {
    let ty = base.record(record).ty;
    let text = citation(&base.record(document).id, page);
    let spoken: Vec<FieldId> = stated
        .iter()
        .copied()
        .filter(|f| attests.speaks_of(ty, *f))
        .collect();
    // Where the page supports all it can speak of, it is cited for the whole record.
    while !spoken.is_empty() && spoken.iter().all(|f| fields.contains(f)) {
        for f in &spoken {
            if let Some(at) = fields.iter().position(|x| x == f) {
                fields.remove(at);
            }
        }
        into.push((None, text.clone()));
    }
    for f in fields {
        let name = base.schema().field(ty, f).name.to_string();
        into.push((Some(name), text.clone()));
    }
}

/// The citations as a cell.
pub(crate) fn shown(citations: &Citations) -> String {
    let lines: Vec<String> = citations
        .iter()
        .map(|(field, text)| match field {
            Some(field) => format!("{field} = {text}"),
            None => text.clone(),
        })
        .collect();
    lines.join("\n")
}

/// The cell as what `evidence` says in a dossier; `None` when it is blank.
pub(crate) fn read(text: &str) -> Result<Option<Cell>, Refusal> {
    let lines = items(text)?;
    if lines.is_empty() {
        return Ok(None);
    }
    let mut whole: Vec<String> = Vec::new();
    let mut by_field: Vec<(String, Vec<String>)> = Vec::new();
    // Where each property stands in that list.
    let mut at: BTreeMap<&str, usize> = BTreeMap::new();
    for line in &lines {
        match line.split_once('=') {
            None => whole.push(line.trim().into()),
            Some((field, citation)) => {
                let (field, citation) = (field.trim(), citation.trim().to_string());
                let at = *at.entry(field).or_insert_with(|| {
                    by_field.push((field.into(), Vec::new()));
                    by_field.len() - 1
                });
                by_field[at].1.push(citation);
            }
        }
    }
    Ok(Some(match (whole.is_empty(), by_field.is_empty()) {
        (false, true) => Cell::List(whole),
        (true, _) => Cell::Lists(by_field),
        (false, false) => {
            by_field.insert(0, ("*".into(), whole));
            Cell::Lists(by_field)
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each property keeps its place and all of its citations, however many there are.
    #[test]
    fn citations_keep_their_order_by_property() {
        let text: Vec<String> = (0..16_000).map(|n| format!("p{}=d", n % 8_000)).collect();
        let Ok(Some(Cell::Lists(lists))) = read(&text.join(";")) else {
            panic!("these are citations by property");
        };
        assert_eq!(lists.len(), 8_000);
        for (n, (field, citations)) in lists.iter().enumerate() {
            assert_eq!((field.as_str(), citations.len()), (&*format!("p{n}"), 2));
        }
    }
}
