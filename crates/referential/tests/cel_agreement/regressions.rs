//! Expressions that once had another value than CEL gives them, or lost it.

use super::{compiled, with_value, world};
use cocarde_model::FactBase;
use cocarde_referential::eval::{Outcomes, Val};

/// A rule that needs no facts is decided.
fn is_true(text: &str) {
    let base = FactBase::new(world::schema().clone());
    with_value(&base, &compiled(text), |v| match v {
        Val::Bool(o, _) => assert_eq!(o, Outcomes::both(true.into()), "{text}"),
        v => panic!("{text}: {v:?}"),
    });
}

#[test]
fn what_a_filter_leaves_out_is_no_element() {
    is_true("[1, 2].filter(x, x > 1) == [2]");
    is_true("[1, 2].filter(x, x > 1) != [1, 2]");
    is_true("[] == [1].filter(x, false)");
}
