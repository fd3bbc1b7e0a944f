//! The slots that questions hold: what they keep, their identifiers, and how they go
//! back into a queue or become free.

use super::settings::Ports;
use super::{Engine, Micros, NONE};
use crate::dns::message;
use crate::dns::socket::GATHERED;
use rand_chacha::rand_core::RngCore;

/// So many queries in a row leave by one socket before the next one's turn.
const BATCH: u16 = GATHERED as u16;

/// How far a question is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum State {
    #[default]
    Free,
    Queued,
    /// Sent, and counted in the window or only waited for.
    Sent {
        counted: bool,
    },
    Stream,
}

/// A question in hand, or a place for one.
#[derive(Default)]
pub(super) struct Slot {
    pub query: Vec<u8>,
    pub question_end: u16,
    pub state: State,
    pub token: u32,
    pub server: u32,
    /// Changes whenever an entry of the timer queues no longer stands.
    pub generation: u32,
    pub sent: Micros,
    pub id: u16,
    pub socket: u16,
    pub tries: u8,
    pub tries_left: u8,
    /// Servers that may still be asked instead, after a failure.
    pub elsewhere: u8,
    /// Whether it was sent before, so that sending it repeats it.
    pub again: bool,
}

impl Engine {
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

    /// Gives the slot an identifier at random that no other question has, and the socket
    /// whose turn it is or, where servers share them, that the identifier falls on.
    pub(super) fn identify(&mut self, index: u32) {
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

    /// Queues a question once more, at another resolver if there is one and `move_on`.
    pub(super) fn requeue(&mut self, index: u32, move_on: bool) {
        let slot = &mut self.slots[index as usize];
        slot.state = State::Queued;
        slot.again = true;
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
    pub(super) fn settle(&mut self, index: u32) {
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

    pub(super) fn release(&mut self, index: u32) {
        self.settle(index);
        let slot = &mut self.slots[index as usize];
        slot.state = State::Free;
        self.ids[usize::from(slot.id)] = NONE;
        self.free.push(index);
    }
}
