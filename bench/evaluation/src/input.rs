//! The two inputs of the peer: a dossier as it is, with the facts about each property; and the
//! plain values that these facts settle, worked out before the peer starts.

use crate::asked::{Asked, Property};
use cocarde_model::{
    Date, Decimal, Fact, FactBase, FieldId, RecordId, Slot, SlotKey, Value as Ours,
};
use jiff::ToSpan;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What the facts of a dossier settle of what is asked.
pub struct Known<'a> {
    /// The dossier.
    pub base: &'a FactBase,
    /// What is asked.
    pub asked: &'a Asked,
    /// The day.
    pub as_of: Date,
}

impl Known<'_> {
    /// Whether the facts settle the whole of a property, in a word that Rego has.
    pub fn settles(&self, key: SlotKey) -> bool {
        match self.base.slot(key) {
            Slot::One(_) => true,
            Slot::Many(members) => members.complete,
            Slot::Facts(_) => self.settled(key).is_some(),
        }
    }

    /// The value that is established, or the one that stands against it.
    fn settled(&self, key: SlotKey) -> Option<Value> {
        let policy = self
            .asked
            .policy((self.base.record(key.record).ty, key.field))?;
        let r = policy.resolve(self.base, key, self.as_of);
        let counts = match r.is_contradicted() {
            true => r.refuting,
            false => r.established,
        };
        plain(counts?.1)
    }

    fn application(&self) -> Map<String, Value> {
        let leaf = |key| self.settled(key);
        write(self.base, &|p| self.asked.policy(p).is_some(), &leaf)
    }
}

/// Plain values: what rules read, what `scopes` read, and the days they name.
pub fn settled(rules: &Known<'_>, scopes: &Known<'_>) -> Value {
    let mut all = rules.application();
    all.insert("scope".into(), scopes.application().into());
    days(all, rules.as_of)
}

/// The facts about all that rules or scopes read, and the days they name.
pub fn facts(rules: &Known<'_>, scopes: &Known<'_>) -> Value {
    let base = rules.base;
    let leaf = |key| {
        let facts = base.facts_of(key).iter().map(|id| fact(base.fact(*id)));
        Some(Value::Array(facts.collect())).filter(|f| f != &json!([]))
    };
    let asked = |p| [rules, scopes].iter().any(|k| k.asked.policy(p).is_some());
    days(write(base, &asked, &leaf), rules.as_of)
}

/// The whole application. What has no value is not in it; of a list, `complete` says whether
/// it is whole. Records that others refer to are in `parties`, by number.
fn write(
    base: &FactBase,
    asked: &dyn Fn(Property) -> bool,
    leaf: &dyn Fn(SlotKey) -> Option<Value>,
) -> Map<String, Value> {
    let writer = Writer { base, asked, leaf };
    let mut all = writer.record(base.root());
    let mut parties = BTreeMap::new();
    for (_, fact) in base.facts() {
        if let Ours::Ref(party) = fact.value
            && asked((base.record(fact.subject).ty, fact.field))
        {
            parties.entry(party).or_insert_with(|| writer.record(party));
        }
    }
    let named = parties
        .into_iter()
        .map(|(id, p)| (id.0.to_string(), p.into()));
    all.insert("parties".into(), Value::Object(named.collect()));
    all
}

struct Writer<'a> {
    base: &'a FactBase,
    asked: &'a dyn Fn(Property) -> bool,
    leaf: &'a dyn Fn(SlotKey) -> Option<Value>,
}

impl Writer<'_> {
    fn record(&self, record: RecordId) -> Map<String, Value> {
        let schema = self.base.schema().clone();
        let ty = self.base.record(record).ty;
        let (mut out, mut complete) = (Map::new(), Vec::new());
        for (i, property) in schema.ty(ty).fields.iter().enumerate() {
            let field = FieldId(i as u16);
            if !(self.asked)((ty, field)) {
                continue;
            }
            let key = SlotKey { record, field };
            let value = match self.base.slot(key) {
                Slot::One(part) => Some(self.record(*part).into()),
                Slot::Many(members) => {
                    complete.extend(members.complete.then(|| json!(&*property.name)));
                    let all = members.ids.iter().map(|r| self.record(*r).into());
                    Some(Value::Array(all.collect()))
                }
                Slot::Facts(_) => (self.leaf)(key),
            };
            out.extend(value.map(|v| (property.name.to_string(), v)));
        }
        if !complete.is_empty() {
            out.insert("complete".into(), complete.into());
        }
        out
    }
}

/// A fact: its value, where Rego has a word for it; how it is known; when it holds.
fn fact(fact: &Fact) -> Value {
    let mut out = Map::new();
    let mut put = |name: &str, value: Option<Value>| {
        out.extend(value.map(|v| (name.to_string(), v)));
    };
    put("value", plain(&fact.value));
    put("how", Some(json!(fact.provenance.name())));
    put("confidence", Some(fact.confidence.map_or(json!(1), number)));
    put("from", fact.from.map(|d| json!(d.to_string())));
    put("until", fact.until.map(|d| json!(d.to_string())));
    Value::Object(out)
}

/// Nothing for an amount known in part: Rego has no word for it.
fn plain(value: &Ours) -> Option<Value> {
    Some(match value {
        Ours::Bool(b) => json!(b),
        Ours::Number(i) => number(i.exact()?),
        Ours::Text(t) => json!(&**t),
        Ours::Date(d) => json!(d.to_string()),
        Ours::Texts(ts) => ts.iter().map(|t| json!(&**t)).collect(),
        Ours::Ref(r) => json!(r.0.to_string()),
    })
}

/// As JSON has it.
pub fn number(n: Decimal) -> Value {
    let n = n.normalize();
    match i64::try_from(n) {
        Ok(i) if n.scale() == 0 => json!(i),
        _ => json!(f64::try_from(n).unwrap_or_default()),
    }
}

/// The same with the days that criteria name.
fn days(mut all: Map<String, Value>, as_of: Date) -> Value {
    let ago = |months: i32| {
        let day = as_of.checked_sub(months.months());
        day.expect("a day of this era").to_string()
    };
    all.insert("as_of".into(), json!(as_of.to_string()));
    all.insert("months_ago".into(), json!({ "12": ago(12), "18": ago(18) }));
    Value::Object(all)
}
