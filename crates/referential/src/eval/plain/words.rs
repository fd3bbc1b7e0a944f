//! Expressions over lists of words.

use super::super::lists::Others;
use super::super::value::Tv;
use super::members::among_others;
use super::{Local, Plain, TRUE};
use crate::eval::{Number, Outcomes};
use crate::rule::NodeId;
use cocarde_model::{Decimal, Interval, Truth, Value};
use smallvec::SmallVec;

impl<'a> Plain<'a> {
    /// The same over the words of a property.
    pub(super) fn quantify_words(
        &mut self,
        list: NodeId,
        body: NodeId,
        all: bool,
    ) -> Option<Outcomes> {
        let words = Words::of(self.read(list)?.0);
        let mut out = Outcomes::both(all.into());
        for (word, member) in &words.named {
            let o = self.with_word(Tv::both(*word), body)?;
            let one = match all {
                true => member.not().or(o),
                false => member.and(o),
            };
            out = if all { out.and(one) } else { out.or(one) };
        }
        let like = match words.others {
            Others::None => return Some(out),
            Others::Open(..) => Tv::unknown(),
            Others::Pending => Tv::Pending,
        };
        let one = self.with_word(like, body)?;
        Some(among_others(out, one, &words.others, all))
    }

    /// How many words there are.
    pub(super) fn count_words(&mut self, list: NodeId) -> Option<Number> {
        let words = Words::of(self.read(list)?.0);
        let none = Number::known(Decimal::ZERO);
        let named = words.named.iter();
        let size = named.fold(none, |n, (_, member)| n.add(Number::indicator(*member)));
        let any = Interval::at_least(Decimal::ZERO);
        Some(size.add(words.others.amount(any)))
    }

    fn with_word(&mut self, word: Tv<&'a str>, body: NodeId) -> Option<Outcomes> {
        self.locals.push(Local::Word(word));
        let out = self.truth(body);
        self.locals.pop();
        out
    }
}

/// The words of a property.
struct Words<'a> {
    named: SmallVec<[(&'a str, Outcomes); 4]>,
    others: Others,
}

impl<'a> Words<'a> {
    fn of(value: Tv<&'a Value>) -> Words<'a> {
        let Tv::Known(e, r) = value else {
            return Words {
                named: SmallVec::new(),
                others: Others::Pending,
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
            named.push((word, Outcomes::pair(TRUE, truth(r, word))));
        }
        let more = r.into_iter().flatten();
        for word in more.filter(|w| !e.is_some_and(|e| e.contains(w))) {
            named.push((word, Outcomes::pair(truth(e, word), TRUE)));
        }
        let others = match (e.is_none(), r.is_none()) {
            (false, false) => Others::None,
            (e, r) => Others::Open(e, r),
        };
        Words { named, others }
    }
}
