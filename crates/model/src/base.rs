//! The fact base: all that is known of one application.

use crate::{
    Date, Fact, FieldId, FieldType, Provenance, Schema, Source, Sources, Span, TypeId, Value,
};
use std::sync::Arc;

/// A record, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordId(pub u32);

/// A fact, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FactId(pub u32);

/// One property of one record: what a rule reads and a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SlotKey {
    /// The record.
    pub record: RecordId,
    /// The property.
    pub field: FieldId,
}

/// Records that belong to another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Members {
    /// The records that are known, in the order they were stated.
    pub ids: Vec<RecordId>,
    /// Whether the list is stated to have no others. A list nobody stated is
    /// empty and open: it is unknown, not empty.
    pub complete: bool,
}

/// What a record holds for one field.
#[derive(Clone, Debug)]
pub enum Slot {
    /// All facts stated about the property; none when it is unknown.
    Facts(Vec<FactId>),
    /// The record that belongs to this one.
    One(RecordId),
    /// The records that belong to this one.
    Many(Members),
}

/// An instance of a type of the schema.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its type.
    pub ty: TypeId,
    /// Its name within its type.
    pub id: Arc<str>,
    /// Where it was stated.
    pub span: Option<Span>,
    slots: Vec<Slot>,
    /// How many properties the records before it have.
    first: u32,
}

/// All facts of one application, with the files they point into.
#[derive(Clone, Debug)]
pub struct FactBase {
    schema: Arc<Schema>,
    /// The files that facts point into.
    pub sources: Sources,
    records: Vec<Record>,
    facts: Vec<Fact>,
    /// How many properties all records have.
    properties: u32,
}

impl FactBase {
    /// An empty base: the root record, and one record for every part that an
    /// application has exactly once.
    pub fn new(schema: Arc<Schema>) -> FactBase {
        let root = schema.root();
        let mut base = FactBase {
            schema,
            sources: Sources::default(),
            records: Vec::new(),
            facts: Vec::new(),
            properties: 0,
        };
        base.create(root, "application".into(), None);
        base
    }

    /// The schema its records follow.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// The record that holds everything.
    pub fn root(&self) -> RecordId {
        RecordId(0)
    }

    /// Creates a record and the parts it has exactly once, unattached.
    fn create(&mut self, ty: TypeId, id: Arc<str>, span: Option<Span>) -> RecordId {
        let record = RecordId(self.records.len() as u32);
        self.records.push(Record {
            ty,
            id,
            span,
            slots: Vec::new(),
            first: self.properties,
        });
        let schema = self.schema.clone();
        self.properties += schema.ty(ty).fields.len() as u32;
        let slots = schema.ty(ty).fields.iter().map(|f| match f.ty {
            FieldType::One(part) => Slot::One(self.create(part, f.name.clone(), None)),
            FieldType::Many(_) => Slot::Many(Members::default()),
            _ => Slot::Facts(Vec::new()),
        });
        let slots = slots.collect();
        self.records[record.0 as usize].slots = slots;
        record
    }

    /// Adds a record to a list of `parent`.
    ///
    /// # Panics
    /// When `field` is not a list of records.
    pub fn add_member(
        &mut self,
        parent: RecordId,
        field: FieldId,
        id: &str,
        span: Option<Span>,
    ) -> RecordId {
        let parent_ty = self.record(parent).ty;
        let FieldType::Many(ty) = self.schema.field(parent_ty, field).ty else {
            panic!(
                "{} is not a list",
                self.schema.property_name(parent_ty, field)
            );
        };
        let record = self.create(ty, id.into(), span);
        self.members_mut(parent, field).ids.push(record);
        record
    }

    /// States whether a list has no other members than those added.
    pub fn set_complete(&mut self, parent: RecordId, field: FieldId, complete: bool) {
        self.members_mut(parent, field).complete = complete;
    }

    fn members_mut(&mut self, parent: RecordId, field: FieldId) -> &mut Members {
        match &mut self.records[parent.0 as usize].slots[field.0 as usize] {
            Slot::Many(members) => members,
            _ => panic!("not a list of records"),
        }
    }

    /// Says where a record that exists from the start was stated.
    pub fn set_span(&mut self, record: RecordId, span: Span) {
        self.records[record.0 as usize].span = Some(span);
    }

    /// Renames a record that exists from the start.
    pub fn set_id(&mut self, record: RecordId, id: &str) {
        self.records[record.0 as usize].id = id.into();
    }

    /// Adds a fact.
    ///
    /// # Panics
    /// When its field does not hold facts.
    pub fn add_fact(&mut self, fact: Fact) -> FactId {
        let id = FactId(self.facts.len() as u32);
        match &mut self.records[fact.subject.0 as usize].slots[fact.field.0 as usize] {
            Slot::Facts(facts) => facts.push(id),
            _ => panic!("not a property"),
        }
        self.facts.push(fact);
        id
    }

    /// Replaces all that is known of a property by one fact of that provenance.
    pub fn amend(&mut self, key: SlotKey, value: Value, provenance: Provenance) -> FactId {
        if let Slot::Facts(facts) =
            &mut self.records[key.record.0 as usize].slots[key.field.0 as usize]
        {
            facts.clear();
        }
        self.add_fact(Fact {
            subject: key.record,
            field: key.field,
            value,
            provenance,
            source: Source::default(),
            confidence: None,
            from: None,
            until: None,
            ruling: false,
        })
    }

    /// Takes a record out of the list it belongs to.
    pub fn remove_member(&mut self, record: RecordId) {
        for r in &mut self.records {
            for slot in &mut r.slots {
                if let Slot::Many(m) = slot {
                    m.ids.retain(|x| *x != record);
                }
            }
        }
    }

    /// The record of that id, if it is one of these.
    #[inline]
    pub fn get(&self, id: RecordId) -> Option<&Record> {
        self.records.get(id.0 as usize)
    }

    /// How many records there are.
    pub fn record_count(&self) -> usize {
        self.records.len()
    }

    /// The record of that id.
    #[inline]
    pub fn record(&self, id: RecordId) -> &Record {
        &self.records[id.0 as usize]
    }

    /// All records, in the order they were created.
    pub fn records(&self) -> impl Iterator<Item = (RecordId, &Record)> {
        self.records
            .iter()
            .enumerate()
            .map(|(i, r)| (RecordId(i as u32), r))
    }

    /// The fact of that id.
    #[inline]
    pub fn fact(&self, id: FactId) -> &Fact {
        &self.facts[id.0 as usize]
    }

    /// How many facts there are.
    pub fn fact_count(&self) -> usize {
        self.facts.len()
    }

    /// All facts, in the order they were added.
    pub fn facts(&self) -> impl Iterator<Item = (FactId, &Fact)> {
        self.facts
            .iter()
            .enumerate()
            .map(|(i, f)| (FactId(i as u32), f))
    }

    /// What a record holds for a field.
    #[inline]
    pub fn slot(&self, key: SlotKey) -> &Slot {
        &self.record(key.record).slots[key.field.0 as usize]
    }

    /// How many properties all records have.
    pub fn property_count(&self) -> usize {
        self.properties as usize
    }

    /// A property's number among all properties of all records, from zero, in the order in
    /// which the records were created.
    #[inline]
    pub fn place(&self, key: SlotKey) -> usize {
        self.record(key.record).first as usize + usize::from(key.field.0)
    }

    /// The facts about a property; none when it is unknown.
    pub fn facts_of(&self, key: SlotKey) -> &[FactId] {
        match self.slot(key) {
            Slot::Facts(facts) => facts,
            _ => &[],
        }
    }

    /// The property of that name of a record; `None` when its type has none.
    pub fn key(&self, record: RecordId, name: &str) -> Option<SlotKey> {
        let field = self.schema.ty(self.record(record).ty).field(name)?;
        Some(SlotKey { record, field })
    }

    /// The fact that was stated first of the property of that name.
    pub fn first(&self, record: RecordId, name: &str) -> Option<&Fact> {
        let first = self.facts_of(self.key(record, name)?).first()?;
        Some(self.fact(*first))
    }

    /// The text that was stated first for the property of that name.
    pub fn text(&self, record: RecordId, name: &str) -> Option<&Arc<str>> {
        match &self.first(record, name)?.value {
            Value::Text(t) => Some(t),
            _ => None,
        }
    }

    /// Follows field names from the root: `["offering", "hosting"]`.
    pub fn path(&self, names: &[&str]) -> Option<SlotKey> {
        let (last, parts) = names.split_last()?;
        let mut record = self.root();
        for name in parts {
            match self.slot(self.key(record, name)?) {
                Slot::One(part) => record = *part,
                _ => return None,
            }
        }
        self.key(record, last)
    }

    /// Finds a record by type and id.
    pub fn find(&self, ty: TypeId, id: &str) -> Option<RecordId> {
        self.records()
            .find(|(_, r)| r.ty == ty && &*r.id == id)
            .map(|(i, _)| i)
    }

    /// `type:id`, the name people give to a record; just `type` for what an
    /// application has exactly once.
    pub fn record_name(&self, id: RecordId) -> String {
        let record = self.record(id);
        let ty = &self.schema.ty(record.ty).name;
        if *ty == record.id {
            return ty.to_string();
        }
        format!("{}:{}", self.schema.ty(record.ty).name, record.id)
    }

    /// `type:id.field`, the name people give to a property of a record.
    pub fn slot_name(&self, key: SlotKey) -> String {
        let record = self.record(key.record);
        format!(
            "{}.{}",
            self.record_name(key.record),
            self.schema.field(record.ty, key.field).name
        )
    }

    /// The facts about a property that speak of `day` and count: those of a
    /// ruling where there is one, else all.
    pub fn counting_facts(&self, key: SlotKey, day: Date) -> impl Iterator<Item = (FactId, &Fact)> {
        let facts = self.facts_of(key);
        let ruled = facts
            .iter()
            .any(|f| self.fact(*f).ruling && self.fact(*f).holds_on(day));
        facts
            .iter()
            .map(|id| (*id, self.fact(*id)))
            .filter(move |(_, f)| f.holds_on(day) && (!ruled || f.ruling))
    }
}
