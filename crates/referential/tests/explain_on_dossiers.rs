//! The laws of explanations, on dossiers and on the referentials that ship.
//!
//! What `missing` names decides: once all of a set is known, whatever it turns out to be, the
//! criterion is decided; of no smaller part of it can that be said, for there is a way that
//! part may turn out which leaves it open. What `why` names forces the verdict, and without
//! any of it nothing does. What `nearest` proposes satisfies.

#[path = "common/dossiers.rs"]
mod dossiers;

use cocarde_dossier::Limits;
use cocarde_model::{
    FactBase, FieldType, Interval, Provenance, RecordId, Slot, SlotKey, Truth, Value,
};
use cocarde_referential::eval::{Context, Evaluator, Overlay, Patch, Policies, Policy, verdict};
use cocarde_referential::explain::MissingSet;
use cocarde_referential::load::Criterion;
use cocarde_referential::rule::{Const, Op};
use cocarde_referential::{Options, Referential, Verdict, assess};
use dossiers::{as_of, referentials, root};
use std::path::PathBuf;

/// Invented dossiers looked at, besides the examples.
const INVENTED: u64 = 30;
/// Evaluations spent on finding a way to leave a criterion open.
const TRIES: usize = 2000;

fn examples() -> Vec<(String, FactBase)> {
    let entries = std::fs::read_dir(root().join("examples")).expect("examples");
    let mut dirs: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    dirs.retain(|d| d.is_dir() && !d.ends_with("broken"));
    dirs.sort();
    let read = |d: PathBuf| {
        let dossier = cocarde_dossier::read(&d, &Limits::default()).expect("well-formed");
        (d.display().to_string(), dossier.base)
    };
    dirs.into_iter().map(read).collect()
}

fn invented() -> Vec<(String, FactBase)> {
    let read = |number| (format!("invented {number}"), dossiers::invented(number));
    (0..INVENTED).map(read).collect()
}

/// A criterion over a dossier.
struct Case<'a> {
    criterion: &'a Criterion,
    base: &'a FactBase,
}

impl Case<'_> {
    /// Whether it stays open when that is supposed: the scope is asked of whatever is stated,
    /// the rule of what evidence establishes.
    fn is_open(&self, overlay: &Overlay) -> bool {
        let lenient = Policies::uniform(Policy::lenient());
        let truth = |rule, policies| {
            let ctx = Context::new(self.base, policies, as_of()).supposing(overlay);
            verdict(Evaluator::new(ctx).outcomes(rule))
        };
        let scope = match &self.criterion.applies {
            Some(rule) => truth(rule, &lenient),
            None => Truth::True,
        };
        let holds = truth(&self.criterion.rule, &self.criterion.policies);
        match (scope, holds) {
            (Truth::False, _) => false,
            (Truth::Unknown, Truth::True) => false,
            (Truth::Unknown, _) => true,
            (Truth::True, holds) => holds == Truth::Unknown,
        }
    }

    fn is_amount(&self, key: SlotKey) -> bool {
        let ty = self.base.record(key.record).ty;
        let of = &self.base.schema().field(ty, key.field).ty;
        matches!(of, FieldType::Money | FieldType::Count)
    }

    /// Ways that a property may turn out.
    fn ways(&self, key: SlotKey) -> Vec<Patch> {
        let ty = self.base.record(key.record).ty;
        if let Slot::Many(m) = self.base.slot(key) {
            let mut closed = m.clone();
            closed.complete = true;
            return vec![Patch::Members(closed)];
        }
        let of = &self.base.schema().field(ty, key.field).ty;
        self.values(of).into_iter().map(Patch::Value).collect()
    }

    fn values(&self, of: &FieldType) -> Vec<Value> {
        let texts = |words: &[&str]| Value::Texts(words.iter().map(|w| (*w).into()).collect());
        let number = |n: &str| Value::Number(Interval::point(n.parse().expect("a number")));
        match of {
            FieldType::Bool => vec![Value::Bool(true), Value::Bool(false)],
            FieldType::Enum(words) => words.iter().map(|w| Value::Text(w.clone())).collect(),
            FieldType::Country => ["FR", "DE", "US"].map(Value::text).into(),
            FieldType::Countries => vec![texts(&["FR"]), texts(&[]), texts(&["US"])],
            FieldType::Enums(words) => {
                // A rule may ask for one word here and for another there.
                let pairs = words.iter().enumerate().flat_map(|(i, a)| {
                    let with = |b: &std::sync::Arc<str>| texts(&[a, b]);
                    words[i + 1..].iter().map(with).collect::<Vec<_>>()
                });
                let one = |w: &std::sync::Arc<str>| texts(&[w]);
                let all = words.iter().map(one).chain(pairs).chain([texts(&[])]);
                all.collect()
            }
            FieldType::Text => {
                let mut all = self.stated(|v| matches!(v, Value::Text(_)));
                all.truncate(12);
                all.extend(self.words().iter().map(|w| Value::text(w)));
                all.push(Value::text("nothing like it"));
                all
            }
            FieldType::Texts => {
                let mut all = vec![texts(&[])];
                all.extend(self.stated(|v| matches!(v, Value::Texts(_))));
                all.truncate(12);
                all.extend(self.words().iter().map(|w| texts(&[w])));
                all
            }
            FieldType::Date => {
                let days = ["2026-11-22", "2036-01-01", "2016-01-01", "2025-10-01"];
                days.map(|d| Value::Date(d.parse().expect("a day"))).into()
            }
            FieldType::Percent => ["0", "100", "24", "39", "50", "50.0001", "90"]
                .map(number)
                .into(),
            FieldType::Integer | FieldType::Count => ["1", "0", "1000000", "30", "72", "3", "10"]
                .map(number)
                .into(),
            FieldType::Money => {
                let grid = (0..9).flat_map(|e| ["1", "2", "3", "5", "7"].map(|d| (d, e)));
                let all = grid.map(|(digit, e)| number(&format!("{digit}{}", "0".repeat(e))));
                all.chain([number("0")]).collect()
            }
            FieldType::Ref(ty) => {
                let all = self.base.records().filter(|(_, r)| r.ty == *ty);
                all.map(|(id, _): (RecordId, _)| Value::Ref(id))
                    .take(8)
                    .collect()
            }
            other => panic!("{other:?} holds no facts"),
        }
    }

    /// The words that the criterion names.
    fn words(&self) -> Vec<std::sync::Arc<str>> {
        let rules = self.criterion.applies.iter().chain([&self.criterion.rule]);
        let mut out = Vec::new();
        for node in rules.flat_map(|r| &r.nodes) {
            match &node.op {
                Op::Const(Const::Text(w)) => out.push(w.clone()),
                Op::Const(Const::Texts(ws)) | Op::InConst(_, ws) => {
                    out.extend(ws.iter().cloned());
                }
                _ => {}
            }
        }
        out.sort();
        out.dedup();
        out
    }

    /// What is stated anywhere in the dossier, of some kind.
    fn stated(&self, of: fn(&Value) -> bool) -> Vec<Value> {
        let mut out: Vec<Value> = Vec::new();
        for (_, fact) in self.base.facts().filter(|(_, f)| of(&f.value)) {
            if !out.contains(&fact.value) {
                out.push(fact.value.clone());
            }
        }
        out
    }

    /// Finds a way for these to turn out that leaves the criterion open.
    fn left_open(&self, keys: &[SlotKey], overlay: &mut Overlay, tries: &mut usize) -> bool {
        if *tries == 0 || !self.is_open(overlay) {
            return false;
        }
        *tries -= 1;
        let Some((key, rest)) = keys.split_first() else {
            return true;
        };
        let found = self.ways(*key).into_iter().any(|way| {
            overlay.set(*key, way);
            self.left_open(rest, overlay, tries)
        });
        overlay.clear(*key);
        found
    }

    /// The same, by drawing ways at random: quicker where many facts meet in one test.
    fn drawn_open(&self, keys: &[SlotKey]) -> bool {
        let ways: Vec<Vec<Patch>> = keys.iter().map(|k| self.ways(*k)).collect();
        let mut seed = 1u64;
        let mut draw = |n: usize| {
            // Knuth's MMIX generator; the high bits are the good ones.
            seed = seed
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
            (seed >> 33) as usize % n
        };
        (0..TRIES).any(|_| {
            let mut overlay = Overlay::default();
            for (key, ways) in keys.iter().zip(&ways) {
                overlay.set(*key, ways[draw(ways.len())].clone());
            }
            self.is_open(&overlay)
        })
    }

    /// The dossier with these facts added, each as evidence that counts, one way each.
    fn with(&self, keys: &[SlotKey], pick: usize) -> FactBase {
        let mut out = self.base.clone();
        for (i, key) in keys.iter().enumerate() {
            if let Slot::Many(_) = self.base.slot(*key) {
                out.set_complete(key.record, key.field, true);
                continue;
            }
            let ty = self.base.record(key.record).ty;
            let ways = self.values(&self.base.schema().field(ty, key.field).ty);
            let value = ways[(pick * 7 + i * (pick + 1)) % ways.len()].clone();
            let policy = self.criterion.policies.of((ty, key.field));
            let counts = |p: &&Provenance| policy.established_by[**p as usize].is_some();
            let provenance = Provenance::ALL.iter().find(counts).expect("some evidence");
            out.amend(*key, value, *provenance);
        }
        out
    }
}

#[test]
fn missing_names_facts_that_decide_and_no_smaller_part_does() {
    let quick = Options {
        explain: false,
        nearest_budget: 0,
    };
    let explained = Options {
        nearest_budget: 0,
        ..Options::default()
    };
    let (mut sets, mut largest, mut checked, mut in_doubt, mut unproven) = (0, 0, 0, 0, 0);
    for (name, base) in examples().into_iter().chain(invented()) {
        for referential in referentials() {
            let assessment = assess(&referential, &base, as_of(), explained);
            for (criterion, outcome) in referential.criteria.iter().zip(&assessment.outcomes) {
                let place = format!("{name}, {} {}", referential.id, criterion.id);
                let open = outcome.verdict == Verdict::Undetermined;
                assert_eq!(open, !outcome.missing.sets.is_empty(), "{place}");
                let case = Case {
                    criterion,
                    base: &base,
                };
                let alone = Referential {
                    criteria: vec![criterion.clone()],
                    ..referential.clone()
                };
                for MissingSet { of: set, proven } in &outcome.missing.sets {
                    unproven += usize::from(!proven);
                    (sets, largest) = (sets + 1, largest.max(set.len()));
                    let names: Vec<String> = set.iter().map(|k| base.slot_name(*k)).collect();
                    for pick in 0..8 {
                        let after = assess(&alone, &case.with(set, pick), as_of(), quick);
                        let verdict = after.outcomes[0].verdict;
                        assert_ne!(verdict, Verdict::Undetermined, "{place}: {names:?}");
                    }
                    let whole = case.left_open(set, &mut Overlay::default(), &mut TRIES.clone());
                    assert!(!whole, "{place}: {names:?} leave it open");
                    for dropped in set {
                        let part: Vec<SlotKey> =
                            set.iter().copied().filter(|k| k != dropped).collect();
                        let (mut overlay, mut tries) = (Overlay::default(), TRIES);
                        let needed = case.drawn_open(&part)
                            || case.left_open(&part, &mut overlay, &mut tries);
                        checked += 1;
                        // A way to leave it open may be too narrow to be hit on by trying.
                        if !needed && set.iter().any(|k| case.is_amount(*k)) {
                            in_doubt += 1;
                            continue;
                        }
                        assert!(
                            needed,
                            "{place}: {} is not needed in {names:?}",
                            base.slot_name(*dropped)
                        );
                    }
                }
            }
        }
    }
    println!(
        "{sets} sets, {unproven} not proven, the largest of {largest} facts; \
         {checked} facts, {in_doubt} in doubt"
    );
    assert!(unproven * 10 <= sets, "{unproven} of {sets}");
    assert!(in_doubt * 100 <= checked, "{in_doubt} of {checked}");
    assert!(sets > 300, "{sets} sets say little");
}

#[test]
fn why_forces_the_verdict_and_nearest_satisfies() {
    let (mut whys, mut nearests) = (0, 0);
    for (name, base) in examples().into_iter().chain(invented()) {
        for referential in referentials() {
            let assessment = assess(&referential, &base, as_of(), Options::default());
            for (criterion, outcome) in referential.criteria.iter().zip(&assessment.outcomes) {
                let place = format!("{name}, {} {}", referential.id, criterion.id);
                let verdict_under = |overlay: &Overlay| {
                    let ctx = Context::new(&base, &criterion.policies, as_of()).supposing(overlay);
                    verdict(Evaluator::new(ctx).outcomes(&criterion.rule))
                };
                let truth = match outcome.verdict {
                    Verdict::Satisfied => Truth::True,
                    Verdict::NotSatisfied => Truth::False,
                    _ => Truth::Unknown,
                };
                if let Some(nearest) = &outcome.nearest {
                    nearests += 1;
                    let after = verdict_under(&nearest.overlay);
                    assert_eq!(after, Truth::True, "{place}: {:?}", nearest.edits);
                }
                if truth == Truth::Unknown {
                    continue;
                }
                whys += 1;
                let slots = &outcome.why.slots;
                let only = |slots: Vec<SlotKey>| Overlay::default().with_only(slots);
                assert_eq!(verdict_under(&only(slots.clone())), truth, "{place}");
                for dropped in slots {
                    let part = slots.iter().copied().filter(|k| k != dropped).collect();
                    let name = base.slot_name(*dropped);
                    assert_ne!(verdict_under(&only(part)), truth, "{place}: {name}");
                }
            }
        }
    }
    println!("{whys} verdicts forced, {nearests} least changes");
    assert!(whys > 500 && nearests > 200, "{whys}, {nearests}");
}
