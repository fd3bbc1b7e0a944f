//! The least change of facts that satisfies a rule: worked out where its tests look at one
//! property each (`direct`) or it compares sums over one list (`by_member`), else searched for.
//!
//! A best-first search over sets of changes (Hart, Nilsson and Raphael 1968). Each
//! state that does not satisfy is opened along the levers of one part of the rule
//! that blocks it: every satisfying change pulls one of them, so nothing is missed,
//! and the floors under independent parts add up to an admissible estimate.

use super::by_member::by_member;
use super::direct::{Beyond, directly};
use super::edits::{Edit, State, Step, after, sorted};
use super::floor::{Lead, can_be_relaxed, relaxed};
use super::levers::{Lever, Levers, block};
use super::offers::{Offers, Prices};
use crate::eval::{Context, Derivation, Evaluator, Overlay, outcomes, verdict};
use crate::rule::Rule;
use cocarde_model::{SlotKey, Truth, Value};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashSet};
use std::rc::Rc;

/// The least change found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nearest {
    /// What to change, in the order of the facts.
    pub edits: Vec<Edit>,
    /// Its cost, in points of effort.
    pub cost: u64,
    /// Whether it is proven that none costs less, among changes by the values that
    /// the rule tells apart and, to each list, two additions, or up to four where the rule
    /// asks for so many records one by one.
    pub proven: bool,
    /// How far amounts and days that are told may go, in the order of the facts.
    pub reaches: Vec<Reach>,
    /// The facts as they would be.
    pub overlay: Overlay,
}

/// The amounts, or days, of a property that satisfy as well as the one that is told, all
/// else being as it is told: all between two bounds, without end where there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// The property.
    pub of: SlotKey,
    /// From there on.
    pub least: Option<Bound>,
    /// Up to there.
    pub most: Option<Bound>,
}

/// Where a property stops to satisfy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The amount or day.
    pub at: Value,
    /// Whether it satisfies itself.
    pub included: bool,
}

/// From so many levers on, the floor under a state is worth working out.
const SEVERAL: usize = 6;
/// An evaluation that looks at so many properties counts twice, at twice as many three times.
const USUAL_LOOKS: usize = 64;
/// Most steps that are taken once the budget is spent.
const DEEPEST: usize = 24;
/// Most that are looked at for each of them.
const WIDEST: usize = 12;

/// The least change that satisfies the rule, or nothing when there is none (or it is
/// satisfied already), or, where it has to be searched for, when none was found in `budget`
/// evaluations, fewer where each looks at many properties.
pub fn nearest(rule: &Rule, ctx: &Context<'_>, budget: usize) -> Option<Nearest> {
    let search = Search::new(rule, ctx, budget);
    match directly(&search) {
        Ok(told) => told,
        Err(Beyond) => by_member(search),
    }
}

/// A state on the frontier: made of the one before it only when its turn comes.
struct Node {
    from: Rc<State>,
    step: Option<Step>,
    /// What is in the way, once that has been looked at.
    ahead: Option<Ahead>,
}

/// What is in the way of a state.
struct Ahead {
    /// Every satisfying change pulls one of these, or the lead.
    levers: Levers,
    /// What is left to do costs no less.
    floor: u64,
    lead: Lead,
}

/// The search for one rule's least change.
pub(super) struct Search<'a> {
    pub(super) rule: &'a Rule,
    pub(super) ctx: &'a Context<'a>,
    pub(super) offers: Offers<'a>,
    pub(super) derivation: Derivation,
    pub(super) left: usize,
    /// Whether a floor may be had by relaxing the rule.
    relaxes: bool,
}

impl<'a> Search<'a> {
    fn new(rule: &'a Rule, ctx: &'a Context<'a>, budget: usize) -> Search<'a> {
        Search {
            rule,
            ctx,
            offers: Offers::of(rule, ctx),
            derivation: Derivation::default(),
            left: budget,
            relaxes: can_be_relaxed(rule),
        }
    }

    pub(super) fn run(mut self) -> Option<Nearest> {
        // Among equal estimates the state that has spent most has least left to do; then
        // the first found.
        let mut open = BinaryHeap::new();
        let mut nodes = vec![Node {
            from: Rc::default(),
            step: None,
            ahead: None,
        }];
        let mut seen = HashSet::new();
        open.push(Reverse((0u64, Reverse(0u64), 0usize)));
        while let Some(Reverse((estimate, spent, at))) = open.pop() {
            let node = &mut nodes[at];
            if let Some(step) = node.step.take() {
                node.from = Rc::new(after(&node.from, step));
            }
            let state = node.from.clone();
            let Some(ahead) = node.ahead.take() else {
                if !seen.insert(sorted(&state.edits)) {
                    continue;
                }
                let Some(ahead) = self.blocked(&state) else {
                    return (!state.edits.is_empty()).then(|| self.done(&state, true));
                };
                if self.left == 0 {
                    return self.dive();
                }
                if ahead.floor < u64::MAX {
                    let better = estimate.max(state.cost.saturating_add(ahead.floor));
                    nodes[at].ahead = Some(ahead);
                    open.push(Reverse((better, spent, at)));
                }
                continue;
            };
            for (least, step) in self.steps(&state, &ahead) {
                let cost = state.cost + step.cost;
                let least = estimate.max(least);
                open.push(Reverse((least, Reverse(cost), nodes.len())));
                nodes.push(Node {
                    from: state.clone(),
                    step: Some(step),
                    ahead: None,
                });
            }
        }
        None
    }

    /// How a state may go on, each step with what any change that takes it costs at least.
    fn steps(&self, state: &State, ahead: &Ahead) -> Vec<(u64, Step)> {
        let (first, rest, others) = match ahead.lead {
            Lead::None => (None, 0, 0),
            Lead::Alone(key) => (Some(key), 0, 0),
            Lead::Needed { key, rest, dearer } => (Some(key), rest.min(dearer), dearer),
        };
        let first = first.map(Lever::Slot);
        let later = ahead.levers.iter().copied().filter(|l| Some(*l) != first);
        let least = |from: u64, more: u64| state.cost.saturating_add(from.max(more));
        let mut out = Vec::new();
        for step in first.into_iter().flat_map(|l| self.offers.pull(state, l)) {
            out.push((least(step.cost.saturating_add(rest), 0), step));
        }
        for step in later.flat_map(|l| self.offers.pull(state, l)) {
            out.push((least(step.cost, others), step));
        }
        out
    }

    /// Out of budget: straight down from the facts as they are, each time by the step
    /// after which least seems left to do.
    fn dive(&mut self) -> Option<Nearest> {
        let mut state = State::default();
        for _ in 0..DEEPEST {
            let Some(ahead) = self.blocked(&state) else {
                self.spare(&mut state);
                return Some(self.done(&state, false));
            };
            let steps = self.steps(&state, &ahead).into_iter().take(WIDEST);
            let mut best: Option<(u64, State)> = None;
            for (_, step) in steps {
                let next = after(&state, step);
                let left = self.blocked(&next).map_or(0, |a| a.floor);
                let estimate = next.cost.saturating_add(left);
                if left < u64::MAX && best.as_ref().is_none_or(|(least, _)| estimate < *least) {
                    best = Some((estimate, next));
                }
                if estimate <= state.cost.saturating_add(ahead.floor) {
                    break;
                }
            }
            state = best?.1;
        }
        None
    }

    /// Takes back what was changed on the way and turns out not to be needed.
    fn spare(&self, state: &mut State) {
        for edit in state.edits.clone() {
            let (Edit::Establish(key, _) | Edit::Change(key, _)) = edit else {
                continue;
            };
            let Some(cost) = self.offers.cost(&edit) else {
                continue;
            };
            let mut without = state.overlay.clone();
            without.clear(key);
            if self.satisfied(&without) {
                state.overlay = without;
                state.edits.retain(|e| *e != edit);
                state.cost -= cost;
            }
        }
    }

    pub(super) fn satisfied(&self, overlay: &Overlay) -> bool {
        verdict(outcomes(self.rule, self.ctx.supposing(overlay))) == Truth::True
    }

    /// Counts an evaluation that looked at so many properties: of a long list one weighs more.
    pub(super) fn spend(&mut self, looks: usize) {
        self.left = self.left.saturating_sub(1 + looks / USUAL_LOOKS);
    }

    /// What is in the way; nothing when satisfied.
    fn blocked(&mut self, state: &State) -> Option<Ahead> {
        let memory = std::mem::take(&mut self.derivation);
        let mut evaluator = Evaluator::reusing(self.ctx.supposing(&state.overlay), memory);
        let outcomes = evaluator.outcomes(self.rule);
        self.derivation = evaluator.into_derivation();
        self.spend(self.derivation.all_reads().len());
        if verdict(outcomes) == Truth::True {
            return None;
        }
        let market = Prices {
            offers: &self.offers,
            state,
        };
        let block = block(&self.derivation, &market).unwrap_or_default();
        let mut ahead = Ahead {
            levers: block.levers,
            floor: block.floor,
            lead: Lead::None,
        };
        if self.relaxes && ahead.levers.len() >= SEVERAL && ahead.floor < u64::MAX {
            let relaxed = relaxed(self, state);
            ahead.floor = ahead.floor.max(relaxed.floor);
            ahead.lead = relaxed.lead;
        }
        Some(ahead)
    }
}
