//! What tests come to, as the facts are and with a property changed, and what it costs to
//! have them come out otherwise.

use super::super::edits::{Price, State, Step, together};
use super::super::nearest::Search;
use super::super::offers::{Choice, MOST_ADDITIONS, step_of};
use super::super::want::Want;
use super::sets::Set;
use super::{Added, Beyond, Goal};
use crate::eval::{Outcomes, Overlay, Patch, Plain};
use crate::rule::{Chain, NodeId, Op, Rule, Shape};
use cocarde_model::{RecordId, SlotKey, Value};
use smallvec::SmallVec;
use std::cell::{Cell, RefCell};

/// Most ways to have a record, over all that is gone through: beyond that the general search,
/// which has a budget, does as well.
const MOST_WAYS: usize = 1 << 14;

/// Changes that have tests come out as wanted.
#[derive(Default)]
pub(super) struct Settled {
    pub(super) price: Price,
    pub(super) steps: SmallVec<[Step; 2]>,
}

/// What each test came to, of records or with values.
type Known<K> = RefCell<Vec<Vec<(K, Outcomes)>>>;

/// The tests of a rule over the facts.
pub(super) struct Looks<'s, 'a> {
    pub(super) search: &'s Search<'a>,
    pub(super) shape: &'a Shape,
    /// The facts as they are.
    pub(super) nothing: State,
    /// What is supposed of properties that several members may refer to.
    pub(super) supposed: Vec<Step>,
    pub(super) overlay: Overlay,
    /// What each test came to: as the facts are, and with its property at a value.
    pub(super) now: Known<Option<RecordId>>,
    pub(super) with: Known<Value>,
    /// Whether the views differ on a test of what members may refer to.
    pub(super) anywhere: RefCell<Vec<Option<bool>>>,
    /// How many more ways may be gone through.
    left: Cell<usize>,
}

impl<'s, 'a> Looks<'s, 'a> {
    pub(super) fn of(search: &'s Search<'a>, shape: &'a Shape) -> Looks<'s, 'a> {
        Looks {
            search,
            shape,
            nothing: State::default(),
            supposed: Vec::new(),
            overlay: Overlay::default(),
            now: RefCell::new(vec![Vec::new(); search.rule.nodes.len()]),
            with: RefCell::new(vec![Vec::new(); search.rule.nodes.len()]),
            anywhere: RefCell::new(vec![None; search.rule.nodes.len()]),
            left: Cell::new(MOST_WAYS),
        }
    }

    pub(super) fn rule(&self) -> &'a Rule {
        self.search.rule
    }

    pub(super) fn is_test(&self, node: NodeId) -> bool {
        self.shape.look(node).is_some()
    }

    pub(super) fn plain<'o>(&self, overlay: &'o Overlay) -> Plain<'o>
    where
        'a: 'o,
    {
        Plain::of(self.search.rule, self.search.ctx.supposing(overlay))
    }

    /// The list that a chain is made of.
    pub(super) fn list(&self, chain: &Chain) -> Result<SlotKey, Beyond> {
        self.plain(Overlay::none())
            .list(chain.of, chain.field)
            .ok_or(Beyond)
    }

    /// What a goal makes of the members of an open list that nobody named.
    pub(super) fn others(&self, goal: &Goal) -> Result<Outcomes, Beyond> {
        let mut plain = self.plain(Overlay::none());
        let others = plain.others(&goal.chain, goal.body, goal.all);
        others.ok_or(Beyond)
    }

    /// The property that a test looks at, of a record or of the whole.
    pub(super) fn key(&self, test: NodeId, of: Option<RecordId>) -> Result<SlotKey, Beyond> {
        self.read_by(self.shape.look(test).ok_or(Beyond)?.read, of)
    }

    /// The property that may be changed for a test: what a member refers to is another
    /// record's own.
    pub(super) fn own(&self, test: NodeId, of: Option<RecordId>) -> Result<SlotKey, Beyond> {
        let look = self.shape.look(test).ok_or(Beyond)?;
        self.read_by(look.via.unwrap_or(look.read), of)
    }

    fn read_by(&self, read: NodeId, of: Option<RecordId>) -> Result<SlotKey, Beyond> {
        self.plain(Overlay::none()).key(read, of).ok_or(Beyond)
    }

    /// What a test comes to as the facts are, with what is supposed.
    fn now(&self, test: NodeId, of: Option<RecordId>) -> Result<Outcomes, Beyond> {
        if let Some(outcomes) = known(&self.now, test, &of) {
            return Ok(outcomes);
        }
        let outcomes = self.plain(&self.overlay).test(test, of).ok_or(Beyond)?;
        self.now.borrow_mut()[test.0 as usize].push((of, outcomes));
        Ok(outcomes)
    }

    /// What it comes to with its property changed.
    fn with(
        &self,
        test: NodeId,
        of: Option<RecordId>,
        (key, value): (SlotKey, &Value),
    ) -> Result<Outcomes, Beyond> {
        if let Some(outcomes) = known(&self.with, test, value) {
            return Ok(outcomes);
        }
        let mut overlay = self.overlay.clone();
        overlay.set(key, Patch::Value(value.clone()));
        let outcomes = self.plain(&overlay).test(test, of).ok_or(Beyond)?;
        let with = &mut self.with.borrow_mut()[test.0 as usize];
        with.push((value.clone(), outcomes));
        Ok(outcomes)
    }

    /// Whether the views differ on a test that an expression is made of.
    pub(super) fn splits(&self, node: NodeId, of: Option<RecordId>) -> bool {
        if let Some(look) = self.shape.look(node) {
            // Whatever it looks at may be changed to lead elsewhere.
            return differ(self.now(node, of).ok())
                || (look.via.is_some() && self.splits_anywhere(node));
        }
        match self.rule().node(node).op {
            Op::Not(a) => self.splits(a, of),
            Op::And(a, b) | Op::Or(a, b) => self.splits(a, of) || self.splits(b, of),
            // Of the records of a list it is not asked: it may well be so.
            Op::All { .. } | Op::Exists { .. } => true,
            _ => false,
        }
    }

    /// The least by which all of these tests of the whole come out as wanted; nothing where
    /// none does.
    pub(super) fn settled(&self, tests: &Set) -> Result<Option<Settled>, Beyond> {
        let mut out = Settled::default();
        for (i, (test, _)) in tests.iter().enumerate() {
            let property = self.shape.changes(*test);
            let is_of_it = |(t, _): &&(NodeId, Want)| self.shape.changes(*t) == property;
            if tests[..i].iter().any(|t| is_of_it(&t)) {
                continue;
            }
            let alike: Set = tests[i..].iter().filter(is_of_it).copied().collect();
            let Some(step) = self.step(&alike, None, None)? else {
                return Ok(None);
            };
            if let Some(step) = step {
                out.price = together(out.price, step.price());
                out.steps.push(step);
            }
        }
        Ok(Some(out))
    }

    /// One way more is gone through.
    pub(super) fn count(&self) -> Result<(), Beyond> {
        self.left.set(self.left.get().checked_sub(1).ok_or(Beyond)?);
        Ok(())
    }

    /// The cheapest change of one property by which its tests come out as wanted: nothing
    /// inside where they do already, nothing where no change will do.
    pub(super) fn step(
        &self,
        tests: &[(NodeId, Want)],
        of: Option<RecordId>,
        added: Added,
    ) -> Result<Option<Option<Step>>, Beyond> {
        let mut all = true;
        for (test, want) in tests {
            all &= want.holds(self.now(*test, of)?);
        }
        if all {
            return Ok(Some(None));
        }
        let key = self.own(tests[0].0, of)?;
        let holds = |value: &Value| {
            for (test, want) in tests {
                if !want.holds(self.with(*test, of, (key, value))?) {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        Ok(self.cheapest(key, added, holds)?.map(Some))
    }

    /// The cheapest change of a property to a value of that sort.
    fn cheapest(
        &self,
        key: SlotKey,
        added: Added,
        is_such: impl Fn(&Value) -> Result<bool, Beyond>,
    ) -> Result<Option<Step>, Beyond> {
        let offers = &self.search.offers;
        let choices = match added {
            None => offers.values(&self.nothing, key),
            Some(ty) => {
                let added = vec![ty; MOST_ADDITIONS];
                let state = State {
                    added,
                    ..State::default()
                };
                offers.values(&state, key)
            }
        };
        let mut best: Option<&Choice> = None;
        for choice in &choices.all {
            if best.is_none_or(|b| choice.cost < b.cost) && is_such(&choice.value)? {
                best = Some(choice);
            }
        }
        Ok(best.map(|choice| step_of(key, choice)))
    }
}

/// Whether the views differ, as far as can be told.
pub(super) fn differ(outcomes: Option<Outcomes>) -> bool {
    let single = outcomes.and_then(Outcomes::single);
    single.is_none_or(|(e, r)| e != r)
}

fn known<K: PartialEq>(all: &Known<K>, test: NodeId, of: &K) -> Option<Outcomes> {
    let of_test = &all.borrow()[test.0 as usize];
    let known = of_test.iter().find(|(k, _)| k == of);
    known.map(|(_, outcomes)| *outcomes)
}
