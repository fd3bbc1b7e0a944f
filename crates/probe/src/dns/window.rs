//! How many queries may be under way to one server at once, learnt from what gets lost.
//!
//! A name that nobody answers says nothing of the server's capacity, so silence is no
//! signal here. What counts as a loss is an answer that came only to a repeated query.
//! Over each window's worth of answers: more than one loss in [`TOLERATED`] shrinks the
//! window by three tenths, else it grows, twofold until the first loss, by a tenth after.

/// One loss in so many answers is taken for chance.
const TOLERATED: u32 = 100;
/// The window never gets smaller than this.
const SMALLEST: u32 = 8;
/// The fewest answers a judgement rests on.
const SAMPLE: u32 = 64;

/// The window towards one server.
#[derive(Clone, Debug)]
pub struct Window {
    size: u32,
    largest: u32,
    in_flight: u32,
    slow_start: bool,
    answers: u32,
    losses: u32,
}

impl Window {
    /// A window of `size` that may grow to `largest`.
    #[must_use]
    pub fn new(size: u32, largest: u32) -> Self {
        let size = size.clamp(1, largest.max(1));
        Self {
            size,
            largest: largest.max(1),
            in_flight: 0,
            slow_start: true,
            answers: 0,
            losses: 0,
        }
    }

    /// Whether one more query may be sent.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.in_flight < self.size
    }

    /// How many more queries may be sent.
    #[must_use]
    pub fn room(&self) -> u32 {
        self.size.saturating_sub(self.in_flight)
    }

    /// How many are under way.
    #[must_use]
    pub fn in_flight(&self) -> u32 {
        self.in_flight
    }

    /// How many may be under way.
    #[must_use]
    pub fn size(&self) -> u32 {
        self.size
    }

    /// A query left.
    pub fn enter(&mut self) {
        self.in_flight += 1;
    }

    /// A query is answered, or so old that it is only waited for.
    pub fn leave(&mut self) {
        self.in_flight = self.in_flight.saturating_sub(1);
    }

    /// An answer came to a query sent once (`lost` false) or only to its repetition.
    pub fn learn(&mut self, lost: bool) {
        self.answers += 1;
        self.losses += u32::from(lost);
        if self.answers < self.size.max(SAMPLE) {
            return;
        }
        if self.losses * TOLERATED > self.answers {
            self.slow_start = false;
            self.size = (self.size - self.size * 3 / 10).max(SMALLEST.min(self.largest));
        } else if self.slow_start {
            self.size = (self.size * 2).min(self.largest);
        } else {
            self.size = (self.size + self.size.div_ceil(10)).min(self.largest);
        }
        (self.answers, self.losses) = (0, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn feed(w: &mut Window, answers: u32, every: u32) {
        for i in 1..=answers {
            w.learn(every > 0 && i % every == 0);
        }
    }

    #[test]
    fn grows_without_loss_and_shrinks_with_it() {
        let mut w = Window::new(64, 1000);
        feed(&mut w, 64 + 128, 0);
        assert_eq!(w.size(), 256);
        feed(&mut w, 256, 10);
        assert_eq!(w.size(), 180);
        feed(&mut w, 180, 0);
        assert_eq!(w.size(), 198);
    }

    proptest! {
        #[test]
        fn stays_within_bounds(start in 1u32..5000, largest in 1u32..5000, events in prop::collection::vec(any::<bool>(), 0..4000)) {
            let mut w = Window::new(start, largest);
            for lost in events {
                w.learn(lost);
                prop_assert!(w.size() >= 1 && w.size() <= largest);
            }
        }
    }
}
