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

pub use cuts::LIMITS;
pub use facts::from_facts;
pub use report::*;

#[cfg(test)]
mod tests;
