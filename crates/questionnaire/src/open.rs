//! Opening a workbook within limits: what its cells hold, and nothing computed.

use crate::Limits;
use crate::layout::{LONGEST, cell_name, quoted};
use crate::references;
use calamine::{DataRef, Reader, Xlsx};
use cocarde_dossier::Failure;
use cocarde_model::{Date, Diagnostic, Sources};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Raw {
    Text(String),
    Number(f64),
    Bool(bool),
    /// A day, when the cell holds a whole one.
    Day(Option<Date>),
}

/// The cells of a sheet that are not empty, by row and column.
pub(crate) type Cells = BTreeMap<(u32, u16), Raw>;

/// The sheets of a workbook, in their order.
pub(crate) type Sheets = Vec<(String, Cells)>;

/// Rows and columns beyond which nothing is read.
const MOST_ROWS: u32 = 200_000;
const MOST_COLUMNS: u32 = 500;

/// A defect of a whole file.
pub(crate) fn refused(file: &str, code: &'static str, fr: &str, en: &str) -> Failure {
    Failure {
        sources: Sources::default(),
        diagnostics: vec![Diagnostic::error(code, fr, en).in_file(file)],
    }
}

/// Opens a workbook that `mark` lets pass by its cells, and reads the sheets that are `wanted`.
/// Formulas and errors are refused, each in its cell.
///
/// A sheet of another name keeps its place with no cells. So does one of a name that was
/// there before: a file could name one part a million times.
pub(crate) fn open(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
    mark: (&str, impl Fn(&Cells) -> Result<(), Failure>),
    wanted: impl Fn(&str) -> bool,
) -> Result<Sheets, Failure> {
    bounded(file, bytes, limits)?;
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| not_a_workbook(file, &e))?;
    let mut opening = Opening {
        file,
        limits,
        cells: limits.cells,
        texts: limits.texts,
        defects: Vec::new(),
    };
    let (marked, proven) = mark;
    // What is no questionnaire is known by one sheet: no other is read before.
    let mut first = opening.sheet(&mut book, marked)?;
    proven(&first)?;
    let mut seen = BTreeSet::new();
    let mut sheets = Sheets::new();
    for name in book.sheet_names() {
        let again = !seen.insert(name.clone());
        let cells = match (again, name == marked) {
            (false, true) => std::mem::take(&mut first),
            (false, false) if wanted(&name) => opening.sheet(&mut book, &name)?,
            _ => Cells::new(),
        };
        sheets.push((name, cells));
    }
    match opening.defects.is_empty() {
        true => Ok(sheets),
        false => Err(Failure {
            sources: Sources::default(),
            diagnostics: opening.defects,
        }),
    }
}

/// The reading of sheets so far, and what may still be kept of them.
struct Opening<'a> {
    file: &'a str,
    limits: &'a Limits,
    cells: usize,
    texts: usize,
    defects: Vec<Diagnostic>,
}

impl Opening<'_> {
    /// The cells of a sheet; none of a chart or a macro, which are sheets without cells.
    fn sheet(&mut self, book: &mut Xlsx<Cursor<&[u8]>>, name: &str) -> Result<Cells, Failure> {
        let mut cells = Cells::new();
        let Ok(mut reader) = book.worksheet_cells_reader(name) else {
            return Ok(cells);
        };
        while let Some(c) = reader
            .next_cell_with_formula_metadata()
            .map_err(|e| not_a_workbook(self.file, &e))?
        {
            let (row, col) = c.pos;
            let (text, formulated) = (text_of(&c.value), c.formula.is_some());
            if matches!(c.value, DataRef::Empty) && !formulated {
                continue;
            }
            self.pay(text)?;
            let defect = match &c.value {
                _ if formulated => Some(formula()),
                DataRef::Error(_) => Some(error()),
                _ if row >= MOST_ROWS || col >= MOST_COLUMNS => Some(far()),
                _ if is_too_long(text) => Some(too_long()),
                _ => None,
            };
            if let Some(d) = defect {
                self.refuse(name, row, col, d);
                continue;
            }
            cells.insert((row, col as u16), raw(c.value));
        }
        Ok(cells)
    }

    /// Notes a defect of a cell.
    fn refuse(&mut self, sheet: &str, row: u32, col: u32, defect: Diagnostic) {
        if self.defects.len() < self.limits.defects {
            let shown = quoted(sheet, 31);
            let cell = cell_name(row, col.min(MOST_COLUMNS) as u16);
            self.defects
                .push(defect.in_file(format!("{}, {shown}!{cell}", self.file)));
        }
    }

    /// Counts a cell and its text, whether they are kept or refused. A text that many cells
    /// share stands once in the file, and would be copied for each of them.
    fn pay(&mut self, text: &str) -> Result<(), Failure> {
        let Some(cells) = self.cells.checked_sub(1) else {
            let most = self.limits.cells;
            return Err(refused(
                self.file,
                "too-many-cells",
                &format!("plus de {most} cellules remplies"),
                &format!("more than {most} filled cells"),
            ));
        };
        let Some(texts) = self.texts.checked_sub(text.len()) else {
            let most = self.limits.texts >> 20;
            return Err(refused(
                self.file,
                "too-large",
                &format!("les textes des cellules dépassent ensemble les {most} Mio permis"),
                &format!("the texts of all cells together are more than the {most} MiB allowed"),
            ));
        };
        (self.cells, self.texts) = (cells, texts);
        Ok(())
    }
}

/// The text that a cell holds, if it is one.
fn text_of<'c>(value: &'c DataRef<'_>) -> &'c str {
    match value {
        DataRef::String(t) | DataRef::DateTimeIso(t) | DataRef::DurationIso(t) => t,
        DataRef::SharedString(t) => t,
        _ => "",
    }
}

/// Whether a text is longer than a cell of a spreadsheet can hold.
fn is_too_long(text: &str) -> bool {
    // A unit of UTF-16 takes at least a byte, so most texts need not be counted.
    text.len() > LONGEST && text.encode_utf16().nth(LONGEST).is_some()
}

/// The failure of a file that is no workbook, with what its reader says.
fn not_a_workbook(file: &str, said: &dyn std::fmt::Display) -> Failure {
    let said = quoted(&said.to_string(), 200);
    refused(
        file,
        "not-a-workbook",
        &format!("ce n'est pas un classeur XLSX : {said}"),
        &format!("this is no XLSX workbook: {said}"),
    )
}

fn too_long() -> Diagnostic {
    Diagnostic::error(
        "long-cell",
        format!("cette cellule dépasse les {LONGEST} caractères d'une cellule"),
        format!("this cell is longer than the {LONGEST} characters of a cell"),
    )
    .help(
        "abréger le texte, ou le joindre comme pièce",
        "shorten the text, or attach it as a document",
    )
}

fn formula() -> Diagnostic {
    Diagnostic::error(
        "formula",
        "une formule : seules des valeurs sont lues",
        "a formula: only values are read",
    )
    .help(
        "copier la cellule et la coller comme valeur",
        "copy the cell and paste it as a value",
    )
}

fn error() -> Diagnostic {
    Diagnostic::error(
        "cell-error",
        "cette cellule est en erreur",
        "this cell holds an error",
    )
    .help("la vider ou la corriger", "clear or mend it")
}

fn far() -> Diagnostic {
    Diagnostic::error(
        "far-cell",
        "cette cellule est trop loin des questions",
        "this cell is too far from the questions",
    )
    .help("la vider", "clear it")
}

fn raw(value: DataRef<'_>) -> Raw {
    match value {
        DataRef::Int(n) => Raw::Number(n as f64),
        DataRef::Float(n) => Raw::Number(n),
        DataRef::String(t) => Raw::Text(t),
        DataRef::SharedString(t) => Raw::Text(t.into()),
        DataRef::Bool(b) => Raw::Bool(b),
        DataRef::DateTime(d) => Raw::Day(whole_day(d)),
        DataRef::DateTimeIso(t) => Raw::Text(t.strip_suffix("T00:00:00").unwrap_or(&t).into()),
        DataRef::DurationIso(t) => Raw::Text(t),
        DataRef::Error(_) | DataRef::Empty => Raw::Text(String::new()),
    }
}

/// The day, when the time of day is midnight and the count is one of a date.
fn whole_day(d: calamine::ExcelDateTime) -> Option<Date> {
    let count = d.as_f64();
    if !d.is_datetime() || !(0.0..3_000_000.0).contains(&count) || count.fract() != 0.0 {
        return None;
    }
    let (year, month, day, ..) = d.to_ymd_hms_milli();
    Date::new(year as i16, month as i8, day as i8).ok()
}

/// Decompresses every part once, counting: sizes that an archive states can lie. References
/// that the reader of workbooks cannot count with are refused here, each in its part.
fn bounded(file: &str, bytes: &[u8], limits: &Limits) -> Result<(), Failure> {
    let bad = |e: &dyn std::fmt::Display| not_a_workbook(file, e);
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| bad(&e))?;
    if archive.len() > limits.parts {
        let most = limits.parts;
        return Err(refused(
            file,
            "too-large",
            &format!("plus de {most} parties dans l'archive"),
            &format!("more than {most} parts in the archive"),
        ));
    }
    let mut left = limits.bytes;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|e| bad(&e))?;
        let name = quoted(&part.name().map_err(|e| bad(&e))?, 80);
        let mut content = Vec::new();
        let read = part.take(left + 1).read_to_end(&mut content);
        let read = read.map_err(|e| bad(&e))? as u64;
        if read > left {
            let most = limits.bytes >> 20;
            return Err(refused(
                file,
                "too-large",
                &format!("le classeur décompressé dépasse les {most} Mio permis"),
                &format!("the workbook decompressed is more than the {most} MiB allowed"),
            ));
        }
        if declares_a_type(&content) {
            return Err(refused(
                file,
                "document-type",
                "les déclarations de type de document ne sont pas lues",
                "document type declarations are not read",
            ));
        }
        if let Some(defect) = references::defect(&content) {
            return Err(Failure {
                sources: Sources::default(),
                diagnostics: vec![defect.in_file(format!("{file}, {name}"))],
            });
        }
        left -= read;
    }
    Ok(())
}

/// Whether XML declares a type, and with it entities that could grow.
fn declares_a_type(content: &[u8]) -> bool {
    let marks = content.windows(9).filter(|w| w.starts_with(b"<!"));
    marks.into_iter().any(|w| w == b"<!DOCTYPE")
}
