//! What a test asks of sums, and whether that is met.

use crate::eval::Number;
use crate::rule::{CompareOp, Const, NodeId, Op, Rule};
use cocarde_model::{Decimal, Interval, exact_mul};
use smallvec::SmallVec;

/// An amount that has to stay above zero, or at it where that is enough.
#[derive(PartialEq)]
pub(super) struct Demand {
    pub(super) amount: Amount,
    zero_will_do: bool,
}

/// A linear combination of two expressions of the rule.
#[derive(PartialEq)]
pub(super) struct Amount {
    of: (NodeId, Decimal),
    less: Option<(NodeId, Decimal)>,
}

/// The least of an amount in each view; nothing where it has none.
pub(super) type Floor = (Option<Decimal>, Option<Decimal>);

/// A floor for each demand.
pub(super) type Floors = SmallVec<[Floor; 2]>;

/// No more than nothing, for so many demands.
pub(super) fn zero(demands: usize) -> Floors {
    let zero = (Some(Decimal::ZERO), Some(Decimal::ZERO));
    SmallVec::from_elem(zero, demands)
}

/// Both, demand by demand.
pub(super) fn plus(mut a: Floors, b: &Floors) -> Floors {
    for (a, b) in a.iter_mut().zip(b) {
        *a = add(*a, *b);
    }
    a
}

impl Demand {
    pub(super) fn is_met(&self, (established, refuting): Floor) -> bool {
        self.is_enough(established) && self.is_enough(refuting)
    }

    pub(super) fn is_enough(&self, least: Option<Decimal>) -> bool {
        least.is_some_and(|l| l > Decimal::ZERO || (self.zero_will_do && l.is_zero()))
    }
}

impl Amount {
    pub(super) fn nodes(&self) -> impl Iterator<Item = NodeId> + use<> {
        [Some(self.of.0), self.less.map(|l| l.0)]
            .into_iter()
            .flatten()
    }

    /// Its least in each view, from what its expressions come to.
    pub(super) fn floor(&self, known: &[(NodeId, Number)]) -> Floor {
        let amount = |node: NodeId| {
            let known = known.iter().find(|(n, _)| *n == node);
            known.map(|(_, amount)| amount)
        };
        let (Some(of), Some((less, by))) = (amount(self.of.0), self.less) else {
            return self.at_length(known);
        };
        // The common case: both are known.
        if let (Some(a), Some(b)) = (of.exact(), amount(less).and_then(Number::exact))
            && let (Some(a), Some(b)) = (exact_mul(a, self.of.1), exact_mul(b, by))
        {
            let difference = a.checked_sub(b);
            return (difference, difference);
        }
        let Some(less) = amount(less).filter(|l| !of.shares_unknowns(l)) else {
            return self.at_length(known);
        };
        // What shares nothing is least where the one is least and the other most.
        let ((oe, or), (le, lr)) = (of.range(), less.range());
        let least = |of: Interval, less: Interval| {
            exact_mul(of.lo()?, self.of.1)?.checked_sub(exact_mul(less.hi()?, by)?)
        };
        match (least(oe, le), least(or, lr)) {
            (Some(e), Some(r)) => (Some(e), Some(r)),
            _ => self.at_length(known),
        }
    }

    fn at_length(&self, known: &[(NodeId, Number)]) -> Floor {
        let scaled = |(node, by): (NodeId, Decimal)| {
            let known = known.iter().find(|(n, _)| *n == node);
            let amount = known.map(|(_, amount)| amount.clone());
            let amount = amount.unwrap_or(Number::within(Interval::ALL));
            match by == Decimal::ONE {
                true => amount,
                false => amount.scale(by),
            }
        };
        let amount = match self.less {
            Some(less) => scaled(self.of).sub(scaled(less)),
            None => scaled(self.of),
        };
        let (established, refuting) = amount.range();
        (established.lo(), refuting.lo())
    }
}

/// What a test asks of sums; nothing for other tests.
pub(super) fn demands_of(rule: &Rule, test: NodeId) -> Option<Vec<Demand>> {
    let one = Decimal::ONE;
    // What is written twice need be worked out once.
    let first = |n: NodeId| match rule.repeats.get(n.0 as usize) {
        Some(Some(earlier)) => *earlier,
        _ => n,
    };
    let demand = |op: CompareOp, a: (NodeId, Decimal), b: (NodeId, Decimal)| {
        let (of, less) = match op {
            CompareOp::Gt | CompareOp::Ge => (a, b),
            CompareOp::Lt | CompareOp::Le => (b, a),
            CompareOp::Eq => return None,
        };
        // Above nothing is above zero.
        let nothing = Op::Const(Const::Number(Decimal::ZERO));
        Some(Demand {
            amount: Amount {
                of,
                less: (rule.node(less.0).op != nothing).then_some(less),
            },
            zero_will_do: matches!(op, CompareOp::Ge | CompareOp::Le),
        })
    };
    match &rule.node(test).op {
        Op::Compare(op, a, b) => Some(vec![demand(*op, (first(*a), one), (first(*b), one))?]),
        Op::CompareShare {
            op,
            part,
            whole,
            than,
        } => {
            let share = demand(
                *op,
                (first(*part), Decimal::ONE_HUNDRED),
                (first(*whole), *than),
            )?;
            let something = Demand {
                amount: Amount {
                    of: (first(*whole), one),
                    less: None,
                },
                zero_will_do: false,
            };
            let of_nothing = op.holds(Decimal::ZERO.cmp(than));
            // A share of nothing would do, though nothing is not less than nothing; one of less
            // than nothing is compared the other way round.
            if of_nothing && !share.zero_will_do || may_be_negative(rule, *whole) {
                return None;
            }
            Some(
                std::iter::once(share)
                    .chain((!of_nothing).then_some(something))
                    .collect(),
            )
        }
        _ => None,
    }
}

/// Whether an amount may be less than nothing, as far as the way it is written tells.
fn may_be_negative(rule: &Rule, amount: NodeId) -> bool {
    let node = rule.node(amount);
    match &node.op {
        Op::Sub(..) | Op::Neg(_) => true,
        Op::Const(Const::Number(n)) => n.is_sign_negative(),
        Op::Read { domain, .. } => {
            let least = domain.and_then(Interval::lo);
            node.ty.is_number() && least.is_none_or(|l| l < Decimal::ZERO)
        }
        op => op.children().into_iter().any(|c| may_be_negative(rule, c)),
    }
}

pub(super) fn add(a: Floor, b: Floor) -> Floor {
    let sum = |x: Option<Decimal>, y: Option<Decimal>| x?.checked_add(y?);
    (sum(a.0, b.0), sum(a.1, b.1))
}
