//! What tests come to, as the facts are and with a property changed, and what it costs to
//! have them come out otherwise.

use super::super::edits::{State, Step};
use super::super::nearest::Search;
use super::super::offers::{Choice, MAX_ADDITIONS, step_of};
use super::super::want::Want;
use super::sets::Set;
use super::{Added, Beyond, Goal, Price};
use crate::eval::chain::Chain;
use crate::eval::{Outcomes, Overlay, Patch, Plain};
use crate::rule::{NodeId, Op, Rule, Shape, Ty};
use cocarde_model::{RecordId, SlotKey, TypeId, Value};
use smallvec::SmallVec;
use std::cell::RefCell;

/// Changes that have tests come out as wanted.
#[derive(Clone, Default)]
pub(super) struct Settled {
    pub(super) price: Price,
    pub(super) steps: SmallVec<[Step; 2]>,
}

/// What each test came to, of records or with values.
type Known<K> = RefCell<Vec<Vec<(K, Outcomes)>>>;

/// The tests of a rule over the facts.
pub(super) struct Looks<'s, 'a> {
    pub(super) search: &'s Search<'a>,
    shape: &'a Shape,
    /// What is supposed of properties that several members may refer to.
    supposed: Vec<Step>,
    overlay: Overlay,
    /// What each test came to: as the facts are, and with its property at a value.
    now: Known<Option<RecordId>>,
    with: Known<Value>,
    /// Whether the views differ on a test of what members may refer to.
    anywhere: RefCell<Vec<Option<bool>>>,
    /// The steps by which tests of the present record come out as wanted.
    steps: RefCell<Vec<(Set, Option<Option<Step>>)>>,
}

impl<'s, 'a> Looks<'s, 'a> {
    pub(super) fn of(search: &'s Search<'a>, shape: &'a Shape) -> Looks<'s, 'a> {
        Looks {
            search,
            shape,
            supposed: Vec::new(),
            overlay: Overlay::default(),
            now: RefCell::new(vec![Vec::new(); search.rule.nodes.len()]),
            with: RefCell::new(vec![Vec::new(); search.rule.nodes.len()]),
            anywhere: RefCell::new(vec![None; search.rule.nodes.len()]),
            steps: RefCell::default(),
        }
    }

    pub(super) fn rule(&self) -> &'a Rule {
        self.search.rule
    }

    pub(super) fn is_test(&self, node: NodeId) -> bool {
        self.shape.look(node).is_some()
    }

    fn plain<'o>(&self, overlay: &'o Overlay) -> Plain<'o>
    where
        'a: 'o,
    {
        Plain::of(self.search.rule, self.search.ctx.supposing(overlay))
    }

    /// The list that a chain is made of.
    pub(super) fn list(&self, chain: &Chain) -> Result<SlotKey, Beyond> {
        self.plain(Overlay::none()).list(chain).ok_or(Beyond)
    }

    /// What a goal makes of the members of an open list that nobody named.
    pub(super) fn others(&self, goal: &Goal) -> Result<Outcomes, Beyond> {
        let mut plain = self.plain(Overlay::none());
        let others = plain.others(&goal.chain, goal.body, goal.all);
        others.ok_or(Beyond)
    }

    /// The property that a test looks at, of a record or of the whole.
    pub(super) fn key(&self, test: NodeId, of: Option<RecordId>) -> Result<SlotKey, Beyond> {
        let look = self.shape.look(test).ok_or(Beyond)?;
        let key = self.plain(Overlay::none()).key(look.read, of);
        key.ok_or(Beyond)
    }

    /// The property that may be changed for a test: what a member refers to is another
    /// record's own.
    fn own(&self, test: NodeId, of: Option<RecordId>) -> Result<SlotKey, Beyond> {
        let look = self.shape.look(test).ok_or(Beyond)?;
        let read = look.via.unwrap_or(look.read);
        let key = self.plain(Overlay::none()).key(read, of);
        key.ok_or(Beyond)
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

    /// Whether the views differ on a test of what a member may refer to.
    fn splits_anywhere(&self, test: NodeId) -> bool {
        if let Some(known) = self.anywhere.borrow()[test.0 as usize] {
            return known;
        }
        let come_out = |record: RecordId| {
            let overlay = self.referring(&[test], record).ok()?;
            self.plain(&overlay).test(test, Some(self.nobody()))
        };
        let records = self.may_lead_to(test).unwrap_or_default();
        let splits = records
            .into_iter()
            .any(|r| differ(come_out(r).ok_or(Beyond)));
        self.anywhere.borrow_mut()[test.0 as usize] = Some(splits);
        splits
    }

    /// Whether the views differ on a test that an expression is made of.
    pub(super) fn splits(&self, node: NodeId, of: Option<RecordId>) -> bool {
        if let Some(look) = self.shape.look(node) {
            // Whatever it looks at may be changed to lead elsewhere.
            return differ(self.now(node, of))
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

    /// The least by which all of these tests come out as wanted; nothing where none does.
    pub(super) fn settled(
        &self,
        tests: &Set,
        of: Option<(RecordId, Added)>,
    ) -> Result<Option<Settled>, Beyond> {
        let record = of.map(|(r, _)| r);
        let mut out = Settled::default();
        for (i, (test, _)) in tests.iter().enumerate() {
            let field = self.shape.changes(*test);
            let alike = |(t, _): &&(NodeId, Want)| self.shape.changes(*t) == field;
            let is_first = !tests[..i].iter().any(|t| alike(&t));
            if !is_first {
                continue;
            }
            let alike: Set = tests[i..].iter().filter(alike).copied().collect();
            let Some(step) = self.known_step(alike, record, of.and_then(|(_, a)| a))? else {
                return Ok(None);
            };
            if let Some(step) = step {
                out.price = (out.price.0 + step.cost, out.price.1 + 1);
                out.steps.push(step);
            }
        }
        Ok(Some(out))
    }

    /// From here on another record is looked at.
    pub(super) fn next_record(&self) {
        self.steps.borrow_mut().clear();
    }

    fn known_step(
        &self,
        tests: Set,
        of: Option<RecordId>,
        added: Added,
    ) -> Result<Option<Option<Step>>, Beyond> {
        if of.is_none() {
            return self.step(&tests, of, added);
        }
        let known = |(t, _): &&(Set, _)| *t == tests;
        if let Some((_, step)) = self.steps.borrow().iter().find(known) {
            return Ok(step.clone());
        }
        let step = self.step(&tests, of, added)?;
        self.steps.borrow_mut().push((tests, step.clone()));
        Ok(step)
    }

    /// The cheapest change of one property by which its tests come out as wanted: nothing
    /// inside where they do already, nothing where no change will do.
    fn step(
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
        let state = State {
            added: added.map_or(Vec::new(), |ty| vec![ty; MAX_ADDITIONS]),
            ..State::default()
        };
        let choices = self.search.offers.values(&state, key);
        let mut best: Option<&Choice> = None;
        for choice in &choices.all {
            if best.is_none_or(|b| choice.2 < b.2) && is_such(&choice.0)? {
                best = Some(choice);
            }
        }
        Ok(best.map(|choice| step_of(key, choice)))
    }
}

/// What members refer to.
impl Looks<'_, '_> {
    /// The tests of what members refer to, and how they have to come out somewhere.
    pub(super) fn asked_elsewhere(&self) -> Vec<(NodeId, bool)> {
        let mut out = Vec::new();
        self.ask(self.rule().root, true, &mut out);
        out
    }

    fn ask(&self, node: NodeId, truth: bool, out: &mut Vec<(NodeId, bool)>) {
        if let Some(look) = self.shape.look(node) {
            let asked = (node, truth);
            if look.via.is_some() && !out.contains(&asked) {
                out.push(asked);
            }
            return;
        }
        match self.rule().node(node).op {
            Op::Not(a) => self.ask(a, !truth, out),
            Op::And(a, b) | Op::Or(a, b) => {
                self.ask(a, truth, out);
                self.ask(b, truth, out);
            }
            _ => {
                let parts = Goal::of(self, node, Want::both(truth)).map(|g| g.parts());
                for (part, negated) in parts.unwrap_or_default() {
                    self.ask(part, truth != negated, out);
                }
            }
        }
    }

    /// Whether two tests look at the same property of records of the same type.
    pub(super) fn reads_alike(&self, a: NodeId, b: NodeId) -> bool {
        let property = |test| {
            let look = self.shape.look(test)?;
            match self.rule().node(look.read).op {
                Op::Read { of, field, .. } => Some((self.rule().node(of).ty.clone(), field)),
                _ => None,
            }
        };
        property(a) == property(b)
    }

    /// The records at which a test of what a member refers to may look. They must be no
    /// members themselves.
    pub(super) fn may_lead_to(&self, test: NodeId) -> Result<Vec<RecordId>, Beyond> {
        let look = self.shape.look(test).ok_or(Beyond)?;
        let Ty::Record(ty) = self.rule().node(look.via.ok_or(Beyond)?).ty else {
            return Err(Beyond);
        };
        if self.ranges_over(ty) {
            return Err(Beyond);
        }
        let base = self.search.ctx.base;
        let of_type = base.records().filter(|(_, r)| r.ty == ty);
        Ok(of_type.map(|(id, _)| id).collect())
    }

    fn ranges_over(&self, ty: TypeId) -> bool {
        let nodes = self.rule().nodes.iter();
        let mut read = nodes.filter_map(|n| match &n.op {
            Op::Members { .. } => Some(&n.ty),
            _ => None,
        });
        read.any(|list| matches!(list, Ty::List(of) if **of == Ty::Record(ty)))
    }

    /// A record that nobody stated.
    fn nobody(&self) -> RecordId {
        RecordId(self.search.ctx.base.record_count() as u32)
    }

    /// The suppositions by which these tests of that one look at a record.
    fn referring(&self, tests: &[NodeId], record: RecordId) -> Result<Overlay, Beyond> {
        let mut overlay = Overlay::default();
        for test in tests {
            let reference = self.own(*test, Some(self.nobody()))?;
            overlay.set(reference, Patch::Value(Value::Ref(record)));
        }
        Ok(overlay)
    }

    /// The changes of a record's property by which some test of it comes out as is asked
    /// for and does not yet: of those by which all come out alike the cheapest.
    pub(super) fn turns(
        &self,
        asked: &[(NodeId, bool)],
        record: RecordId,
    ) -> Result<Vec<Step>, Beyond> {
        let key = self.key(asked[0].0, Some(record))?;
        let tests: Vec<NodeId> = asked.iter().map(|(test, _)| *test).collect();
        let mut overlay = self.referring(&tests, record)?;
        let come_out = |overlay: &Overlay| -> Result<SmallVec<[Outcomes; 4]>, Beyond> {
            let test = |(t, _): &(NodeId, bool)| self.plain(overlay).test(*t, Some(self.nobody()));
            asked.iter().map(|a| test(a).ok_or(Beyond)).collect()
        };
        let now = come_out(&overlay)?;
        let mut seen: Vec<SmallVec<[Outcomes; 4]>> = Vec::new();
        let mut out = Vec::new();
        let choices = self.search.offers.values(&State::default(), key);
        let mut choices: Vec<&Choice> = choices.all.iter().collect();
        choices.sort_by_key(|c| c.2);
        for choice in choices {
            overlay.set(key, Patch::Value(choice.0.clone()));
            let then = come_out(&overlay)?;
            let turns = |((_, truth), (now, then)): (&(NodeId, bool), (&Outcomes, &Outcomes))| {
                let want = Want::both(*truth);
                want.holds(*then) && !want.holds(*now)
            };
            if !seen.contains(&then) && asked.iter().zip(now.iter().zip(&then)).any(turns) {
                seen.push(then);
                out.push(step_of(key, choice));
            }
        }
        Ok(out)
    }

    /// Supposes one change more.
    pub(super) fn suppose(&mut self, step: Step) {
        self.overlay.set(step.key, step.patch.clone());
        self.supposed.push(step);
        self.forget();
    }

    /// Takes the last one back.
    pub(super) fn take_back(&mut self) {
        if let Some(step) = self.supposed.pop() {
            self.overlay.clear(step.key);
        }
        self.forget();
    }

    pub(super) fn supposed(&self) -> impl Iterator<Item = &Step> {
        self.supposed.iter()
    }

    /// Forgets what tests of what members refer to came to.
    fn forget(&mut self) {
        let of_others = |test: usize| {
            let look = self.shape.look(NodeId(test as u32));
            look.is_some_and(|l| l.via.is_some())
        };
        for test in (0..self.rule().nodes.len()).filter(|t| of_others(*t)) {
            self.now.borrow_mut()[test].clear();
            self.with.borrow_mut()[test].clear();
        }
    }
}

/// Whether the views differ, as far as can be told.
fn differ(outcomes: Result<Outcomes, Beyond>) -> bool {
    let single = outcomes.ok().and_then(Outcomes::single);
    single.is_none_or(|(e, r)| e != r)
}

fn known<K: PartialEq>(all: &Known<K>, test: NodeId, of: &K) -> Option<Outcomes> {
    let of_test = &all.borrow()[test.0 as usize];
    let known = of_test.iter().find(|(k, _)| k == of);
    known.map(|(_, outcomes)| *outcomes)
}
