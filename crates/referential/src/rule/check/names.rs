//! What a rule names: literals, facts, parameters, country sets.

use super::Checker;
use crate::rule::ir::{Const, NodeId, Op, ParamInfo};
use crate::rule::types::Ty;
use cel::common::ast::{Expr, IdedExpr, LiteralValue};
use cocarde_model::{Decimal, FieldId, FieldType, TypeId, did_you_mean};
use std::sync::Arc;

impl Checker<'_> {
    pub(super) fn literal(&mut self, e: &IdedExpr, l: &LiteralValue) -> Option<NodeId> {
        let (c, ty) = match l {
            LiteralValue::Boolean(b) => (Const::Bool(*b.inner()), Ty::Bool),
            LiteralValue::Int(i) => (Const::Number(Decimal::from(*i.inner())), Ty::Int),
            LiteralValue::Double(f) => match self.as_written(e, *f.inner()) {
                Some(d) => (Const::Number(d), Ty::Dec),
                None => return self.fail(e, "this number has no exact decimal of 28 digits"),
            },
            LiteralValue::String(s) => (Const::Text(s.inner().into()), Ty::Text),
            LiteralValue::Null => return self.fail(e, "`null` is not part of the rule language"),
            LiteralValue::UInt(_) => {
                return self.fail(e, "unsigned integers are not part of the rule language");
            }
            LiteralValue::Bytes(_) => {
                return self.fail(e, "bytes are not part of the rule language");
            }
        };
        let span = self.span(e);
        Some(self.push(Op::Const(c), ty, span))
    }

    /// The number that a literal writes: the parser only keeps the nearest binary float.
    fn as_written(&self, e: &IdedExpr, near: f64) -> Option<Decimal> {
        let (start, last) = self.info.offset_for(e.id)?;
        let text = self.text.get(start as usize..=last as usize)?;
        // The parser gives the place of the digits, without their sign.
        let number = decimal(text.trim_start_matches('-'))?;
        let number = if near.is_sign_negative() {
            -number
        } else {
            number
        };
        Some(number.normalize())
    }

    pub(super) fn ident(&mut self, e: &IdedExpr, name: &str) -> Option<NodeId> {
        let span = self.span(e);
        if let Some(i) = self.locals.iter().rposition(|(n, _)| n == name) {
            let ty = self.locals[i].1.clone();
            return Some(self.push(Op::Local(i as u16), ty, span));
        }
        if name == "as_of" {
            return Some(self.push(Op::AsOf, Ty::Date, span));
        }
        let root = self.env.schema.root();
        if let Some(field) = self.env.schema.ty(root).field(name) {
            let of = self.push(Op::Root, Ty::Record(root), span);
            return self.field(e, of, root, field);
        }
        let fields = self.env.schema.ty(root).fields.iter().map(|f| &*f.name);
        let locals = self.locals.iter().map(|(n, _)| n.as_str());
        let help = did_you_mean(name, fields.chain(locals).chain(["as_of", "param", "set"]))
            .map(|k| format!("did you mean `{k}`?"));
        self.fail_help(e, format!("unknown name `{name}`"), help)
    }

    pub(super) fn select(
        &mut self,
        e: &IdedExpr,
        operand: &IdedExpr,
        name: &str,
    ) -> Option<NodeId> {
        if let Expr::Ident(root) = &operand.expr
            && !self.locals.iter().any(|(n, _)| n == root)
        {
            match root.as_str() {
                "param" => return self.param(e, name).map(|(id, _)| id),
                "set" => return self.set(e, name),
                _ => {}
            }
        }
        let of = self.expr(operand)?;
        let Ty::Record(ty) = self.ty(of) else {
            let found = self.ty(of).name(self.env.schema);
            return self.fail(e, format!("`{found}` has no fields"));
        };
        match self.env.schema.ty(ty).field(name) {
            Some(field) => self.field(e, of, ty, field),
            None => {
                let t = self.env.schema.ty(ty);
                let help = did_you_mean(name, t.fields.iter().map(|f| &*f.name))
                    .map(|k| format!("did you mean `{k}`?"));
                let message = format!("`{}` has no field `{name}`", t.name);
                self.fail_help(e, message, help)
            }
        }
    }

    fn field(&mut self, e: &IdedExpr, of: NodeId, ty: TypeId, field: FieldId) -> Option<NodeId> {
        let span = self.span(e);
        let f = self.env.schema.field(ty, field);
        let result = Ty::of_field(&f.ty);
        self.reads.insert((ty, field));
        let op = match &f.ty {
            FieldType::One(_) => Op::Part { of, field },
            FieldType::Many(_) => Op::Members { of, field },
            scalar => Op::Read {
                of,
                field,
                policy: *self
                    .env
                    .policies
                    .get(&(ty, field))
                    .unwrap_or(&self.env.default_policy),
                domain: scalar.domain(),
                list: matches!(result, Ty::List(_)),
            },
        };
        Some(self.push(op, result, span))
    }

    pub(super) fn param(&mut self, e: &IdedExpr, name: &str) -> Option<(NodeId, ParamInfo)> {
        let Some((key, info)) = self.env.params.get_key_value(name) else {
            let help = did_you_mean(name, self.env.params.keys().map(|k| &**k))
                .map(|k| format!("did you mean `param.{k}`?"));
            self.fail_help(
                e,
                format!("the referential has no parameter `{name}`"),
                help,
            );
            return None;
        };
        self.params.insert(key.clone());
        let ty = if info.value.scale() == 0 {
            Ty::Int
        } else {
            Ty::Dec
        };
        let span = self.span(e);
        Some((
            self.push(Op::Const(Const::Number(info.value)), ty, span),
            info.clone(),
        ))
    }

    fn set(&mut self, e: &IdedExpr, name: &str) -> Option<NodeId> {
        let Some(words) = self.env.sets.get(name) else {
            let help = did_you_mean(name, self.env.sets.keys().map(|k| &**k))
                .map(|k| format!("did you mean `set.{k}`?"));
            return self.fail_help(e, format!("there is no country set `{name}`"), help);
        };
        let span = self.span(e);
        let ty = Ty::List(Box::new(Ty::Country));
        Some(self.push(Op::Const(Const::Texts(words.clone())), ty, span))
    }

    pub(super) fn list(&mut self, e: &IdedExpr, elements: &[IdedExpr]) -> Option<NodeId> {
        let ids: Vec<NodeId> = elements
            .iter()
            .map(|x| self.expr(x))
            .collect::<Option<Vec<_>>>()?;
        let mut ty = Ty::Any;
        for (id, x) in ids.iter().zip(elements) {
            let found = self.ty(*id);
            match ty.join(&found) {
                Some(t) => ty = t,
                None => {
                    let message = format!(
                        "the elements of a list have one type: here `{}` among {}",
                        found.name(self.env.schema),
                        ty.name(self.env.schema)
                    );
                    return self.fail(x, message);
                }
            }
        }
        let span = self.span(e);
        let words: Option<Arc<[Arc<str>]>> = ids
            .iter()
            .map(|id| match self.constant(*id) {
                Some(Const::Text(t)) => Some(t.clone()),
                _ => None,
            })
            .collect();
        let op = match words {
            Some(words) if !words.is_empty() => Op::Const(Const::Texts(words)),
            _ => Op::List(ids),
        };
        Some(self.push(op, Ty::List(Box::new(ty)), span))
    }
}

/// A number as rules write it, such as `0.5` or `2.5e-3`, where it is an exact decimal.
fn decimal(text: &str) -> Option<Decimal> {
    let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let digits = Decimal::from_str_exact(digits).ok()?.normalize();
    let exponent: i32 = exponent.parse().ok()?;
    let scale = i32::try_from(digits.scale()).ok()?.checked_sub(exponent)?;
    let shift = 10i128.checked_pow(scale.min(0).unsigned_abs())?;
    let mantissa = digits.mantissa().checked_mul(shift)?;
    Decimal::try_from_i128_with_scale(mantissa, scale.max(0).unsigned_abs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_what_is_written_or_nothing() {
        let cases = [
            ("33.333333333333333333", Some("33.333333333333333333")),
            ("0.1", Some("0.1")),
            (".5", Some("0.5")),
            ("2.5e-3", Some("0.0025")),
            ("1e3", Some("1000")),
            ("1.25E+1", Some("12.5")),
            ("0.0e99", None),
            ("1e29", None),
            ("1e-29", None),
            ("0.33333333333333333333333333333", None),
        ];
        for (text, number) in cases {
            let number = number.map(|n| Decimal::from_str_exact(n).expect("a decimal"));
            assert_eq!(decimal(text), number, "{text}");
        }
    }
}
