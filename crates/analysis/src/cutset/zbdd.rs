//! Zero-suppressed decision diagrams: families of sets (Minato 1993), here
//! families in which no set holds another.

use super::bdd::{self, BOTTOM, Bdd, Cache, Edge, Full};
use super::hash;

/// A family: the position of its node.
pub type Family = u32;

/// No set at all.
pub const NONE: Family = 0;
/// The empty set alone.
pub const UNIT: Family = 1;

const UNKNOWN: Family = u32::MAX;

/// A node: the sets of `high`, each with the element at `level` added, and
/// those of `low`. `high` is never [`NONE`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Position of the element in the order; smaller is nearer the root.
    pub level: u32,
    /// The sets that hold the element, without it.
    pub high: Family,
    /// The sets that do not.
    pub low: Family,
}

/// The arena.
pub struct Zbdd {
    nodes: Vec<Node>,
    table: Vec<u32>,
    shift: u32,
    differences: Cache,
    limit: usize,
}

impl Zbdd {
    /// An empty arena of at most `limit` nodes.
    pub fn new(limit: usize) -> Zbdd {
        const BITS: u32 = 8;
        let terminal = |high| Node {
            level: BOTTOM,
            high,
            low: NONE,
        };
        Zbdd {
            nodes: vec![terminal(NONE), terminal(UNIT)],
            table: vec![0; 1 << BITS],
            shift: 64 - BITS,
            differences: Cache::new(BITS),
            limit: limit.min(1 << 31),
        }
    }

    /// The nodes, each after its successors.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The nodes alone, each after its successors.
    pub fn into_nodes(mut self) -> Vec<Node> {
        self.nodes.shrink_to_fit();
        self.nodes
    }

    fn make(&mut self, level: u32, high: Family, low: Family) -> Result<Family, Full> {
        if high == NONE {
            return Ok(low);
        }
        let node = Node { level, high, low };
        let mask = self.table.len() - 1;
        let mut slot = (hash::triple(level, high, low) >> self.shift) as usize;
        loop {
            let position = self.table[slot];
            if position == 0 {
                break;
            }
            if self.nodes[position as usize] == node {
                return Ok(position);
            }
            slot = (slot + 1) & mask;
        }
        if self.nodes.len() >= self.limit {
            return Err(Full);
        }
        let position = self.nodes.len() as u32;
        self.nodes.push(node);
        self.table[slot] = position;
        if self.nodes.len() * 3 > self.table.len() * 2 {
            self.rehash();
        }
        Ok(position)
    }

    fn rehash(&mut self) {
        let size = self.table.len() * 2;
        self.shift -= 1;
        self.table.clear();
        self.table.resize(size, 0);
        for (position, node) in self.nodes.iter().enumerate().skip(2) {
            let mut slot = (hash::triple(node.level, node.high, node.low) >> self.shift) as usize;
            while self.table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = position as u32;
        }
        self.differences.grow_to(size);
    }

    /// The minimal sets of true variables that, all others being false, make
    /// the function true (Rauzy 1993 and, for functions that are not monotone,
    /// Rauzy 2001).
    ///
    /// # Errors
    /// Where the arena is full.
    pub fn minimal_solutions(&mut self, bdd: &Bdd, function: Edge) -> Result<Family, Full> {
        let mut known = vec![UNKNOWN; 2 * bdd.nodes().len()];
        self.solve(bdd, function, &mut known)
    }

    fn solve(&mut self, bdd: &Bdd, f: Edge, known: &mut [Family]) -> Result<Family, Full> {
        match f {
            bdd::TRUE => return Ok(UNIT),
            bdd::FALSE => return Ok(NONE),
            _ => {}
        }
        if known[f as usize] != UNKNOWN {
            return Ok(known[f as usize]);
        }
        let (f1, f0) = bdd.cofactors(f);
        let low = self.solve(bdd, f0, known)?;
        // The empty set is below every other.
        let result = if low == UNIT {
            UNIT
        } else {
            let high = self.solve(bdd, f1, known)?;
            let high = self.without(high, low)?;
            self.make(bdd.level(f), high, low)?
        };
        known[f as usize] = result;
        Ok(result)
    }

    /// The sets of `a` that hold no set of `b`.
    ///
    /// # Errors
    /// Where the arena is full.
    pub fn without(&mut self, a: Family, mut b: Family) -> Result<Family, Full> {
        if a == NONE {
            return Ok(NONE);
        }
        // Elements above those of `a` are in none of its sets.
        let level = self.nodes[a as usize].level;
        while self.nodes[b as usize].level < level {
            b = self.nodes[b as usize].low;
        }
        if b == NONE {
            return Ok(a);
        }
        if b == UNIT || a == b {
            return Ok(NONE);
        }
        if let Some(known) = self.differences.get(a, b) {
            return Ok(known);
        }
        let Node { high, low, .. } = self.nodes[a as usize];
        let of_b = self.nodes[b as usize];
        let result = if of_b.level == level {
            let less = self.without(high, of_b.high)?;
            let high = self.without(less, of_b.low)?;
            let low = self.without(low, of_b.low)?;
            self.make(level, high, low)?
        } else {
            let high = self.without(high, b)?;
            let low = self.without(low, b)?;
            self.make(level, high, low)?
        };
        self.differences.put(a, b, result);
        Ok(result)
    }
}
