//! How an engine behaves, and which sockets it has.

use super::Micros;
use crate::dns::message::QueryOptions;

/// How the engine behaves.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How long each try waits for its answer; their number is the number of tries.
    pub timeouts: Vec<Micros>,
    /// Queries under way per server address at the start.
    pub window: u32,
    /// The most queries under way per server address.
    pub largest_window: u32,
    /// The most questions in hand, those that wait for a timeout included (at most 32,768,
    /// so that half of all identifiers stay free to choose from at random).
    pub slots: usize,
    /// The most queries a second per server address.
    pub rate: Option<u32>,
    /// The most queries a second per operator; see [`super::Engine::join`].
    pub operator_rate: Option<u32>,
    /// How queries are put.
    pub query: QueryOptions,
    /// Letters of names in random case, and answers checked for it (`0x20`).
    pub mix_case: bool,
}

impl Default for Settings {
    /// Polite defaults: at most 64 queries under way and 500 a second per address, 2,000 a
    /// second per operator.
    fn default() -> Self {
        Self {
            timeouts: vec![
                500_000, 1_000_000, 1_500_000, 2_000_000, 3_000_000, 3_000_000,
            ],
            window: 16,
            largest_window: 64,
            slots: 16_384,
            rate: Some(500),
            operator_rate: Some(2_000),
            query: QueryOptions::default(),
            mix_case: false,
        }
    }
}

/// Which sockets lead to a server.
#[derive(Clone, Copy, Debug)]
pub enum Ports {
    /// Each server has so many sockets of its own, connected to it: server 0 the first
    /// ones, and so on.
    Connected(u16),
    /// So many sockets for IPv4, then so many for IPv6, that all servers share.
    Shared(u16, u16),
}
