//! What the sheets of a dossier's questionnaire say.

use crate::codec::{self, Shown};
use crate::evidence::{self, Citations};
use crate::layout::{self, LONGEST, STATES, Sheet, State};
use cocarde_dossier::{APPLICANT, Dossier};
use cocarde_model::{
    Diagnostic, Fact, FactBase, FieldId, FieldType, RecordId, Schema, Slot, SlotKey,
};
use std::collections::BTreeMap;

/// Rows of records of a sheet, at most.
const MOST_RECORDS: usize = 100_000;

/// A record as a row.
#[derive(Debug, Default)]
pub(crate) struct Row {
    /// Its id; empty for what there is once.
    pub(crate) id: String,
    /// Its cells, by property.
    pub(crate) cells: BTreeMap<FieldId, Shown>,
    /// What documents support.
    pub(crate) evidence: Citations,
    /// The file and place it was copied from.
    pub(crate) origin: Option<String>,
}

/// A sheet of records with what it says.
#[derive(Debug)]
pub(crate) struct Filled {
    pub(crate) sheet: Sheet,
    pub(crate) rows: Vec<Row>,
    /// How whole a list is; `None` when nothing was said of it.
    pub(crate) state: Option<State>,
}

/// All sheets.
#[derive(Debug)]
pub(crate) struct Content<'a> {
    pub(crate) schema: &'a Schema,
    pub(crate) sheets: Vec<Filled>,
    /// The facts stated one by one: cells in the order of their columns.
    pub(crate) facts: Vec<Vec<Option<Shown>>>,
}

/// What a dossier says, sheet by sheet.
pub(crate) fn content(dossier: &Dossier) -> Result<Content<'_>, Box<Diagnostic>> {
    let base = &dossier.base;
    let schema = base.schema();
    let mut rows = rows(dossier);
    let sheets: Vec<Filled> = layout::sheets(schema)
        .into_iter()
        .map(|sheet| fill(base, sheet, &mut rows))
        .collect();
    let loose = dossier.stated + dossier.supported;
    let facts = base.facts().skip(loose).map(|(_, f)| fact(base, f));
    let content = Content {
        schema,
        facts: facts.collect(),
        sheets,
    };
    check(&content)?;
    Ok(content)
}

/// The rows of all records, by record.
fn rows(dossier: &Dossier) -> BTreeMap<RecordId, Row> {
    let base = &dossier.base;
    let mut rows: BTreeMap<RecordId, Row> = BTreeMap::new();
    for (_, f) in base.facts().take(dossier.stated) {
        let row = rows.entry(f.subject).or_default();
        let ty = &base.schema().field(base.record(f.subject).ty, f.field).ty;
        row.cells
            .insert(f.field, codec::encode(f.written(), base, ty));
        row.origin = f.source.note.as_deref().map(str::to_string);
    }
    let once = layout::sheets(base.schema())
        .into_iter()
        .filter(|s| s.once)
        .filter_map(|s| match base.slot(base.path(&[&s.name])?) {
            Slot::One(record) => Some(*record),
            _ => None,
        })
        .collect();
    for (record, citations) in evidence::of(dossier, &once) {
        rows.entry(record).or_default().evidence = citations;
    }
    rows
}

fn fill(base: &FactBase, sheet: Sheet, rows: &mut BTreeMap<RecordId, Row>) -> Filled {
    let mut take = |record: RecordId, id: &str| {
        let mut row = rows.remove(&record).unwrap_or_default();
        row.id = id.into();
        row
    };
    if sheet.once {
        let key = base.path(&[&sheet.name]);
        let rows = match key.map(|k| base.slot(k)) {
            Some(Slot::One(record)) => vec![take(*record, "")],
            _ => Vec::new(),
        };
        return Filled {
            sheet,
            rows,
            state: None,
        };
    }
    let Some(members) = members(base, &sheet) else {
        return Filled {
            sheet,
            rows: Vec::new(),
            state: None,
        };
    };
    let rows: Vec<Row> = members
        .ids
        .iter()
        .map(|r| take(*r, &base.record(*r).id))
        .collect();
    let state = match (members.complete, rows.is_empty()) {
        (true, true) => Some(State::Empty),
        (true, false) => Some(State::Whole),
        (false, false) => Some(State::Partial),
        (false, true) => None,
    };
    Filled { sheet, rows, state }
}

/// The list that a sheet shows.
fn members<'b>(base: &'b FactBase, sheet: &Sheet) -> Option<&'b cocarde_model::Members> {
    let schema = base.schema();
    base.records().find_map(|(record, r)| {
        let fields = schema.ty(r.ty).fields.iter().enumerate();
        let mut lists = fields.filter(|(_, f)| f.ty == FieldType::Many(sheet.ty));
        let field = FieldId(lists.next()?.0 as u16);
        match base.slot(SlotKey { record, field }) {
            Slot::Many(m) => Some(m),
            _ => None,
        }
    })
}

/// The name of a record where a fact names its subject.
fn subject(base: &FactBase, record: RecordId) -> String {
    let r = base.record(record);
    match &*r.id {
        APPLICANT => format!("party:{APPLICANT}"),
        _ => base.record_name(record),
    }
}

/// A fact stated by itself, as the cells of a row.
fn fact(base: &FactBase, f: &Fact) -> Vec<Option<Shown>> {
    let ty = base.record(f.subject).ty;
    let field = base.schema().field(ty, f.field);
    let text = |t: &str| Some(Shown::Text(codec::text(t)));
    let opt = |t: &Option<std::sync::Arc<str>>| t.as_deref().and_then(text);
    let day = |d: Option<cocarde_model::Date>| d.map(codec::day);
    let ruling = f.ruling.then(|| Shown::Text(codec::YES.into()));
    let document = f.source.document.map(|d| {
        let id = &base.record(d).id;
        Shown::Text(evidence::citation(id, f.source.page))
    });
    vec![
        text(&subject(base, f.subject)),
        text(&field.name),
        Some(codec::encode(f.written(), base, &field.ty)),
        text(f.provenance.name()),
        f.confidence.map(|c| Shown::Text(c.to_string())),
        opt(&f.source.server),
        opt(&f.source.time),
        opt(&f.source.by),
        opt(&f.source.note),
        opt(&f.source.note_en),
        day(f.from),
        day(f.until),
        ruling,
        document,
    ]
}

/// The words for the state of a list.
pub(crate) fn state_words(state: State) -> &'static str {
    let known = STATES.iter().find(|(_, s)| *s == state);
    known.map_or("", |(words, _)| words)
}

/// Whether everything fits in a workbook.
fn check(content: &Content<'_>) -> Result<(), Box<Diagnostic>> {
    let schema = content.schema;
    let most = MOST_RECORDS;
    let rows = content.sheets.iter().map(|s| s.rows.len());
    if rows.chain([content.facts.len()]).any(|n| n > most) {
        return Err(Box::new(Diagnostic::error(
            "too-many-rows",
            format!("plus de {most} lignes sur une feuille"),
            format!("more than {most} rows on a sheet"),
        )));
    }
    let long = |shown: &Shown| match shown {
        Shown::Text(t) => t.encode_utf16().count() > LONGEST,
        Shown::Day(_) => false,
    };
    for filled in &content.sheets {
        for row in &filled.rows {
            let cells = row.cells.iter().find(|(_, shown)| long(shown));
            let evidence = long(&Shown::Text(evidence::shown(&row.evidence)));
            let property = match cells {
                Some((field, _)) => schema.property_name(filled.sheet.ty, *field),
                None if evidence => format!("{}.evidence", filled.sheet.name),
                None => continue,
            };
            return Err(too_long(&property, &row.id));
        }
    }
    match content.facts.iter().flatten().flatten().any(long) {
        true => Err(too_long("fact", "")),
        false => Ok(()),
    }
}

fn too_long(property: &str, id: &str) -> Box<Diagnostic> {
    Box::new(Diagnostic::error(
        "too-long",
        format!("`{property}` de `{id}` dépasse les {LONGEST} caractères d'une cellule"),
        format!("`{property}` of `{id}` is longer than the {LONGEST} characters of a cell"),
    ))
}
