//! Reading what counts in a fact base on a day: one value where the counting
//! facts agree, an interval that holds them all where they are numbers,
//! nothing where they disagree.
//!
//! What is stated and what is established are two readings: an analysis of the
//! second rests on evidence alone, so that its result may establish something.

use cocarde_model::{
    Date, Fact, FactBase, FactId, FieldId, Interval, Provenance, RecordId, Slot, SlotKey, Span,
    TypeId, Value,
};
use std::sync::Arc;

/// What a fact is worth as evidence of its property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    /// It may establish the property.
    Establishes,
    /// It may only stand against what establishes it.
    Refutes,
    /// It does not count.
    Nothing,
}

/// Says what facts are worth; it comes from whoever asks the question.
pub trait Evidence {
    /// The worth of a fact about a property of a record of that type.
    fn weigh(&self, ty: TypeId, fact: &Fact) -> Weight;
}

/// What is said of a property, where silence and dispute are two things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Said<T> {
    /// Nobody says anything, or anything but what is assumed where nobody does.
    #[default]
    Nothing,
    /// This.
    One(T),
    /// What counts does not agree, or what is said does not count.
    Open,
}

impl<T> Said<T> {
    /// What is said, where it is one thing.
    pub fn one(&self) -> Option<&T> {
        match self {
            Said::One(value) => Some(value),
            _ => None,
        }
    }

    /// Whether something is said, and not what.
    pub fn is_open(&self) -> bool {
        matches!(self, Said::Open)
    }
}

/// The facts of one day.
#[derive(Clone, Copy)]
pub struct View<'a> {
    /// All facts.
    pub base: &'a FactBase,
    /// The day they must speak of.
    pub day: Date,
    evidence: Option<&'a dyn Evidence>,
}

impl<'a> View<'a> {
    /// The facts of `base` that speak of `day`, as stated, whatever they are worth.
    pub fn new(base: &'a FactBase, day: Date) -> View<'a> {
        View {
            base,
            day,
            evidence: None,
        }
    }

    /// Only what `evidence` lets count: a property that nothing establishes is
    /// unknown, and what stands against the established value counts beside it.
    #[must_use]
    pub fn established(self, evidence: &'a dyn Evidence) -> View<'a> {
        View {
            evidence: Some(evidence),
            ..self
        }
    }

    /// Everything that is stated, whatever it is worth.
    #[must_use]
    pub fn stated(self) -> View<'a> {
        View {
            evidence: None,
            ..self
        }
    }

    fn field(&self, record: RecordId, name: &str) -> Option<FieldId> {
        let base = self.base;
        base.schema().ty(base.record(record).ty).field(name)
    }

    /// The property of that name of a record, if its type has one.
    pub fn key(&self, record: RecordId, name: &str) -> Option<SlotKey> {
        let field = self.field(record, name)?;
        Some(SlotKey { record, field })
    }

    /// The facts that count for a property. What analyses derived before does
    /// not count: an analysis must not rest on its own result.
    fn counting(&self, record: RecordId, name: &str) -> Vec<(FactId, &'a Fact)> {
        let Some(key) = self.key(record, name) else {
            return Vec::new();
        };
        let facts = self.base.counting_facts(key, self.day);
        let mut facts: Vec<_> = facts
            .filter(|(_, f)| f.provenance != Provenance::Derived)
            .collect();
        if let Some(evidence) = self.evidence {
            let ty = self.base.record(record).ty;
            let weight = |f: &Fact| evidence.weigh(ty, f);
            if !facts.iter().any(|(_, f)| weight(f) == Weight::Establishes) {
                return Vec::new();
            }
            facts.retain(|(_, f)| weight(f) != Weight::Nothing);
        }
        facts
    }

    fn values(&self, record: RecordId, name: &str) -> impl Iterator<Item = &'a Value> {
        let facts = self.counting(record, name).into_iter();
        facts.map(|(_, f)| &f.value)
    }

    /// The facts that count for a property.
    pub fn facts(&self, record: RecordId, name: &str) -> Vec<FactId> {
        let facts = self.counting(record, name).into_iter();
        facts.map(|(id, _)| id).collect()
    }

    /// The one value that all counting facts state; of amounts that can all be
    /// right, the one within all others, else the first.
    pub fn value(&self, record: RecordId, name: &str) -> Option<&'a Value> {
        let mut values = self.values(record, name);
        let mut held = values.next()?;
        let amount = |v: &Value| match v {
            Value::Number(i) => Some(*i),
            _ => None,
        };
        let mut common = amount(held);
        for value in values {
            // Two may agree with a third and not with one another.
            let (Some(all), Some(one)) = (common, amount(value)) else {
                if value.agrees(held) {
                    continue;
                }
                return None;
            };
            let both = all.intersect(one)?;
            if both == one && amount(held) != Some(one) {
                held = value;
            }
            common = Some(both);
        }
        Some(held)
    }

    /// A word, when the facts agree on it.
    pub fn text(&self, record: RecordId, name: &str) -> Option<Arc<str>> {
        match self.value(record, name)? {
            Value::Text(t) => Some(t.clone()),
            _ => None,
        }
    }

    /// What is said of a word that is assumed where nobody says anything. An assumption
    /// covers silence alone: it stands beside those who say the same without proof,
    /// and falls to those who say otherwise without proof.
    pub fn said(&self, record: RecordId, name: &str, assumed: Option<&Arc<str>>) -> Said<Arc<str>> {
        if let Some(word) = self.text(record, name) {
            return Said::One(word);
        }
        let is_assumed =
            |v: &Value| matches!((v, assumed), (Value::Text(word), Some(a)) if word == a);
        if self.stated().values(record, name).all(is_assumed) {
            Said::Nothing
        } else {
            Said::Open
        }
    }

    /// Whether anyone says that word of a property, whatever it is worth.
    pub fn is_said(&self, record: RecordId, name: &str, word: &str) -> bool {
        let says = |v: &Value| matches!(v, Value::Text(t) if **t == *word);
        self.stated().values(record, name).any(says)
    }

    /// The words that anyone says of a property, whatever they are worth.
    pub fn said_words(&self, record: RecordId, name: &str) -> Vec<Arc<str>> {
        let stated = self.stated();
        let words = stated.values(record, name).filter_map(|v| match v {
            Value::Text(word) => Some(word.clone()),
            _ => None,
        });
        words.collect()
    }

    /// Yes or no, when the facts agree on it.
    pub fn bool(&self, record: RecordId, name: &str) -> Option<bool> {
        match self.value(record, name)? {
            Value::Bool(b) => Some(*b),
            _ => None,
        }
    }

    /// A list of words, when the facts agree on it.
    pub fn texts(&self, record: RecordId, name: &str) -> Option<Arc<[Arc<str>]>> {
        match self.value(record, name)? {
            Value::Texts(t) => Some(t.clone()),
            _ => None,
        }
    }

    /// The words of all lists that anyone states, whatever that is worth.
    pub fn words(&self, record: RecordId, name: &str) -> Vec<Arc<str>> {
        let stated = self.stated();
        let lists = stated.values(record, name).filter_map(|v| match v {
            Value::Texts(t) => Some(t.to_vec()),
            _ => None,
        });
        lists.flatten().collect()
    }

    /// Another record, when the facts agree on it.
    pub fn record(&self, record: RecordId, name: &str) -> Option<RecordId> {
        match self.value(record, name)? {
            Value::Ref(r) => Some(*r),
            _ => None,
        }
    }

    /// The records that a property may name: those of the facts that count, else those that
    /// anyone says and the one that is assumed where nobody says anything.
    pub fn candidates(
        &self,
        record: RecordId,
        name: &str,
        assumed: Option<RecordId>,
    ) -> Vec<RecordId> {
        let named = |view: &View<'a>| -> Vec<RecordId> {
            let values = view.values(record, name).filter_map(|v| match v {
                Value::Ref(r) => Some(*r),
                _ => None,
            });
            values.collect()
        };
        let counting = named(self);
        if !counting.is_empty() {
            return counting;
        }
        named(&self.stated()).into_iter().chain(assumed).collect()
    }

    /// The smallest interval that holds every counting fact, within the domain
    /// of the property; the whole domain when there is none.
    pub fn number(&self, record: RecordId, name: &str) -> Interval {
        let domain = self.field(record, name).and_then(|f| {
            let ty = self.base.record(record).ty;
            self.base.schema().field(ty, f).ty.domain()
        });
        let domain = domain.unwrap_or(Interval::ALL);
        let numbers = self.values(record, name).filter_map(|v| match v {
            Value::Number(i) => Some(*i),
            _ => None,
        });
        match numbers.reduce(Interval::hull) {
            // An end outside the domain is for the caller to refuse.
            Some(i) => Interval::new(i.lo().or(domain.lo()), i.hi().or(domain.hi())).unwrap_or(i),
            None => domain,
        }
    }

    /// Whether any fact counts for a property.
    pub fn is_stated(&self, record: RecordId, name: &str) -> bool {
        self.values(record, name).next().is_some()
    }

    /// Whether facts that count for a property say different things of it.
    pub fn varies(&self, record: RecordId, name: &str) -> bool {
        let mut values = self.values(record, name);
        let first = values.next();
        values.any(|v| Some(v) != first)
    }

    /// The records of a list, and whether there are no others.
    pub fn members(&self, record: RecordId, name: &str) -> (&'a [RecordId], bool) {
        match self.key(record, name).map(|k| self.base.slot(k)) {
            Some(Slot::Many(m)) => (&m.ids, m.complete),
            _ => (&[], false),
        }
    }

    /// The record that a property holds exactly once.
    pub fn part(&self, record: RecordId, name: &str) -> Option<RecordId> {
        match self.base.slot(self.key(record, name)?) {
            Slot::One(part) => Some(*part),
            _ => None,
        }
    }

    /// Where a record was stated.
    pub fn span(&self, record: RecordId) -> Option<Span> {
        self.base.record(record).span
    }

    /// The name of a party as stated, or its id where it has none: people must
    /// be able to tell who is spoken of, whatever that name is worth.
    pub fn name(&self, record: RecordId) -> Arc<str> {
        let id = || self.base.record(record).id.clone();
        self.stated().text(record, "name").unwrap_or_else(id)
    }
}

#[cfg(test)]
mod tests;
