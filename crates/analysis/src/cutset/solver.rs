//! The minimal solutions of a part, by whichever of several ways stays small.

use super::arena::{Full, Limits, Node};
use super::bdd::Bdd;
use super::diagram::build;
use super::modules::{Part, Variable};
use super::order::{Heuristic, levels};
use super::zbdd::Zbdd;

/// The minimal solutions of a part.
pub struct Solved {
    /// A zero-suppressed decision diagram, each node after its successors.
    pub nodes: Vec<Node>,
    /// Its root.
    pub root: u32,
    /// The variable at each level.
    pub variables: Vec<Variable>,
}

/// A way to the minimal solutions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Through the function, then its minimal solutions.
    Function,
    /// Minimal solutions from the start; for monotone parts.
    Solutions,
}

impl Way {
    /// What making a node costs, all operations included, beside the cheapest way.
    fn cost(self) -> usize {
        match self {
            Way::Function => 1,
            Way::Solutions => 4,
        }
    }
}

/// The ways, in the order in which they are tried.
const WAYS: [(Way, Heuristic); 10] = [
    (Way::Function, Heuristic::SharedFirst),
    (Way::Solutions, Heuristic::SharedFirst),
    (Way::Function, Heuristic::Drawn),
    (Way::Function, Heuristic::LargeFirst),
    (Way::Function, Heuristic::SmallFirst),
    (Way::Function, Heuristic::Written),
    (Way::Solutions, Heuristic::Drawn),
    (Way::Solutions, Heuristic::LargeFirst),
    (Way::Solutions, Heuristic::SmallFirst),
    (Way::Solutions, Heuristic::Written),
];

/// First work limit, in nodes made, for each way; it grows fourfold a round.
const FIRST_TRY: usize = 4_000;

/// Nodes that may be made in all, for each that may be alive.
const EFFORT: usize = 16;

/// The minimal solutions of a part, with diagrams of at most `limit` nodes.
///
/// # Errors
/// Where every way needs more, or more than [`EFFORT`] times as many are made.
pub fn minimal_solutions(part: &Part, monotone: bool, limit: usize) -> Result<Solved, Full> {
    let mut left = limit.saturating_mul(EFFORT);
    let mut work = FIRST_TRY.max(part.nodes.len() * 8);
    loop {
        for (way, heuristic) in WAYS {
            if way == Way::Solutions && !monotone {
                continue;
            }
            let tried = work.min(left);
            if tried == 0 {
                return Err(Full);
            }
            let limits = Limits {
                nodes: limit,
                work: tried / way.cost(),
            };
            if let Ok(solved) = try_way(part, way, &levels(part, heuristic), limits) {
                return Ok(solved);
            }
            left -= tried;
        }
        work = work.saturating_mul(4);
    }
}

fn try_way(part: &Part, way: Way, levels: &[u32], limits: Limits) -> Result<Solved, Full> {
    let mut zbdd = Zbdd::new(limits);
    let mut root = match way {
        Way::Function => {
            let mut bdd = Bdd::new(limits);
            let function = build(&mut bdd, part, levels)?;
            zbdd.minimal_solutions(&bdd, function)?
        }
        Way::Solutions => build(&mut zbdd, part, levels)?,
    };
    zbdd.collect(std::slice::from_mut(&mut root));
    let mut variables = part.variables.clone();
    for (variable, level) in levels.iter().enumerate() {
        variables[*level as usize] = part.variables[variable];
    }
    Ok(Solved {
        nodes: zbdd.into_nodes(),
        root,
        variables,
    })
}
