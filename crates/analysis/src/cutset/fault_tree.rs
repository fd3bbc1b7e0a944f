//! Fault trees: gates over basic events, checked when they are built.

use cocarde_model::{Diagnostic, Span, did_you_mean};
use std::collections::HashMap;

/// How many defects are told at once.
const TOLD: usize = 20;

/// How a gate combines its inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Connective {
    /// All inputs.
    And,
    /// At least one input.
    Or,
    /// At least that many inputs.
    AtLeast(u32),
    /// At least `min` and at most `max` inputs.
    Cardinality {
        /// Least number of true inputs.
        min: u32,
        /// Greatest number of true inputs.
        max: u32,
    },
    /// Not its one input.
    Not,
    /// Exactly one of two inputs.
    Xor,
    /// Not all inputs.
    Nand,
    /// No input.
    Nor,
    /// Both of two inputs, or neither.
    Iff,
    /// The second of two inputs, if the first.
    Imply,
}

/// What feeds a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Input {
    /// A basic event, by position.
    Event(u32),
    /// A gate, by position.
    Gate(u32),
    /// A house event or a constant.
    Constant(bool),
}

/// A basic event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Its name.
    pub name: Box<str>,
    /// Its probability, between 0 and 1, where known.
    pub probability: Option<f64>,
}

/// A gate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Its name; none for a formula inside another.
    pub name: Option<Box<str>>,
    /// How it combines its inputs.
    pub connective: Connective,
    /// Its inputs. Gates among them stand before it in [`FaultTree::gates`].
    pub inputs: Vec<Input>,
}

/// A fault tree without unknown names, cycles or impossible gates.
#[derive(Clone, Debug, PartialEq)]
pub struct FaultTree {
    events: Vec<Event>,
    gates: Vec<Gate>,
    top: Input,
}

impl FaultTree {
    /// The basic events, in the order of their definitions.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The gates, each after the gates that feed it.
    pub fn gates(&self) -> &[Gate] {
        &self.gates
    }

    /// What the tree is about.
    pub fn top(&self) -> Input {
        self.top
    }
}

/// What a name in a formula has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A gate, a basic event or a house event.
    Any,
    /// A gate.
    Gate,
    /// A basic event.
    Event,
    /// A house event.
    House,
}

/// An input of a gate that is being described.
#[derive(Clone, Debug)]
pub enum Argument {
    /// Something defined elsewhere, before or after.
    Name {
        /// What it has to be.
        wanted: Wanted,
        /// Its name.
        name: Box<str>,
        /// The containers around the reference, joined by dots; names private
        /// to them are looked up first.
        scope: Box<str>,
        /// Where it is named.
        span: Option<Span>,
    },
    /// A gate without a name, from [`Builder::formula`].
    Formula(u32),
    /// A constant.
    Constant(bool),
}

impl Argument {
    /// A public name, of any kind, without a place.
    pub fn named(name: &str) -> Argument {
        Argument::Name {
            wanted: Wanted::Any,
            name: name.into(),
            scope: "".into(),
            span: None,
        }
    }
}

/// Most names that an unknown one is compared with.
const COMPARED: usize = 10_000;

struct Draft {
    name: Option<Box<str>>,
    connective: Connective,
    arguments: Vec<Argument>,
    span: Option<Span>,
}

/// Collects definitions in any order, then checks them together.
#[derive(Default)]
pub struct Builder {
    symbols: HashMap<Box<str>, (Input, Option<Span>)>,
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
        if self.symbols.insert(name.into(), (what, span)).is_some() {
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

    fn resolve(&mut self, argument: &Argument) -> Input {
        let (wanted, name, scope, span) = match argument {
            Argument::Constant(value) => return Input::Constant(*value),
            Argument::Formula(position) => return Input::Gate(*position),
            Argument::Name {
                wanted,
                name,
                scope,
                span,
            } => (*wanted, name, scope, *span),
        };
        let found = self.look_up(name, scope);
        let fits = |input| {
            matches!(
                (wanted, input),
                (Wanted::Any, _)
                    | (Wanted::Gate, Input::Gate(_))
                    | (Wanted::Event, Input::Event(_))
                    | (Wanted::House, Input::Constant(_))
            )
        };
        match found {
            Some(input) if fits(input) => return input,
            Some(_) => self.defect(
                span,
                "wrong-kind",
                format!("« {name} » n'est pas de la sorte attendue ici"),
                format!("`{name}` is not of the kind expected here"),
                "employer l'élément qui correspond à sa définition",
                "use the element that matches its definition",
            ),
            None => self.unknown(name, span),
        }
        Input::Constant(false)
    }

    fn unknown(&mut self, name: &str, span: Option<Span>) {
        if self.defects.len() >= TOLD {
            return;
        }
        // Comparing with all names of a huge model would take long.
        let names = self.symbols.keys().map(|k| &**k).take(COMPARED + 1);
        let mut near: Vec<&str> = names.collect();
        if near.len() > COMPARED {
            near.clear();
        }
        near.sort_unstable();
        let (fr, en) = match did_you_mean(name, near.into_iter()) {
            Some(near) => (
                format!("le définir, ou écrire « {near} »"),
                format!("define it, or write `{near}`"),
            ),
            None => ("le définir".into(), "define it".into()),
        };
        self.defect(
            span,
            "unknown-name",
            format!("« {name} » n'est défini nulle part"),
            format!("`{name}` is defined nowhere"),
            &fr,
            &en,
        );
    }

    /// The innermost definition of that name seen from that scope.
    fn look_up(&self, name: &str, scope: &str) -> Option<Input> {
        let mut scope = scope;
        while !scope.is_empty() {
            if let Some((input, _)) = self.symbols.get(format!("{scope}.{name}").as_str()) {
                return Some(*input);
            }
            scope = scope.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        self.symbols.get(name).map(|(input, _)| *input)
    }

    /// The gates, each after those that feed it; none where there is a cycle.
    fn order(&mut self, inputs: &[Vec<Input>]) -> Option<Vec<u32>> {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Done,
        }
        let mut marks = vec![Mark::New; inputs.len()];
        let mut order = Vec::with_capacity(inputs.len());
        let mut path: Vec<(u32, usize)> = Vec::new();
        for start in 0..inputs.len() as u32 {
            if marks[start as usize] != Mark::New {
                continue;
            }
            marks[start as usize] = Mark::Open;
            path.push((start, 0));
            while let Some((gate, next)) = path.last_mut() {
                let Some(input) = inputs[*gate as usize].get(*next) else {
                    marks[*gate as usize] = Mark::Done;
                    order.push(*gate);
                    path.pop();
                    continue;
                };
                *next += 1;
                let Input::Gate(below) = *input else { continue };
                match marks[below as usize] {
                    Mark::Done => {}
                    Mark::New => {
                        marks[below as usize] = Mark::Open;
                        path.push((below, 0));
                    }
                    Mark::Open => {
                        self.cycle(&path, below);
                        return None;
                    }
                }
            }
        }
        Some(order)
    }

    fn cycle(&mut self, path: &[(u32, usize)], back_to: u32) {
        let from = path.iter().position(|(g, _)| *g == back_to).unwrap_or(0);
        let mut names: Vec<&str> = path[from..]
            .iter()
            .filter_map(|(g, _)| self.drafts[*g as usize].name.as_deref())
            .collect();
        if names.len() > 8 {
            names.splice(7..names.len() - 1, ["…"]);
        }
        names.extend(names.first().copied());
        let chain = names.join(" → ");
        let span = path[from..]
            .iter()
            .find_map(|(g, _)| self.drafts[*g as usize].span);
        self.defect(
            span,
            "cycle",
            format!("la porte dépend d'elle-même : {chain}"),
            format!("the gate depends on itself: {chain}"),
            "retirer une des références de la boucle",
            "remove one of the references of the loop",
        );
    }

    fn top(&mut self, inputs: &[Vec<Input>], wanted: Option<&str>) -> Option<Input> {
        if let Some(name) = wanted {
            let found = self.look_up(name, "");
            if found.is_none() {
                self.unknown(name, None);
            }
            return found;
        }
        let mut fed = vec![false; inputs.len()];
        for input in inputs.iter().flatten() {
            if let Input::Gate(gate) = input {
                fed[*gate as usize] = true;
            }
        }
        let roots: Vec<u32> = (0..inputs.len() as u32)
            .filter(|g| !fed[*g as usize] && self.drafts[*g as usize].name.is_some())
            .collect();
        if let [root] = roots[..] {
            return Some(Input::Gate(root));
        }
        let names: Vec<&str> = roots
            .iter()
            .take(8)
            .filter_map(|g| self.drafts[*g as usize].name.as_deref())
            .collect();
        let names = names.join(", ");
        let (fr, en) = if roots.is_empty() {
            (
                "aucune porte n'est au sommet".into(),
                "no gate is the top".into(),
            )
        } else {
            (
                format!("plusieurs portes sont au sommet : {names}"),
                format!("several gates are on top: {names}"),
            )
        };
        let span = roots.get(1).and_then(|g| self.drafts[*g as usize].span);
        self.defect(
            span,
            "no-single-top",
            fr,
            en,
            "nommer la porte à analyser",
            "name the gate to analyse",
        );
        None
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
