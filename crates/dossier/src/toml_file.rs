//! TOML text into nodes, with its syntax errors, one a line.

use crate::node::{Entry, Kind, Node, Table};
use crate::report::Report;
use crate::toml_words;
use cocarde_model::{FileId, Span};
use std::collections::BTreeSet;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Parses a file; what cannot be read is reported and left out.
pub(crate) fn parse(file: FileId, text: &str, report: &mut Report) -> Table {
    let (document, mut errors) = DeTable::parse_recoverable(text);
    // What is malformed as a whole comes before what is so by itself.
    errors.sort_by_key(|e| e.span().map_or(0, |s| s.start));
    let mut places = BTreeSet::new();
    // From the last one told to the end of its line.
    let mut told = 0..0;
    for e in errors {
        let range = e.span().unwrap_or(0..0);
        places.insert(range.start);
        // One slip makes the parser stumble over what follows on its line.
        if told.contains(&range.start) {
            continue;
        }
        let line = text.get(range.start..).unwrap_or_default();
        told = range.start..range.start + line.find('\n').unwrap_or(line.len()) + 1;
        let (fr, en) = toml_words::explain(e.message());
        let noted = report.error("malformed", span(file, &range), fr, en);
        if let Some((fr, en)) = toml_words::mend(e.message(), text, range.clone()) {
            noted.mend(fr, en);
        }
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
