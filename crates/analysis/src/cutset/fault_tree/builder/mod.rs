//! Builds a fault tree: definitions come in any order and are checked together.

mod argument;
mod names;
mod order;
mod top;

pub use argument::{Argument, Wanted};

use super::{Connective, Event, FaultTree, Gate, Input};
use cocarde_model::{Diagnostic, Span};
use std::collections::HashMap;

/// How many defects are told at once.
const TOLD: usize = 20;

struct Draft {
    name: Option<Box<str>>,
    connective: Connective,
    arguments: Vec<Argument>,
    span: Option<Span>,
}

/// Collects definitions in any order, then checks them together.
#[derive(Default)]
pub struct Builder {
    symbols: HashMap<Box<str>, Input>,
    events: Vec<Event>,
    drafts: Vec<Draft>,
    defects: Vec<Diagnostic>,
}

impl Builder {
    /// Defines a basic event.
    pub fn event(&mut self, name: &str, probability: Option<f64>, span: Option<Span>) {
        if probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            self.defect(
                span,
                "probability-range",
                format!("la probabilité de « {name} » n'est pas entre 0 et 1"),
                format!("the probability of `{name}` is not between 0 and 1"),
                "donner un nombre de 0 à 1",
                "give a number from 0 to 1",
            );
        }
        let position = self.events.len() as u32;
        self.define(name, Input::Event(position), span);
        self.events.push(Event {
            name: name.into(),
            probability,
        });
    }

    /// Defines a house event: an event that did or did not happen.
    pub fn house(&mut self, name: &str, happens: bool, span: Option<Span>) {
        self.define(name, Input::Constant(happens), span);
    }

    /// Defines a gate.
    pub fn gate(
        &mut self,
        name: &str,
        connective: Connective,
        arguments: Vec<Argument>,
        span: Option<Span>,
    ) {
        let position = self.drafts.len() as u32;
        self.define(name, Input::Gate(position), span);
        self.draft(Some(name.into()), connective, arguments, span);
    }

    /// A gate without a name, to be used as an argument once or more.
    pub fn formula(
        &mut self,
        connective: Connective,
        arguments: Vec<Argument>,
        span: Option<Span>,
    ) -> Argument {
        let position = self.drafts.len() as u32;
        self.draft(None, connective, arguments, span);
        Argument::Formula(position)
    }

    /// Checks everything and orders the gates. Without `top`, it is the one
    /// named gate that feeds no other.
    ///
    /// # Errors
    /// Everything that is wrong, at its place: unknown names, names defined
    /// twice, cycles, gates that cannot be, no top or several.
    pub fn finish(mut self, top: Option<&str>) -> Result<FaultTree, Vec<Diagnostic>> {
        let inputs: Vec<Vec<Input>> = (0..self.drafts.len())
            .map(|d| {
                let arguments = std::mem::take(&mut self.drafts[d].arguments);
                arguments.iter().map(|a| self.resolve(a)).collect()
            })
            .collect();
        let order = self.order(&inputs);
        let top = if self.defects.is_empty() {
            self.top(&inputs, top)
        } else {
            None
        };
        match (order, top) {
            (Some(order), Some(top)) if self.defects.is_empty() => {
                Ok(self.assemble(inputs, &order, top))
            }
            _ => Err(self.defects),
        }
    }

    fn assemble(self, mut inputs: Vec<Vec<Input>>, order: &[u32], top: Input) -> FaultTree {
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old as usize] = new as u32;
        }
        let moved = |input: Input| match input {
            Input::Gate(g) => Input::Gate(place[g as usize]),
            other => other,
        };
        let mut drafts: Vec<Option<Draft>> = self.drafts.into_iter().map(Some).collect();
        let gates = order.iter().filter_map(|old| {
            let draft = drafts[*old as usize].take()?;
            let inputs = std::mem::take(&mut inputs[*old as usize]);
            Some(Gate {
                name: draft.name,
                connective: draft.connective,
                inputs: inputs.into_iter().map(moved).collect(),
            })
        });
        FaultTree {
            gates: gates.collect(),
            events: self.events,
            top: moved(top),
        }
    }

    fn defect(
        &mut self,
        span: Option<Span>,
        code: &'static str,
        fr: String,
        en: String,
        help_fr: &str,
        help_en: &str,
    ) {
        if self.defects.len() < TOLD {
            let diagnostic = Diagnostic::error(code, fr, en).help(help_fr, help_en);
            self.defects.push(match span {
                Some(span) => diagnostic.at(span),
                None => diagnostic,
            });
        }
    }

    fn define(&mut self, name: &str, what: Input, span: Option<Span>) {
        if self.symbols.insert(name.into(), what).is_some() {
            self.defect(
                span,
                "defined-twice",
                format!("« {name} » est défini deux fois"),
                format!("`{name}` is defined twice"),
                "garder une seule définition, ou renommer l'une des deux",
                "keep one definition, or rename one of the two",
            );
        }
    }

    fn draft(
        &mut self,
        name: Option<Box<str>>,
        connective: Connective,
        arguments: Vec<Argument>,
        span: Option<Span>,
    ) {
        if let Some((fr, en)) = misfit(connective, arguments.len()) {
            let (help_fr, help_en) = (
                "corriger le nombre d'entrées ou le seuil",
                "correct the number of inputs or the threshold",
            );
            self.defect(span, "impossible-gate", fr, en, help_fr, help_en);
        }
        self.drafts.push(Draft {
            name,
            connective,
            arguments,
            span,
        });
    }
}

/// Why a gate of that sort cannot have that many inputs, in both languages.
fn misfit(connective: Connective, inputs: usize) -> Option<(String, String)> {
    let exactly = |wanted: usize| {
        (inputs != wanted).then(|| {
            (
                format!("cette porte veut {wanted} entrée(s) et en a {inputs}"),
                format!("this gate wants {wanted} input(s) and has {inputs}"),
            )
        })
    };
    match connective {
        Connective::Not => exactly(1),
        Connective::Xor | Connective::Iff | Connective::Imply => exactly(2),
        _ if inputs == 0 => Some((
            "cette porte n'a pas d'entrée".into(),
            "this gate has no input".into(),
        )),
        Connective::AtLeast(0) => Some((
            "un seuil de 0 est toujours atteint".into(),
            "a threshold of 0 is always reached".into(),
        )),
        Connective::AtLeast(k) if k as usize > inputs => Some((
            format!("le seuil {k} dépasse les {inputs} entrées"),
            format!("the threshold {k} exceeds the {inputs} inputs"),
        )),
        Connective::Cardinality { min, max } if min > max || max as usize > inputs => Some((
            format!("entre {min} et {max} parmi {inputs} entrées ne se peut"),
            format!("between {min} and {max} of {inputs} inputs cannot be"),
        )),
        _ => None,
    }
}
