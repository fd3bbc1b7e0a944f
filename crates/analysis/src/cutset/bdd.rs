//! Reduced ordered binary decision diagrams with complemented edges (Bryant
//! 1986; Brace, Rudell and Bryant 1990).

use super::arena::{Arena, Cache, Full, Limits, Node};

/// An edge: twice the position of a node, plus one if complemented.
pub type Edge = u32;

/// The constant true.
pub const TRUE: Edge = 0;
/// The constant false.
pub const FALSE: Edge = 1;

/// Functions. The `high` edge of a node is never complemented.
pub struct Bdd {
    arena: Arena<1>,
    ands: Cache,
    xors: Cache,
}

impl Bdd {
    /// No function but the constants.
    pub fn new(limits: Limits) -> Bdd {
        Bdd {
            arena: Arena::new(1, limits),
            ands: Cache::new(),
            xors: Cache::new(),
        }
    }

    /// The nodes.
    pub fn nodes(&self) -> &[Node] {
        self.arena.nodes()
    }

    /// The most nodes that may be made.
    pub fn work(&self) -> usize {
        self.arena.work()
    }

    /// The level of an edge's node.
    #[inline]
    pub fn level(&self, edge: Edge) -> u32 {
        self.arena.at(edge).level
    }

    /// What an edge is where the variable at its level is true, and false.
    #[inline]
    pub fn cofactors(&self, edge: Edge) -> (Edge, Edge) {
        let node = self.arena.at(edge);
        (node.high ^ (edge & 1), node.low ^ (edge & 1))
    }

    /// A variable.
    pub fn variable(&mut self, level: u32) -> Result<Edge, Full> {
        self.make(level, TRUE, FALSE)
    }

    #[inline]
    fn make(&mut self, level: u32, high: Edge, low: Edge) -> Result<Edge, Full> {
        if high == low {
            return Ok(high);
        }
        let sign = high & 1;
        let position = self.arena.position(Node {
            level,
            high: high ^ sign,
            low: low ^ sign,
        })?;
        Ok((position << 1) | sign)
    }

    /// Gives up all but what the roots need; the roots follow.
    pub fn collect(&mut self, roots: &mut [Edge]) {
        self.arena.collect(roots);
        self.ands.clear();
        self.xors.clear();
    }

    /// The conjunction.
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
        self.arena.step()?;
        let (level, (f1, f0), (g1, g0)) = self.split(f, g);
        let high = self.and(f1, g1)?;
        let low = self.and(f0, g0)?;
        let result = self.make(level, high, low)?;
        self.ands.put(f, g, result, self.arena.nodes().len());
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
    pub fn or(&mut self, f: Edge, g: Edge) -> Result<Edge, Full> {
        Ok(self.and(f ^ 1, g ^ 1)? ^ 1)
    }

    /// Exactly one.
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
        self.arena.step()?;
        let (level, (f1, f0), (g1, g0)) = self.split(f, g);
        let high = self.xor(f1, g1)?;
        let low = self.xor(f0, g0)?;
        let result = self.make(level, high, low)?;
        self.xors.put(f, g, result, self.arena.nodes().len());
        Ok(result ^ sign)
    }
}
