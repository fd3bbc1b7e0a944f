//! Laws of explanations, checked against brute force over small worlds: what `why`
//! names forces the verdict, what `missing` names decides it, and what `nearest`
//! proposes satisfies it at the least cost. Nothing smaller does.

mod common;

use cocarde_model::{
    Date, Decimal, FactBase, FieldId, FieldType, Interval, Members, Provenance, RecordId, Schema,
    Slot, SlotKey, Truth, Value,
};
use cocarde_referential::eval::{Context, Evaluator, Overlay, Patch, Policies, verdict};
use cocarde_referential::explain::{Edit, MissingSet, missing, nearest, why};
use cocarde_referential::rule::Rule;
use common::{fact, policies};
use proptest::prelude::*;
use std::sync::{Arc, OnceLock};

const SCHEMA: &str = r#"
[[type]]
name = "application"
fr = "x"
en = "x"
fields = [
  { name = "a", type = "bool", effort = 5, fr = "x", en = "x" },
  { name = "b", type = "bool", effort = 3, fr = "x", en = "x" },
  { name = "k", type = "enum", values = ["u", "v", "w"], effort = 7, fr = "x", en = "x" },
  { name = "n", type = "percent", effort = 4, fr = "x", en = "x" },
  { name = "items", type = "many:item", effort = 6, fr = "x", en = "x" },
]
[[type]]
name = "item"
remove_effort = 8
fr = "x"
en = "x"
fields = [
  { name = "p", type = "bool", effort = 2, fr = "x", en = "x" },
  { name = "q", type = "enum", values = ["u", "v"], effort = 9, fr = "x", en = "x" },
]
"#;

fn schema() -> &'static Arc<Schema> {
    static SCHEMA_: OnceLock<Arc<Schema>> = OnceLock::new();
    SCHEMA_.get_or_init(|| Arc::new(Schema::parse(&[SCHEMA]).expect("well-formed")))
}

fn as_of() -> Date {
    Date::constant(2026, 11, 23)
}

fn compiled(text: &str) -> Rule {
    common::compiled(schema(), text)
}

// Random rules.

fn atom() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "a",
        "b",
        "k == \"u\"",
        "k in [\"u\", \"v\"]",
        "k != \"w\"",
        "n >= 50.0",
        "n < 20.0",
        "n + n > 60.0",
        "items.all(i, i.p)",
        "items.exists(i, i.p)",
        "items.exists(i, i.q == \"u\")",
        "items.filter(i, i.p).all(i, i.q == \"v\")",
        "items.exists_one(i, i.q == \"u\")",
        "items.all(i, i.p || i.q == k)",
        "items.exists(i, i.p && i.q == \"v\")",
        "size(items) > 0",
        "size(items.filter(i, i.p)) < 2",
        "(a ? b : k == \"v\")",
        "(a || items.all(i, i.q != \"u\"))",
        "items.all(i, a || i.p)",
        "items.filter(i, b).all(i, i.q == \"u\")",
        "items.filter(i, i.p || a).exists(i, i.q == k)",
        "items.map(i, i.q).exists(q, q == k)",
        "items.map(i, i.p && b).all(p, p)",
        "(a ? items : items.filter(i, i.p)).all(i, i.q == \"v\")",
        "(b ? items : []).exists(i, i.p)",
    ])
    .prop_map(String::from)
}

fn rule_text() -> impl Strategy<Value = String> {
    atom().prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(x, y)| format!("({x} && {y})")),
            (inner.clone(), inner.clone()).prop_map(|(x, y)| format!("({x} || {y})")),
            inner.prop_map(|x| format!("!({x})")),
        ]
    })
}

// Random worlds.

/// How a property is known: not at all, claimed, established, contradicted.
#[derive(Clone, Copy, Debug)]
enum Known {
    Not,
    Claimed,
    Established,
    Contradicted,
}

fn known() -> impl Strategy<Value = Known> {
    prop_oneof![
        3 => Just(Known::Not),
        1 => Just(Known::Claimed),
        4 => Just(Known::Established),
        1 => Just(Known::Contradicted),
    ]
}

type World = (Vec<(Known, usize)>, Vec<[(Known, usize); 2]>, bool);

fn world() -> impl Strategy<Value = World> {
    let slot = || (known(), 0usize..6);
    (
        prop::collection::vec(slot(), 4),
        prop::collection::vec([slot(), slot()], 0..3),
        prop::bool::weighted(0.7),
    )
}

/// A small domain that tells apart all that the rules above can.
fn domain(ty: &FieldType) -> Vec<Value> {
    let number = |n: i64| Value::Number(Interval::point(Decimal::new(n, 4)));
    match ty {
        FieldType::Bool => vec![Value::Bool(true), Value::Bool(false)],
        FieldType::Enum(words) => words.iter().map(|w| Value::Text(w.clone())).collect(),
        FieldType::Percent => [
            0, 199_999, 200_000, 300_000, 300_001, 499_999, 500_000, 1_000_000,
        ]
        .map(number)
        .to_vec(),
        other => panic!("no domain for {other:?}"),
    }
}

fn base(world: &World) -> FactBase {
    let mut base = FactBase::new(schema().clone());
    let root = base.root();
    for (name, known) in ["a", "b", "k", "n"].iter().zip(&world.0) {
        let field = schema().ty(schema().root()).field(name).unwrap();
        state(
            &mut base,
            SlotKey {
                record: root,
                field,
            },
            *known,
        );
    }
    let items = schema().ty(schema().root()).field("items").unwrap();
    for (i, slots) in world.1.iter().enumerate() {
        let record = base.add_member(root, items, &format!("i{i}"), None);
        let ty = schema().by_name("item").unwrap();
        for (name, known) in ["p", "q"].iter().zip(slots) {
            let field = schema().ty(ty).field(name).unwrap();
            state(&mut base, SlotKey { record, field }, *known);
        }
    }
    base.set_complete(root, items, world.2);
    base
}

fn state(base: &mut FactBase, key: SlotKey, (known, pick): (Known, usize)) {
    let ty = base
        .schema()
        .field(base.record(key.record).ty, key.field)
        .ty
        .clone();
    let values = domain(&ty);
    let value = values[pick % values.len()].clone();
    let other = values[(pick + 1) % values.len()].clone();
    let mut add = |value, provenance| {
        base.add_fact(fact(key, value, provenance));
    };
    match known {
        Known::Not => {}
        Known::Claimed => add(value, Provenance::Declared),
        Known::Established => add(value, Provenance::Documented),
        Known::Contradicted => {
            add(value, Provenance::Documented);
            add(other, Provenance::Measured);
        }
    }
}

/// Every property of every record.
fn properties(base: &FactBase) -> Vec<SlotKey> {
    let of = |(record, r): (RecordId, &cocarde_model::Record)| {
        let fields = 0..base.schema().ty(r.ty).fields.len() as u16;
        fields.map(move |f| SlotKey {
            record,
            field: FieldId(f),
        })
    };
    base.records().flat_map(of).collect()
}

fn judge(rule: &Rule, base: &FactBase, policies: &Policies, overlay: &Overlay) -> Truth {
    let ctx = Context::new(base, policies, as_of()).supposing(overlay);
    verdict(Evaluator::new(ctx).outcomes(rule))
}

/// Every way in which some properties may turn out.
fn fillings(base: &FactBase, keys: &[SlotKey]) -> Vec<Overlay> {
    let mut out = vec![Overlay::default()];
    for key in keys {
        let patches: Vec<Patch> = match base.slot(*key) {
            Slot::Many(_) => vec![Patch::Pending],
            _ => {
                let ty = &base
                    .schema()
                    .field(base.record(key.record).ty, key.field)
                    .ty;
                domain(ty).into_iter().map(Patch::Value).collect()
            }
        };
        out = out
            .iter()
            .flat_map(|o| {
                patches.iter().map(|p| {
                    let mut o = o.clone();
                    o.set(*key, p.clone());
                    o
                })
            })
            .collect();
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6000, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn why_names_facts_that_force_the_verdict_and_no_others(text in rule_text(), world in world()) {
        let (rule, base, policies) = (compiled(&text), base(&world), policies());
        let ctx = Context::new(&base, &policies, as_of());
        let mut evaluator = Evaluator::new(ctx);
        let truth = verdict(evaluator.outcomes(&rule));
        let derivation = evaluator.into_derivation();
        let why = why(&rule, &ctx, &derivation);
        prop_assume!(truth != Truth::Unknown);
        let without = |dropped: Option<SlotKey>| {
            let kept = |k: &SlotKey| why.slots.contains(k) && Some(*k) != dropped;
            let others = properties(&base).into_iter().filter(|k| !kept(k));
            judge(&rule, &base, &policies, &Overlay::all(others, &Patch::Unknown))
        };
        prop_assert_eq!(without(None), truth, "{}: {:?} do not force it", &text, &why.slots);
        for key in &why.slots {
            prop_assert_ne!(without(Some(*key)), truth, "{}: {:?} is not needed", &text, key);
        }
    }

    #[test]
    fn missing_names_facts_that_decide_and_no_smaller_part_does(text in rule_text(), world in world()) {
        let (rule, base, policies) = (compiled(&text), base(&world), policies());
        let ctx = Context::new(&base, &policies, as_of());
        let found = missing(&rule, &ctx);
        let undetermined = judge(&rule, &base, &policies, Overlay::none()) == Truth::Unknown;
        prop_assert_eq!(undetermined, !found.sets.is_empty(), "{}", &text);
        for MissingSet { of: set, .. } in &found.sets {
            for filling in fillings(&base, set) {
                let truth = judge(&rule, &base, &policies, &filling);
                prop_assert_ne!(truth, Truth::Unknown, "{}: {:?} leave it open", &text, &filling);
            }
            for dropped in set {
                let part: Vec<SlotKey> = set.iter().copied().filter(|k| k != dropped).collect();
                let open = |o: &Overlay| judge(&rule, &base, &policies, o) == Truth::Unknown;
                prop_assert!(fillings(&base, &part).iter().any(open), "{}: {:?} is not needed in {:?}", &text, dropped, set);
            }
        }
    }
}

// The least change, by exhaustion.

/// What a property may become, at what cost.
type Choices = (SlotKey, Vec<(Option<Patch>, u64)>);

/// All single changes of one property, with their costs, as the search prices them.
fn options(base: &FactBase, policies: &Policies, key: SlotKey) -> Vec<(Option<Patch>, u64)> {
    let ctx = Context::new(base, policies, as_of());
    let field = base.schema().field(base.record(key.record).ty, key.field);
    let resolved = ctx.resolve(key);
    let claim = resolved.claim.map(|id| base.fact(id).value.clone());
    let mut out = vec![(None, 0)];
    for value in domain(&field.ty) {
        let effort = u64::from(field.effort);
        let cost = match &claim {
            None => 1,
            Some(c) if *c == value && resolved.is_settled() => continue,
            Some(c) if *c == value && !resolved.is_contradicted() => 1,
            Some(_) => effort,
        };
        out.push((Some(Patch::Value(value)), cost));
    }
    out
}

/// The least cost of satisfying a rule, trying every combination of changes, with at
/// most one new item, below `bound`.
fn exhaustive(rule: &Rule, base: &FactBase, policies: &Policies, bound: u64) -> Option<u64> {
    let root = base.root();
    let items = schema().ty(schema().root()).field("items").unwrap();
    let list = SlotKey {
        record: root,
        field: items,
    };
    let Slot::Many(stated) = base.slot(list) else {
        panic!("a list")
    };
    let ty = schema().by_name("item").unwrap();
    let mut best = None;
    let new = RecordId(base.record_count() as u32);
    for mask in 0u32..1 << stated.ids.len() {
        for complete in [stated.complete, true] {
            for adds in [false, true] {
                let kept = |i: usize| mask & (1 << i) == 0;
                let mut ids: Vec<RecordId> = stated
                    .ids
                    .iter()
                    .enumerate()
                    .filter(|(i, _)| kept(*i))
                    .map(|(_, r)| *r)
                    .collect();
                let mut cost = 8 * u64::from(mask.count_ones());
                cost += u64::from(complete && !stated.complete);
                cost += match (adds, stated.complete) {
                    (false, _) => 0,
                    (true, true) => 6,
                    // There may well be one that nobody named.
                    (true, false) => 1,
                };
                let mut keys: Vec<Choices> = Vec::new();
                for name in ["a", "b", "k", "n"] {
                    let field = schema().ty(schema().root()).field(name).unwrap();
                    let key = SlotKey {
                        record: root,
                        field,
                    };
                    keys.push((key, options(base, policies, key)));
                }
                for record in &ids {
                    for name in ["p", "q"] {
                        let key = SlotKey {
                            record: *record,
                            field: schema().ty(ty).field(name).unwrap(),
                        };
                        keys.push((key, options(base, policies, key)));
                    }
                }
                if adds {
                    ids.push(new);
                    for name in ["p", "q"] {
                        let field = schema().ty(ty).field(name).unwrap();
                        let values = domain(&schema().field(ty, field).ty);
                        let mut all = vec![(None, 0)];
                        all.extend(values.into_iter().map(|v| (Some(Patch::Value(v)), 1)));
                        keys.push((SlotKey { record: new, field }, all));
                    }
                }
                let mut overlay = Overlay::default();
                overlay.set(list, Patch::Members(Members { ids, complete }));
                descend(
                    rule,
                    base,
                    policies,
                    &keys,
                    &mut overlay,
                    cost,
                    bound,
                    &mut best,
                );
            }
        }
    }
    best
}

#[allow(clippy::too_many_arguments)]
fn descend(
    rule: &Rule,
    base: &FactBase,
    policies: &Policies,
    keys: &[Choices],
    overlay: &mut Overlay,
    cost: u64,
    bound: u64,
    best: &mut Option<u64>,
) {
    if cost >= best.unwrap_or(bound) {
        return;
    }
    let Some(((key, options), rest)) = keys.split_first() else {
        if judge(rule, base, policies, overlay) == Truth::True {
            *best = Some(cost);
        }
        return;
    };
    for (patch, more) in options {
        match patch {
            Some(p) => overlay.set(*key, p.clone()),
            None => overlay.clear(*key),
        }
        descend(
            rule,
            base,
            policies,
            rest,
            overlay,
            cost + more,
            bound,
            best,
        );
    }
    overlay.clear(*key);
}

/// The facts as they would be, written into a base of their own.
fn applied(base: &FactBase, edits: &[Edit]) -> FactBase {
    let mut out = base.clone();
    for edit in edits {
        if let Edit::Add(list, record, _) = edit {
            let made = out.add_member(list.record, list.field, "new", None);
            assert_eq!(
                made, *record,
                "new records come after those of the base, in order"
            );
        }
    }
    for edit in edits {
        match edit {
            Edit::Establish(key, v) | Edit::Change(key, v) => {
                out.amend(*key, v.clone(), Provenance::Documented);
            }
            Edit::Complete(list) => out.set_complete(list.record, list.field, true),
            Edit::Remove(_, record) => out.remove_member(*record),
            Edit::Add(..) => {}
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_global_rejects: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn nearest_satisfies_and_nothing_cheaper_does(text in rule_text(), world in world()) {
        let (rule, base, policies) = (compiled(&text), base(&world), policies());
        let ctx = Context::new(&base, &policies, as_of());
        prop_assume!(judge(&rule, &base, &policies, Overlay::none()) != Truth::True);
        match nearest(&rule, &ctx, 20_000) {
            Some(n) => {
                let after = applied(&base, &n.edits);
                let truth = judge(&rule, &after, &policies, Overlay::none());
                prop_assert_eq!(truth, Truth::True, "{}: {:?} do not satisfy it", &text, &n.edits);
                prop_assert!(n.proven, "{}: not proven", &text);
                let cheaper = exhaustive(&rule, &base, &policies, n.cost);
                prop_assert_eq!(cheaper, None, "{}: {:?} cost {}", &text, &n.edits, n.cost);
            }
            None => {
                let some = exhaustive(&rule, &base, &policies, u64::MAX);
                prop_assert_eq!(some, None, "{}: none found", &text);
            }
        }
    }
}
