//! What an analysis adds to the facts.

use crate::report::Line;
use cocarde_model::{Fact, FactBase, FactId, Provenance, SlotKey, Source, Value};

/// A value that an analysis derived, with its proof.
#[derive(Clone, Debug, PartialEq)]
pub struct Derived {
    /// The property it is about.
    pub key: SlotKey,
    /// Its value.
    pub value: Value,
    /// Why, in a sentence.
    pub because: Line,
    /// The facts it rests on.
    pub rests_on: Vec<FactId>,
    /// Whether it is a list that may lack members.
    pub open: bool,
}

impl Derived {
    /// The fact to add to the base: by the analysis of that name, its note in
    /// `lang`, pointing at the first fact it rests on that has a place. What
    /// follows from mere declarations is a declaration.
    pub fn fact(&self, base: &FactBase, how: Provenance, analysis: &str, lang: &str) -> Fact {
        let mut spans = self.rests_on.iter().map(|f| base.fact(*f).source.span);
        Fact {
            subject: self.key.record,
            field: self.key.field,
            value: self.value.clone(),
            provenance: how,
            source: Source {
                span: spans.find_map(|s| s),
                by: Some(analysis.into()),
                note: Some(self.because.get(lang).into()),
                rests_on: self.rests_on.clone(),
                ..Source::default()
            },
            confidence: None,
            from: None,
            until: None,
            ruling: false,
        }
    }
}
