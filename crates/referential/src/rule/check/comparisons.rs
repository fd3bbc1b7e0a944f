//! Tests between two values, and the types they may have.

use super::{Checker, SHARE_ALONE, SHARE_HELP};
use crate::rule::ir::{CompareOp, Const, NodeId, Op};
use crate::rule::types::Ty;
use cel::common::ast::{Expr, IdedExpr};
use cocarde_knowledge::countries::Countries;
use cocarde_model::did_you_mean;
use std::sync::Arc;

impl Checker<'_> {
    pub(super) fn equal(&mut self, e: &IdedExpr, a: NodeId, b: NodeId) -> Option<NodeId> {
        let (ta, tb) = (self.ty(a), self.ty(b));
        if !ta.comparable(&tb) {
            let names = (ta.name(self.env.schema), tb.name(self.env.schema));
            return self.fail(e, format!("`{}` never equals `{}`", names.0, names.1));
        }
        self.check_word(e, &ta, b)?;
        self.check_word(e, &tb, a)?;
        let span = self.span(e);
        if ta == Ty::Share || tb == Ty::Share {
            return self.compare(e, CompareOp::Eq, a, b);
        }
        let op = match ta {
            Ty::Int | Ty::Dec => Op::Compare(CompareOp::Eq, a, b),
            Ty::Date => Op::CompareDate(CompareOp::Eq, a, b),
            _ => Op::Equal(a, b),
        };
        Some(self.push(op, Ty::Bool, span))
    }

    /// A word compared with a closed list must be one of it.
    fn check_word(&mut self, e: &IdedExpr, ty: &Ty, constant: NodeId) -> Option<()> {
        let words: Vec<Arc<str>> = match self.constant(constant) {
            Some(Const::Text(t)) => vec![t.clone()],
            Some(Const::Texts(ts)) => ts.to_vec(),
            _ => return Some(()),
        };
        let element = match ty {
            Ty::List(t) => &**t,
            t => t,
        };
        for word in words {
            let wrong = match element {
                Ty::Enum(known) => !known.contains(&word),
                Ty::Country => !Countries::standard().is_country(&word),
                _ => false,
            };
            if !wrong {
                continue;
            }
            let (message, help) = match element {
                Ty::Enum(known) => (
                    format!("`{word}` is not one of: {}", known.join(", ")),
                    did_you_mean(&word, known.iter().map(|k| &**k)),
                ),
                _ => (
                    format!("`{word}` is not an ISO 3166-1 country code"),
                    Countries::standard().guess(&word),
                ),
            };
            let help = help.map(|k| format!("did you mean `{k}`?"));
            self.fail_help(e, message, help);
            return None;
        }
        Some(())
    }

    pub(super) fn numbers(&mut self, e: &IdedExpr, ids: &[NodeId]) -> Option<()> {
        for id in ids {
            if !self.ty(*id).is_number() {
                let found = self.ty(*id).name(self.env.schema);
                self.fail(e, format!("expected a number, found `{found}`"));
                return None;
            }
        }
        Some(())
    }

    pub(super) fn compare(
        &mut self,
        e: &IdedExpr,
        op: CompareOp,
        a: NodeId,
        b: NodeId,
    ) -> Option<NodeId> {
        let span = self.span(e);
        match (self.ty(a), self.ty(b)) {
            (Ty::Share, _) => self.compare_share(e, op, a, b),
            (_, Ty::Share) => self.compare_share(e, op.flipped(), b, a),
            (Ty::Date, Ty::Date) => Some(self.push(Op::CompareDate(op, a, b), Ty::Bool, span)),
            (x, y) if x.is_number() && y.is_number() => {
                Some(self.push(Op::Compare(op, a, b), Ty::Bool, span))
            }
            (x, y) => {
                let names = (x.name(self.env.schema), y.name(self.env.schema));
                self.fail(
                    e,
                    format!(
                        "`{}` does not order `{}` and `{}`",
                        op.sign(),
                        names.0,
                        names.1
                    ),
                )
            }
        }
    }

    /// A share against a constant: the one place where a quotient has an exact meaning.
    fn compare_share(
        &mut self,
        e: &IdedExpr,
        op: CompareOp,
        share: NodeId,
        than: NodeId,
    ) -> Option<NodeId> {
        let (&Op::Share(part, whole), Some(&Const::Number(than))) =
            (&self.nodes[share.0 as usize].op, self.constant(than))
        else {
            return self.fail_help(e, SHARE_ALONE, Some(SHARE_HELP.into()));
        };
        let span = self.span(e);
        let op = Op::CompareShare {
            op,
            part,
            whole,
            than,
        };
        Some(self.push(op, Ty::Bool, span))
    }

    /// `meets(x, param.p)`: the comparator is the parameter's own.
    pub(super) fn meets(&mut self, e: &IdedExpr, x: &IdedExpr, p: &IdedExpr) -> Option<NodeId> {
        let value = self.expr(x)?;
        let name = match &p.expr {
            Expr::Select(s) if matches!(&s.operand.expr, Expr::Ident(r) if r == "param") => {
                &s.field
            }
            _ => return self.fail(p, "`meets` takes a parameter: `param.ID`"),
        };
        let (threshold, info) = self.param(p, name)?;
        let Some(op) = info.comparator else {
            return self.fail(p, format!("parameter `{name}` states no comparator"));
        };
        self.compare(e, op, value, threshold)
    }

    pub(super) fn membership(&mut self, e: &IdedExpr, a: NodeId, b: NodeId) -> Option<NodeId> {
        let (ta, tb) = (self.ty(a), self.ty(b));
        let Ty::List(element) = &tb else {
            let found = tb.name(self.env.schema);
            return self.fail(e, format!("`in` looks into a list, found `{found}`"));
        };
        if !ta.comparable(element) {
            let names = (ta.name(self.env.schema), element.name(self.env.schema));
            return self.fail(
                e,
                format!("`{}` is never in a list of {}", names.0, names.1),
            );
        }
        self.check_word(e, &ta, b)?;
        self.check_word(e, element, a)?;
        let span = self.span(e);
        let op = match self.constant(b) {
            Some(Const::Texts(words)) => Op::InConst(a, words.clone()),
            _ => Op::In(a, b),
        };
        Some(self.push(op, Ty::Bool, span))
    }
}
