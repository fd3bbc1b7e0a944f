//! What the names in formulas stand for.

use super::{Argument, Builder, TOLD, Wanted};
use crate::cutset::fault_tree::Input;
use cocarde_model::{Span, did_you_mean};

/// Most names that an unknown one is compared with.
const COMPARED: usize = 10_000;

impl Builder {
    /// What an argument stands for; a defect where it stands for nothing.
    pub(super) fn resolve(&mut self, argument: &Argument) -> Input {
        let (wanted, name, scope, span) = match argument {
            Argument::Constant(value) => return Input::Constant(*value),
            Argument::Formula(position) => return Input::Gate(*position),
            Argument::Name {
                wanted,
                name,
                scope,
                span,
            } => (*wanted, name, scope, *span),
        };
        let found = self.look_up(name, scope);
        let fits = |input| {
            matches!(
                (wanted, input),
                (Wanted::Any, _)
                    | (Wanted::Gate, Input::Gate(_))
                    | (Wanted::Event, Input::Event(_))
                    | (Wanted::House, Input::Constant(_))
            )
        };
        match found {
            Some(input) if fits(input) => return input,
            Some(_) => self.defect(
                span,
                "wrong-kind",
                format!("« {name} » n'est pas de la sorte attendue ici"),
                format!("`{name}` is not of the kind expected here"),
                "employer l'élément qui correspond à sa définition",
                "use the element that matches its definition",
            ),
            None => self.unknown(name, span),
        }
        Input::Constant(false)
    }

    /// The innermost definition of that name seen from that scope.
    pub(super) fn look_up(&self, name: &str, scope: &str) -> Option<Input> {
        let mut scope = scope;
        while !scope.is_empty() {
            if let Some(input) = self.symbols.get(format!("{scope}.{name}").as_str()) {
                return Some(*input);
            }
            scope = scope.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        self.symbols.get(name).copied()
    }

    /// A name that is defined nowhere, with the one that may have been meant.
    pub(super) fn unknown(&mut self, name: &str, span: Option<Span>) {
        if self.defects.len() >= TOLD {
            return;
        }
        // Comparing with all names of a huge model would take long.
        let names = self.symbols.keys().map(|k| &**k).take(COMPARED + 1);
        let mut near: Vec<&str> = names.collect();
        if near.len() > COMPARED {
            near.clear();
        }
        near.sort_unstable();
        let (fr, en) = match did_you_mean(name, near.into_iter()) {
            Some(near) => (
                format!("le définir, ou écrire « {near} »"),
                format!("define it, or write `{near}`"),
            ),
            None => ("le définir".into(), "define it".into()),
        };
        self.defect(
            span,
            "unknown-name",
            format!("« {name} » n'est défini nulle part"),
            format!("`{name}` is defined nowhere"),
            &fr,
            &en,
        );
    }
}
