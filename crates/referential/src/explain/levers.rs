//! What would have to change: from a derivation, levers of which every satisfying
//! change pulls at least one.

use super::want::Want;
use crate::eval::{Derivation, Kind, StepId};
use cocarde_model::{RecordId, SlotKey};
use smallvec::SmallVec;

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

/// Some of them, sorted, each once.
pub type Levers = SmallVec<[Lever; 2]>;

/// Levers, and a floor under the cost of any satisfying change.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// Every satisfying change pulls one of these.
    pub levers: Levers,
    /// No satisfying change costs less.
    pub floor: u64,
    /// The levers whose cost the floor counts, where they are not all of these: every
    /// satisfying change spends at least the floor on them.
    counted: Option<Levers>,
}

/// What can be changed, and at what cost.
pub trait Market {
    /// What a lever costs at least, nothing when it cannot be pulled.
    fn cost(&self, lever: Lever) -> Option<u64>;
    /// The records of a list, as they are now; nothing when it is no list of records.
    fn members(&self, list: SlotKey) -> Option<&[RecordId]>;
}

/// What blocks the whole rule from being true in both views.
pub fn block(d: &Derivation, market: &dyn Market) -> Option<Block> {
    let blocks = Blocks {
        d,
        market,
        split: split(d),
    };
    blocks.of(d.root()?, Want::both(true))
}

/// For every step, whether the views differ on it or on something it follows from.
fn split(d: &Derivation) -> Vec<bool> {
    let mut split: Vec<bool> = Vec::new();
    for id in d.steps() {
        let own = d.step(id).outcomes.single().is_none_or(|(e, r)| e != r);
        let any = own || d.parts(id).iter().any(|p| split[p.0 as usize]);
        split.push(any);
    }
    split
}

struct Blocks<'a> {
    d: &'a Derivation,
    market: &'a dyn Market,
    split: Vec<bool>,
}

impl Blocks<'_> {
    /// What blocks a step from being as wanted; nothing when it is so.
    fn of(&self, id: StepId, want: Want) -> Option<Block> {
        let step = self.d.step(id);
        if want.holds(step.outcomes) {
            return None;
        }
        let every = want.truth == (step.kind == Kind::All);
        match step.kind {
            Kind::Atom | Kind::If => Some(self.atom(id)),
            Kind::Not => self.of(*self.d.parts(id).first()?, want.negated()),
            Kind::All | Kind::Any if every => Some(self.every(id, want)),
            // One part may do for one view, another for the other.
            Kind::All | Kind::Any if want.established && want.refuting && self.splits(id) => {
                let views = [want.established(), want.refuting()];
                let lacking = views.into_iter().filter(|w| !w.holds(step.outcomes));
                Some(all_of(lacking.map(|w| self.some(id, w))))
            }
            Kind::All | Kind::Any => Some(self.some(id, want)),
        }
    }

    fn splits(&self, id: StepId) -> bool {
        self.split[id.0 as usize]
    }

    fn atom(&self, id: StepId) -> Block {
        // The common case: a test of one property.
        if let &[key] = self.d.reads(id)
            && self.market.members(key).is_none()
        {
            let lever = Lever::Slot(key);
            return match self.market.cost(lever) {
                Some(floor) => Block {
                    levers: SmallVec::from_slice(&[lever]),
                    floor,
                    counted: None,
                },
                None => self.any_of([]),
            };
        }
        let mut keys: SmallVec<[SlotKey; 4]> = self.d.reads(id).into();
        keys.sort_unstable();
        keys.dedup();
        let mut levers = Levers::new();
        for key in keys {
            levers.push(Lever::Slot(key));
            if let Some(members) = self.market.members(key) {
                levers.push(Lever::Add(key));
                levers.extend(members.iter().map(|r| Lever::Member(key, *r)));
            }
        }
        self.any_of(levers)
    }

    /// One of these has to be pulled; the floor is that of the cheapest.
    fn any_of(&self, levers: impl IntoIterator<Item = Lever>) -> Block {
        let priced = |l: Lever| self.market.cost(l).map(|c| (l, c));
        let (mut out, mut floor) = (Levers::new(), u64::MAX);
        for (lever, cost) in levers.into_iter().filter_map(priced) {
            out.push(lever);
            floor = floor.min(cost);
        }
        out.sort_unstable();
        out.dedup();
        Block {
            floor,
            counted: None,
            levers: out,
        }
    }

    /// Every part has to come to it; a member that does not may be done without.
    fn every(&self, id: StepId, want: Want) -> Block {
        let lists = self.d.lists(id);
        let part = |p: &StepId| {
            let b = self.of(*p, want)?;
            Some(match self.d.step(*p).item {
                Some(record) => {
                    let removals = lists.iter().map(|l| Lever::Member(*l, record));
                    one_of([b, self.any_of(removals)])
                }
                None => b,
            })
        };
        // Others that nobody named are in the way until there are none, or all that they
        // can be will do.
        let others = self.d.others(id).filter(|o| !want.holds(o.outcomes));
        let others = others.map(|o| {
            let read = lists.iter().chain(&o.reads);
            self.any_of(read.map(|k| Lever::Slot(*k)))
        });
        all_of(self.d.parts(id).iter().filter_map(part).chain(others))
    }

    /// Some part has to come to it, or a new member.
    fn some(&self, id: StepId, want: Want) -> Block {
        let longer = |l: &SlotKey| match self.market.members(*l) {
            Some(_) => Lever::Add(*l),
            None => Lever::Slot(*l),
        };
        let additions = self.any_of(self.d.lists(id).iter().map(longer));
        let parts = self.d.parts(id).iter().filter_map(|p| self.of(*p, want));
        one_of(parts.chain([additions]))
    }
}

impl Block {
    fn counted(&self) -> &Levers {
        self.counted.as_ref().unwrap_or(&self.levers)
    }
}

/// One of these has to give way.
fn one_of(blocks: impl IntoIterator<Item = Block>) -> Block {
    let mut blocks = blocks.into_iter();
    let mut out = blocks.next().unwrap_or_default();
    for b in blocks {
        if out.counted.is_some() || b.counted.is_some() {
            let mut counted = out.counted.unwrap_or_else(|| out.levers.clone());
            counted.extend_from_slice(b.counted());
            out.counted = Some(counted);
        }
        out.levers.extend_from_slice(&b.levers);
        out.floor = out.floor.min(b.floor);
    }
    for levers in [Some(&mut out.levers), out.counted.as_mut()]
        .into_iter()
        .flatten()
    {
        levers.sort_unstable();
        levers.dedup();
    }
    out
}

/// All of these are in the way: one is opened, that with the fewest levers; floors that
/// count different levers add up.
fn all_of(blocks: impl Iterator<Item = Block>) -> Block {
    let mut blocks: SmallVec<[Block; 2]> = blocks.collect();
    if blocks.len() == 1 {
        return blocks.pop().unwrap_or_default();
    }
    blocks.sort_by_key(|b| std::cmp::Reverse(b.floor));
    let (mut floor, mut counted) = (0u64, Levers::new());
    for b in &blocks {
        let known = |l: &Lever| counted.binary_search(l).is_ok();
        if !b.counted().iter().any(known) {
            floor = floor.saturating_add(b.floor);
            for lever in b.counted() {
                // To sort them anew for each block takes much longer where blocks are many.
                if let Err(at) = counted.binary_search(lever) {
                    counted.insert(at, *lever);
                }
            }
        }
    }
    let fewest = blocks.into_iter().min_by_key(|b| b.levers.len());
    Block {
        levers: fewest.map(|b| b.levers).unwrap_or_default(),
        floor,
        counted: Some(counted),
    }
}
