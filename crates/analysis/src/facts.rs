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

    /// Another record, when the facts agree on it.
    pub fn record(&self, record: RecordId, name: &str) -> Option<RecordId> {
        match self.value(record, name)? {
            Value::Ref(r) => Some(*r),
            _ => None,
        }
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
        let stated = View::new(self.base, self.day);
        stated.text(record, "name").unwrap_or_else(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{World, day, number};
    use cocarde_model::Source;

    /// Documents establish, measurements refute, declarations are nothing.
    struct Documents;

    impl Evidence for Documents {
        fn weigh(&self, _: TypeId, fact: &Fact) -> Weight {
            match fact.provenance {
                Provenance::Documented => Weight::Establishes,
                Provenance::Measured => Weight::Refutes,
                _ => Weight::Nothing,
            }
        }
    }

    fn say(world: &mut World, provenance: Provenance, percent: &str) {
        let value = world.part("value");
        let key = world.view().key(value, "french_share").unwrap();
        world.base.add_fact(Fact {
            subject: key.record,
            field: key.field,
            value: Value::Number(number(percent)),
            provenance,
            source: Source::default(),
            confidence: None,
            from: None,
            until: None,
            ruling: false,
        });
    }

    fn read(world: &World) -> (Interval, Interval) {
        let view = View::new(&world.base, day());
        let value = view.part(world.base.root(), "value").unwrap();
        let established = view.established(&Documents);
        (
            view.number(value, "french_share"),
            established.number(value, "french_share"),
        )
    }

    #[test]
    fn what_is_only_declared_is_stated_and_not_established() {
        let mut world = World::new();
        say(&mut world, Provenance::Declared, "60");
        assert_eq!(read(&world), (number("60"), number("0..100")));
        say(&mut world, Provenance::Documented, "55");
        assert_eq!(read(&world), (number("55..60"), number("55")));
    }

    #[test]
    fn what_only_refutes_establishes_nothing_and_widens_what_is_established() {
        let mut world = World::new();
        say(&mut world, Provenance::Measured, "40");
        assert_eq!(read(&world).1, number("0..100"));
        say(&mut world, Provenance::Documented, "55");
        assert_eq!(read(&world).1, number("40..55"));
    }

    #[test]
    fn amounts_are_one_value_where_all_can_be_right() {
        let one = |percents: &[&str]| {
            let mut world = World::new();
            for percent in percents {
                say(&mut world, Provenance::Declared, percent);
            }
            let view = world.view();
            let found = view.value(world.part("value"), "french_share").cloned();
            found.map(|v| v.to_string())
        };
        let stated = |percent| Some(Value::Number(number(percent)).to_string());
        assert_eq!(one(&["40..70", "50..60"]), stated("50..60"));
        assert_eq!(one(&["50..60", "40..70"]), stated("50..60"));
        assert_eq!(one(&["40..60", "50..70"]), stated("40..60"));
        // Each of the last two overlaps the first, and they exclude one another.
        assert_eq!(one(&["40..70", "40..50", "60..70"]), None);
    }

    #[test]
    fn an_analysis_does_not_rest_on_what_another_derived() {
        let mut world = World::new();
        say(&mut world, Provenance::Derived, "80");
        assert_eq!(read(&world).0, number("0..100"));
    }
}
