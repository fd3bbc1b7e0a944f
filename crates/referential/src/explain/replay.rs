//! What a derivation comes to with less known: the tests that read a property come out
//! unknown, and what follows from them is worked out again, without evaluating the rule.
//!
//! That is exact where a property is read by nothing but tests that cannot be decided
//! without it: then no list and no other reading hangs on it.

use crate::eval::{Context, Derivation, Kind, Number, Outcomes, StepId, verdict};
use crate::rule::{CompareOp, Const, NodeId, Op, Rule};
use cocarde_model::{Decimal, Interval, Slot, SlotKey, Truth};
use smallvec::SmallVec;

/// A derivation, and what its steps come to with some properties unknown.
pub(super) struct Replay<'a> {
    derivation: &'a Derivation,
    now: Vec<Outcomes>,
    /// The tests that read a property, sorted by property.
    tests: Vec<(SlotKey, StepId)>,
    /// The lists of records that were looked at.
    lists: Vec<SlotKey>,
    /// For each step those that follow from it, sorted.
    wholes: Vec<(StepId, StepId)>,
    /// What the steps came to that the last property changed.
    before: Vec<(StepId, Outcomes)>,
}

impl<'a> Replay<'a> {
    /// Nothing where a test, a list or an amount hangs on what was looked at otherwise.
    pub(super) fn of(
        rule: &Rule,
        ctx: &Context<'_>,
        derivation: &'a Derivation,
    ) -> Option<Replay<'a>> {
        let steps = derivation.steps().count();
        let mut replay = Replay {
            derivation,
            now: Vec::with_capacity(steps),
            tests: Vec::with_capacity(steps),
            lists: Vec::new(),
            wholes: Vec::with_capacity(steps),
            before: Vec::new(),
        };
        let is_of_words = |step: &StepId| is_of_words(rule, ctx, derivation, *step);
        let of_words: SmallVec<[StepId; 8]> = derivation.steps().filter(is_of_words).collect();
        let mut looked = 0;
        for id in derivation.steps() {
            let step = derivation.step(id);
            replay.now.push(step.outcomes);
            let parts = derivation.parts(id).iter();
            replay.wholes.extend(parts.map(|part| (*part, id)));
            if of_words.contains(&id) {
                replay.tests.push((derivation.lists(id)[0], id));
                looked += derivation.reads(id).len();
                continue;
            }
            let within = |words: &StepId| derivation.parts(*words).contains(&id);
            if of_words.iter().any(within) {
                continue;
            }
            if derivation.others(id).is_some_and(|o| !o.reads.is_empty()) {
                return None;
            }
            replay.lists.extend_from_slice(derivation.lists(id));
            let reads = derivation.reads(id);
            if step.kind != Kind::Atom || reads.is_empty() {
                continue;
            }
            if open_without(rule, step.node) != Some(reads.len()) {
                return None;
            }
            replay.tests.extend(reads.iter().map(|key| (*key, id)));
            looked += reads.len();
        }
        // Every reading has to be by such a test, or tell which members a list has.
        if derivation.all_reads().len() != looked + replay.lists.len() {
            return None;
        }
        replay.tests.sort_unstable();
        replay.wholes.sort_unstable();
        Some(replay)
    }

    /// Whether nothing but tests hang on a property: it is no list.
    pub(super) fn tells(&self, key: SlotKey) -> bool {
        let at = self.tests.partition_point(|(k, _)| *k < key);
        self.tests.get(at).is_some_and(|(k, _)| *k == key)
    }

    /// The lists whose members were looked at.
    pub(super) fn lists(&self) -> &[SlotKey] {
        &self.lists
    }

    /// The verdict with nothing known but these.
    pub(super) fn with_only(&mut self, keys: &[SlotKey]) -> Truth {
        let mut changed = vec![false; self.now.len()];
        for (_, test) in self.tests.iter().filter(|(key, _)| !keys.contains(key)) {
            self.now[test.0 as usize] = Outcomes::both(Truth::Unknown);
            changed[test.0 as usize] = true;
        }
        // Parts come before their wholes.
        for step in self.derivation.steps() {
            let parts = self.derivation.parts(step);
            if parts.iter().any(|p| changed[p.0 as usize]) {
                self.now[step.0 as usize] = self.outcome(step);
                changed[step.0 as usize] = true;
            }
        }
        self.whole()
    }

    fn whole(&self) -> Truth {
        let whole = self.now.last().copied();
        whole.map_or(Truth::Unknown, verdict)
    }

    /// The verdict with a property unknown as well.
    pub(super) fn without(&mut self, key: SlotKey) -> Truth {
        self.before.clear();
        let mut changed: SmallVec<[StepId; 16]> = SmallVec::new();
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
        self.whole()
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
pub(super) fn open_without(rule: &Rule, test: NodeId) -> Option<usize> {
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
        Op::Compare(op, a, b) => with_amount(rule, *op, *a, *b),
        _ => None,
    }
}

/// The same of an amount, or a number of words, that is compared with a constant.
fn with_amount(rule: &Rule, op: CompareOp, a: NodeId, b: NodeId) -> Option<usize> {
    let Op::Const(Const::Number(constant)) = rule.node(b).op else {
        return None;
    };
    let (of, range) = match rule.node(a).op {
        Op::Read { domain, .. } => (a, domain.unwrap_or(Interval::ALL)),
        Op::Size(words) => (words, Interval::at_least(Decimal::ZERO)),
        _ => return None,
    };
    let unknown = Number::within(range).sub(Number::known(constant));
    let open = unknown.compare_zero(op) == Outcomes::both(Truth::Unknown);
    open.then(|| readings(rule, of))?
}

/// Whether a step goes through the words of a property, each of which is tested alone: then
/// nothing is known of it without the property.
fn is_of_words(rule: &Rule, ctx: &Context<'_>, d: &Derivation, id: StepId) -> bool {
    let &[list] = d.lists(id) else {
        return false;
    };
    let tested = |part: &StepId| {
        let step = d.step(*part);
        let word = match &rule.node(step.node).op {
            Op::InConst(word, _) => Some(*word),
            _ => None,
        };
        let is_variable = |n| matches!(rule.node(n).op, Op::Local(_));
        step.kind == Kind::Atom && word.is_some_and(is_variable)
    };
    let there = ctx.base.get(list.record).is_some();
    there && matches!(ctx.base.slot(list), Slot::Facts(_)) && d.parts(id).iter().all(tested)
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
