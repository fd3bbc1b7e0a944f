//! Timers: when a query leaves its window, when it is asked again or given up.

use super::slots::State;
use super::{Engine, Micros};

/// A query that was sent. It stands as long as its slot has the same generation.
#[derive(Clone, Copy)]
pub(super) struct Timer {
    pub slot: u32,
    pub generation: u32,
    pub sent: Micros,
}

impl Engine {
    /// Lets time pass: old queries leave their windows, silent ones are asked again or
    /// given up.
    pub fn expire(&mut self, now: Micros) {
        self.leave_windows(now);
        self.time_out(now);
    }

    /// For so long an answer may still be on its way.
    fn age(&self) -> Micros {
        (self.round_trip * 8).clamp(20_000, 400_000)
    }

    fn leave_windows(&mut self, now: Micros) {
        let age = self.age();
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
    }

    fn time_out(&mut self, now: Micros) {
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
        let age = self.age();
        let timers = self.timers.iter().zip(&self.settings.timeouts);
        timers
            .filter_map(|(queue, wait)| Some(queue.front()?.sent + wait))
            .chain(self.ageing.front().map(|t| t.sent + age))
            .chain(self.paced.peek().map(|p| p.0.0))
            .min()
    }
}
