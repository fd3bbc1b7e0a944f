//! Which properties criteria ask for, and which evidence counts for each.

use cocarde_model::{FieldId, Provenance, Schema, TypeId};
use cocarde_referential::Referential;
use cocarde_referential::eval::{Admission, Policy};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

use crate::input::number;

/// A kind of record, and a property of it.
pub type Property = (TypeId, FieldId);

/// Properties that are asked for, each with the evidence that counts for it.
pub struct Asked(BTreeMap<Property, Policy>);

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
        Asked(reads.map(|p| (*p, Policy::lenient())).collect())
    }

    /// The evidence that counts for a property, if it is asked for.
    pub fn policy(&self, property: Property) -> Option<&Policy> {
        self.0.get(&property)
    }

    /// For each provenance the least confidence from which it counts, by kind of record and
    /// property; and the same for what is merely stated. The peer's `data`.
    pub fn evidence(&self, schema: &Schema) -> Value {
        let mut by_type: BTreeMap<&str, Map<String, Value>> = BTreeMap::new();
        for ((ty, field), policy) in &self.0 {
            let ty = schema.ty(*ty);
            let name = ty.fields[field.0 as usize].name.to_string();
            by_type
                .entry(&ty.name)
                .or_default()
                .insert(name, written(policy));
        }
        json!({ "evidence": by_type, "stated": written(&Policy::lenient()) })
    }
}

fn written(policy: &Policy) -> Value {
    let admission = |admission: &Admission| {
        let all = Provenance::ALL.into_iter().zip(admission);
        let some = all.filter_map(|(p, least)| Some((p.name().to_string(), number((*least)?))));
        Value::Object(some.collect())
    };
    json!({
        "established_by": admission(&policy.established_by),
        "refuted_by": admission(&policy.refuted_by),
    })
}
