//! Sender Policy Framework records (RFC 7208): reading one record, and the graph that
//! its `include` and `redirect` terms span, with the limits that receivers enforce.
//!
//! Nothing is asked here. [`Graph::build`] takes what is known of each name from its
//! caller and says which names it still needs ([`Graph::missing`]); the caller asks for
//! those and builds again. So the same code serves one domain and a million.

mod graph;
mod record;

pub use graph::{Graph, Known, Node, Problem, Via};
pub use record::{Cidr, Mechanism, Qualifier, Record, Syntax, Term, is_spf};
