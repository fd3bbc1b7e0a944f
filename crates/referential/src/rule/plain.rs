//! Which rules can be evaluated without a derivation.

use super::{Node, Op};

/// Whether all that a rule is made of can be, unless the facts turn out to be such that it
/// cannot.
pub(super) fn is_plain(nodes: &[Node]) -> bool {
    nodes.iter().all(|n| {
        !matches!(
            n.op,
            Op::Text(..)
                | Op::Div { .. }
                | Op::Rem { .. }
                | Op::Concat(..)
                | Op::List(_)
                | Op::Append(..)
                | Op::ExistsOne { .. }
                | Op::Length(_)
        )
    })
}
