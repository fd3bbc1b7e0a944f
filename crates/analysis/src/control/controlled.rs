//! Company control: who controls whom by the votes that it casts itself and
//! through the companies that it controls.
//!
//! Source: S. Ceri, G. Gottlob and L. Tanca, *Logic Programming and Databases*
//! (1990), the company control problem; here in three values, since votes may
//! be known only as intervals.

use super::graph::{ControlGraph, EntityId, Holding, Measure, SpecialRight, Unnamed};
use crate::exact::{Range, Ratio};
use cocarde_model::Truth;
use num_traits::{One, Zero};

/// When votes give control.
#[derive(Clone, Debug)]
pub struct ControlRule {
    /// Control takes more than this share of the votes, 0 to 1.
    pub majority: Ratio,
    /// Whether the right to appoint the majority of a board is control.
    pub appointment: bool,
    /// Whether the undeclared holders of a listed company are taken to be
    /// dispersed, so that nobody can gather their votes.
    pub listed_declare: bool,
}

impl Default for ControlRule {
    /// More than half of the votes (Code de commerce, art. L.233-3 I 1°), or the
    /// right to appoint the majority of a board (4°).
    fn default() -> ControlRule {
        ControlRule {
            majority: Ratio::new(1.into(), 2.into()),
            appointment: true,
            listed_declare: true,
        }
    }
}

/// One step of the proof that an entity is controlled.
#[derive(Clone, Debug)]
pub struct Step {
    /// The entity that comes under control.
    pub entity: EntityId,
    /// The holders whose votes are added up, or whose right counts.
    pub through: Vec<EntityId>,
    /// The votes they cast for sure, 0 to 1.
    pub votes: Ratio,
    /// Whether a right of appointment decides, rather than votes.
    pub by_right: bool,
}

/// Holders that nobody named, in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strangers {
    /// None belongs to it.
    Nobody,
    /// One may. It does not control an entity that is stated to be controlled
    /// from its own country ([`ControlGraph::is_stated_top`]).
    One,
    /// All may, and together they control what none of them controls alone.
    All,
}

/// Entities that act together.
#[derive(Clone, Debug)]
pub struct Group {
    /// Who belongs to it.
    pub members: Vec<bool>,
    /// Who may belong to it, besides.
    pub maybe: Vec<bool>,
    /// Which holders that nobody named may belong to it.
    pub strangers: Strangers,
}

impl Group {
    /// Nobody that is named, in a graph of `n` entities.
    pub fn nobody(n: usize) -> Group {
        Group {
            members: vec![false; n],
            maybe: vec![false; n],
            strangers: Strangers::Nobody,
        }
    }

    /// One entity.
    pub fn one(n: usize, id: EntityId) -> Group {
        let mut group = Group::nobody(n);
        group.members[id.index()] = true;
        group
    }
}

/// What some entities, acting together, control.
#[derive(Clone, Debug)]
pub struct Controlled {
    /// For every entity, whether they control it. They count as controlling themselves.
    pub truth: Vec<Truth>,
    /// How each surely controlled entity came under control, in order.
    pub steps: Vec<Step>,
}

impl ControlGraph {
    /// What the members of `group`, acting together, control.
    pub fn controlled_by(&self, group: &Group, rule: &ControlRule) -> Controlled {
        let (sure, steps) = self.surely_controlled_by(&group.members, rule);
        let wide = group.members.iter().zip(&group.maybe);
        let wide: Vec<bool> = wide.map(|(a, b)| *a || *b).collect();
        let possible = self.spread(wide, |graph, id, inside| {
            graph
                .possibly(id, inside, group.strangers, rule)
                .then_some(())
        });
        let truth = sure.iter().zip(&possible);
        let truth = truth.map(|(sure, possible)| match (sure, possible) {
            (true, _) => Truth::True,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::False,
        });
        let truth = truth.collect();
        Controlled { truth, steps }
    }

    /// What `members`, acting together, control for sure, and how each came under control.
    pub(super) fn surely_controlled_by(
        &self,
        members: &[bool],
        rule: &ControlRule,
    ) -> (Vec<bool>, Vec<Step>) {
        let mut steps = Vec::new();
        let sure = self.spread(members.to_vec(), |graph, id, inside| {
            let step = graph.surely(id, inside, rule)?;
            steps.push(step);
            Some(())
        });
        (sure, steps)
    }

    /// The least set that holds `inside` and is closed under `joins`.
    fn spread(
        &self,
        mut inside: Vec<bool>,
        mut joins: impl FnMut(&ControlGraph, EntityId, &[bool]) -> Option<()>,
    ) -> Vec<bool> {
        let all = (0..self.len() as u32).map(EntityId);
        let mut todo: Vec<EntityId> = all.filter(|e| !inside[e.index()]).collect();
        todo.reverse();
        while let Some(id) = todo.pop() {
            if inside[id.index()] || joins(self, id, &inside).is_none() {
                continue;
            }
            inside[id.index()] = true;
            let next = self.held(id).map(|h| h.held);
            todo.extend(next.filter(|e| !inside[e.index()]));
        }
        inside
    }

    pub(super) fn surely(&self, id: EntityId, inside: &[bool], rule: &ControlRule) -> Option<Step> {
        let ours = || self.holders(id).filter(|h| inside[h.holder.index()]);
        ours().next()?;
        let votes = self.votes_of(id, inside, Strangers::Nobody, rule).lo;
        let appoints = |h: &&Holding| {
            let rights = h.rights.as_deref().unwrap_or_default();
            rights.contains(&SpecialRight::AppointMajority)
        };
        let by_votes = votes > rule.majority;
        if by_votes || (rule.appointment && ours().any(|h| appoints(&h))) {
            let counting = ours().filter(|h| by_votes || appoints(h));
            let mut through: Vec<EntityId> = counting.map(|h| h.holder).collect();
            through.dedup();
            return Some(Step {
                entity: id,
                through,
                votes,
                by_right: !by_votes,
            });
        }
        None
    }

    pub(super) fn possibly(
        &self,
        id: EntityId,
        inside: &[bool],
        strangers: Strangers,
        rule: &ControlRule,
    ) -> bool {
        let answered = strangers == Strangers::One && self.is_stated_top(id);
        if self.is_end(id) || answered {
            return false;
        }
        if rule.appointment && self.entity(id).perhaps_appointed {
            return true;
        }
        let mut ours = self.holders(id).filter(|h| inside[h.holder.index()]);
        let may_appoint = |h: &Holding| {
            let rights = h.rights.as_deref();
            rights.is_none_or(|r| r.contains(&SpecialRight::AppointMajority))
        };
        self.votes_of(id, inside, strangers, rule).hi > rule.majority
            || (rule.appointment && ours.any(may_appoint))
    }

    /// The votes in an entity that the members of a set cast together, 0 to 1;
    /// `strangers` says which holders that nobody named may belong to the set.
    pub fn votes_of(
        &self,
        id: EntityId,
        inside: &[bool],
        strangers: Strangers,
        rule: &ControlRule,
    ) -> Range {
        let zero = || Range::point(Ratio::zero());
        let (mut ours, mut others) = (zero(), zero());
        for h in self.holders(id) {
            let side = if inside[h.holder.index()] {
                &mut ours
            } else {
                &mut others
            };
            *side = side.plus(&Self::share(h, Measure::Votes));
        }
        let rest = self.remainder(id, Measure::Votes);
        // Unnamed votes may be ours, unless nobody can gather them.
        match self.unnamed(id, rule.listed_declare) {
            Unnamed::Dispersed => others.lo += &rest.lo,
            Unnamed::Strangers if strangers == Strangers::Nobody => others.lo += &rest.lo,
            Unnamed::Anyone | Unnamed::Strangers => ours.hi += &rest.hi,
        }
        others.hi += &rest.hi;
        let lo = ours.lo.max(Ratio::one() - others.hi);
        let hi = ours.hi.min(Ratio::one() - others.lo);
        // Shares that contradict one another leave nothing but the stated ends.
        Range::new(lo.clone().min(hi.clone()), hi.max(lo))
    }
}

#[cfg(test)]
mod tests;
