//! Strongly connected components.

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
    use super::components;
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
    }
}
