//! Which lines of the list are dealt with.

/// A set of line numbers.
#[derive(Default)]
pub struct Lines(Vec<u64>);

impl Lines {
    /// Adds a line.
    pub fn insert(&mut self, line: u32) {
        let place = line as usize / 64;
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        self.0[place] |= 1 << (line % 64);
    }

    /// Whether a line is in it.
    #[must_use]
    pub fn contains(&self, line: u32) -> bool {
        let word = self.0.get(line as usize / 64);
        word.is_some_and(|w| w & (1 << (line % 64)) != 0)
    }
}
