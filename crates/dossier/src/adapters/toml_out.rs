//! Tables as TOML that a person would have written.

use super::{Cell, ImportedTable};
use std::fmt::Write as _;

pub(super) fn write(tables: &[ImportedTable]) -> String {
    let mut out = String::new();
    for t in tables {
        if !out.is_empty() {
            out.push('\n');
        }
        if t.id.is_empty() {
            let _ = writeln!(out, "[{}]", t.table);
        } else {
            let _ = writeln!(out, "[[{}]]\nid = {}", t.table, string(&t.id));
        }
        for (field, cell) in &t.values {
            let _ = writeln!(out, "{field} = {}", value(cell));
        }
    }
    out
}

fn value(cell: &Cell) -> String {
    match cell {
        Cell::Text(t) => string(t),
        Cell::Number(n) => format!("\"{n}\""),
        Cell::Bool(b) => b.to_string(),
        Cell::List(items) => {
            let items: Vec<String> = items.iter().map(|i| string(i)).collect();
            format!("[{}]", items.join(", "))
        }
        Cell::Range(lo, hi) => {
            let end =
                |name: &str, v: &Option<String>| v.as_ref().map(|v| format!("{name} = \"{v}\""));
            let ends: Vec<String> = [end("min", lo), end("max", hi)]
                .into_iter()
                .flatten()
                .collect();
            format!("{{ {} }}", ends.join(", "))
        }
    }
}

/// A basic string of TOML.
pub(super) fn string(text: &str) -> String {
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
