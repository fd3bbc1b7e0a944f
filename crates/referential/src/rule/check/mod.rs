//! From CEL's syntax tree to a checked rule.

mod arithmetic;
mod calls;
mod comparisons;
mod comprehensions;
mod names;

use super::ir::{Const, Node, NodeId, Op, ParamInfo, PolicyId, Rule};
use super::types::Ty;
use super::{cost, depth, plain, repeats};
use cel::common::ast::{Expr, IdedExpr, SourceInfo};
use cel::parser::Parser;
use cocarde_model::{FieldId, Schema, TypeId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

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
            "a rule must be true or false, this is `{}`",
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
                help: halved(&e.msg),
                message: e.msg,
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
    if let Some(root) = root {
        checker.shares_are_compared(root);
    }
    match root {
        Some(root) if checker.errors.is_empty() => {
            let rule = Rule {
                text: text.into(),
                repeats: repeats::find(&checker.nodes, root),
                plain: plain::is_plain(&checker.nodes),
                nodes: checker.nodes,
                root,
                reads: checker.reads.into_iter().collect(),
                params: checker.params.into_iter().collect(),
                words: OnceLock::new(),
                shape: OnceLock::new(),
                sums: OnceLock::new(),
                apart: OnceLock::new(),
            };
            cost::check(&rule).map_err(|e| vec![e])?;
            Ok(rule)
        }
        _ => Err(checker.errors),
    }
}

/// What is meant where an operator of two signs is written with one.
fn halved(message: &str) -> Option<String> {
    let (_, sign) = message.split_once("token recognition error at: '")?;
    Some(match sign.chars().next()? {
        '=' => "equality is written `==`".into(),
        '&' => "«and» is written `&&`".into(),
        '|' => "«or» is written `||`".into(),
        _ => return None,
    })
}

/// The byte range of one character at a line and column counted from one, in characters.
fn byte_at(text: &str, (line, col): (isize, isize)) -> (u32, u32) {
    let mut lines = text.split_inclusive('\n');
    let earlier = lines.by_ref().take((line.max(1) - 1) as usize);
    let before: usize = earlier.map(str::len).sum();
    let rest = &text[before..];
    let at = rest.char_indices().nth((col.max(1) - 1) as usize);
    let (start, len) = at.map_or((rest.len(), 0), |(i, c)| (i, c.len_utf8()));
    ((before + start) as u32, (before + start + len) as u32)
}

const SHARE_ALONE: &str = "a share can only be compared with a constant or a parameter";
const SHARE_HELP: &str = "write `meets(share(part, whole), param.ID)`";

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

    /// A share is no number of its own: one that is left after checking, in a list or as a
    /// branch, would be unknown whatever the facts.
    fn shares_are_compared(&mut self, root: NodeId) {
        let mut left = vec![root];
        while let Some(id) = left.pop() {
            let node = &self.nodes[id.0 as usize];
            left.extend(node.op.children());
            if matches!(node.op, Op::Share(..)) {
                self.errors.push(RuleError {
                    span: node.span,
                    message: SHARE_ALONE.into(),
                    help: Some(SHARE_HELP.into()),
                });
            }
        }
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
}
