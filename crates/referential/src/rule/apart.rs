//! Whether trying a few values of each property tells all that a rule can tell apart.

use super::{CompareOp, Const, Node, NodeId, Op, Ty};
use cocarde_model::Decimal;

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
        let mut out = Apart {
            days: false,
            amounts: false,
            is_told: true,
        };
        let of = |n: NodeId| &nodes[n.0 as usize];
        let read = |n: NodeId| matches!(of(n).op, Op::Read { .. });
        let mut texts = 0;
        for node in nodes {
            match node.op {
                Op::CompareDate(_, a, b) => out.days |= read(a) && read(b),
                Op::Compare(op, a, b) => {
                    out.amounts |= read(a) && read(b);
                    let just_one = op == CompareOp::Eq;
                    let tells =
                        |a, b| is_plain(nodes, a, b) || (!just_one && !is_counted(nodes, a));
                    out.is_told &= tells(a, b) && tells(b, a);
                }
                Op::CompareShare { op, .. } => out.is_told &= op != CompareOp::Eq,
                Op::Div { truncate, .. } => out.is_told &= !truncate,
                Op::Mul(a, b) => {
                    let constant = |n| matches!(of(n).op, Op::Const(_));
                    out.is_told &= constant(a) || constant(b);
                }
                Op::Text(..) => texts += 1,
                Op::Rem { .. } | Op::Concat(..) | Op::Append(..) => out.is_told = false,
                _ => {}
            }
        }
        out.is_told &= texts < 2;
        out
    }
}

/// Whether an amount is read, or constant, or counts records; or words, of which it is asked
/// whether there are any.
fn is_plain(nodes: &[Node], amount: NodeId, other: NodeId) -> bool {
    let of = |n: NodeId| &nodes[n.0 as usize].op;
    match of(amount) {
        Op::Const(_) | Op::Read { .. } => true,
        Op::Size(_) if !is_counted(nodes, amount) => true,
        Op::Size(_) => {
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
