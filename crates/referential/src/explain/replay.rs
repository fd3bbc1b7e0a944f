//! What a derivation comes to with less known: the tests that read a property come out
//! unknown, and what follows from them is worked out again, without evaluating the rule.
//!
//! That is exact where a property is read by nothing but tests that cannot be decided
//! without it: then no list and no other reading hangs on it.

use crate::eval::{Derivation, Kind, Outcomes, StepId, verdict};
use crate::rule::{NodeId, Op, Rule};
use cocarde_model::{SlotKey, Truth};

/// A derivation, and what its steps come to with some properties unknown.
pub(super) struct Replay<'a> {
    derivation: &'a Derivation,
    now: Vec<Outcomes>,
    /// The tests that read a property, sorted by property.
    tests: Vec<(SlotKey, StepId)>,
    /// For each step those that follow from it, sorted.
    wholes: Vec<(StepId, StepId)>,
    /// What the steps came to that the last property changed.
    before: Vec<(StepId, Outcomes)>,
}

impl<'a> Replay<'a> {
    /// Nothing where a test, a list or an amount hangs on what was looked at otherwise.
    pub(super) fn of(rule: &Rule, derivation: &'a Derivation) -> Option<Replay<'a>> {
        let mut tests = Vec::new();
        let mut wholes = Vec::new();
        let mut now = Vec::new();
        let mut lists = 0;
        for id in derivation.steps() {
            let step = derivation.step(id);
            now.push(step.outcomes);
            wholes.extend(derivation.parts(id).iter().map(|part| (*part, id)));
            if derivation.others(id).is_some_and(|o| !o.reads.is_empty()) {
                return None;
            }
            lists += derivation.lists(id).len();
            let reads = derivation.reads(id);
            if step.kind != Kind::Atom || reads.is_empty() {
                continue;
            }
            if open_without(rule, step.node) != Some(reads.len()) {
                return None;
            }
            tests.extend(reads.iter().map(|key| (*key, id)));
        }
        // Every reading has to be by such a test, or tell which members a list has.
        if derivation.all_reads().len() != tests.len() + lists {
            return None;
        }
        tests.sort_unstable();
        wholes.sort_unstable();
        Some(Replay {
            derivation,
            now,
            tests,
            wholes,
            before: Vec::new(),
        })
    }

    /// Whether nothing but tests hang on a property: it is no list.
    pub(super) fn tells(&self, key: SlotKey) -> bool {
        let at = self.tests.partition_point(|(k, _)| *k < key);
        self.tests.get(at).is_some_and(|(k, _)| *k == key)
    }

    /// The lists whose members were looked at.
    pub(super) fn lists(&self) -> impl Iterator<Item = SlotKey> + '_ {
        let d = self.derivation;
        d.steps().flat_map(|step| d.lists(step).iter().copied())
    }

    /// The properties that tests read, each once.
    pub(super) fn keys(&self) -> Vec<SlotKey> {
        let mut keys: Vec<SlotKey> = self.tests.iter().map(|(key, _)| *key).collect();
        keys.dedup();
        keys
    }

    /// The verdict with a property unknown as well.
    pub(super) fn without(&mut self, key: SlotKey) -> Truth {
        self.before.clear();
        let mut changed: Vec<StepId> = Vec::new();
        let at = self.tests.partition_point(|(k, _)| *k < key);
        let read = self.tests[at..].iter().take_while(|(k, _)| *k == key);
        for (_, test) in read {
            let was = std::mem::replace(
                &mut self.now[test.0 as usize],
                Outcomes::both(Truth::Unknown),
            );
            self.before.push((*test, was));
            changed.push(*test);
        }
        // Wholes come after their parts: in order, none is worked out too early.
        while let Some(first) = changed.iter().copied().min() {
            changed.retain(|s| *s != first);
            let at = self.wholes.partition_point(|(part, _)| *part < first);
            let wholes = self.wholes[at..].iter().take_while(|(p, _)| *p == first);
            for (_, whole) in wholes {
                let is = self.outcome(*whole);
                let was = std::mem::replace(&mut self.now[whole.0 as usize], is);
                if is != was {
                    self.before.push((*whole, was));
                    changed.push(*whole);
                }
            }
        }
        let whole = self.now.last().copied();
        whole.map_or(Truth::Unknown, verdict)
    }

    /// Takes the last property back.
    pub(super) fn undo(&mut self) {
        while let Some((step, was)) = self.before.pop() {
            self.now[step.0 as usize] = was;
        }
    }

    fn outcome(&self, id: StepId) -> Outcomes {
        let d = self.derivation;
        let now = |p: &StepId| self.now[p.0 as usize];
        let mut parts = d.parts(id).iter().map(now);
        let others = d.others(id).map(|o| o.outcomes);
        match d.step(id).kind {
            Kind::Atom => self.now[id.0 as usize],
            Kind::Not => parts.next().map_or(self.now[id.0 as usize], Outcomes::not),
            Kind::All => parts
                .chain(others)
                .fold(Outcomes::both(Truth::True), Outcomes::and),
            Kind::Any => parts
                .chain(others)
                .fold(Outcomes::both(Truth::False), Outcomes::or),
            Kind::If => match (parts.next(), parts.next(), parts.next()) {
                (Some(cond), Some(then), Some(other)) => cond.choose(then, other),
                _ => self.now[id.0 as usize],
            },
        }
    }
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
