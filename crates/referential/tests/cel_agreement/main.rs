//! Our rule language against CEL's reference semantics, and the laws of partial
//! knowledge.
//!
//! `COCARDE_CEL_CASES` sets how many expressions each test draws, by default as
//! many as keep the suite quick; `COCARDE_CEL_SEED` draws others. The long run:
//!
//! ```text
//! COCARDE_CEL_CASES=100000 cargo test -p cocarde-referential --test cel_agreement
//! ```

mod choices;
#[path = "../common/facts.rs"]
mod facts;
mod grammar;
mod laws;
mod regressions;
mod world;

use cel::objects::Key as CelKey;
use cel::{Context as CelContext, Program, Value as Cel};
use choices::Choices;
use cocarde_model::{Decimal, FactBase, Truth};
use cocarde_referential::eval::{Context, Evaluator, Outcomes, Policies, Policy, Rest, Val};
use cocarde_referential::rule::{Env, Rule, compile_any};
use grammar::Grammar;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use std::cell::RefCell;
use std::collections::BTreeMap;

const DEPTH: u32 = 4;

/// A runner that draws the same cases each time.
fn runner(default_cases: u32) -> TestRunner {
    let number = |name: &str| std::env::var(name).ok().and_then(|v| v.parse::<u64>().ok());
    let cases = number("COCARDE_CEL_CASES").map_or(default_cases, |n| n as u32);
    let mut seed = [7; 32];
    seed[..8].copy_from_slice(&number("COCARDE_CEL_SEED").unwrap_or(0).to_le_bytes());
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..Config::default()
    };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed))
}

fn bytes(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

fn compiled(text: &str) -> Rule {
    compiled_within_limits(text).expect("within the limits")
}

/// A rule; none for the few texts that the loader refuses for their size.
fn compiled_within_limits(text: &str) -> Option<Rule> {
    let none = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let env = Env {
        schema: world::schema(),
        params: &none.0,
        sets: &none.1,
        policies: &none.2,
        default_policy: Policies::DEFAULT,
    };
    match compile_any(text, &env) {
        Ok(rule) => Some(rule),
        Err(errors) => {
            let size = |m: &str| m.ends_with("too long") || m.contains("deeper than");
            let size = errors.iter().all(|e| size(&e.message));
            assert!(size, "{text}: {errors:?}");
            None
        }
    }
}

fn with_value<T>(base: &FactBase, rule: &Rule, f: impl FnOnce(Val<'_>) -> T) -> T {
    let policies = Policies::uniform(Policy::lenient());
    let ctx = Context::new(base, &policies, world::as_of());
    f(Evaluator::new(ctx).value(rule))
}

/// Whether our value, fully decided, is the interpreter's.
fn same(ours: &Val<'_>, reference: &Cel, base: &FactBase) -> bool {
    match (ours, reference) {
        (Val::Bool(o, _), Cel::Bool(b)) => *o == Outcomes::both((*b).into()),
        (Val::Num(n), Cel::Int(i)) => n.exact() == Some(Decimal::from(*i)),
        (Val::Num(n), Cel::Float(f)) => n.exact().is_some_and(|d| f64::try_from(d) == Ok(*f)),
        (Val::Text(t), Cel::String(s)) => t.settled().is_some_and(|t| **t == **s),
        (Val::Date(d), Cel::String(s)) => d.settled().is_some_and(|d| d.to_string() == **s),
        (Val::Rec(r), Cel::Map(m)) => match (r.settled(), m.map.get(&CelKey::from(world::ID))) {
            (Some(r), Some(Cel::String(id))) => *base.record(*r).id == **id,
            _ => false,
        },
        (Val::List(l), Cel::List(items)) => {
            let (yes, no) = (Outcomes::both(Truth::True), Outcomes::both(Truth::False));
            let named: Vec<_> = l.items.iter().filter(|i| i.member != no).collect();
            matches!(l.rest, Rest::None)
                && named.iter().all(|i| i.member == yes)
                && named.len() == items.len()
                && named
                    .iter()
                    .zip(&**items)
                    .all(|(i, c)| same(&i.val, c, base))
        }
        _ => false,
    }
}

#[test]
fn on_what_is_fully_known_we_agree_with_the_cel_interpreter() {
    let written = RefCell::new(BTreeMap::new());
    let verdicts = RefCell::new((0u64, 0u64, 0u64));
    let refused = RefCell::new(0u64);
    let run = runner(20_000).run(&(bytes(160), bytes(120)), |(world, text)| {
        let world = world::world(&mut Choices::new(&world));
        let mut choices = Choices::new(&text);
        let text = Grammar::new(&mut choices, &mut written.borrow_mut()).any(DEPTH);
        let Some(rule) = compiled_within_limits(&text) else {
            *refused.borrow_mut() += 1;
            return Ok(());
        };
        let mut variables = CelContext::default();
        for (name, value) in world.variables() {
            variables.add_variable_from_value(name, value);
        }
        let program = Program::compile(&text).expect("well-formed");
        let reference = program.execute(&variables);
        let reference = reference.map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
        let base = world.base(&world::All);
        match reference {
            Cel::Bool(true) => verdicts.borrow_mut().0 += 1,
            Cel::Bool(false) => verdicts.borrow_mut().1 += 1,
            _ => verdicts.borrow_mut().2 += 1,
        }
        with_value(&base, &rule, |ours| {
            prop_assert!(
                same(&ours, &reference, &base),
                "{text}\nours {ours:?}\nreference {reference:?}"
            );
            Ok(())
        })
    });
    let (written, verdicts) = (written.into_inner(), verdicts.into_inner());
    let refused = refused.into_inner();
    println!("true, false, other: {verdicts:?}; refused: {refused}; forms: {written:?}");
    run.unwrap_or_else(|e| panic!("{e}"));
    // The agreement says something only if every form was tried, both ways.
    assert!(written.len() >= 37, "{} forms", written.len());
    let least = (verdicts.0 + verdicts.1 + verdicts.2) / 1000;
    assert!(refused <= 20 * least, "{refused} refused");
    assert!(written.values().all(|n| *n > least), "{written:?}");
    assert!(verdicts.0 > 50 * least && verdicts.1 > 50 * least && verdicts.2 > 50 * least);
}
