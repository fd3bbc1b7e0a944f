//! Random decisions read from bytes.
//!
//! Expressions and worlds are functions of a byte sequence that proptest draws:
//! byte zero, and the end of the bytes, always mean the simplest decision. So
//! proptest's shrinking of bytes shrinks expressions, and bound variables stay
//! well-scoped on the way, which a tree of strategies cannot promise.
//!
//! Source: MacIver and Donaldson, *Test-case reduction via test-case generation:
//! insights from the Hypothesis reducer* (ECOOP 2020).

pub struct Choices<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl<'a> Choices<'a> {
    pub fn new(bytes: &'a [u8]) -> Choices<'a> {
        Choices {
            bytes: bytes.iter(),
        }
    }

    /// A number below `n`, which is at most 256.
    pub fn below(&mut self, n: usize) -> usize {
        self.bytes.next().map_or(0, |b| *b as usize) % n
    }

    pub fn one_of<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
}
