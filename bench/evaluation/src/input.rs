//! The input of the peer: plain values, as the facts settle them before it starts.

use cocarde_model::{Date, Decimal, FactBase, FieldId, RecordId, Slot, SlotKey, Value as Ours};
use cocarde_referential::Referential;
use cocarde_referential::eval::{Context, Overlay, Policies};
use jiff::ToSpan;
use serde_json::{Map, Value, json};

/// How deep references between records are written out.
const DEPTH: u32 = 6;

/// Writes a dossier as a JSON-like value. What evidence makes of each property is worked out
/// here, so that the peer need not: under the policy of the criterion that has one of its
/// own for it, else under the common one.
pub struct Input<'a> {
    /// The dossier.
    pub base: &'a FactBase,
    /// The scheme whose policies decide what counts.
    pub referential: &'a Referential,
    /// The day.
    pub as_of: Date,
}

impl Input<'_> {
    /// The whole.
    pub fn value(&self) -> Value {
        let mut all = self.record(self.base.root(), DEPTH);
        let ago = |months: i32| {
            let day = self.as_of.checked_sub(months.months());
            day.expect("a day of this era").to_string()
        };
        all.insert("as_of".into(), json!(self.as_of.to_string()));
        let months = json!({ "12": ago(12), "18": ago(18) });
        all.insert("months_ago".into(), months);
        Value::Object(all)
    }

    fn record(&self, record: RecordId, depth: u32) -> Map<String, Value> {
        let schema = self.base.schema().clone();
        let fields = schema.ty(self.base.record(record).ty).fields.iter();
        let mut out = Map::new();
        for (i, field) in fields.enumerate().filter(|_| depth > 0) {
            let key = SlotKey {
                record,
                field: FieldId(i as u16),
            };
            let value = match self.base.slot(key) {
                Slot::One(part) => Some(Value::Object(self.record(*part, depth - 1))),
                Slot::Many(m) => {
                    let all = m.ids.iter().map(|r| self.record(*r, depth - 1).into());
                    Some(Value::Array(all.collect()))
                }
                Slot::Facts(_) => self.settled(key).and_then(|v| self.plain(v, depth)),
            };
            if let Some(value) = value {
                out.insert(field.name.to_string(), value);
            }
        }
        out
    }

    fn settled(&self, key: SlotKey) -> Option<&Ours> {
        let property = (self.base.record(key.record).ty, key.field);
        let own = |p: &&Policies| p.by_property().contains_key(&property);
        let mut policies = self.referential.criteria.iter().map(|c| &c.policies);
        let policies = policies.clone().find(own).or_else(|| policies.next())?;
        let ctx = Context {
            base: self.base,
            policies,
            as_of: self.as_of,
            overlay: Overlay::none(),
        };
        let r = ctx.resolve(key);
        let counts = if r.contradicted {
            r.refuting
        } else {
            r.established
        };
        counts.map(|(_, v)| v)
    }

    /// Nothing for an amount known in part: Rego has no word for it.
    fn plain(&self, value: &Ours, depth: u32) -> Option<Value> {
        Some(match value {
            Ours::Bool(b) => json!(b),
            Ours::Number(i) => number(i.exact()?),
            Ours::Text(t) => json!(&**t),
            Ours::Date(d) => json!(d.to_string()),
            Ours::Texts(ts) => ts.iter().map(|t| json!(&**t)).collect(),
            Ours::Ref(r) => Value::Object(self.record(*r, depth - 1)),
        })
    }
}

fn number(n: Decimal) -> Value {
    let n = n.normalize();
    match i64::try_from(n) {
        Ok(i) if n.scale() == 0 => json!(i),
        _ => json!(f64::try_from(n).unwrap_or_default()),
    }
}
