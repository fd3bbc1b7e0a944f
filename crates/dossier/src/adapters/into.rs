//! From the files that `[dossier]` names to tables of the dossier.

use super::join::{is_given_whole, join};
use super::{
    Applicant, Cell, Format, Imported, ImportedTable, ImportedValue, Room, Unmapped, import,
};
use crate::build::{Builder, Part};
use crate::document::{Digest, hex};
use crate::files::PlaceOfFiles;
use crate::node::{Entry, Kind, Node, get};
use cocarde_model::Span;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What was read of a file that a dossier imports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its path within the dossier.
    pub file: String,
    /// How many tables it gave.
    pub tables: usize,
    /// What it says that a dossier has no word for, with how often.
    pub unmapped: Unmapped,
}

/// Imports every file, in the order they are named.
pub(crate) fn import_all(
    b: &mut Builder<'_>,
    place: &PlaceOfFiles,
    files: &[(String, Span)],
    digest: &mut Digest,
) -> Vec<Import> {
    let applicant = applicant(b);
    let mut facts: usize = b.parts.iter().map(|p| p.entries.len()).sum();
    let mut all: Vec<(&str, Span, Imported)> = Vec::new();
    for (name, span) in files {
        let Some(bytes) = bytes(b, place, name, *span) else {
            continue;
        };
        digest.add(name, hex(&Sha256::digest(&bytes)));
        let room = Room::beside(facts, b.limits);
        if let Some(imported) = read(b, name, *span, &bytes, &applicant, &room) {
            facts += imported
                .tables
                .iter()
                .map(|t| t.values.len())
                .sum::<usize>();
            all.push((name, *span, imported));
        }
    }
    let parts = all.iter_mut().map(|(name, _, read)| (*name, read));
    let has = |id: &str| {
        let ty = b.names.schema.by_name("party");
        ty.is_some_and(|ty| b.names.get(ty, id).is_some())
    };
    for clash in join(&mut parts.collect::<Vec<_>>(), has) {
        let (before, place) = (b.report.len(), clash.place.clone());
        let span = all[clash.file].1;
        b.report.push(clash.error().at(span));
        b.report.locate(before, &place);
    }
    let lists = all.iter().flat_map(|(_, _, i)| i.whole.keys().copied());
    let is_whole = |list: &&str| is_given_whole(all.iter().map(|(_, _, i)| i), list);
    let whole: BTreeSet<&str> = lists.filter(is_whole).collect();
    let given = all.into_iter();
    given
        .map(|(name, span, read)| give(b, name, span, read, &whole))
        .collect()
}

/// Gives the dossier the tables of a file; those of the lists that are `whole` state them.
fn give(
    b: &mut Builder<'_>,
    name: &str,
    span: Span,
    imported: Imported,
    whole: &BTreeSet<&str>,
) -> Import {
    let tables = imported.tables.len();
    for table in imported.tables {
        let whole = whole.contains(table.table.as_str());
        if !add(b, whole, table, name, span) {
            break;
        }
    }
    Import {
        file: name.to_string(),
        tables,
        unmapped: imported.unmapped,
    }
}

/// What the dossier states of the applicant's identity.
fn applicant(b: &Builder<'_>) -> Applicant {
    let organisation = b.names.singles.get("organisation").map(|(_, r)| *r);
    let stated = |key: &str| {
        let own = b.parts.iter().filter(|p| Some(p.record) == organisation);
        let mut values = own.filter_map(|p| get(&p.entries, key)?.value.as_text());
        values.next().map(str::to_string)
    };
    Applicant {
        name: stated("name"),
        siren: stated("siren"),
        lei: stated("lei"),
    }
}

fn bytes(b: &mut Builder<'_>, place: &PlaceOfFiles, name: &str, span: Span) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut sink = |piece: &[u8]| bytes.extend_from_slice(piece);
    match place.read(name, b.limits.import_bytes, &mut sink) {
        Ok(size) => size.map(|_| bytes),
        Err(d) => {
            b.report.push(d.at(span));
            None
        }
    }
}

fn read(
    b: &mut Builder<'_>,
    name: &str,
    span: Span,
    bytes: &[u8],
    applicant: &Applicant,
    room: &Room,
) -> Option<Imported> {
    let Some(format) = Format::of(name, bytes) else {
        b.report
            .error(
                "unknown-import",
                span,
                format!("`{name}` n'est d'aucun format connu"),
                format!("`{name}` is of no known format"),
            )
            .mend(
                "formats lus : CycloneDX (JSON, XML), SPDX (JSON), BODS (JSON), GLEIF niveau 2 (XML, CSV), registre DORA (CSV), OSCAL (JSON)",
                "formats read: CycloneDX (JSON, XML), SPDX (JSON), BODS (JSON), GLEIF level 2 (XML, CSV), DORA register (CSV), OSCAL (JSON)",
            );
        return None;
    };
    match import(format, name, bytes, applicant, room) {
        Ok(imported) => Some(imported),
        Err(e) => {
            b.report.error(
                "bad-import",
                span,
                format!("`{name}` : {}", e.fr),
                format!("`{name}`: {}", e.en),
            );
            None
        }
    }
}

/// Adds a table; false when there are too many.
fn add(b: &mut Builder<'_>, whole: bool, table: ImportedTable, file: &str, span: Span) -> bool {
    if b.parts.len() >= b.limits.facts {
        b.too_many_facts(span);
        return false;
    }
    let note: Arc<str> = format!("{file}#{}", table.pointer).into();
    let Some(record) = b.import(&table.table, &table.id, span, whole) else {
        return true;
    };
    let ty = b.base.record(record).ty;
    // What another file says of it keeps its own place.
    let (own, others): (Vec<_>, Vec<_>) = table.values.into_iter().partition(|v| v.place.is_none());
    let mut part = |values: Vec<ImportedValue>, note: Arc<str>| {
        let entries = values.into_iter().map(|v| Entry {
            key: v.field,
            key_span: span,
            value: node(v.cell, span),
        });
        b.parts.push(Part {
            record,
            ty,
            entries: entries.collect(),
            note: Some(note),
            imported: true,
        });
    };
    part(own, note);
    for v in others {
        let place = v.place.as_deref().unwrap_or_default().into();
        part(vec![v], place);
    }
    true
}

/// A cell as if it had been written where the file is named.
fn node(cell: Cell, span: Span) -> Node {
    let text = |t: String| Node {
        kind: Kind::Text(t),
        span,
    };
    let kind = match cell {
        Cell::Text(t) => Kind::Text(t),
        Cell::Number(n) => Kind::Number(n),
        Cell::Bool(b) => Kind::Bool(b),
        Cell::Date(d) => Kind::Date(d),
        Cell::List(items) => Kind::Array(items.into_iter().map(text).collect()),
        Cell::Lists(lists) => {
            let entries = lists.into_iter().map(|(key, items)| Entry {
                key,
                key_span: span,
                value: node(Cell::List(items), span),
            });
            Kind::Table(entries.collect())
        }
        Cell::Range(lo, hi) => {
            let end = |key: &str, v: Option<String>| {
                v.map(|v| Entry {
                    key: key.into(),
                    key_span: span,
                    value: text(v),
                })
            };
            Kind::Table(
                [end("min", lo), end("max", hi)]
                    .into_iter()
                    .flatten()
                    .collect(),
            )
        }
    };
    Node { kind, span }
}
