//! The engine: which query goes to which server when, which response answers which
//! question, and what is asked again. It touches neither socket nor clock: the driver
//! ([`super::drive`]) hands it the time and the datagrams.
//!
//! A question holds a slot until it is answered or given up, but counts against its
//! server's window only while an answer may still be on its way: a silent name waits for
//! its timeout without keeping others from being asked.

mod ask;
mod receive;
mod send;
mod servers;
mod settings;
mod slots;
mod timers;

pub use ask::{Question, Target};
pub use receive::Verdict;
pub use send::Transmit;
pub use settings::{Ports, Settings};

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use servers::Server;
use slots::Slot;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::net::SocketAddr;
use timers::Timer;

/// Microseconds since the engine's start.
pub type Micros = u64;

const NONE: u32 = u32::MAX;

/// Counts since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Queries sent, repetitions included.
    pub sent: u64,
    /// Repetitions among them, after silence or a failure.
    pub repeated: u64,
    /// Questions answered.
    pub answered: u64,
    /// Answers that came only after silence and a repetition.
    pub lost: u64,
    /// Questions given up after all tries.
    pub given_up: u64,
    /// Datagrams that answered nothing we still asked.
    pub unmatched: u64,
    /// Answers that had to be fetched by TCP.
    pub truncated: u64,
}

/// The engine; see the module's words.
pub struct Engine {
    settings: Settings,
    ports: Ports,
    resolvers: u32,
    next_resolver: u32,
    slots: Vec<Slot>,
    free: Vec<u32>,
    ids: Vec<u32>,
    servers: Vec<Server>,
    by_addr: HashMap<SocketAddr, u32>,
    /// When each operator may next be sent to.
    operators: Vec<Micros>,
    ready: VecDeque<u32>,
    paced: BinaryHeap<Reverse<(Micros, u32)>>,
    /// One queue for each try's timeout: equal waits stay in order of sending.
    timers: Vec<VecDeque<Timer>>,
    ageing: VecDeque<Timer>,
    round_trip: Micros,
    given_up: VecDeque<u32>,
    random: ChaCha8Rng,
    stats: Stats,
}

impl Engine {
    /// An engine that asks `resolvers` (none: every question names its server).
    /// `seed` must come from the operating system's randomness outside of tests: the
    /// identifiers that keep forged answers out are drawn from it.
    #[must_use]
    pub fn new(
        mut settings: Settings,
        ports: Ports,
        resolvers: &[SocketAddr],
        seed: [u8; 32],
    ) -> Self {
        settings.slots = settings.slots.clamp(1, 32_768);
        if settings.timeouts.is_empty() {
            settings.timeouts.push(1_000_000);
        }
        let mut engine = Self {
            ports,
            resolvers: resolvers.len() as u32,
            next_resolver: 0,
            slots: Vec::new(),
            free: Vec::new(),
            ids: vec![NONE; 1 << 16],
            servers: Vec::new(),
            by_addr: HashMap::new(),
            operators: Vec::new(),
            ready: VecDeque::new(),
            paced: BinaryHeap::new(),
            timers: settings.timeouts.iter().map(|_| VecDeque::new()).collect(),
            ageing: VecDeque::new(),
            round_trip: 50_000,
            given_up: VecDeque::new(),
            random: ChaCha8Rng::from_seed(seed),
            stats: Stats::default(),
            settings,
        };
        for addr in resolvers {
            engine.add_server(*addr);
        }
        engine
    }

    /// Counts since the start.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.stats
    }
}
