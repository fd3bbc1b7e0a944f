//! A fault tree as a graph of conjunctions, thresholds and exclusive choices
//! with complemented edges, simplified: constants propagated, equal gates
//! merged, gates that feed one other gate of their own sort absorbed into it.

use super::fault_tree::{Connective, FaultTree, Input};
use super::hash::Map;
use std::collections::hash_map::Entry;

/// A node with a sign: twice its position, plus one if complemented.
pub type Literal = u32;

/// The constant true.
pub const TRUE: Literal = 0;
/// The constant false.
pub const FALSE: Literal = 1;

/// Most rounds of simplification: each can make room for the next, and few find
/// nearly all.
const ROUNDS: usize = 4;

/// What a node computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// True; only node 0.
    True,
    /// The basic event at that position in the fault tree.
    Event(u32),
    /// All arguments.
    And,
    /// At least that many arguments, at least 2 and fewer than all.
    AtLeast(u32),
    /// Exactly one of two arguments, neither complemented.
    Xor,
}

/// A node.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    /// What it computes.
    pub kind: Kind,
    /// Of what, in increasing order.
    pub arguments: Box<[Literal]>,
}

/// Nodes, each after its arguments, without duplicates.
#[derive(Default)]
pub struct Graph {
    nodes: Vec<Node>,
    known: Map<Node, u32>,
}

/// The node of a literal.
pub fn node_of(literal: Literal) -> usize {
    (literal >> 1) as usize
}

impl Graph {
    fn new() -> Graph {
        let mut graph = Graph::default();
        graph.node(Kind::True, Vec::new());
        graph
    }

    /// The simplified graph of a fault tree and the literal of its top.
    pub fn of(tree: &FaultTree) -> (Graph, Literal) {
        let (mut graph, mut top) = Graph::translate(tree);
        for _ in 0..ROUNDS {
            let before = graph.nodes.len();
            (graph, top) = graph.simplified(top);
            if graph.nodes.len() == before {
                break;
            }
        }
        (graph, top)
    }

    /// The nodes, each after its arguments.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    fn node(&mut self, kind: Kind, arguments: Vec<Literal>) -> Literal {
        let node = Node {
            kind,
            arguments: arguments.into(),
        };
        let position = match self.known.entry(node) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(free) => {
                self.nodes.push(free.key().clone());
                *free.insert(self.nodes.len() as u32 - 1)
            }
        };
        position << 1
    }

    /// The conjunction of literals.
    pub fn and(&mut self, mut literals: Vec<Literal>) -> Literal {
        literals.sort_unstable();
        literals.dedup();
        literals.retain(|l| *l != TRUE);
        // The two signs of one node are neighbours.
        if literals.first() == Some(&FALSE) || literals.windows(2).any(|w| w[0] ^ 1 == w[1]) {
            return FALSE;
        }
        match literals[..] {
            [] => TRUE,
            [only] => only,
            _ => self.node(Kind::And, literals),
        }
    }

    fn or(&mut self, literals: Vec<Literal>) -> Literal {
        self.and(literals.into_iter().map(|l| l ^ 1).collect()) ^ 1
    }

    /// Exactly one of the two.
    pub fn xor(&mut self, a: Literal, b: Literal) -> Literal {
        let sign = (a ^ b) & 1;
        let (a, b) = (a & !1, b & !1);
        if a == b {
            return FALSE ^ sign;
        }
        if a == TRUE || b == TRUE {
            return (a | b) ^ 1 ^ sign;
        }
        self.node(Kind::Xor, vec![a.min(b), a.max(b)]) ^ sign
    }

    /// At least `k` of the literals, which may repeat.
    pub fn at_least(&mut self, k: u32, mut literals: Vec<Literal>) -> Literal {
        literals.sort_unstable();
        let mut k = k as usize;
        // A literal and its complement make exactly one; constants make one or none.
        let mut left: Vec<Literal> = Vec::with_capacity(literals.len());
        for literal in literals {
            match (literal, left.last()) {
                (FALSE, _) => {}
                (TRUE, _) => k = k.saturating_sub(1),
                (l, Some(last)) if *last == l ^ 1 => {
                    left.pop();
                    k = k.saturating_sub(1);
                }
                (l, _) => left.push(l),
            }
        }
        let n = left.len();
        if k == 0 {
            return TRUE;
        }
        if k > n {
            return FALSE;
        }
        if k == 1 {
            return self.or(left);
        }
        if k == n {
            return self.and(left);
        }
        self.node(Kind::AtLeast(k as u32), left)
    }

    fn translate(tree: &FaultTree) -> (Graph, Literal) {
        let mut graph = Graph::new();
        let mut events: Vec<Option<Literal>> = vec![None; tree.events().len()];
        let mut gates: Vec<Option<Literal>> = vec![None; tree.gates().len()];
        // Depth first from the top, left to right, so that the numbers of the
        // nodes follow the order in which the model was written.
        let mut open = vec![(tree.top(), false)];
        while let Some((input, fed)) = open.pop() {
            match input {
                Input::Constant(_) => {}
                Input::Event(e) => {
                    if events[e as usize].is_none() {
                        events[e as usize] = Some(graph.node(Kind::Event(e), Vec::new()));
                    }
                }
                Input::Gate(g) if gates[g as usize].is_some() => {}
                Input::Gate(g) if !fed => {
                    open.push((input, true));
                    let inputs = &tree.gates()[g as usize].inputs;
                    open.extend(inputs.iter().rev().map(|i| (*i, false)));
                }
                Input::Gate(g) => {
                    let gate = &tree.gates()[g as usize];
                    let inputs = gate.inputs.iter();
                    let literals = inputs
                        .filter_map(|i| literal(*i, &events, &gates))
                        .collect();
                    gates[g as usize] = Some(graph.gate(gate.connective, literals));
                }
            }
        }
        let top = literal(tree.top(), &events, &gates).unwrap_or(FALSE);
        (graph, top)
    }

    fn gate(&mut self, connective: Connective, l: Vec<Literal>) -> Literal {
        match connective {
            Connective::And => self.and(l),
            Connective::Or => self.or(l),
            Connective::Nand => self.and(l) ^ 1,
            Connective::Nor => self.or(l) ^ 1,
            Connective::Not => l[0] ^ 1,
            Connective::Xor => self.xor(l[0], l[1]),
            Connective::Iff => self.xor(l[0], l[1]) ^ 1,
            Connective::Imply => self.or(vec![l[0] ^ 1, l[1]]),
            Connective::AtLeast(k) => self.at_least(k, l),
            Connective::Cardinality { min, max } => {
                let least = self.at_least(min, l.clone());
                let above = self.at_least(max + 1, l);
                self.and(vec![least, above ^ 1])
            }
        }
    }

    /// How many arguments each node is, in what hangs below `top`, which
    /// counts as one use.
    fn uses(&self, top: Literal) -> Vec<u32> {
        let mut uses = vec![0; self.nodes.len()];
        uses[node_of(top)] = 1;
        for position in (0..self.nodes.len()).rev() {
            if uses[position] > 0 {
                for argument in &self.nodes[position].arguments {
                    uses[node_of(*argument)] += 1;
                }
            }
        }
        uses
    }

    fn simplified(&self, top: Literal) -> (Graph, Literal) {
        let uses = self.uses(top);
        let mut graph = Graph::new();
        let mut moved: Vec<Literal> = vec![TRUE; self.nodes.len()];
        let mut order = Vec::new();
        self.post_order(top, &mut order);
        for position in order {
            let node = &self.nodes[position];
            let arguments: Vec<Literal> = node
                .arguments
                .iter()
                .map(|a| moved[node_of(*a)] ^ (a & 1))
                .collect();
            moved[position] = match node.kind {
                Kind::True => TRUE,
                Kind::Event(_) => graph.node(node.kind, Vec::new()),
                Kind::Xor => graph.xor(arguments[0], arguments[1]),
                Kind::AtLeast(k) => graph.at_least(k, arguments),
                Kind::And => {
                    let once = node.arguments.iter().map(|a| uses[node_of(*a)] == 1);
                    let flat = graph.flattened(&arguments, once);
                    graph.absorbing_and(flat)
                }
            };
        }
        let top = moved[node_of(top)] ^ (top & 1);
        (graph, top)
    }

    /// The literals with the conjunctions among them that are used `once`
    /// replaced by their arguments.
    fn flattened(&self, literals: &[Literal], once: impl Iterator<Item = bool>) -> Vec<Literal> {
        let mut flat = Vec::with_capacity(literals.len());
        for (literal, once) in literals.iter().zip(once) {
            let node = &self.nodes[node_of(*literal)];
            if once && literal & 1 == 0 && node.kind == Kind::And {
                flat.extend_from_slice(&node.arguments);
            } else {
                flat.push(*literal);
            }
        }
        flat
    }

    /// The conjunction, without the disjunctions that another literal makes
    /// true, and without what another literal makes false inside them.
    fn absorbing_and(&mut self, mut literals: Vec<Literal>) -> Literal {
        for _ in 0..ROUNDS {
            literals.sort_unstable();
            literals.dedup();
            // Each is replaced for the others' sake all at once: none is inside
            // another that is inside it, so no two are given up for each other.
            let replaced: Vec<Literal> = literals
                .iter()
                .map(|l| self.absorbed(*l, &literals))
                .collect();
            if replaced == literals {
                break;
            }
            literals = replaced;
        }
        self.and(literals)
    }

    /// A literal as it needs to be beside others, sorted, that hold with it.
    fn absorbed(&mut self, literal: Literal, others: &[Literal]) -> Literal {
        let node = &self.nodes[node_of(literal)];
        if literal & 1 == 0 || node.kind != Kind::And {
            return literal;
        }
        // The literal is the disjunction of the complements of the arguments.
        let held = |l: &Literal| others.binary_search(l).is_ok();
        if node.arguments.iter().any(|a| held(&(a ^ 1))) {
            return TRUE;
        }
        if !node.arguments.iter().any(held) {
            return literal;
        }
        let rest = node.arguments.iter().copied().filter(|a| !held(a));
        let rest = rest.collect();
        self.and(rest) ^ 1
    }

    /// The nodes below a literal, arguments first, left to right.
    pub fn post_order(&self, top: Literal, order: &mut Vec<usize>) {
        let mut seen = vec![false; self.nodes.len()];
        let mut open = vec![(node_of(top), false)];
        while let Some((position, fed)) = open.pop() {
            if fed {
                order.push(position);
            } else if !seen[position] {
                seen[position] = true;
                open.push((position, true));
                let arguments = self.nodes[position].arguments.iter().rev();
                open.extend(arguments.map(|a| (node_of(*a), false)));
            }
        }
    }
}

fn literal(input: Input, events: &[Option<Literal>], gates: &[Option<Literal>]) -> Option<Literal> {
    match input {
        Input::Constant(true) => Some(TRUE),
        Input::Constant(false) => Some(FALSE),
        Input::Event(e) => events[e as usize],
        Input::Gate(g) => gates[g as usize],
    }
}
