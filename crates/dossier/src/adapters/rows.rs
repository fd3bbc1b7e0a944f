//! CSV as adapters need it: rows by the names of their columns, with their line.

use super::room::too_much;
use super::{ImportError, Unmapped};
use crate::report::quoted;
use csv::StringRecord;
use std::collections::BTreeMap;
use std::rc::Rc;

/// A row of a CSV file.
pub(super) struct Line {
    /// Its line in the file, counted from one.
    pub(super) number: u64,
    columns: Rc<BTreeMap<String, usize>>,
    cells: StringRecord,
}

impl Line {
    /// The cell of that column, unless it is empty.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        let cell = self.cells.get(*self.columns.get(column)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    /// Where it stands, as the place of a table.
    pub(super) fn pointer(&self) -> String {
        format!("L{}", self.number)
    }

    /// An error at this row.
    pub(super) fn error(&self, fr: &str, en: &str) -> ImportError {
        let n = self.number;
        ImportError::new(format!("ligne {n} : {fr}"), format!("line {n}: {en}"))
    }
}

/// The rows of a CSV file with a header, one after the other.
pub(super) struct Rows<'t> {
    reader: csv::Reader<&'t [u8]>,
    columns: Rc<BTreeMap<String, usize>>,
    /// How many cells of each column are not empty, of the rows so far.
    filled: Vec<usize>,
}

impl<'t> Rows<'t> {
    /// A file whose cells are separated by commas or semicolons; `name` is applied to the
    /// headers. Columns that must be there are `wanted`.
    pub(super) fn new(
        bytes: &'t [u8],
        name: fn(&str) -> String,
        wanted: &[&str],
    ) -> Result<Rows<'t>, ImportError> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
        let semicolons = first.contains(&b';') && !first.contains(&b',');
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(if semicolons { b';' } else { b',' })
            .from_reader(bytes);
        let headers = reader.headers().map_err(bad)?;
        let mut columns = BTreeMap::new();
        for (i, header) in headers.iter().enumerate() {
            let header = name(header.trim());
            let shown = quoted(&header);
            if !header.is_empty() && columns.insert(header, i).is_some() {
                return Err(ImportError::new(
                    format!("ligne 1 : la colonne `{shown}` est là deux fois"),
                    format!("line 1: column `{shown}` is there twice"),
                ));
            }
        }
        let filled = vec![0; headers.len()];
        for column in wanted {
            if !columns.contains_key(*column) {
                return Err(ImportError::new(
                    format!("ligne 1 : aucune colonne `{column}`"),
                    format!("line 1: no column `{column}`"),
                ));
            }
        }
        Ok(Rows {
            reader,
            columns: Rc::new(columns),
            filled,
        })
    }

    /// Whether the header has that column.
    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains_key(column)
    }

    /// The next row; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Line>, ImportError> {
        let mut cells = StringRecord::new();
        if !self.reader.read_record(&mut cells).map_err(bad)? {
            return Ok(None);
        }
        for (filled, cell) in self.filled.iter_mut().zip(&cells) {
            *filled += usize::from(!cell.trim().is_empty());
        }
        Ok(Some(Line {
            number: cells.position().map_or(0, csv::Position::line),
            columns: self.columns.clone(),
            cells,
        }))
    }

    /// All rows, at most so many.
    pub(super) fn all(&mut self, most: usize) -> Result<Vec<Line>, ImportError> {
        let mut lines = Vec::new();
        while let Some(line) = self.next()? {
            if lines.len() == most {
                let n = line.number;
                return Err(too_much(&format!("ligne {n}"), &format!("line {n}"), most));
            }
            lines.push(line);
        }
        Ok(lines)
    }

    /// Counts the cells of all columns but those.
    pub(super) fn count_others(&self, used: &[&str], prefix: &str, unmapped: &mut Unmapped) {
        for (column, i) in self.columns.iter() {
            if !used.contains(&column.as_str()) {
                unmapped.add_many(&format!("{prefix}{}", quoted(column)), self.filled[*i]);
            }
        }
    }
}

fn bad(e: csv::Error) -> ImportError {
    let line = e.position().map_or(1, csv::Position::line);
    let (fr, en) = match e.kind() {
        csv::ErrorKind::Utf8 { .. } => ("texte qui n'est pas de l'UTF-8", "text that is not UTF-8"),
        csv::ErrorKind::UnequalLengths { .. } => (
            "pas autant de cellules que d'en-têtes",
            "not as many cells as headers",
        ),
        _ => ("CSV mal formé", "malformed CSV"),
    };
    ImportError::new(format!("ligne {line} : {fr}"), format!("line {line}: {en}"))
}
