//! Rules whose tests look at one property each.

use super::{Const, Node, NodeId, Op};

/// The one reading of a test.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// The reading.
    pub(crate) read: NodeId,
    /// Where what it reads is another record's: the reading that leads there.
    pub(crate) via: Option<NodeId>,
}

/// The tests of a rule that is made of nothing but such, joined by `and`, `or`, `not` and
/// by `all` and `exists` over the records of a property, one within no other.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    looks: Vec<Option<Look>>,
    /// For each test the first that has the same property changed.
    changes: Vec<NodeId>,
}

impl Shape {
    /// Nothing for a rule that is made otherwise.
    pub(super) fn of(nodes: &[Node], root: NodeId) -> Option<Shape> {
        let mut walk = Walk::of(nodes);
        walk.truth(root, false).then(|| Shape {
            changes: walk.changes(),
            looks: walk.looks,
        })
    }

    /// What a test looks at; nothing for what is no test.
    pub(crate) fn look(&self, test: NodeId) -> Option<Look> {
        self.looks[test.0 as usize]
    }

    /// Which property has to change for a test to come out otherwise: of tests of the same
    /// record it is the same for those for which this is.
    pub(crate) fn changes(&self, test: NodeId) -> NodeId {
        self.changes[test.0 as usize]
    }
}

/// Reads what a rule is made of.
pub(super) struct Walk<'a> {
    nodes: &'a [Node],
    looks: Vec<Option<Look>>,
}

impl<'a> Walk<'a> {
    pub(super) fn of(nodes: &'a [Node]) -> Walk<'a> {
        let looks = vec![None; nodes.len()];
        Walk { nodes, looks }
    }

    /// What a test looks at that has been read.
    pub(super) fn look(&self, test: NodeId) -> Option<Look> {
        self.looks[test.0 as usize]
    }

    fn op(&self, id: NodeId) -> &Op {
        &self.nodes[id.0 as usize].op
    }

    /// Whether an expression is so made: of a member of a list, or of no list.
    fn truth(&mut self, id: NodeId, of_member: bool) -> bool {
        match *self.op(id) {
            Op::Const(Const::Bool(_)) => true,
            Op::Not(a) => self.truth(a, of_member),
            Op::And(a, b) | Op::Or(a, b) => self.truth(a, of_member) && self.truth(b, of_member),
            Op::All { list, body } | Op::Exists { list, body }
                if !matches!(self.op(list), Op::Read { .. }) =>
            {
                !of_member && self.list(list) && self.truth(body, true)
            }
            _ => self.test(id, of_member),
        }
    }

    fn list(&mut self, id: NodeId) -> bool {
        match *self.op(id) {
            Op::Members { of, .. } => self.is_part(of),
            Op::Filter { list, body } => self.list(list) && self.truth(body, true),
            _ => false,
        }
    }

    /// Reads a test: of a member of a list, or of no list; false where it is none.
    pub(super) fn test(&mut self, id: NodeId, of_member: bool) -> bool {
        let mut reads = Vec::new();
        if !self.reads(id, &mut reads) || reads.len() != 1 {
            return false;
        }
        let Op::Read { of, .. } = *self.op(reads[0]) else {
            return false;
        };
        let via = match self.op(of) {
            Op::Read { of, .. } => Some(*of),
            _ => None,
        };
        let from = via.unwrap_or(of);
        let leads_on = match of_member {
            true => matches!(self.op(from), Op::Local(0)),
            false => via.is_none() && self.is_part(from),
        };
        self.looks[id.0 as usize] = leads_on.then_some(Look {
            read: reads[0],
            via: via.map(|_| of),
        });
        leads_on
    }

    /// The readings of a test; false where it is made of more than can be told of one value.
    fn reads(&self, id: NodeId, out: &mut Vec<NodeId>) -> bool {
        match self.op(id) {
            Op::Read { .. } => {
                out.push(id);
                true
            }
            Op::Members { .. }
            | Op::Filter { .. }
            | Op::Map { .. }
            | Op::ExistsOne { .. }
            | Op::Sum(_)
            | Op::If { .. } => false,
            op => op.children().into_iter().all(|c| self.reads(c, out)),
        }
    }

    /// For each test the first that has the same property changed, of the same record.
    fn changes(&self) -> Vec<NodeId> {
        let property = |test: NodeId| {
            let look = self.looks[test.0 as usize]?;
            match *self.op(look.via.unwrap_or(look.read)) {
                Op::Read { of, field, .. } => Some((of, field)),
                _ => None,
            }
        };
        let tests = || (0..self.nodes.len() as u32).map(NodeId);
        let first = |test: NodeId| {
            let (of, field) = property(test)?;
            tests().find(|t| property(*t).is_some_and(|(o, f)| f == field && self.same(o, of)))
        };
        tests().map(|t| first(t).unwrap_or(t)).collect()
    }

    /// Whether both lead to the same part, or both to the member that is looked at.
    fn same(&self, a: NodeId, b: NodeId) -> bool {
        match (self.op(a), self.op(b)) {
            (Op::Root, Op::Root) | (Op::Local(_), Op::Local(_)) => true,
            (Op::Part { of: a, field: x }, Op::Part { of: b, field: y }) => {
                x == y && self.same(*a, *b)
            }
            _ => false,
        }
    }

    /// Whether an expression leads to a part of the whole.
    pub(super) fn is_part(&self, id: NodeId) -> bool {
        match self.op(id) {
            Op::Root => true,
            Op::Part { of, .. } => self.is_part(*of),
            _ => false,
        }
    }
}
