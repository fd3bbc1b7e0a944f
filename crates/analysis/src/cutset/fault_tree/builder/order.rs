//! The order of gates, each after those that feed it.

use super::Builder;
use crate::cutset::fault_tree::Input;

impl Builder {
    /// The gates, each after those that feed it; none where there is a cycle.
    pub(super) fn order(&mut self, inputs: &[Vec<Input>]) -> Option<Vec<u32>> {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            Open,
            Done,
        }
        let mut marks = vec![Mark::New; inputs.len()];
        let mut order = Vec::with_capacity(inputs.len());
        let mut path: Vec<(u32, usize)> = Vec::new();
        for start in 0..inputs.len() as u32 {
            if marks[start as usize] != Mark::New {
                continue;
            }
            marks[start as usize] = Mark::Open;
            path.push((start, 0));
            while let Some((gate, next)) = path.last_mut() {
                let Some(input) = inputs[*gate as usize].get(*next) else {
                    marks[*gate as usize] = Mark::Done;
                    order.push(*gate);
                    path.pop();
                    continue;
                };
                *next += 1;
                let Input::Gate(below) = *input else { continue };
                match marks[below as usize] {
                    Mark::Done => {}
                    Mark::New => {
                        marks[below as usize] = Mark::Open;
                        path.push((below, 0));
                    }
                    Mark::Open => {
                        self.cycle(&path, below);
                        return None;
                    }
                }
            }
        }
        Some(order)
    }

    fn cycle(&mut self, path: &[(u32, usize)], back_to: u32) {
        let from = path.iter().position(|(g, _)| *g == back_to).unwrap_or(0);
        let mut names: Vec<&str> = path[from..]
            .iter()
            .filter_map(|(g, _)| self.drafts[*g as usize].name.as_deref())
            .collect();
        if names.len() > 8 {
            names.splice(7..names.len() - 1, ["…"]);
        }
        names.extend(names.first().copied());
        let chain = names.join(" → ");
        let span = path[from..]
            .iter()
            .find_map(|(g, _)| self.drafts[*g as usize].span);
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
