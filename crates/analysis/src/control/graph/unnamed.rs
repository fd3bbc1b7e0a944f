//! What is left to holders that are not named, and who they may be.

use super::{ControlGraph, EntityId, Kind, Measure};
use crate::exact::{Range, Ratio};
use num_traits::{One, Zero};

/// What is known of the holders of one entity that are not named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unnamed {
    /// They may be anyone, a named entity included.
    Anyone,
    /// They are nobody who is named: the list of holdings is complete.
    Strangers,
    /// They are below the threshold at which a listed company's holders must
    /// declare themselves, and the rule does not count them.
    Dispersed,
}

impl ControlGraph {
    /// The share of an entity that no named holder holds, as a fraction. A list of
    /// holdings that is stated to be complete says who holds, not how much: a share of
    /// which less is said leaves no less to others.
    pub fn remainder(&self, held: EntityId, measure: Measure) -> Range {
        let shares = self.holders(held).map(|h| Self::share(h, measure));
        let named = shares.fold(Range::point(Ratio::zero()), |a, b| a.plus(&b));
        let left = |taken: Ratio| (Ratio::one() - taken).max(Ratio::zero());
        Range::new(left(named.hi), left(named.lo))
    }

    /// What is known of the unnamed holders of an entity.
    pub fn unnamed(&self, held: EntityId, listed_declare: bool) -> Unnamed {
        let entity = self.entity(held);
        // Someone is stated to hold it, and not who: whoever it is had to declare it.
        if entity.perhaps_held {
            Unnamed::Anyone
        } else if listed_declare && entity.listed == Some(true) {
            Unnamed::Dispersed
        } else if self.complete {
            Unnamed::Strangers
        } else {
            Unnamed::Anyone
        }
    }

    /// Whether an entity is an end of every chain: a person, a State, a public
    /// body or an association, which nobody holds.
    pub fn is_end(&self, id: EntityId) -> bool {
        let entity = self.entity(id);
        let held = entity.perhaps_held || entity.kind.is_none_or(Kind::is_held);
        self.is_headless(id) && !held
    }

    /// Whether an entity without a named holder is stated to be controlled from
    /// its own country, in a list of holdings that is stated to be complete. This
    /// answers who may control it, not who holds the shares that give no control.
    pub fn is_stated_top(&self, id: EntityId) -> bool {
        let entity = self.entity(id);
        let at_home = entity.seat.one().is_some() && entity.controlled_from == entity.seat;
        self.complete && at_home && self.is_headless(id)
    }

    /// Whether an entity has holders that count, of whom nobody named one.
    pub fn is_unstated(&self, id: EntityId, listed_declare: bool) -> bool {
        self.is_headless(id) && !self.is_end(id) && self.counts_unnamed(id, listed_declare)
    }

    fn is_headless(&self, id: EntityId) -> bool {
        self.above[id.index()].is_empty()
    }

    /// Whether the holders of an entity that are not named count: those of a
    /// listed company had to declare themselves and would be on a complete list.
    pub(super) fn counts_unnamed(&self, held: EntityId, listed_declare: bool) -> bool {
        !self.complete || self.unnamed(held, listed_declare) != Unnamed::Dispersed
    }
}
