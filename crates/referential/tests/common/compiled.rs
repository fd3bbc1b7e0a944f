//! How rules are read.

use cocarde_model::Schema;
use cocarde_referential::eval::Policies;
use cocarde_referential::rule::{Env, Rule, compile};
use std::collections::BTreeMap;
use std::sync::Arc;

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
