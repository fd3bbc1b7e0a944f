//! Opening a workbook within limits: what its cells hold, and nothing computed.

use crate::Limits;
use crate::layout::cell_name;
use crate::references;
use calamine::{DataRef, Reader, Xlsx};
use cocarde_dossier::Failure;
use cocarde_model::{Date, Diagnostic, Sources};
use std::collections::BTreeMap;
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

/// Opens a workbook. Formulas and errors are refused, each in its cell.
pub(crate) fn open(file: &str, bytes: &[u8], limits: &Limits) -> Result<Sheets, Failure> {
    bounded(file, bytes, limits)?;
    let not_xlsx = |e: &dyn std::fmt::Display| {
        let said: String = e
            .to_string()
            .chars()
            .filter(|c| !c.is_control())
            .take(200)
            .collect();
        refused(
            file,
            "not-a-workbook",
            &format!("ce n'est pas un classeur XLSX : {said}"),
            &format!("this is no XLSX workbook: {said}"),
        )
    };
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|e| not_xlsx(&e))?;
    let mut sheets = Sheets::new();
    let mut defects: Vec<Diagnostic> = Vec::new();
    let mut left = limits.cells;
    for name in book.sheet_names() {
        // Charts and macros are sheets without cells.
        let Ok(mut reader) = book.worksheet_cells_reader(&name) else {
            continue;
        };
        let mut cells = Cells::new();
        while let Some(c) = reader
            .next_cell_with_formula_metadata()
            .map_err(|e| not_xlsx(&e))?
        {
            let (row, col) = c.pos;
            let place = |name: &str| {
                let shown: String = name.chars().filter(|c| !c.is_control()).take(31).collect();
                format!(
                    "{file}, {shown}!{}",
                    cell_name(row, col.min(MOST_COLUMNS) as u16)
                )
            };
            let defect = match (&c.value, c.formula.is_some()) {
                (_, true) => Some(formula()),
                (DataRef::Error(_), _) => Some(error()),
                (DataRef::Empty, _) => continue,
                _ if row >= MOST_ROWS || col >= MOST_COLUMNS => Some(far()),
                _ => None,
            };
            if let Some(d) = defect {
                if defects.len() < limits.defects {
                    defects.push(d.in_file(place(&name)));
                }
                continue;
            }
            if left == 0 {
                return Err(refused(
                    file,
                    "too-many-cells",
                    &format!("plus de {} cellules remplies", limits.cells),
                    &format!("more than {} filled cells", limits.cells),
                ));
            }
            left -= 1;
            cells.insert((row, col as u16), raw(c.value));
        }
        sheets.push((name, cells));
    }
    match defects.is_empty() {
        true => Ok(sheets),
        false => Err(Failure {
            sources: Sources::default(),
            diagnostics: defects,
        }),
    }
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
    let bad = |e: &dyn std::fmt::Display| {
        let said: String = e.to_string().chars().take(200).collect();
        refused(
            file,
            "not-a-workbook",
            &format!("ce n'est pas un classeur XLSX : {said}"),
            &format!("this is no XLSX workbook: {said}"),
        )
    };
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
        let name: String = part
            .name()
            .map_err(|e| bad(&e))?
            .chars()
            .filter(|c| !c.is_control())
            .take(80)
            .collect();
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
