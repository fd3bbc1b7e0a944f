//! Who holds, who controls, who can vote: ownership through any number of
//! intermediate companies, loops and unknown holders included.

mod facts;
mod graph;

pub use facts::from_facts;
pub use graph::{
    ControlGraph, Entity, EntityId, Holding, Kind, MAX_ENTITIES, Measure, SpecialRight,
};
