//! Where a unit that is passed on from node to node ends up, when the shares
//! in which each node splits it are known only as ranges.
//!
//! A unit of a company's capital goes to its holders, from there to theirs,
//! and so on; a euro of turnover goes to own work and to suppliers, from there
//! to theirs. Each node hands on exactly what it receives, so the share that
//! ends in a set of nodes is the probability that a Markov chain is absorbed
//! there; with ranges for shares, the chain is an interval Markov chain and the
//! bounds of that probability are found by policy iteration. They are exact
//! and attained, loops included.
//!
//! Sources: R. Givan, S. Leach and T. Dean, "Bounded-parameter Markov decision
//! processes" (2000), for ranges; R. A. Howard, *Dynamic Programming and Markov
//! Processes* (1960), for policy iteration; W. Leontief for the linear system.

use crate::exact::{Range, Ratio, complement, solve, sum_of_products};
use crate::scc;
use num_traits::{One, Zero};

/// Nodes of one loop that are solved exactly: work grows with the cube.
pub const MAX_LOOP: usize = 150;

mod hits;
mod split;

pub use split::{Amount, Part, Split};

/// Nodes that split what they receive. A node without parts is an end.
#[derive(Clone, Debug, Default)]
pub struct Flow {
    nodes: Vec<Split>,
}

/// Why a flow has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FlowError {
    /// The parts of that node cannot add up to the whole.
    Infeasible(usize),
    /// What enters these nodes never leaves them: a loop of gain one or more.
    Closed(Vec<usize>),
    /// A loop of that many nodes, more than [`MAX_LOOP`].
    LoopTooLarge(usize),
}

impl Flow {
    /// Adds an end and returns its place.
    pub fn end(&mut self) -> usize {
        self.nodes.push(Split::default());
        self.nodes.len() - 1
    }

    /// Says how a node splits what it receives, by shares of the whole.
    pub fn split(&mut self, node: usize, parts: Vec<Part>) {
        self.nodes[node] = Split::Shares(parts);
    }

    /// Says how a node splits what it receives, in proportion to amounts.
    pub fn split_by(&mut self, node: usize, amounts: Vec<Amount>) {
        self.nodes[node] = Split::Amounts(amounts);
    }

    /// How a node splits what it receives.
    pub fn parts(&self, node: usize) -> &Split {
        &self.nodes[node]
    }

    /// Number of nodes.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are no nodes.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Checks that every node hands on the whole and that it ends somewhere.
    ///
    /// # Errors
    /// The first defect found.
    pub fn check(&self) -> Result<(), FlowError> {
        let wrong = |split: &Split| !split.is_end() && !split.is_feasible();
        if let Some(node) = self.nodes.iter().position(wrong) {
            return Err(FlowError::Infeasible(node));
        }
        let values = vec![None; self.len()];
        let ending = self.greatest(&self.with_ends(&values, &Ratio::one()))?;
        let closed: Vec<usize> = (0..self.len()).filter(|n| ending[*n].is_zero()).collect();
        if closed.is_empty() {
            Ok(())
        } else {
            Err(FlowError::Closed(closed))
        }
    }

    /// For every node, the share of a unit entering there that counts, when a
    /// unit that arrives at a node with a value stops there and counts for as
    /// much (0 to 1). An end without a value counts for nothing.
    ///
    /// The bounds are attained: some choice of shares within their ranges gives
    /// each, or comes as close to it as one likes where only a loop without an
    /// exit would give it.
    ///
    /// # Errors
    /// [`FlowError::LoopTooLarge`]; the other defects are found by [`Flow::check`].
    pub fn arrivals(&self, values: &[Option<Range>]) -> Result<Vec<Range>, FlowError> {
        let pick = |other: bool| -> Vec<Option<Ratio>> {
            let all = self.with_ends(values, &Ratio::zero());
            all.into_iter()
                .zip(values)
                .map(|(end, value)| match (value, other) {
                    (Some(v), false) => Some(v.hi.clone()),
                    (Some(v), true) => Some(complement(&v.lo)),
                    (None, false) => end,
                    (None, true) => end.map(|v| complement(&v)),
                })
                .collect()
        };
        // The whole arrives somewhere: the least that counts is the whole less
        // the most that does not.
        let most = self.greatest(&pick(false))?;
        let rest = self.greatest(&pick(true))?;
        Ok(most
            .into_iter()
            .zip(rest)
            .map(|(hi, rest)| Range::new(complement(&rest), hi))
            .collect())
    }

    /// The upper ends of `values`, with `default` for ends that have none.
    fn with_ends(&self, values: &[Option<Range>], default: &Ratio) -> Vec<Option<Ratio>> {
        let nodes = self.nodes.iter().zip(values);
        nodes
            .map(|(split, value)| match value {
                Some(v) => Some(v.hi.clone()),
                None => split.is_end().then(|| default.clone()),
            })
            .collect()
    }

    /// Policy iteration for the greatest share that counts.
    fn greatest(&self, values: &[Option<Ratio>]) -> Result<Vec<Ratio>, FlowError> {
        let nothing = vec![Ratio::zero(); self.len()];
        let first = self.nodes.iter().map(|split| split.best(&nothing));
        let mut policy: Vec<Vec<Ratio>> = first.collect();
        loop {
            let worth = self.evaluate(values, &policy)?;
            let mut better = false;
            for (node, split) in self.nodes.iter().enumerate() {
                if values[node].is_some() {
                    continue;
                }
                let choice = split.best(&worth);
                if choice == policy[node] {
                    continue;
                }
                let parts = split.targets().zip(&choice);
                let sum = sum_of_products(parts.map(|(to, share)| (share, &worth[to])));
                // Only a strict gain may change a policy: see Puterman on
                // positive models; it keeps loops without an exit out.
                if sum > worth[node] {
                    policy[node] = choice;
                    better = true;
                }
            }
            if !better {
                return Ok(worth);
            }
        }
    }

    /// What counts from each node under one choice of shares.
    fn evaluate(
        &self,
        values: &[Option<Ratio>],
        policy: &[Vec<Ratio>],
    ) -> Result<Vec<Ratio>, FlowError> {
        let live = self.live_edges(values, policy);
        let mut worth: Vec<Ratio> = values
            .iter()
            .map(|v| v.clone().unwrap_or_else(Ratio::zero))
            .collect();
        let mut failure = None;
        scc::components(
            self.len(),
            |n| &live[n as usize],
            |members| {
                let first = members[0] as usize;
                if failure.is_some() || live[first].is_empty() {
                    return;
                }
                if members.len() > MAX_LOOP {
                    failure = Some(FlowError::LoopTooLarge(members.len()));
                    return;
                }
                self.evaluate_loop(members, policy, &mut worth);
            },
        );
        failure.map_or(Ok(worth), Err)
    }

    /// Edges that carry something toward what counts; none from other nodes,
    /// whose worth is zero.
    fn live_edges(&self, values: &[Option<Ratio>], policy: &[Vec<Ratio>]) -> Vec<Vec<u32>> {
        let mut back: Vec<Vec<usize>> = vec![Vec::new(); self.len()];
        let open = |node: usize| values[node].is_none();
        let carried = |node: usize| {
            let parts = self.nodes[node].targets().zip(&policy[node]);
            parts.filter(|(_, s)| !s.is_zero()).map(|(to, _)| to)
        };
        for node in (0..self.len()).filter(|n| open(*n)) {
            carried(node).for_each(|to| back[to].push(node));
        }
        let mut counts: Vec<bool> = values
            .iter()
            .map(|v| v.as_ref().is_some_and(|v| !v.is_zero()))
            .collect();
        let mut todo: Vec<usize> = (0..self.len()).filter(|n| counts[*n]).collect();
        while let Some(node) = todo.pop() {
            for from in &back[node] {
                if !std::mem::replace(&mut counts[*from], true) {
                    todo.push(*from);
                }
            }
        }
        (0..self.len())
            .map(|node| {
                if !open(node) || !counts[node] {
                    return Vec::new();
                }
                let to = carried(node).filter(|to| counts[*to]);
                to.map(|to| to as u32).collect()
            })
            .collect()
    }

    /// A node that does not hand on to itself takes a sum and no system.
    fn evaluate_node(&self, node: usize, policy: &[Ratio], worth: &mut [Ratio]) {
        let parts = || self.nodes[node].targets().zip(policy);
        let others = parts().filter(|(to, _)| *to != node);
        let sum = sum_of_products(others.map(|(to, share)| (share, &worth[to])));
        let kept: Ratio = parts().filter(|(to, _)| *to == node).map(|p| p.1).sum();
        worth[node] = if kept.is_zero() {
            sum
        } else {
            sum / complement(&kept)
        };
    }

    /// Solves the linear system of one strongly connected component, whose
    /// successors outside are already known.
    fn evaluate_loop(&self, members: &[u32], policy: &[Vec<Ratio>], worth: &mut [Ratio]) {
        if let [node] = members {
            return self.evaluate_node(*node as usize, &policy[*node as usize], worth);
        }
        let place = |node: usize| members.iter().position(|m| *m as usize == node);
        let mut matrix = Vec::with_capacity(members.len());
        let mut right = Vec::with_capacity(members.len());
        for (i, member) in members.iter().enumerate() {
            let node = *member as usize;
            let mut row = vec![Ratio::zero(); members.len()];
            row[i] = Ratio::one();
            let mut outside = Ratio::zero();
            for (to, share) in self.nodes[node].targets().zip(&policy[node]) {
                match place(to) {
                    Some(j) => row[j] -= share,
                    None => outside += share * &worth[to],
                }
            }
            matrix.push(row);
            right.push(vec![outside]);
        }
        // Every member can leave toward what counts, so the system is regular.
        if let Ok(solution) = solve(&matrix, &right) {
            for (member, mut value) in members.iter().zip(solution) {
                worth[*member as usize] = value.swap_remove(0);
            }
        }
    }
}

#[cfg(test)]
mod tests;
