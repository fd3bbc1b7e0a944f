//! What a derivation would have come to with less known: the tests that read a property
//! come out unknown, and what follows from them is worked out again, without evaluating
//! the rule.
//!
//! That is exact where a property is read by nothing but tests that cannot be decided
//! without it: then no list and no other reading hangs on it.

use crate::eval::{Derivation, Kind, Outcomes, StepId, verdict};
use crate::rule::{NodeId, Op, Rule};
use cocarde_model::{SlotKey, Truth};
use std::borrow::Cow;

/// A derivation, and what its steps come to with some properties unknown.
pub(super) struct Replay<'a> {
    rule: &'a Rule,
    derivation: Cow<'a, Derivation>,
    outcomes: Vec<Outcomes>,
}

impl<'a> Replay<'a> {
    pub(super) fn of(rule: &'a Rule, derivation: Cow<'a, Derivation>) -> Replay<'a> {
        let outcomes = derivation.steps().map(|s| derivation.step(s).outcomes);
        Replay {
            rule,
            outcomes: outcomes.collect(),
            derivation,
        }
    }

    /// The properties that were looked at and are not among these, sorted, each once.
    pub(super) fn others(&self, known: &[SlotKey]) -> Vec<SlotKey> {
        let mut others: Vec<SlotKey> = self.derivation.all_reads().to_vec();
        others.sort_unstable();
        others.dedup();
        others.retain(|k| !known.contains(k));
        others
    }

    /// Whether all that hangs on these properties, sorted, are tests that their absence
    /// leaves open.
    pub(super) fn tells(&self, keys: &[SlotKey]) -> bool {
        let d = &self.derivation;
        // Every reading has to be by such a test: what else looked at one of them, be it
        // a list or a number, could come to anything.
        let read = count(d.all_reads(), keys);
        let mut by_tests = 0;
        for step in d.steps().filter(|s| d.step(*s).kind == Kind::Atom) {
            let of_these = count(d.reads(step), keys);
            let looked = Some(d.reads(step).len());
            if of_these > 0 && open_without(self.rule, d.step(step).node) != looked {
                return false;
            }
            by_tests += of_these;
        }
        let elsewhere = |s: StepId| {
            let others = d.others(s).is_some_and(|o| count(&o.reads, keys) > 0);
            others || count(d.lists(s), keys) > 0
        };
        read == by_tests && !d.steps().any(elsewhere)
    }

    /// The verdict with these properties, sorted, unknown as well, and what all steps come to.
    pub(super) fn without(&self, keys: &[SlotKey]) -> (Truth, Vec<Outcomes>) {
        let mut now: Vec<Outcomes> = Vec::with_capacity(self.outcomes.len());
        for step in self.derivation.steps() {
            now.push(self.outcome(step, &now, keys));
        }
        let whole = now.last().copied();
        (whole.map_or(Truth::Unknown, verdict), now)
    }

    /// Goes on from such outcomes.
    pub(super) fn keep(&mut self, outcomes: Vec<Outcomes>) {
        self.outcomes = outcomes;
    }

    fn outcome(&self, id: StepId, now: &[Outcomes], keys: &[SlotKey]) -> Outcomes {
        let d = &self.derivation;
        let step = d.step(id);
        let was = self.outcomes[id.0 as usize];
        let mut parts = d.parts(id).iter().map(|p| now[p.0 as usize]);
        let others = d.others(id).map(|o| o.outcomes);
        match step.kind {
            Kind::Atom if count(d.reads(id), keys) > 0 => Outcomes::both(Truth::Unknown),
            Kind::Atom => was,
            Kind::Not => parts.next().map_or(was, Outcomes::not),
            Kind::All => parts
                .chain(others)
                .fold(Outcomes::both(Truth::True), Outcomes::and),
            Kind::Any => parts
                .chain(others)
                .fold(Outcomes::both(Truth::False), Outcomes::or),
            Kind::If => match (parts.next(), parts.next(), parts.next()) {
                (Some(cond), Some(then), Some(other)) => cond.choose(then, other),
                _ => was,
            },
        }
    }
}

fn count(read: &[SlotKey], keys: &[SlotKey]) -> usize {
    read.iter()
        .filter(|k| keys.binary_search(k).is_ok())
        .count()
}

/// For a test that comes out unknown as soon as something it reads is not known, since it
/// looks at one property, perhaps of a record that another refers to: how many it reads.
/// (It reads more where the views differ on the record.)
fn open_without(rule: &Rule, test: NodeId) -> Option<usize> {
    let constant =
        |n: NodeId| matches!(rule.node(n).op, Op::Const(_) | Op::AsOf | Op::MonthsAgo(_));
    let with_constant = |a: NodeId, b: NodeId| {
        let read = if constant(b) { a } else { b };
        (constant(a) || constant(b)).then(|| readings(rule, read))?
    };
    match &rule.node(test).op {
        Op::Read { .. } => readings(rule, test),
        Op::InConst(a, _) => readings(rule, *a),
        Op::Equal(a, b) | Op::CompareDate(_, a, b) | Op::Text(_, a, b) => with_constant(*a, *b),
        Op::In(a, b) if constant(*a) => readings(rule, *b),
        _ => None,
    }
}

/// How many properties are read for a property of a record that is given, of a part, or of
/// what another property refers to.
fn readings(rule: &Rule, node: NodeId) -> Option<usize> {
    let Op::Read { of, .. } = &rule.node(node).op else {
        return None;
    };
    match &rule.node(*of).op {
        Op::Read { .. } => Some(1 + readings(rule, *of)?),
        Op::Part { .. } | Op::Root | Op::Local(_) => Some(1),
        _ => None,
    }
}
