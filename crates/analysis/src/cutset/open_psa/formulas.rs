//! What feeds a gate: connectives, references and constants.

use super::elements::Element;
use super::{Outcome, Parser};
use crate::cutset::fault_tree::{Argument, Connective, Wanted};

/// What a formula is.
pub(super) enum Body {
    Gate(Connective, Vec<Argument>),
    Leaf(Argument),
}

impl Parser<'_> {
    pub(super) fn formula(&mut self, element: &Element<'_>) -> Outcome<Body> {
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
}
