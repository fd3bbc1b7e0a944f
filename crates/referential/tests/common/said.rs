//! What is said of a property, by whom: nothing, a claim, a proof, or a proof and what a
//! measurement says.

use cocarde_model::Provenance;
use proptest::prelude::*;

/// The facts on one property: who says it, and which value.
pub type Said = Vec<(Provenance, usize)>;

pub fn documented(pick: usize) -> Said {
    vec![(Provenance::Documented, pick)]
}

pub fn said() -> impl Strategy<Value = Said> {
    prop_oneof![
        1 => Just(Vec::new()),
        1 => (0usize..4).prop_map(|i| vec![(Provenance::Declared, i)]),
        5 => (0usize..4).prop_map(documented),
        1 => (0usize..4, 0usize..4).prop_map(|(i, j)| {
            [documented(i), vec![(Provenance::Measured, j)]].concat()
        }),
    ]
}
