//! Expressions that are lists made of lists.

use super::lists::{Item, ListVal};
use super::trace::{Kind, StepId};
use super::value::{Tv, Val};
use super::{Evaluator, Outcomes};
use crate::rule::{NodeId, Rule};
use cocarde_model::Truth;

impl<'a> Evaluator<'a> {
    pub(super) fn filter(&mut self, rule: &'a Rule, list: NodeId, body: NodeId) -> ListVal<'a> {
        let mut list = self.list(rule, list);
        for item in &mut list.items {
            self.sift(rule, item, body);
        }
        list.items
            .retain(|i| i.member != Outcomes::both(Truth::False) || i.step.is_some());
        let since = self.derivation.mark();
        for item in list.rest.items_mut() {
            self.sift(rule, item, body);
        }
        list.others_read.extend(self.derivation.reads_since(since));
        list.settled_or_open()
    }

    pub(super) fn sift(&mut self, rule: &'a Rule, item: &mut Item<'a>, body: NodeId) {
        let (o, s) = self.with_local(rule, item, body);
        self.guard(body, item, o, s);
    }

    pub(super) fn map(&mut self, rule: &'a Rule, list: NodeId, body: NodeId) -> ListVal<'a> {
        let mut list = self.list(rule, list);
        for item in &mut list.items {
            self.apply(rule, item, body);
        }
        let since = self.derivation.mark();
        for item in list.rest.items_mut() {
            self.apply(rule, item, body);
        }
        list.others_read.extend(self.derivation.reads_since(since));
        list
    }

    fn apply(&mut self, rule: &'a Rule, item: &mut Item<'a>, body: NodeId) {
        let val = std::mem::replace(&mut item.val, Val::Rec(Tv::Pending));
        let since = self.derivation.mark();
        item.val = self.within((val, item.read), |e| e.val(rule, body));
        item.read = self.derivation.looked_since(since);
    }

    /// The members of one list or of the other, by a condition that chooses neither.
    pub(super) fn choose_list(
        &mut self,
        id: NodeId,
        (cond, step): (Outcomes, StepId),
        mut a: ListVal<'a>,
        mut b: ListVal<'a>,
    ) -> ListVal<'a> {
        let since = self.derivation.mark();
        let not = self
            .derivation
            .push(id, cond.not(), Kind::Not, &[step], since);
        for item in a.items.iter_mut().chain(a.rest.items_mut()) {
            self.guard(id, item, cond, step);
        }
        for item in b.items.iter_mut().chain(b.rest.items_mut()) {
            self.guard(id, item, cond.not(), not);
        }
        for list in [&mut a, &mut b] {
            list.others_read.extend(self.derivation.reads(step));
        }
        a.settled_or_open().append(b.settled_or_open())
    }

    /// Makes membership depend on one more condition.
    pub(super) fn guard(&mut self, id: NodeId, item: &mut Item<'a>, by: Outcomes, step: StepId) {
        let since = self.derivation.mark();
        item.member = item.member.and(by);
        item.step = Some(match item.step {
            None => step,
            Some(earlier) => {
                self.derivation
                    .push(id, item.member, Kind::All, &[earlier, step], since)
            }
        });
    }
}
