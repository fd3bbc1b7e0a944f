//! The words of a property, as far as they are known.

use super::Outcomes;
use super::lists::Unnamed;
use super::value::Tv;
use cocarde_model::{Truth, Value};
use smallvec::SmallVec;

/// The words of a property.
pub(super) struct Words<'a> {
    /// Those that a view names, and whether they are among them in each.
    pub(super) named: SmallVec<[(&'a str, Outcomes); 4]>,
    /// The others that there may be.
    pub(super) unnamed: Unnamed,
}

impl<'a> Words<'a> {
    /// From what both views say of it.
    pub(super) fn of(value: Tv<&'a Value>) -> Words<'a> {
        let Tv::Known(e, r) = value else {
            return Words {
                named: SmallVec::new(),
                unnamed: Unnamed::Pending,
            };
        };
        let words = |v: Option<&'a Value>| match v {
            Some(Value::Texts(ts)) => Some(&ts[..]),
            _ => None,
        };
        let (e, r) = (words(e), words(r));
        let truth = |list: Option<&[std::sync::Arc<str>]>, word: &str| match list {
            None => Truth::Unknown,
            Some(all) => all.iter().any(|w| **w == *word).into(),
        };
        let mut named: SmallVec<[(&str, Outcomes); 4]> = SmallVec::new();
        for word in e.into_iter().flatten() {
            named.push((word, Outcomes::pair(Truth::True, truth(r, word))));
        }
        let more = r.filter(|_| e != r).into_iter().flatten();
        for word in more.filter(|w| !e.is_some_and(|e| e.contains(w))) {
            named.push((word, Outcomes::pair(truth(e, word), Truth::True)));
        }
        let unnamed = match (e.is_none(), r.is_none()) {
            (false, false) => Unnamed::None,
            (e, r) => Unnamed::Open(e, r),
        };
        Words { named, unnamed }
    }
}
