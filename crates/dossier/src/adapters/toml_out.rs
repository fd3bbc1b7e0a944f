//! Tables as TOML that a person would have written, each line knowing where it is from.

use super::{Cell, ImportedTable};
use std::fmt::Write as _;

/// The text of a TOML file of a dossier, made of tables that were read elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// Where each line comes from.
    places: Vec<Option<String>>,
}

impl Draft {
    /// Where line `line`, counted from one, comes from.
    pub fn place(&self, line: usize) -> Option<&str> {
        self.places.get(line.checked_sub(1)?)?.as_deref()
    }

    /// Adds a line; none of what is written here breaks a line within itself.
    fn line(&mut self, place: Option<&str>, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
        self.places.push(place.map(str::to_string));
    }
}

/// What to write above the tables.
#[derive(Clone, Debug, Default)]
pub struct Head<'a> {
    /// Comments, one a line.
    pub comments: Vec<String>,
    /// Lists that are truly empty.
    pub none: Vec<&'a str>,
    /// Lists that are given in part.
    pub partial: Vec<&'a str>,
    /// Whether to state the dossier's format.
    pub format: bool,
}

/// The tables of a file as a TOML file; `lead` starts the name of each place, as in
/// `bom.json#`. With `origin`, every table that has an id says which place it comes from.
pub fn draft(head: &Head<'_>, tables: &[ImportedTable], lead: &str, origin: bool) -> Draft {
    let mut out = Draft::default();
    for c in &head.comments {
        out.line(
            None,
            format!("# {}", c.replace(char::is_control, " ")).trim(),
        );
    }
    for (key, names) in [("none", &head.none), ("partial", &head.partial)] {
        if !names.is_empty() {
            let names: Vec<String> = names.iter().map(|n| string(n)).collect();
            out.line(None, &format!("{key} = [{}]", names.join(", ")));
        }
    }
    if head.format {
        out.line(None, "");
        out.line(None, "[dossier]");
        out.line(None, "format = 1");
    }
    for t in tables {
        table(&mut out, t, lead, origin);
    }
    out
}

fn table(out: &mut Draft, t: &ImportedTable, lead: &str, origin: bool) {
    let place = format!("{lead}{}", t.pointer);
    let at = Some(place.as_str());
    if !out.text.is_empty() {
        out.line(None, "");
    }
    match (t.table.as_str(), t.id.as_str()) {
        ("fact", _) => out.line(at, "[[fact]]"),
        (name, "") => out.line(at, &format!("[{name}]")),
        (name, id) => {
            out.line(at, &format!("[[{name}]]"));
            out.line(at, &format!("id = {}", string(id)));
        }
    }
    for v in &t.values {
        let at = v.place.as_deref().or(at);
        out.line(at, &format!("{} = {}", v.field, value(&v.cell)));
    }
    if origin && !t.id.is_empty() {
        out.line(at, &format!("imported_from = {}", string(&place)));
    }
}

fn value(cell: &Cell) -> String {
    match cell {
        Cell::Text(t) => string(t),
        Cell::Date(d) if d.parse::<jiff::civil::Date>().is_ok() && d.len() == 10 => d.clone(),
        Cell::Date(d) => string(d),
        Cell::Number(n) => string(n),
        Cell::Bool(b) => b.to_string(),
        Cell::List(items) => list(items),
        Cell::Lists(lists) => {
            let all: Vec<String> = lists
                .iter()
                .map(|(key, items)| format!("{} = {}", string(key), list(items)))
                .collect();
            format!("{{ {} }}", all.join(", "))
        }
        Cell::Range(lo, hi) => {
            let end = |name: &str, v: &Option<String>| {
                v.as_ref().map(|v| format!("{name} = {}", string(v)))
            };
            let ends: Vec<String> = [end("min", lo), end("max", hi)]
                .into_iter()
                .flatten()
                .collect();
            format!("{{ {} }}", ends.join(", "))
        }
    }
}

fn list(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|i| string(i)).collect();
    format!("[{}]", items.join(", "))
}

/// A basic string of TOML.
fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
