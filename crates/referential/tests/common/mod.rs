//! What the laws of explanations share: how their facts count, and how their rules are read.

use cocarde_model::{Decimal, Fact, Provenance, Schema, SlotKey, Source, Value};
use cocarde_referential::eval::{Policies, Policy};
use cocarde_referential::rule::{Env, Rule, compile};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Documents establish; measurements of 0.9 and more also refute; what is declared only claims.
pub fn policies() -> Policies {
    let mut policy = Policy {
        established_by: [None; 7],
        refuted_by: [None; 7],
    };
    policy.established_by[Provenance::Documented as usize] = Some(Decimal::ZERO);
    policy.refuted_by[Provenance::Measured as usize] = Some(Decimal::new(9, 1));
    Policies::uniform(policy)
}

/// A rule over a schema, without parameters or sets.
pub fn compiled(schema: &Arc<Schema>, text: &str) -> Rule {
    let (none, params, sets) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let env = Env {
        schema,
        params: &params,
        sets: &sets,
        policies: &none,
        default_policy: Policies::DEFAULT,
    };
    compile(text, &env).unwrap_or_else(|e| panic!("{text}: {e:?}"))
}

/// A fact on a property that somebody states, of no particular time or place.
pub fn fact(key: SlotKey, value: Value, provenance: Provenance) -> Fact {
    Fact {
        subject: key.record,
        field: key.field,
        value,
        provenance,
        source: Source::default(),
        confidence: None,
        from: None,
        until: None,
        ruling: false,
    }
}
