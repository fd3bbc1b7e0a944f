//! Which events matter: those of at least one minimal cut set.

use super::cut_sets::CutSets;
use super::modules::Variable;
use super::solver::Solved;
use super::zbdd::{NONE, UNIT};

impl CutSets {
    /// The basic events of at least one cut set, by position in the fault tree, in order.
    pub fn occurring(&self) -> Vec<u32> {
        let mut used = vec![false; self.modules.len()];
        if let Some(top) = used.last_mut() {
            *top = true;
        }
        let mut events = Vec::new();
        // Each module comes after those inside it.
        for (position, module) in self.modules.iter().enumerate().rev() {
            if !used[position] {
                continue;
            }
            for variable in module.occurring() {
                match variable {
                    Variable::Event(event) => events.push(event),
                    Variable::Part(part) => used[part as usize] = true,
                }
            }
        }
        events.sort_unstable();
        events.dedup();
        events
    }
}

impl Solved {
    /// The variables of what the root leads to: each node has sets with its own.
    fn occurring(&self) -> Vec<Variable> {
        let mut reached = vec![false; self.nodes.len()];
        reached[self.root as usize] = true;
        let mut found = Vec::new();
        // Each node comes after its successors.
        for (position, node) in self.nodes.iter().enumerate().rev() {
            if reached[position] && ![NONE, UNIT].contains(&(position as u32)) {
                found.push(self.variables[node.level as usize]);
                reached[node.high as usize] = true;
                reached[node.low as usize] = true;
            }
        }
        found
    }
}
