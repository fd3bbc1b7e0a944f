//! Lists made of one list of records by keeping and replacing its members one by one.

use super::{NodeId, Op, Rule};
use cocarde_model::FieldId;
use smallvec::SmallVec;

/// The records of a property, those that are kept, and what becomes of them.
pub(crate) struct Chain {
    /// The record whose property it is.
    pub(crate) of: NodeId,
    /// The property.
    pub(crate) field: FieldId,
    /// What a record has to pass, in order.
    pub(crate) filters: SmallVec<[NodeId; 2]>,
    /// What it is replaced by in the end.
    pub(crate) map: Option<NodeId>,
}

impl Chain {
    /// What a list is made of; nothing where it is made otherwise.
    pub(crate) fn of(rule: &Rule, list: NodeId) -> Option<Chain> {
        let mut filters: SmallVec<[NodeId; 2]> = SmallVec::new();
        let (mut at, mut map) = (list, None);
        loop {
            match rule.node(at).op {
                Op::Map { list, body } if filters.is_empty() && map.is_none() => {
                    (at, map) = (list, Some(body));
                }
                Op::Filter { list, body } => {
                    filters.push(body);
                    at = list;
                }
                Op::Members { of, field } => {
                    filters.reverse();
                    return Some(Chain {
                        of,
                        field,
                        filters,
                        map,
                    });
                }
                _ => return None,
            }
        }
    }
}
