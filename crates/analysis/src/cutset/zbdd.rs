//! Zero-suppressed decision diagrams: families of sets (Minato 1993), here
//! families in which no set holds another.

use super::arena::{Arena, Cache, Full, Limits, Node};
use super::bdd::{self, Bdd, Edge};

/// A family: the position of its node.
pub type Family = u32;

/// No set at all.
pub const NONE: Family = 0;
/// The empty set alone.
pub const UNIT: Family = 1;

const UNKNOWN: Family = u32::MAX;

/// Families. A node's `high` holds the sets with its element, without it, and
/// is never [`NONE`]; its `low` holds the sets without.
pub struct Zbdd {
    arena: Arena<0>,
    differences: Cache,
    unions: Cache,
    products: Cache,
}

impl Zbdd {
    /// No family but the two constants.
    pub fn new(limits: Limits) -> Zbdd {
        Zbdd {
            arena: Arena::new(2, limits),
            differences: Cache::new(),
            unions: Cache::new(),
            products: Cache::new(),
        }
    }

    /// The nodes, each after its successors.
    pub fn nodes(&self) -> &[Node] {
        self.arena.nodes()
    }

    /// The nodes alone.
    pub fn into_nodes(self) -> Vec<Node> {
        self.arena.into_nodes()
    }

    /// Gives up all but what the roots need; the roots follow.
    pub fn collect(&mut self, roots: &mut [Family]) {
        self.arena.collect(roots);
        self.differences.clear();
        self.unions.clear();
        self.products.clear();
    }

    /// The most nodes that may be made.
    pub fn work(&self) -> usize {
        self.arena.work()
    }

    /// The level of a family's first element.
    #[inline]
    pub fn level(&self, family: Family) -> u32 {
        self.arena.at(family).level
    }

    /// The one set of one element.
    pub fn element(&mut self, level: u32) -> Result<Family, Full> {
        self.make(level, UNIT, NONE)
    }

    #[inline]
    fn make(&mut self, level: u32, high: Family, low: Family) -> Result<Family, Full> {
        if high == NONE {
            return Ok(low);
        }
        self.arena.position(Node { level, high, low })
    }

    /// The minimal sets of true variables that, all others being false, make
    /// the function true (Rauzy 1993 and, for functions that are not monotone,
    /// Rauzy 2001).
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
    pub fn without(&mut self, a: Family, mut b: Family) -> Result<Family, Full> {
        if a == NONE {
            return Ok(NONE);
        }
        // Only the family of the empty set holds it.
        if a == UNIT {
            return Ok(if b == UNIT { NONE } else { UNIT });
        }
        let Node { level, high, low } = self.arena.at(a);
        // Elements above those of `a` are in none of its sets.
        let mut of_b = self.arena.at(b);
        while of_b.level < level {
            b = of_b.low;
            of_b = self.arena.at(b);
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
        self.arena.step()?;
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
        self.differences.put(a, b, result, self.arena.nodes().len());
        Ok(result)
    }

    /// The successors of a family at a level at or above its first element.
    #[inline]
    fn split(&self, a: Family, level: u32) -> (Family, Family) {
        let node = self.arena.at(a);
        if node.level == level {
            (node.high, node.low)
        } else {
            (NONE, a)
        }
    }

    /// The minimal sets among those of two families.
    pub fn union(&mut self, a: Family, b: Family) -> Result<Family, Full> {
        if a == b || b == NONE {
            return Ok(a);
        }
        if a == NONE {
            return Ok(b);
        }
        if a == UNIT || b == UNIT {
            return Ok(UNIT);
        }
        let (a, b) = (a.min(b), a.max(b));
        if let Some(known) = self.unions.get(a, b) {
            return Ok(known);
        }
        self.arena.step()?;
        let level = self.level(a).min(self.level(b));
        let ((a1, a0), (b1, b0)) = (self.split(a, level), self.split(b, level));
        let low = self.union(a0, b0)?;
        let high = self.union(a1, b1)?;
        let high = self.without(high, low)?;
        let result = self.make(level, high, low)?;
        self.unions.put(a, b, result, self.arena.nodes().len());
        Ok(result)
    }

    /// The minimal sets among the unions of a set of `a` and a set of `b`.
    pub fn product(&mut self, a: Family, b: Family) -> Result<Family, Full> {
        if a == b || b == UNIT {
            return Ok(a);
        }
        if a == UNIT {
            return Ok(b);
        }
        if a == NONE || b == NONE {
            return Ok(NONE);
        }
        let (a, b) = (a.min(b), a.max(b));
        if let Some(known) = self.products.get(a, b) {
            return Ok(known);
        }
        self.arena.step()?;
        let level = self.level(a).min(self.level(b));
        let ((a1, a0), (b1, b0)) = (self.split(a, level), self.split(b, level));
        let low = self.product(a0, b0)?;
        // With the element: from both sides or from one.
        let left = self.union(b1, b0)?;
        let left = self.product(a1, left)?;
        let right = self.product(a0, b1)?;
        let high = self.union(left, right)?;
        let high = self.without(high, low)?;
        let result = self.make(level, high, low)?;
        self.products.put(a, b, result, self.arena.nodes().len());
        Ok(result)
    }
}
