//! A fast hash for small keys of our own making. Names from outside, which
//! could be chosen to collide, go through the standard library's instead.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// 2⁶⁴ divided by the golden ratio, odd.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Multiply and rotate, word by word.
#[derive(Default)]
pub struct Quick(u64);

impl Hasher for Quick {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 29)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u32(&mut self, word: u32) {
        self.write_u64(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(SPREAD);
    }

    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }
}

/// A map under the quick hash.
pub type Map<K, V> = HashMap<K, V, BuildHasherDefault<Quick>>;

/// The hash of a node: a level and two successors.
#[inline]
pub fn triple(level: u32, high: u32, low: u32) -> u64 {
    let pair = (u64::from(high) << 32) | u64::from(low);
    (pair.wrapping_mul(SPREAD) ^ u64::from(level)).wrapping_mul(SPREAD)
}

/// The hash of a pair of operands.
#[inline]
pub fn pair(a: u32, b: u32) -> u64 {
    let pair = (u64::from(a) << 32) | u64::from(b);
    let mixed = pair ^ (pair >> 29);
    mixed.wrapping_mul(SPREAD)
}
