//! What members of lists refer to: several may refer to the same record, so what is changed
//! there is supposed before members are looked at.

use super::super::edits::Step;
use super::super::offers::{Choice, step_of};
use super::super::want::Want;
use super::looks::{Looks, differ};
use super::{Beyond, Goal};
use crate::eval::{Outcomes, Overlay, Patch};
use crate::rule::{Node, NodeId, Op, Ty};
use cocarde_model::{RecordId, TypeId, Value};
use smallvec::SmallVec;

/// Most records to which members may refer.
const MOST: usize = 256;
/// Most properties of them whose change is considered, each with each.
const MOST_SHARED: usize = 12;

impl Looks<'_, '_> {
    /// The changes worth considering of properties of records that members may refer to: for
    /// each the cheapest of every way in which its tests can come out.
    pub(super) fn shared(&self) -> Result<Vec<Vec<Step>>, Beyond> {
        let mut asked = self.asked_elsewhere();
        let mut out = Vec::new();
        while let Some((test, _)) = asked.first().copied() {
            let alike = |(t, _): &(NodeId, bool)| self.reads_alike(*t, test);
            let (tests, others): (Vec<_>, Vec<_>) = asked.into_iter().partition(alike);
            for record in self.may_lead_to(test)? {
                let steps = self.turns(&tests, record)?;
                if !steps.is_empty() {
                    out.push(steps);
                }
                if out.len() > MOST_SHARED {
                    return Err(Beyond);
                }
            }
            asked = others;
        }
        Ok(out)
    }

    /// The tests of what members refer to, and how they have to come out somewhere.
    fn asked_elsewhere(&self) -> Vec<(NodeId, bool)> {
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
            Op::Const(_) => {}
            _ => {
                let parts = Goal::of(self, node, Want::both(truth)).map(|g| g.parts());
                for (part, negated) in parts.unwrap_or_default() {
                    self.ask(part, truth != negated, out);
                }
            }
        }
    }

    /// Whether two tests look at the same property of records of the same type.
    fn reads_alike(&self, a: NodeId, b: NodeId) -> bool {
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
    fn may_lead_to(&self, test: NodeId) -> Result<Vec<RecordId>, Beyond> {
        let look = self.shape.look(test).ok_or(Beyond)?;
        let Ty::Record(ty) = self.rule().node(look.via.ok_or(Beyond)?).ty else {
            return Err(Beyond);
        };
        if self.looks_at(ty) {
            return Err(Beyond);
        }
        let base = self.search.ctx.base;
        let of_type = base.records().filter(|(_, r)| r.ty == ty);
        let records: Vec<RecordId> = of_type.map(|(id, _)| id).take(MOST + 1).collect();
        match records.len() <= MOST {
            true => Ok(records),
            false => Err(Beyond),
        }
    }

    /// Whether some test looks at records of that type otherwise: as members, or as parts.
    fn looks_at(&self, ty: TypeId) -> bool {
        let nodes = &self.rule().nodes;
        let of = |ty: &Ty, list: &Ty| matches!(list, Ty::List(of) if **of == *ty);
        let ty = Ty::Record(ty);
        let is_list = |op: &Op| matches!(op, Op::Members { .. });
        let ranges = nodes.iter().any(|n| is_list(&n.op) && of(&ty, &n.ty));
        let reads = |n: &Node| match n.op {
            Op::Read { of, .. } => {
                let is_reference = matches!(self.rule().node(of).op, Op::Read { .. });
                !is_reference && self.rule().node(of).ty == ty
            }
            _ => false,
        };
        ranges || nodes.iter().any(reads)
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
    fn turns(&self, asked: &[(NodeId, bool)], record: RecordId) -> Result<Vec<Step>, Beyond> {
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
        let choices = self.search.offers.values(&self.nothing, key);
        let mut choices: Vec<&Choice> = choices.all.iter().collect();
        choices.sort_by_key(|c| c.cost);
        for choice in choices {
            overlay.set(key, Patch::Value(choice.value.clone()));
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

    /// Whether the views differ on a test of what a member may refer to.
    pub(super) fn splits_anywhere(&self, test: NodeId) -> bool {
        if let Some(known) = self.anywhere.borrow()[test.0 as usize] {
            return known;
        }
        let come_out = |record: RecordId| {
            let overlay = self.referring(&[test], record).ok()?;
            self.plain(&overlay).test(test, Some(self.nobody()))
        };
        // Where that is not told nothing else is: `shared` comes first.
        let records = self.may_lead_to(test).unwrap_or_default();
        let splits = records.into_iter().any(|r| differ(come_out(r)));
        self.anywhere.borrow_mut()[test.0 as usize] = Some(splits);
        splits
    }
}
