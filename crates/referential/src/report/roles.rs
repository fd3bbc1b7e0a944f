//! What facts do for a criterion.

use super::Role;
use super::write::Writer;
use crate::eval::Context;
use cocarde_model::{Fact, FactId, Provenance, SlotKey};

impl Writer<'_> {
    /// What each fact about a property does, in order.
    pub(super) fn roles(&self, ctx: &Context<'_>, key: SlotKey) -> Vec<Role> {
        let resolved = ctx.resolve(key);
        let against = ctx.standing_against(key);
        let policy = ctx.property(key).map(|of| ctx.policies.of(of));
        let counts = |f: &&Fact| policy.is_some_and(|p| p.refutes(f));
        let taken = resolved.claim.map(|id| self.base.fact(id)).filter(counts);
        let is_bare = |f: &Fact| f.provenance == Provenance::Declared && !f.ruling;
        let otherwise = |f: &Fact| taken.is_some_and(|t| !is_bare(t) && !t.value.agrees(&f.value));
        let role = |id: FactId| match self.base.fact(id) {
            f if !f.holds_on(ctx.as_of) => Role::Lapsed,
            _ if against.contains(&id) => Role::Refutes,
            _ if resolved.established.is_some_and(|(e, _)| e == id) => Role::Establishes,
            _ if resolved.claim == Some(id) => Role::Claims,
            f if is_bare(f) && otherwise(f) => Role::Contradicted,
            _ => Role::Kept,
        };
        let ids = self.base.facts_of(key).iter();
        ids.map(|id| role(*id)).collect()
    }
}
