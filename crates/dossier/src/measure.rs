//! `measurements/*.jsonl`: one measured fact a line, with the keys of `[[fact]]`.

use crate::node::{Entry, Kind, Node, Table};
use crate::report::{Report, quoted};
use cocarde_model::{FileId, Span, json_in_french, json_placed};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeSet;

/// Why a line cannot be read, in English, and where it ceases to be JSON.
type Defect = (Span, String);

/// Depth of lists and objects within a line, at most.
const DEPTH: u32 = 8;

/// The objects of a file, one a line; blank lines are skipped.
pub(crate) fn parse(file: FileId, text: &str, report: &mut Report) -> Vec<(Table, Span)> {
    let mut tables = Vec::new();
    for line in text.lines() {
        let place = Place { file, text };
        let content = line.trim();
        if !content.is_empty() {
            let span = place.span(content);
            match place.object(content, 0) {
                Ok(table) => tables.push((table, span)),
                Err((at, e)) => {
                    let fr = json_in_french(&e);
                    report
                        .error(
                            "malformed",
                            at,
                            format!("cette ligne n'est pas un objet JSON : {fr}"),
                            format!("this line is no JSON object: {e}"),
                        )
                        .mend("écrire un objet par ligne", "write one object a line");
                }
            }
        }
    }
    tables
}

#[derive(Clone, Copy)]
struct Place<'t> {
    file: FileId,
    text: &'t str,
}

impl<'t> Place<'t> {
    /// The place of a part of the text.
    fn span(self, part: &'t str) -> Span {
        let start = (part.as_ptr() as usize - self.text.as_ptr() as usize) as u32;
        Span {
            file: self.file,
            start,
            end: start + part.len() as u32,
        }
    }

    /// Reads JSON; where that ends, and why, when it cannot be read.
    fn parse<T: Deserialize<'t>>(self, json: &'t str) -> Result<T, Defect> {
        serde_json::from_str(json).map_err(|e| {
            // The parser's own line number, which is always one, says nothing.
            let text = e.to_string();
            let (words, _) = json_placed(&text);
            (self.byte(json, e.column()), words.into())
        })
    }

    /// The place of a byte of a part of the text, counted from one.
    fn byte(self, part: &'t str, column: usize) -> Span {
        let start = (0..column.min(part.len()))
            .rev()
            .find(|i| part.is_char_boundary(*i));
        let rest = &part[start.unwrap_or_default()..];
        let end = rest.chars().next().map_or(0, char::len_utf8);
        self.span(&rest[..end])
    }

    fn object(self, json: &'t str, depth: u32) -> Result<Table, Defect> {
        let pairs: Pairs<'t> = self.parse(json)?;
        let mut keys = BTreeSet::new();
        let mut table = Table::new();
        for (key, raw) in pairs.0 {
            if !keys.insert(key.clone()) {
                let shown = quoted(&key);
                return Err((self.span(raw.get()), format!("duplicate key `{shown}`")));
            }
            if raw.get() == "null" {
                continue;
            }
            let value = self.node(raw.get(), depth + 1)?;
            table.push(Entry {
                key,
                key_span: value.span,
                value,
            });
        }
        Ok(table)
    }

    fn node(self, json: &'t str, depth: u32) -> Result<Node, Defect> {
        let span = self.span(json);
        if depth > DEPTH {
            return Err((span, "too deep".into()));
        }
        let kind = match json.as_bytes().first() {
            Some(b'"') => Kind::Text(self.parse(json)?),
            Some(b'{') => Kind::Table(self.object(json, depth)?),
            Some(b'[') => {
                let items: Vec<&'t RawValue> = self.parse(json)?;
                let nodes = items.into_iter().map(|i| self.node(i.get(), depth + 1));
                Kind::Array(nodes.collect::<Result<_, _>>()?)
            }
            Some(b't') => Kind::Bool(true),
            Some(b'f') => Kind::Bool(false),
            Some(b'n') => return Err((span, "null in a list".into())),
            _ => Kind::Number(json.into()),
        };
        Ok(Node { kind, span })
    }
}

/// The members of an object, borrowed, in their order.
struct Pairs<'t>(Vec<(String, &'t RawValue)>);

impl<'de> Deserialize<'de> for Pairs<'de> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Pairs<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<'de>, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Pairs(pairs))
            }
        }
        d.deserialize_map(Members)
    }
}
