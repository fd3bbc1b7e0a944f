//! Reduced ordered binary decision diagrams with complemented edges, in one
//! arena (Bryant 1986; Brace, Rudell and Bryant 1990).

use super::hash;

/// An edge: twice the position of a node, plus one if complemented.
pub type Edge = u32;

/// The constant true.
pub const TRUE: Edge = 0;
/// The constant false.
pub const FALSE: Edge = 1;

/// The work limit was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// A node: if the variable at `level` is true then `high` else `low`.
/// `high` is never complemented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    /// Position of the variable in the order; smaller is nearer the root.
    pub level: u32,
    /// Successor where the variable is true.
    pub high: Edge,
    /// Successor where the variable is false.
    pub low: Edge,
}

/// Level of the terminal: below all variables.
pub const BOTTOM: u32 = u32::MAX;

/// Level of a node that has been freed.
const FREED: u32 = u32::MAX - 1;

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

/// A table of results that forgets: a later entry replaces one in its place.
pub(super) struct Cache {
    entries: Vec<Known>,
    shift: u32,
}

impl Cache {
    pub(super) fn new(bits: u32) -> Cache {
        Cache {
            entries: vec![UNKNOWN; 1 << bits],
            shift: 64 - bits,
        }
    }

    #[inline]
    pub(super) fn get(&self, a: u32, b: u32) -> Option<u32> {
        let entry = &self.entries[(hash::pair(a, b) >> self.shift) as usize];
        (entry.a == a && entry.b == b).then_some(entry.result)
    }

    #[inline]
    pub(super) fn put(&mut self, a: u32, b: u32, result: u32) {
        self.entries[(hash::pair(a, b) >> self.shift) as usize] = Known { a, b, result };
    }

    pub(super) fn clear(&mut self) {
        self.entries.fill(UNKNOWN);
    }

    /// Makes room for about that many results, keeping those known.
    pub(super) fn grow_to(&mut self, wanted: usize) {
        if wanted <= self.entries.len() || self.shift <= 64 - MAX_CACHE_BITS {
            return;
        }
        let old = std::mem::replace(self, Cache::new(64 - self.shift + 1));
        for known in old.entries {
            if known.a != u32::MAX {
                self.put(known.a, known.b, known.result);
            }
        }
    }
}

/// Greatest size of a cache: 2²² results, 48 MiB.
const MAX_CACHE_BITS: u32 = 22;

/// The arena.
pub struct Bdd {
    nodes: Vec<Node>,
    free: Vec<u32>,
    /// Positions of nodes by hash; 0, the terminal, marks an empty slot.
    table: Vec<u32>,
    shift: u32,
    ands: Cache,
    xors: Cache,
    limit: usize,
    /// Nodes made so far, freed ones included.
    made: usize,
}

impl Bdd {
    /// An empty arena of at most `limit` nodes alive at a time.
    pub fn new(limit: usize) -> Bdd {
        const BITS: u32 = 8;
        Bdd {
            nodes: vec![Node {
                level: BOTTOM,
                high: TRUE,
                low: TRUE,
            }],
            free: Vec::new(),
            table: vec![0; 1 << BITS],
            shift: 64 - BITS,
            ands: Cache::new(BITS),
            xors: Cache::new(1),
            limit: limit.min(1 << 30),
            made: 0,
        }
    }

    /// The nodes, freed ones included.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Nodes alive.
    pub fn alive(&self) -> usize {
        self.nodes.len() - self.free.len()
    }

    /// Nodes made so far, freed ones included: a measure of work done.
    pub fn made(&self) -> usize {
        self.made
    }

    /// The level of an edge's node.
    #[inline]
    pub fn level(&self, edge: Edge) -> u32 {
        self.nodes[(edge >> 1) as usize].level
    }

    /// What an edge is where the variable at its level is true, and false.
    #[inline]
    pub fn cofactors(&self, edge: Edge) -> (Edge, Edge) {
        let node = &self.nodes[(edge >> 1) as usize];
        (node.high ^ (edge & 1), node.low ^ (edge & 1))
    }

    /// A variable.
    ///
    /// # Errors
    /// Where the arena is full.
    pub fn variable(&mut self, level: u32) -> Result<Edge, Full> {
        self.make(level, TRUE, FALSE)
    }

    /// The node with those successors.
    #[inline]
    fn make(&mut self, level: u32, high: Edge, low: Edge) -> Result<Edge, Full> {
        if high == low {
            return Ok(high);
        }
        let sign = high & 1;
        let node = Node {
            level,
            high: high ^ sign,
            low: low ^ sign,
        };
        let mask = self.table.len() - 1;
        let mut slot = (hash::triple(level, node.high, node.low) >> self.shift) as usize;
        loop {
            let position = self.table[slot];
            if position == 0 {
                break;
            }
            if self.nodes[position as usize] == node {
                return Ok((position << 1) | sign);
            }
            slot = (slot + 1) & mask;
        }
        self.insert(node, slot)
            .map(|position| (position << 1) | sign)
    }

    fn insert(&mut self, node: Node, slot: usize) -> Result<u32, Full> {
        if self.alive() >= self.limit {
            return Err(Full);
        }
        self.made += 1;
        let position = match self.free.pop() {
            Some(position) => {
                self.nodes[position as usize] = node;
                position
            }
            None => {
                self.nodes.push(node);
                self.nodes.len() as u32 - 1
            }
        };
        self.table[slot] = position;
        if self.alive() * 3 > self.table.len() * 2 {
            self.rehash(self.table.len() * 2);
            self.ands.grow_to(self.table.len());
        }
        Ok(position)
    }

    fn rehash(&mut self, size: usize) {
        self.shift = 64 - size.trailing_zeros();
        self.table.clear();
        self.table.resize(size, 0);
        for (position, node) in self.nodes.iter().enumerate().skip(1) {
            if node.level == FREED {
                continue;
            }
            let mut slot = (hash::triple(node.level, node.high, node.low) >> self.shift) as usize;
            while self.table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = position as u32;
        }
    }

    /// Frees all that does not hang below those edges.
    pub fn collect(&mut self, roots: impl Iterator<Item = Edge>) {
        let mut alive = vec![false; self.nodes.len()];
        alive[0] = true;
        let mut open: Vec<u32> = roots.map(|r| r >> 1).collect();
        while let Some(position) = open.pop() {
            if !std::mem::replace(&mut alive[position as usize], true) {
                let node = self.nodes[position as usize];
                open.extend([node.high >> 1, node.low >> 1]);
            }
        }
        self.free.clear();
        for position in (1..self.nodes.len()).rev() {
            if !alive[position] {
                self.nodes[position].level = FREED;
                self.free.push(position as u32);
            }
        }
        self.rehash(self.table.len());
        self.ands.clear();
        self.xors.clear();
    }

    /// The conjunction.
    ///
    /// # Errors
    /// Where the arena is full.
    pub fn and(&mut self, f: Edge, g: Edge) -> Result<Edge, Full> {
        if f == g || g == TRUE {
            return Ok(f);
        }
        if f == TRUE {
            return Ok(g);
        }
        if f == FALSE || g == FALSE || f ^ 1 == g {
            return Ok(FALSE);
        }
        let (f, g) = if f < g { (f, g) } else { (g, f) };
        if let Some(known) = self.ands.get(f, g) {
            return Ok(known);
        }
        let (level, (f1, f0), (g1, g0)) = self.split(f, g);
        let high = self.and(f1, g1)?;
        let low = self.and(f0, g0)?;
        let result = self.make(level, high, low)?;
        self.ands.put(f, g, result);
        Ok(result)
    }

    #[inline]
    fn split(&self, f: Edge, g: Edge) -> (u32, (Edge, Edge), (Edge, Edge)) {
        let (at_f, at_g) = (self.level(f), self.level(g));
        let level = at_f.min(at_g);
        let of_f = if at_f == level {
            self.cofactors(f)
        } else {
            (f, f)
        };
        let of_g = if at_g == level {
            self.cofactors(g)
        } else {
            (g, g)
        };
        (level, of_f, of_g)
    }

    /// The disjunction.
    ///
    /// # Errors
    /// Where the arena is full.
    pub fn or(&mut self, f: Edge, g: Edge) -> Result<Edge, Full> {
        Ok(self.and(f ^ 1, g ^ 1)? ^ 1)
    }

    /// Exactly one.
    ///
    /// # Errors
    /// Where the arena is full.
    pub fn xor(&mut self, f: Edge, g: Edge) -> Result<Edge, Full> {
        let sign = (f ^ g) & 1;
        let (f, g) = ((f & !1).min(g & !1), (f & !1).max(g & !1));
        if f == g {
            return Ok(FALSE ^ sign);
        }
        if f == TRUE {
            return Ok(g ^ 1 ^ sign);
        }
        if let Some(known) = self.xors.get(f, g) {
            return Ok(known ^ sign);
        }
        let (level, (f1, f0), (g1, g0)) = self.split(f, g);
        let high = self.xor(f1, g1)?;
        let low = self.xor(f0, g0)?;
        let result = self.make(level, high, low)?;
        self.xors.grow_to(self.ands.entries.len());
        self.xors.put(f, g, result);
        Ok(result ^ sign)
    }
}
