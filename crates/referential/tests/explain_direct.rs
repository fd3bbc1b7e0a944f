//! The least change of a rule whose tests look at one property each, which is worked out,
//! costs what the general search finds for the same rule.

mod common;
#[path = "common/said.rs"]
mod said;

use cocarde_model::{
    Date, FactBase, Interval, Provenance, RecordId, Schema, SlotKey, Truth, Value,
};
use cocarde_referential::eval::{Context, Evaluator, Overlay, verdict};
use cocarde_referential::explain::{Nearest, nearest};
use cocarde_referential::rule::Rule;
use common::{fact, policies};
use proptest::prelude::*;
use said::{Said, documented, said};
use std::sync::{Arc, OnceLock};

const SCHEMA: &str = r#"
[[type]]
name = "application"
fr = "x"
en = "x"
fields = [
  { name = "sure", type = "bool", effort = 5, fr = "x", en = "x" },
  { name = "kind", type = "enum", values = ["u", "v", "w"], effort = 7, fr = "x", en = "x" },
  { name = "items", type = "many:item", effort = 6, fr = "x", en = "x" },
  { name = "parties", type = "many:party", effort = 9, fr = "x", en = "x" },
  { name = "boxes", type = "many:box", effort = 5, fr = "x", en = "x" },
]
[[type]]
name = "box"
remove_effort = 2
fr = "x"
en = "x"
fields = [{ name = "shut", type = "bool", effort = 4, fr = "x", en = "x" }]
[[type]]
name = "item"
remove_effort = 8
fr = "x"
en = "x"
fields = [
  { name = "p", type = "bool", effort = 4, fr = "x", en = "x" },
  { name = "q", type = "enum", values = ["u", "v", "w"], effort = 9, fr = "x", en = "x" },
  { name = "words", type = "enums", values = ["x", "y"], effort = 3, fr = "x", en = "x" },
  { name = "of", type = "ref:party", effort = 10, fr = "x", en = "x" },
  { name = "by", type = "ref:party", effort = 11, fr = "x", en = "x" },
  { name = "share", type = "percent", effort = 6, fr = "x", en = "x" },
]
[[type]]
name = "party"
fr = "x"
en = "x"
fields = [
  { name = "sound", type = "bool", effort = 6, fr = "x", en = "x" },
  { name = "seat", type = "enum", values = ["u", "v"], effort = 7, fr = "x", en = "x" },
]
"#;

fn schema() -> &'static Arc<Schema> {
    static PARSED: OnceLock<Arc<Schema>> = OnceLock::new();
    PARSED.get_or_init(|| Arc::new(Schema::parse(&[SCHEMA]).expect("well-formed")))
}

fn compiled(text: &str) -> Rule {
    common::compiled(schema(), text)
}

/// What is asked of an item.
fn of_item() -> impl Strategy<Value = String> {
    let test = prop::sample::select(vec![
        "i.p",
        "!i.p",
        "i.q == \"u\"",
        "i.q in [\"u\", \"v\"]",
        "\"x\" in i.words",
        "size(i.words) > 0",
        "i.words.all(w, w in [\"x\"])",
        "i.of.sound",
        "i.of.seat == \"u\"",
        "i.by.sound",
        "i.share > 20.0",
        "i.share <= 50.0",
    ]);
    let test = test.prop_map(str::to_string);
    let two = (
        test.clone(),
        prop::sample::select(vec!["&&", "||"]),
        test.clone(),
    );
    prop_oneof![
        2 => test,
        1 => two.prop_map(|(a, op, b)| format!("({a} {op} {b})")),
    ]
}

/// What is asked of the whole.
fn rule_text() -> impl Strategy<Value = String> {
    let plain = prop::sample::select(vec![
        "sure",
        "kind == \"u\"",
        "kind in [\"u\", \"v\"]",
        "boxes.all(b, b.shut)",
        "boxes.exists(b, b.shut)",
    ]);
    let quantifier = prop::sample::select(vec!["all", "exists"]);
    let filter = prop::option::of(of_item());
    let of_list = (quantifier, filter, of_item()).prop_map(|(q, filter, body)| match filter {
        Some(filter) => format!("items.filter(i, {filter}).{q}(i, {body})"),
        None => format!("items.{q}(i, {body})"),
    });
    let part = prop_oneof![1 => plain.prop_map(str::to_string), 3 => of_list];
    part.prop_recursive(2, 3, 2, |inner| {
        prop_oneof![
            3 => (inner.clone(), inner.clone()).prop_map(|(x, y)| format!("({x} && {y})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(x, y)| format!("({x} || {y})")),
            1 => inner.prop_map(|x| format!("!({x})")),
        ]
    })
}

fn value(field: &str, pick: usize, parties: &[RecordId]) -> Option<Value> {
    Some(match field {
        "seat" => Value::text(["u", "v"][pick % 2]),
        "kind" | "q" => Value::text(["u", "v", "w"][pick % 3]),
        "words" => {
            let words: &[&str] = [&[] as &[&str], &["x"], &["y"], &["x", "y"]][pick % 4];
            Value::Texts(words.iter().map(|w| Arc::from(*w)).collect())
        }
        "share" => Value::Number(Interval::point([0, 20, 40, 60][pick % 4].into())),
        "of" | "by" => Value::Ref(*parties.get(pick % parties.len().max(1))?),
        _ => Value::Bool(pick.is_multiple_of(2)),
    })
}

/// Of the whole, of parties, of items and of boxes; and whether the items are all there are.
type World = (
    Vec<Said>,
    Vec<Vec<Said>>,
    Vec<Vec<Said>>,
    Vec<Vec<Said>>,
    bool,
);

fn world() -> impl Strategy<Value = World> {
    let of = |n| prop::collection::vec(said(), n);
    (
        of(2),
        prop::collection::vec(of(2), 0..3),
        prop::collection::vec(of(6), 0..3),
        prop::collection::vec(of(1), 0..2),
        prop::bool::weighted(0.8),
    )
}

fn base((whole, parties, items, boxes, complete): &World) -> FactBase {
    let mut base = FactBase::new(schema().clone());
    let root = base.root();
    let field = |ty: &str, name: &str| {
        let ty = schema().by_name(ty).expect("a type");
        schema().ty(ty).field(name).expect("a field")
    };
    let mut stated: Vec<(RecordId, &str, &str, &Said)> = Vec::new();
    for (name, said) in ["sure", "kind"].into_iter().zip(whole) {
        stated.push((root, "application", name, said));
    }
    let mut known = Vec::new();
    for (i, facts) in parties.iter().enumerate() {
        let list = field("application", "parties");
        let record = base.add_member(root, list, &format!("p{i}"), None);
        known.push(record);
        for (name, said) in ["sound", "seat"].into_iter().zip(facts) {
            stated.push((record, "party", name, said));
        }
    }
    for (i, facts) in items.iter().enumerate() {
        let list = field("application", "items");
        let record = base.add_member(root, list, &format!("i{i}"), None);
        for (name, said) in ["p", "q", "words", "of", "by", "share"]
            .into_iter()
            .zip(facts)
        {
            stated.push((record, "item", name, said));
        }
    }
    for (i, facts) in boxes.iter().enumerate() {
        let list = field("application", "boxes");
        let record = base.add_member(root, list, &format!("b{i}"), None);
        stated.push((record, "box", "shut", &facts[0]));
    }
    base.set_complete(root, field("application", "items"), *complete);
    base.set_complete(root, field("application", "boxes"), true);
    base.set_complete(root, field("application", "parties"), true);
    for (subject, ty, name, said) in stated {
        for (provenance, pick) in said {
            let Some(value) = value(name, *pick, &known) else {
                continue;
            };
            let field = field(ty, name);
            base.add_fact(fact(
                SlotKey {
                    record: subject,
                    field,
                },
                value,
                *provenance,
            ));
        }
    }
    base
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_worked_out_costs_what_the_general_search_finds(
        text in rule_text(),
        world in world(),
    ) {
        let (base, policies) = (base(&world), policies());
        // What says more than such tests is searched for in general.
        let (rule, general) = (compiled(&text), compiled(&format!("size(items) >= 0 && ({text})")));
        let ctx = Context::new(&base, &policies, Date::constant(2026, 11, 23));
        let truth = |overlay| verdict(Evaluator::new(ctx.supposing(overlay)).outcomes(&rule));
        prop_assume!(truth(Overlay::none()) != Truth::True);
        // A search can prove nothing without a budget; what is worked out needs none. Where
        // there is too much to go through it is searched for after all.
        let told = nearest(&rule, &ctx, 0).filter(|n| n.proven);
        let many = text.matches("(i,").count() > 2;
        let found = if many { told.or_else(|| nearest(&rule, &ctx, 2_000)) } else { told };
        let general = nearest(&general, &ctx, 2_000);
        prop_assume!(general.as_ref().map_or(found.is_none(), |n| n.proven));
        let cost = |n: &Option<Nearest>| n.as_ref().map(|n| n.cost);
        prop_assert_eq!(cost(&found), cost(&general), "{}: {:?} and {:?}", &text, &found, &general);
        if let Some(found) = found {
            prop_assert!(found.proven, "{}", &text);
            prop_assert_eq!(truth(&found.overlay), Truth::True, "{}: {:?}", &text, &found.edits);
        }
    }
}

/// A base of so many items, of which it is stated that none passes.
fn many(items: usize) -> FactBase {
    let item: Vec<Said> = [1, 2, 0, 0, 0, 0].map(documented).to_vec();
    let whole = vec![documented(0), documented(0)];
    base(&(whole, Vec::new(), vec![item; items], Vec::new(), true))
}

/// What the least change costs that is worked out, or found in a budget.
fn cost(text: &str, base: &FactBase, budget: usize) -> Option<u64> {
    let (rule, policies) = (compiled(text), policies());
    let ctx = Context::new(base, &policies, Date::constant(2026, 11, 23));
    nearest(&rule, &ctx, budget).map(|n| n.cost)
}

#[test]
fn what_is_satisfied_wants_no_change_and_long_lists_end() {
    assert_eq!(cost("sure", &many(0), 10), None);
    assert_eq!(cost("items.all(i, i.p)", &many(200), 0), Some(200 * 4));
    assert_eq!(
        cost("items.all(i, i.share > 20.0)", &many(200), 0),
        Some(200 * 6)
    );
    // One more item, of which both are to be shown.
    let both = "items.exists(i, i.p && i.share > 20.0)";
    assert_eq!(cost(both, &many(200), 0), Some(6 + 2));
    // Beyond that it is searched for, in a budget.
    assert_eq!(cost("items.all(i, i.p)", &many(300), 10), None);
}

#[test]
fn views_may_differ_only_once_a_reference_is_known() {
    let nothing = Said::new;
    let unsound = vec![(Provenance::Declared, 1)];
    let seated = [documented(0), vec![(Provenance::Measured, 1)]].concat();
    let item = vec![nothing(); 6];
    let world = (
        vec![documented(0), nothing()],
        vec![vec![unsound, seated]],
        vec![item],
        Vec::new(),
        false,
    );
    // The item is shown to be of the party: one view has its seat, the other that it is not
    // sound. Nothing else but to state that there are no other items.
    let text = "sure && items.filter(i, i.of.sound).all(i, i.of.seat == \"u\")";
    assert_eq!(cost(text, &base(&world), 0), Some(2));
}

#[test]
fn four_goals_of_one_list_are_met_together() {
    let world = (
        vec![Said::new(); 2],
        Vec::new(),
        Vec::new(),
        Vec::new(),
        false,
    );
    let text = ["i.p", "!i.p", "i.q == \"u\"", "\"x\" in i.words"]
        .map(|t| format!("items.exists(i, {t})"));
    // Two more items: one that is p, one that is not, and either for the rest.
    assert_eq!(cost(&text.join(" && "), &base(&world), 0), Some(2 + 4));
}
