//! `measurements/*.jsonl`: one measured fact a line, with the keys of `[[fact]]`.

use crate::node::{Entry, Kind, Node, Table};
use crate::report::Report;
use cocarde_model::{FileId, Span};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

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
                Err(e) => {
                    report
                        .error(
                            "malformed",
                            span,
                            format!("cette ligne n'est pas un objet JSON : {e}"),
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

    fn object(self, json: &'t str, depth: u32) -> Result<Table, String> {
        let pairs: Pairs<'t> = serde_json::from_str(json).map_err(|e| plain(&e))?;
        let mut table = Table::new();
        for (key, raw) in pairs.0 {
            if table.iter().any(|e| e.key == key) {
                return Err(format!("duplicate key `{}`", crate::report::quoted(&key)));
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

    fn node(self, json: &'t str, depth: u32) -> Result<Node, String> {
        if depth > DEPTH {
            return Err("too deep".into());
        }
        let kind = match json.as_bytes().first() {
            Some(b'"') => Kind::Text(serde_json::from_str(json).map_err(|e| plain(&e))?),
            Some(b'{') => Kind::Table(self.object(json, depth)?),
            Some(b'[') => {
                let items: Vec<&'t RawValue> = serde_json::from_str(json).map_err(|e| plain(&e))?;
                let nodes = items.into_iter().map(|i| self.node(i.get(), depth + 1));
                Kind::Array(nodes.collect::<Result<_, _>>()?)
            }
            Some(b't') => Kind::Bool(true),
            Some(b'f') => Kind::Bool(false),
            Some(b'n') => return Err("null in a list".into()),
            _ => Kind::Number(json.into()),
        };
        let span = self.span(json);
        Ok(Node { kind, span })
    }
}

/// The parser's words without its own line number, which is always one.
fn plain(e: &serde_json::Error) -> String {
    let text = e.to_string();
    let end = text.find(" at line ").unwrap_or(text.len());
    format!("{} (column {})", &text[..end], e.column())
}

/// The members of an object, borrowed, in their order.
struct Pairs<'t>(Vec<(String, &'t RawValue)>);

impl<'de> serde::Deserialize<'de> for Pairs<'de> {
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
