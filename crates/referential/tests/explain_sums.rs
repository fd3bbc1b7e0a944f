//! A rule that compares sums over one list is explained member by member: its least change
//! costs what the general search finds for the same rule, and its reason forces the verdict
//! with nothing to spare.

mod common;
#[path = "common/said.rs"]
mod said;

use cocarde_model::{Date, FactBase, Interval, Schema, SlotKey, Truth, Value};
use cocarde_referential::eval::{Context, Evaluator, Overlay, verdict};
use cocarde_referential::explain::{nearest, why};
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
  { name = "teams", type = "many:team", effort = 6, fr = "x", en = "x" },
]
[[type]]
name = "team"
remove_effort = 8
fr = "x"
en = "x"
fields = [
  { name = "builds", type = "bool", effort = 9, fr = "x", en = "x" },
  { name = "place", type = "enum", values = ["here", "there"], effort = 4, fr = "x", en = "x" },
  { name = "staff", type = "count", effort = 5, fr = "x", en = "x" },
]
"#;

const WHOLE: &str = "sum(teams.filter(t, t.builds).map(t, t.staff))";
const PART: &str = "sum(teams.filter(t, t.builds && t.place == \"here\").map(t, t.staff))";

fn rules() -> Vec<String> {
    vec![
        format!("{WHOLE} > 0.0 && share({PART}, {WHOLE}) > 50.0"),
        format!("share({PART}, {WHOLE}) >= 50.0"),
        format!("{WHOLE} >= 4.0 && {WHOLE} <= 6.0"),
        format!("{PART} - {WHOLE} + 3.0 > 0.0"),
        "sum(teams.filter(t, t.staff > 2.0).map(t, t.staff)) <= 3.0".into(),
        "sum(teams.filter(t, !t.builds || t.place == \"here\").map(t, t.staff)) >= 4.0".into(),
        "sum(teams.filter(t, t.builds).filter(t, t.place == \"here\").map(t, 2.0)) > 3.0".into(),
        format!("{WHOLE} - sum(teams.map(t, t.staff)) >= 0.0"),
        format!("{WHOLE} > {PART} && 2.0 < {WHOLE}"),
    ]
}

fn schema() -> &'static Arc<Schema> {
    static PARSED: OnceLock<Arc<Schema>> = OnceLock::new();
    PARSED.get_or_init(|| Arc::new(Schema::parse(&[SCHEMA]).expect("well-formed")))
}

fn compiled(text: &str) -> Rule {
    common::compiled(schema(), text)
}

fn value(field: &str, pick: usize) -> Value {
    match field {
        "place" => Value::text(["here", "there"][pick % 2]),
        "staff" => Value::Number(Interval::point([0, 1, 3, 5][pick % 4].into())),
        _ => Value::Bool(pick.is_multiple_of(2)),
    }
}

fn state(base: &mut FactBase, key: SlotKey, field: &str, said: &Said) {
    for (provenance, pick) in said {
        base.add_fact(fact(key, value(field, *pick), *provenance));
    }
}

fn base(teams: &[[Said; 3]], complete: bool) -> FactBase {
    let mut base = FactBase::new(schema().clone());
    let root = base.root();
    let sure = base.path(&["sure"]).expect("a property");
    state(&mut base, sure, "sure", &documented(0));
    let list = base.path(&["teams"]).expect("a list");
    let ty = schema().by_name("team").expect("a type");
    for (i, facts) in teams.iter().enumerate() {
        let record = base.add_member(root, list.field, &format!("t{i}"), None);
        for (name, said) in ["builds", "place", "staff"].iter().zip(facts) {
            let field = schema().ty(ty).field(name).expect("a field");
            state(&mut base, SlotKey { record, field }, name, said);
        }
    }
    base.set_complete(root, list.field, complete);
    base
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn member_by_member_costs_what_the_general_search_finds(
        text in prop::sample::select(rules()),
        teams in prop::collection::vec([said(), said(), said()], 0..4),
        complete in prop::bool::weighted(0.8),
    ) {
        let (base, policies) = (base(&teams, complete), policies());
        // What says more than sums is searched for in general.
        let (rule, general) = (compiled(&text), compiled(&format!("sure && {text}")));
        let ctx = Context::new(&base, &policies, Date::constant(2026, 11, 23));
        let truth = |overlay| verdict(Evaluator::new(ctx.supposing(overlay)).outcomes(&rule));
        prop_assume!(truth(Overlay::none()) != Truth::True);
        let (found, general) = (nearest(&rule, &ctx, 20_000), nearest(&general, &ctx, 20_000));
        // Out of its budget the general search proves nothing, be it that it finds nothing.
        prop_assume!(general.as_ref().map_or(found.is_none(), |n| n.proven));
        let cost = |n: &Option<cocarde_referential::explain::Nearest>| n.as_ref().map(|n| n.cost);
        prop_assert_eq!(cost(&found), cost(&general), "{}: {:?} and {:?}", &text, &found, &general);
        if let Some(found) = found {
            prop_assert!(found.proven, "{}", &text);
            prop_assert_eq!(truth(&found.overlay), Truth::True, "{}: {:?}", &text, &found.edits);
        }
    }

    #[test]
    fn a_reason_by_sums_forces_the_verdict_with_nothing_to_spare(
        text in prop::sample::select(rules()),
        teams in prop::collection::vec([said(), said(), said()], 0..5),
    ) {
        let (base, policies, rule) = (base(&teams, true), policies(), compiled(&text));
        let ctx = Context::new(&base, &policies, Date::constant(2026, 11, 23));
        let mut evaluator = Evaluator::new(ctx);
        let truth = verdict(evaluator.outcomes(&rule));
        prop_assume!(truth == Truth::True);
        let why = why(&rule, &ctx, &evaluator.into_derivation());
        let with_only = |keys: Vec<SlotKey>| {
            let overlay = Overlay::default().with_only(keys);
            verdict(Evaluator::new(ctx.supposing(&overlay)).outcomes(&rule))
        };
        prop_assert_eq!(with_only(why.slots.clone()), truth, "{}: {:?}", &text, &why.slots);
        for key in &why.slots {
            let others = why.slots.iter().copied().filter(|k| k != key);
            prop_assert_ne!(with_only(others.collect()), truth, "{}: {:?}", &text, key);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn of_a_long_list_a_change_that_will_do_is_told(
        text in prop::sample::select(rules()[..2].to_vec()),
        teams in prop::collection::vec([said(), said(), said()], 40..80),
    ) {
        let (base, policies, rule) = (base(&teams, true), policies(), compiled(&text));
        let ctx = Context::new(&base, &policies, Date::constant(2026, 11, 23));
        let truth = |overlay| verdict(Evaluator::new(ctx.supposing(overlay)).outcomes(&rule));
        prop_assume!(truth(Overlay::none()) != Truth::True);
        let found = nearest(&rule, &ctx, 1_000);
        let will_do = found.as_ref().map(|n| truth(&n.overlay));
        prop_assert_eq!(will_do, Some(Truth::True), "{}", &text);
    }
}
