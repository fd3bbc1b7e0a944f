//! What the laws of explanations share: how their facts count, and how their rules are read.

mod facts;

use cocarde_model::{Decimal, Provenance, Schema};
use cocarde_referential::eval::{Policies, Policy};
use cocarde_referential::rule::{Env, Rule, compile};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use facts::fact;

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
