//! Expressions over lists of records.

use super::super::chain::Chain;
use super::super::lists::{Others, all_of_others, some_of_others};
use super::super::resolutions::Worth;
use super::{FALSE, Local, Plain, TRUE};
use crate::eval::{Number, Outcomes};
use crate::rule::{NodeId, Op};
use cocarde_model::{Decimal, Interval, RecordId, SlotKey};

impl<'a> Plain<'a> {
    /// `all` and `exists`.
    pub(super) fn quantify(&mut self, list: NodeId, body: NodeId, all: bool) -> Option<Outcomes> {
        if let Op::Read { .. } = self.rule.node(list).op {
            return self.quantify_words(list, body, all);
        }
        let chain = Chain::of(self.rule, list).filter(|c| c.map.is_none())?;
        let (ids, open) = self.members(&chain)?;
        let mut out = Outcomes::both(all.into());
        for (at, id) in ids.iter().enumerate() {
            let passes = |plain: &mut Self| plain.passes(&chain, Some(*id), body, all);
            let one = self.truth_of((body, at), *id, passes)?;
            out = if all { out.and(one) } else { out.or(one) };
            if out == Outcomes::both((!all).into()) {
                return Some(out);
            }
        }
        if !open {
            return Some(out);
        }
        let one = self.passes(&chain, None, body, all)?;
        Some(among_others(out, one, &Others::Open(true, true), all))
    }

    /// Whether a record passes: if it is a member at all, or is one.
    pub(super) fn passes(
        &mut self,
        chain: &Chain,
        record: Option<RecordId>,
        body: NodeId,
        all: bool,
    ) -> Option<Outcomes> {
        self.locals.push(Local::Record(record));
        let member = self.member(chain);
        let passes = match member {
            Some(m) if m == Outcomes::both(FALSE) => Some(Outcomes::both(all.into())),
            Some(m) if all => self.truth(body).map(|o| m.not().or(o)),
            Some(m) => self.truth(body).map(|o| m.and(o)),
            None => None,
        };
        self.locals.pop();
        passes
    }

    /// How many members there are.
    pub(super) fn size(&mut self, list: NodeId) -> Option<Number> {
        if let Op::Read { .. } = self.rule.node(list).op {
            return self.count_words(list);
        }
        let mut size = Number::known(Decimal::ZERO);
        let chain = Chain::of(self.rule, list)?;
        let (ids, open) = self.members(&chain)?;
        for (at, id) in ids.iter().enumerate() {
            let member = |plain: &mut Self| plain.member_for(&chain, Some(*id));
            let member = self.truth_of((list, at), *id, member)?;
            size = size.add(Number::indicator(member));
        }
        if open && self.member_for(&chain, None)? != Outcomes::both(FALSE) {
            let any = Interval::at_least(Decimal::ZERO);
            size = size.add(Others::Open(true, true).amount(any));
        }
        Some(size)
    }

    /// What the members come to together.
    pub(super) fn sum(&mut self, list: NodeId) -> Option<Number> {
        let chain = Chain::of(self.rule, list)?;
        let body = chain.map?;
        let (ids, open) = self.members(&chain)?;
        let mut sum = Number::known(Decimal::ZERO);
        for (at, id) in ids.iter().enumerate() {
            let part = |plain: &mut Self| plain.part(&chain, *id).map(Worth::Amount);
            match self.worth((body, at), *id, part)? {
                Worth::Amount(part) => sum = sum.add(part),
                Worth::Truth(_) => return None,
            }
        }
        if open {
            self.locals.push(Local::Record(None));
            let one = self.number(body);
            self.locals.pop();
            let (e, r) = one?.range();
            let lowest = e.lo().zip(r.lo()).map(|(a, b)| a.min(b));
            let range = match lowest {
                Some(l) if l >= Decimal::ZERO => Interval::at_least(Decimal::ZERO),
                _ => Interval::ALL,
            };
            sum = sum.add(Others::Open(true, true).amount(range));
        }
        Some(sum)
    }

    /// What a record adds to a sum.
    pub(super) fn part(&mut self, chain: &Chain, record: RecordId) -> Option<Number> {
        self.locals.push(Local::Record(Some(record)));
        let part = match self.member(chain) {
            Some(m) if m == Outcomes::both(FALSE) => Some(Number::known(Decimal::ZERO)),
            Some(m) => {
                let amount = chain.map.and_then(|body| self.number(body));
                amount.map(|n| n.guarded(m))
            }
            None => None,
        };
        self.locals.pop();
        part
    }

    /// What one record adds to an amount that is made of sums of lists, each got from the
    /// list that the record is in by keeping and replacing its members one by one.
    pub(crate) fn added_by(&mut self, id: NodeId, record: RecordId) -> Option<Number> {
        Some(match &self.rule.node(id).op {
            Op::Add(a, b) => self.added_by(*a, record)?.add(self.added_by(*b, record)?),
            Op::Sub(a, b) => self.added_by(*a, record)?.sub(self.added_by(*b, record)?),
            Op::Neg(a) => self.added_by(*a, record)?.scale(Decimal::NEGATIVE_ONE),
            Op::Sum(list) => {
                let chain = Chain::of(self.rule, *list).filter(|c| c.map.is_some())?;
                self.part(&chain, record)?
            }
            _ => Number::known(Decimal::ZERO),
        })
    }

    pub(super) fn member_for(
        &mut self,
        chain: &Chain,
        record: Option<RecordId>,
    ) -> Option<Outcomes> {
        self.locals.push(Local::Record(record));
        let member = self.member(chain);
        self.locals.pop();
        member
    }

    /// Whether the record that the variable stands for is kept.
    pub(super) fn member(&mut self, chain: &Chain) -> Option<Outcomes> {
        let mut member = Outcomes::both(TRUE);
        for filter in &chain.filters {
            member = member.and(self.truth(*filter)?);
            if member == Outcomes::both(FALSE) {
                break;
            }
        }
        Some(member)
    }

    /// The records of a list, and whether there may be others.
    pub(super) fn members(&mut self, chain: &Chain) -> Option<(&'a [RecordId], bool)> {
        let Some(record) = self.record(chain.of)? else {
            return Some((&[], true));
        };
        let field = chain.field;
        let key = SlotKey { record, field };
        self.look(key);
        Some(self.ctx.members(key))
    }

    pub(super) fn look(&mut self, key: SlotKey) {
        if !self.locals.is_empty() {
            self.reads.push(key);
        }
    }

    pub(super) fn truth_of(
        &mut self,
        at: (NodeId, usize),
        record: RecordId,
        fresh: impl FnOnce(&mut Self) -> Option<Outcomes>,
    ) -> Option<Outcomes> {
        match self.worth(at, record, |plain| fresh(plain).map(Worth::Truth))? {
            Worth::Truth(o) => Some(o),
            Worth::Amount(_) => None,
        }
    }

    /// What a member of a list comes to, by the expression that says so: from memory where
    /// nothing is supposed of what it hangs on.
    pub(super) fn worth(
        &mut self,
        (node, at): (NodeId, usize),
        record: RecordId,
        fresh: impl FnOnce(&mut Self) -> Option<Worth>,
    ) -> Option<Worth> {
        // Under another variable it may hang on that too; who was added is not remembered.
        let known = self.ctx.resolutions.filter(|_| self.locals.is_empty());
        let known = known.filter(|_| self.ctx.base.get(record).is_some());
        let Some(known) = known else {
            return fresh(self);
        };
        if let Some(worth) = known.member((node, record), at, self.ctx.overlay) {
            return Some(worth);
        }
        self.reads.clear();
        let worth = fresh(self)?;
        known.remember((node, record), &worth, &self.reads, self.ctx.overlay);
        Some(worth)
    }
}

/// What those named and the others come to together.
pub(super) fn among_others(named: Outcomes, one: Outcomes, others: &Others, all: bool) -> Outcomes {
    match all {
        true => named.and(all_of_others(others, one)),
        false => named.or(some_of_others(others, one)),
    }
}
