//! What several files say together: one party is one, and ids that only count are told apart.

use super::{Imported, ImportedTable};
use std::collections::BTreeMap;

/// Where the first table of each name and id stands: the file, and the table in it.
type Known = BTreeMap<(String, String), (usize, usize)>;

/// Joins the tables that files, by their names, give of one party, as the templates of a
/// register do, where they agree; parties that do not agree stay, and clash. What else two
/// files give under one id is joined where it agrees, and gets an id of its own where not.
pub(super) fn join(read: &mut [(&str, &mut Imported)]) {
    let mut known = Known::new();
    for i in 0..read.len() {
        let name = read[i].0;
        for t in std::mem::take(&mut read[i].1.tables) {
            let key = (t.table.clone(), t.id.clone());
            let Some((first, at)) = known.get(&key).copied() else {
                keep(read, &mut known, i, t);
                continue;
            };
            let same = first != i && !t.id.is_empty();
            let party = t.table == "party";
            let other = &mut read[first].1.tables[at];
            if (party || same && t.table != "component") && agree(other, &t) {
                let place = format!("{}#{}", name, t.pointer);
                add_to(other, t, &place);
            } else if same && !party {
                let id = free(&known, &key);
                keep(read, &mut known, i, ImportedTable { id, ..t });
            } else {
                read[i].1.tables.push(t);
            }
        }
    }
}

fn keep(read: &mut [(&str, &mut Imported)], known: &mut Known, file: usize, t: ImportedTable) {
    let tables = &mut read[file].1.tables;
    known.insert((t.table.clone(), t.id.clone()), (file, tables.len()));
    tables.push(t);
}

/// An id like that of `key` that no table of its name has: `sbom-1.2`.
fn free(known: &Known, (table, id): &(String, String)) -> String {
    // Finite: there are only so many tables.
    let mut ids = (2..).map(|n: usize| format!("{id}.{n}"));
    let is_free = |id: &String| !known.contains_key(&(table.clone(), id.clone()));
    ids.find(is_free).unwrap_or_default()
}

/// Whether no field of one says otherwise than the other.
fn agree(a: &ImportedTable, b: &ImportedTable) -> bool {
    b.values.iter().all(|v| {
        let same = a.values.iter().find(|w| w.field == v.field);
        same.is_none_or(|w| w.cell == v.cell)
    })
}

/// Adds to `known` the fields that only `other`, which stands at `place`, has.
fn add_to(known: &mut ImportedTable, other: ImportedTable, place: &str) {
    for mut v in other.values {
        if !known.values.iter().any(|w| w.field == v.field) {
            v.place = v.place.or_else(|| Some(place.to_string()));
            known.values.push(v);
        }
    }
}

/// Whether files give that list whole between them: one says so, and none that it may leave
/// something out.
pub(super) fn is_given_whole<'a>(
    mut read: impl Iterator<Item = &'a Imported> + Clone,
    list: &str,
) -> bool {
    let mut all = read.clone();
    read.any(|i| i.whole.contains(list)) && !all.any(|i| i.open.contains(list))
}
