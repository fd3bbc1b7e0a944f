//! The input of the peer: plain values, as the facts settle them before it starts.

use cocarde_model::{
    Date, Decimal, FactBase, FieldId, RecordId, Slot, SlotKey, TypeId, Value as Ours,
};
use cocarde_referential::Referential;
use cocarde_referential::eval::Policy;
use jiff::ToSpan;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// How deep references between records are written out.
const DEPTH: u32 = 6;

/// Properties that are asked for, each with the evidence that counts for it.
pub struct Asked(BTreeMap<(TypeId, FieldId), Policy>);

impl Asked {
    /// What the rules of a scheme read, each criterion under its own policy.
    ///
    /// # Errors
    /// When two criteria read one property under two policies: one input cannot say both.
    pub fn by_rules(referential: &Referential) -> Result<Asked, String> {
        let mut asked = BTreeMap::new();
        for criterion in &referential.criteria {
            for property in &criterion.rule.reads {
                let policy = criterion.policies.of(*property);
                let first = asked.entry(*property).or_insert_with(|| policy.clone());
                if first != policy {
                    return Err(format!("{}: another policy for {property:?}", criterion.id));
                }
            }
        }
        Ok(Asked(asked))
    }

    /// What the scopes of a scheme read, of whatever is stated.
    pub fn by_scopes(referential: &Referential) -> Asked {
        let scopes = referential
            .criteria
            .iter()
            .filter_map(|c| c.applies.as_ref());
        let reads = scopes.flat_map(|scope| &scope.reads);
        Asked(
            reads
                .map(|property| (*property, Policy::lenient()))
                .collect(),
        )
    }
}

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
    /// Whether the peer gets the whole of a property.
    pub fn settles(&self, key: SlotKey) -> bool {
        match self.base.slot(key) {
            Slot::One(_) => true,
            Slot::Many(members) => members.complete,
            Slot::Facts(_) => self.settled(key).and_then(|v| self.plain(v, 1)).is_some(),
        }
    }

    /// The whole application.
    pub fn application(&self) -> Map<String, Value> {
        self.record(self.base.root(), DEPTH)
    }

    /// What is not settled is not in it. Of a list, `complete` says whether it is whole.
    fn record(&self, record: RecordId, depth: u32) -> Map<String, Value> {
        let schema = self.base.schema().clone();
        let ty = self.base.record(record).ty;
        let (mut out, mut complete) = (Map::new(), Vec::new());
        for (i, field) in schema.ty(ty).fields.iter().enumerate() {
            let field_id = FieldId(i as u16);
            if depth == 0 || !self.asked.0.contains_key(&(ty, field_id)) {
                continue;
            }
            let key = SlotKey {
                record,
                field: field_id,
            };
            let value = match self.base.slot(key) {
                Slot::One(part) => Some(Value::Object(self.record(*part, depth - 1))),
                Slot::Many(members) => {
                    if members.complete {
                        complete.push(json!(&*field.name));
                    }
                    let all = members
                        .ids
                        .iter()
                        .map(|r| self.record(*r, depth - 1).into());
                    Some(Value::Array(all.collect()))
                }
                Slot::Facts(_) => self.settled(key).and_then(|v| self.plain(v, depth)),
            };
            if let Some(value) = value {
                out.insert(field.name.to_string(), value);
            }
        }
        if !complete.is_empty() {
            out.insert("complete".into(), complete.into());
        }
        out
    }

    /// The value that is established, or the one that stands against it.
    fn settled(&self, key: SlotKey) -> Option<&Ours> {
        let property = (self.base.record(key.record).ty, key.field);
        let policy = self.asked.0.get(&property)?;
        let r = policy.resolve(self.base, key, self.as_of);
        let counts = match r.is_contradicted() {
            true => r.refuting,
            false => r.established,
        };
        counts.map(|(_, value)| value)
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

/// The input of the peer: what rules read, what `scope`s read, and the days they name.
pub fn input(rules: &Known<'_>, scopes: &Known<'_>) -> Value {
    let ago = |months: i32| {
        let day = rules.as_of.checked_sub(months.months());
        day.expect("a day of this era").to_string()
    };
    let mut all = rules.application();
    all.insert("scope".into(), scopes.application().into());
    all.insert("as_of".into(), json!(rules.as_of.to_string()));
    let months = json!({ "12": ago(12), "18": ago(18) });
    all.insert("months_ago".into(), months);
    Value::Object(all)
}

fn number(n: Decimal) -> Value {
    let n = n.normalize();
    match i64::try_from(n) {
        Ok(i) if n.scale() == 0 => json!(i),
        _ => json!(f64::try_from(n).unwrap_or_default()),
    }
}
