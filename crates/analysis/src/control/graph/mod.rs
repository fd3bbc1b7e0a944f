//! The graph of holdings.

mod defects;
mod entity;
mod holding;
mod unnamed;

pub(super) use defects::flow_diagnostic;
pub use entity::{Entity, EntityId, Kind};
pub use holding::{Holding, Measure, SpecialRight};
pub use unnamed::Unnamed;

use crate::exact::Range;
use crate::flow::{Flow, Part};
use cocarde_model::{Diagnostic, RecordId};
use std::collections::HashMap;

/// Entities linked by holdings that the exact analyses accept; [`Register`]
/// takes larger ones, without exactness.
///
/// [`Register`]: super::Register
pub const MAX_ENTITIES: usize = 5_000;

/// Entities linked by holdings times holdings that the exact analyses accept: each entity's share is
/// followed through every holding.
pub const MAX_WORK: usize = 4_000_000;

/// Entities and holdings, checked.
#[derive(Clone, Debug)]
pub struct ControlGraph {
    entities: Vec<Entity>,
    holdings: Vec<Holding>,
    complete: bool,
    /// Entities by the party that each was read from.
    by_record: HashMap<RecordId, EntityId>,
    /// Holdings by the entity held.
    above: Vec<Vec<u32>>,
    /// Holdings by holder.
    below: Vec<Vec<u32>>,
}

impl ControlGraph {
    /// Checks entities and holdings and builds the graph. `complete` states
    /// that no holding is missing from the list.
    ///
    /// # Errors
    /// One diagnostic for each defect: a share that is negative or above 100 %,
    /// shares of one entity that exceed 100 % together, an entity that holds
    /// itself, an unknown entity, a loop that nobody outside holds, a graph
    /// above [`MAX_ENTITIES`] or [`MAX_WORK`].
    pub fn new(
        entities: Vec<Entity>,
        holdings: Vec<Holding>,
        complete: bool,
    ) -> Result<ControlGraph, Vec<Diagnostic>> {
        let unfit = defects::unfit(entities.len(), &holdings);
        if !unfit.is_empty() {
            return Err(unfit);
        }
        let mut graph = ControlGraph {
            above: vec![Vec::new(); entities.len()],
            below: vec![Vec::new(); entities.len()],
            by_record: HashMap::new(),
            entities,
            holdings,
            complete,
        };
        for (i, h) in graph.holdings.iter().enumerate() {
            graph.above[h.held.index()].push(i as u32);
            graph.below[h.holder.index()].push(i as u32);
        }
        let records = (0..).map(EntityId).zip(&graph.entities);
        graph.by_record = records
            .filter_map(|(id, e)| Some((e.record?, id)))
            .collect();
        let defects = graph.defects();
        if defects.is_empty() {
            Ok(graph)
        } else {
            Err(defects)
        }
    }

    /// The entity of that id.
    pub fn entity(&self, id: EntityId) -> &Entity {
        &self.entities[id.index()]
    }

    /// All entities, in order.
    pub fn entities(&self) -> impl Iterator<Item = (EntityId, &Entity)> {
        let ids = (0..).map(EntityId);
        ids.zip(&self.entities)
    }

    /// Number of entities.
    pub fn len(&self) -> usize {
        self.entities.len()
    }

    /// Whether there are no entities.
    pub fn is_empty(&self) -> bool {
        self.entities.is_empty()
    }

    /// Whether no holding is missing from the list.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Who holds an entity directly.
    pub fn holders(&self, held: EntityId) -> impl Iterator<Item = &Holding> {
        self.above[held.index()]
            .iter()
            .map(|h| &self.holdings[*h as usize])
    }

    /// What an entity holds directly.
    pub fn held(&self, holder: EntityId) -> impl Iterator<Item = &Holding> {
        self.below[holder.index()]
            .iter()
            .map(|h| &self.holdings[*h as usize])
    }

    /// All holdings, in order.
    pub fn holdings(&self) -> &[Holding] {
        &self.holdings
    }

    /// The entity read from that party.
    pub fn by_record(&self, record: RecordId) -> Option<EntityId> {
        self.by_record.get(&record).copied()
    }

    /// The share of a holding, as a fraction.
    pub fn share(holding: &Holding, measure: Measure) -> Range {
        Range::of_percent(match measure {
            Measure::Capital => holding.capital,
            Measure::Votes => holding.votes,
        })
    }

    /// The flow of ownership: entities by position, then two ends, the unnamed
    /// holders who may be anyone and those who are not counted.
    pub fn flow(&self, measure: Measure, listed_declare: bool) -> Flow {
        let mut flow = Flow::default();
        for _ in 0..self.len() + 2 {
            flow.end();
        }
        for (id, _) in self.entities() {
            if self.is_end(id) {
                continue;
            }
            let mut parts: Vec<Part> = self
                .holders(id)
                .map(|h| Part {
                    to: h.holder.index(),
                    share: Self::share(h, measure),
                })
                .collect();
            let counted = self.counts_unnamed(id, listed_declare);
            let to = self.len() + usize::from(!counted);
            let share = self.remainder(id, measure);
            parts.push(Part { to, share });
            flow.split(id.index(), parts);
        }
        flow
    }
}
