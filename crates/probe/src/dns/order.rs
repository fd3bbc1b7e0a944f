//! Lines of a list in an order that a seed decides, so that neither alphabet nor
//! registration order turns a scan into a burst on one operator's servers.
//!
//! No shuffled table: a Feistel network over the line numbers is a permutation by
//! construction, and a mark at every 32nd line finds any of them.

const EVERY: usize = 32;

/// A list held as one text.
pub struct Lines {
    text: Vec<u8>,
    marks: Vec<u32>,
    count: u32,
}

impl Lines {
    /// Takes a text of at most 4 GiB; empty lines are skipped by [`Self::get`]'s callers.
    ///
    /// # Errors
    /// The text itself is given back when it is too long.
    pub fn new(mut text: Vec<u8>) -> Result<Self, Vec<u8>> {
        if u32::try_from(text.len() + 1).is_err() {
            return Err(text);
        }
        if text.last().is_some_and(|&b| b != b'\n') {
            text.push(b'\n');
        }
        text.shrink_to_fit();
        let mut marks = vec![];
        let (mut count, mut start) = (0u32, 0usize);
        for (i, _) in text.iter().enumerate().filter(|(_, b)| **b == b'\n') {
            if (count as usize).is_multiple_of(EVERY) {
                marks.push(start as u32);
            }
            count += 1;
            start = i + 1;
        }
        Ok(Self { text, marks, count })
    }

    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> u32 {
        self.count
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// A line by its number from 0, without its end, blanks around it cut off; empty if
    /// it is not UTF-8 or there is no such line.
    #[must_use]
    pub fn get(&self, line: u32) -> &str {
        let Some(&mark) = self.marks.get(line as usize / EVERY) else {
            return "";
        };
        let rest = &self.text[mark as usize..];
        let bytes = rest
            .split(|&b| b == b'\n')
            .nth(line as usize % EVERY)
            .unwrap_or_default();
        std::str::from_utf8(bytes).map_or("", str::trim)
    }
}

/// A permutation of `0..count` that a seed decides.
pub struct Order {
    count: u32,
    half: u32,
    seed: u64,
    next: u32,
}

impl Order {
    /// The permutation of `0..count` that belongs to `seed`.
    #[must_use]
    pub fn new(count: u32, seed: u64) -> Self {
        // Two halves of so many bits cover the range; what falls outside is walked over.
        let bits = 32 - count.max(2).saturating_sub(1).leading_zeros();
        Self {
            count,
            half: bits.div_ceil(2),
            seed,
            next: 0,
        }
    }

    fn permute(&self, value: u64) -> u64 {
        let mask = (1u64 << self.half) - 1;
        let (mut left, mut right) = (value >> self.half, value & mask);
        for round in 0..4 {
            let mixed = mix(right ^ self.seed.rotate_left(16 * round as u32 + 1) ^ (round << 56));
            (left, right) = (right, left ^ (mixed & mask));
        }
        left << self.half | right
    }
}

/// The finaliser of SplitMix64: every bit of the input reaches every bit of the output.
fn mix(mut x: u64) -> u64 {
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

impl Iterator for Order {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if self.next >= self.count {
            return None;
        }
        let mut value = self.permute(u64::from(self.next));
        // Cycle walking: the cycle through a number of the range comes back into it.
        while value >= u64::from(self.count) {
            value = self.permute(value);
        }
        self.next += 1;
        Some(value as u32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_line_once(count in 0u32..3000, seed in any::<u64>()) {
            let mut all: Vec<u32> = Order::new(count, seed).collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..count).collect::<Vec<_>>());
        }

        #[test]
        fn lines_are_found(lines in prop::collection::vec("[a-z.]{0,8}", 0..100)) {
            let list = Lines::new(lines.join("\n").into_bytes()).unwrap();
            for (i, line) in lines.iter().enumerate().take(list.len() as usize) {
                prop_assert_eq!(list.get(i as u32), line);
            }
            prop_assert_eq!(list.get(list.len()), "");
        }
    }

    #[test]
    fn seeds_differ() {
        let order = |seed| Order::new(1000, seed).collect::<Vec<_>>();
        assert_ne!(order(1), order(2));
        assert_eq!(order(1), order(1));
        // Neighbours part: few of them stay neighbours.
        let near = order(1)
            .windows(2)
            .filter(|w| w[0].abs_diff(w[1]) < 10)
            .count();
        assert!(near < 60, "{near}");
    }
}
