//! The cheapest way to have the records of a list meet goals.

use super::super::edits::{Edit, Price, State, Step, together};
use super::super::offers::MOST_ADDITIONS;
use super::super::want::Want;
use super::asked::{Bits, Changes, Tests};
use super::looks::Looks;
use super::sets::{Whose, joined};
use super::{Added, Beyond, Goal};
use cocarde_model::{RecordId, SlotKey};
use smallvec::SmallVec;
use std::cell::{OnceCell, RefCell};

/// Most goals for which one record is enough.
const MOST_GOALS: usize = MOST_ADDITIONS;
/// Most members of a list that are looked at one by one.
const MOST_MEMBERS: usize = 256;

/// What to change of a list.
pub(super) struct ListPlan {
    pub(super) price: Price,
    pub(super) list: SlotKey,
    /// Whether to state first that it has no others.
    pub(super) complete: bool,
    /// The changes of each member that has any.
    pub(super) ways: Vec<SmallVec<[Step; 2]>>,
}

/// Goals, two bits each: in the established and in the refuting view.
type Met = u8;

/// A way to have a record.
struct Way {
    met: Met,
    price: Price,
    steps: SmallVec<[Step; 2]>,
}

/// The cheapest way to have some goals met: the way of the last record, and the goals met
/// before it.
type Entry = Option<(Price, Met, usize)>;

/// The cheapest change of a list by which all goals are met; nothing where none does.
pub(super) fn of_list(
    looks: &Looks<'_, '_>,
    list: SlotKey,
    goals: &[Goal],
) -> Result<Option<ListPlan>, Beyond> {
    let offers = &looks.search.offers;
    let members = offers.members(&State::default(), list).cloned();
    let members = members.ok_or(Beyond)?;
    if members.ids.len() > MOST_MEMBERS {
        return Err(Beyond);
    }
    let problem = Problem::of(looks, list, goals)?;
    let complete = !members.complete && problem.has_to_be_closed()?;
    let mut records: Vec<Vec<Way>> = Vec::new();
    for record in &members.ids {
        records.push(problem.ways(*record)?);
    }
    // Each that is worth adding meets a goal.
    for i in 0..problem.some.len() {
        records.push(problem.additions(i)?);
    }
    let closing = match complete {
        true => (offers.establish_effort(), 1, 1),
        false => Price::default(),
    };
    let found = cheapest(&records, problem.all());
    Ok(found.map(|(price, ways)| ListPlan {
        price: together(price, closing),
        list,
        complete,
        ways,
    }))
}

struct Problem<'p, 's, 'a> {
    looks: &'p Looks<'s, 'a>,
    list: SlotKey,
    /// What every member has to come to.
    every: SmallVec<[&'p Goal; 4]>,
    /// What one has to come to.
    some: SmallVec<[&'p Goal; 4]>,
    /// What may be chosen for a record on which the views do not differ.
    alike: OnceCell<Vec<Options>>,
    /// The tests that are asked of records so far.
    tests: RefCell<Tests>,
}

impl<'p, 's, 'a> Problem<'p, 's, 'a> {
    fn of(
        looks: &'p Looks<'s, 'a>,
        list: SlotKey,
        goals: &'p [Goal],
    ) -> Result<Problem<'p, 's, 'a>, Beyond> {
        let (every, some): (SmallVec<[&Goal; 4]>, SmallVec<[&Goal; 4]>) =
            goals.iter().partition(|g| g.is_of_every());
        match some.len() <= MOST_GOALS {
            true => Ok(Problem {
                looks,
                list,
                every,
                some,
                alike: OnceCell::new(),
                tests: RefCell::default(),
            }),
            false => Err(Beyond),
        }
    }

    /// All goals in all views in which they are asked for.
    fn all(&self) -> Met {
        let each = self.some.iter().enumerate();
        each.fold(0, |all, (i, goal)| all | bits(i, goal.want))
    }

    /// Whether what every member has to come to is open as long as there may be others.
    fn has_to_be_closed(&self) -> Result<bool, Beyond> {
        for goal in &self.every {
            let others = self.looks.others(goal)?;
            if !goal.want.holds(others) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The ways to have a record that is there, or to do without it.
    fn ways(&self, record: RecordId) -> Result<Vec<Way>, Beyond> {
        let mut ways = self.changes(record, None)?;
        let offers = &self.looks.search.offers;
        if !self.every.is_empty()
            && ways.iter().all(|w| w.met != 0 || w.price.0 > 0)
            && let Some(step) = offers.remove(&State::default(), self.list, record)
        {
            ways.push(Way {
                met: 0,
                price: step.price(),
                steps: std::iter::once(step).collect(),
            });
        }
        Ok(ways)
    }

    /// The ways to have one more record, or not to.
    fn additions(&self, nth: usize) -> Result<Vec<Way>, Beyond> {
        let mut ways = vec![Way {
            met: 0,
            price: Price::default(),
            steps: SmallVec::new(),
        }];
        let offers = &self.looks.search.offers;
        let Some(add) = offers.nth_addition(self.list, nth) else {
            return Ok(ways);
        };
        let Edit::Add(_, record, ty) = add.edit else {
            return Err(Beyond);
        };
        for mut way in self.changes(record, Some(ty))? {
            way.price = together(way.price, add.price());
            way.steps.insert(0, add.clone());
            ways.push(way);
        }
        Ok(ways)
    }

    /// The ways to have a record, for every set of goals that it meets the cheapest.
    fn changes(&self, record: RecordId, added: Added) -> Result<Vec<Way>, Beyond> {
        let of_record;
        let choices = match self.splits(record) {
            false => match self.alike.get() {
                Some(known) => known,
                None => {
                    let found = self.options(Whose::Alike)?;
                    self.alike.get_or_init(|| found)
                }
            },
            true => {
                of_record = self.options(Whose::Record(record))?;
                &of_record
            }
        };
        let tests = self.tests.borrow();
        let mut out = Choices {
            looks: self.looks,
            changes: Changes::of(self.looks, &tests, (record, added)),
            choices,
            all: self.all(),
            best: SmallVec::new(),
        };
        out.choose(0, (0, 0, Price::default()))?;
        out.ways()
    }

    /// Whether the views differ on something that goals ask of a record.
    fn splits(&self, record: RecordId) -> bool {
        let goals = self.every.iter().chain(&self.some);
        let mut parts = goals.flat_map(|g| g.parts());
        parts.any(|(p, _)| self.looks.splits(p, Some(record)))
    }

    /// What may be chosen for each goal.
    fn options(&self, whose: Whose) -> Result<Vec<Options>, Beyond> {
        let mut tests = self.tests.borrow_mut();
        let mut sets = |goal: &Goal, want: Want, met: Met, out: &mut Options| {
            for set in joined(self.looks, &goal.parts(), !goal.all, want, whose)? {
                out.push((met, tests.bits(self.looks, &set)?));
            }
            Ok(())
        };
        let mut choices = Vec::new();
        for goal in &self.every {
            let mut options = Options::new();
            sets(goal, goal.want, 0, &mut options)?;
            choices.push(options);
        }
        for (i, goal) in self.some.iter().enumerate() {
            let want = goal.want;
            let mut options = Options::from_elem((0, 0), 1);
            let mut views: SmallVec<[Want; 3]> = SmallVec::from_slice(&[want]);
            // One record may do for one view, another for the other.
            if want.established && want.refuting && !matches!(whose, Whose::Alike) {
                views.extend([want.established(), want.refuting()]);
            }
            for want in views {
                sets(goal, want, bits(i, want), &mut options)?;
            }
            choices.push(options);
        }
        Ok(choices)
    }
}

/// A goal in the views in which it is asked for.
fn bits(goal: usize, want: Want) -> Met {
    (Met::from(want.established) | Met::from(want.refuting) << 1) << (2 * goal)
}

/// Sets of tests by which a record meets a goal, or, where one record is enough, leaves it
/// to another; and what is met by each.
type Options = SmallVec<[(Met, Bits); 4]>;

/// The choice of one option for each goal.
struct Choices<'c, 's, 'a> {
    looks: &'c Looks<'s, 'a>,
    changes: Changes<'c, 's, 'a>,
    choices: &'c [Options],
    all: Met,
    /// The cheapest for each set of goals that are met, with what is asked.
    best: SmallVec<[(Met, Price, Bits); 8]>,
}

impl Choices<'_, '_, '_> {
    fn choose(&mut self, at: usize, so_far: (Met, Bits, Price)) -> Result<(), Beyond> {
        let (met, asked, price) = so_far;
        let no_better = |(m, p, _): &(Met, Price, Bits)| *m == self.all && *p <= price;
        if self.best.iter().any(no_better) {
            return Ok(());
        }
        let Some(options) = self.choices.get(at) else {
            self.keep(so_far);
            return Ok(());
        };
        for (more, tests) in options {
            self.looks.count()?;
            let all = asked | tests;
            let price = match all == asked {
                true => Some(price),
                false => self.changes.price(all)?,
            };
            if let Some(price) = price {
                self.choose(at + 1, (met | more, all, price))?;
            }
        }
        Ok(())
    }

    fn keep(&mut self, (met, asked, price): (Met, Bits, Price)) {
        match self.best.iter_mut().find(|(m, ..)| *m == met) {
            Some((_, known, _)) if *known <= price => {}
            Some(known) => *known = (met, price, asked),
            None => self.best.push((met, price, asked)),
        }
    }

    /// The ways that were found.
    fn ways(mut self) -> Result<Vec<Way>, Beyond> {
        let mut ways = Vec::with_capacity(self.best.len() + 1);
        for (met, price, asked) in &self.best {
            ways.push(Way {
                met: *met,
                price: *price,
                steps: self.changes.steps(*asked)?,
            });
        }
        Ok(ways)
    }
}

/// One way for each record by which together all goals are met, at the least price.
fn cheapest(records: &[Vec<Way>], all: Met) -> Option<(Price, Vec<SmallVec<[Step; 2]>>)> {
    let size = usize::from(all) + 1;
    let mut tables: Vec<Vec<Entry>> = Vec::with_capacity(records.len());
    let mut first: Vec<Entry> = vec![None; size];
    first[0] = Some((Price::default(), 0, 0));
    for ways in records {
        let before = tables.last().unwrap_or(&first);
        let mut next: Vec<Entry> = vec![None; size];
        for (met, entry) in before.iter().enumerate() {
            let Some((price, ..)) = entry else {
                continue;
            };
            for (i, way) in ways.iter().enumerate() {
                let sum = together(*price, way.price);
                let known = &mut next[met | usize::from(way.met)];
                if known.is_none_or(|(p, ..)| sum < p) {
                    *known = Some((sum, met as Met, i));
                }
            }
        }
        tables.push(next);
    }
    let last = tables.last().unwrap_or(&first);
    let (price, ..) = last[usize::from(all)]?;
    let mut chosen = Vec::new();
    let mut met = usize::from(all);
    for (table, ways) in tables.iter().zip(records).rev() {
        let (_, before, way) = table[met]?;
        if !ways[way].steps.is_empty() {
            chosen.push(ways[way].steps.clone());
        }
        met = usize::from(before);
    }
    chosen.reverse();
    Some((price, chosen))
}
