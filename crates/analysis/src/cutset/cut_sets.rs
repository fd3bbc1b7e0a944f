//! Minimal cut sets: found without enumeration, counted, then enumerated by
//! order as far as wanted.
//!
//! Each module's function becomes a binary decision diagram, its minimal
//! solutions a zero-suppressed one (Rauzy 1993); a cut set of the tree is one
//! of the top module, in which each module is replaced by one of its own.
//! For trees with negations, cut sets are the minimal sets of events that, no
//! other happening, make the top happen (Rauzy 2001).

use super::arena::Full;
use super::fault_tree::FaultTree;
use super::graph::{Graph, Kind, Literal, TRUE, node_of};
use super::modules::{Variable, parts};
use super::orient::{at_rest, orient};
use super::room::with_room;
use super::solver::{Solved, minimal_solutions};
use super::zbdd::{NONE, UNIT};
use num_bigint::BigUint;
use num_traits::{CheckedAdd, CheckedMul, One, Zero};

/// How much work may be done before giving up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most nodes of a decision diagram alive at a time. A node takes about 24
    /// bytes, results kept for reuse included.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { nodes: 1 << 26 }
    }
}

/// The limit was reached before the cut sets were found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LimitReached {
    /// The limit, in nodes.
    pub nodes: usize,
}

impl std::fmt::Display for LimitReached {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "limit reached: no way stays within {} nodes of a decision diagram; raise the limit or split the tree",
            self.nodes
        )
    }
}

impl std::error::Error for LimitReached {}

/// The minimal cut sets of a fault tree.
pub struct CutSets {
    /// Modules, each after those inside it; none where nothing has to happen for
    /// the top, or nothing can bring it about.
    pub(super) modules: Vec<Solved>,
    /// Whether the top happens though nothing happens, where there is no module.
    pub(super) certain: bool,
}

/// Finds the minimal cut sets.
///
/// # Errors
/// Where the work limit is reached.
pub fn minimal_cut_sets(tree: &FaultTree, limits: &Limits) -> Result<CutSets, LimitReached> {
    let (graph, top) = Graph::of(tree);
    solve(&graph, top, limits).map_err(|Full| LimitReached {
        nodes: limits.nodes,
    })
}

fn solve(graph: &Graph, top: Literal, limits: &Limits) -> Result<CutSets, Full> {
    // A constant, or the complement of an event, which needs nothing to hold.
    let event = matches!(graph.nodes()[node_of(top)].kind, Kind::Event(_));
    if node_of(top) == 0 || event && top & 1 == 1 {
        return Ok(CutSets {
            modules: Vec::new(),
            certain: event || top == TRUE,
        });
    }
    let mut parts = parts(graph, node_of(top));
    let last = parts.len() - 1;
    // What is asked of the top is decided by its sign; inside, a module whose
    // function holds when nothing happens is taken by its complement, so that
    // no cut set needs a module *not* to hold at the price of an event.
    let mut complemented: Vec<bool> = Vec::with_capacity(parts.len());
    let mut monotone = Vec::with_capacity(parts.len());
    for (position, part) in parts.iter_mut().enumerate() {
        let at_rest = at_rest(part, &complemented);
        let complement = if position == last {
            top & 1 == 1
        } else {
            at_rest
        };
        complemented.push(complement);
        monotone.push(orient(part, complement));
    }
    let widest = parts.iter().map(|p| p.variables.len()).max().unwrap_or(0);
    let modules: Option<Result<Vec<Solved>, Full>> = with_room(widest, || {
        let parts = parts.iter().zip(monotone);
        parts
            .map(|(part, monotone)| minimal_solutions(part, monotone, limits.nodes))
            .collect()
    });
    Ok(CutSets {
        modules: modules.ok_or(Full)??,
        certain: false,
    })
}

impl CutSets {
    /// How many there are.
    pub fn count(&self) -> BigUint {
        match self.count_as::<u128>() {
            Some(count) => BigUint::from(count),
            // Beyond 128 bits only such numbers do, which never overflow.
            None => self.count_as::<BigUint>().unwrap_or_default(),
        }
    }

    fn count_as<N: Clone + Zero + One + CheckedAdd + CheckedMul>(&self) -> Option<N> {
        let mut counts: Vec<N> = Vec::with_capacity(self.modules.len());
        for module in &self.modules {
            counts.push(module.count(&counts)?);
        }
        Some(match counts.pop() {
            Some(count) => count,
            None if self.certain => N::one(),
            None => N::zero(),
        })
    }
}

impl Solved {
    fn count<N: Clone + Zero + One + CheckedAdd + CheckedMul>(&self, inner: &[N]) -> Option<N> {
        let mut counts: Vec<N> = Vec::with_capacity(self.nodes.len());
        for (position, node) in self.nodes.iter().enumerate() {
            let count = match position as u32 {
                NONE => N::zero(),
                UNIT => N::one(),
                _ => {
                    let high = &counts[node.high as usize];
                    let low = &counts[node.low as usize];
                    match self.variables[node.level as usize] {
                        Variable::Event(_) => high.checked_add(low)?,
                        Variable::Part(part) => {
                            high.checked_mul(&inner[part as usize])?.checked_add(low)?
                        }
                    }
                }
            };
            counts.push(count);
        }
        Some(counts.swap_remove(self.root as usize))
    }
}
