//! What a fact says.

use crate::{Interval, RecordId};
use jiff::civil::Date;
use std::fmt;
use std::sync::Arc;

/// The value of a property, as a fact states it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// Yes or no.
    Bool(bool),
    /// An amount, share or count, known exactly or as an interval.
    Number(Interval),
    /// A word: free text, a country code, one of an enumeration.
    Text(Arc<str>),
    /// A calendar day.
    Date(Date),
    /// Another record, by its place in the fact base.
    Ref(RecordId),
    /// A set of words, in the order they were given.
    Texts(Arc<[Arc<str>]>),
}

impl Value {
    /// A word.
    pub fn text(s: &str) -> Value {
        Value::Text(s.into())
    }

    /// Whether two facts with these values can both be right. Lists of words
    /// are compared as sets; intervals agree where they overlap.
    pub fn agrees(&self, other: &Value) -> bool {
        if std::ptr::eq(self, other) {
            return true;
        }
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => a.intersect(*b).is_some(),
            (Value::Texts(a), Value::Texts(b)) => {
                a.iter().all(|x| b.contains(x)) && b.iter().all(|x| a.contains(x))
            }
            (a, b) => a == b,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Bool(b) => write!(f, "{b}"),
            Value::Number(i) => write!(f, "{i}"),
            Value::Text(t) => write!(f, "{t}"),
            Value::Date(d) => write!(f, "{d}"),
            Value::Ref(r) => write!(f, "#{}", r.0),
            Value::Texts(ts) => write!(f, "{}", ts.join(", ")),
        }
    }
}
