//! The decision diagram of a part: gates combined one after another, what is
//! no longer needed given up in between.

use super::arena::Full;
use super::bdd::{self, Bdd};
use super::modules::{Part, PartKind};
use super::zbdd::{self, Zbdd};

/// Diagrams of either sort, as far as gates are concerned.
pub trait Diagrams {
    /// What changes nothing in a conjunction.
    const ALWAYS: u32;
    /// What changes nothing in a disjunction.
    const NEVER: u32;
    /// The variable of that level.
    fn variable(&mut self, level: u32) -> Result<u32, Full>;
    /// Conjunction.
    fn both(&mut self, a: u32, b: u32) -> Result<u32, Full>;
    /// Disjunction.
    fn either(&mut self, a: u32, b: u32) -> Result<u32, Full>;
    /// Exactly one. Only for diagrams of functions that may be complemented.
    fn one_of(&mut self, a: u32, b: u32) -> Result<u32, Full>;
    /// Level of the first variable.
    fn first(&self, a: u32) -> u32;
    /// Nodes there are.
    fn size(&self) -> usize;
    /// The most nodes that may be made.
    fn work(&self) -> usize;
    /// Gives up all but what the roots need; the roots follow.
    fn keep(&mut self, roots: &mut [u32]);
}

impl Diagrams for Bdd {
    const ALWAYS: u32 = bdd::TRUE;
    const NEVER: u32 = bdd::FALSE;
    fn variable(&mut self, level: u32) -> Result<u32, Full> {
        Bdd::variable(self, level)
    }
    fn both(&mut self, a: u32, b: u32) -> Result<u32, Full> {
        self.and(a, b)
    }
    fn either(&mut self, a: u32, b: u32) -> Result<u32, Full> {
        self.or(a, b)
    }
    fn one_of(&mut self, a: u32, b: u32) -> Result<u32, Full> {
        self.xor(a, b)
    }
    fn first(&self, a: u32) -> u32 {
        self.level(a)
    }
    fn size(&self) -> usize {
        self.nodes().len()
    }
    fn work(&self) -> usize {
        Self::work(self)
    }
    fn keep(&mut self, roots: &mut [u32]) {
        self.collect(roots);
    }
}

/// For monotone functions only, told by their minimal solutions.
impl Diagrams for Zbdd {
    const ALWAYS: u32 = zbdd::UNIT;
    const NEVER: u32 = zbdd::NONE;
    fn variable(&mut self, level: u32) -> Result<u32, Full> {
        self.element(level)
    }
    fn both(&mut self, a: u32, b: u32) -> Result<u32, Full> {
        self.product(a, b)
    }
    fn either(&mut self, a: u32, b: u32) -> Result<u32, Full> {
        self.union(a, b)
    }
    fn one_of(&mut self, _: u32, _: u32) -> Result<u32, Full> {
        // No monotone part has one.
        Err(Full)
    }
    fn first(&self, a: u32) -> u32 {
        self.level(a)
    }
    fn size(&self) -> usize {
        self.nodes().len()
    }
    fn work(&self) -> usize {
        Self::work(self)
    }
    fn keep(&mut self, roots: &mut [u32]) {
        self.collect(roots);
    }
}

/// Below this many nodes, giving up is not worth its time.
const COLLECT_FROM: usize = 1 << 18;

/// The part's function with its variables at those levels.
pub fn build<D: Diagrams>(diagrams: &mut D, part: &Part, levels: &[u32]) -> Result<u32, Full> {
    let mut needed = vec![0_u32; part.nodes.len()];
    for argument in part.nodes.iter().flat_map(|n| &n.arguments) {
        needed[(argument >> 1) as usize] += 1;
    }
    let mut functions = vec![D::ALWAYS; part.nodes.len()];
    let mut collect_at = COLLECT_FROM;
    for (position, node) in part.nodes.iter().enumerate() {
        let edges = node.arguments.iter();
        let edges = edges
            .map(|a| functions[(a >> 1) as usize] ^ (a & 1))
            .collect();
        functions[position] = match node.kind {
            PartKind::Variable(v) => diagrams.variable(levels[v as usize])?,
            PartKind::All => all(diagrams, edges)?,
            PartKind::Any => any(diagrams, edges)?,
            PartKind::AtLeast(k) => at_least(diagrams, k as usize, edges)?,
            PartKind::Xor => diagrams.one_of(edges[0], edges[1])?,
        };
        for argument in &node.arguments {
            let below = (argument >> 1) as usize;
            needed[below] -= 1;
            if needed[below] == 0 {
                functions[below] = D::ALWAYS;
            }
        }
        if diagrams.size() > collect_at {
            diagrams.keep(&mut functions);
            collect_at = (diagrams.size() * 2).max(COLLECT_FROM);
        }
    }
    Ok(functions[part.nodes.len() - 1])
}

/// Deepest first, so that each step works on top of what is done.
fn deepest_first<D: Diagrams>(diagrams: &D, edges: &mut [u32]) {
    edges.sort_by_key(|e| std::cmp::Reverse(diagrams.first(*e)));
}

fn all<D: Diagrams>(diagrams: &mut D, mut edges: Vec<u32>) -> Result<u32, Full> {
    deepest_first(diagrams, &mut edges);
    let mut edges = edges.into_iter();
    edges.try_fold(D::ALWAYS, |done, edge| diagrams.both(edge, done))
}

fn any<D: Diagrams>(diagrams: &mut D, mut edges: Vec<u32>) -> Result<u32, Full> {
    deepest_first(diagrams, &mut edges);
    let mut edges = edges.into_iter();
    edges.try_fold(D::NEVER, |done, edge| diagrams.either(edge, done))
}

/// Row by row: after each edge, `reached[j]` says that at least `j` of the
/// edges so far are true.
fn at_least<D: Diagrams>(diagrams: &mut D, k: usize, mut edges: Vec<u32>) -> Result<u32, Full> {
    // So many cells are gone through, whatever becomes of them.
    if k.saturating_mul(edges.len()) / 2 > diagrams.work() {
        return Err(Full);
    }
    deepest_first(diagrams, &mut edges);
    let mut reached = vec![D::NEVER; k + 1];
    reached[0] = D::ALWAYS;
    for (before, edge) in edges.into_iter().enumerate() {
        for j in (1..=k.min(before + 1)).rev() {
            let with = diagrams.both(edge, reached[j - 1])?;
            reached[j] = diagrams.either(with, reached[j])?;
        }
    }
    Ok(reached[k])
}
