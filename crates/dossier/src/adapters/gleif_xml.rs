//! GLEIF relationship records in XML, read as a stream.

use super::gleif::Record;
use super::xml::{DEPTH, Place, bad, text};
use super::{ImportError, Unmapped};
use crate::report::quoted;
use quick_xml::Reader;
use quick_xml::events::Event;

/// Length of a text that is kept, in bytes.
const LONGEST: usize = 200;

/// Gives each record of a file to `take`, until that fails. Entities are never expanded, so
/// that none can grow.
pub(super) fn read(
    bytes: &[u8],
    unmapped: &mut Unmapped,
    mut take: impl FnMut(Record, &mut Unmapped) -> Result<(), ImportError>,
) -> Result<(), ImportError> {
    let text = text(bytes)?;
    let mut reader = Reader::from_str(text);
    let mut place = Place::default();
    let mut walk = Walk::default();
    loop {
        let event = reader.read_event();
        let line = place.at(bytes, reader.buffer_position() as usize);
        let event =
            event.map_err(|e| bad(line, "XML mal formé", &format!("malformed XML: {e}")))?;
        match event {
            Event::Start(e) => {
                if walk.path.len() >= DEPTH {
                    return Err(bad(
                        line,
                        "éléments trop imbriqués",
                        "elements nest too deep",
                    ));
                }
                walk.start(e.local_name().as_ref(), line);
            }
            Event::Text(t) if walk.content.len() < LONGEST => walk.content.push_str(&t),
            Event::End(_) => {
                if let Some(record) = walk.end(unmapped) {
                    take(record, unmapped)?;
                }
            }
            Event::DocType(_) => {
                return Err(bad(
                    line,
                    "les déclarations de type de document ne sont pas lues",
                    "document type declarations are not read",
                ));
            }
            Event::Eof if walk.path.is_empty() => return Ok(()),
            Event::Eof => return Err(bad(line, "le fichier est coupé", "the file is cut off")),
            _ => {}
        }
    }
}

#[derive(Default)]
struct Walk {
    path: Vec<String>,
    content: String,
    record: Record,
}

impl Walk {
    fn start(&mut self, name: &str, line: u64) {
        if name == "RelationshipRecord" {
            self.record = Record {
                line,
                ..Record::default()
            };
        }
        if name == "RelationshipQuantifier" {
            self.record.quantifiers += 1;
        }
        self.path.push(name.into());
        self.content.clear();
    }

    /// Ends an element; gives the record that ends with it.
    fn end(&mut self, unmapped: &mut Unmapped) -> Option<Record> {
        let name = self.path.pop().unwrap_or_default();
        let parent = self.path.last().map_or("", String::as_str);
        let value = self.content.trim().to_string();
        self.content.clear();
        let record = &mut self.record;
        let first = record.quantifiers == 1;
        match (parent, name.as_str()) {
            (_, "RelationshipRecord") => return Some(std::mem::take(record)),
            ("StartNode", "NodeID") => record.start = value,
            ("EndNode", "NodeID") => record.end = value,
            ("Relationship", "RelationshipType") => record.kind = value,
            ("Relationship", "RelationshipStatus") => record.status = value,
            ("Registration", "RegistrationStatus") => record.registration = value,
            ("RelationshipQuantifier", "MeasurementMethod") if first => record.method = value,
            ("RelationshipQuantifier", "QuantifierUnits") if first => record.units = value,
            ("RelationshipQuantifier", "QuantifierAmount") if first => record.amount = value,
            _ if !value.is_empty() => {
                let at = self.path.iter().position(|p| p == "RelationshipRecord");
                let above = at.map_or(&self.path[..], |i| &self.path[i + 1..]);
                let mut path: Vec<String> = above.iter().map(|p| quoted(p)).collect();
                path.push(quoted(&name));
                unmapped.add(&path.join("/"));
            }
            _ => {}
        }
        None
    }
}
