//! The checked form of a rule: a tree in one array, children before parents.

use super::{Apart, Shape, SumTests, Ty, Words};
use cocarde_model::{Date, Decimal, FieldId, Interval, TypeId};
use std::sync::{Arc, OnceLock};

/// An expression of a rule, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// Which evidence policy a read follows, by position in its criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PolicyId(pub u16);

/// A constant.
#[derive(Clone, Debug, PartialEq)]
pub enum Const {
    /// Truth.
    Bool(bool),
    /// A number.
    Number(Decimal),
    /// A word.
    Text(Arc<str>),
    /// A day.
    Date(Date),
    /// Words, as in `["a", "b"]` or `set.eu`.
    Texts(Arc<[Arc<str>]>),
}

/// An ordering between numbers or dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompareOp {
    /// `==`
    Eq,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl CompareOp {
    /// From its sign.
    pub fn from_sign(sign: &str) -> Option<CompareOp> {
        Some(match sign {
            "==" => CompareOp::Eq,
            "<" => CompareOp::Lt,
            "<=" => CompareOp::Le,
            ">" => CompareOp::Gt,
            ">=" => CompareOp::Ge,
            _ => return None,
        })
    }

    /// Its sign.
    pub fn sign(self) -> &'static str {
        match self {
            CompareOp::Eq => "==",
            CompareOp::Lt => "<",
            CompareOp::Le => "<=",
            CompareOp::Gt => ">",
            CompareOp::Ge => ">=",
        }
    }

    /// The ordering with its sides exchanged.
    pub fn flipped(self) -> CompareOp {
        match self {
            CompareOp::Eq => CompareOp::Eq,
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
        }
    }

    /// Whether it holds between two values in this order.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            CompareOp::Eq => order.is_eq(),
            CompareOp::Lt => order.is_lt(),
            CompareOp::Le => order.is_le(),
            CompareOp::Gt => order.is_gt(),
            CompareOp::Ge => order.is_ge(),
        }
    }
}

/// A test between two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextOp {
    /// `a.startsWith(b)`
    StartsWith,
    /// `a.endsWith(b)`
    EndsWith,
    /// `a.contains(b)`
    Contains,
}

/// What an expression does. Operands are [`NodeId`]s of the same rule.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Op {
    /// A constant.
    Const(Const),
    /// The record that holds everything.
    Root,
    /// The day the assessment speaks of.
    AsOf,
    /// That many months before it.
    MonthsAgo(i32),
    /// A bound variable, by depth from the outermost binder.
    Local(u16),
    /// Reads a property of a record: what facts say of it under a policy.
    Read {
        of: NodeId,
        field: FieldId,
        policy: PolicyId,
        domain: Option<Interval>,
        list: bool,
    },
    /// The part a record has exactly once.
    Part {
        of: NodeId,
        field: FieldId,
    },
    /// The records that belong to a record.
    Members {
        of: NodeId,
        field: FieldId,
    },
    Not(NodeId),
    And(NodeId, NodeId),
    Or(NodeId, NodeId),
    If {
        cond: NodeId,
        then: NodeId,
        other: NodeId,
    },
    /// Between numbers.
    Compare(CompareOp, NodeId, NodeId),
    /// Between dates.
    CompareDate(CompareOp, NodeId, NodeId),
    /// Equality of texts, booleans, records or lists.
    Equal(NodeId, NodeId),
    Text(TextOp, NodeId, NodeId),
    /// Membership of a word in constant words.
    InConst(NodeId, Arc<[Arc<str>]>),
    /// Membership in a list.
    In(NodeId, NodeId),
    Add(NodeId, NodeId),
    Sub(NodeId, NodeId),
    Mul(NodeId, NodeId),
    /// By a constant that is not zero; truncated toward zero between integers, as in CEL.
    Div {
        of: NodeId,
        by: Decimal,
        truncate: bool,
    },
    /// Remainder by a constant integer that is not zero; sign of the dividend, as in CEL.
    Rem {
        of: NodeId,
        by: Decimal,
    },
    Neg(NodeId),
    /// Text joined.
    Concat(NodeId, NodeId),
    List(Vec<NodeId>),
    /// Lists joined.
    Append(NodeId, NodeId),
    All {
        list: NodeId,
        body: NodeId,
    },
    Exists {
        list: NodeId,
        body: NodeId,
    },
    ExistsOne {
        list: NodeId,
        body: NodeId,
    },
    Filter {
        list: NodeId,
        body: NodeId,
    },
    Map {
        list: NodeId,
        body: NodeId,
    },
    Size(NodeId),
    /// Number of characters of a text.
    Length(NodeId),
    Sum(NodeId),
    /// The share of a part in its whole, in percent: only ever an operand of a
    /// comparison, which is evaluated as [`Op::CompareShare`].
    Share(NodeId, NodeId),
    /// Whether the share of a part in its whole, in percent, stands in that order to a
    /// constant. The share of nothing in nothing is zero. Evaluated without division, so
    /// that it stays exact and linear.
    CompareShare {
        op: CompareOp,
        part: NodeId,
        whole: NodeId,
        than: Decimal,
    },
}

impl Op {
    /// Its operands, in the order in which they are written.
    pub fn children(&self) -> Vec<NodeId> {
        let mut children = Vec::new();
        let _ = self.clone().map_children(&mut |c| {
            children.push(c);
            c
        });
        children
    }

    /// The same over other operands.
    #[must_use]
    pub fn map_children(mut self, f: &mut dyn FnMut(NodeId) -> NodeId) -> Op {
        match &mut self {
            Op::Const(_) | Op::Root | Op::AsOf | Op::MonthsAgo(_) | Op::Local(_) => {}
            Op::Read { of, .. }
            | Op::Part { of, .. }
            | Op::Members { of, .. }
            | Op::Not(of)
            | Op::InConst(of, _)
            | Op::Div { of, .. }
            | Op::Rem { of, .. }
            | Op::Neg(of)
            | Op::Size(of)
            | Op::Length(of)
            | Op::Sum(of) => *of = f(*of),
            Op::And(a, b)
            | Op::Or(a, b)
            | Op::Compare(_, a, b)
            | Op::CompareDate(_, a, b)
            | Op::Equal(a, b)
            | Op::Text(_, a, b)
            | Op::In(a, b)
            | Op::Add(a, b)
            | Op::Sub(a, b)
            | Op::Mul(a, b)
            | Op::Concat(a, b)
            | Op::Append(a, b)
            | Op::Share(a, b)
            | Op::All { list: a, body: b }
            | Op::Exists { list: a, body: b }
            | Op::ExistsOne { list: a, body: b }
            | Op::Filter { list: a, body: b }
            | Op::Map { list: a, body: b }
            | Op::CompareShare {
                part: a, whole: b, ..
            } => {
                *a = f(*a);
                *b = f(*b);
            }
            Op::If { cond, then, other } => {
                *cond = f(*cond);
                *then = f(*then);
                *other = f(*other);
            }
            Op::List(ids) => ids.iter_mut().for_each(|id| *id = f(*id)),
        }
        self
    }
}

/// An expression with its type and its place in the rule's text.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it does.
    pub op: Op,
    /// Its type.
    pub ty: Ty,
    /// Bytes of the rule's text.
    pub span: (u32, u32),
}

/// A number of the scheme, as rules see it.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamInfo {
    /// Its value.
    pub value: Decimal,
    /// How `meets()` compares with it.
    pub comparator: Option<CompareOp>,
}

/// A checked rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Its text, as written.
    pub text: Arc<str>,
    /// Its expressions, children before parents.
    pub nodes: Vec<Node>,
    /// The whole.
    pub root: NodeId,
    /// For an expression that says the same as one before it: which. Empty when none does.
    pub repeats: Vec<Option<NodeId>>,
    /// Whether it can be evaluated without a derivation.
    pub plain: bool,
    /// Properties it reads, as (type, field), sorted, each once.
    pub reads: Vec<(TypeId, FieldId)>,
    /// Ids of the parameters it uses, sorted, each once.
    pub params: Vec<Arc<str>>,
    /// The words it names, once they have been looked up.
    pub(super) words: OnceLock<Words>,
    /// Its tests, once it has been asked whether they look at one property each.
    pub(super) shape: OnceLock<Option<Shape>>,
    /// What it asks of sums, once it has been asked.
    pub(super) sums: OnceLock<Option<SumTests>>,
    /// What it compares other than with constants, once it has been asked.
    pub(super) apart: OnceLock<Apart>,
}

impl Rule {
    /// The words it names.
    pub(crate) fn words(&self) -> &Words {
        self.words.get_or_init(|| Words::of(&self.nodes))
    }

    /// Its tests, where they look at one property each.
    pub(crate) fn shape(&self) -> Option<&Shape> {
        let shape = || Shape::of(&self.nodes, self.root);
        self.shape.get_or_init(shape).as_ref()
    }

    /// What it asks of sums over one list, where it can be told member by member.
    pub(crate) fn sums(&self) -> Option<&SumTests> {
        let sums = || SumTests::of(self).filter(|_| self.plain);
        self.sums.get_or_init(sums).as_ref()
    }

    /// What it compares other than with constants.
    pub(crate) fn apart(&self) -> Apart {
        *self.apart.get_or_init(|| Apart::of(&self.nodes))
    }

    /// The expression of that id.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0 as usize]
    }

    /// Whether some expression says the same as another.
    pub fn has_repeats(&self) -> bool {
        !self.repeats.is_empty()
    }

    /// Whether a later expression says the same.
    pub fn is_repeated(&self, id: NodeId) -> bool {
        self.repeats.contains(&Some(id))
    }

    /// The text of an expression.
    pub fn text_of(&self, id: NodeId) -> &str {
        let (start, end) = self.node(id).span;
        self.text
            .get(start as usize..end as usize)
            .unwrap_or(&self.text)
    }
}
