//! The decision diagram of a part: variables ordered, gates combined one after
//! another, garbage collected in between.

use super::bdd::{Bdd, Edge, FALSE, Full, TRUE};
use super::modules::{Part, PartKind, Variable};
use super::order::{HEURISTICS, levels};

/// A part's function as a decision diagram.
pub struct Diagram {
    /// The arena.
    pub bdd: Bdd,
    /// The function.
    pub root: Edge,
    /// The variable at each level.
    pub variables: Vec<Variable>,
}

/// First work limit, in nodes made, per heuristic; it grows fourfold a round.
const FIRST_TRY: usize = 4_000;

/// Below this many nodes, collecting garbage is not worth its time.
const COLLECT_FROM: usize = 1 << 18;

/// The diagram of the part, under the first order that stays small.
///
/// # Errors
/// Where every order needs more than `limit` nodes.
pub fn diagram(part: &Part, limit: usize) -> Result<Diagram, Full> {
    let mut work = FIRST_TRY.max(part.nodes.len() * 8);
    loop {
        for heuristic in HEURISTICS {
            let levels = levels(part, heuristic);
            let last = work >= limit;
            let allowed = if last { usize::MAX } else { work };
            let built = Builder::new(part, &levels, limit.min(work), allowed).build();
            if std::env::var("MCS_TRACE").is_ok() {
                eprintln!(
                    "part of {} nodes {} variables {heuristic:?} work {work}: {:?}",
                    part.nodes.len(),
                    part.variables.len(),
                    built.as_ref().map(|b| (b.0.made(), b.0.alive()))
                );
            }
            if let Ok((bdd, root)) = built {
                let mut variables = part.variables.clone();
                for (variable, level) in levels.iter().enumerate() {
                    variables[*level as usize] = part.variables[variable];
                }
                return Ok(Diagram {
                    bdd,
                    root,
                    variables,
                });
            }
        }
        if work >= limit {
            return Err(Full);
        }
        work = work.saturating_mul(4).min(limit);
    }
}

struct Builder<'p> {
    part: &'p Part,
    levels: &'p [u32],
    bdd: Bdd,
    /// The function of each node that has been combined and is still needed.
    functions: Vec<Edge>,
    /// Gates that still need each node.
    needed: Vec<u32>,
    work: usize,
    collect_at: usize,
}

impl<'p> Builder<'p> {
    fn new(part: &'p Part, levels: &'p [u32], limit: usize, work: usize) -> Builder<'p> {
        let mut needed = vec![0; part.nodes.len()];
        for argument in part.nodes.iter().flat_map(|n| &n.arguments) {
            needed[(argument >> 1) as usize] += 1;
        }
        Builder {
            part,
            levels,
            bdd: Bdd::new(limit),
            functions: vec![TRUE; part.nodes.len()],
            needed,
            work,
            collect_at: COLLECT_FROM,
        }
    }

    fn build(mut self) -> Result<(Bdd, Edge), Full> {
        let part = self.part;
        for (position, node) in part.nodes.iter().enumerate() {
            let arguments = || {
                let edges = node.arguments.iter();
                edges.map(|a| self.functions[(a >> 1) as usize] ^ (a & 1))
            };
            self.functions[position] = match node.kind {
                PartKind::Variable(v) => self.bdd.variable(self.levels[v as usize])?,
                PartKind::And => {
                    let edges = arguments().collect();
                    self.all(edges)?
                }
                PartKind::AtLeast(k) => {
                    let edges = arguments().collect();
                    self.at_least(k as usize, edges)?
                }
                PartKind::Xor => {
                    let edges: Vec<Edge> = arguments().collect();
                    self.bdd.xor(edges[0], edges[1])?
                }
            };
            for argument in &node.arguments {
                let below = (argument >> 1) as usize;
                self.needed[below] -= 1;
                if self.needed[below] == 0 {
                    self.functions[below] = TRUE;
                }
            }
            if self.bdd.made() > self.work {
                return Err(Full);
            }
            if self.bdd.alive() > self.collect_at {
                self.bdd.collect(self.functions.iter().copied());
                self.collect_at = (self.bdd.alive() * 2).max(COLLECT_FROM);
            }
        }
        let root = self.functions[part.nodes.len() - 1];
        Ok((self.bdd, root))
    }

    /// Deepest first, so that each step works on top of what is done.
    fn all(&mut self, mut edges: Vec<Edge>) -> Result<Edge, Full> {
        edges.sort_by_key(|e| std::cmp::Reverse(self.bdd.level(*e)));
        let mut result = TRUE;
        for edge in edges {
            result = self.bdd.and(edge, result)?;
        }
        Ok(result)
    }

    /// Row by row: after each edge, `reached[j]` says that at least `j` of the
    /// edges so far are true.
    fn at_least(&mut self, k: usize, mut edges: Vec<Edge>) -> Result<Edge, Full> {
        edges.sort_by_key(|e| std::cmp::Reverse(self.bdd.level(*e)));
        let mut reached = vec![FALSE; k + 1];
        reached[0] = TRUE;
        for edge in edges {
            for j in (1..=k).rev() {
                let with = self.bdd.and(edge, reached[j - 1])?;
                reached[j] = self.bdd.or(with, reached[j])?;
            }
        }
        Ok(reached[k])
    }
}
