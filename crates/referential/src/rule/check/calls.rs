//! Calls: which operation an operator or a function stands for.

use super::Checker;
use crate::rule::ir::{CompareOp, Const, NodeId, Op, TextOp};
use crate::rule::types::Ty;
use cel::common::ast::operators as ops;
use cel::common::ast::{CallExpr, IdedExpr};
use cocarde_model::did_you_mean;

impl Checker<'_> {
    pub(super) fn call(&mut self, e: &IdedExpr, c: &CallExpr) -> Option<NodeId> {
        let mut args: Vec<&IdedExpr> = c.target.iter().map(|t| &**t).collect();
        args.extend(&c.args);
        let name = c.func_name.as_str();
        if name == "meets" && args.len() == 2 {
            return self.meets(e, args[0], args[1]);
        }
        let ids: Vec<NodeId> = args
            .iter()
            .map(|a| self.expr(a))
            .collect::<Option<Vec<_>>>()?;
        match (name, &ids[..]) {
            (ops::LOGICAL_AND, &[a, b]) => self.bools(e, &args, &ids, Op::And(a, b)),
            (ops::LOGICAL_OR, &[a, b]) => self.bools(e, &args, &ids, Op::Or(a, b)),
            (ops::LOGICAL_NOT, &[a]) => self.bools(e, &args, &ids, Op::Not(a)),
            (ops::CONDITIONAL, &[cond, then, other]) => self.conditional(e, cond, then, other),
            (ops::EQUALS, &[a, b]) => self.equal(e, a, b),
            (ops::NOT_EQUALS, &[a, b]) => {
                let eq = self.equal(e, a, b)?;
                let span = self.span(e);
                Some(self.push(Op::Not(eq), Ty::Bool, span))
            }
            (ops::LESS, &[a, b]) => self.compare(e, CompareOp::Lt, a, b),
            (ops::LESS_EQUALS, &[a, b]) => self.compare(e, CompareOp::Le, a, b),
            (ops::GREATER, &[a, b]) => self.compare(e, CompareOp::Gt, a, b),
            (ops::GREATER_EQUALS, &[a, b]) => self.compare(e, CompareOp::Ge, a, b),
            (ops::IN, &[a, b]) => self.membership(e, a, b),
            (ops::ADD, &[a, b]) => self.plus(e, a, b),
            (ops::SUBSTRACT, &[a, b]) => self.arithmetic(e, a, b, Op::Sub(a, b)),
            (ops::MULTIPLY, &[a, b]) => self.arithmetic(e, a, b, Op::Mul(a, b)),
            (ops::DIVIDE, &[a, b]) => self.divide(e, a, b),
            (ops::MODULO, &[a, b]) => self.remainder(e, a, b),
            (ops::NEGATE, &[a]) => self.arithmetic(e, a, a, Op::Neg(a)),
            (ops::INDEX, _) => self.fail_help(
                e,
                "indexing is refused: it has no value where the element is missing",
                Some("use `exists(x, …)` or `all(x, …)`".into()),
            ),
            ("size", &[a]) => self.size(e, a),
            ("sum", &[a]) => self.sum(e, a),
            ("share", &[a, b]) => {
                self.numbers(e, &ids)?;
                let span = self.span(e);
                Some(self.push(Op::Share(a, b), Ty::Share, span))
            }
            ("months_ago", &[a]) => self.months_ago(e, a),
            ("startsWith", &[a, b]) => self.text_test(e, TextOp::StartsWith, a, b),
            ("endsWith", &[a, b]) => self.text_test(e, TextOp::EndsWith, a, b),
            ("contains", &[a, b]) => self.text_test(e, TextOp::Contains, a, b),
            _ => self.unknown_function(e, name),
        }
    }

    fn unknown_function(&mut self, e: &IdedExpr, name: &str) -> Option<NodeId> {
        let known = [
            "size",
            "sum",
            "share",
            "meets",
            "months_ago",
            "startsWith",
            "endsWith",
        ];
        let known = known
            .into_iter()
            .chain(["contains", "all", "exists", "filter", "map"]);
        let help = did_you_mean(name, known).map(|k| format!("did you mean `{k}`?"));
        self.fail_help(
            e,
            format!("no function `{name}` takes these arguments"),
            help,
        )
    }

    fn bools(
        &mut self,
        e: &IdedExpr,
        args: &[&IdedExpr],
        ids: &[NodeId],
        op: Op,
    ) -> Option<NodeId> {
        for (id, arg) in ids.iter().zip(args) {
            if self.ty(*id) != Ty::Bool {
                let found = self.ty(*id).name(self.env.schema);
                return self.fail(arg, format!("expected true or false, found `{found}`"));
            }
        }
        let span = self.span(e);
        Some(self.push(op, Ty::Bool, span))
    }

    fn conditional(
        &mut self,
        e: &IdedExpr,
        cond: NodeId,
        then: NodeId,
        other: NodeId,
    ) -> Option<NodeId> {
        if self.ty(cond) != Ty::Bool {
            return self.fail(e, "the condition of `? :` must be true or false");
        }
        let (a, b) = (self.ty(then), self.ty(other));
        let Some(ty) = a.join(&b) else {
            let names = (a.name(self.env.schema), b.name(self.env.schema));
            return self.fail(e, format!("`? :` gives `{}` or `{}`", names.0, names.1));
        };
        let span = self.span(e);
        Some(self.push(Op::If { cond, then, other }, ty, span))
    }

    fn size(&mut self, e: &IdedExpr, a: NodeId) -> Option<NodeId> {
        let span = self.span(e);
        match self.ty(a) {
            Ty::List(_) => Some(self.push(Op::Size(a), Ty::Int, span)),
            t if t.is_text() => Some(self.push(Op::Length(a), Ty::Int, span)),
            t => {
                let found = t.name(self.env.schema);
                self.fail(e, format!("`{found}` has no size"))
            }
        }
    }

    fn sum(&mut self, e: &IdedExpr, a: NodeId) -> Option<NodeId> {
        let span = self.span(e);
        match self.ty(a) {
            Ty::List(t) if t.is_number() || *t == Ty::Any => {
                let ty = if *t == Ty::Any { Ty::Int } else { *t };
                Some(self.push(Op::Sum(a), ty, span))
            }
            t => {
                let found = t.name(self.env.schema);
                self.fail(e, format!("`sum` takes a list of numbers, found `{found}`"))
            }
        }
    }

    fn months_ago(&mut self, e: &IdedExpr, a: NodeId) -> Option<NodeId> {
        let months = match self.constant(a) {
            Some(Const::Number(d)) if d.scale() == 0 => i32::try_from(*d).ok(),
            _ => None,
        };
        match months.filter(|m| (0..=1200).contains(m)) {
            Some(m) => {
                let span = self.span(e);
                Some(self.push(Op::MonthsAgo(m), Ty::Date, span))
            }
            None => self.fail(
                e,
                "`months_ago` takes a constant number of months, 0 to 1200",
            ),
        }
    }

    fn text_test(&mut self, e: &IdedExpr, op: TextOp, a: NodeId, b: NodeId) -> Option<NodeId> {
        if !self.ty(a).is_text() || !self.ty(b).is_text() {
            return self.fail(e, "this test is between texts");
        }
        let span = self.span(e);
        Some(self.push(Op::Text(op, a, b), Ty::Bool, span))
    }
}
