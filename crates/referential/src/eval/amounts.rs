//! Expressions that are numbers.

use super::value::Tv;
use super::{Evaluator, Number};
use crate::rule::{NodeId, Op, Rule};
use cocarde_model::{Decimal, Interval};
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
            Op::Sum(a) => self.list(rule, *a).sum(),
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
}

fn remainder(i: Interval, by: Decimal) -> Interval {
    if let Some(x) = i.exact() {
        return Interval::point(x % by);
    }
    let most = by.abs() - Decimal::ONE;
    let negative = i.lo().is_none_or(|l| l < Decimal::ZERO);
    let positive = i.hi().is_none_or(|h| h > Decimal::ZERO);
    let lo = if negative { -most } else { Decimal::ZERO };
    let hi = if positive { most } else { Decimal::ZERO };
    Interval::new(Some(lo), Some(hi)).unwrap_or(Interval::ALL)
}
