//! The elements of a file one after the other, with their attributes.

use super::{MAX_DEPTH, Outcome, Parser};
use cocarde_model::{Diagnostic, Span};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// An element's beginning.
pub(super) struct Element<'t> {
    start: BytesStart<'t>,
    pub(super) span: Span,
}

impl Element<'_> {
    pub(super) fn name(&self) -> &str {
        self.start.name().into_inner()
    }
}

impl<'t> Parser<'t> {
    /// The next child of the element that is open; none at its end.
    pub(super) fn child(&mut self) -> Outcome<Option<Element<'t>>> {
        loop {
            self.start = self.reader.buffer_position() as usize;
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.malformed(&error)),
            };
            match event {
                Event::Start(start) => return self.opened(start).map(Some),
                Event::End(_) => {
                    self.depth -= 1;
                    return Ok(None);
                }
                Event::Eof if self.depth == 0 => return Ok(None),
                Event::Eof => {
                    return Err(self.defect(
                        "cut-short",
                        "le fichier s'arrête avant la fin d'un élément",
                        "the file stops before the end of an element",
                        ["fermer tous les éléments", "close all elements"],
                    ));
                }
                Event::DocType(_) => {
                    return Err(self.defect(
                        "document-type",
                        "les déclarations de type de document sont refusées",
                        "document type declarations are refused",
                        [
                            "retirer la ligne <!DOCTYPE …>",
                            "remove the line <!DOCTYPE …>",
                        ],
                    ));
                }
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    return Err(self.defect(
                        "stray-text",
                        "du texte là où seuls des éléments ont un sens",
                        "text where only elements have a meaning",
                        ["retirer ce texte", "remove this text"],
                    ));
                }
                Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    fn opened(&mut self, start: BytesStart<'t>) -> Outcome<Element<'t>> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.defect(
                "too-deep",
                format!("plus de {MAX_DEPTH} éléments emboîtés"),
                format!("more than {MAX_DEPTH} elements inside one another"),
                [
                    "donner un nom aux formules intérieures",
                    "name the inner formulas",
                ],
            ));
        }
        let span = self.span();
        Ok(Element { start, span })
    }

    /// Passes over the rest of the element that is open, whatever it holds.
    pub(super) fn skip(&mut self) -> Outcome<()> {
        let outside = self.depth - 1;
        while self.depth > outside {
            self.start = self.reader.buffer_position() as usize;
            match self.reader.read_event() {
                Ok(Event::Start(_)) => self.depth += 1,
                Ok(Event::End(_)) => self.depth -= 1,
                Ok(Event::Eof) => return self.child().map(|_| ()),
                Ok(_) => {}
                Err(error) => return Err(self.malformed(&error)),
            }
        }
        Ok(())
    }

    pub(super) fn attribute(&self, element: &Element<'_>, name: &str) -> Outcome<Option<String>> {
        for attribute in element.start.attributes() {
            let value = attribute.map_err(|e| e.to_string()).and_then(|a| {
                if a.key.into_inner() != name {
                    return Ok(None);
                }
                a.normalized_value(XmlVersion::Implicit1_0)
                    .map(|v| Some(v.into_owned()))
                    .map_err(|e| e.to_string())
            });
            match value {
                Ok(None) => {}
                Ok(found) => return Ok(found),
                Err(said) => {
                    return Err(self.defect(
                        "bad-attribute",
                        format!("attribut illisible : {said}"),
                        format!("unreadable attribute: {said}"),
                        ["corriger l'attribut", "correct the attribute"],
                    ));
                }
            }
        }
        Ok(None)
    }

    pub(super) fn required(&self, element: &Element<'_>, name: &str) -> Outcome<String> {
        match self.attribute(element, name)? {
            Some(value) if !value.is_empty() => Ok(value),
            _ => Err(self.defect(
                "missing-attribute",
                format!("« {} » n'a pas d'attribut « {name} »", element.name()),
                format!("`{}` has no attribute `{name}`", element.name()),
                ["l'ajouter", "add it"],
            )),
        }
    }

    pub(super) fn number(&self, element: &Element<'_>, name: &str) -> Outcome<u32> {
        let written = self.required(element, name)?;
        written.trim().parse().map_err(|_| {
            self.defect(
                "bad-number",
                format!("« {written} » n'est pas un nombre entier"),
                format!("`{written}` is not a whole number"),
                [
                    "écrire un nombre entier, comme 2",
                    "write a whole number, such as 2",
                ],
            )
        })
    }

    pub(super) fn truth(&self, element: &Element<'_>) -> Outcome<bool> {
        match self.required(element, "value")?.as_str() {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            other => Err(self.defect(
                "bad-constant",
                format!("« {other} » n'est ni true ni false"),
                format!("`{other}` is neither true nor false"),
                ["écrire true ou false", "write true or false"],
            )),
        }
    }

    pub(super) fn defect(
        &self,
        code: &'static str,
        fr: impl Into<String>,
        en: impl Into<String>,
        help: [&str; 2],
    ) -> Box<Diagnostic> {
        let diagnostic = Diagnostic::error(code, fr, en);
        Box::new(diagnostic.at(self.span()).help(help[0], help[1]))
    }

    fn malformed(&mut self, error: &quick_xml::Error) -> Box<Diagnostic> {
        let at = (self.reader.error_position() as usize).min(self.length);
        let span = Span {
            file: self.file,
            start: at as u32,
            end: at as u32,
        };
        let said = error.to_string();
        let diagnostic = Diagnostic::error(
            "not-xml",
            format!("ce n'est pas du XML bien formé : {said}"),
            format!("this is not well-formed XML: {said}"),
        );
        Box::new(diagnostic.at(span).help(
            "corriger la balise à cette place",
            "correct the tag at this place",
        ))
    }

    fn span(&self) -> Span {
        let end = (self.reader.buffer_position() as usize).min(self.length);
        Span {
            file: self.file,
            start: self.start.min(end) as u32,
            end: end as u32,
        }
    }
}
