//! Expressions that are numbers.

use super::trace::Looked;
use super::value::{Tv, Val};
use super::{Evaluator, Number, Outcomes};
use crate::rule::{Chain, NodeId, Op, Rule};
use cocarde_model::{Decimal, Interval, RecordId, SlotKey, Truth};
use smallvec::SmallVec;
use std::borrow::Cow;

impl<'a> Evaluator<'a> {
    pub(super) fn number_op(&mut self, rule: &'a Rule, id: NodeId) -> Number {
        match &rule.node(id).op {
            Op::Add(a, b) => self.num(rule, *a).add(self.num(rule, *b)),
            Op::Sub(a, b) => self.num(rule, *a).sub(self.num(rule, *b)),
            Op::Mul(a, b) => self.num(rule, *a).mul(self.num(rule, *b)),
            Op::Neg(a) => self.num(rule, *a).scale(Decimal::NEGATIVE_ONE),
            Op::Div { of, by, truncate } => {
                let quotient = |i: Interval| {
                    let q = i.div(Interval::point(*by));
                    if *truncate { q.truncated() } else { q }
                };
                self.num(rule, *of).nonlinear(quotient)
            }
            Op::Rem { of, by } => self.num(rule, *of).nonlinear(|i| remainder(i, *by)),
            Op::Size(a) => self.list(rule, *a).size(),
            Op::Sum(a) => match self.sum_of_records(rule, *a) {
                Some(sum) => sum,
                None => self.list(rule, *a).sum(),
            },
            Op::Length(a) => {
                let length = |t: &Cow<'_, str>| Interval::point(Decimal::from(t.chars().count()));
                match self.text(rule, *a) {
                    Tv::Pending => Number::pending(Interval::at_least(Decimal::ZERO)),
                    Tv::Known(e, r) => {
                        let any = Interval::at_least(Decimal::ZERO);
                        let of = |t: Option<Cow<'_, str>>| t.as_ref().map_or(any, length);
                        Number::views(of(e), of(r))
                    }
                }
            }
            _ => unreachable!("only numbers come here"),
        }
    }

    /// The sum over a list of records that is known to have no others: the common case, for
    /// which no list need be made. What is looked at is the same, in the same order.
    fn sum_of_records(&mut self, rule: &'a Rule, list: NodeId) -> Option<Number> {
        let chain = Chain::of(rule, list)?;
        let body = chain.map?;
        let (_, ids) = self.records(rule, &chain)?;
        let always = Outcomes::both(Truth::True);
        let mut kept: SmallVec<[Outcomes; 16]> = SmallVec::from_elem(always, ids.len());
        for filter in &chain.filters {
            for (record, kept) in ids.iter().zip(&mut kept) {
                let (passes, _) = self.with_record(*record, |e| e.bool(rule, *filter));
                *kept = kept.and(passes);
            }
        }
        let mut sum = Number::known(Decimal::ZERO);
        for (record, kept) in ids.iter().zip(kept) {
            let amount = self.with_record(*record, |e| e.num(rule, body));
            sum = sum.add(amount.guarded(kept));
        }
        Some(sum)
    }

    /// The list and its records, where it is known to have no others; else nothing has been
    /// looked at.
    pub(super) fn records(
        &mut self,
        rule: &'a Rule,
        chain: &Chain,
    ) -> Option<(SlotKey, &'a [RecordId])> {
        let since = self.derivation.mark();
        let record = self.rec(rule, chain.of).settled().copied();
        let key = record.map(|record| SlotKey {
            record,
            field: chain.field,
        });
        match key.map(|key| (key, self.ctx.members(key))) {
            Some((key, (ids, false))) => {
                self.derivation.read(key);
                Some((key, ids))
            }
            _ => {
                self.derivation.unread(since);
                None
            }
        }
    }

    fn with_record<T>(&mut self, record: RecordId, f: impl FnOnce(&mut Self) -> T) -> T {
        self.within((Val::Rec(Tv::both(record)), Looked::default()), f)
    }
}

fn remainder(i: Interval, by: Decimal) -> Interval {
    if let Some(rest) = i.exact().and_then(|x| x.checked_rem(by)) {
        return Interval::point(rest);
    }
    let most = by.abs() - Decimal::ONE;
    let negative = i.lo().is_none_or(|l| l < Decimal::ZERO);
    let positive = i.hi().is_none_or(|h| h > Decimal::ZERO);
    let lo = if negative { -most } else { Decimal::ZERO };
    let hi = if positive { most } else { Decimal::ZERO };
    Interval::new(Some(lo), Some(hi)).unwrap_or(Interval::ALL)
}
