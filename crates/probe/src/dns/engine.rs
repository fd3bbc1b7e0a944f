//! The engine: which query goes to which server when, which response answers which
//! question, and what is asked again. It touches neither socket nor clock: the driver
//! ([`super::drive`]) hands it the time and the datagrams.
//!
//! A question holds a slot until it is answered or given up, but counts against its
//! server's window only while an answer may still be on its way: a silent name waits for
//! its timeout without keeping others from being asked.

use super::message::{self, Message, QueryOptions, Rcode, Type};
use super::window::Window;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::net::SocketAddr;

/// Microseconds since the engine's start.
pub type Micros = u64;

const NONE: u32 = u32::MAX;
/// So many queries in a row leave by one socket before the next one's turn.
const BATCH: u16 = super::socket::GATHERED as u16;

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
    /// The most queries a second per operator; see [`Engine::join`].
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

/// Whom to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Any of the given resolvers; another one after a failure.
    AnyResolver,
    /// This server only.
    Server(u32),
}

/// A question to ask.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What the asker knows it by.
    pub token: u32,
    /// The name, in wire form.
    pub name: &'a [u8],
    /// The type.
    pub qtype: Type,
    /// Whom to ask.
    pub target: Target,
    /// How often at most; 0 for as often as the settings say.
    pub tries: u8,
}

/// What became of a datagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It answers nothing we asked, or the question is being asked again elsewhere.
    Ignored,
    /// It answers the question known by `token`.
    Answer {
        /// The asker's token.
        token: u32,
        /// The server that answered.
        server: u32,
    },
    /// The answer did not fit: ask by TCP, then call [`Engine::stream_done`].
    Truncated {
        /// Names the question to [`Engine::query`] and [`Engine::stream_done`].
        slot: u32,
        /// The server to ask.
        server: u32,
    },
}

/// A query to send.
#[derive(Debug)]
pub struct Transmit<'a> {
    /// By which socket.
    pub socket: u16,
    /// To whom.
    pub to: SocketAddr,
    /// What.
    pub bytes: &'a [u8],
}

/// Counts since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Queries sent, repetitions included.
    pub sent: u64,
    /// Repetitions among them.
    pub repeated: u64,
    /// Questions answered.
    pub answered: u64,
    /// Answers that came only after a repetition.
    pub lost: u64,
    /// Questions given up after all tries.
    pub given_up: u64,
    /// Datagrams that answered nothing we still asked.
    pub unmatched: u64,
    /// Answers that had to be fetched by TCP.
    pub truncated: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Free,
    Queued,
    /// Sent, and counted in the window or only waited for.
    Sent {
        counted: bool,
    },
    Stream,
}

struct Slot {
    query: Vec<u8>,
    question_end: u16,
    state: State,
    token: u32,
    server: u32,
    /// Changes whenever an entry of the timer queues no longer stands.
    generation: u32,
    sent: Micros,
    id: u16,
    socket: u16,
    tries: u8,
    tries_left: u8,
    /// Servers that may still be asked instead, after a failure.
    elsewhere: u8,
}

struct Server {
    addr: SocketAddr,
    window: Window,
    queue: VecDeque<u32>,
    next_send: Micros,
    /// Who runs it, by [`Engine::join`]'s number; `NONE` if nobody said.
    operator: u32,
    turn: u16,
    /// Whether it stands in `ready` or in `paced`.
    listed: bool,
}

#[derive(Clone, Copy)]
struct Timer {
    slot: u32,
    generation: u32,
    sent: Micros,
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

    fn add_server(&mut self, addr: SocketAddr) -> u32 {
        let index = self.servers.len() as u32;
        let window = Window::new(self.settings.window, self.settings.largest_window);
        let queue = VecDeque::new();
        self.servers.push(Server {
            addr,
            window,
            queue,
            next_send: 0,
            operator: NONE,
            turn: 0,
            listed: false,
        });
        self.by_addr.insert(addr, index);
        index
    }

    /// The server at `addr`, new or known.
    pub fn server(&mut self, addr: SocketAddr) -> u32 {
        match self.by_addr.get(&addr) {
            Some(&index) => index,
            None => self.add_server(addr),
        }
    }

    /// Says who runs a server: operators are numbered by the caller, from 0 and without
    /// gaps. The first word stands.
    pub fn join(&mut self, server: u32, operator: u32) {
        let s = &mut self.servers[server as usize];
        if s.operator == NONE {
            s.operator = operator;
            if self.operators.len() <= operator as usize {
                self.operators.resize(operator as usize + 1, 0);
            }
        }
    }

    /// A server's address.
    #[must_use]
    pub fn address(&self, server: u32) -> SocketAddr {
        self.servers[server as usize].addr
    }

    /// Counts since the start.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.stats
    }

    /// The query of a question under way, as it was sent.
    #[must_use]
    pub fn query(&self, slot: u32) -> &[u8] {
        &self.slots[slot as usize].query
    }

    /// How many questions are in hand.
    #[must_use]
    pub fn in_hand(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    /// How many more questions it is worth asking now.
    #[must_use]
    pub fn room(&self) -> usize {
        let slots = self.settings.slots - self.in_hand();
        if self.resolvers == 0 {
            return slots;
        }
        let open = |s: &Server| (s.window.room() as usize).saturating_sub(s.queue.len());
        slots.min(
            self.servers[..self.resolvers as usize]
                .iter()
                .map(open)
                .sum(),
        )
    }

    /// Takes a question in hand. To be called only while [`Self::room`] is not zero.
    pub fn ask(&mut self, question: Question<'_>) {
        let (server, elsewhere) = match question.target {
            Target::Server(server) => (server, 0),
            Target::AnyResolver => (self.pick_resolver(), (self.resolvers - 1).min(2) as u8),
        };
        let all = self.timers.len() as u8;
        let tries = if question.tries == 0 {
            all
        } else {
            question.tries.min(all)
        };
        let index = self.free.pop().unwrap_or_else(|| {
            self.slots.push(Slot::empty());
            self.slots.len() as u32 - 1
        });
        let slot = &mut self.slots[index as usize];
        let end = message::write_query(
            &mut slot.query,
            question.name,
            question.qtype,
            self.settings.query,
        );
        if self.settings.mix_case {
            mix_case(&mut slot.query[message::HEADER..end - 4], &mut self.random);
        }
        slot.question_end = end as u16;
        slot.state = State::Queued;
        slot.token = question.token;
        slot.server = server;
        slot.tries = 0;
        slot.tries_left = tries;
        slot.elsewhere = elsewhere;
        self.identify(index);
        self.servers[server as usize].queue.push_back(index);
        self.list(server);
    }

    fn pick_resolver(&mut self) -> u32 {
        let n = self.resolvers.max(1);
        let from = self.next_resolver;
        self.next_resolver = (from + 1) % n;
        let open = |s: &u32| {
            let s = &self.servers[*s as usize];
            s.window.room() as usize > s.queue.len()
        };
        (0..n).map(|i| (from + i) % n).find(open).unwrap_or(from)
    }

    /// Gives the slot an identifier and a socket, both unlike the last ones.
    fn identify(&mut self, index: u32) {
        let id = loop {
            let id = self.random.next_u32() as u16;
            if self.ids[usize::from(id)] == NONE {
                break id;
            }
        };
        self.ids[usize::from(id)] = index;
        let slot = &mut self.slots[index as usize];
        slot.id = id;
        message::set_id(&mut slot.query, id);
        let server = &mut self.servers[slot.server as usize];
        server.turn = server.turn.wrapping_add(1);
        let turn = server.turn / BATCH;
        slot.socket = match self.ports {
            Ports::Connected(each) => slot.server as u16 * each + turn % each,
            Ports::Shared(v4, _) if server.addr.is_ipv4() => id % v4,
            Ports::Shared(v4, v6) => v4 + id % v6.max(1),
        };
    }

    fn list(&mut self, server: u32) {
        let s = &mut self.servers[server as usize];
        if !s.listed && !s.queue.is_empty() && s.window.is_open() {
            s.listed = true;
            self.ready.push_back(server);
        }
    }

    /// The next query to send, if the windows and rates let one go now.
    pub fn transmit(&mut self, now: Micros) -> Option<Transmit<'_>> {
        while let Some(&Reverse((at, server))) = self.paced.peek() {
            if at > now {
                break;
            }
            self.paced.pop();
            self.servers[server as usize].listed = false;
            self.list(server);
        }
        let index = loop {
            let server = *self.ready.front()?;
            let s = &mut self.servers[server as usize];
            if s.queue.is_empty() || !s.window.is_open() {
                self.ready.pop_front();
                s.listed = false;
                continue;
            }
            let shared = self.operators.get_mut(s.operator as usize);
            let at = s.next_send.max(shared.as_deref().copied().unwrap_or(0));
            if at > now {
                self.ready.pop_front();
                self.paced.push(Reverse((at, server)));
                continue;
            }
            pace(&mut s.next_send, self.settings.rate, now);
            if let Some(next_send) = shared {
                pace(next_send, self.settings.operator_rate, now);
            }
            if let Some(index) = s.queue.pop_front() {
                s.window.enter();
                break index;
            }
        };
        let slot = &mut self.slots[index as usize];
        slot.generation = slot.generation.wrapping_add(1);
        slot.sent = now;
        slot.state = State::Sent { counted: true };
        let timer = Timer {
            slot: index,
            generation: slot.generation,
            sent: now,
        };
        self.timers[usize::from(slot.tries)].push_back(timer);
        self.ageing.push_back(timer);
        self.stats.sent += 1;
        self.stats.repeated += u64::from(slot.tries > 0);
        let to = self.servers[slot.server as usize].addr;
        Some(Transmit {
            socket: slot.socket,
            to,
            bytes: &slot.query,
        })
    }

    /// Judges a datagram that came to `socket` from `from` (`None`: a connected socket).
    pub fn receive(
        &mut self,
        now: Micros,
        socket: u16,
        from: Option<SocketAddr>,
        bytes: &[u8],
    ) -> Verdict {
        let Some(index) = self.matching(socket, from, bytes) else {
            self.stats.unmatched += 1;
            return Verdict::Ignored;
        };
        let Ok(parsed) = Message::parse(bytes) else {
            return self.failed(index);
        };
        self.learn(index, now);
        if parsed.truncated() {
            self.stats.truncated += 1;
            self.settle(index);
            let slot = &mut self.slots[index as usize];
            slot.state = State::Stream;
            return Verdict::Truncated {
                slot: index,
                server: slot.server,
            };
        }
        if parsed.rcode().is_failure() && self.ask_again(index, parsed.rcode()) {
            return Verdict::Ignored;
        }
        self.stats.answered += 1;
        let slot = &self.slots[index as usize];
        let (token, server) = (slot.token, slot.server);
        self.release(index);
        Verdict::Answer { token, server }
    }

    /// The slot a datagram answers: its identifier, socket, sender and question match.
    fn matching(&self, socket: u16, from: Option<SocketAddr>, bytes: &[u8]) -> Option<u32> {
        let id = message::id(bytes)?;
        let index = self.ids[usize::from(id)];
        let slot = self.slots.get(index as usize)?;
        let expected = slot
            .query
            .get(message::HEADER..usize::from(slot.question_end))?;
        let got = bytes.get(message::HEADER..usize::from(slot.question_end))?;
        let same = if self.settings.mix_case {
            got == expected
        } else {
            got.eq_ignore_ascii_case(expected)
        };
        let sender = from.is_none_or(|a| a == self.servers[slot.server as usize].addr);
        let sent = matches!(slot.state, State::Sent { .. })
            || (slot.state == State::Queued && slot.tries > 0);
        (same && sender && sent && slot.socket == socket && bytes[2] & 0x80 != 0).then_some(index)
    }

    fn learn(&mut self, index: u32, now: Micros) {
        let slot = &self.slots[index as usize];
        let trip = now.saturating_sub(slot.sent);
        // An answer sooner than half a usual trip after a repetition is a late answer to
        // the query before it, not a sign of loss.
        let lost = slot.tries > 0 && trip >= self.round_trip / 2;
        if slot.tries == 0 {
            self.round_trip = (self.round_trip * 7 + trip) / 8;
        }
        self.stats.lost += u64::from(lost);
        self.servers[slot.server as usize].window.learn(lost);
    }

    /// A response that cannot be read: as good as a failure of that server.
    fn failed(&mut self, index: u32) -> Verdict {
        if !self.ask_again(index, Rcode::SERVFAIL) {
            let token = self.slots[index as usize].token;
            self.stats.given_up += 1;
            self.given_up.push_back(token);
            self.release(index);
        }
        Verdict::Ignored
    }

    /// After a failure: without EDNS if that may be the cause, else another resolver.
    fn ask_again(&mut self, index: u32, rcode: Rcode) -> bool {
        let slot = &mut self.slots[index as usize];
        let end = usize::from(slot.question_end);
        if rcode == Rcode::FORMERR && slot.query.len() > end {
            slot.query.truncate(end);
            slot.query[11] = 0;
        } else if slot.elsewhere > 0 {
            slot.elsewhere -= 1;
        } else {
            return false;
        }
        self.settle(index);
        self.requeue(index, rcode != Rcode::FORMERR);
        true
    }

    /// Queues a question once more, at another resolver if there is one and `move_on`.
    fn requeue(&mut self, index: u32, move_on: bool) {
        let slot = &mut self.slots[index as usize];
        slot.state = State::Queued;
        if move_on && slot.server < self.resolvers && self.resolvers > 1 {
            slot.server = (slot.server + 1) % self.resolvers;
            self.ids[usize::from(slot.id)] = NONE;
            self.identify(index);
        }
        let server = self.slots[index as usize].server;
        self.servers[server as usize].queue.push_front(index);
        self.list(server);
    }

    /// Takes the slot out of its window and its queue, and its timers out of force.
    fn settle(&mut self, index: u32) {
        let slot = &mut self.slots[index as usize];
        slot.generation = slot.generation.wrapping_add(1);
        let (state, server) = (slot.state, slot.server);
        let s = &mut self.servers[server as usize];
        match state {
            State::Sent { counted: true } => s.window.leave(),
            State::Queued => s.queue.retain(|&i| i != index),
            _ => {}
        }
        self.list(server);
    }

    fn release(&mut self, index: u32) {
        self.settle(index);
        let slot = &mut self.slots[index as usize];
        slot.state = State::Free;
        self.ids[usize::from(slot.id)] = NONE;
        self.free.push(index);
    }

    /// Ends a question that was asked by TCP; gives its token.
    pub fn stream_done(&mut self, slot: u32, answered: bool) -> u32 {
        if answered {
            self.stats.answered += 1;
        } else {
            self.stats.given_up += 1;
        }
        let token = self.slots[slot as usize].token;
        self.release(slot);
        token
    }

    /// Lets time pass: old queries leave their windows, silent ones are asked again or
    /// given up.
    pub fn expire(&mut self, now: Micros) {
        let age = (self.round_trip * 8).clamp(20_000, 400_000);
        while let Some(timer) = self.ageing.front().copied().filter(|t| t.sent + age <= now) {
            self.ageing.pop_front();
            let slot = &mut self.slots[timer.slot as usize];
            if slot.generation == timer.generation && slot.state == (State::Sent { counted: true })
            {
                slot.state = State::Sent { counted: false };
                let server = slot.server;
                self.servers[server as usize].window.leave();
                self.list(server);
            }
        }
        for level in 0..self.timers.len() {
            let wait = self.settings.timeouts[level];
            while let Some(timer) = self.timers[level]
                .front()
                .copied()
                .filter(|t| t.sent + wait <= now)
            {
                self.timers[level].pop_front();
                let slot = &self.slots[timer.slot as usize];
                if slot.generation == timer.generation && matches!(slot.state, State::Sent { .. }) {
                    self.silent(timer.slot);
                }
            }
        }
    }

    fn silent(&mut self, index: u32) {
        self.settle(index);
        let slot = &mut self.slots[index as usize];
        slot.tries += 1;
        if slot.tries < slot.tries_left {
            self.requeue(index, true);
            return;
        }
        self.stats.given_up += 1;
        self.given_up.push_back(slot.token);
        // Settled already: it stands in no window and no queue.
        slot.state = State::Stream;
        self.release(index);
    }

    /// The token of a question given up, one at a time.
    pub fn given_up(&mut self) -> Option<u32> {
        self.given_up.pop_front()
    }

    /// The next moment at which [`Self::expire`] or [`Self::transmit`] may have work.
    #[must_use]
    pub fn wake_at(&self) -> Option<Micros> {
        let age = (self.round_trip * 8).clamp(20_000, 400_000);
        let timers = self.timers.iter().zip(&self.settings.timeouts);
        timers
            .filter_map(|(queue, wait)| Some(queue.front()?.sent + wait))
            .chain(self.ageing.front().map(|t| t.sent + age))
            .chain(self.paced.peek().map(|p| p.0.0))
            .min()
    }
}

impl Slot {
    fn empty() -> Self {
        Self {
            query: Vec::new(),
            question_end: 0,
            state: State::Free,
            token: 0,
            server: 0,
            generation: 0,
            sent: 0,
            id: 0,
            socket: 0,
            tries: 0,
            tries_left: 0,
            elsewhere: 0,
        }
    }
}

/// Moves the moment of the next sending on. A pause is not made up for by a burst of more
/// than ten milliseconds' worth.
fn pace(next_send: &mut Micros, rate: Option<u32>, now: Micros) {
    if let Some(rate) = rate {
        let step = 1_000_000 / u64::from(rate.max(1));
        *next_send = (*next_send).max(now.saturating_sub(10_000)) + step;
    }
}

/// Flips letters of a wire name at random. Lengths are below 64 and so are no letters.
fn mix_case(name: &mut [u8], random: &mut ChaCha8Rng) {
    for chunk in name.chunks_mut(32) {
        let bits = random.next_u32();
        for (i, b) in chunk.iter_mut().enumerate() {
            if b.is_ascii_alphabetic() && bits >> i & 1 == 1 {
                *b ^= 0x20;
            }
        }
    }
}
