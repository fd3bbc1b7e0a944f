//! Integrated ownership: direct shares and those held through other entities.
//!
//! Two measures of the literature, both exact, loops included:
//! * *integrated*, F. Brioschi, L. Buzzacchi and M. G. Colombo, "Risk capital
//!   financing and the separation of ownership and control in business groups"
//!   (1989): the sum over all chains, `Y = A + A·Y`. An entity inside a loop is
//!   counted once for every turn of the loop;
//! * *net*, S. Baldone, F. Brioschi and S. Paleari, "Ownership measures among
//!   firms connected by cross-shareholdings and a further analogy with
//!   input–output theory" (1998): chains stop at the owner, so that no share
//!   exceeds the whole. This is the measure that intervals are given for.

use super::graph::{ControlGraph, EntityId, Measure};
use crate::exact::{Range, Ratio, Singular, solve};
use crate::flow::FlowError;
use num_traits::{One, Zero};

impl ControlGraph {
    /// The share of every entity that `owner` holds, directly and indirectly
    /// (net integrated ownership), 0 to 1: exact bounds, attained. Unnamed
    /// holders may be the owner, unless the list of holdings is complete.
    ///
    /// # Errors
    /// A loop too large to solve exactly.
    pub fn held_by(
        &self,
        owner: EntityId,
        measure: Measure,
        listed_declare: bool,
    ) -> Result<Vec<Range>, FlowError> {
        let flow = self.flow(measure, listed_declare);
        let mut values = vec![None; flow.len()];
        values[owner.index()] = Some(Range::point(Ratio::one()));
        if !self.is_complete() {
            values[self.len()] = Some(Range::unit());
        }
        flow.arrivals(&values)
    }

    /// What every entity holds of `held` through named holdings, unnamed holders
    /// taken to be others; of `held` itself, the whole.
    ///
    /// # Errors
    /// A loop too large to solve exactly.
    pub fn named_holders_of(
        &self,
        held: EntityId,
        measure: Measure,
    ) -> Result<Vec<Range>, FlowError> {
        let mut shares = self.flow(measure, false).hits(held.index())?;
        shares.truncate(self.len());
        Ok(shares)
    }

    /// Integrated ownership of Brioschi, Buzzacchi and Colombo among all
    /// entities, when every share is known exactly: `result[i][j]` is the share
    /// of `j` that `i` holds over all chains, `Y = A·(I − A)⁻¹`. `None` when a
    /// share is not exact.
    ///
    /// # Errors
    /// [`Singular`] when a loop holds itself wholly.
    pub fn integrated(&self, measure: Measure) -> Option<Result<Vec<Vec<Ratio>>, Singular>> {
        let n = self.len();
        let mut direct = vec![vec![Ratio::zero(); n]; n];
        for h in self.holdings() {
            let share = Self::share(h, measure);
            if share.lo != share.hi {
                return None;
            }
            direct[h.holder.index()][h.held.index()] += share.lo;
        }
        // Y = A + A·Y, that is (I − A)·Y = A.
        let cell = |i: usize, j: usize| {
            let one = if i == j { Ratio::one() } else { Ratio::zero() };
            one - &direct[i][j]
        };
        let matrix: Vec<Vec<Ratio>> = (0..n)
            .map(|i| (0..n).map(|j| cell(i, j)).collect())
            .collect();
        Some(solve(&matrix, &direct))
    }
}

#[cfg(test)]
mod tests;
