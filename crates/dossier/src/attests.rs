//! The properties that a document speaks of.

use cocarde_model::{FactBase, FieldId, RecordId, TypeId, Value};
use std::collections::BTreeSet;

/// What a document speaks of: all that cites it, unless its table says what it attests.
#[derive(Clone, Debug)]
pub struct Attests(Option<BTreeSet<(TypeId, FieldId)>>);

impl Attests {
    /// Of a document, as tables say it: their facts are the first `stated` of the base.
    pub(crate) fn of(base: &FactBase, document: RecordId, stated: usize) -> Attests {
        let facts = base.key(document, "attests").map(|k| base.facts_of(k));
        let first = facts
            .into_iter()
            .flatten()
            .find(|f| (f.0 as usize) < stated);
        match first.map(|f| &base.fact(*f).value) {
            Some(Value::Texts(words)) => {
                let properties = words.iter().filter_map(|w| base.schema().property(w));
                Attests(Some(properties.collect()))
            }
            _ => Attests(None),
        }
    }

    /// Whether the document speaks of that property.
    pub fn speaks_of(&self, ty: TypeId, field: FieldId) -> bool {
        self.0.as_ref().is_none_or(|p| p.contains(&(ty, field)))
    }
}
