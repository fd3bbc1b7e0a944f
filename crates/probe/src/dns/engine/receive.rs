//! Receiving: which question a datagram answers, and what it says of its server.

use super::slots::State;
use super::{Engine, Micros};
use crate::dns::message::{self, Message, Rcode};
use std::net::SocketAddr;

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

impl Engine {
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
        let drop_edns = rcode == Rcode::FORMERR && slot.query.len() > end;
        if drop_edns {
            slot.query.truncate(end);
            slot.query[11] = 0;
        } else if slot.elsewhere > 0 {
            slot.elsewhere -= 1;
        } else {
            return false;
        }
        self.settle(index);
        self.requeue(index, !drop_edns);
        true
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
}
