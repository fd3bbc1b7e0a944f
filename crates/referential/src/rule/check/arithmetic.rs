//! Arithmetic that has a value whatever the facts: a divisor is a constant.

use super::Checker;
use crate::rule::ir::{Const, NodeId, Op};
use crate::rule::types::Ty;
use cel::common::ast::IdedExpr;
use cocarde_model::Decimal;

impl Checker<'_> {
    pub(super) fn plus(&mut self, e: &IdedExpr, a: NodeId, b: NodeId) -> Option<NodeId> {
        let (ta, tb) = (self.ty(a), self.ty(b));
        let span = self.span(e);
        match (&ta, &tb) {
            (x, y) if x.is_text() && y.is_text() => {
                Some(self.push(Op::Concat(a, b), Ty::Text, span))
            }
            (Ty::List(_), Ty::List(_)) => match ta.join(&tb) {
                Some(ty) => Some(self.push(Op::Append(a, b), ty, span)),
                None => self.fail(e, "these lists hold different types"),
            },
            _ => self.arithmetic(e, a, b, Op::Add(a, b)),
        }
    }

    pub(super) fn arithmetic(
        &mut self,
        e: &IdedExpr,
        a: NodeId,
        b: NodeId,
        op: Op,
    ) -> Option<NodeId> {
        self.numbers(e, &[a, b])?;
        let ty = self.ty(a).join(&self.ty(b))?;
        let span = self.span(e);
        Some(self.push(op, ty, span))
    }

    /// A divisor that is a constant and not zero.
    fn divisor(&mut self, e: &IdedExpr, b: NodeId) -> Option<Decimal> {
        match self.constant(b) {
            Some(Const::Number(d)) if !d.is_zero() => Some(*d),
            _ => {
                let help = "use `share(part, whole)`, or compare products".to_string();
                let message = "division is refused unless by a constant that is not zero";
                self.fail_help(e, message, Some(help));
                None
            }
        }
    }

    pub(super) fn divide(&mut self, e: &IdedExpr, a: NodeId, b: NodeId) -> Option<NodeId> {
        self.numbers(e, &[a, b])?;
        let by = self.divisor(e, b)?;
        let ty = self.ty(a).join(&self.ty(b))?;
        let truncate = ty == Ty::Int;
        let span = self.span(e);
        Some(self.push(
            Op::Div {
                of: a,
                by,
                truncate,
            },
            ty,
            span,
        ))
    }

    pub(super) fn remainder(&mut self, e: &IdedExpr, a: NodeId, b: NodeId) -> Option<NodeId> {
        if self.ty(a) != Ty::Int || self.ty(b) != Ty::Int {
            return self.fail(e, "`%` takes whole numbers");
        }
        let by = self.divisor(e, b)?;
        let span = self.span(e);
        Some(self.push(Op::Rem { of: a, by }, Ty::Int, span))
    }
}
