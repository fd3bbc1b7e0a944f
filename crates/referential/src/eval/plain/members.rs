//! Expressions over lists of records.

use super::super::lists::Unnamed;
use super::super::resolutions::Worth;
use super::{FALSE, Local, Plain, TRUE};
use crate::eval::{Number, Outcomes};
use crate::rule::{Chain, NodeId, Op};
use cocarde_model::{Decimal, FieldId, Interval, RecordId, SlotKey};

/// A list of records that is open is so in both views.
const OTHERS: Unnamed = Unnamed::Open(true, true);

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
            out = out.join(one, all);
            if out == Outcomes::both((!all).into()) {
                return Some(out);
            }
        }
        if !open {
            return Some(out);
        }
        Some(out.join(self.others(&chain, body, all)?, all))
    }

    /// What `all` or `exists` makes of the members of an open list that nobody named.
    pub(crate) fn others(&mut self, chain: &Chain, body: NodeId, all: bool) -> Option<Outcomes> {
        let one = self.passes(chain, None, body, all)?;
        Some(OTHERS.quantified(one, all))
    }

    /// Whether a record passes: if it is a member at all, or is one.
    pub(super) fn passes(
        &mut self,
        chain: &Chain,
        record: Option<RecordId>,
        body: NodeId,
        all: bool,
    ) -> Option<Outcomes> {
        self.within(Local::Record(record), |plain| {
            Some(match plain.member(chain)? {
                m if m == Outcomes::both(FALSE) => Outcomes::both(all.into()),
                m if all => m.not().or(plain.truth(body)?),
                m => m.and(plain.truth(body)?),
            })
        })
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
            size = size.add(OTHERS.amount(any));
        }
        Some(size)
    }

    /// What the members come to together.
    pub(crate) fn sum(&mut self, list: NodeId) -> Option<Number> {
        let chain = Chain::of(self.rule, list)?;
        let body = chain.map?;
        let (ids, open) = self.members(&chain)?;
        let mut sum = Number::known(Decimal::ZERO);
        for (at, id) in ids.iter().enumerate() {
            let part = |plain: &mut Self| plain.part(&chain, *id).map(|p| Worth::Amount(p.into()));
            match self.worth((body, at), *id, part)? {
                Worth::Amount(part) => sum = sum.with(&part),
                Worth::Truth(_) => return None,
            }
        }
        if open {
            let one = self.within(Local::Record(None), |plain| plain.number(body));
            let (e, r) = one?.range();
            let lowest = e.lo().zip(r.lo()).map(|(a, b)| a.min(b));
            let range = match lowest {
                Some(l) if l >= Decimal::ZERO => Interval::at_least(Decimal::ZERO),
                _ => Interval::ALL,
            };
            sum = sum.add(OTHERS.amount(range));
        }
        Some(sum)
    }

    /// What a record adds to a sum.
    pub(super) fn part(&mut self, chain: &Chain, record: RecordId) -> Option<Number> {
        self.within(Local::Record(Some(record)), |plain| {
            Some(match plain.member(chain)? {
                m if m == Outcomes::both(FALSE) => Number::known(Decimal::ZERO),
                m => plain.number(chain.map?)?.guarded(m),
            })
        })
    }

    /// What an expression of a record comes to.
    pub(crate) fn amount(&mut self, id: NodeId, record: RecordId) -> Option<Number> {
        self.within(Local::Record(Some(record)), |plain| plain.number(id))
    }

    pub(super) fn member_for(
        &mut self,
        chain: &Chain,
        record: Option<RecordId>,
    ) -> Option<Outcomes> {
        self.within(Local::Record(record), |plain| plain.member(chain))
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
        let Some(key) = self.list_at(chain.of, chain.field)? else {
            return Some((&[], true));
        };
        self.look(key);
        Some(self.ctx.members(key))
    }

    /// The property that is a list; nothing inside where it is not known whose.
    fn list_at(&mut self, of: NodeId, field: FieldId) -> Option<Option<SlotKey>> {
        let record = self.record(of)?;
        Some(record.map(|record| SlotKey { record, field }))
    }

    /// The same, where it is known.
    pub(crate) fn list(&mut self, of: NodeId, field: FieldId) -> Option<SlotKey> {
        self.list_at(of, field)?
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
