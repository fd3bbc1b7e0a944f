//! Questions taken in hand, as long as there is room.

use super::Engine;
use super::servers::Server;
use super::slots::{Slot, State};
use crate::dns::message::{self, Type};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

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

impl Engine {
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
            self.slots.push(Slot::default());
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
        slot.again = false;
        self.identify(index);
        self.servers[server as usize].queue.push_back(index);
        self.list(server);
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
