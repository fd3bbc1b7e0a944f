//! XML as adapters need it: read element by element, without document types, so that
//! no entity can grow, and with the line of everything that is wrong.

use super::{ImportError, Unmapped};
use crate::report::quoted;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Depth of elements that is followed.
pub(super) const DEPTH: usize = 32;

/// The text of a file, which must be UTF-8.
pub(super) fn text(bytes: &[u8]) -> Result<&str, ImportError> {
    std::str::from_utf8(bytes).map_err(|e| {
        let line = 1 + newlines(&bytes[..e.valid_up_to()]);
        bad(line, "ce n'est pas de l'UTF-8", "this is not UTF-8")
    })
}

/// What is wrong at a line.
pub(super) fn bad(line: u64, fr: &str, en: &str) -> ImportError {
    ImportError::new(format!("ligne {line} : {fr}"), format!("line {line}: {en}"))
}

fn malformed(line: u64, e: &impl std::fmt::Display) -> ImportError {
    bad(line, "XML mal formé", &format!("malformed XML: {e}"))
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|b| **b == b'\n').count() as u64
}

/// The line of a position that only moves on.
#[derive(Default)]
pub(super) struct Place {
    seen: usize,
    lines: u64,
}

impl Place {
    pub(super) fn at(&mut self, bytes: &[u8], position: usize) -> u64 {
        let position = position.min(bytes.len());
        if position > self.seen {
            self.lines += newlines(&bytes[self.seen..position]);
            self.seen = position;
        }
        self.lines + 1
    }
}

/// An element's beginning.
pub(super) struct Element {
    pub(super) name: String,
    pub(super) line: u64,
    /// Attributes, without prefixes, in the order of the file.
    pub(super) attributes: Vec<(String, String)>,
}

impl Element {
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let mut all = self.attributes.iter();
        all.find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// Pulls elements from a file, each with its children before the next.
pub(super) struct Xml<'t> {
    reader: Reader<&'t [u8]>,
    text: &'t str,
    place: Place,
    line: u64,
    depth: usize,
}

impl<'t> Xml<'t> {
    pub(super) fn new(text: &'t str) -> Xml<'t> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        Xml {
            reader,
            text,
            place: Place::default(),
            line: 1,
            depth: 0,
        }
    }

    fn event(&mut self) -> Result<Event<'t>, ImportError> {
        let event = self.reader.read_event();
        let position = self.reader.buffer_position() as usize;
        self.line = self.place.at(self.text.as_bytes(), position);
        match event.map_err(|e| malformed(self.line, &e))? {
            Event::DocType(_) => Err(bad(
                self.line,
                "les déclarations de type de document ne sont pas lues",
                "document type declarations are not read",
            )),
            Event::Start(_) if self.depth >= DEPTH => Err(bad(
                self.line,
                "éléments trop imbriqués",
                "elements nest too deep",
            )),
            Event::Eof if self.depth > 0 => Err(bad(
                self.line,
                "le fichier est coupé",
                "the file is cut off",
            )),
            event => Ok(event),
        }
    }

    /// The next child of the element that is open; `None` at its end.
    pub(super) fn child(&mut self) -> Result<Option<Element>, ImportError> {
        loop {
            match self.event()? {
                Event::Start(e) => {
                    self.depth += 1;
                    return self.element(&e).map(Some);
                }
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(None);
                }
                Event::Eof => return Ok(None),
                _ => {}
            }
        }
    }

    fn element(&self, start: &BytesStart<'_>) -> Result<Element, ImportError> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let a = attribute.map_err(|e| malformed(self.line, &e))?;
            let value = a.normalized_value(XmlVersion::Implicit1_0);
            let value = value.map_err(|e| malformed(self.line, &e))?;
            attributes.push((a.key.into_inner().to_string(), value.into_owned()));
        }
        Ok(Element {
            name: start.local_name().as_ref().to_string(),
            line: self.line,
            attributes,
        })
    }

    /// The text of the element that is open, to its end.
    pub(super) fn content(&mut self) -> Result<String, ImportError> {
        let mut content = String::new();
        loop {
            match self.event()? {
                Event::Text(t) => content.push_str(&t),
                Event::CData(t) => content.push_str(&t),
                Event::GeneralRef(r) => match r.resolve_char_ref() {
                    Ok(Some(c)) => content.push(c),
                    Ok(None) => match resolve_predefined_entity(&r) {
                        Some(known) => content.push_str(known),
                        None => return Err(self.entity(&r)),
                    },
                    Err(e) => return Err(malformed(self.line, &e)),
                },
                Event::Start(e) => {
                    let name = quoted(e.local_name().as_ref());
                    return Err(bad(
                        self.line,
                        &format!("`{name}` là où il faut du texte"),
                        &format!("`{name}` where text is wanted"),
                    ));
                }
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(content.trim().to_string());
                }
                _ => {}
            }
        }
    }

    fn entity(&self, name: &str) -> ImportError {
        let name = quoted(name);
        bad(
            self.line,
            &format!("l'entité `{name}` n'est pas définie"),
            &format!("entity `{name}` is not defined"),
        )
    }

    /// Passes over the element that is open, and counts it by its path.
    pub(super) fn skip(&mut self, path: &str, unmapped: &mut Unmapped) -> Result<(), ImportError> {
        unmapped.add(path);
        let outside = self.depth - 1;
        while self.depth > outside {
            match self.event()? {
                Event::Start(_) => self.depth += 1,
                Event::End(_) => self.depth -= 1,
                _ => {}
            }
        }
        Ok(())
    }
}
