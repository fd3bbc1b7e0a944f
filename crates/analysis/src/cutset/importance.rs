//! What each event contributes to the top of a coherent tree, from its minimal
//! cut sets: Birnbaum's (1969) and Fussell and Vesely's (Vesely 1970; Fussell
//! 1975) measures.
//!
//! In binary floating point: these rank, they decide nothing.

use super::arena::{self, Full};
use super::bdd::{self, Bdd, Edge};
use super::cut_sets::{CutSets, LimitReached, Limits};
use super::modules::Variable;
use super::solver::Solved;
use super::zbdd::{NONE, UNIT};
use std::collections::HashMap;

/// What an event contributes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Importance {
    /// How much the probability of the top rises from the event not happening
    /// to its happening.
    pub birnbaum: f64,
    /// The share of the probability of the top to which cut sets with the event
    /// contribute.
    pub fussell_vesely: f64,
}

/// The probability of the top and the importance of each event.
#[derive(Clone, Debug, PartialEq)]
pub struct Importances {
    /// Probability of the top.
    pub top: f64,
    /// By position of the event in the fault tree.
    pub events: Vec<Importance>,
}

/// What is known of a module alone.
struct Weighed {
    probability: f64,
    /// Of each of its variables, within it.
    variables: Vec<Importance>,
}

impl CutSets {
    /// The importance of each event, given the probability of each.
    ///
    /// # Errors
    /// Where a diagram needs more nodes than the limit.
    pub fn importances(
        &self,
        probabilities: &[f64],
        limits: &Limits,
    ) -> Result<Importances, LimitReached> {
        let weigh = |module: &Solved, known: &[Weighed]| {
            let of = |v: &Variable| match *v {
                Variable::Event(e) => probabilities[e as usize],
                Variable::Part(p) => known[p as usize].probability,
            };
            let of: Vec<f64> = module.variables.iter().map(of).collect();
            weigh(module, &of, limits.nodes)
        };
        let mut modules: Vec<Weighed> = Vec::with_capacity(self.modules.len());
        for module in &self.modules {
            let weighed = weigh(module, &modules).map_err(|Full| LimitReached {
                nodes: limits.nodes,
            })?;
            modules.push(weighed);
        }
        let mut events = vec![Importance::default(); probabilities.len()];
        let whole = Importance {
            birnbaum: 1.0,
            fussell_vesely: 1.0,
        };
        let mut share = vec![Importance::default(); modules.len()];
        if let Some(top) = share.last_mut() {
            *top = whole;
        }
        // Modules are independent, so importances multiply down to the events.
        for (position, module) in self.modules.iter().enumerate().rev() {
            let outer = share[position];
            for (variable, inside) in module.variables.iter().zip(&modules[position].variables) {
                let product = Importance {
                    birnbaum: outer.birnbaum * inside.birnbaum,
                    fussell_vesely: outer.fussell_vesely * inside.fussell_vesely,
                };
                match *variable {
                    Variable::Event(e) => events[e as usize] = product,
                    Variable::Part(p) => share[p as usize] = product,
                }
            }
        }
        let certain = if self.certain { 1.0 } else { 0.0 };
        Ok(Importances {
            top: modules.last().map_or(certain, |m| m.probability),
            events,
        })
    }
}

fn weigh(module: &Solved, probabilities: &[f64], nodes: usize) -> Result<Weighed, Full> {
    let mut happening = Happening {
        module,
        bdd: Bdd::new(arena::Limits {
            nodes,
            work: usize::MAX,
        }),
        known: HashMap::new(),
    };
    let root = happening.some(module.root)?;
    let (probability, slopes) = slopes(&happening.bdd, root, probabilities);
    let mut variables = Vec::with_capacity(probabilities.len());
    for (level, slope) in slopes.into_iter().enumerate() {
        let with = happening.some_with(module.root, level as u32, &mut HashMap::new())?;
        let with = self::slopes(&happening.bdd, with, probabilities).0;
        variables.push(Importance {
            birnbaum: slope,
            fussell_vesely: if probability > 0.0 {
                with / probability
            } else {
                0.0
            },
        });
    }
    Ok(Weighed {
        probability,
        variables,
    })
}

/// Whether all events of some set happen, as a function.
struct Happening<'m> {
    module: &'m Solved,
    bdd: Bdd,
    known: HashMap<u32, Edge>,
}

impl Happening<'_> {
    /// Of some set of a family.
    fn some(&mut self, family: u32) -> Result<Edge, Full> {
        match family {
            NONE => return Ok(bdd::FALSE),
            UNIT => return Ok(bdd::TRUE),
            _ => {}
        }
        if let Some(known) = self.known.get(&family) {
            return Ok(*known);
        }
        let node = self.module.nodes[family as usize];
        let (high, low) = (self.some(node.high)?, self.some(node.low)?);
        let result = self.with(node.level, high, low)?;
        self.known.insert(family, result);
        Ok(result)
    }

    /// Of some set of a family that holds the element at a level.
    fn some_with(
        &mut self,
        family: u32,
        level: u32,
        known: &mut HashMap<u32, Edge>,
    ) -> Result<Edge, Full> {
        let node = self.module.nodes[family as usize];
        if family == NONE || family == UNIT || node.level > level {
            return Ok(bdd::FALSE);
        }
        if let Some(known) = known.get(&family) {
            return Ok(*known);
        }
        let result = if node.level == level {
            let high = self.some(node.high)?;
            self.with(level, high, bdd::FALSE)?
        } else {
            let high = self.some_with(node.high, level, known)?;
            let low = self.some_with(node.low, level, known)?;
            self.with(node.level, high, low)?
        };
        known.insert(family, result);
        Ok(result)
    }

    /// `low`, or the variable of that level and `high`.
    fn with(&mut self, level: u32, high: Edge, low: Edge) -> Result<Edge, Full> {
        let variable = self.bdd.variable(level)?;
        let high = self.bdd.and(variable, high)?;
        self.bdd.or(high, low)
    }
}

/// The probability of a function, and how fast it grows with each variable's.
fn slopes(bdd: &Bdd, root: Edge, probabilities: &[f64]) -> (f64, Vec<f64>) {
    let nodes = bdd.nodes();
    let mut of: Vec<f64> = Vec::with_capacity(nodes.len());
    let signed = |of: &[f64], edge: Edge| {
        let p = of[(edge >> 1) as usize];
        if edge & 1 == 1 { 1.0 - p } else { p }
    };
    for (position, node) in nodes.iter().enumerate() {
        of.push(if position == 0 {
            1.0
        } else {
            let p = probabilities[node.level as usize];
            p * signed(&of, node.high) + (1.0 - p) * signed(&of, node.low)
        });
    }
    let sign = |edge: Edge| if edge & 1 == 1 { -1.0 } else { 1.0 };
    let mut weight = vec![0.0; nodes.len()];
    weight[(root >> 1) as usize] = sign(root);
    let mut slopes = vec![0.0; probabilities.len()];
    for (position, node) in nodes.iter().enumerate().skip(1).rev() {
        let w = weight[position];
        if w != 0.0 {
            let p = probabilities[node.level as usize];
            slopes[node.level as usize] += w * (signed(&of, node.high) - signed(&of, node.low));
            weight[(node.high >> 1) as usize] += w * p * sign(node.high);
            weight[(node.low >> 1) as usize] += w * (1.0 - p) * sign(node.low);
        }
    }
    (signed(&of, root), slopes)
}
