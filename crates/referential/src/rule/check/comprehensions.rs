//! Comprehensions, as CEL's parser writes its standard macros out.

use super::Checker;
use crate::rule::ir::{NodeId, Op};
use crate::rule::types::Ty;
use cel::common::ast::operators as ops;
use cel::common::ast::{ComprehensionExpr, Expr, IdedExpr};

impl Checker<'_> {
    /// Recognises the expansions of CEL's standard macros.
    pub(super) fn comprehension(&mut self, e: &IdedExpr, c: &ComprehensionExpr) -> Option<NodeId> {
        let Some(shape) = MacroShape::of(c) else {
            return self.fail(e, "this comprehension is not part of the rule language");
        };
        let list = self.expr(&c.iter_range)?;
        let Ty::List(element) = self.ty(list) else {
            let found = self.ty(list).name(self.env.schema);
            return self.fail(&c.iter_range, format!("expected a list, found `{found}`"));
        };
        let before = self.errors.len();
        self.locals.push((c.iter_var.clone(), (*element).clone()));
        let list = match shape.filter {
            Some(f) => self.predicate(f).map(|body| {
                let (ty, span) = (self.ty(list), self.span(e));
                self.push(Op::Filter { list, body }, ty, span)
            }),
            None => Some(list),
        };
        let result = list.and_then(|list| self.quantified(e, list, &shape));
        self.locals.pop();
        debug_assert!(result.is_some() || self.errors.len() > before);
        result
    }

    fn quantified(&mut self, e: &IdedExpr, list: NodeId, shape: &MacroShape<'_>) -> Option<NodeId> {
        let span = self.span(e);
        match shape.kind {
            MacroKind::Filter => Some(list),
            MacroKind::Map => {
                let body = self.expr(shape.body?)?;
                let ty = Ty::List(Box::new(self.ty(body)));
                Some(self.push(Op::Map { list, body }, ty, span))
            }
            kind => {
                let body = self.predicate(shape.body?)?;
                let op = match kind {
                    MacroKind::All => Op::All { list, body },
                    MacroKind::Exists => Op::Exists { list, body },
                    _ => Op::ExistsOne { list, body },
                };
                Some(self.push(op, Ty::Bool, span))
            }
        }
    }

    fn predicate(&mut self, body: &IdedExpr) -> Option<NodeId> {
        let id = self.expr(body)?;
        if self.ty(id) != Ty::Bool {
            let found = self.ty(id).name(self.env.schema);
            return self.fail(body, format!("expected true or false, found `{found}`"));
        }
        Some(id)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum MacroKind {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

/// Which macro a comprehension was written as.
struct MacroShape<'a> {
    kind: MacroKind,
    filter: Option<&'a IdedExpr>,
    body: Option<&'a IdedExpr>,
}

impl<'a> MacroShape<'a> {
    fn of(c: &'a ComprehensionExpr) -> Option<MacroShape<'a>> {
        if c.iter_var2.is_some() {
            return None;
        }
        let Expr::Call(step) = &c.loop_step.expr else {
            return None;
        };
        let args = &step.args;
        match step.func_name.as_str() {
            ops::LOGICAL_AND => Some(Self::plain(MacroKind::All, args.get(1)?)),
            ops::LOGICAL_OR => Some(Self::plain(MacroKind::Exists, args.get(1)?)),
            ops::ADD => Some(Self::plain(MacroKind::Map, singleton(args.get(1)?)?)),
            ops::CONDITIONAL => {
                let cond = args.first()?;
                let Expr::Call(grow) = &args.get(1)?.expr else {
                    return None;
                };
                let added = grow.args.get(1)?;
                if matches!(added.expr, Expr::Literal(_)) {
                    return Some(Self::plain(MacroKind::ExistsOne, cond));
                }
                let added = singleton(added)?;
                let same = matches!(&added.expr, Expr::Ident(n) if *n == c.iter_var);
                let (kind, body) = if same {
                    (MacroKind::Filter, None)
                } else {
                    (MacroKind::Map, Some(added))
                };
                Some(MacroShape {
                    kind,
                    filter: Some(cond),
                    body,
                })
            }
            _ => None,
        }
    }

    fn plain(kind: MacroKind, body: &'a IdedExpr) -> MacroShape<'a> {
        MacroShape {
            kind,
            filter: None,
            body: Some(body),
        }
    }
}

fn singleton(e: &IdedExpr) -> Option<&IdedExpr> {
    match &e.expr {
        Expr::List(l) if l.elements.len() == 1 => l.elements.first(),
        _ => None,
    }
}
