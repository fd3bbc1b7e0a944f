//! A small fact schema, worlds that follow it, and the two forms of a world:
//! a fact base for our evaluator, variables for the reference interpreter.
//!
//! What is chosen so that binary floats and wrapped integers cannot differ from
//! exact decimals: amounts are multiples of a quarter, factors too, divisors of
//! decimals are powers of two, and numbers are small. Days are text in CEL
//! (ISO 8601, whose order is that of the calendar): the interpreter's timestamps
//! have no civil day.

use super::choices::Choices;
use super::facts::fact;
use cel::Value as Cel;
use cocarde_model::{
    Date, Decimal, FactBase, FieldId, FieldType, Interval, Provenance, RecordId, Schema, Slot,
    SlotKey, TypeId, Value,
};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

const SCHEMA: &str = r#"
[[type]]
name = "application"
fr = "x"
en = "x"
fields = [
    { name = "flag", type = "bool", fr = "x", en = "x" },
    { name = "open", type = "bool", fr = "x", en = "x" },
    { name = "n", type = "integer", fr = "x", en = "x" },
    { name = "m", type = "integer", fr = "x", en = "x" },
    { name = "part", type = "percent", fr = "x", en = "x" },
    { name = "money", type = "money", fr = "x", en = "x" },
    { name = "label", type = "text", fr = "x", en = "x" },
    { name = "home", type = "country", fr = "x", en = "x" },
    { name = "mode", type = "enum", values = ["saas", "paas", "iaas"], fr = "x", en = "x" },
    { name = "since", type = "date", fr = "x", en = "x" },
    { name = "tags", type = "texts", fr = "x", en = "x" },
    { name = "places", type = "countries", fr = "x", en = "x" },
    { name = "modes", type = "enums", values = ["saas", "paas", "iaas"], fr = "x", en = "x" },
    { name = "org", type = "one:org", fr = "x", en = "x" },
    { name = "main", type = "ref:site", fr = "x", en = "x" },
    { name = "sites", type = "many:site", fr = "x", en = "x" },
]
[[type]]
name = "org"
fr = "x"
en = "x"
fields = [
    { name = "name", type = "text", fr = "x", en = "x" },
    { name = "country", type = "country", fr = "x", en = "x" },
    { name = "staff", type = "integer", fr = "x", en = "x" },
    { name = "public", type = "bool", fr = "x", en = "x" },
]
[[type]]
name = "site"
fr = "x"
en = "x"
fields = [
    { name = "name", type = "text", fr = "x", en = "x" },
    { name = "country", type = "country", fr = "x", en = "x" },
    { name = "staff", type = "integer", fr = "x", en = "x" },
    { name = "cost", type = "money", fr = "x", en = "x" },
    { name = "safe", type = "bool", fr = "x", en = "x" },
    { name = "mode", type = "enum", values = ["saas", "paas", "iaas"], fr = "x", en = "x" },
    { name = "until", type = "date", fr = "x", en = "x" },
    { name = "langs", type = "texts", fr = "x", en = "x" },
    { name = "rooms", type = "many:room", fr = "x", en = "x" },
]
[[type]]
name = "room"
fr = "x"
en = "x"
fields = [
    { name = "area", type = "count", fr = "x", en = "x" },
    { name = "desks", type = "integer", fr = "x", en = "x" },
    { name = "locked", type = "bool", fr = "x", en = "x" },
]
"#;

pub const TEXTS: [&str; 6] = ["", "a", "b", "ab", "né", "aba"];
pub const COUNTRIES: [&str; 3] = ["FR", "DE", "US"];
pub const MODES: [&str; 3] = ["saas", "paas", "iaas"];
pub const DAYS: [&str; 3] = ["2024-02-29", "2025-01-01", "2025-12-31"];
pub const AS_OF: &str = "2025-01-01";

pub fn schema() -> &'static Arc<Schema> {
    static SHARED: OnceLock<Arc<Schema>> = OnceLock::new();
    SHARED.get_or_init(|| Arc::new(Schema::parse(&[SCHEMA]).expect("the test schema")))
}

pub fn as_of() -> Date {
    AS_OF.parse().expect("a day")
}

/// A record with everything that is true of it.
pub struct Rec {
    ty: TypeId,
    id: String,
    fields: Vec<Field>,
    /// Decides, with [`Knowledge`], whether the record is known.
    draw: u8,
}

struct Field {
    held: Held,
    /// Decides, with [`Knowledge`], what is known of the field.
    draw: u8,
}

enum Held {
    /// A value, and another that a second source may state.
    Value(Value, Value),
    /// The ids of two sites, likewise.
    Ref(String, String),
    One(Rec),
    Many(Vec<Rec>),
}

/// Draws a world in which everything has a value.
pub fn world(c: &mut Choices<'_>) -> Rec {
    let mut serial = 0;
    let mut root = record(c, schema().root(), &mut serial);
    let ids: Vec<String> = root.sites().iter().map(|s| s.id.clone()).collect();
    for field in &mut root.fields {
        if let Held::Ref(id, other) = &mut field.held {
            (*id, *other) = (c.one_of(&ids), c.one_of(&ids));
        }
    }
    root
}

fn record(c: &mut Choices<'_>, ty: TypeId, serial: &mut u32) -> Rec {
    *serial += 1;
    let id = format!("r{serial}");
    let fields = schema().ty(ty).fields.iter().map(|f| Field {
        held: held(c, &f.ty, serial),
        draw: c.below(256) as u8,
    });
    let fields = fields.collect();
    let draw = c.below(256) as u8;
    Rec {
        ty,
        id,
        fields,
        draw,
    }
}

fn held(c: &mut Choices<'_>, ty: &FieldType, serial: &mut u32) -> Held {
    match ty {
        FieldType::Ref(_) => Held::Ref(String::new(), String::new()),
        FieldType::One(part) => Held::One(record(c, *part, serial)),
        FieldType::Many(member) => {
            // References need a site to point at.
            let least = usize::from(schema().by_name("site") == Some(*member));
            let count = least + c.below(3);
            Held::Many((0..count).map(|_| record(c, *member, serial)).collect())
        }
        ty => {
            let value = value(c, ty);
            let other = match c.below(2) {
                0 => value.clone(),
                _ => self::value(c, ty),
            };
            Held::Value(value, other)
        }
    }
}

fn value(c: &mut Choices<'_>, ty: &FieldType) -> Value {
    let number = |d: Decimal| Value::Number(Interval::point(d));
    match ty {
        FieldType::Bool => Value::Bool(c.below(2) == 1),
        FieldType::Integer => number(c.below(12).into()),
        FieldType::Percent | FieldType::Money | FieldType::Count => {
            number(Decimal::new(25 * c.below(200) as i64, 2))
        }
        FieldType::Date => Value::Date(c.one_of(&DAYS).parse().expect("a day")),
        FieldType::Text => Value::text(c.one_of(&TEXTS)),
        FieldType::Country => Value::text(c.one_of(&COUNTRIES)),
        FieldType::Enum(_) => Value::text(c.one_of(&MODES)),
        FieldType::Texts => Value::Texts(subset(c, &TEXTS)),
        FieldType::Countries => Value::Texts(subset(c, &COUNTRIES)),
        FieldType::Enums(_) => Value::Texts(subset(c, &MODES)),
        FieldType::Ref(_) | FieldType::One(_) | FieldType::Many(_) => {
            unreachable!("these hold records")
        }
    }
}

fn subset(c: &mut Choices<'_>, of: &[&str]) -> Arc<[Arc<str>]> {
    let keep = c.below(1 << of.len());
    let of = of.iter().enumerate();
    of.filter(|(i, _)| keep >> i & 1 == 1)
        .map(|(_, w)| Arc::from(*w))
        .collect()
}

/// What is known of a world, as functions of what is true and of the bytes drawn
/// with it.
pub trait Knowledge {
    /// What the facts say of a property that has a value, and another in a second source.
    fn facts(&self, value: Value, other: Value, draw: u8) -> Vec<(Value, Provenance)>;

    /// Whether a list is stated to have no other members than those known.
    fn complete(&self, _draw: u8) -> bool {
        true
    }

    /// Whether a member of a list that is not complete is known.
    fn member(&self, _draw: u8) -> bool {
        true
    }
}

/// Everything.
pub struct All;

impl Knowledge for All {
    fn facts(&self, value: Value, _other: Value, _draw: u8) -> Vec<(Value, Provenance)> {
        vec![(value, Provenance::Declared)]
    }
}

impl Rec {
    fn sites(&self) -> &[Rec] {
        let site = schema().by_name("site");
        let lists = self.fields.iter().find_map(|f| match &f.held {
            Held::Many(m) if m.first().map(|r| r.ty) == site => Some(&m[..]),
            _ => None,
        });
        lists.unwrap_or_default()
    }

    /// What is known of this world, as facts.
    pub fn base(&self, known: &dyn Knowledge) -> FactBase {
        let mut base = FactBase::new(schema().clone());
        let mut links = Vec::new();
        let root = base.root();
        self.fill(&mut base, root, known, &mut links);
        let site = schema().by_name("site").expect("a type");
        for (key, id, other, draw) in links {
            let place = |id: &str| base.find(site, id).map(Value::Ref);
            // A reference to a record that is not known cannot be stated.
            if let (Some(value), Some(other)) = (place(id), place(other)) {
                for (value, provenance) in known.facts(value, other, draw) {
                    base.add_fact(fact(key, value, provenance));
                }
            }
        }
        base
    }

    fn fill<'a>(
        &'a self,
        base: &mut FactBase,
        record: RecordId,
        known: &dyn Knowledge,
        links: &mut Vec<(SlotKey, &'a str, &'a str, u8)>,
    ) {
        base.set_id(record, &self.id);
        for (i, Field { held, draw }) in self.fields.iter().enumerate() {
            let field = FieldId(i as u16);
            let key = SlotKey { record, field };
            match held {
                Held::Value(v, o) => {
                    for (value, provenance) in known.facts(v.clone(), o.clone(), *draw) {
                        base.add_fact(fact(key, value, provenance));
                    }
                }
                Held::Ref(id, other) => links.push((key, id, other, *draw)),
                Held::One(part) => {
                    if let Slot::One(id) = *base.slot(key) {
                        part.fill(base, id, known, links);
                    }
                }
                Held::Many(members) => {
                    let complete = known.complete(*draw);
                    base.set_complete(record, field, complete);
                    for member in members {
                        if complete || known.member(member.draw) {
                            let id = base.add_member(record, field, &member.id, None);
                            member.fill(base, id, known, links);
                        }
                    }
                }
            }
        }
    }

    /// This world as variables of the reference interpreter.
    pub fn variables(&self) -> HashMap<String, Cel> {
        let sites = self.sites().iter().map(|s| (s.id.as_str(), s)).collect();
        let mut out = self.members(&sites);
        out.insert("as_of".into(), AS_OF.to_string().into());
        out
    }

    fn members(&self, sites: &HashMap<&str, &Rec>) -> HashMap<String, Cel> {
        let fields = schema().ty(self.ty).fields.iter().zip(&self.fields);
        let mut out: HashMap<String, Cel> = fields
            .map(|(f, Field { held, .. })| {
                let value = match held {
                    Held::Value(v, _) => cel_value(v, &f.ty),
                    Held::Ref(id, _) => sites[id.as_str()].cel(sites),
                    Held::One(part) => part.cel(sites),
                    Held::Many(members) => {
                        Cel::List(Arc::new(members.iter().map(|m| m.cel(sites)).collect()))
                    }
                };
                (f.name.to_string(), value)
            })
            .collect();
        // Records are equal when they are the same one; maps when their entries are.
        out.insert(ID.into(), self.id.clone().into());
        out
    }

    fn cel(&self, sites: &HashMap<&str, &Rec>) -> Cel {
        Cel::Map(self.members(sites).into())
    }
}

/// The entry of a map that says which record it is.
pub const ID: &str = "__id";

fn cel_value(value: &Value, ty: &FieldType) -> Cel {
    let text = |t: &str| Cel::from(t.to_string());
    match value {
        Value::Bool(b) => Cel::Bool(*b),
        Value::Number(i) => {
            let exact = i.exact().expect("a world knows its numbers");
            match ty {
                FieldType::Integer => Cel::Int(exact.try_into().expect("small")),
                _ => Cel::Float(exact.try_into().expect("a multiple of a quarter")),
            }
        }
        Value::Text(t) => text(t),
        Value::Date(d) => text(&d.to_string()),
        Value::Texts(ts) => Cel::List(Arc::new(ts.iter().map(|t| text(t)).collect())),
        Value::Ref(_) => unreachable!("references are kept by id"),
    }
}
