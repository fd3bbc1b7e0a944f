//! From the cells of a questionnaire to the TOML files of a dossier.

use crate::Limits;
use crate::codec::{self, Refusal};
use crate::layout::{self, CHOICES, FACTS, FORMAT, README, STATES, Sheet, State, cell_name};
use crate::open::{Cells, Raw, Sheets, open, refused};
use crate::sheets::{fact_rows, list_rows, once_rows};
use cocarde_dossier::adapters::{Draft, Head, ImportedTable, draft, located};
use cocarde_dossier::{Dossier, Failure};
use cocarde_model::{Diagnostic, Schema, Sources};

/// What a filled-in questionnaire says.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The TOML files of the dossier, by name.
    pub files: Vec<(String, Draft)>,
    /// The dossier, read from these files; the attached documents were not looked for.
    pub dossier: Dossier,
    /// Sheets that are no part of a questionnaire and were not read.
    pub ignored: Vec<String>,
    /// Sheets of a questionnaire that are not there.
    pub missing: Vec<String>,
    /// The documents that the dossier attaches.
    pub attached: Vec<Attached>,
}

/// A document that a dossier attaches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// Its path within the dossier.
    pub file: String,
    /// Its digest as stated, in hexadecimal.
    pub sha256: Option<String>,
}

/// The same in French and in English.
pub(crate) type Both = (&'static str, &'static str);

/// The reading of a workbook so far.
pub(crate) struct Reading<'a> {
    pub(crate) file: &'a str,
    pub(crate) schema: &'a Schema,
    pub(crate) defects: Vec<Diagnostic>,
    most: usize,
}

impl Reading<'_> {
    /// The place of a cell.
    pub(crate) fn place(&self, sheet: &str, row: u32, col: u16) -> String {
        format!("{}, {sheet}!{}", self.file, cell_name(row, col))
    }

    /// Notes a defect of a cell, of which the refusal says what there should be.
    pub(crate) fn defect(&mut self, place: String, code: &'static str, (fr, en): Refusal) {
        self.note(place, Diagnostic::error(code, fr, en));
    }

    /// Notes a defect of a cell with its mend, each in French and English.
    pub(crate) fn mended(&mut self, place: String, code: &'static str, said: Both, mend: Both) {
        let defect = Diagnostic::error(code, said.0, said.1);
        self.note(place, defect.help(mend.0, mend.1));
    }

    fn note(&mut self, place: String, defect: Diagnostic) {
        if self.defects.len() < self.most {
            self.defects.push(defect.in_file(place));
        }
    }

    fn done<T>(self, value: T) -> Result<T, Failure> {
        match self.defects.is_empty() {
            true => Ok(value),
            false => Err(Failure {
                sources: Sources::default(),
                diagnostics: self.defects,
            }),
        }
    }
}

pub(crate) fn read(file: &str, bytes: &[u8], limits: &Limits) -> Result<Answers, Failure> {
    let schema = cocarde_model::Schema::standard();
    let wanted = layout::sheets(schema);
    let is_read = |name: &str| name == FACTS || wanted.iter().any(|s| &*s.name == name);
    let mark = (README, |cells: &Cells| proven(file, cells));
    let sheets = open(file, bytes, limits, mark, is_read)?;
    let reading = Reading {
        file,
        schema,
        defects: Vec::new(),
        most: limits.defects,
    };
    let drafts = drafts(reading, &wanted, &sheets)?;
    let texts: Vec<(&str, &str)> = drafts
        .iter()
        .map(|(name, d)| (name.as_str(), d.text.as_str()))
        .collect();
    let dossier = cocarde_dossier::read_texts(&texts).map_err(|f| {
        let by_name: Vec<(&str, &Draft)> = drafts.iter().map(|(n, d)| (n.as_str(), d)).collect();
        located(f, &by_name)
    })?;
    let known = |name: &str| [README, CHOICES].contains(&name) || is_read(name);
    let there = |name: &str| sheets.iter().any(|(n, _)| n == name);
    let names = wanted.iter().map(|s| &*s.name).chain([FACTS]);
    Ok(Answers {
        ignored: sheets
            .iter()
            .map(|(n, _)| n.clone())
            .filter(|n| !known(n))
            .collect(),
        missing: names.filter(|n| !there(n)).map(str::to_string).collect(),
        attached: attached(&dossier),
        files: drafts,
        dossier,
    })
}

/// Refuses workbooks that are no questionnaire of this format.
fn proven(file: &str, readme: &Cells) -> Result<(), Failure> {
    match readme.get(&(1, 0)) {
        Some(Raw::Text(t)) if t == FORMAT => Ok(()),
        _ => Err(refused(
            file,
            "not-a-questionnaire",
            "ce classeur n'est pas un questionnaire écrit par `cocarde export`",
            "this workbook is no questionnaire written by `cocarde export`",
        )),
    }
}

/// The files: one of what there is once, one for each list, one of facts.
fn drafts(
    mut reading: Reading<'_>,
    wanted: &[Sheet],
    sheets: &Sheets,
) -> Result<Vec<(String, Draft)>, Failure> {
    let cells = |name: &str| sheets.iter().find(|(n, _)| n == name).map(|(_, c)| c);
    let mut once: Vec<ImportedTable> = Vec::new();
    let mut files: Vec<(String, Vec<ImportedTable>)> = Vec::new();
    let (mut none, mut partial): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for sheet in wanted {
        let Some(cells) = cells(&sheet.name) else {
            continue;
        };
        if sheet.once {
            once.extend(once_rows(&mut reading, sheet, cells));
            continue;
        }
        let rows = list_rows(&mut reading, sheet, cells);
        match state(&mut reading, sheet, cells) {
            Some(State::Partial) => partial.push(&sheet.name),
            Some(_) if rows.is_empty() => none.push(&sheet.name),
            Some(State::Empty) => {
                let (row, col) = layout::LIST_STATE;
                let place = reading.place(&sheet.name, row, col);
                let said = (
                    "la liste est dite vide et ne l'est pas",
                    "the list is said to be empty and is not",
                );
                let mend = (
                    "dire la liste complète ou partielle, ou en vider les lignes",
                    "say that the list is complete or partial, or clear its rows",
                );
                reading.mended(place, "none-with-entries", said, mend);
            }
            _ => {}
        }
        if !rows.is_empty() {
            files.push((format!("{}.toml", sheet.name), rows));
        }
    }
    if let Some(cells) = cells(FACTS) {
        let rows = fact_rows(&mut reading, cells);
        if !rows.is_empty() {
            files.push(("facts.toml".into(), rows));
        }
    }
    let lead = format!("{}, ", reading.file);
    let head = Head {
        comments: vec![reading.file.to_string()],
        none,
        partial,
        format: true,
    };
    let mut drafts = vec![(
        "dossier.toml".to_string(),
        draft(&head, &once, &lead, false),
    )];
    for (name, tables) in files {
        let head = Head::default();
        drafts.push((name, draft(&head, &tables, &lead, false)));
    }
    reading.done(drafts)
}

/// How whole the list is said to be.
fn state(reading: &mut Reading<'_>, sheet: &Sheet, cells: &Cells) -> Option<State> {
    let (row, col) = layout::LIST_STATE;
    let text = match cells.get(&(row, col)).map(codec::plain) {
        Some(Ok(t)) => t.trim().to_lowercase(),
        _ => return None,
    };
    if text.is_empty() {
        return None;
    }
    let known = STATES
        .iter()
        .find(|(words, _)| *words == text || words.split(" / ").any(|w| w == text));
    if known.is_none() {
        let words: Vec<&str> = STATES.iter().map(|(w, _)| *w).collect();
        let words = words.join(", ");
        let said = (
            format!("il faut l'un de : {words}"),
            format!("it must be one of: {words}"),
        );
        let place = reading.place(&sheet.name, row, col);
        reading.defect(place, "unknown-word", said);
    }
    known.map(|(_, s)| *s)
}

/// The documents that name a file.
fn attached(dossier: &Dossier) -> Vec<Attached> {
    let base = &dossier.base;
    let Some(ty) = base.schema().by_name("document") else {
        return Vec::new();
    };
    let text = |record, name: &str| base.text(record, name).map(|t| t.to_string());
    let documents = base.records().filter(|(_, r)| r.ty == ty);
    documents
        .filter_map(|(record, _)| {
            Some(Attached {
                file: text(record, "file")?,
                sha256: text(record, "sha256"),
            })
        })
        .collect()
}
