//! Chains of holdings: what proves a share.

use super::graph::{ControlGraph, EntityId, Measure};
use crate::exact::{Range, Ratio};
use num_traits::{One, Zero};

/// Steps that the search for chains takes at most: it says so when it stops.
const MAX_STEPS: usize = 50_000;

/// Chains kept for one owner, the largest ones.
pub const MAX_CHAINS: usize = 16;

/// A chain of holdings from an owner down to a company.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The owner, then each company on the way, the company last.
    pub path: Vec<EntityId>,
    /// The share of each step, 0 to 1.
    pub shares: Vec<Range>,
    /// Their product, 0 to 1.
    pub share: Range,
}

/// Chains from one owner.
#[derive(Clone, Debug, Default)]
pub struct Chains {
    /// The largest chains, largest first; no entity twice in one.
    pub list: Vec<Chain>,
    /// Whether there are more than those listed.
    pub more: bool,
}

impl ControlGraph {
    /// The chains of holdings by which `owner` holds `target`.
    pub fn chains(&self, owner: EntityId, target: EntityId, measure: Measure) -> Chains {
        let useful = self.below_of(owner);
        let mut search = Search {
            graph: self,
            owner,
            measure,
            useful,
            on_path: vec![false; self.len()],
            path: vec![target],
            shares: Vec::new(),
            steps: 0,
            found: Chains::default(),
        };
        search.on_path[target.index()] = true;
        search.climb(target);
        let mut found = search.found;
        found.list.sort_by(|a, b| {
            let key = |c: &Chain| (c.share.hi.clone(), c.share.lo.clone());
            key(b).cmp(&key(a)).then(a.path.cmp(&b.path))
        });
        found.more |= found.list.len() > MAX_CHAINS;
        found.list.truncate(MAX_CHAINS);
        found
    }

    /// Entities that hold something of `target`, directly or not, and itself.
    pub fn above_of(&self, target: EntityId) -> Vec<bool> {
        self.closure(target, |id| self.holders(id).map(|h| h.holder).collect())
    }

    /// Entities that `owner` holds, directly or not, and itself.
    fn below_of(&self, owner: EntityId) -> Vec<bool> {
        self.closure(owner, |id| self.held(id).map(|h| h.held).collect())
    }

    fn closure(&self, from: EntityId, next: impl Fn(EntityId) -> Vec<EntityId>) -> Vec<bool> {
        let mut seen = vec![false; self.len()];
        let mut todo = vec![from];
        while let Some(id) = todo.pop() {
            if !std::mem::replace(&mut seen[id.index()], true) {
                todo.extend(next(id));
            }
        }
        seen
    }
}

struct Search<'a> {
    graph: &'a ControlGraph,
    owner: EntityId,
    measure: Measure,
    useful: Vec<bool>,
    on_path: Vec<bool>,
    path: Vec<EntityId>,
    shares: Vec<Range>,
    steps: usize,
    found: Chains,
}

impl Search<'_> {
    /// Depth is bounded by the longest chain without repetition, itself by
    /// [`super::MAX_ENTITIES`].
    fn climb(&mut self, at: EntityId) {
        let graph = self.graph;
        for h in graph.holders(at) {
            self.steps += 1;
            if self.steps > MAX_STEPS {
                self.found.more = true;
                return;
            }
            let share = ControlGraph::share(h, self.measure);
            let known = self.useful[h.holder.index()] && !share.hi.is_zero();
            if !known || self.on_path[h.holder.index()] {
                continue;
            }
            self.path.push(h.holder);
            self.on_path[h.holder.index()] = true;
            self.shares.push(share);
            if h.holder == self.owner {
                self.keep();
            } else {
                self.climb(h.holder);
            }
            self.path.pop();
            self.on_path[h.holder.index()] = false;
            self.shares.pop();
        }
    }

    fn keep(&mut self) {
        let one = Range::point(Ratio::one());
        let share = self.shares.iter().fold(one, |a, b| a.times(b));
        self.found.list.push(Chain {
            path: self.path.iter().rev().copied().collect(),
            shares: self.shares.iter().rev().cloned().collect(),
            share,
        });
    }
}
