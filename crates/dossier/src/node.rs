//! Values as they were written, whatever the syntax, each with its place.

use cocarde_model::Span;

/// A value and where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) span: Span,
}

/// What was written. Numbers and dates keep their source text, so that no
/// binary float comes between.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Bool(bool),
    Number(String),
    Text(String),
    Date(String),
    Array(Vec<Node>),
    Table(Table),
}

/// The entries of a table, in the order they were written.
pub(crate) type Table = Vec<Entry>;

/// A key with its value.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_span: Span,
    pub(crate) value: Node,
}

impl Kind {
    /// What it is, for people: French, then English.
    pub(crate) fn what(&self) -> (&'static str, &'static str) {
        match self {
            Kind::Bool(_) => ("un booléen", "a boolean"),
            Kind::Number(_) => ("un nombre", "a number"),
            Kind::Text(_) => ("un texte", "a text"),
            Kind::Date(_) => ("une date", "a date"),
            Kind::Array(_) => ("une liste", "a list"),
            Kind::Table(_) => ("une table", "a table"),
        }
    }
}

impl Node {
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Text(t) => Some(t),
            _ => None,
        }
    }
}

/// The value of a key.
pub(crate) fn get<'a>(table: &'a [Entry], key: &str) -> Option<&'a Entry> {
    table.iter().find(|e| e.key == key)
}
