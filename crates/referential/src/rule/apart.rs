//! Whether trying a few values of each property tells all that a rule can tell apart.

use super::{CompareOp, Const, Node, NodeId, Op, Ty, repeats};
use cocarde_model::Decimal;
use std::collections::BTreeSet;

/// What a rule compares other than with constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Apart {
    /// Days with one another: then those that facts state are worth trying.
    pub(crate) days: bool,
    /// Amounts with one another, likewise.
    pub(crate) amounts: bool,
    /// Whether the values at its constants, at what facts state and at both ends are all that
    /// matter. Not so where just one amount does that has to be worked out, or where it counts
    /// words or letters: there a cheaper change may be one that was not tried.
    pub(crate) is_told: bool,
}

impl Apart {
    pub(super) fn of(nodes: &[Node]) -> Apart {
        let read = |n: NodeId| matches!(nodes[n.0 as usize].op, Op::Read { .. });
        let mut out = Apart {
            days: false,
            amounts: false,
            is_told: true,
        };
        // Between two bounds of what is worked out, and with two tests of one text, what is
        // wanted may be at neither.
        let (mut bounds, mut texts) = (BTreeSet::new(), 0);
        let same = repeats::canonical(nodes);
        let mut bound = |op: CompareOp, a: NodeId, b: NodeId| {
            // To be more than an amount and to be at most that part the same.
            let is_above = matches!(op, CompareOp::Gt | CompareOp::Le);
            bounds.insert((is_above, same[a.0 as usize], same[b.0 as usize]));
        };
        for node in nodes {
            match node.op {
                Op::CompareDate(_, a, b) => out.days |= read(a) && read(b),
                Op::Compare(op, a, b) => {
                    out.amounts |= read(a) && read(b);
                    let plain = is_plain(nodes, a, b) && is_plain(nodes, b, a);
                    let just_one = op == CompareOp::Eq;
                    let counted = is_counted(nodes, a) || is_counted(nodes, b);
                    out.is_told &= plain || !(just_one || counted);
                    if !plain && !is_some(nodes, op, b) {
                        bound(op, a, b);
                    }
                }
                Op::CompareShare {
                    op, part, whole, ..
                } => {
                    out.is_told &= op != CompareOp::Eq;
                    bound(op, part, whole);
                }
                Op::Div { truncate, .. } => out.is_told &= !truncate,
                Op::Text(..) => texts += 1,
                Op::Rem { .. } | Op::Concat(..) | Op::Append(..) => out.is_told = false,
                _ => {}
            }
        }
        out.is_told &= bounds.len() < 2 && texts < 2;
        out
    }
}

/// Whether it is asked whether there is anything at all: `> 0`.
fn is_some(nodes: &[Node], op: CompareOp, than: NodeId) -> bool {
    let zero = Op::Const(Const::Number(Decimal::ZERO));
    op == CompareOp::Gt && nodes[than.0 as usize].op == zero
}

/// Whether an amount is read, or constant, or counts records; or words, of which it is asked
/// whether there are any.
fn is_plain(nodes: &[Node], amount: NodeId, other: NodeId) -> bool {
    let of = |n: NodeId| &nodes[n.0 as usize].op;
    match of(amount) {
        Op::Const(_) | Op::Read { .. } => true,
        Op::Size(_) if !is_counted(nodes, amount) => true,
        Op::Size(_) | Op::Length(_) => {
            matches!(of(other), Op::Const(Const::Number(n)) if *n <= Decimal::ONE)
        }
        _ => false,
    }
}

/// Whether it counts words, or letters.
fn is_counted(nodes: &[Node], amount: NodeId) -> bool {
    let ty = |n: NodeId| &nodes[n.0 as usize].ty;
    match nodes[amount.0 as usize].op {
        Op::Size(list) => !matches!(ty(list), Ty::List(of) if matches!(**of, Ty::Record(_))),
        Op::Length(_) => true,
        _ => false,
    }
}
