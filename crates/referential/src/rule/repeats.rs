//! Parts of a rule that are written twice: they need be evaluated once only.

use super::{Node, NodeId, Op};

/// For every expression that says the same as an earlier one, and is worth remembering:
/// which. Expressions under one that repeats are not looked at: they are not evaluated.
pub(super) fn find(nodes: &[Node], root: NodeId) -> Vec<Option<NodeId>> {
    let canonical = canonical(nodes);
    let mut out = vec![None; nodes.len()];
    let mut first: Vec<Option<NodeId>> = vec![None; nodes.len()];
    let mut left = vec![root];
    while let Some(id) = left.pop() {
        let class = canonical[id.0 as usize].0 as usize;
        let op = &nodes[id.0 as usize].op;
        match (first[class], is_worth_it(op)) {
            (Some(earlier), true) => {
                out[id.0 as usize] = Some(earlier);
                continue;
            }
            (None, _) => first[class] = Some(id),
            _ => {}
        }
        // The first written comes first off the stack: it is evaluated first.
        left.extend(op.children().into_iter().rev());
    }
    if out.iter().all(Option::is_none) {
        out.clear();
    }
    out
}

fn is_worth_it(op: &Op) -> bool {
    matches!(
        op,
        Op::Sum(_) | Op::Size(_) | Op::Filter { .. } | Op::Map { .. }
    )
}

/// For every expression the first that says the same.
pub(super) fn canonical(nodes: &[Node]) -> Vec<NodeId> {
    let mut out: Vec<NodeId> = Vec::with_capacity(nodes.len());
    let mut ops: Vec<Op> = Vec::with_capacity(nodes.len());
    for node in nodes {
        let op = node.op.clone().map_children(&mut |c| out[c.0 as usize]);
        let known = ops.iter().position(|o| *o == op);
        out.push(NodeId(known.unwrap_or(ops.len()) as u32));
        ops.push(op);
    }
    out
}
