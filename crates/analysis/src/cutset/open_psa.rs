//! Reads fault trees in the Open-PSA Model Exchange Format (version 2.0d and
//! 3.0, XML): fault trees, components, gates, basic events, house events.
//!
//! Probabilities are read where they are plain numbers. What would change the
//! cut sets and is not supported (common-cause groups, substitutions) is refused;
//! what does not concern them (labels, attributes, parameters, event trees) is
//! passed over. There are no document types, so no entities that expand.

use super::fault_tree::{Argument, Builder, Connective, FaultTree, Wanted};
use cocarde_model::{Diagnostic, FileId, Sources, Span};
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};

/// Greatest size of a file, in bytes.
pub const MAX_BYTES: usize = 256 << 20;
/// Greatest depth of elements.
pub const MAX_DEPTH: usize = 200;

/// Reads the fault tree of a file. Without `top`, the tree is that of the one
/// gate that feeds no other.
///
/// # Errors
/// Everything that is wrong, each at its place in the file.
pub fn read(
    sources: &Sources,
    file: FileId,
    top: Option<&str>,
) -> Result<FaultTree, Vec<Diagnostic>> {
    let text = &*sources.get(file).text;
    if text.len() > MAX_BYTES {
        let name = &*sources.get(file).name;
        return Err(vec![
            Diagnostic::error(
                "too-large",
                format!("le fichier dépasse {MAX_BYTES} octets"),
                format!("the file exceeds {MAX_BYTES} bytes"),
            )
            .in_file(name)
            .help("découper le modèle", "split the model"),
        ]);
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut parser = Parser {
        reader,
        file,
        length: text.len(),
        start: 0,
        depth: 0,
        scope: String::new(),
        builder: Builder::default(),
    };
    match parser.document() {
        Ok(()) => parser.builder.finish(top),
        Err(defect) => Err(vec![*defect]),
    }
}

type Outcome<T> = Result<T, Box<Diagnostic>>;

/// An element's beginning.
struct Element<'t> {
    start: BytesStart<'t>,
    span: Span,
}

impl Element<'_> {
    fn name(&self) -> &str {
        self.start.name().into_inner()
    }
}

struct Parser<'t> {
    reader: Reader<&'t [u8]>,
    file: FileId,
    length: usize,
    /// First byte of what was read last.
    start: usize,
    depth: usize,
    scope: String,
    builder: Builder,
}

impl<'t> Parser<'t> {
    fn span(&self) -> Span {
        let end = (self.reader.buffer_position() as usize).min(self.length);
        Span {
            file: self.file,
            start: self.start.min(end) as u32,
            end: end as u32,
        }
    }

    fn defect(
        &self,
        code: &'static str,
        fr: impl Into<String>,
        en: impl Into<String>,
        help: [&str; 2],
    ) -> Box<Diagnostic> {
        let diagnostic = Diagnostic::error(code, fr, en);
        Box::new(diagnostic.at(self.span()).help(help[0], help[1]))
    }

    /// The next child of the element that is open; none at its end.
    fn child(&mut self) -> Outcome<Option<Element<'t>>> {
        loop {
            self.start = self.reader.buffer_position() as usize;
            let event = match self.reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.malformed(&error)),
            };
            match event {
                Event::Start(start) => {
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
                    return Ok(Some(Element { start, span }));
                }
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

    /// Passes over the rest of the element that is open, whatever it holds.
    fn skip(&mut self) -> Outcome<()> {
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

    fn attribute(&self, element: &Element<'_>, name: &str) -> Outcome<Option<String>> {
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

    fn required(&self, element: &Element<'_>, name: &str) -> Outcome<String> {
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

    fn number(&self, element: &Element<'_>, name: &str) -> Outcome<u32> {
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

    fn truth(&self, element: &Element<'_>) -> Outcome<bool> {
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

    fn document(&mut self) -> Outcome<()> {
        let root = self.child()?;
        if root.as_ref().map(Element::name) != Some("opsa-mef") {
            return Err(self.defect(
                "not-open-psa",
                "la racine n'est pas « opsa-mef »",
                "the root is not `opsa-mef`",
                [
                    "donner un modèle Open-PSA MEF",
                    "give an Open-PSA MEF model",
                ],
            ));
        }
        self.definitions()?;
        self.child().map(|_| ())
    }

    /// What a model, a fault tree, a component or model data holds.
    fn definitions(&mut self) -> Outcome<()> {
        while let Some(element) = self.child()? {
            match element.name() {
                "define-fault-tree" | "define-component" => {
                    let outer = self.scope.len();
                    let name = self.required(&element, "name")?;
                    if outer > 0 {
                        self.scope.push('.');
                    }
                    self.scope.push_str(&name);
                    self.definitions()?;
                    self.scope.truncate(outer);
                }
                "model-data" => self.definitions()?,
                "define-gate" => self.gate(&element)?,
                "define-basic-event" => self.basic_event(&element)?,
                "define-house-event" => self.house_event(&element)?,
                "define-CCF-group" | "define-substitution" | "include" => {
                    let name = element.name();
                    return Err(self.defect(
                        "unsupported",
                        format!("« {name} » change les coupes et n'est pas pris en charge"),
                        format!("`{name}` changes the cut sets and is not supported"),
                        [
                            "développer l'élément en portes et événements",
                            "expand the element into gates and events",
                        ],
                    ));
                }
                _ => self.skip()?,
            }
        }
        Ok(())
    }

    /// The name under which the definition is known: that of the innermost
    /// container in front where it is private to it.
    fn defined_name(&self, element: &Element<'_>) -> Outcome<String> {
        let name = self.required(element, "name")?;
        let private = self.attribute(element, "role")?.as_deref() == Some("private");
        Ok(if private && !self.scope.is_empty() {
            format!("{}.{name}", self.scope)
        } else {
            name
        })
    }

    fn gate(&mut self, element: &Element<'_>) -> Outcome<()> {
        let name = self.defined_name(element)?;
        let mut body = None;
        while let Some(child) = self.child()? {
            match child.name() {
                "label" | "attributes" => self.skip()?,
                _ if body.is_some() => {
                    return Err(self.defect(
                        "two-formulas",
                        "une porte n'a qu'une formule",
                        "a gate has one formula",
                        [
                            "réunir les formules par « and » ou « or »",
                            "join the formulas by `and` or `or`",
                        ],
                    ));
                }
                _ => body = Some(self.formula(&child)?),
            }
        }
        let span = Some(element.span);
        match body {
            Some(Body::Gate(connective, arguments)) => {
                self.builder.gate(&name, connective, arguments, span);
            }
            Some(Body::Leaf(leaf)) => {
                self.builder.gate(&name, Connective::Or, vec![leaf], span);
            }
            None => self.builder.gate(&name, Connective::Or, Vec::new(), span),
        }
        Ok(())
    }

    fn formula(&mut self, element: &Element<'_>) -> Outcome<Body> {
        let connective = match element.name() {
            "and" => Connective::And,
            "or" => Connective::Or,
            "not" => Connective::Not,
            "xor" => Connective::Xor,
            "nand" => Connective::Nand,
            "nor" => Connective::Nor,
            "iff" => Connective::Iff,
            "imply" => Connective::Imply,
            "atleast" => Connective::AtLeast(self.number(element, "min")?),
            "cardinality" => Connective::Cardinality {
                min: self.number(element, "min")?,
                max: self.number(element, "max")?,
            },
            _ => return self.leaf(element).map(Body::Leaf),
        };
        let mut arguments = Vec::new();
        while let Some(child) = self.child()? {
            let argument = match self.formula(&child)? {
                Body::Leaf(leaf) => leaf,
                Body::Gate(connective, inner) => {
                    self.builder.formula(connective, inner, Some(child.span))
                }
            };
            arguments.push(argument);
        }
        Ok(Body::Gate(connective, arguments))
    }

    fn leaf(&mut self, element: &Element<'_>) -> Outcome<Argument> {
        let wanted = match element.name() {
            "gate" => Wanted::Gate,
            "basic-event" => Wanted::Event,
            "house-event" => Wanted::House,
            "event" => match self.attribute(element, "type")?.as_deref() {
                Some("gate") => Wanted::Gate,
                Some("basic-event") => Wanted::Event,
                Some("house-event") => Wanted::House,
                _ => Wanted::Any,
            },
            "constant" => {
                let value = self.truth(element)?;
                self.skip()?;
                return Ok(Argument::Constant(value));
            }
            other => {
                return Err(self.defect(
                    "unknown-element",
                    format!("« {other} » n'a pas sa place dans une formule"),
                    format!("`{other}` has no place in a formula"),
                    [
                        "employer and, or, atleast, not, gate, basic-event, …",
                        "use and, or, atleast, not, gate, basic-event, …",
                    ],
                ));
            }
        };
        let name = self.required(element, "name")?.into();
        self.skip()?;
        Ok(Argument::Name {
            wanted,
            name,
            scope: self.scope.as_str().into(),
            span: Some(element.span),
        })
    }

    fn basic_event(&mut self, element: &Element<'_>) -> Outcome<()> {
        let name = self.defined_name(element)?;
        let mut probability = None;
        while let Some(child) = self.child()? {
            if matches!(child.name(), "float" | "int") {
                let written = self.required(&child, "value")?;
                match written.trim().parse::<f64>() {
                    Ok(value) if value.is_finite() => probability = Some(value),
                    _ => {
                        return Err(self.defect(
                            "bad-number",
                            format!("« {written} » n'est pas un nombre"),
                            format!("`{written}` is not a number"),
                            [
                                "écrire un nombre, comme 1e-3",
                                "write a number, such as 1e-3",
                            ],
                        ));
                    }
                }
            }
            self.skip()?;
        }
        self.builder.event(&name, probability, Some(element.span));
        Ok(())
    }

    fn house_event(&mut self, element: &Element<'_>) -> Outcome<()> {
        let name = self.defined_name(element)?;
        let mut happens = false;
        while let Some(child) = self.child()? {
            if child.name() == "constant" {
                happens = self.truth(&child)?;
            }
            self.skip()?;
        }
        self.builder.house(&name, happens, Some(element.span));
        Ok(())
    }
}

/// What a formula is.
enum Body {
    Gate(Connective, Vec<Argument>),
    Leaf(Argument),
}
