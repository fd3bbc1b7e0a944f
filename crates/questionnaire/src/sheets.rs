//! The rows of each kind of sheet as tables of a dossier.

use crate::answers::Reading;
use crate::codec::{self, Refusal};
use crate::evidence;
use crate::layout::{self, EVIDENCE, FACTS, ID, ORIGIN, Sheet};
use crate::open::{Cells, Raw};
use cocarde_dossier::APPLICANT;
use cocarde_dossier::adapters::{Cell, ImportedTable, ImportedValue};
use cocarde_dossier::reference::type_of;
use cocarde_model::{FieldType, did_you_mean};
use std::collections::BTreeMap;

/// Adds a value to a table, or notes why there is none.
fn state(
    reading: &mut Reading<'_>,
    table: &mut ImportedTable,
    key: &str,
    place: String,
    read: Result<Option<Cell>, Refusal>,
) {
    match read {
        Ok(None) => {}
        Ok(Some(cell)) => table.values.push(ImportedValue {
            field: key.into(),
            cell,
            place: Some(place),
        }),
        Err(refusal) => reading.defect(place, "bad-cell", refusal),
    }
}

fn is_blank(raw: &Raw) -> bool {
    matches!(raw, Raw::Text(t) if t.trim().is_empty())
}

fn unknown(reading: &mut Reading<'_>, place: String, key: &str, known: &[&str]) {
    let shown = layout::quoted(key, 64);
    let near = did_you_mean(&shown, known.iter().copied());
    let (fr, en) = match near {
        Some(k) => (
            format!(" ; vouliez-vous dire `{k}` ?"),
            format!("; did you mean `{k}`?"),
        ),
        None => (String::new(), String::new()),
    };
    let said = (
        format!("clé inconnue `{shown}`{fr}"),
        format!("unknown key `{shown}`{en}"),
    );
    reading.defect(place, "unknown-key", said);
}

/// What a dossier has once; nothing when no question is answered.
pub(crate) fn once_rows(
    reading: &mut Reading<'_>,
    sheet: &Sheet,
    cells: &Cells,
) -> Option<ImportedTable> {
    let schema = reading.schema;
    let fields: BTreeMap<&str, &FieldType> = layout::asked(schema, sheet.ty)
        .map(|(_, f)| (&*f.name, &f.ty))
        .collect();
    let mut table = ImportedTable {
        table: sheet.name.to_string(),
        id: String::new(),
        counted: false,
        values: Vec::new(),
        pointer: format!("{}!A1", sheet.name),
    };
    keyless(reading, sheet, cells);
    let mut citations: Vec<String> = Vec::new();
    let mut cited = None;
    let keys = cells
        .iter()
        .filter(|((row, col), _)| *row >= layout::ONCE_FIRST && *col == layout::ONCE_KEY);
    for ((row, _), key) in keys {
        let (Raw::Text(key), false) = (key, is_blank(key)) else {
            continue;
        };
        let key = key.trim();
        let Some(ty) = fields.get(key) else {
            let known: Vec<&str> = fields.keys().copied().collect();
            let place = reading.place(&sheet.name, *row, layout::ONCE_KEY);
            unknown(reading, place, key, &known);
            continue;
        };
        if let Some(raw) = cells.get(&(*row, layout::ONCE_ANSWER)) {
            let place = reading.place(&sheet.name, *row, layout::ONCE_ANSWER);
            let read = codec::decode(raw, ty, schema);
            state(reading, &mut table, key, place, read);
        }
        // What stands beside an answer supports that answer.
        if let Some(raw) = cells.get(&(*row, layout::ONCE_EVIDENCE)) {
            let place = reading.place(&sheet.name, *row, layout::ONCE_EVIDENCE);
            match codec::plain(raw).and_then(|t| codec::items(&t)) {
                Ok(items) => citations.extend(items.iter().map(|i| format!("{key} = {i}"))),
                Err(refusal) => reading.defect(place.clone(), "bad-cell", refusal),
            }
            cited.get_or_insert(place);
        }
    }
    if let Some(place) = cited {
        let read = evidence::read(&citations.join("\n"));
        state(reading, &mut table, EVIDENCE, place, read);
    }
    (!table.values.is_empty()).then_some(table)
}

/// What is answered beside no key: nobody can say which question it answers.
fn keyless(reading: &mut Reading<'_>, sheet: &Sheet, cells: &Cells) {
    let asked = |row: u32| {
        let key = cells.get(&(row, layout::ONCE_KEY));
        matches!(key, Some(Raw::Text(t)) if !t.trim().is_empty())
    };
    let told = cells.range((layout::ONCE_FIRST, 0)..).filter(|(at, raw)| {
        let answers = [layout::ONCE_ANSWER, layout::ONCE_EVIDENCE];
        answers.contains(&at.1) && !is_blank(raw) && !asked(at.0)
    });
    for ((row, col), _) in told {
        let said = (
            "cette cellule est sur une ligne sans clé",
            "this cell is on a row without a key",
        );
        let mend = (
            "remettre la clé en colonne A, ou vider la cellule",
            "put the key back in column A, or clear the cell",
        );
        let place = reading.place(&sheet.name, *row, *col);
        reading.mended(place, "unknown-key", said, mend);
    }
}

/// The columns of a sheet by key.
fn columns(cells: &Cells, row: u32) -> Vec<(u16, &str)> {
    let keys = cells.range((row, 0)..=(row, u16::MAX));
    keys.filter_map(|((_, col), raw)| match raw {
        Raw::Text(t) if !t.trim().is_empty() => Some((*col, t.trim())),
        _ => None,
    })
    .collect()
}

/// The filled rows below the labels, each with its cells by column.
fn filled(cells: &Cells) -> BTreeMap<u32, Vec<(u16, &Raw)>> {
    let mut rows: BTreeMap<u32, Vec<(u16, &Raw)>> = BTreeMap::new();
    for ((row, col), raw) in cells.range((layout::LIST_FIRST, 0)..) {
        if !is_blank(raw) {
            rows.entry(*row).or_default().push((*col, raw));
        }
    }
    rows
}

/// The columns that are known; the others are defects when something stands below them.
fn known_columns<'c>(
    reading: &mut Reading<'_>,
    sheet: &str,
    cells: &'c Cells,
    known: &[&str],
) -> BTreeMap<u16, &'c str> {
    let mut by_column = BTreeMap::new();
    for (col, key) in columns(cells, layout::LIST_KEYS) {
        let place = reading.place(sheet, layout::LIST_KEYS, col);
        if !known.contains(&key) {
            unknown(reading, place, key, known);
        } else if by_column.values().any(|k| *k == key) {
            let said = (
                format!("la colonne `{key}` est là deux fois"),
                format!("column `{key}` is there twice"),
            );
            reading.defect(place, "duplicate-key", said);
        } else {
            by_column.insert(col, key);
        }
    }
    by_column
}

fn no_column(reading: &mut Reading<'_>, place: String) {
    let said = (
        "cette cellule est sous une colonne sans clé",
        "this cell is below a column without a key",
    );
    let mend = (
        "remettre la clé en haut de la colonne, ou vider la cellule",
        "put the key back at the top of the column, or clear the cell",
    );
    reading.mended(place, "unknown-key", said, mend);
}

/// The records of a list.
pub(crate) fn list_rows(
    reading: &mut Reading<'_>,
    sheet: &Sheet,
    cells: &Cells,
) -> Vec<ImportedTable> {
    let schema = reading.schema;
    let fields: BTreeMap<&str, &FieldType> = layout::asked(schema, sheet.ty)
        .map(|(_, f)| (&*f.name, &f.ty))
        .collect();
    let known: Vec<&str> = fields
        .keys()
        .copied()
        .chain([ID, EVIDENCE, ORIGIN])
        .collect();
    let by_column = known_columns(reading, &sheet.name, cells, &known);
    let id_column = by_column.iter().find(|(_, k)| **k == ID).map(|(c, _)| *c);
    let mut tables = Vec::new();
    for (row, filled) in filled(cells) {
        let id = id_column.and_then(|c| cells.get(&(row, c)));
        let id = id
            .and_then(|raw| codec::plain(raw).ok())
            .unwrap_or_default();
        let id = id.trim();
        if id == APPLICANT && &*sheet.name == "party" {
            continue; // The applicant has a sheet of its own.
        }
        let at = reading.place(&sheet.name, row, id_column.unwrap_or(0));
        if id.is_empty() {
            let said = (
                "cette ligne n'a pas d'identifiant",
                "this row has no identifier",
            );
            let mend = (
                "lui en donner un, que nulle autre ligne n'a, ou la vider",
                "give it one that no other row has, or clear it",
            );
            reading.mended(at, "missing-id", said, mend);
            continue;
        }
        let mut table = ImportedTable {
            table: sheet.name.to_string(),
            id: id.into(),
            counted: false,
            values: Vec::new(),
            pointer: format!(
                "{}!{}",
                sheet.name,
                layout::cell_name(row, id_column.unwrap_or(0))
            ),
        };
        for (col, raw) in filled {
            let place = reading.place(&sheet.name, row, col);
            match by_column.get(&col).copied() {
                None => no_column(reading, place),
                Some(ID) => {}
                Some(EVIDENCE) => {
                    let read = codec::plain(raw).and_then(|t| evidence::read(&t));
                    state(reading, &mut table, EVIDENCE, place, read);
                }
                Some(ORIGIN) => {
                    let read = codec::plain(raw).map(|t| Some(Cell::Text(codec::free(&t))));
                    state(reading, &mut table, ORIGIN, place, read);
                }
                Some(key) => {
                    let read = codec::decode(raw, fields[key], schema);
                    state(reading, &mut table, key, place, read);
                }
            }
        }
        tables.push(table);
    }
    tables
}

/// The facts stated one by one.
pub(crate) fn fact_rows(reading: &mut Reading<'_>, cells: &Cells) -> Vec<ImportedTable> {
    let known: Vec<&str> = layout::FACT_COLUMNS.iter().map(|(k, ..)| *k).collect();
    let by_column = known_columns(reading, FACTS, cells, &known);
    let mut tables = Vec::new();
    for (row, filled) in filled(cells) {
        let mut table = ImportedTable {
            table: FACTS.into(),
            id: String::new(),
            counted: false,
            values: Vec::new(),
            pointer: format!("{FACTS}!{}", layout::cell_name(row, 0)),
        };
        let ty = property_type(reading, &by_column, &filled);
        for (col, raw) in filled {
            let place = reading.place(FACTS, row, col);
            let read = match by_column.get(&col).copied() {
                None => {
                    no_column(reading, place);
                    continue;
                }
                Some("value") => codec::decode(raw, &ty, reading.schema),
                Some("ruling") => codec::decode(raw, &FieldType::Bool, reading.schema),
                Some("confidence") => codec::amount(raw).map(Some),
                Some("from" | "until") => codec::date(raw).map(|d| Some(Cell::Date(d))),
                Some(EVIDENCE) => codec::plain(raw).and_then(|t| evidence::read(&t)),
                Some(_) => codec::plain(raw).map(|t| Some(Cell::Text(codec::free(&t)))),
            };
            let key = by_column[&col];
            state(reading, &mut table, key, place, read);
        }
        tables.push(table);
    }
    tables
}

/// The type of the property that a row speaks of; a text when it is not known, which the
/// dossier then says.
fn property_type(
    reading: &Reading<'_>,
    by_column: &BTreeMap<u16, &str>,
    filled: &[(u16, &Raw)],
) -> FieldType {
    let text = |key: &str| {
        let cell = filled.iter().find(|(c, _)| by_column.get(c) == Some(&key));
        cell.and_then(|(_, raw)| codec::plain(raw).ok())
            .map(|t| codec::free(&t))
    };
    let schema = reading.schema;
    let find = || {
        let (subject, property) = (text("subject")?, text("property")?);
        let word = subject.split(':').next()?;
        let once = layout::sheets(schema)
            .into_iter()
            .find(|s| s.once && *s.name == *word);
        let ty = once.map(|s| s.ty).or_else(|| type_of(schema, word))?;
        let field = schema.ty(ty).field(&property)?;
        Some(schema.field(ty, field).ty.clone())
    };
    find().unwrap_or(FieldType::Text)
}
