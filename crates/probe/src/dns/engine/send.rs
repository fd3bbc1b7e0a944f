//! Sending: whose turn it is, at which pace.

use super::slots::State;
use super::timers::Timer;
use super::{Engine, Micros};
use std::cmp::Reverse;
use std::net::SocketAddr;

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

impl Engine {
    /// The next query to send, if the windows and rates let one go now.
    pub fn transmit(&mut self, now: Micros) -> Option<Transmit<'_>> {
        self.end_pauses(now);
        let index = self.next_in_turn(now)?;
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
        self.stats.repeated += u64::from(slot.again);
        let to = self.servers[slot.server as usize].addr;
        Some(Transmit {
            socket: slot.socket,
            to,
            bytes: &slot.query,
        })
    }

    /// Servers whose pause is over can be sent to again.
    fn end_pauses(&mut self, now: Micros) {
        while let Some(&Reverse((at, server))) = self.paced.peek() {
            if at > now {
                break;
            }
            self.paced.pop();
            self.servers[server as usize].listed = false;
            self.list(server);
        }
    }

    /// Takes a slot out of the queue of a server that may be sent to now.
    fn next_in_turn(&mut self, now: Micros) -> Option<u32> {
        loop {
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
                return Some(index);
            }
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
