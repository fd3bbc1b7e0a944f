//! What feeds a gate that is being described: a name, a formula or a constant.

use cocarde_model::Span;

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
    /// A gate without a name, from [`formula`](super::Builder::formula).
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
