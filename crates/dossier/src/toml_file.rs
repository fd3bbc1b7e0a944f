//! TOML text into nodes, with all its syntax errors.

use crate::node::{Entry, Kind, Node, Table};
use crate::report::Report;
use cocarde_model::{FileId, Span};
use std::collections::BTreeSet;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Parses a file; what cannot be read is reported and left out.
pub(crate) fn parse(file: FileId, text: &str, report: &mut Report) -> Table {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut places = BTreeSet::new();
    for e in errors {
        let range = e.span().unwrap_or(0..0);
        let (fr, en) = explain(e.message());
        report.error("malformed", span(file, &range), fr, en);
        places.insert(range.start);
    }
    let mut entries = table(file, document.get_ref());
    forget(&mut entries, &bodies_of_headers(text, &places));
    entries
}

/// What stands under the table headers that hold these bytes, in order and apart.
fn bodies_of_headers(text: &str, places: &BTreeSet<usize>) -> Vec<Range<usize>> {
    let mut lost: Vec<Range<usize>> = Vec::new();
    // Up to where the text is looked through already.
    let mut seen = 0;
    for at in places {
        if *at >= seen
            && let Some(body) = body_of_header(text, *at)
        {
            seen = body.start;
            lost.push(body);
        }
    }
    lost
}

/// What stands under the table header that holds the byte `at`, if it is one: nobody
/// knows which table those lines are of, and one error is enough.
fn body_of_header(text: &str, at: usize) -> Option<Range<usize>> {
    let before = text.get(..at)?;
    let line = before.rfind('\n').map_or(0, |i| i + 1);
    if !text[line..].trim_start().starts_with('[') {
        return None;
    }
    let mut start = line + text[line..].find('\n')? + 1;
    let body = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_start().starts_with('[') {
            break;
        }
        start += line.len();
    }
    Some(body..start)
}

fn forget(entries: &mut Table, lost: &[Range<usize>]) {
    if lost.is_empty() {
        return;
    }
    let is_lost = |e: &Entry| {
        let at = e.key_span.start as usize;
        let after = lost.partition_point(|r| r.start <= at);
        after > 0 && lost[after - 1].contains(&at)
    };
    entries.retain(|e| !is_lost(e));
    for entry in entries {
        forget_within(&mut entry.value, lost);
    }
}

fn forget_within(node: &mut Node, lost: &[Range<usize>]) {
    match &mut node.kind {
        Kind::Table(table) => forget(table, lost),
        Kind::Array(items) => items.iter_mut().for_each(|n| forget_within(n, lost)),
        _ => {}
    }
}

fn span(file: FileId, range: &Range<usize>) -> Span {
    Span {
        file,
        start: range.start as u32,
        end: range.end as u32,
    }
}

fn table(file: FileId, from: &DeTable<'_>) -> Table {
    let mut entries: Table = from
        .iter()
        .map(|(k, v)| Entry {
            key: k.get_ref().to_string(),
            key_span: span(file, &k.span()),
            value: node(file, v.get_ref(), &v.span()),
        })
        .collect();
    entries.sort_by_key(|e| e.key_span.start);
    entries
}

fn node(file: FileId, value: &DeValue<'_>, range: &Range<usize>) -> Node {
    let kind = match value {
        DeValue::Boolean(b) => Kind::Bool(*b),
        DeValue::String(s) => Kind::Text(s.to_string()),
        DeValue::Integer(i) if i.radix() == 10 => Kind::Number(i.as_str().to_string()),
        DeValue::Integer(i) => Kind::Number(
            i128::from_str_radix(i.as_str(), i.radix())
                .map_or_else(|_| i.to_string(), |n| n.to_string()),
        ),
        DeValue::Float(f) => Kind::Number(f.as_str().to_string()),
        DeValue::Datetime(d) => Kind::Date(d.to_string()),
        DeValue::Array(a) => Kind::Array(
            a.iter()
                .map(|v| node(file, v.get_ref(), &v.span()))
                .collect(),
        ),
        DeValue::Table(t) => Kind::Table(table(file, t)),
    };
    Node {
        kind,
        span: span(file, range),
    }
}

/// The parser's words, and the same in French where we know them.
fn explain(message: &str) -> (String, String) {
    let first = message.lines().next().unwrap_or("");
    let known = [
        ("duplicate key", "clé écrite deux fois"),
        (
            "string values must be quoted",
            "un texte s'écrit entre guillemets",
        ),
        ("missing opening quote", "guillemet ouvrant manquant"),
        ("invalid basic string", "texte mal fermé"),
        ("unclosed array", "liste non fermée"),
        ("unclosed inline table", "table non fermée"),
        ("unclosed table", "en-tête de table non fermé"),
        ("missing comma", "virgule manquante"),
        ("extra comma", "virgule de trop"),
        ("missing value", "valeur manquante"),
        ("key with no value", "clé sans valeur"),
        ("cannot recurse further", "imbrication trop profonde"),
        ("invalid date", "cette date n'existe pas au calendrier"),
        ("invalid time", "cette heure n'existe pas"),
        ("unexpected leading zero", "zéro de tête inattendu"),
        ("invalid unquoted key", "clé mal formée"),
        ("invalid value", "cette valeur n'en est pas une"),
        ("invalid key-value pair", "il faut « clé = valeur »"),
        ("missing assignment", "« = » manque après la clé"),
        ("extra `=`", "« = » de trop"),
        ("extra assignment", "« = » de trop"),
        ("unexpected key or value", "clé ou valeur inattendue"),
        ("unexpected content", "texte inattendu en fin de ligne"),
        ("unexpected sign", "signe inattendu"),
        ("unquoted keys cannot be empty", "clé vide"),
        ("unclosed array table", "en-tête de liste non fermé"),
        ("integer number overflowed", "nombre trop grand"),
        ("floating-point number overflowed", "nombre trop grand"),
        (
            "`_` may only go between digits",
            "« _ » ne va qu'entre deux chiffres",
        ),
        (
            "carriage return must be followed",
            "fin de ligne incomplète (retour chariot seul)",
        ),
    ];
    let fr = known
        .iter()
        .find(|(en, _)| first.starts_with(en))
        .map_or_else(
            || format!("TOML mal formé : {first}"),
            |(_, fr)| format!("TOML mal formé : {fr}"),
        );
    (fr, format!("malformed TOML: {first}"))
}
