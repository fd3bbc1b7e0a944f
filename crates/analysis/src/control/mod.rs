//! Who holds, who controls, who can vote: ownership through any number of
//! intermediate companies, loops and unknown holders included.

mod chains;
mod controlled;
mod derive;
mod facts;
mod graph;
mod holders;
mod integrated;
mod origin;
mod outside;
mod register;
mod report;
mod table;
mod voting;

pub use controlled::ControlRule;
pub use derive::derive;
pub(crate) use derive::rests_on;
pub use facts::from_facts;
pub use graph::{
    ControlGraph, Entity, EntityId, Holding, Kind, MAX_ENTITIES, MAX_WORK, Measure, SpecialRight,
    Unnamed,
};
pub use outside::{IndirectVotes, Outside, OutsideHolder, OutsideRule, Persons};
pub use register::{Attribution, Register, RegisterError, Relation, Shares};
pub(crate) use report::at_the_seat;
pub use report::{
    ChainSummary, ControlAnalysis, ControlReport, ControlSummary, EntityLine, HolderSummary,
    HoldingLine, OutsideSummary, Owner, VotingPower,
};
pub use table::ControlTable;
pub(crate) use table::Ultimate;

#[cfg(test)]
pub(crate) mod testing;
