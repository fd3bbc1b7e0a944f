//! CSV as adapters need it: rows by the names of their columns, with their line.

use super::{ImportError, Unmapped};
use crate::report::quoted;
use std::collections::BTreeMap;

/// A row of a CSV file.
pub(super) struct Line {
    /// Its line in the file, counted from one.
    pub(super) number: u64,
    cells: BTreeMap<String, String>,
}

impl Line {
    /// The cell of that column, unless it is empty.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        self.cells.get(column).map(String::as_str)
    }

    /// Where it stands, as the place of a table.
    pub(super) fn pointer(&self) -> String {
        format!("L{}", self.number)
    }

    /// Counts the cells of all columns but those.
    pub(super) fn count_others(&self, used: &[&str], prefix: &str, unmapped: &mut Unmapped) {
        for column in self.cells.keys().filter(|c| !used.contains(&c.as_str())) {
            unmapped.add(&format!("{prefix}{}", quoted(column)));
        }
    }

    /// An error at this row.
    pub(super) fn error(&self, fr: &str, en: &str) -> ImportError {
        let n = self.number;
        ImportError::new(format!("ligne {n} : {fr}"), format!("line {n}: {en}"))
    }
}

/// The rows of a CSV file with a header, separated by commas or semicolons; `name` is
/// applied to the headers. Columns that must be there are `wanted`.
pub(super) fn read(
    bytes: &[u8],
    name: fn(&str) -> String,
    wanted: &[&str],
) -> Result<Vec<Line>, ImportError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    let semicolons = first.contains(&b';') && !first.contains(&b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(if semicolons { b';' } else { b',' })
        .from_reader(bytes);
    let headers = reader.headers().map_err(bad)?;
    let headers: Vec<String> = headers.iter().map(|h| name(h.trim())).collect();
    for (i, h) in headers.iter().enumerate() {
        if !h.is_empty() && headers[..i].contains(h) {
            let shown = quoted(h);
            return Err(ImportError::new(
                format!("ligne 1 : la colonne `{shown}` est là deux fois"),
                format!("line 1: column `{shown}` is there twice"),
            ));
        }
    }
    for column in wanted {
        if !headers.iter().any(|h| h == column) {
            return Err(ImportError::new(
                format!("ligne 1 : aucune colonne `{column}`"),
                format!("line 1: no column `{column}`"),
            ));
        }
    }
    let mut rows = Vec::new();
    for row in reader.records() {
        let row = row.map_err(bad)?;
        let number = row.position().map_or(0, csv::Position::line);
        let cells = headers
            .iter()
            .cloned()
            .zip(row.iter().map(|c| c.trim().to_string()))
            .filter(|(_, v)| !v.is_empty());
        rows.push(Line {
            number,
            cells: cells.collect(),
        });
    }
    Ok(rows)
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
