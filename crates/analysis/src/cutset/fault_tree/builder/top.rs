//! What the tree is about: the gate on top.

use super::Builder;
use crate::cutset::fault_tree::Input;

impl Builder {
    /// What `wanted` names, or the one named gate that feeds no other.
    pub(super) fn top(&mut self, inputs: &[Vec<Input>], wanted: Option<&str>) -> Option<Input> {
        if let Some(name) = wanted {
            let found = self.look_up(name, "");
            if found.is_none() {
                self.unknown(name, None);
            }
            return found;
        }
        let mut fed = vec![false; inputs.len()];
        for input in inputs.iter().flatten() {
            if let Input::Gate(gate) = input {
                fed[*gate as usize] = true;
            }
        }
        let roots: Vec<u32> = (0..inputs.len() as u32)
            .filter(|g| !fed[*g as usize] && self.drafts[*g as usize].name.is_some())
            .collect();
        if let [root] = roots[..] {
            return Some(Input::Gate(root));
        }
        self.no_single_top(&roots);
        None
    }

    fn no_single_top(&mut self, roots: &[u32]) {
        let names: Vec<&str> = roots
            .iter()
            .take(8)
            .filter_map(|g| self.drafts[*g as usize].name.as_deref())
            .collect();
        let names = names.join(", ");
        let (fr, en) = if roots.is_empty() {
            (
                "aucune porte n'est au sommet".into(),
                "no gate is the top".into(),
            )
        } else {
            (
                format!("plusieurs portes sont au sommet : {names}"),
                format!("several gates are on top: {names}"),
            )
        };
        let span = roots.get(1).and_then(|g| self.drafts[*g as usize].span);
        self.defect(
            span,
            "no-single-top",
            fr,
            en,
            "nommer la porte à analyser",
            "name the gate to analyse",
        );
    }
}
