//! Third countries: which entities lie outside a set of countries, and what
//! they hold of a company, one by one and together.
//!
//! The wording followed is requirement 19.6.b of SecNumCloud 3.2: capital and
//! votes, direct or indirect, of entities whose registered seat, central
//! administration or main establishment is outside; for listed shares, the
//! holders who had to declare themselves; vetoes and appointment rights.

use super::controlled::{ControlRule, Group, Strangers};
use super::graph::{ControlGraph, Entity, EntityId, Holding, Measure, SpecialRight};
use super::holders::Holders;
use super::table::ControlTable;
use crate::exact::{Range, Ratio};
use crate::facts::Said;
use crate::flow::FlowError;
use cocarde_model::Truth;
use num_traits::{One, Zero};
use std::collections::BTreeSet;
use std::sync::Arc;

/// How a natural person counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Persons {
    /// By country of residence.
    Residence,
    /// By nationality.
    Nationality,
    /// Not at all: the text speaks of entities.
    NotCounted,
}

impl Persons {
    /// The country an entity counts for: its seat, or of a person the one by which it counts.
    pub fn country(self, entity: &Entity) -> Option<Arc<str>> {
        let person = match self {
            Persons::Nationality => entity.nationality.one(),
            Persons::Residence | Persons::NotCounted => entity.residence.one(),
        };
        entity.by_kind(person, entity.seat.one())?.cloned()
    }
}

/// How votes held through others count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum IndirectVotes {
    /// Multiplied along the chain, like capital.
    Product,
    /// The votes of controlled companies count in full (Code de commerce, art. L.233-9).
    Assimilated,
    /// The larger of the two.
    Larger,
}

/// What counts as outside, and how.
#[derive(Clone, Debug)]
pub struct OutsideRule {
    /// Countries that are inside, ISO 3166-1 alpha-2.
    pub inside: BTreeSet<Arc<str>>,
    /// How natural persons count.
    pub persons: Persons,
    /// How votes held through others count.
    pub votes: IndirectVotes,
    /// Whether the holders of listed shares are those who had to declare themselves.
    pub listed_declare: bool,
    /// Whether a central administration or main establishment of which nobody says
    /// anything is taken to be where the seat is.
    pub follow_seat: bool,
    /// When votes give control.
    pub control: ControlRule,
}

impl OutsideRule {
    /// The usual reading, for a set of countries inside: persons by residence,
    /// the larger measure of votes, declared holders of listed shares, places
    /// that are not stated taken to be at the seat.
    pub fn new<'a>(inside: impl IntoIterator<Item = &'a str>) -> OutsideRule {
        OutsideRule {
            inside: inside.into_iter().map(Arc::from).collect(),
            persons: Persons::Residence,
            votes: IndirectVotes::Larger,
            listed_declare: true,
            follow_seat: true,
            control: ControlRule::default(),
        }
    }

    fn country(&self, country: &Said<Arc<str>>) -> Truth {
        let outside = |c: &Arc<str>| (!self.inside.contains(c)).into();
        country.one().map_or(Truth::Unknown, outside)
    }

    /// Whether an entity lies outside.
    pub fn is_outside(&self, entity: &Entity) -> Truth {
        let person = match self.persons {
            Persons::Residence => self.country(&entity.residence),
            Persons::Nationality => self.country(&entity.nationality),
            Persons::NotCounted => Truth::False,
        };
        let other = self.has_place_outside(entity);
        entity.by_kind(person, other).unwrap_or(Truth::Unknown)
    }

    /// Whether an entity that is no person has one of its places outside.
    fn has_place_outside(&self, entity: &Entity) -> Truth {
        let seat = self.country(&entity.seat);
        let others = [&entity.central_administration, &entity.main_establishment];
        others.into_iter().fold(seat, |known, place| {
            known.or(match place {
                Said::Nothing if self.follow_seat => seat,
                place => self.country(place),
            })
        })
    }
}

/// What one entity outside holds.
#[derive(Clone, Debug)]
pub struct OutsideHolder {
    /// The entity.
    pub entity: EntityId,
    /// Whether it lies outside.
    pub outside: Truth,
    /// Its share of the capital, 0 to 1.
    pub capital: Range,
    /// Its share of the votes, 0 to 1.
    pub votes: Range,
}

/// What entities outside hold of one company.
#[derive(Clone, Debug)]
pub struct Outside {
    /// The company.
    pub target: EntityId,
    /// Entities that lie outside, or may, and may hold something.
    pub holders: Vec<OutsideHolder>,
    /// The largest share of the capital of a single one, 0 to 1.
    pub capital_max: Range,
    /// The largest share of the votes of a single one, 0 to 1.
    pub votes_max: Range,
    /// Their share of the capital together, 0 to 1.
    pub capital: Range,
    /// Their share of the votes together, 0 to 1.
    pub votes: Range,
    /// Whether one of them holds a veto.
    pub veto: Truth,
    /// Whether they can appoint the majority of a board.
    pub board_majority: Truth,
}

struct Inquiry<'a> {
    graph: &'a ControlGraph,
    rule: &'a OutsideRule,
    target: EntityId,
    outside: Vec<Truth>,
}

impl ControlGraph {
    /// What entities outside hold of `target`.
    ///
    /// # Errors
    /// A loop too large to solve exactly.
    pub fn outside(
        &self,
        target: EntityId,
        rule: &OutsideRule,
        table: &ControlTable<'_>,
    ) -> Result<Outside, FlowError> {
        let outside = self.entities().map(|(_, e)| rule.is_outside(e)).collect();
        let inquiry = Inquiry {
            graph: self,
            rule,
            target,
            outside,
        };
        let of = |measure| Holders::new(self, target, measure, rule.listed_declare);
        let (capital, votes) = (of(Measure::Capital)?, of(Measure::Votes)?);
        let holders = inquiry.holders(table, &capital, &votes)?;
        let unnamed = inquiry.unnamed(&votes);
        let together = inquiry.together_controlled(table);
        let foreign = |id: EntityId| inquiry.outside[id.index()].or(together[id.index()]);
        let right = |wanted: &dyn Fn(SpecialRight) -> bool| inquiry.right(table, &foreign, wanted);
        let appoint = right(&|r| r == SpecialRight::AppointMajority);
        Ok(Outside {
            target,
            capital_max: largest(&holders, capital.unnamed(), |h| &h.capital),
            votes_max: largest(&holders, &unnamed, |h| &h.votes),
            capital: inquiry.together(Measure::Capital)?,
            votes: inquiry.together_votes(table)?,
            veto: right(&SpecialRight::blocks).or(inquiry.unstated_veto(table)),
            board_majority: appoint.or(together[target.index()]),
            holders,
        })
    }
}

/// The largest share of a single holder: the surely outside one that holds
/// most for sure, and the most that any may hold, an unnamed one included.
fn largest(
    holders: &[OutsideHolder],
    unnamed: &Ratio,
    share: impl Fn(&OutsideHolder) -> &Range,
) -> Range {
    let sure = holders.iter().filter(|h| h.outside == Truth::True);
    let lo = sure.map(|h| share(h).lo.clone()).max();
    let hi = holders.iter().map(|h| share(h).hi.clone()).max();
    let lo = lo.unwrap_or_else(Ratio::zero);
    Range::new(lo, hi.unwrap_or_else(Ratio::zero).max(unnamed.clone()))
}

impl Inquiry<'_> {
    fn holders(
        &self,
        table: &ControlTable<'_>,
        capital: &Holders<'_>,
        votes: &Holders<'_>,
    ) -> Result<Vec<OutsideHolder>, FlowError> {
        let mut holders = Vec::new();
        for (id, _) in self.graph.entities() {
            let outside = self.outside[id.index()];
            if id == self.target || outside == Truth::False || !table.is_holder(id) {
                continue;
            }
            let product = votes.share(id)?;
            let holder = OutsideHolder {
                entity: id,
                outside,
                capital: capital.share(id)?,
                votes: self.combine(product, Strangers::Nobody, || table.controlled_by(id)),
            };
            let named = |of: &Holders<'_>| !of.named[id.index()].hi.is_zero();
            if named(capital) || named(votes) || !holder.votes.lo.is_zero() {
                holders.push(holder);
            }
        }
        let key = |h: &OutsideHolder| (h.capital.lo.clone(), h.votes.lo.clone());
        holders.sort_by(|a, b| key(b).cmp(&key(a)).then(a.entity.cmp(&b.entity)));
        Ok(holders)
    }

    /// The votes of a group by the rule's measure, given their product along
    /// chains and what it controls.
    fn combine(
        &self,
        product: Range,
        strangers: Strangers,
        controlled: impl FnOnce() -> Vec<Truth>,
    ) -> Range {
        if self.rule.votes == IndirectVotes::Product {
            return product;
        }
        let rule = &self.rule.control;
        let truth = controlled();
        // Votes that the company casts in itself are not votes held in it.
        let cast = |least: Truth| -> Vec<bool> {
            let mut inside: Vec<bool> = truth.iter().map(|t| *t >= least).collect();
            inside[self.target.index()] = false;
            inside
        };
        let votes = |inside: &[bool]| self.graph.votes_of(self.target, inside, strangers, rule);
        let lo = votes(&cast(Truth::True)).lo;
        let hi = votes(&cast(Truth::Unknown)).hi;
        let assimilated = Range::new(lo.clone().min(hi.clone()), hi);
        match self.rule.votes {
            IndirectVotes::Larger => Range::new(
                product.lo.max(assimilated.lo),
                product.hi.max(assimilated.hi),
            ),
            _ => assimilated,
        }
    }

    /// The votes of a group, given their product along chains.
    fn votes_of(&self, product: Range, group: &Group) -> Range {
        let rule = &self.rule.control;
        let controlled = || self.graph.controlled_by(group, rule).truth;
        self.combine(product, group.strangers, controlled)
    }

    /// The most that an unnamed holder may hold of the votes.
    fn unnamed(&self, votes: &Holders<'_>) -> Ratio {
        let stranger = Group {
            strangers: Strangers::One,
            ..Group::nobody(self.graph.len())
        };
        let product = Range::new(Ratio::zero(), votes.unnamed().clone());
        self.votes_of(product, &stranger).hi
    }

    /// The share that passes through an entity outside, each part counted once,
    /// at the first such entity above the target.
    fn together(&self, measure: Measure) -> Result<Range, FlowError> {
        let flow = self.graph.flow(measure, self.rule.listed_declare);
        let bound = |least: Truth| -> Result<Range, FlowError> {
            let mut values = vec![None; flow.len()];
            for (id, _) in self.graph.entities() {
                if id != self.target && self.outside[id.index()] >= least {
                    values[id.index()] = Some(Range::point(Ratio::one()));
                }
            }
            values[self.graph.len()] = Some(Range::unit());
            Ok(flow.arrivals(&values)?[self.target.index()].clone())
        };
        // What may be outside counts in full at most, and at least passes on.
        let (least, most) = (bound(Truth::True)?, bound(Truth::Unknown)?);
        Ok(Range::new(least.lo, most.hi))
    }

    fn together_votes(&self, table: &ControlTable<'_>) -> Result<Range, FlowError> {
        let product = self.together(Measure::Votes)?;
        Ok(self.votes_of(product, &self.coalition(table)))
    }

    /// Who acts from outside: entities that lie there, and those said to be
    /// controlled from there by someone who is not named.
    fn coalition(&self, table: &ControlTable<'_>) -> Group {
        let others = || self.graph.entities().filter(|(id, _)| *id != self.target);
        let mut group = Group {
            strangers: Strangers::All,
            ..Group::nobody(self.graph.len())
        };
        for (id, entity) in others() {
            let from = &entity.controlled_from;
            let led = from.one().is_some_and(|c| !self.rule.inside.contains(c));
            let outside = self.outside[id.index()];
            group.members[id.index()] = outside == Truth::True || led;
            group.maybe[id.index()] =
                outside == Truth::Unknown || table.is_origin_open(id, self.rule.persons);
        }
        group
    }

    fn together_controlled(&self, table: &ControlTable<'_>) -> Vec<Truth> {
        let rule = &self.rule.control;
        self.graph.controlled_by(&self.coalition(table), rule).truth
    }

    /// Whether what an entity decides is decided for the target.
    fn leads(&self, table: &ControlTable<'_>, id: EntityId) -> Truth {
        if id == self.target {
            Truth::True
        } else {
            table.controls(id, self.target)
        }
    }

    /// Holders that nobody named may have a veto, by contract or statutes.
    fn unstated_veto(&self, table: &ControlTable<'_>) -> Truth {
        let all = self.graph.entities().map(|(id, _)| id);
        let unstated = all.filter(|id| self.graph.is_unstated(*id, self.rule.listed_declare));
        unstated.fold(Truth::False, |known, id| {
            known.or(Truth::Unknown.and(self.leads(table, id)))
        })
    }

    /// Whether someone foreign has a right over the target or over a company
    /// that controls it.
    fn right(
        &self,
        table: &ControlTable<'_>,
        foreign: &impl Fn(EntityId) -> Truth,
        wanted: &dyn Fn(SpecialRight) -> bool,
    ) -> Truth {
        let has = |h: &Holding| match &h.rights {
            Some(rights) => rights.iter().any(|r| wanted(*r)).into(),
            None => Truth::Unknown,
        };
        let named = self.graph.holdings().iter().fold(Truth::False, |known, h| {
            known.or(has(h).and(foreign(h.holder)).and(self.leads(table, h.held)))
        });
        // Someone whose holding is not listed may have a right by contract.
        let others = if self.graph.is_complete() {
            Truth::False
        } else {
            Truth::Unknown
        };
        named.or(others)
    }
}

#[cfg(test)]
mod tests;
