//! Fact bases for tests, written as lines `record.field = value`.

use crate::facts::{Evidence, View, Weight};
use cocarde_model::{
    Date, Decimal, Fact, FactBase, FieldType, Interval, Provenance, RecordId, Schema, SlotKey,
    Source, TypeId, Value,
};

/// The day that test facts speak of.
pub fn day() -> Date {
    Date::constant(2026, 10, 1)
}

/// Documents establish, measurements refute, declarations are nothing.
pub struct Documents;

impl Evidence for Documents {
    fn weigh(&self, _: TypeId, fact: &Fact) -> Weight {
        match fact.provenance {
            Provenance::Documented => Weight::Establishes,
            Provenance::Measured => Weight::Refutes,
            _ => Weight::Nothing,
        }
    }
}

/// A fact base under construction.
pub struct World {
    /// The facts so far.
    pub base: FactBase,
    /// Where what is added next comes from.
    pub provenance: Provenance,
}

impl World {
    /// No facts yet.
    pub fn new() -> World {
        World {
            base: FactBase::new(Schema::standard().clone()),
            provenance: Provenance::Declared,
        }
    }

    /// The facts that speak of [`day`].
    pub fn view(&self) -> View<'_> {
        View::new(&self.base, day())
    }

    /// The applicant.
    pub fn applicant(&self) -> RecordId {
        self.view().part(self.base.root(), "organisation").unwrap()
    }

    /// A record that the root, or a part of it, holds once.
    pub fn part(&self, name: &str) -> RecordId {
        self.view().part(self.base.root(), name).unwrap()
    }

    /// Adds a record to a list.
    pub fn add(&mut self, parent: RecordId, list: &str, id: &str) -> RecordId {
        let key = self.view().key(parent, list).unwrap();
        self.base.add_member(parent, key.field, id, None)
    }

    /// Adds a party with its kind and seat.
    pub fn party(&mut self, id: &str, kind: &str, country: &str) -> RecordId {
        let record = self.add(self.base.root(), "parties", id);
        self.describe(record, id, kind, country);
        record
    }

    /// States name, kind and seat (residence for a person) of a party.
    pub fn describe(&mut self, record: RecordId, name: &str, kind: &str, country: &str) {
        self.say(record, "name", name);
        self.say(record, "kind", kind);
        let place = if kind == "person" {
            "residence"
        } else {
            "seat"
        };
        self.say(record, place, country);
    }

    /// States that a list has no other members.
    pub fn complete(&mut self, parent: RecordId, list: &str) {
        let key = self.view().key(parent, list).unwrap();
        self.base.set_complete(parent, key.field, true);
    }

    /// Adds a fact; `text` is read by the type of the field: words are
    /// separated by spaces, an interval is written `lo..hi`.
    pub fn say(&mut self, record: RecordId, field: &str, text: &str) {
        let key = self.view().key(record, field).unwrap();
        let schema = self.base.schema().clone();
        let ty = &schema.field(self.base.record(record).ty, key.field).ty;
        let value = match ty {
            FieldType::Bool => Value::Bool(text == "true"),
            FieldType::Texts | FieldType::Countries | FieldType::Enums(_) => {
                Value::Texts(text.split_whitespace().map(Into::into).collect())
            }
            _ if ty.domain().is_some() => Value::Number(number(text)),
            _ => Value::text(text),
        };
        self.state(key, value);
    }

    /// Adds a fact that names another record.
    pub fn link(&mut self, record: RecordId, field: &str, to: RecordId) {
        let key = self.view().key(record, field).unwrap();
        self.state(key, Value::Ref(to));
    }

    fn state(&mut self, key: SlotKey, value: Value) {
        self.base.add_fact(Fact {
            subject: key.record,
            field: key.field,
            value,
            provenance: self.provenance,
            source: Source::default(),
            confidence: None,
            from: None,
            until: None,
            ruling: false,
        });
    }

    /// Adds a holding of capital and votes.
    pub fn holding(&mut self, holder: RecordId, held: RecordId, percent: &str) -> RecordId {
        let governance = self.part("governance");
        let count = self.view().members(governance, "holdings").0.len();
        let record = self.add(governance, "holdings", &format!("h{count}"));
        self.link(record, "holder", holder);
        self.link(record, "held", held);
        self.say(record, "capital", percent);
        self.say(record, "votes", percent);
        self.say(record, "special_rights", "");
        record
    }
}

/// `12.5` or `10..20`.
pub fn number(text: &str) -> Interval {
    let parse = |s: &str| s.parse::<Decimal>().unwrap();
    match text.split_once("..") {
        Some((lo, hi)) => Interval::new(Some(parse(lo)), Some(parse(hi))).unwrap(),
        None => Interval::point(parse(text)),
    }
}
