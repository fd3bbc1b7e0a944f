//! A truth that is asked for, in one view of the evidence or in both.

use crate::eval::{Outcomes, View};
use cocarde_model::Truth;

/// A truth, and the views in which it is asked for.
#[derive(Clone, Copy, PartialEq)]
pub struct Want {
    /// The truth.
    pub truth: bool,
    /// Whether in the established view.
    pub established: bool,
    /// Whether in the refuting view.
    pub refuting: bool,
}

impl Want {
    /// In both views.
    pub fn both(truth: bool) -> Want {
        Want {
            truth,
            established: true,
            refuting: true,
        }
    }

    /// The same in the established view alone.
    pub fn established(self) -> Want {
        Want {
            refuting: false,
            ..self
        }
    }

    /// The same in the refuting view alone.
    pub fn refuting(self) -> Want {
        Want {
            established: false,
            ..self
        }
    }

    /// The opposite truth, in the same views.
    pub fn negated(self) -> Want {
        Want {
            truth: !self.truth,
            ..self
        }
    }

    /// Whether outcomes are so.
    pub fn holds(self, o: Outcomes) -> bool {
        let is = |view| o.truth(view) == Truth::from(self.truth);
        (!self.established || is(View::Established)) && (!self.refuting || is(View::Refuting))
    }
}
