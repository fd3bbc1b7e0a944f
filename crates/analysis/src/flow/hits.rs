//! What arrives at every node of a unit that enters at one of them.
//!
//! Where every way from the entrance to a node passes another one, the share
//! that arrives is that of the first part of the way times that of the second,
//! bounds included: each node is worked out from its immediate dominator, and
//! a chain takes one step a link.
//!
//! Source: K. D. Cooper, T. J. Harvey and K. Kennedy, "A simple, fast dominance
//! algorithm" (2001).

use super::{Flow, FlowError};
use crate::exact::{Range, Ratio};
use crate::scc;
use num_traits::{One, Zero};
use std::collections::HashMap;

impl Flow {
    /// For every node, the share of a unit entering at `from` that arrives there
    /// when it stops there: what [`Flow::arrivals`] gives at `from` when that node
    /// alone counts.
    ///
    /// # Errors
    /// [`FlowError::LoopTooLarge`].
    pub fn hits(&self, from: usize) -> Result<Vec<Range>, FlowError> {
        let ways = Ways::new(self, from);
        let mut hits = vec![Range::point(Ratio::zero()); self.len()];
        hits[from] = Range::point(Ratio::one());
        for node in &ways.order[1..] {
            let gate = ways.gate[*node];
            let last = self.last_part(&ways, gate, *node)?;
            hits[*node] = hits[gate].times(&last);
        }
        Ok(hits)
    }

    /// Whether every node that a unit entering at `from` may reach has but one split.
    pub fn is_exact_from(&self, from: usize) -> bool {
        let order = Ways::new(self, from).order;
        order.iter().all(|n| self.nodes[*n].is_exact())
    }

    /// The share that arrives at `to` of a unit at `gate`, which every way to it passes.
    fn last_part(&self, ways: &Ways, gate: usize, to: usize) -> Result<Range, FlowError> {
        let between = ways.between(gate, to);
        let place: HashMap<usize, usize> = between.iter().copied().zip(0..).collect();
        let elsewhere = between.len();
        let mut part = Flow::default();
        (0..=elsewhere).for_each(|_| {
            part.end();
        });
        for (i, node) in between.iter().enumerate().filter(|(_, n)| **n != to) {
            let split = &self.nodes[*node];
            part.nodes[i] = split.moved(|n| place.get(&n).copied().unwrap_or(elsewhere));
        }
        let mut values = vec![None; part.len()];
        values[place[&to]] = Some(Range::point(Ratio::one()));
        Ok(part.arrivals(&values)?.swap_remove(place[&gate]))
    }
}

/// The ways that a unit may take.
struct Ways {
    /// The nodes it may reach, each after its immediate dominator.
    order: Vec<usize>,
    /// Immediate dominators of those nodes.
    gate: Vec<usize>,
    /// Where each may be reached from.
    back: Vec<Vec<usize>>,
    /// The loop that each node lies in.
    circle: Vec<usize>,
    circles: Vec<Vec<usize>>,
}

const NONE: usize = usize::MAX;

impl Ways {
    fn new(flow: &Flow, from: usize) -> Ways {
        let next: Vec<Vec<u32>> = (flow.nodes.iter())
            .map(|split| split.possible_targets().map(|to| to as u32).collect())
            .collect();
        let order = reverse_postorder(&next, from);
        let mut back = vec![Vec::new(); flow.len()];
        for node in &order {
            next[*node]
                .iter()
                .for_each(|to| back[*to as usize].push(*node));
        }
        let (mut circle, mut circles) = (vec![NONE; flow.len()], Vec::new());
        scc::components(
            flow.len(),
            |n| &next[n as usize],
            |members| {
                let members: Vec<usize> = members.iter().map(|m| *m as usize).collect();
                members.iter().for_each(|m| circle[*m] = circles.len());
                circles.push(members);
            },
        );
        Ways {
            gate: dominators(&order, &back),
            order,
            back,
            circle,
            circles,
        }
    }

    /// The nodes of the ways from `gate` to `to`, both included. Ways back to the
    /// gate stay in its own loop.
    fn between(&self, gate: usize, to: usize) -> Vec<usize> {
        let mut found = self.circles[self.circle[gate]].clone();
        let mut todo = vec![to];
        let mut seen: std::collections::HashSet<usize> = found.iter().copied().collect();
        if seen.insert(to) {
            found.push(to);
        }
        let mut passed = std::collections::HashSet::from([gate]);
        while let Some(node) = todo.pop() {
            if passed.insert(node) {
                if seen.insert(node) {
                    found.push(node);
                }
                todo.extend(&self.back[node]);
            }
        }
        found
    }
}

fn reverse_postorder(next: &[Vec<u32>], from: usize) -> Vec<usize> {
    let (mut seen, mut order) = (vec![false; next.len()], Vec::new());
    seen[from] = true;
    let mut open = vec![(from, 0)];
    while let Some((node, edge)) = open.pop() {
        let Some(to) = next[node].get(edge).map(|to| *to as usize) else {
            order.push(node);
            continue;
        };
        open.push((node, edge + 1));
        if !std::mem::replace(&mut seen[to], true) {
            open.push((to, 0));
        }
    }
    order.reverse();
    order
}

/// Immediate dominators of the nodes in `order`, a reverse postorder.
fn dominators(order: &[usize], back: &[Vec<usize>]) -> Vec<usize> {
    let mut rank = vec![NONE; back.len()];
    order.iter().enumerate().for_each(|(i, n)| rank[*n] = i);
    let mut gate = vec![NONE; back.len()];
    gate[order[0]] = order[0];
    let meet = |gate: &[usize], mut a: usize, mut b: usize| {
        while a != b {
            if rank[a] > rank[b] {
                a = gate[a];
            } else {
                b = gate[b];
            }
        }
        a
    };
    let mut settled = false;
    while !settled {
        settled = true;
        for node in &order[1..] {
            let known = back[*node].iter().copied().filter(|n| gate[*n] != NONE);
            let found = known.reduce(|a, b| meet(&gate, a, b)).unwrap_or(order[0]);
            if gate[*node] != found {
                gate[*node] = found;
                settled = false;
            }
        }
    }
    gate
}

#[cfg(test)]
mod tests {
    use super::super::tests::world;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_is_what_arrives_when_it_alone_counts((flow, _) in world()) {
            for from in 0..5 {
                let hits = flow.hits(from).unwrap();
                for node in 0..flow.len() {
                    let mut values = vec![None; flow.len()];
                    values[node] = Some(Range::point(Ratio::one()));
                    let arrivals = flow.arrivals(&values).unwrap();
                    prop_assert_eq!(&hits[node], &arrivals[from]);
                }
            }
        }
    }
}
