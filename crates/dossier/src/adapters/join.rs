//! What several files say together: what is told by an identifier is one, wherever it
//! stands, and ids that only count are told apart.

use super::{Cell, Imported, ImportedTable, ImportedValue};
use cocarde_model::{Diagnostic, Text};
use std::collections::{BTreeMap, BTreeSet};

/// The name and the id of a table.
type Key = (String, String);

/// What was given so far.
#[derive(Default)]
struct Known {
    taken: BTreeSet<Key>,
    /// The number to try next for an id that is taken.
    next: BTreeMap<Key, usize>,
    /// Where that which is one stands: the file, and the table in it.
    one: BTreeMap<Key, (usize, usize)>,
    /// What need not be one, by all that is said of it.
    said: BTreeSet<(Key, Vec<ImportedValue>)>,
}

/// Two tables of one party, or of one holding, that do not say the same.
pub(super) struct Clash {
    /// Which of the files has the later one.
    pub(super) file: usize,
    /// Where that stands, file and all.
    pub(super) place: String,
    message: Text,
}

/// Clashes that are told, at most.
const MOST_CLASHES: usize = 1_000;

/// Joins the tables that files, by their names, give of one party or one holding, as the
/// templates of a register do, where they agree; gives where they do not. Of what else has
/// an identifier, that which is said twice is kept once, and what is said otherwise stays
/// beside it, under an id of its own; so does what is only numbered. A party that a file only
/// refers to is the applicant where another file tells so, and else the one of that id that
/// the dossier `has`.
pub(super) fn join(read: &mut [(&str, &mut Imported)], has: impl Fn(&str) -> bool) -> Vec<Clash> {
    name_applicant(read);
    let clashes = join_tables(read);
    for (_, imported) in read {
        let known = |t: &ImportedTable| is_only_named(t) && has(&t.id);
        imported.tables.retain(|t| !known(t));
    }
    clashes
}

/// Whether nothing is said of a party but that there is one.
fn is_only_named(t: &ImportedTable) -> bool {
    t.table == "party" && !t.counted && t.values.is_empty()
}

/// Puts the applicant in the place of each party that any of the files tells to be it.
fn name_applicant(read: &mut [(&str, &mut Imported)]) {
    let own: BTreeSet<String> = read.iter().flat_map(|(_, i)| i.own.clone()).collect();
    let is_own = |id: Option<&str>| id.is_some_and(|id| own.contains(id));
    for (_, imported) in read.iter_mut().filter(|_| !own.is_empty()) {
        let tables = &mut imported.tables;
        tables.retain(|t| t.table != "party" || !is_own(Some(&t.id)));
        for value in tables.iter_mut().flat_map(|t| &mut t.values) {
            if let Cell::Text(text) = &mut value.cell
                && is_own(text.strip_prefix("party:"))
            {
                *text = "party:applicant".into();
            }
        }
    }
}

fn join_tables(read: &mut [(&str, &mut Imported)]) -> Vec<Clash> {
    let mut known = Known::default();
    let mut clashes = Vec::new();
    for i in 0..read.len() {
        let name = read[i].0;
        for t in std::mem::take(&mut read[i].1.tables) {
            let key = (t.table.clone(), t.id.clone());
            if t.counted || !matches!(t.table.as_str(), "party" | "holding") {
                let again = !t.counted && !known.said.insert((key.clone(), t.values.clone()));
                if !again {
                    let id = known.free(key);
                    read[i].1.tables.push(ImportedTable { id, ..t });
                }
                continue;
            }
            let tables = read[i].1.tables.len();
            let (file, at) = *known.one.entry(key).or_insert((i, tables));
            let first = read[file].0;
            let Some(other) = read[file].1.tables.get_mut(at) else {
                read[i].1.tables.push(t);
                continue;
            };
            let place = format!("{name}#{}", t.pointer);
            match unlike(other, &t) {
                None => add_to(other, t, &place),
                Some(value) if clashes.len() < MOST_CLASHES => {
                    let own = || format!("{first}#{}", other.pointer);
                    let elsewhere = value.place.clone().unwrap_or_else(own);
                    let message = told_otherwise(&t, &value.field, &elsewhere);
                    let file = i;
                    clashes.push(Clash {
                        file,
                        place,
                        message,
                    });
                }
                Some(_) => {}
            }
        }
    }
    clashes
}

fn told_otherwise(t: &ImportedTable, field: &str, elsewhere: &str) -> Text {
    let what = format!("{}:{}", t.table, t.id);
    Text {
        fr: format!("`{field}` de `{what}` n'est pas dit comme en {elsewhere}"),
        en: format!("`{field}` of `{what}` is not told as at {elsewhere}"),
    }
}

impl Clash {
    /// As an error, which has no place yet.
    pub(super) fn error(self) -> Diagnostic {
        let Text { fr, en } = self.message;
        Diagnostic::error("told-otherwise", fr, en).help(
            "ne garder que ce qui vaut, ou l'un des deux fichiers",
            "keep only what holds, or one of the two files",
        )
    }
}

impl Known {
    /// Takes an id like that of `key` that no table of its name has: `sbom-1.2`.
    fn free(&mut self, key: Key) -> String {
        let mut id = key.1.clone();
        while !self.taken.insert((key.0.clone(), id.clone())) {
            let n = self.next.entry(key.clone()).or_insert(1);
            *n += 1;
            id = format!("{}.{n}", key.1);
        }
        id
    }
}

/// A value of `a` that is another in `b`.
fn unlike<'a>(a: &'a ImportedTable, b: &ImportedTable) -> Option<&'a ImportedValue> {
    let differs = |v: &&ImportedValue| {
        let mut same = b.values.iter().filter(|w| w.field == v.field);
        same.any(|w| w.cell != v.cell)
    };
    a.values.iter().find(differs)
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
pub(super) fn is_given_whole<'a>(read: impl Iterator<Item = &'a Imported>, list: &str) -> bool {
    let said = read.filter_map(|i| i.whole.get(list).copied());
    said.reduce(|a, b| a && b).unwrap_or_default()
}
