//! Expressions over lists of words.

use super::super::lists::Unnamed;
use super::super::value::Tv;
use super::super::words::Words;
use super::{Local, Plain};
use crate::eval::{Number, Outcomes};
use crate::rule::NodeId;
use cocarde_model::{Decimal, Interval};

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
            out = out.join(one, all);
        }
        let like = match words.unnamed {
            Unnamed::None => return Some(out),
            Unnamed::Open(..) => Tv::unknown(),
            Unnamed::Pending => Tv::Pending,
        };
        let one = self.with_word(like, body)?;
        Some(out.join(words.unnamed.quantified(one, all), all))
    }

    /// How many words there are.
    pub(super) fn count_words(&mut self, list: NodeId) -> Option<Number> {
        let words = Words::of(self.read(list)?.0);
        let none = Number::known(Decimal::ZERO);
        let named = words.named.iter();
        let size = named.fold(none, |n, (_, member)| n.add(Number::indicator(*member)));
        let any = Interval::at_least(Decimal::ZERO);
        Some(size.add(words.unnamed.amount(any)))
    }

    fn with_word(&mut self, word: Tv<&'a str>, body: NodeId) -> Option<Outcomes> {
        self.within(Local::Word(word), |plain| plain.truth(body))
    }
}
