//! The sets of tests by any one of which an expression comes out as wanted.

use super::super::want::Want;
use super::Beyond;
use super::looks::Looks;
use crate::rule::{Const, NodeId, Op};
use cocarde_model::RecordId;
use smallvec::SmallVec;

/// Tests, or quantifiers, that have to come out so, all of them.
pub(super) type Set = SmallVec<[(NodeId, Want); 4]>;
/// Sets, any one of which will do.
pub(super) type Sets = SmallVec<[Set; 2]>;

/// Most sets of one expression.
const MOST: usize = 24;

/// Of what an expression speaks.
#[derive(Clone, Copy)]
pub(super) enum Whose {
    /// Of no record in particular.
    Whole,
    /// Of a member of a list.
    Record(RecordId),
    /// Of a member for which the views do not differ.
    Alike,
}

/// The sets for an expression that speaks of a record, or of the whole.
pub(super) fn sets(
    looks: &Looks<'_, '_>,
    node: NodeId,
    want: Want,
    of: Whose,
) -> Result<Sets, Beyond> {
    match looks.rule().node(node).op {
        _ if looks.is_test(node) => Ok(just(node, want)),
        Op::Const(Const::Bool(b)) if b == want.truth => Ok(Sets::from_elem(Set::new(), 1)),
        Op::Const(_) => Ok(Sets::new()),
        Op::Not(a) => sets(looks, a, want.negated(), of),
        Op::And(a, b) => joined(looks, &[(a, false), (b, false)], true, want, of),
        Op::Or(a, b) => joined(looks, &[(a, false), (b, false)], false, want, of),
        _ => Ok(just(node, want)),
    }
}

fn just(node: NodeId, want: Want) -> Sets {
    let set: Set = std::iter::once((node, want)).collect();
    std::iter::once(set).collect()
}

/// The same for a conjunction or a disjunction of expressions, some turned around.
pub(super) fn joined(
    looks: &Looks<'_, '_>,
    parts: &[(NodeId, bool)],
    conjunction: bool,
    want: Want,
    of: Whose,
) -> Result<Sets, Beyond> {
    let one = |(node, negated): &(NodeId, bool), want: Want| {
        let want = if *negated { want.negated() } else { want };
        sets(looks, *node, want, of)
    };
    if want.truth == conjunction {
        let mut out = Sets::from_elem(Set::new(), 1);
        for part in parts {
            out = both(&out, &one(part, want)?)?;
        }
        return Ok(out);
    }
    let mut out = Sets::new();
    for part in parts {
        out.extend(one(part, want)?);
    }
    // One part may do for one view, another for the other.
    let differ = |part: &NodeId| match of {
        Whose::Whole => looks.splits(*part, None),
        Whose::Record(record) => looks.splits(*part, Some(record)),
        Whose::Alike => false,
    };
    if want.established && want.refuting && parts.iter().any(|(p, _)| differ(p)) {
        for (i, a) in parts.iter().enumerate() {
            for (_, b) in parts.iter().enumerate().filter(|(j, _)| *j != i) {
                let (a, b) = (one(a, want.established())?, one(b, want.refuting())?);
                out.extend(both(&a, &b)?);
                if out.len() > MOST {
                    return Err(Beyond);
                }
            }
        }
    }
    match out.len() <= MOST {
        true => Ok(out),
        false => Err(Beyond),
    }
}

/// One of these together with one of those.
fn both(a: &Sets, b: &Sets) -> Result<Sets, Beyond> {
    if a.len() * b.len() > MOST {
        return Err(Beyond);
    }
    let mut out = Sets::new();
    for a in a {
        for b in b {
            let mut set = a.clone();
            set.extend_from_slice(b);
            out.push(set);
        }
    }
    Ok(out)
}
