//! From CEL's syntax tree to a checked rule.

use super::ir::{CompareOp, Const, Node, NodeId, Op, ParamInfo, PolicyId, Rule, TextOp};
use super::types::Ty;
use super::{cost, depth, repeats};
use cel::common::ast::operators as ops;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue, SourceInfo};
use cel::parser::Parser;
use cocarde_model::{Decimal, FieldId, FieldType, Schema, TypeId, did_you_mean};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::Arc;

/// What a rule may speak of besides the facts.
pub struct Env<'a> {
    /// The fact schema.
    pub schema: &'a Schema,
    /// The scheme's numbers, by id: `param.ID`.
    pub params: &'a BTreeMap<Arc<str>, ParamInfo>,
    /// Country sets, by name: `set.NAME`.
    pub sets: &'a BTreeMap<Arc<str>, Arc<[Arc<str>]>>,
    /// Which policy the reads of a property follow; [`PolicyId`] 0 for the others.
    pub policies: &'a BTreeMap<(TypeId, FieldId), PolicyId>,
    /// The policy of the properties not named in `policies`.
    pub default_policy: PolicyId,
}

/// A defect of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// Bytes of the rule's text.
    pub span: (u32, u32),
    /// What is wrong, in English.
    pub message: String,
    /// How to mend it, in English.
    pub help: Option<String>,
}

/// Longest rule, in bytes: far above any criterion, far below what could tire the parser.
const MAX_RULE: usize = 16 * 1024;

/// Parses and checks an expression of type bool.
pub fn compile(text: &str, env: &Env<'_>) -> Result<Rule, Vec<RuleError>> {
    let rule = compile_any(text, env)?;
    let root = rule.node(rule.root);
    if root.ty != Ty::Bool {
        let message = format!(
            "a rule must be true or false, this is a {}",
            root.ty.name(env.schema)
        );
        return Err(vec![RuleError {
            span: root.span,
            message,
            help: None,
        }]);
    }
    Ok(rule)
}

/// Parses and checks an expression of any type.
pub fn compile_any(text: &str, env: &Env<'_>) -> Result<Rule, Vec<RuleError>> {
    let whole = (0, text.len() as u32);
    if text.len() > MAX_RULE {
        let message = format!("the rule is longer than {MAX_RULE} bytes");
        return Err(vec![RuleError {
            span: whole,
            message,
            help: None,
        }]);
    }
    depth::check(text).map_err(|e| vec![e])?;
    let (expr, info) = Parser::default()
        .parse_with_source_info(text)
        .map_err(|errors| {
            let place = |pos: (isize, isize)| byte_at(text, pos);
            let error = |e: cel::parser::ParseError| RuleError {
                span: place(e.pos),
                message: e.msg,
                help: None,
            };
            errors.errors.into_iter().map(error).collect::<Vec<_>>()
        })?;
    let mut checker = Checker {
        env,
        text,
        info,
        nodes: Vec::new(),
        locals: Vec::new(),
        reads: BTreeSet::new(),
        params: BTreeSet::new(),
        errors: Vec::new(),
    };
    let root = checker.expr(&expr);
    match root {
        Some(root) if checker.errors.is_empty() => {
            let rule = Rule {
                text: text.into(),
                repeats: repeats::find(&checker.nodes, root),
                nodes: checker.nodes,
                root,
                reads: checker.reads.into_iter().collect(),
                params: checker.params.into_iter().collect(),
            };
            cost::check(&rule).map_err(|e| vec![e])?;
            Ok(rule)
        }
        _ => Err(checker.errors),
    }
}

/// The byte range of one character at a line and column counted from one.
fn byte_at(text: &str, (line, col): (isize, isize)) -> (u32, u32) {
    let before: usize = text
        .split_inclusive('\n')
        .take((line.max(1) - 1) as usize)
        .map(str::len)
        .sum();
    let start = (before + (col.max(1) - 1) as usize).min(text.len()) as u32;
    (start, (start + 1).min(text.len() as u32))
}

struct Checker<'a> {
    env: &'a Env<'a>,
    text: &'a str,
    info: SourceInfo,
    nodes: Vec<Node>,
    locals: Vec<(String, Ty)>,
    reads: BTreeSet<(TypeId, FieldId)>,
    params: BTreeSet<Arc<str>>,
    errors: Vec<RuleError>,
}

impl Checker<'_> {
    fn push(&mut self, op: Op, ty: Ty, span: (u32, u32)) -> NodeId {
        self.nodes.push(Node { op, ty, span });
        NodeId((self.nodes.len() - 1) as u32)
    }

    fn ty(&self, id: NodeId) -> Ty {
        self.nodes[id.0 as usize].ty.clone()
    }

    fn constant(&self, id: NodeId) -> Option<&Const> {
        match &self.nodes[id.0 as usize].op {
            Op::Const(c) => Some(c),
            _ => None,
        }
    }

    /// Notes an error at an expression; the result is the absence of a node.
    fn fail(&mut self, e: &IdedExpr, message: impl Into<String>) -> Option<NodeId> {
        self.fail_help(e, message, None)
    }

    fn fail_help(
        &mut self,
        e: &IdedExpr,
        message: impl Into<String>,
        help: Option<String>,
    ) -> Option<NodeId> {
        let span = self.span(e);
        self.errors.push(RuleError {
            span,
            message: message.into(),
            help,
        });
        None
    }

    /// The bytes of an expression: those of all its parts.
    fn span(&self, e: &IdedExpr) -> (u32, u32) {
        let len = self.text.len() as u32;
        // The parser gives the last byte of a token, and for a selection only its dot.
        let (mut start, last) = self.info.offset_for(e.id).unwrap_or((0, len));
        let mut end = last + 1;
        if let Expr::Select(s) = &e.expr {
            end += s.field.len() as u32;
        }
        let mut widen = |part: &IdedExpr| {
            let (s, e) = self.span(part);
            start = start.min(s);
            end = end.max(e);
        };
        match &e.expr {
            Expr::Call(c) => c
                .target
                .as_deref()
                .into_iter()
                .chain(&c.args)
                .for_each(&mut widen),
            Expr::Select(s) => widen(&s.operand),
            Expr::Comprehension(c) => widen(&c.iter_range),
            _ => {}
        }
        (start.min(len), end.min(len))
    }

    fn expr(&mut self, e: &IdedExpr) -> Option<NodeId> {
        match &e.expr {
            Expr::Literal(l) => self.literal(e, l),
            Expr::Ident(name) => self.ident(e, name),
            Expr::Select(s) if s.test => self.fail_help(
                e,
                "`has()` is refused: whether a fact is known is not a property of the world",
                Some("drop it: a rule over an unknown fact is undetermined by itself".into()),
            ),
            Expr::Select(s) => self.select(e, &s.operand, &s.field),
            Expr::Call(c) => self.call(e, c),
            Expr::List(l) => self.list(e, &l.elements),
            Expr::Comprehension(c) => self.comprehension(e, c),
            Expr::Map(_) => self.fail(e, "maps are not part of the rule language"),
            Expr::Struct(_) => self.fail(e, "messages are not part of the rule language"),
            Expr::Unspecified => self.fail(e, "empty expression"),
        }
    }

    fn literal(&mut self, e: &IdedExpr, l: &LiteralValue) -> Option<NodeId> {
        let (c, ty) = match l {
            LiteralValue::Boolean(b) => (Const::Bool(*b.inner()), Ty::Bool),
            LiteralValue::Int(i) => (Const::Number(Decimal::from(*i.inner())), Ty::Int),
            LiteralValue::Double(f) => match Decimal::from_str(&f.inner().to_string()) {
                Ok(d) => (Const::Number(d), Ty::Dec),
                Err(_) => return self.fail(e, "this number has no exact decimal of 28 digits"),
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

    fn ident(&mut self, e: &IdedExpr, name: &str) -> Option<NodeId> {
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

    fn select(&mut self, e: &IdedExpr, operand: &IdedExpr, name: &str) -> Option<NodeId> {
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
            return self.fail(e, format!("a {found} has no fields"));
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

    fn param(&mut self, e: &IdedExpr, name: &str) -> Option<(NodeId, ParamInfo)> {
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

    fn list(&mut self, e: &IdedExpr, elements: &[IdedExpr]) -> Option<NodeId> {
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
                        "the elements of a list have one type: here a {} among {}",
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

    fn call(&mut self, e: &IdedExpr, c: &CallExpr) -> Option<NodeId> {
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
                return self.fail(arg, format!("expected true or false, found a {found}"));
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
            return self.fail(e, format!("`? :` gives a {} or a {}", names.0, names.1));
        };
        let span = self.span(e);
        Some(self.push(Op::If { cond, then, other }, ty, span))
    }

    fn equal(&mut self, e: &IdedExpr, a: NodeId, b: NodeId) -> Option<NodeId> {
        let (ta, tb) = (self.ty(a), self.ty(b));
        if !ta.comparable(&tb) {
            let names = (ta.name(self.env.schema), tb.name(self.env.schema));
            return self.fail(e, format!("a {} never equals a {}", names.0, names.1));
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
                Ty::Country => word.len() != 2 || !word.bytes().all(|b| b.is_ascii_uppercase()),
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
                    format!("`{word}` is not a country code of two capitals"),
                    None,
                ),
            };
            let help = help.map(|k| format!("did you mean `{k}`?"));
            self.fail_help(e, message, help);
            return None;
        }
        Some(())
    }

    fn numbers(&mut self, e: &IdedExpr, ids: &[NodeId]) -> Option<()> {
        for id in ids {
            if !self.ty(*id).is_number() {
                let found = self.ty(*id).name(self.env.schema);
                self.fail(e, format!("expected a number, found a {found}"));
                return None;
            }
        }
        Some(())
    }

    fn compare(&mut self, e: &IdedExpr, op: CompareOp, a: NodeId, b: NodeId) -> Option<NodeId> {
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
                        "`{}` does not order a {} and a {}",
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
            let help = "write `meets(share(part, whole), param.ID)`".to_string();
            let message = "a share can only be compared with a constant or a parameter";
            return self.fail_help(e, message, Some(help));
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
    fn meets(&mut self, e: &IdedExpr, x: &IdedExpr, p: &IdedExpr) -> Option<NodeId> {
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

    fn membership(&mut self, e: &IdedExpr, a: NodeId, b: NodeId) -> Option<NodeId> {
        let (ta, tb) = (self.ty(a), self.ty(b));
        let Ty::List(element) = &tb else {
            let found = tb.name(self.env.schema);
            return self.fail(e, format!("`in` looks into a list, found a {found}"));
        };
        if !ta.comparable(element) {
            let names = (ta.name(self.env.schema), element.name(self.env.schema));
            return self.fail(
                e,
                format!("a {} is never in a list of {}", names.0, names.1),
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

    fn plus(&mut self, e: &IdedExpr, a: NodeId, b: NodeId) -> Option<NodeId> {
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

    fn arithmetic(&mut self, e: &IdedExpr, a: NodeId, b: NodeId, op: Op) -> Option<NodeId> {
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

    fn divide(&mut self, e: &IdedExpr, a: NodeId, b: NodeId) -> Option<NodeId> {
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

    fn remainder(&mut self, e: &IdedExpr, a: NodeId, b: NodeId) -> Option<NodeId> {
        if self.ty(a) != Ty::Int || self.ty(b) != Ty::Int {
            return self.fail(e, "`%` takes whole numbers");
        }
        let by = self.divisor(e, b)?;
        let span = self.span(e);
        Some(self.push(Op::Rem { of: a, by }, Ty::Int, span))
    }

    fn size(&mut self, e: &IdedExpr, a: NodeId) -> Option<NodeId> {
        let span = self.span(e);
        match self.ty(a) {
            Ty::List(_) => Some(self.push(Op::Size(a), Ty::Int, span)),
            t if t.is_text() => Some(self.push(Op::Length(a), Ty::Int, span)),
            t => {
                let found = t.name(self.env.schema);
                self.fail(e, format!("a {found} has no size"))
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
                self.fail(e, format!("`sum` takes a list of numbers, found a {found}"))
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

    /// Recognises the expansions of CEL's standard macros.
    fn comprehension(&mut self, e: &IdedExpr, c: &ComprehensionExpr) -> Option<NodeId> {
        let Some(shape) = MacroShape::of(c) else {
            return self.fail(e, "this comprehension is not part of the rule language");
        };
        let list = self.expr(&c.iter_range)?;
        let Ty::List(element) = self.ty(list) else {
            let found = self.ty(list).name(self.env.schema);
            return self.fail(&c.iter_range, format!("expected a list, found a {found}"));
        };
        let before = self.errors.len();
        self.locals.push((c.iter_var.clone(), (*element).clone()));
        let list = match shape.filter {
            Some(f) => self.predicate(e, f).map(|body| {
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
                let body = self.predicate(e, shape.body?)?;
                let op = match kind {
                    MacroKind::All => Op::All { list, body },
                    MacroKind::Exists => Op::Exists { list, body },
                    _ => Op::ExistsOne { list, body },
                };
                Some(self.push(op, Ty::Bool, span))
            }
        }
    }

    fn predicate(&mut self, _e: &IdedExpr, body: &IdedExpr) -> Option<NodeId> {
        let id = self.expr(body)?;
        if self.ty(id) != Ty::Bool {
            let found = self.ty(id).name(self.env.schema);
            return self.fail(body, format!("expected true or false, found a {found}"));
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
