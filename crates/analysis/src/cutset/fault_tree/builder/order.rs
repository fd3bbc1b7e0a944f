//! The order of gates, each after those that feed it.

use super::Builder;
use crate::cutset::fault_tree::Input;
use crate::scc;

impl Builder {
    /// The gates, each after those that feed it; none where there is a cycle.
    pub(super) fn order(&mut self, inputs: &[Vec<Input>]) -> Option<Vec<u32>> {
        let gate = |input: &Input| match input {
            Input::Gate(below) => Some(*below),
            _ => None,
        };
        let feeding = inputs.iter().map(|i| i.iter().filter_map(gate).collect());
        let feeding: Vec<Vec<u32>> = feeding.collect();
        match scc::order(&feeding) {
            Ok(order) => Some(order),
            Err(cycle) => {
                self.cycle(&cycle);
                None
            }
        }
    }

    fn cycle(&mut self, gates: &[u32]) {
        let drafts = gates.iter().map(|g| &self.drafts[*g as usize]);
        let names = drafts.clone().filter_map(|d| d.name.as_deref()).collect();
        let chain = scc::loop_text(names);
        let span = drafts.into_iter().find_map(|d| d.span);
        self.defect(
            span,
            "cycle",
            format!("la porte dépend d'elle-même : {chain}"),
            format!("the gate depends on itself: {chain}"),
            "retirer une des références de la boucle",
            "remove one of the references of the loop",
        );
    }
}
