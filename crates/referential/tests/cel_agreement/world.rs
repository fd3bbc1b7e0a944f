//! A small fact schema, worlds that follow it, and the two forms of a world:
//! a fact base for our evaluator, variables for the reference interpreter.
//!
//! What is chosen so that binary floats and wrapped integers cannot differ from
//! exact decimals: amounts are multiples of a quarter, factors too, divisors of
//! decimals are powers of two, and numbers are small. Days are text in CEL
//! (ISO 8601, whose order is that of the calendar): the interpreter's timestamps
//! have no civil day.

use super::choices::Choices;
use cel::Value as Cel;
use cocarde_model::{
    Date, Decimal, Fact, FactBase, FieldType, Interval, Provenance, RecordId, Schema, Source,
    TypeId, Value,
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
    fields: Vec<Held>,
}

enum Held {
    Value(Value),
    /// The id of a site.
    Ref(String),
    One(Rec),
    Many(Vec<Rec>),
}

/// Draws a world in which everything has a value.
pub fn world(c: &mut Choices<'_>) -> Rec {
    let mut serial = 0;
    let mut root = record(c, schema().root(), &mut serial);
    let sites = |f: &Held| match f {
        Held::Many(sites) => Some(sites.iter().map(|s| s.id.clone()).collect::<Vec<_>>()),
        _ => None,
    };
    let ids = root.fields.iter().find_map(sites).unwrap_or_default();
    let main = c.one_of(&ids);
    for field in &mut root.fields {
        if let Held::Ref(id) = field {
            id.clone_from(&main);
        }
    }
    root
}

fn record(c: &mut Choices<'_>, ty: TypeId, serial: &mut u32) -> Rec {
    *serial += 1;
    let id = format!("r{serial}");
    let fields = &schema().ty(ty).fields;
    let fields = fields.iter().map(|f| held(c, &f.ty, serial)).collect();
    Rec { ty, id, fields }
}

fn held(c: &mut Choices<'_>, ty: &FieldType, serial: &mut u32) -> Held {
    let number = |d: Decimal| Value::Number(Interval::point(d));
    let quarters = |n: usize| number(Decimal::new(25 * n as i64, 2));
    Held::Value(match ty {
        FieldType::Bool => Value::Bool(c.below(2) == 1),
        FieldType::Integer => number(c.below(12).into()),
        FieldType::Percent | FieldType::Money | FieldType::Count => quarters(c.below(200)),
        FieldType::Date => Value::Date(c.one_of(&DAYS).parse().expect("a day")),
        FieldType::Text => Value::text(c.one_of(&TEXTS)),
        FieldType::Country => Value::text(c.one_of(&COUNTRIES)),
        FieldType::Enum(_) => Value::text(c.one_of(&MODES)),
        FieldType::Texts => Value::Texts(subset(c, &TEXTS)),
        FieldType::Countries => Value::Texts(subset(c, &COUNTRIES)),
        FieldType::Enums(_) => Value::Texts(subset(c, &MODES)),
        FieldType::Ref(_) => return Held::Ref(String::new()),
        FieldType::One(part) => return Held::One(record(c, *part, serial)),
        // References need a site to point at.
        FieldType::Many(member) => {
            let least = usize::from(schema().by_name("site") == Some(*member));
            let count = least + c.below(3);
            return Held::Many((0..count).map(|_| record(c, *member, serial)).collect());
        }
    })
}

fn subset(c: &mut Choices<'_>, of: &[&str]) -> Arc<[Arc<str>]> {
    let keep = c.below(1 << of.len());
    let of = of.iter().enumerate();
    of.filter(|(i, _)| keep >> i & 1 == 1)
        .map(|(_, w)| Arc::from(*w))
        .collect()
}

/// What is known of a world: everything, or less.
pub trait Knowledge {
    /// What the facts say of a property, given what is true of it.
    fn facts(&mut self, value: &Value) -> Vec<(Value, Provenance)>;
    /// For a list of records: whether each is known, and whether that is stated to be all.
    fn members(&mut self, count: usize) -> (Vec<bool>, bool);
}

/// Everything.
pub struct All;

impl Knowledge for All {
    fn facts(&mut self, value: &Value) -> Vec<(Value, Provenance)> {
        vec![(value.clone(), Provenance::Declared)]
    }

    fn members(&mut self, count: usize) -> (Vec<bool>, bool) {
        (vec![true; count], true)
    }
}

impl Rec {
    /// What is known of this world, as facts.
    pub fn base(&self, known: &mut dyn Knowledge) -> FactBase {
        let mut base = FactBase::new(schema().clone());
        let mut links = Vec::new();
        let root = base.root();
        self.fill(&mut base, root, known, &mut links);
        let site = schema().by_name("site").expect("a type");
        for (subject, field, id) in links {
            // What is true decides what is known, so it is asked for in any case.
            let target = base.find(site, &id);
            let value = Value::Ref(target.unwrap_or(root));
            for (value, provenance) in known.facts(&value) {
                if target.is_some() {
                    base.add_fact(fact(subject, field, value, provenance));
                }
            }
        }
        base
    }

    fn fill(
        &self,
        base: &mut FactBase,
        record: RecordId,
        known: &mut dyn Knowledge,
        links: &mut Vec<(RecordId, cocarde_model::FieldId, String)>,
    ) {
        base.set_id(record, &self.id);
        for (i, held) in self.fields.iter().enumerate() {
            let field = cocarde_model::FieldId(i as u16);
            let key = cocarde_model::SlotKey { record, field };
            match held {
                Held::Value(v) => {
                    for (value, provenance) in known.facts(v) {
                        base.add_fact(fact(record, field, value, provenance));
                    }
                }
                Held::Ref(id) => links.push((record, field, id.clone())),
                Held::One(part) => {
                    if let cocarde_model::Slot::One(id) = *base.slot(key) {
                        part.fill(base, id, known, links);
                    }
                }
                Held::Many(members) => {
                    let (which, complete) = known.members(members.len());
                    for (member, is_known) in members.iter().zip(which) {
                        if is_known {
                            let id = base.add_member(record, field, &member.id, None);
                            member.fill(base, id, known, links);
                        }
                    }
                    base.set_complete(record, field, complete);
                }
            }
        }
    }

    /// This world as variables of the reference interpreter.
    pub fn variables(&self) -> HashMap<String, Cel> {
        let site = self.fields.iter().find_map(|f| match f {
            Held::Many(sites) => Some(&sites[..]),
            _ => None,
        });
        let sites: HashMap<&str, &Rec> = site
            .unwrap_or_default()
            .iter()
            .map(|s| (s.id.as_str(), s))
            .collect();
        let mut out = self.members(&sites);
        out.insert("as_of".into(), AS_OF.to_string().into());
        out
    }

    fn members(&self, sites: &HashMap<&str, &Rec>) -> HashMap<String, Cel> {
        let fields = schema().ty(self.ty).fields.iter().zip(&self.fields);
        let mut out: HashMap<String, Cel> = fields
            .map(|(f, held)| {
                let value = match held {
                    Held::Value(v) => cel_value(v, &f.ty),
                    Held::Ref(id) => sites[id.as_str()].cel(sites),
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

fn fact(
    subject: RecordId,
    field: cocarde_model::FieldId,
    value: Value,
    provenance: Provenance,
) -> Fact {
    Fact {
        subject,
        field,
        value,
        provenance,
        source: Source::default(),
        confidence: None,
        from: None,
        until: None,
        ruling: false,
    }
}

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
