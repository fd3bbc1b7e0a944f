//! The derivation of an outcome: which parts of the rule gave which truth, from
//! which properties.

use super::{Number, Outcomes};
use crate::rule::NodeId;
use cocarde_model::{Decimal, RecordId, SlotKey};

/// A step of a derivation, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StepId(pub u32);

/// How a step's truth follows from those of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// From properties, directly.
    Atom,
    /// The negation of its one part.
    Not,
    /// True when all parts are.
    All,
    /// True when some part is.
    Any,
    /// Parts: condition, then, else.
    If,
}

/// One step.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The expression.
    pub node: NodeId,
    /// Its truth.
    pub outcomes: Outcomes,
    /// How it follows.
    pub kind: Kind,
    /// For the part of a quantifier: the record it speaks of.
    pub item: Option<RecordId>,
    parts: (u32, u32),
    reads: (u32, u32),
    lists: (u32, u32),
}

/// All steps of one evaluation, parts before wholes, the whole rule last.
#[derive(Clone, Debug, Default)]
pub struct Derivation {
    steps: Vec<Step>,
    parts: Vec<StepId>,
    reads: Vec<SlotKey>,
    lists: Vec<SlotKey>,
    zeros: Vec<(SlotKey, Option<Decimal>)>,
    others: Vec<(StepId, Others)>,
}

/// What a quantifier makes of the members of a list that nobody named.
#[derive(Clone, Debug)]
pub struct Others {
    /// What they come to.
    pub outcomes: Outcomes,
    /// The properties looked at for them, besides the lists themselves.
    pub reads: Vec<SlotKey>,
}

/// A stretch of what was looked at.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looked(u32, u32);

/// How far a derivation had come at some moment.
#[derive(Clone, Copy)]
pub(super) struct Length {
    steps: usize,
    parts: usize,
    lists: usize,
}

impl Derivation {
    /// Nothing yet, with room for what most rules take.
    pub fn roomy() -> Derivation {
        Derivation {
            steps: Vec::with_capacity(32),
            parts: Vec::with_capacity(32),
            reads: Vec::with_capacity(64),
            ..Derivation::default()
        }
    }

    /// Forgets everything, keeps the memory.
    pub fn clear(&mut self) {
        self.steps.clear();
        self.parts.clear();
        self.reads.clear();
        self.lists.clear();
        self.zeros.clear();
        self.others.clear();
    }

    /// The step of the whole rule.
    pub fn root(&self) -> Option<StepId> {
        self.steps.len().checked_sub(1).map(|i| StepId(i as u32))
    }

    /// All steps, parts before wholes.
    pub fn steps(&self) -> impl Iterator<Item = StepId> + use<> {
        (0..self.steps.len() as u32).map(StepId)
    }

    /// The step of that id.
    pub fn step(&self, id: StepId) -> &Step {
        &self.steps[id.0 as usize]
    }

    /// The steps a step follows from.
    pub fn parts(&self, id: StepId) -> &[StepId] {
        let (from, to) = self.step(id).parts;
        &self.parts[from as usize..to as usize]
    }

    /// Every property looked at on the way to a step, in order, with repetitions.
    pub fn reads(&self, id: StepId) -> &[SlotKey] {
        let (from, to) = self.step(id).reads;
        &self.reads[from as usize..to as usize]
    }

    /// For a quantifier: the lists whose members it ranges over.
    pub fn lists(&self, id: StepId) -> &[SlotKey] {
        let (from, to) = self.step(id).lists;
        &self.lists[from as usize..to as usize]
    }

    /// For a quantifier over a list that may have others: what it makes of them.
    pub fn others(&self, id: StepId) -> Option<&Others> {
        let at = self.others.binary_search_by_key(&id, |(step, _)| *step);
        at.ok().map(|i| &self.others[i].1)
    }

    /// Every property the evaluation looked at, in order, with repetitions.
    pub fn all_reads(&self) -> &[SlotKey] {
        &self.reads
    }

    /// For every pending amount that was compared: the value at which the comparison
    /// turns, or nothing where that depends on something else that is not known.
    pub fn turns(&self) -> &[(SlotKey, Option<Decimal>)] {
        &self.zeros
    }

    /// Notes where a comparison turns with what was looked at for it since.
    pub(super) fn note(&mut self, compared: &Number, since: u32) {
        self.zeros.extend(compared.zeros());
        if compared.is_mixed() {
            let reads = &self.reads[since as usize..];
            self.zeros.extend(reads.iter().map(|key| (*key, None)));
        }
    }

    /// How far the derivation has come.
    pub(super) fn len(&self) -> Length {
        Length {
            steps: self.steps.len(),
            parts: self.parts.len(),
            lists: self.lists.len(),
        }
    }

    /// Whether a step is newer than that.
    pub(super) fn made_since(&self, before: Length, step: StepId) -> bool {
        step.0 as usize >= before.steps
    }

    /// Takes the steps back that were made since; what was looked at stays.
    pub(super) fn truncate(&mut self, to: Length) {
        self.steps.truncate(to.steps);
        self.parts.truncate(to.parts);
        self.lists.truncate(to.lists);
        let kept = |(step, _): &(StepId, Others)| (step.0 as usize) < to.steps;
        let kept = self.others.partition_point(kept);
        self.others.truncate(kept);
    }

    /// What was looked at from then to now.
    pub(super) fn looked_since(&self, mark: u32) -> Looked {
        Looked(mark, self.mark())
    }

    /// Looks at the same once more: the value that it gave is used again.
    pub(super) fn read_again(&mut self, Looked(from, to): Looked) {
        if from == to {
            return;
        }
        self.reads.extend_from_within(from as usize..to as usize);
    }

    /// What was looked at since.
    pub(super) fn reads_since(&self, mark: u32) -> &[SlotKey] {
        &self.reads[mark as usize..]
    }

    pub(super) fn read(&mut self, key: SlotKey) {
        self.reads.push(key);
    }

    /// Forgets what was looked at since, where no step speaks of it.
    pub(super) fn unread(&mut self, since: u32) {
        self.reads.truncate(since as usize);
    }

    pub(super) fn mark(&self) -> u32 {
        self.reads.len() as u32
    }

    pub(super) fn push(
        &mut self,
        node: NodeId,
        outcomes: Outcomes,
        kind: Kind,
        parts: &[StepId],
        since: u32,
    ) -> StepId {
        let from = self.parts.len() as u32;
        self.parts.extend_from_slice(parts);
        let to = self.parts.len() as u32;
        let lists = self.lists.len() as u32;
        self.steps.push(Step {
            node,
            outcomes,
            kind,
            item: None,
            parts: (from, to),
            reads: (since, self.mark()),
            lists: (lists, lists),
        });
        StepId((self.steps.len() - 1) as u32)
    }

    pub(super) fn set_item(&mut self, id: StepId, item: Option<RecordId>) {
        self.steps[id.0 as usize].item = item;
    }

    pub(super) fn set_others(&mut self, id: StepId, others: Others) {
        self.others.push((id, others));
    }

    pub(super) fn set_lists(&mut self, id: StepId, lists: &[SlotKey]) {
        let from = self.lists.len() as u32;
        self.lists.extend_from_slice(lists);
        self.steps[id.0 as usize].lists = (from, self.lists.len() as u32);
    }
}
