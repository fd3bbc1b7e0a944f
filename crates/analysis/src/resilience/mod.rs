//! What stops when a supplier, an operator or a country fails, and the least
//! one can change so that nothing does.
//!
//! A network of functions over services is struck by the events of a scenario.
//! From it come when each function stops, the minimal cut sets by service, by
//! actor and by jurisdiction, what each contributes, and the cheapest portfolio
//! of replacements that survives.

mod actors;
mod causes;
mod cuts;
mod events;
mod facts;
mod missing;
mod network;
mod options;
mod outage;
mod portfolio;
mod report;
mod saved;
mod seats;
mod unplaced;
mod verdict;

pub use actors::{Actors, Provider, Provision};
pub use cuts::{Contribution, Cut, Level, MAX_LISTED};
pub use events::{Event, Struck, events};
pub use facts::{Subject, from_facts};
pub use network::{MAX_NEEDS, MAX_NODES, Network, Node, Several};
pub use outage::{End, FOREVER, Outage, SOME_DAY, outages};
pub use portfolio::{Choice, Impossible, Portfolio, Problem, cheapest};
pub use report::*;
pub use saved::Saved;

#[cfg(test)]
mod tests;
