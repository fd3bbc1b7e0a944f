//! Facts for tests.

use cocarde_model::{Fact, Provenance, SlotKey, Source, Value};

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
