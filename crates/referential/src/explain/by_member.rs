//! The least change for a rule that only compares sums over one list.
//!
//! What each member adds hangs on that member alone, so the ways to have it (as it is,
//! proven, changed, done without) are priced one member at a time, and the cheapest choice
//! of one way for each that meets every demand is a knapsack with one item out of every
//! group (Kellerer, Pferschy and Pisinger, *Knapsack Problems*, 2004, ch. 11), solved by
//! lists of undominated partial choices.

use super::demands::{Floor, Floors, plus, zero};
use super::edits::{Edit, Price, State, Step, after, together};
use super::nearest::{Nearest, Search};
use super::offers::MAX_ADDITIONS;
use super::sums::Sums;
use crate::eval::{Overlay, Patch};
use cocarde_model::{Decimal, RecordId, Value};
use smallvec::SmallVec;

/// Costs up to which ways are looked for, one after the other.
const LIMITS: [u64; 6] = [3, 16, 32, 64, 128, 512];
/// Beyond so many partial choices the general search does as well.
const MOST_CHOICES: usize = 256;

/// A way to have a member.
#[derive(Clone)]
struct Way {
    steps: SmallVec<[Step; 2]>,
    cost: u64,
    /// The least it adds to each demand.
    adds: Floors,
}

impl Way {
    fn price(&self) -> Price {
        let invented = self.steps.iter().filter(|s| !s.claimed).count();
        (self.cost, self.steps.len(), invented)
    }
}

/// One way for each of the members so far.
struct Choice {
    price: Price,
    total: Floors,
    /// The choice it goes on from, by position, and the way that it adds.
    from: Option<(usize, usize)>,
}

/// The least change, where the rule falls apart by member; nothing where it does not, or
/// where no change was found that way.
pub(super) fn by_member(search: &Search<'_>) -> Option<Nearest> {
    let sums = Sums::whole(search.rule, search.ctx)?;
    let problem = Problem::of(search, &sums)?;
    let state = LIMITS.into_iter().find_map(|limit| problem.solve(limit))?;
    let satisfies = search.satisfied(&state.overlay);
    satisfies.then(|| search.done(&state, true))
}

struct Problem<'s, 'a> {
    search: &'s Search<'a>,
    sums: &'s Sums<'a>,
    /// What has to be done in any case: an open list says nothing before it is closed.
    start: State,
    /// What there is apart from the members.
    apart: Floors,
}

impl<'s, 'a> Problem<'s, 'a> {
    fn of(search: &'s Search<'a>, sums: &'s Sums<'a>) -> Option<Problem<'s, 'a>> {
        let apart = sums.apart(true)?;
        let mut start = State::default();
        if !sums.members.complete {
            let open = sums.apart(false)?;
            if open.iter().all(|(e, r)| e.is_some() && r.is_some()) {
                return None;
            }
            start = after(&start, search.offers.complete(&start, sums.list)?);
        }
        if apart.iter().any(|(e, r)| e.is_none() || r.is_none()) {
            return None;
        }
        start.added = vec![search.offers.type_of_members(sums.list)?; MAX_ADDITIONS];
        Some(Problem {
            search,
            sums,
            start,
            apart,
        })
    }

    /// The cheapest change within a limit.
    fn solve(&self, limit: u64) -> Option<State> {
        let none = zero(self.apart.len());
        let met = |total: &Floors| self.sums.are_met(total, &none);
        let solve = |groups: &[Vec<Way>]| {
            let chosen = cheapest(groups, self.start(), limit, met)?;
            let ways: Vec<&Way> = chosen.iter().zip(groups).map(|(w, g)| &g[*w]).collect();
            let steps = ways.iter().map(|w| &w.steps);
            // The start counts who may be added, so that their type is known; none is there yet.
            let mut bare = self.start.clone();
            bare.added.clear();
            self.search.offers.carried_out(bare, steps)
        };
        if self.sums.is_proportional() {
            let groups = self.groups(limit, true)?;
            let state = solve(&groups)?;
            if self.needs(&groups, limit) >= state.cost {
                return Some(state);
            }
        }
        solve(&self.groups(limit, false)?)
    }

    /// What each demand costs at least in each view alone.
    fn needs(&self, groups: &[Vec<Way>], limit: u64) -> u64 {
        let views: [fn(Floor) -> Option<Decimal>; 2] = [|f| f.0, |f| f.1];
        let mut least = 0;
        for demand in 0..self.apart.len() {
            for view in views {
                let alone = |f: &Floors| Floors::from_iter([(view(f[demand]), None)]);
                let only = |w: &Way| Way {
                    steps: SmallVec::new(),
                    adds: alone(&w.adds),
                    cost: w.cost,
                };
                let one = |g: &Vec<Way>| undominated(g.iter().map(only).collect());
                let groups: Vec<Vec<Way>> = groups.iter().map(one).collect();
                let met = |f: &Floors| self.sums.is_met(demand, f[0].0);
                let start = (self.start.cost, alone(&self.apart));
                let cost = |ways: Vec<usize>| -> u64 {
                    let chosen = ways.iter().zip(&groups);
                    self.start.cost + chosen.map(|(w, g)| g[*w].cost).sum::<u64>()
                };
                least = least.max(cheapest(&groups, start, limit, met).map_or(u64::MAX, cost));
            }
        }
        least
    }

    fn start(&self) -> (u64, Floors) {
        (self.start.cost, self.apart.clone())
    }

    /// The ways to have each member, and each that may be added.
    fn groups(&self, limit: u64, extremes: bool) -> Option<Vec<Vec<Way>>> {
        let left = limit.saturating_sub(self.start.cost);
        let mut groups: Vec<Vec<Way>> = Vec::new();
        for record in &self.sums.members.ids {
            groups.push(self.ways(*record, left, extremes)?);
        }
        for i in 0..MAX_ADDITIONS {
            groups.push(self.additions(i, left, extremes)?);
        }
        Some(groups)
    }

    fn ways(&self, record: RecordId, limit: u64, extremes: bool) -> Option<Vec<Way>> {
        let mut ways = self.changes(record, SmallVec::new(), 0, limit, extremes)?;
        if let Some(step) = self
            .search
            .offers
            .remove(&self.start, self.sums.list, record)
            && step.cost <= limit
        {
            ways.push(self.nothing([step].into_iter().collect()));
        }
        Some(undominated(ways))
    }

    fn additions(&self, nth: usize, limit: u64, extremes: bool) -> Option<Vec<Way>> {
        let mut ways = vec![self.nothing(SmallVec::new())];
        if let Some(step) = self.search.offers.nth_addition(self.sums.list, nth)
            && let Edit::Add(_, record, _) = step.edit
            && step.cost <= limit
        {
            let cost = step.cost;
            let first = [step].into_iter().collect();
            ways.extend(self.changes(record, first, cost, limit, extremes)?);
        }
        Some(undominated(ways))
    }

    /// A member that adds nothing.
    fn nothing(&self, steps: SmallVec<[Step; 2]>) -> Way {
        Way {
            cost: steps.iter().map(|s| s.cost).sum(),
            steps,
            adds: zero(self.apart.len()),
        }
    }

    /// A member with any of its properties changed, within a limit, the cheapest first.
    fn changes(
        &self,
        record: RecordId,
        first: SmallVec<[Step; 2]>,
        cost: u64,
        limit: u64,
        extremes: bool,
    ) -> Option<Vec<Way>> {
        let adds = self.adds(record, &first)?;
        let mut ways = vec![Way {
            steps: first,
            cost,
            adds,
        }];
        for key in self.sums.keys(record) {
            let steps = self.search.offers.changes(&self.start, key);
            let steps = match extremes {
                true => outermost(steps),
                false => steps,
            };
            for i in 0..ways.len() {
                let (so_far, cost) = (ways[i].steps.clone(), ways[i].cost);
                for step in steps.iter().filter(|s| cost + s.cost <= limit) {
                    let mut more = so_far.clone();
                    more.push(step.clone());
                    ways.push(Way {
                        cost: cost + step.cost,
                        adds: self.adds(record, &more)?,
                        steps: more,
                    });
                }
            }
        }
        Some(ways)
    }

    /// The least a member adds with some changes.
    fn adds(&self, record: RecordId, steps: &[Step]) -> Option<Floors> {
        let mut overlay = Overlay::default();
        for step in steps.iter().filter(|s| s.key != self.sums.list) {
            overlay.set(step.key, step.patch.clone());
        }
        self.sums.added_by(record, &overlay)
    }
}

/// The outermost amounts of each kind of change; all other values.
fn outermost(steps: Vec<Step>) -> Vec<Step> {
    let amount = |s: &Step| match &s.patch {
        Patch::Value(Value::Number(i)) => i.exact(),
        _ => None,
    };
    let is_inner = |s: &Step| {
        let alike = |o: &&Step| o.cost == s.cost && amount(o).is_some();
        let others = || steps.iter().filter(alike).filter_map(amount);
        amount(s).is_some_and(|n| others().any(|o| o < n) && others().any(|o| o > n))
    };
    let outer = steps.iter().filter(|s| !is_inner(s));
    outer.cloned().collect()
}

/// Whether one does no less for no more.
fn dominates(price: Price, adds: &Floors, other: Price, others: &Floors) -> bool {
    // Nothing is less than any amount.
    let no_less = |(a, b): (&Floor, &Floor)| a.0 >= b.0 && a.1 >= b.1;
    price <= other && adds.iter().zip(others).all(no_less)
}

/// The ways that no cheaper way does as well as, the cheapest first.
fn undominated(mut ways: Vec<Way>) -> Vec<Way> {
    ways.sort_by_key(Way::price);
    let mut out: Vec<Way> = Vec::new();
    for way in ways {
        let beaten = |o: &Way| dominates(o.price(), &o.adds, way.price(), &way.adds);
        if !out.iter().any(beaten) {
            out.push(way);
        }
    }
    out
}

/// One way out of each group, by position, such that what they add up to is enough at the
/// least cost; nothing when none is within the limit, or there is too much to go through.
fn cheapest(
    groups: &[Vec<Way>],
    (cost, total): (u64, Floors),
    limit: u64,
    met: impl Fn(&Floors) -> bool,
) -> Option<Vec<usize>> {
    let mut all = vec![Choice {
        price: (cost, 0, 0),
        total,
        from: None,
    }];
    let mut front = vec![0];
    for group in groups {
        let mut next: Vec<usize> = Vec::new();
        let ways: Vec<(&Way, Price)> = group.iter().map(|w| (w, w.price())).collect();
        for from in front {
            for (w, (way, price)) in ways.iter().enumerate() {
                let price = together(all[from].price, *price);
                if price.0 > limit {
                    break;
                }
                let total = plus(all[from].total.clone(), &way.adds);
                let beaten = |c: &usize| dominates(all[*c].price, &all[*c].total, price, &total);
                if next.iter().any(beaten) {
                    continue;
                }
                next.retain(|c| !dominates(price, &total, all[*c].price, &all[*c].total));
                next.push(all.len());
                all.push(Choice {
                    price,
                    total,
                    from: Some((from, w)),
                });
            }
        }
        if next.len() > MOST_CHOICES {
            return None;
        }
        front = next;
    }
    let enough = front.into_iter().filter(|c| met(&all[*c].total));
    let mut at = enough.min_by_key(|c| all[*c].price)?;
    let mut ways = Vec::new();
    while let Some((from, way)) = all[at].from {
        ways.push(way);
        at = from;
    }
    ways.reverse();
    Some(ways)
}
