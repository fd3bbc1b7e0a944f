//! The least change for a rule whose tests look at one property each.
//!
//! What a property has to become then hangs on its own tests alone, so that a set of tests
//! is priced property by property, and the rule, or what it asks of a record, holds by one
//! of a few such sets (its disjunctive normal form). The records of a list are gone through
//! one after the other, and for every set of goals that are met so far the cheapest way is
//! kept (Bellman, *Dynamic Programming*, 1957). What several members refer to is gone through
//! set by set of its changes. Whatever is told so is proven.

mod asked;
mod elsewhere;
mod looks;
mod members;
mod sets;

use super::edits::{Price, State, Step, after, together};
use super::nearest::{Nearest, Search};
use super::want::Want;
use crate::rule::{Chain, NodeId, Op};
use cocarde_model::{SlotKey, TypeId};
use looks::Looks;
use members::{ListPlan, of_list};
use sets::{Set, Whose, sets};
use smallvec::SmallVec;

/// What this way cannot tell: the rule is made otherwise, or there is too much to go
/// through.
pub(super) struct Beyond;

/// The least change, or none where no change satisfies.
pub(super) fn directly(search: &Search<'_>) -> Result<Option<Nearest>, Beyond> {
    let shape = search.rule.shape().ok_or(Beyond)?;
    if !search.ctx.overlay.is_nothing() {
        return Err(Beyond);
    }
    let mut looks = Looks::of(search, shape);
    let Some(plan) = best(&mut looks)? else {
        return Ok(None);
    };
    let state = plan.state(search).ok_or(Beyond)?;
    let satisfies = search.satisfied(&state.overlay);
    debug_assert!(satisfies, "{}", search.rule.text);
    if !satisfies {
        return Err(Beyond);
    }
    Ok((!state.edits.is_empty()).then(|| search.done(&state, true)))
}

/// What to change.
struct Plan {
    price: Price,
    steps: Vec<Step>,
    lists: Vec<ListPlan>,
}

impl Plan {
    fn state(&self, search: &Search<'_>) -> Option<State> {
        let mut state = State::default();
        for step in &self.steps {
            state = after(&state, step.clone());
        }
        for list in &self.lists {
            if list.complete {
                state = after(&state, search.offers.complete(&state, list.list)?);
            }
            state = search.offers.carried_out(state, &list.ways)?;
        }
        Some(state)
    }
}

/// The cheapest plan, over what may be changed of records that members of lists refer to.
fn best(looks: &mut Looks<'_, '_>) -> Result<Option<Plan>, Beyond> {
    let shared = looks.shared()?;
    let best = plan(looks)?;
    if shared.is_empty() {
        return Ok(best);
    }
    let mut tries = Tries {
        looks,
        shared,
        best,
    };
    tries.from(0, Price::default())?;
    Ok(tries.best)
}

/// Sets of changes of what several members may refer to, gone through one by one.
struct Tries<'t, 's, 'a> {
    looks: &'t mut Looks<'s, 'a>,
    shared: Vec<Vec<Step>>,
    best: Option<Plan>,
}

impl Tries<'_, '_, '_> {
    /// Every set with so much done, and some of the changes from there on.
    fn from(&mut self, at: usize, so_far: Price) -> Result<(), Beyond> {
        for i in at..self.shared.len() {
            for step in self.shared[i].clone() {
                let price = together(so_far, step.price());
                if self.best.as_ref().is_some_and(|b| b.price <= price) {
                    continue;
                }
                self.looks.suppose(step);
                if let Some(mut plan) = plan(self.looks)? {
                    plan.price = together(plan.price, price);
                    if self.best.as_ref().is_none_or(|b| plan.price < b.price) {
                        plan.steps.extend(self.looks.supposed().cloned());
                        self.best = Some(plan);
                    }
                }
                self.from(i + 1, price)?;
                self.looks.take_back();
            }
        }
        Ok(())
    }
}

/// The cheapest plan, with what is supposed.
fn plan(looks: &Looks<'_, '_>) -> Result<Option<Plan>, Beyond> {
    let mut best: Option<Plan> = None;
    for set in sets(looks, looks.rule().root, Want::both(true), Whose::Whole)? {
        if let Some(plan) = of_set(looks, &set)?
            && best.as_ref().is_none_or(|b| plan.price < b.price)
        {
            best = Some(plan);
        }
    }
    Ok(best)
}

/// The cheapest way to have all of a set.
fn of_set(looks: &Looks<'_, '_>, set: &Set) -> Result<Option<Plan>, Beyond> {
    let mut tests = Set::new();
    let mut lists: SmallVec<[(SlotKey, SmallVec<[Goal; 4]>); 2]> = SmallVec::new();
    for (node, want) in set {
        if looks.is_test(*node) {
            tests.push((*node, *want));
            continue;
        }
        let goal = Goal::of(looks, *node, *want)?;
        let key = looks.list(&goal.chain)?;
        match lists.iter_mut().find(|(k, _)| *k == key) {
            Some((_, goals)) => goals.push(goal),
            None => lists.push((key, std::iter::once(goal).collect())),
        }
    }
    let Some(settled) = looks.settled(&tests)? else {
        return Ok(None);
    };
    let mut plan = Plan {
        price: settled.price,
        steps: settled.steps.into_vec(),
        lists: Vec::new(),
    };
    for (list, goals) in lists {
        let Some(part) = of_list(looks, list, &goals)? else {
            return Ok(None);
        };
        plan.price = together(plan.price, part.price);
        plan.lists.push(part);
    }
    Ok(Some(plan))
}

/// What is asked of the records of a list: `all` or `exists`.
struct Goal {
    chain: Chain,
    body: NodeId,
    all: bool,
    want: Want,
}

impl Goal {
    fn of(looks: &Looks<'_, '_>, node: NodeId, want: Want) -> Result<Goal, Beyond> {
        let (list, body, all) = match looks.rule().node(node).op {
            Op::All { list, body } => (list, body, true),
            Op::Exists { list, body } => (list, body, false),
            _ => return Err(Beyond),
        };
        let chain = Chain::of(looks.rule(), list).ok_or(Beyond)?;
        Ok(Goal {
            chain,
            body,
            all,
            want,
        })
    }

    /// Whether every member has to come to it, rather than one.
    fn is_of_every(&self) -> bool {
        self.want.truth == self.all
    }

    /// What a member passes by, each turned around where it is negated: all of these
    /// together, or, for `all`, one of them. To come up to what is asked is named first, before
    /// not being asked: of two changes as dear it is the one to tell.
    fn parts(&self) -> SmallVec<[(NodeId, bool); 4]> {
        let body = std::iter::once((self.body, false));
        let filters = self.chain.filters.iter().map(|f| (*f, self.all));
        body.chain(filters).collect()
    }
}

/// The type of a record that is added; nothing for those that the facts state.
type Added = Option<TypeId>;
