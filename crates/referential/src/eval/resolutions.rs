//! What facts amount to, worked out once for all evaluations.

use super::policy::{Policy, Resolved};
use super::value::Tv;
use super::{Number, Outcomes, Overlay, Patch};
use crate::rule::NodeId;
use cocarde_model::{Date, FactBase, FactId, RecordId, SlotKey, Value};
use smallvec::SmallVec;
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

/// What both views say of each property of a base, as far as it was asked for, under the
/// policy under which it was asked for last.
#[derive(Debug)]
pub struct Resolutions {
    facts: Vec<Cell<Facts>>,
    /// Every policy under which something was asked for: as long as they are kept no other has
    /// the same address.
    policies: RefCell<Vec<Arc<Policy>>>,
    /// How many criteria came before the present one.
    criterion: u32,
    members: RefCell<Vec<(NodeId, Vec<Member>)>>,
    /// The countries that facts name: whatever the criterion.
    countries: OnceCell<Vec<Arc<str>>>,
}

/// What one member of a list came to in an expression, under each of the last suppositions.
#[derive(Debug)]
struct Member {
    record: RecordId,
    came_to: SmallVec<[Known; 1]>,
}

/// So many are kept.
const MOST_KNOWN: usize = 8;

/// What it came to, by what was looked at for it.
#[derive(Debug)]
struct Known {
    worth: Worth,
    /// The properties, and what was supposed of each.
    looked_at: SmallVec<[(SlotKey, Option<Patch>); 4]>,
    /// Whether all of these are of the member itself, and nothing was supposed of them.
    is_plain: bool,
}

impl Known {
    /// Whether the same is looked at under these suppositions.
    fn holds(&self, record: RecordId, overlay: &Overlay) -> bool {
        // Mostly what is looked at for a member are its own properties.
        if self.is_plain && overlay.is_silent_on(record) {
            return true;
        }
        let alike = |(key, patch): &(SlotKey, Option<Patch>)| overlay.get(*key) == patch.as_ref();
        self.looked_at.iter().all(alike)
    }
}

/// What a member comes to.
#[derive(Clone, Debug)]
pub(super) enum Worth {
    /// Whether it passes, or belongs.
    Truth(Outcomes),
    /// What it adds.
    Amount(Rc<Number>),
}

/// What facts amount to.
#[derive(Clone, Copy, Debug)]
struct Facts {
    /// The facts that give the value in the established and in the refuting view.
    established: u32,
    refuting: u32,
    /// The claim, and what stands against it.
    claim: u32,
    against: u32,
    /// Under the policy at this address; none where nobody asked yet.
    under: usize,
    /// Which criterion asked last.
    asked_by: u32,
}

/// No fact.
const NONE: u32 = u32::MAX;
/// Nobody asked yet.
const UNASKED: Facts = Facts {
    established: NONE,
    refuting: NONE,
    claim: NONE,
    against: NONE,
    under: 0,
    asked_by: u32::MAX,
};

impl Resolutions {
    /// Nothing has been asked of that base yet.
    pub fn of(base: &FactBase) -> Resolutions {
        Resolutions {
            facts: vec![Cell::new(UNASKED); base.property_count()],
            policies: RefCell::default(),
            criterion: 0,
            members: RefCell::default(),
            countries: OnceCell::new(),
        }
    }

    /// From here on another criterion asks, which has other expressions.
    pub(crate) fn next_criterion(&mut self) {
        self.criterion += 1;
        self.members.get_mut().clear();
    }

    /// The countries that facts name, found once.
    pub(super) fn countries(&self, find: impl FnOnce() -> Vec<Arc<str>>) -> &[Arc<str>] {
        self.countries.get_or_init(find)
    }

    /// What a member of a list, which is at about that position, comes to in an expression,
    /// where that is known under these suppositions.
    pub(super) fn member(
        &self,
        (node, record): (NodeId, RecordId),
        at: usize,
        overlay: &Overlay,
    ) -> Option<Worth> {
        let members = self.members.borrow();
        let (_, members) = members.iter().find(|(n, _)| *n == node)?;
        let there = members.get(at).filter(|m| m.record == record);
        let member = there.or_else(|| members.get(place(members, record).ok()?))?;
        let mut known = member.came_to.iter();
        let known = known.find(|k| k.holds(record, overlay))?;
        Some(known.worth.clone())
    }

    /// Remembers what a member comes to, by what was looked at for it.
    pub(super) fn remember(
        &self,
        (node, record): (NodeId, RecordId),
        worth: &Worth,
        reads: &[SlotKey],
        overlay: &Overlay,
    ) {
        let supposed = |key: &SlotKey| (*key, overlay.get(*key).cloned());
        let looked_at: SmallVec<[_; 4]> = reads.iter().map(supposed).collect();
        let is_plain = |(k, p): &(SlotKey, Option<Patch>)| k.record == record && p.is_none();
        let known = Known {
            worth: worth.clone(),
            is_plain: looked_at.iter().all(is_plain),
            looked_at,
        };
        let mut members = self.members.borrow_mut();
        let at = members.iter().position(|(n, _)| *n == node);
        let at = at.unwrap_or_else(|| {
            members.push((node, Vec::new()));
            members.len() - 1
        });
        let members = &mut members[at].1;
        match place(members, record) {
            Ok(at) => {
                let came_to = &mut members[at].came_to;
                if came_to.len() == MOST_KNOWN {
                    came_to.remove(1);
                }
                came_to.push(known);
            }
            Err(at) => {
                let came_to = SmallVec::from_iter([known]);
                members.insert(at, Member { record, came_to });
            }
        }
    }

    /// What the facts about a property amount to, where this criterion asked for that.
    pub(super) fn known<'a>(&self, base: &'a FactBase, key: SlotKey) -> Option<Resolved<'a>> {
        let known = self.facts[base.place(key)].get();
        let id = |id: u32| (id != NONE).then_some(FactId(id));
        let value = |of: u32| id(of).map(|id| (id, &base.fact(id).value));
        (known.asked_by == self.criterion).then(|| Resolved {
            established: value(known.established),
            refuting: value(known.refuting),
            claim: id(known.claim),
            against: id(known.against),
        })
    }

    /// What both views say of a property of one of the base's records.
    #[inline]
    pub(super) fn get<'a>(
        &self,
        base: &'a FactBase,
        key: SlotKey,
        policy: &Arc<Policy>,
        day: Date,
    ) -> Tv<&'a Value> {
        let cell = &self.facts[base.place(key)];
        let mut known = cell.get();
        if known.under != Arc::as_ptr(policy).addr() {
            known = self.resolved(base, key, policy, day);
        }
        if known.asked_by != self.criterion {
            known.asked_by = self.criterion;
            cell.set(known);
        }
        let value = |id: u32| (id != NONE).then(|| &base.fact(FactId(id)).value);
        Tv::Known(value(known.established), value(known.refuting))
    }

    fn resolved(&self, base: &FactBase, key: SlotKey, policy: &Arc<Policy>, day: Date) -> Facts {
        let mut policies = self.policies.borrow_mut();
        if !policies.iter().any(|p| Arc::ptr_eq(p, policy)) {
            policies.push(policy.clone());
        }
        let found = policy.resolve(base, key, day);
        let id = |of: Option<FactId>| of.map_or(NONE, |id| id.0);
        Facts {
            established: id(found.established.map(|(id, _)| id)),
            refuting: id(found.refuting.map(|(id, _)| id)),
            claim: id(found.claim),
            against: id(found.against),
            under: Arc::as_ptr(policy).addr(),
            asked_by: UNASKED.asked_by,
        }
    }
}

/// Where a member is, or would be: they are sorted by record.
fn place(members: &[Member], record: RecordId) -> Result<usize, usize> {
    members.binary_search_by_key(&record, |m| m.record)
}
