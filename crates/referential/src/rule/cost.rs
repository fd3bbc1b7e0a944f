//! A bound on the work that evaluating a rule takes.
//!
//! Every rule ends, but quantifiers in quantifiers multiply, and `map(x, x + x)`
//! doubles what it is given: a line of text may stand for more work than there is
//! time. As in the cost estimation of CEL's own implementations, sizes are followed
//! through the rule once, with [`NOMINAL`] for the lists and texts that facts hold.

use super::{Const, NodeId, Op, Rule, RuleError, Ty};

/// Size taken for a list or a text that comes from facts.
const NOMINAL: u64 = 16;

/// Most steps a rule may take on lists of nominal size: quantifiers four deep, with
/// a body of some sixty steps.
const MAX_STEPS: u64 = 1 << 22;

/// Refuses a rule whose evaluation could take more than [`MAX_STEPS`].
pub(super) fn check(rule: &Rule) -> Result<(), RuleError> {
    let mut estimate = Estimate {
        rule,
        locals: Vec::new(),
        steps: 0,
    };
    estimate.of(rule.root, 1);
    if estimate.steps <= MAX_STEPS {
        return Ok(());
    }
    Err(RuleError {
        span: rule.node(rule.root).span,
        message: "evaluating this rule could take too long".into(),
        help: Some("nest fewer quantifiers, or shorten the lists".into()),
    })
}

/// How large a value may be.
#[derive(Clone)]
struct Size {
    /// Members, characters, or unknown terms of a number.
    len: u64,
    /// Of a member, for lists.
    member: Option<Box<Size>>,
}

impl Size {
    fn scalar(len: u64) -> Size {
        Size { len, member: None }
    }

    fn list(len: u64, member: Size) -> Size {
        Size {
            len,
            member: Some(Box::new(member)),
        }
    }

    /// Steps to copy or compare it. Characters are cheap.
    fn weight(&self) -> u64 {
        match &self.member {
            Some(m) => m.weight().saturating_mul(self.len).saturating_add(1),
            None => 1 + self.len / 64,
        }
    }

    fn with(self, other: Size, len: impl Fn(u64, u64) -> u64 + Copy) -> Size {
        let member = match (self.member, other.member) {
            (Some(a), Some(b)) => Some(Box::new(a.with(*b, u64::max))),
            (a, b) => a.or(b),
        };
        let len = len(self.len, other.len);
        Size { len, member }
    }

    /// Of both, one after the other.
    fn plus(self, other: Size) -> Size {
        self.with(other, u64::saturating_add)
    }

    /// Of either.
    fn max(self, other: Size) -> Size {
        self.with(other, u64::max)
    }
}

struct Estimate<'a> {
    rule: &'a Rule,
    locals: Vec<Size>,
    steps: u64,
}

impl Estimate<'_> {
    /// The size of an expression that is evaluated so many times.
    fn of(&mut self, id: NodeId, times: u64) -> Size {
        let size = self.size(id, times);
        let work = times.saturating_mul(size.weight());
        self.steps = self.steps.saturating_add(work);
        size
    }

    fn size(&mut self, id: NodeId, times: u64) -> Size {
        let node = self.rule.node(id);
        match &node.op {
            Op::Const(Const::Text(t)) => Size::scalar(t.len() as u64),
            Op::Const(Const::Texts(words)) => {
                let longest = words.iter().map(|w| w.len() as u64).max();
                Size::list(words.len() as u64, Size::scalar(longest.unwrap_or(0)))
            }
            Op::Const(_) | Op::Root | Op::AsOf | Op::MonthsAgo(_) => Size::scalar(1),
            Op::Local(i) => self.locals[*i as usize].clone(),
            Op::Read { of, .. } | Op::Part { of, .. } | Op::Members { of, .. } => {
                self.of(*of, times);
                match node.ty {
                    Ty::List(_) => Size::list(NOMINAL, Size::scalar(NOMINAL)),
                    Ty::Text => Size::scalar(NOMINAL),
                    _ => Size::scalar(1),
                }
            }
            Op::If { cond, then, other } => {
                self.of(*cond, times);
                let (a, b) = (self.of(*then, times), self.of(*other, times));
                // While the condition is unknown, a list has the members of both.
                a.plus(b)
            }
            Op::Add(a, b) | Op::Sub(a, b) | Op::Concat(a, b) | Op::Append(a, b) => {
                let (a, b) = (self.of(*a, times), self.of(*b, times));
                a.plus(b)
            }
            Op::List(ids) => {
                let largest = |s: Size, i: &NodeId| s.max(self.of(*i, times));
                let member = ids.iter().fold(Size::scalar(0), largest);
                Size::list(ids.len() as u64, member)
            }
            Op::All { list, body } | Op::Exists { list, body } | Op::ExistsOne { list, body } => {
                self.each(*list, *body, times);
                Size::scalar(1)
            }
            Op::Filter { list, body } => self.each(*list, *body, times).0,
            Op::Map { list, body } => {
                let (list, body) = self.each(*list, *body, times);
                Size::list(list.len, body)
            }
            // Tests, arithmetic and counts: a scalar of their operands.
            op => self.all_of(&op.children(), times),
        }
    }

    /// Evaluates operands to a scalar: a product or a sum of a list keeps all terms.
    fn all_of(&mut self, operands: &[NodeId], times: u64) -> Size {
        let held = |n: u64, i: &NodeId| n.saturating_add(self.of(*i, times).weight());
        Size::scalar(operands.iter().fold(0, held))
    }

    /// A list, and a body evaluated for each of its members.
    fn each(&mut self, list: NodeId, body: NodeId, times: u64) -> (Size, Size) {
        let list = self.of(list, times);
        let member = list.member.as_deref().cloned();
        self.locals.push(member.unwrap_or(Size::scalar(1)));
        let body = self.of(body, times.saturating_mul(list.len.max(1)));
        self.locals.pop();
        (list, body)
    }
}
