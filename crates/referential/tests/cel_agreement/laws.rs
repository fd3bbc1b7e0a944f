//! What partial knowledge, and evidence that disagrees, may make of a verdict.

use super::choices::Choices;
use super::grammar::{Grammar, Kind};
use super::world::{self, All, Knowledge, Rec};
use super::{DEPTH, bytes, compiled_within_limits, runner};
use cocarde_model::{Decimal, FactBase, Interval, Provenance, Slot, SlotKey, Truth, Value};
use cocarde_referential::eval::{
    self, Context, Evaluator, Outcomes, Overlay, Patch, Policies, Policy,
};
use cocarde_referential::rule::Rule;
use proptest::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How many expressions each law is tried on.
const CASES: u32 = 10_000;

/// A world, and a rule about it; none where the loader refuses it for its size.
fn drawn(world: &[u8], text: &[u8]) -> Option<(Rec, Rule)> {
    let world = world::world(&mut Choices::new(world));
    let (mut choices, mut written) = (Choices::new(text), BTreeMap::new());
    let text = Grammar::new(&mut choices, &mut written).expr(&Kind::Bool, DEPTH);
    Some((world, compiled_within_limits(&text)?))
}

/// The outcomes of a rule, with a derivation and without one: these have to be the same.
pub fn outcomes(base: &FactBase, rule: &Rule, policy: &Policy, overlay: &Overlay) -> Outcomes {
    let policies = Policies::uniform(policy.clone());
    let ctx = Context::new(base, &policies, world::as_of()).supposing(overlay);
    let derived = Evaluator::new(ctx).outcomes(rule);
    assert_eq!(eval::outcomes(rule, ctx), derived, "{}", rule.text);
    derived
}

/// The truth of a rule where nothing stands against anything: one, in both views.
fn truth(base: &FactBase, rule: &Rule) -> Result<Truth, TestCaseError> {
    match outcomes(base, rule, &Policy::lenient(), Overlay::none()).single() {
        Some((e, r)) if e == r => Ok(e),
        pair => Err(TestCaseError::fail(format!("{}: {pair:?}", rule.text))),
    }
}

/// How often a law spoke of something decided, and of something that was not.
#[derive(Default)]
struct Seen {
    decided: u64,
    open: u64,
}

impl Seen {
    fn add(&mut self, t: Truth) {
        *if t.is_known() {
            &mut self.decided
        } else {
            &mut self.open
        } += 1;
    }

    /// Both often enough for the law to have been tried.
    fn check(&self) {
        let all = self.decided + self.open;
        println!("decided {}, open {}", self.decided, self.open);
        assert!(self.decided > all / 20 && self.open > all / 20);
    }
}

/// Knowledge that grows with a level, up to everything.
struct Level(u8);

impl Level {
    const FULL: u8 = 3;

    /// How many levels are missing for a fact to be known.
    fn missing(&self, draw: u8) -> u8 {
        (draw % 4).saturating_sub(self.0)
    }
}

impl Knowledge for Level {
    fn facts(&self, value: Value, _other: Value, draw: u8) -> Vec<(Value, Provenance)> {
        let missing = self.missing(draw);
        if missing == 0 {
            return vec![(value, Provenance::Declared)];
        }
        let Value::Number(exact) = value else {
            return Vec::new();
        };
        // Numbers become intervals that shrink towards the value, or go unknown.
        let margin = |n: u8| Interval::point(Decimal::new(25 * i64::from(n * missing), 2));
        let (below, above) = (
            exact.sub(margin(draw >> 2 & 3)),
            exact.add(margin(draw >> 4 & 3)),
        );
        let upper = if draw & 64 == 0 { above.hi() } else { None };
        let within = Interval::new(below.lo(), upper).expect("in order");
        match draw & 128 {
            0 => vec![(Value::Number(within), Provenance::Declared)],
            _ => Vec::new(),
        }
    }

    fn complete(&self, draw: u8) -> bool {
        self.missing(draw) == 0
    }

    fn member(&self, draw: u8) -> bool {
        self.missing(draw) == 0
    }
}

#[test]
fn learning_never_turns_a_verdict() {
    let seen = RefCell::new(Seen::default());
    let law = |(world, text): (Vec<u8>, Vec<u8>)| {
        let Some((world, rule)) = drawn(&world, &text) else {
            return Ok(());
        };
        let full = truth(&world.base(&All), &rule)?;
        prop_assert!(full.is_known(), "{}", rule.text);
        let mut before = Truth::Unknown;
        for level in 0..=Level::FULL {
            let now = truth(&world.base(&Level(level)), &rule)?;
            // Sound: what is decided early is what is true. Monotone: it stays decided.
            let sound = now == full || now == Truth::Unknown;
            let kept = before == Truth::Unknown || now == before;
            prop_assert!(
                sound && kept,
                "{}: {before:?}, then {now:?} of {full:?} at level {level}",
                rule.text
            );
            before = now;
            if level == 0 {
                seen.borrow_mut().add(now);
            }
        }
        prop_assert_eq!(before, full);
        Ok(())
    };
    let run = runner(CASES).run(&(bytes(160), bytes(120)), law);
    run.unwrap_or_else(|e| panic!("{e}"));
    seen.into_inner().check();
}

/// Some of the properties that an overlay may speak of.
fn some_keys(base: &FactBase, draw: &mut Choices<'_>) -> Vec<SlotKey> {
    let mut out = Vec::new();
    for (record, r) in base.records() {
        for field in 0..base.schema().ty(r.ty).fields.len() {
            let field = cocarde_model::FieldId(field as u16);
            let key = SlotKey { record, field };
            let part = matches!(base.slot(key), Slot::One(_));
            if !part && draw.below(2) == 1 {
                out.push(key);
            }
        }
    }
    out
}

/// The first level of knowledge, with the members of all lists stated: it has the
/// records of the full base.
struct Stated;

impl Knowledge for Stated {
    fn facts(&self, value: Value, other: Value, draw: u8) -> Vec<(Value, Provenance)> {
        Level(0).facts(value, other, draw)
    }

    fn complete(&self, draw: u8) -> bool {
        Level(0).complete(draw)
    }
}

/// What is true of a property.
fn revealed(full: &FactBase, key: SlotKey) -> Patch {
    match full.slot(key) {
        Slot::Many(members) => Patch::Members(members.clone()),
        _ => Patch::Value(full.fact(full.facts_of(key)[0]).value.clone()),
    }
}

#[test]
fn what_may_come_out_holds_what_does() {
    let seen = RefCell::new(Seen::default());
    let law = |(world, text, keys): (Vec<u8>, Vec<u8>, Vec<u8>)| {
        let Some((world, rule)) = drawn(&world, &text) else {
            return Ok(());
        };
        let (full, stated) = (world.base(&All), world.base(&Stated));
        let keys = some_keys(&full, &mut Choices::new(&keys));
        let supposing =
            |base, overlay: &Overlay| outcomes(base, &rule, &Policy::lenient(), overlay);
        let mut learned = Overlay::default();
        for key in &keys {
            learned.set(*key, revealed(&full, *key));
        }
        let truth = supposing(&stated, &learned);
        let Some((truth, _)) = truth.single().filter(|(e, r)| e == r) else {
            return Err(TestCaseError::fail(format!("{}: {truth:?}", rule.text)));
        };
        // Unknown stands for every truth: whatever follows from it holds of each.
        let covers = |(e, r)| [e, r].iter().all(|t| *t == truth || *t == Truth::Unknown);
        let all = |patch| Overlay::all(keys.iter().copied(), &patch);
        let pending = supposing(&stated, &all(Patch::Pending));
        prop_assert!(
            pending.pairs().any(covers),
            "{}: pending {pending:?}, then {truth:?}",
            rule.text
        );
        let unknown = supposing(&stated, &all(Patch::Unknown));
        prop_assert!(
            unknown.pairs().all(covers),
            "{}: unknown {unknown:?}, then {truth:?}",
            rule.text
        );
        seen.borrow_mut().add(truth);
        Ok(())
    };
    let run = runner(CASES).run(&(bytes(160), bytes(120), bytes(60)), law);
    run.unwrap_or_else(|e| panic!("{e}"));
    seen.into_inner().check();
}

/// Two sources: the first establishes, the second refutes.
struct Both;

impl Knowledge for Both {
    fn facts(&self, value: Value, other: Value, _draw: u8) -> Vec<(Value, Provenance)> {
        vec![(value, Provenance::Declared), (other, Provenance::Measured)]
    }
}

/// The second source alone.
struct Second;

impl Knowledge for Second {
    fn facts(&self, _value: Value, other: Value, _draw: u8) -> Vec<(Value, Provenance)> {
        vec![(other, Provenance::Declared)]
    }
}

#[test]
fn each_view_says_what_its_evidence_says_alone() {
    let only = |p: Provenance| {
        let mut admission = [None; Provenance::ALL.len()];
        admission[p as usize] = Some(Decimal::ZERO);
        admission
    };
    let policy = Policy {
        established_by: only(Provenance::Declared),
        refuted_by: only(Provenance::Measured),
    };
    let (seen, differ) = (RefCell::new(Seen::default()), RefCell::new(0u64));
    let law = |(world, text): (Vec<u8>, Vec<u8>)| {
        let Some((world, rule)) = drawn(&world, &text) else {
            return Ok(());
        };
        let first = truth(&world.base(&All), &rule)?;
        let second = truth(&world.base(&Second), &rule)?;
        let both = outcomes(&world.base(&Both), &rule, &policy, Overlay::none());
        let Some((e, r)) = both.single() else {
            return Err(TestCaseError::fail(format!("{}: {both:?}", rule.text)));
        };
        prop_assert!(
            (e == first || !e.is_known()) && (r == second || !r.is_known()),
            "{}: {e:?} and {r:?} of {first:?} and {second:?}",
            rule.text
        );
        seen.borrow_mut().add(e.and(r));
        *differ.borrow_mut() += u64::from(first != second);
        Ok(())
    };
    let run = runner(CASES).run(&(bytes(200), bytes(120)), law);
    run.unwrap_or_else(|e| panic!("{e}"));
    let (seen, differ) = (seen.into_inner(), differ.into_inner());
    println!(
        "decided {}, open {}, views differ {differ}",
        seen.decided, seen.open
    );
    assert!(differ > (seen.decided + seen.open) / 50);
}
