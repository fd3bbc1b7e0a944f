//! What each entity holds of one company, unnamed holders included.

use super::graph::{ControlGraph, EntityId, Measure};
use crate::exact::{Range, Ratio, complement, sum_of_products};
use crate::flow::{Flow, FlowError};
use num_traits::One;

/// The shares of one company, by holder: what [`ControlGraph::held_by`] says of it.
pub(super) struct Holders<'a> {
    graph: &'a ControlGraph,
    held: EntityId,
    measure: Measure,
    listed_declare: bool,
    /// Through named holdings alone.
    pub named: Vec<Range>,
    /// The most that an unnamed holder may hold, of every entity.
    unnamed: Vec<Ratio>,
    /// Whether all shares above the company are exact.
    exact: bool,
}

impl<'a> Holders<'a> {
    pub fn new(
        graph: &'a ControlGraph,
        held: EntityId,
        measure: Measure,
        listed_declare: bool,
    ) -> Result<Holders<'a>, FlowError> {
        let flow = graph.flow(measure, listed_declare);
        Ok(Holders {
            graph,
            held,
            measure,
            listed_declare,
            named: graph.named_holders_of(held, measure)?,
            unnamed: unnamed(&flow, graph.len())?,
            exact: flow.is_exact_from(held.index()),
        })
    }

    /// The most that an unnamed holder may hold, 0 to 1.
    pub fn unnamed(&self) -> &Ratio {
        &self.unnamed[self.held.index()]
    }

    /// The share of `owner`, who may be unnamed holders too, 0 to 1.
    pub fn share(&self, owner: EntityId) -> Result<Range, FlowError> {
        let named = &self.named[owner.index()];
        if self.graph.is_complete() {
            return Ok(named.clone());
        }
        let (unnamed, one) = (self.unnamed(), Ratio::one());
        if *unnamed == one {
            return Ok(Range::new(named.lo.clone(), one));
        }
        if !self.exact {
            let all = self.graph.held_by(owner, self.measure, self.listed_declare);
            return Ok(all?.swap_remove(self.held.index()));
        }
        // What the unnamed have beyond the owner is not counted twice.
        let beyond = complement(&self.unnamed[owner.index()]);
        let parts = [(unnamed, &one), (&named.lo, &beyond)];
        Ok(Range::new(
            named.lo.clone(),
            sum_of_products(parts.into_iter()),
        ))
    }
}

fn unnamed(flow: &Flow, entities: usize) -> Result<Vec<Ratio>, FlowError> {
    let mut values = vec![None; flow.len()];
    values[entities] = Some(Range::unit());
    let arrivals = flow.arrivals(&values)?.into_iter();
    Ok(arrivals.map(|range| range.hi).collect())
}

#[cfg(test)]
mod tests {
    use super::super::Holding;
    use super::super::testing::*;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// One company at a time gives what one owner at a time gives.
        #[test]
        fn holders_hold_what_owners_hold(
            list in proptest::collection::vec((0usize..8, 0usize..6, 1i64..40, 0i64..9), 0..14),
            wide in 0usize..3,
            complete: bool,
            listed: bool,
        ) {
            let mut entities: Vec<_> = (0..6).map(|i| company(&format!("c{i}"), "FR")).collect();
            entities.extend([state("s6", "FR"), state("s7", "US")]);
            entities[1].listed = Some(true);
            let list = list.iter().enumerate().filter(|(_, l)| l.0 != l.1);
            let holdings = list.map(|(i, (a, b, share, more))| {
                let hi = share + if i < wide { *more } else { 0 };
                Holding::of(EntityId(*a as u32), EntityId(*b as u32), between(*share, hi))
            });
            let graph = ControlGraph::new(entities, holdings.collect(), complete);
            let Ok(graph) = graph else { return Ok(()) };
            for held in 0..8 {
                let held = EntityId(held);
                let holders = Holders::new(&graph, held, Measure::Capital, listed).unwrap();
                for owner in (0..8).map(EntityId) {
                    let all = graph.held_by(owner, Measure::Capital, listed).unwrap();
                    if owner != held {
                        prop_assert_eq!(&holders.share(owner).unwrap(), &all[held.index()]);
                    }
                }
            }
        }
    }
}
