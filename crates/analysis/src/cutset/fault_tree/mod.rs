//! Fault trees: gates over basic events, checked when they are built.

mod builder;

pub use builder::{Argument, Builder, Wanted};

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
