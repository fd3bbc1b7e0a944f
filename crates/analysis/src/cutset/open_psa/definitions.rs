//! What a model defines: fault trees, components, gates and events.

use super::elements::Element;
use super::formulas::Body;
use super::{Outcome, Parser};
use crate::cutset::fault_tree::Connective;

impl Parser<'_> {
    pub(super) fn document(&mut self) -> Outcome<()> {
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
        match self.child()? {
            None => Ok(()),
            Some(_) => Err(self.defect(
                "after-root",
                "un élément après la racine",
                "an element after the root",
                [
                    "garder un seul « opsa-mef », et tout mettre dedans",
                    "keep one `opsa-mef`, with all inside it",
                ],
            )),
        }
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

    fn basic_event(&mut self, element: &Element<'_>) -> Outcome<()> {
        let name = self.defined_name(element)?;
        let mut probability = None;
        while let Some(child) = self.child()? {
            if matches!(child.name(), "float" | "int") {
                probability = Some(self.probability(&child)?);
            }
            self.skip()?;
        }
        self.builder.event(&name, probability, Some(element.span));
        Ok(())
    }

    fn probability(&self, element: &Element<'_>) -> Outcome<f64> {
        let written = self.required(element, "value")?;
        match written.trim().parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(value),
            _ => Err(self.defect(
                "bad-number",
                format!("« {written} » n'est pas un nombre"),
                format!("`{written}` is not a number"),
                [
                    "écrire un nombre, comme 1e-3",
                    "write a number, such as 1e-3",
                ],
            )),
        }
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
