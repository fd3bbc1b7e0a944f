//! Where the value is made: costs by activity and country, purchases looked
//! through suppliers, loops among suppliers solved exactly, unknown parts kept
//! as intervals.

mod chain;
mod facts;
mod report;
mod staff;
mod words;

pub use chain::{Chain, ChainError, Destination, Firm, FirmId, Line as CostLine, MAX_LINES};
pub use facts::{ValueRule, offering_chain, unit_cost_chain};
pub use report::{Destined, LineShare, ValueReport, analyse, derive};
pub use staff::{StaffReport, StaffRule, derive_staff, staff};
pub use words::kind_words;
