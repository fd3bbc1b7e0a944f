//! What a fact says.

use crate::{Interval, RecordId};
use jiff::civil::Date;
use std::collections::BTreeSet;
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

    /// The words of a list as people read them: without those that a pattern beside them,
    /// such as `hosting.*`, stands for.
    pub fn shown(words: &[Arc<str>]) -> impl Iterator<Item = &Arc<str>> {
        let whole: BTreeSet<&str> = words.iter().filter_map(|w| w.strip_suffix(".*")).collect();
        words.iter().filter(move |w| {
            w.split_once('.')
                .is_none_or(|(of, what)| what == "*" || !whole.contains(of))
        })
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
            Value::Texts(ts) => {
                let shown: Vec<&str> = Value::shown(ts).map(|t| &**t).collect();
                f.write_str(&shown.join(", "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pattern_stands_for_is_not_shown_beside_it() {
        let list = |words: &str| Value::Texts(words.split(' ').map(Arc::from).collect());
        for (words, shown) in [
            ("site.* site.name party.seat", "site.*, party.seat"),
            ("site.name party.*", "site.name, party.*"),
            ("fr .* .x", "fr, .*"),
        ] {
            assert_eq!(list(words).to_string(), shown);
        }
    }
}
