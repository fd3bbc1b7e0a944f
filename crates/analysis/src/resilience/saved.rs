//! Which of the functions that must hold can be saved, and how at least cost.

use super::portfolio::{Impossible, Portfolio, Problem, cheapest};

/// What can be saved of the functions of a problem.
#[derive(Debug)]
pub struct Saved {
    /// The cheapest way to save all but these.
    pub found: Result<Portfolio, Impossible>,
    /// Those that nothing saves.
    pub lost: Vec<usize>,
    /// Those that something saves, but not together with the ones before.
    pub apart: Vec<usize>,
}

impl Saved {
    /// All functions, where that is possible; else each that can be saved together
    /// with those before it. A work limit that is reached ends the search.
    pub fn of(mut problem: Problem<'_>) -> Saved {
        let mut saved = Saved {
            found: cheapest(&problem),
            lost: Vec::new(),
            apart: Vec::new(),
        };
        if saved.found != Err(Impossible::Nothing) {
            return saved;
        }
        for function in std::mem::take(&mut problem.functions) {
            problem.functions.push(function);
            match cheapest(&problem) {
                Err(Impossible::Nothing) => {
                    problem.functions.pop();
                    saved.without(function, &mut problem);
                }
                found => saved.found = found,
            }
            if saved.found == Err(Impossible::Limit) {
                break;
            }
        }
        saved
    }

    /// Tells why a function cannot be saved with those of a problem.
    fn without(&mut self, function: usize, problem: &mut Problem<'_>) {
        if problem.functions.is_empty() {
            // It was weighed alone already.
            self.lost.push(function);
            return;
        }
        let others = std::mem::replace(&mut problem.functions, vec![function]);
        match cheapest(problem) {
            Ok(_) => self.apart.push(function),
            Err(Impossible::Nothing) => self.lost.push(function),
            Err(Impossible::Limit) => self.found = Err(Impossible::Limit),
        }
        problem.functions = others;
    }
}
