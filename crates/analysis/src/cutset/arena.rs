//! Nodes of decision diagrams: each made once, found by hash, each after its
//! successors, so that whatever is computed from successors is one loop.

use super::hash;

/// The work limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// Level of terminals: below all variables.
pub const BOTTOM: u32 = u32::MAX;

/// A node: a variable and what follows where it is true and where it is false.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Position of the variable in the order; smaller is nearer the root.
    pub level: u32,
    /// The edge where the variable is true.
    pub high: u32,
    /// The edge where the variable is false.
    pub low: u32,
}

/// How much may be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most nodes at a time.
    pub nodes: usize,
    /// Most nodes made, those given up included; [`STEPS`] steps that make none count
    /// for one.
    pub work: usize,
}

/// Steps of an operation that are as much work as a node made.
const STEPS: usize = 64;

/// The nodes. Edges are positions, followed by `SIGNS` bits of the diagram's own.
pub struct Arena<const SIGNS: u32> {
    nodes: Vec<Node>,
    terminals: u32,
    /// Positions by hash; 0, a terminal, marks an empty slot.
    table: Vec<u32>,
    shift: u32,
    limits: Limits,
    made: usize,
    steps: usize,
}

/// More nodes than edges of 32 bits can tell apart are never made.
const MOST_NODES: usize = 1 << 30;

const FIRST_BITS: u32 = 8;

impl<const SIGNS: u32> Arena<SIGNS> {
    /// Only terminals.
    pub fn new(terminals: u32, limits: Limits) -> Self {
        let terminal = Node {
            level: BOTTOM,
            high: 0,
            low: 0,
        };
        Arena {
            nodes: vec![terminal; terminals as usize],
            terminals,
            table: vec![0; 1 << FIRST_BITS],
            shift: 64 - FIRST_BITS,
            limits: Limits {
                nodes: limits.nodes.min(MOST_NODES),
                ..limits
            },
            made: 0,
            steps: 0,
        }
    }

    /// All nodes.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The most nodes that may be made.
    pub fn work(&self) -> usize {
        self.limits.work
    }

    /// Counts a step of an operation: many may pass without making a node.
    #[inline]
    pub fn step(&mut self) -> Result<(), Full> {
        self.steps += 1;
        if self.made + self.steps / STEPS >= self.limits.work {
            return Err(Full);
        }
        Ok(())
    }

    /// The node an edge points to.
    #[inline]
    pub fn at(&self, edge: u32) -> Node {
        self.nodes[(edge >> SIGNS) as usize]
    }

    /// The position of that node, made if need be.
    #[inline]
    pub fn position(&mut self, node: Node) -> Result<u32, Full> {
        let mask = self.table.len() - 1;
        let mut slot = (hash::triple(node.level, node.high, node.low) >> self.shift) as usize;
        loop {
            let position = self.table[slot];
            if position == 0 {
                return self.insert(node, slot);
            }
            if self.nodes[position as usize] == node {
                return Ok(position);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn insert(&mut self, node: Node, slot: usize) -> Result<u32, Full> {
        if self.nodes.len() >= self.limits.nodes || self.made >= self.limits.work {
            return Err(Full);
        }
        self.made += 1;
        let position = self.nodes.len() as u32;
        self.nodes.push(node);
        self.table[slot] = position;
        if self.nodes.len() * 3 > self.table.len() * 2 {
            self.rehash(self.table.len() * 2);
        }
        Ok(position)
    }

    fn rehash(&mut self, size: usize) {
        self.shift = 64 - size.trailing_zeros();
        self.table.clear();
        self.table.resize(size, 0);
        let inner = self.nodes.iter().enumerate().skip(self.terminals as usize);
        for (position, node) in inner {
            let mut slot = (hash::triple(node.level, node.high, node.low) >> self.shift) as usize;
            while self.table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = position as u32;
        }
    }

    /// Gives up all that does not hang below the roots, and moves the rest
    /// together; the roots follow. Edges kept elsewhere no longer mean anything.
    pub fn collect(&mut self, roots: &mut [u32]) {
        let mut moved = vec![u32::MAX; self.nodes.len()];
        for position in 0..self.terminals {
            moved[position as usize] = position;
        }
        let mut open: Vec<u32> = roots.iter().map(|r| r >> SIGNS).collect();
        while let Some(position) = open.pop() {
            if moved[position as usize] == u32::MAX {
                moved[position as usize] = 0;
                let node = self.nodes[position as usize];
                open.extend([node.high >> SIGNS, node.low >> SIGNS]);
            }
        }
        let follow = |moved: &[u32], edge: u32| {
            (moved[(edge >> SIGNS) as usize] << SIGNS) | (edge & ((1 << SIGNS) - 1))
        };
        let mut kept = self.terminals;
        for position in self.terminals as usize..self.nodes.len() {
            if moved[position] != u32::MAX {
                let mut node = self.nodes[position];
                node.high = follow(&moved, node.high);
                node.low = follow(&moved, node.low);
                self.nodes[kept as usize] = node;
                moved[position] = kept;
                kept += 1;
            }
        }
        self.nodes.truncate(kept as usize);
        for root in roots {
            *root = follow(&moved, *root);
        }
        self.rehash(self.table.len());
    }

    /// The nodes alone.
    pub fn into_nodes(mut self) -> Vec<Node> {
        self.nodes.shrink_to_fit();
        self.nodes
    }
}

#[derive(Clone, Copy)]
struct Known {
    a: u32,
    b: u32,
    result: u32,
}

const UNKNOWN: Known = Known {
    a: u32::MAX,
    b: u32::MAX,
    result: 0,
};

/// Greatest size of a cache: 2²² results, 48 MiB.
const MAX_CACHE_BITS: u32 = 22;

/// Results of an operation on two edges. It forgets: a later result replaces
/// one that has the same place.
pub struct Cache {
    entries: Vec<Known>,
    shift: u32,
}

impl Cache {
    /// A small cache.
    pub fn new() -> Cache {
        Cache::of(FIRST_BITS)
    }

    fn of(bits: u32) -> Cache {
        Cache {
            entries: vec![UNKNOWN; 1 << bits],
            shift: 64 - bits,
        }
    }

    /// A result, if still known.
    #[inline]
    pub fn get(&self, a: u32, b: u32) -> Option<u32> {
        let entry = &self.entries[(hash::pair(a, b) >> self.shift) as usize];
        (entry.a == a && entry.b == b).then_some(entry.result)
    }

    /// Remembers a result, in a cache that grows with the number of `nodes`.
    #[inline]
    pub fn put(&mut self, a: u32, b: u32, result: u32, nodes: usize) {
        if nodes > self.entries.len() && self.shift > 64 - MAX_CACHE_BITS {
            self.grow();
        }
        self.entries[(hash::pair(a, b) >> self.shift) as usize] = Known { a, b, result };
    }

    fn grow(&mut self) {
        let old = std::mem::replace(self, Cache::of(64 - self.shift + 1));
        for known in old.entries {
            if known.a != u32::MAX {
                self.entries[(hash::pair(known.a, known.b) >> self.shift) as usize] = known;
            }
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.entries.fill(UNKNOWN);
    }
}
