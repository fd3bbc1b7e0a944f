//! Expressions that once had another value than CEL or the laws of partial
//! knowledge give them.

use super::{compiled, laws::outcomes, world};
use cocarde_model::{FactBase, Interval, Provenance, SlotKey, Truth, Value};
use cocarde_referential::eval::{Outcomes, Overlay, Patch, Policy};

fn nothing_known() -> FactBase {
    FactBase::new(world::schema().clone())
}

fn of_nothing(text: &str) -> Outcomes {
    let base = nothing_known();
    outcomes(&base, &compiled(text), &Policy::lenient(), Overlay::none())
}

fn is_true(text: &str) {
    assert_eq!(of_nothing(text), Outcomes::both(Truth::True), "{text}");
}

fn is_open(text: &str) {
    assert_eq!(of_nothing(text), Outcomes::both(Truth::Unknown), "{text}");
}

#[test]
fn what_a_filter_leaves_out_is_no_element() {
    is_true("[1, 2].filter(x, x > 1) == [2]");
    is_true("[1, 2].filter(x, x > 1) != [1, 2]");
    is_true("[] == [1].filter(x, false)");
}

#[test]
fn members_of_one_of_two_lists_count_only_where_it_is_chosen() {
    is_open("(flag ? [1] : [2]).all(x, x == 1)");
    is_open("(flag ? [1] : [2]).exists(x, x == 1)");
    is_true("(flag ? [1] : [2]).all(x, x < 3)");
}

#[test]
fn an_amount_without_end_is_compared_from_either_side() {
    let mut base = nothing_known();
    let key = base.path(&["money"]).expect("a field");
    let amount = Value::Number(Interval::at_least(10.into()));
    base.amend(key, amount, Provenance::Declared);
    for text in [
        "money >= 10",
        "10 <= money",
        "5 - money < 0",
        "-money <= -10",
        "share(4, money) < 50",
        "money / 2 >= 5.0",
        "-money / 2.0 <= -5.0",
    ] {
        let out = outcomes(&base, &compiled(text), &Policy::lenient(), Overlay::none());
        assert_eq!(out, Outcomes::both(Truth::True), "{text}");
    }
}

#[test]
fn two_open_lists_joined_are_like_both() {
    is_open("(tags.filter(t, false) + tags).all(t, false)");
    is_open("(tags + tags.filter(t, false)).exists(t, true)");
}

#[test]
fn a_bound_truth_may_be_all_there_is_to_a_body() {
    is_true("[true].all(x, sites.all(s, x))");
    is_open("[flag].exists(x, sites.exists(s, x))");
}

#[test]
fn a_word_of_one_view_is_a_member_in_that_view() {
    let mut base = nothing_known();
    let key = base.path(&["tags"]).expect("a field");
    let words = |w: &str| Value::Texts([w.into()].into());
    base.amend(key, words("a"), Provenance::Declared);
    let mut measured = base.fact(base.facts_of(key)[0]).clone();
    measured.provenance = Provenance::Measured;
    measured.value = words("b");
    base.add_fact(measured);
    let mut policy = Policy::lenient();
    policy.established_by[Provenance::Measured as usize] = None;
    let rule = compiled("tags.exists(t, t == 'b')");
    let out = outcomes(&base, &rule, &policy, Overlay::none());
    assert_eq!(out, Outcomes::pair(Truth::False, Truth::True));
}

#[test]
fn a_list_that_hangs_on_an_unknown_condition_stays_open_when_it_is_learned() {
    let base = nothing_known();
    let key: SlotKey = base.path(&["tags"]).expect("a field");
    let learned = Overlay::all([key], &Patch::Pending);
    for text in [
        "(flag ? [] : tags) == ['a']",
        "tags.filter(t, flag) == ['a']",
    ] {
        let out = outcomes(&base, &compiled(text), &Policy::lenient(), &learned);
        let open = (Truth::Unknown, Truth::Unknown);
        assert!(out.pairs().any(|p| p == open), "{text}: {out:?}");
    }
}

#[test]
fn a_field_of_a_record_to_be_learned_is_not_learned_with_it() {
    let mut base = nothing_known();
    let sites = base.path(&["sites"]).expect("a field");
    let site = base.add_member(sites.record, sites.field, "s", None);
    let (_, staff) = world::schema().property("site.staff").expect("a field");
    let within = Interval::new(Some(1.into()), Some(3.into())).expect("in order");
    let key = SlotKey {
        record: site,
        field: staff,
    };
    base.amend(key, Value::Number(within), Provenance::Declared);
    let main = base.path(&["main"]).expect("a field");
    let learned = Overlay::all([main], &Patch::Pending);
    let rule = compiled("main.staff == 2");
    let out = outcomes(&base, &rule, &Policy::lenient(), &learned);
    assert_eq!(out, Outcomes::both(Truth::Unknown));
}

#[test]
fn a_list_to_be_known_decides_nothing_against_members_that_are_not() {
    let base = nothing_known();
    let tags = base.path(&["tags"]).expect("a field");
    let learned = Overlay::all([tags], &Patch::Pending);
    let against = |text| outcomes(&base, &compiled(text), &Policy::lenient(), &learned);
    assert_eq!(
        against("([] + tags) == [label, org.name]"),
        Outcomes::both(Truth::Unknown)
    );
    assert_eq!(against("([] + tags) == [\"a\"]"), Outcomes::pending());
}
