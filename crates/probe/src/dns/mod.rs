//! A bulk DNS core: messages, an engine that asks many questions of few or many servers
//! at once, plans of what to ask about a domain, and results that survive a kill.

pub mod drive;
pub mod engine;
pub mod lookups;
pub mod message;
pub mod name;
pub mod order;
pub mod rdata;
pub mod socket;
mod stream;
pub mod window;
