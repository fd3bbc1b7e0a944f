//! The least change for a rule that only compares sums over one list.
//!
//! What each member adds hangs on that member alone, so the ways to have it (as it is,
//! proven, changed, done without) are priced one member at a time, and the cheapest choice
//! of one way for each that meets every demand is a knapsack with one item out of every
//! group (Kellerer, Pferschy and Pisinger, *Knapsack Problems*, 2004, ch. 11), solved by
//! lists of undominated partial choices. Where there are too many of these, a change that
//! will do is told, not proven to be the least.

mod knapsack;
mod roughly;

use super::edits::{Edit, Price, State, Step, after, together};
use super::nearest::{Nearest, Search};
use super::offers::MAX_ADDITIONS;
use super::sums::{Floor, Floors, Known, Row, Sums, zero};
use crate::eval::Patch;
use cocarde_model::{Decimal, RecordId, SlotKey, Value};
use knapsack::{TooMany, cheapest, undominated};
use smallvec::SmallVec;

/// Costs up to which ways are looked for, one after the other.
const LIMITS: [u64; 6] = [3, 16, 32, 64, 128, 512];
/// Most members with which the general search is worth a try where there are too many choices.
const MOST_SEARCHED: usize = 24;

/// A member, or one that may be added, and what may be changed of it.
struct Member {
    row: Row,
    /// What has to be done first for it to be one.
    first: Option<Step>,
    /// How to do without it.
    removal: Option<Step>,
    /// The changes of each of its properties that what it adds hangs on.
    changes: Vec<Vec<Step>>,
}

/// A way to have a member.
#[derive(Clone)]
struct Way {
    price: Price,
    /// The least it adds to each demand.
    adds: Floors,
    does: Does,
}

/// What is done with a member.
#[derive(Clone)]
enum Does {
    /// These changes.
    Change(Picks),
    /// It is done without, or not added.
    Without,
}

/// Changes of a member: of which of its properties, and which of its changes.
type Picks = SmallVec<[(usize, usize); 3]>;

/// The least change where the rule falls apart by member; else, or where there are too many
/// to go through, the better of what the general search finds and of one that will do.
pub(super) fn by_member(search: Search<'_>) -> Option<Nearest> {
    let roughly = match told(&search) {
        // Of a long list the general search finds none either.
        Some((told, members)) if told.proven || members > MOST_SEARCHED => return Some(told),
        told => told.map(|(told, _)| told),
    };
    match (search.run(), roughly) {
        (Some(found), Some(told)) if !found.proven && told.cost < found.cost => Some(told),
        (found, told) => found.or(told),
    }
}

/// A change of the members of a list, of which there are so many.
fn told(search: &Search<'_>) -> Option<(Nearest, usize)> {
    let sums = Sums::whole(search.rule, search.ctx)?;
    let problem = Problem::of(search, &sums)?;
    let (state, proven) = match problem.least() {
        Ok(least) => (least?, true),
        Err(TooMany) => (problem.roughly()?, false),
    };
    let satisfies = search.satisfied(&state.overlay);
    satisfies.then(|| (search.done(&state, proven), problem.members.len()))
}

struct Problem<'s, 'a> {
    search: &'s Search<'a>,
    sums: &'s Sums<'a>,
    /// What has to be done in any case: an open list says nothing before it is closed.
    start: State,
    /// What there is apart from the members.
    apart: Floors,
    /// The members, and one that may be added as often as any may.
    members: Vec<Member>,
    added: Option<Member>,
}

impl<'s, 'a> Problem<'s, 'a> {
    fn of(search: &'s Search<'a>, sums: &'s Sums<'a>) -> Option<Problem<'s, 'a>> {
        let mut start = State::default();
        if !sums.members.complete {
            if !sums.has_to_be_closed()? {
                return None;
            }
            start = after(&start, search.offers.complete(&start, sums.list)?);
        }
        start.added = vec![search.offers.type_of_members(sums.list)?];
        let mut problem = Problem {
            apart: sums.apart(),
            search,
            sums,
            start,
            members: Vec::new(),
            added: None,
        };
        for record in &sums.members.ids {
            problem.members.push(problem.member(*record, None)?);
        }
        let addition = search.offers.nth_addition(sums.list, 0);
        if let Some(step) = addition
            && let Edit::Add(_, record, _) = step.edit
        {
            problem.added = Some(problem.member(record, Some(step))?);
        }
        Some(problem)
    }

    fn member(&self, record: RecordId, first: Option<Step>) -> Option<Member> {
        let offers = &self.search.offers;
        let keys = self.sums.fields().iter();
        let keys = keys.map(|&field| SlotKey { record, field });
        Some(Member {
            row: self.sums.row(record)?,
            removal: offers.remove(&self.start, self.sums.list, record),
            changes: keys.map(|k| offers.changes(&self.start, k)).collect(),
            first,
        })
    }

    /// The cheapest change, or none within the limits.
    fn least(&self) -> Result<Option<State>, TooMany> {
        for limit in LIMITS {
            if let Some(state) = self.solve(limit)? {
                return Ok(Some(state));
            }
        }
        Ok(None)
    }

    /// The cheapest change within a limit.
    fn solve(&self, limit: u64) -> Result<Option<State>, TooMany> {
        let none = zero(self.apart.len());
        let met = |total: &Floors| self.sums.are_met(total, &none);
        let solve = |groups: &[Vec<Way>]| {
            let chosen = cheapest(groups, self.start(), limit, met)?;
            Ok(chosen.and_then(|chosen| self.carried_out(groups, &chosen)))
        };
        if self.sums.is_proportional() {
            let Some(groups) = self.groups(limit, true) else {
                return Ok(None);
            };
            let Some(state) = solve(&groups)? else {
                return Ok(None);
            };
            if self.needs(&groups, limit)? >= state.cost {
                return Ok(Some(state));
            }
        }
        self.groups(limit, false)
            .map_or(Ok(None), |groups| solve(&groups))
    }

    /// The facts with one way for each member.
    fn carried_out(&self, groups: &[Vec<Way>], chosen: &[usize]) -> Option<State> {
        let ways = chosen.iter().zip(groups).map(|(w, g)| &g[*w]);
        let members = self.members.iter().chain(self.added.iter().cycle());
        let steps: Vec<_> = members.zip(ways).map(|(m, w)| w.steps(m)).collect();
        // The start counts who may be added, so that their type is known; none is there yet.
        let mut bare = self.start.clone();
        bare.added.clear();
        self.search.offers.carried_out(bare, &steps)
    }

    /// What each demand costs at least in each view alone.
    fn needs(&self, groups: &[Vec<Way>], limit: u64) -> Result<u64, TooMany> {
        let views: [fn(Floor) -> Option<Decimal>; 2] = [|f| f.0, |f| f.1];
        let mut least = 0;
        for (at, demand) in self.sums.demands().iter().enumerate() {
            for view in views {
                let alone = |f: &Floors| Floors::from_iter([(view(f[at]), None)]);
                let only = |w: &Way| Way {
                    adds: alone(&w.adds),
                    ..w.clone()
                };
                let one = |g: &Vec<Way>| undominated(g.iter().map(only).collect());
                let groups: Vec<Vec<Way>> = groups.iter().map(one).collect();
                let met = |f: &Floors| demand.is_enough(f[0].0);
                let start = (self.start.cost, alone(&self.apart));
                let cost = |ways: Vec<usize>| -> u64 {
                    let chosen = ways.iter().zip(&groups);
                    self.start.cost + chosen.map(|(w, g)| g[*w].price.0).sum::<u64>()
                };
                let found = cheapest(&groups, start, limit, met)?;
                least = least.max(found.map_or(u64::MAX, cost));
            }
        }
        Ok(least)
    }

    fn start(&self) -> (u64, Floors) {
        (self.start.cost, self.apart.clone())
    }

    /// The ways to have each member, and each that may be added.
    fn groups(&self, limit: u64, extremes: bool) -> Option<Vec<Vec<Way>>> {
        let left = limit.saturating_sub(self.start.cost);
        let of = |m: &Member| self.ways(m, left, extremes);
        let mut groups: Vec<Vec<Way>> = self.members.iter().map(of).collect::<Option<_>>()?;
        if let Some(added) = &self.added {
            let ways = of(added)?;
            groups.extend(std::iter::repeat_n(ways, MAX_ADDITIONS));
        }
        Some(groups)
    }

    /// The ways to have a member within a limit that no cheaper one does as well as.
    fn ways(&self, member: &Member, limit: u64, extremes: bool) -> Option<Vec<Way>> {
        let mut ways = Vec::new();
        let without = |price| Way {
            price,
            adds: zero(self.apart.len()),
            does: Does::Without,
        };
        let price = |s: &Option<Step>| s.as_ref().map_or(Price::default(), Step::price);
        if member.first.is_some() {
            ways.push(without(Price::default()));
        } else if member.removal.is_some() && price(&member.removal).0 <= limit {
            ways.push(without(price(&member.removal)));
        }
        if price(&member.first).0 <= limit {
            self.changed(member, price(&member.first), (limit, extremes), &mut ways)?;
        }
        Some(undominated(ways))
    }

    /// A member with any of its properties changed, within a limit.
    fn changed(
        &self,
        member: &Member,
        price: Price,
        (limit, extremes): (u64, bool),
        ways: &mut Vec<Way>,
    ) -> Option<()> {
        let mut known = self.sums.as_it_is();
        let mut changed: Vec<(Price, Picks)> = vec![(price, Picks::new())];
        for (field, steps) in member.changes.iter().enumerate() {
            let is_tried = |s: &Step| !extremes || !is_inner(s, steps);
            let steps = steps.iter().enumerate().filter(|(_, s)| is_tried(s));
            let steps: SmallVec<[(usize, Price); 8]> = steps.map(|(i, s)| (i, s.price())).collect();
            for i in 0..changed.len() {
                let (so_far, picks) = changed[i].clone();
                for (step, more) in steps.iter().filter(|s| so_far.0 + s.1.0 <= limit) {
                    let mut picks = picks.clone();
                    picks.push((field, *step));
                    changed.push((together(so_far, *more), picks));
                }
            }
        }
        for (price, picks) in changed {
            for (field, step) in &picks {
                if let Patch::Value(value) = &member.changes[*field][*step].patch {
                    known[*field] = Known::Value(value);
                }
            }
            ways.push(Way {
                price,
                adds: self.sums.adds(&member.row, &known)?,
                does: Does::Change(picks),
            });
            known.fill(Known::AsItIs);
        }
        Some(())
    }
}

impl Way {
    /// What is to be done with the member.
    fn steps(&self, member: &Member) -> SmallVec<[Step; 2]> {
        let Does::Change(picks) = &self.does else {
            return member.removal.iter().cloned().collect();
        };
        let change = |(field, step): &(usize, usize)| member.changes[*field][*step].clone();
        member
            .first
            .iter()
            .cloned()
            .chain(picks.iter().map(change))
            .collect()
    }
}

/// Whether an amount is between others that cost as much.
fn is_inner(step: &Step, steps: &[Step]) -> bool {
    let amount = |s: &Step| match &s.patch {
        Patch::Value(Value::Number(i)) => i.exact(),
        _ => None,
    };
    let others = || {
        steps
            .iter()
            .filter(|o| o.cost == step.cost)
            .filter_map(amount)
    };
    amount(step).is_some_and(|n| others().any(|o| o < n) && others().any(|o| o > n))
}
