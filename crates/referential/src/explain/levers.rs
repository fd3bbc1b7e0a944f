//! What would have to change: from a derivation, levers of which every satisfying
//! change pulls at least one.

use crate::eval::{Derivation, Kind, Outcomes, StepId};
use cocarde_model::{RecordId, SlotKey, Truth};
use std::collections::BTreeSet;

/// Something that can be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lever {
    /// What is known of a property, or whether a list has others.
    Slot(SlotKey),
    /// The membership of a record in a list.
    Member(SlotKey, RecordId),
    /// New members of a list.
    Add(SlotKey),
}

/// Levers, and a floor under the cost of any satisfying change.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Every satisfying change pulls one of these.
    pub levers: Vec<Lever>,
    /// No satisfying change costs less.
    pub floor: u64,
}

/// What can be changed, and at what cost.
pub trait Market {
    /// What a lever costs at least, nothing when it cannot be pulled.
    fn cost(&self, lever: Lever) -> Option<u64>;
    /// The records of a list, as they are now; none when it is no list.
    fn members(&self, list: SlotKey) -> Vec<RecordId>;
}

/// What blocks a step from having that truth in both views.
pub fn block(d: &Derivation, id: StepId, truth: bool, market: &dyn Market) -> Option<Block> {
    let step = d.step(id);
    if step.outcomes == Outcomes::both(Truth::from(truth)) {
        return None;
    }
    Some(match step.kind {
        Kind::Atom | Kind::If => atom(d, id, market),
        Kind::Not => block(d, *d.parts(id).first()?, !truth, market)?,
        Kind::All | Kind::Any if truth == (step.kind == Kind::All) => every(d, id, truth, market),
        Kind::All | Kind::Any => some(d, id, truth, market),
    })
}

fn atom(d: &Derivation, id: StepId, market: &dyn Market) -> Block {
    let mut levers = BTreeSet::new();
    for key in d.reads(id) {
        levers.extend([Lever::Slot(*key), Lever::Add(*key)]);
        levers.extend(
            market
                .members(*key)
                .into_iter()
                .map(|r| Lever::Member(*key, r)),
        );
    }
    any_of(levers, market)
}

/// One of these has to be pulled; the floor is that of the cheapest.
fn any_of(levers: BTreeSet<Lever>, market: &dyn Market) -> Block {
    let costs: Vec<(Lever, u64)> = levers
        .into_iter()
        .filter_map(|l| market.cost(l).map(|c| (l, c)))
        .collect();
    let floor = costs.iter().map(|(_, c)| *c).min().unwrap_or(u64::MAX);
    Block {
        levers: costs.into_iter().map(|(l, _)| l).collect(),
        floor,
    }
}

/// Every part has to come to `truth`: the parts that do not are blocks of their own,
/// and where they share no lever their floors add up.
fn every(d: &Derivation, id: StepId, truth: bool, market: &dyn Market) -> Block {
    let lists = d.lists(id);
    let mut best: Option<Block> = None;
    let mut seen: BTreeSet<Lever> = BTreeSet::new();
    let (mut sum, mut most, mut disjoint) = (0u64, 0u64, true);
    let mut note = |b: Block| {
        disjoint &= b.levers.iter().all(|l| seen.insert(*l));
        sum = sum.saturating_add(b.floor);
        most = most.max(b.floor);
        if best
            .as_ref()
            .is_none_or(|x| b.levers.len() < x.levers.len())
        {
            best = Some(b);
        }
    };
    let mut blocked = false;
    for part in d.parts(id) {
        let Some(mut b) = block(d, *part, truth, market) else {
            continue;
        };
        blocked = true;
        if let Some(record) = d.step(*part).item {
            let removals = lists.iter().map(|l| Lever::Member(*l, record)).collect();
            b = either(b, any_of(removals, market));
        }
        note(b);
    }
    if !blocked {
        // Only the others of an open list are in the way.
        note(any_of(
            lists.iter().map(|l| Lever::Slot(*l)).collect(),
            market,
        ));
    }
    let mut out = best.unwrap_or_default();
    out.floor = if disjoint { sum } else { most };
    out
}

/// Some part has to come to `truth`.
fn some(d: &Derivation, id: StepId, truth: bool, market: &dyn Market) -> Block {
    let additions = d.lists(id).iter().map(|l| Lever::Add(*l)).collect();
    let parts = d
        .parts(id)
        .iter()
        .filter_map(|p| block(d, *p, truth, market));
    parts.fold(any_of(additions, market), either)
}

fn either(mut a: Block, b: Block) -> Block {
    a.levers.extend(b.levers);
    a.levers.sort();
    a.levers.dedup();
    a.floor = a.floor.min(b.floor);
    a
}
