//! Strongly connected components, and the order that there is without loops.

use std::collections::{HashMap, HashSet};

/// Calls `emit` with every strongly connected component of a directed graph of
/// `n` nodes, each component after all components that it can reach.
///
/// Method: R. E. Tarjan, "Depth-first search and linear graph algorithms"
/// (1972), with an explicit stack, so that depth is bounded by memory alone.
pub fn components<'a>(
    n: usize,
    successors: impl Fn(u32) -> &'a [u32],
    mut emit: impl FnMut(&[u32]),
) {
    let mut search = Search {
        order: vec![0; n],
        low: vec![0; n],
        next: 1,
        stack: Vec::new(),
        calls: Vec::new(),
    };
    for root in 0..n as u32 {
        if search.order[root as usize] != 0 {
            continue;
        }
        search.open(root);
        while let Some((node, edge)) = search.calls.pop() {
            match successors(node).get(edge as usize) {
                Some(&next) => {
                    search.calls.push((node, edge + 1));
                    search.follow(node, next);
                }
                None => search.close(node, &mut emit),
            }
        }
    }
}

/// The nodes of a graph, each after its successors.
///
/// # Errors
/// A loop: nodes that each lead to the next, and the last to the first.
pub fn order(successors: &[Vec<u32>]) -> Result<Vec<u32>, Vec<u32>> {
    let mut order = Vec::with_capacity(successors.len());
    let mut looped = None;
    let next = |n: u32| &successors[n as usize][..];
    components(successors.len(), next, |members| {
        if members.len() > 1 || next(members[0]).contains(&members[0]) {
            looped.get_or_insert_with(|| loop_in(members, next));
        }
        order.extend_from_slice(members);
    });
    looped.map_or(Ok(order), Err)
}

/// A loop among the members of one component, each of which leads to another.
fn loop_in<'a>(members: &[u32], successors: impl Fn(u32) -> &'a [u32]) -> Vec<u32> {
    let mut at = members[0];
    let members: HashSet<u32> = members.iter().copied().collect();
    let mut path = Vec::new();
    let mut seen = HashMap::new();
    while !seen.contains_key(&at) {
        seen.insert(at, path.len());
        path.push(at);
        let within = successors(at).iter().find(|n| members.contains(n));
        at = *within.unwrap_or(&at);
    }
    path.split_off(seen[&at])
}

/// A loop for people, from its first node back to it; a long one is shortened.
pub fn loop_text(mut names: Vec<&str>) -> String {
    if names.len() > 8 {
        names.splice(7..names.len() - 1, ["…"]);
    }
    names.extend(names.first().copied());
    names.join(" → ")
}

/// Order of a node whose component was emitted: later than any other.
const DONE: u32 = u32::MAX;

struct Search {
    /// Order of discovery from one; zero before it.
    order: Vec<u32>,
    /// Earliest node on the stack that is known to be reachable.
    low: Vec<u32>,
    next: u32,
    stack: Vec<u32>,
    /// Nodes being visited, each with the next edge to follow.
    calls: Vec<(u32, u32)>,
}

impl Search {
    fn open(&mut self, node: u32) {
        self.order[node as usize] = self.next;
        self.low[node as usize] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.calls.push((node, 0));
    }

    fn follow(&mut self, node: u32, next: u32) {
        match self.order[next as usize] {
            0 => self.open(next),
            seen => {
                let low = &mut self.low[node as usize];
                *low = (*low).min(seen);
            }
        }
    }

    fn close(&mut self, node: u32, emit: &mut impl FnMut(&[u32])) {
        let i = node as usize;
        if self.low[i] == self.order[i] {
            let start = self.stack.iter().rposition(|m| *m == node).unwrap_or(0);
            for member in &self.stack[start..] {
                self.order[*member as usize] = DONE;
            }
            emit(&self.stack[start..]);
            self.stack.truncate(start);
        }
        if let Some(&(parent, _)) = self.calls.last() {
            let low = self.low[i];
            let parent_low = &mut self.low[parent as usize];
            *parent_low = (*parent_low).min(low);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{components, loop_text, order};
    use proptest::prelude::*;

    fn reaches(edges: &[Vec<u32>], from: u32, to: u32) -> bool {
        let (mut seen, mut todo) = (vec![false; edges.len()], vec![from]);
        while let Some(n) = todo.pop() {
            if n == to {
                return true;
            }
            if !std::mem::replace(&mut seen[n as usize], true) {
                todo.extend(&edges[n as usize]);
            }
        }
        false
    }

    proptest! {
        #[test]
        fn components_are_mutual_reachability_in_reverse_order(
            edges in proptest::collection::vec(proptest::collection::vec(0u32..8, 0..4), 8)
        ) {
            let mut place = [None; 8];
            let mut count = 0;
            components(8, |n| &edges[n as usize], |members| {
                for m in members {
                    assert!(place[*m as usize].replace(count).is_none());
                }
                count += 1;
            });
            for a in 0..8u32 {
                for b in 0..8u32 {
                    let (pa, pb) = (place[a as usize].unwrap(), place[b as usize].unwrap());
                    let (ab, ba) = (reaches(&edges, a, b), reaches(&edges, b, a));
                    prop_assert_eq!(pa == pb, ab && ba);
                    prop_assert!(!ab || pb <= pa);
                }
            }
        }

        #[test]
        fn there_is_an_order_or_a_loop(
            edges in proptest::collection::vec(proptest::collection::vec(0u32..8, 0..3), 8)
        ) {
            match order(&edges) {
                Ok(order) => {
                    let place = |n: u32| order.iter().position(|m| *m == n).unwrap();
                    for a in 0..8u32 {
                        prop_assert!(edges[a as usize].iter().all(|b| place(*b) < place(a)));
                    }
                }
                Err(nodes) => {
                    let next = nodes.iter().cycle().skip(1);
                    for (a, b) in nodes.iter().zip(next) {
                        prop_assert!(edges[*a as usize].contains(b));
                    }
                }
            }
        }
    }

    #[test]
    fn a_long_loop_is_shortened() {
        let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        let text = loop_text(names.to_vec());
        assert_eq!(text, "a → b → c → d → e → f → g → … → j → a");
    }
}
