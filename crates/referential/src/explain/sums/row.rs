//! A member of a list, or one that may be: what it adds to sums, by what is known of it.
//!
//! Its tests look at one property each, so how they come out is worked out once for each
//! property as it is, unknown, or with a value, and what it adds is put together from that.

use super::Sums;
use super::floors::{Floors, Part, Range};
use crate::eval::{Outcomes, Overlay, Patch, Plain};
use crate::rule::{Const, NodeId, Op, Place};
use cocarde_model::{Interval, RecordId, SlotKey, Truth, Value};
use smallvec::SmallVec;

/// A member, and what its tests and amounts come to as the facts are.
pub(in crate::explain) struct Row {
    record: RecordId,
    tests: SmallVec<[Outcomes; 4]>,
    amounts: Ranges,
}

/// Between what each amount of a member is.
type Ranges = SmallVec<[Range; 2]>;

/// What is known of a property.
#[derive(Clone, Copy)]
pub(in crate::explain) enum Known<'v> {
    /// What the facts say.
    AsItIs,
    /// Nothing.
    Nothing,
    /// This value.
    Value(&'v Value),
}

/// What is known of each of the properties on which it hangs what a member adds.
pub(in crate::explain) type KnownOf<'v> = SmallVec<[Known<'v>; 4]>;

const NEVER: Truth = Truth::False;
const ALWAYS: Truth = Truth::True;

impl Sums<'_> {
    /// A member as the facts are; one that is only supposed is not known at all.
    pub(in crate::explain) fn row(&self, record: RecordId) -> Option<Row> {
        let mut plain = Plain::of(self.rule, *self.ctx);
        let tests = &self.shape.tests;
        let tests = tests
            .iter()
            .map(|(test, _)| plain.test(*test, Some(record)));
        let tests: Option<_> = tests.collect();
        let amounts = self.shape.amounts.iter();
        let amounts = amounts.map(|a| Some(plain.amount(*a, record)?.range()));
        Some(Row {
            record,
            tests: tests?,
            amounts: amounts.collect::<Option<_>>()?,
        })
    }

    /// The least that a member adds to each demand.
    pub(in crate::explain) fn adds(&self, row: &Row, known: &[Known<'_>]) -> Option<Floors> {
        let amounts = row.amounts.iter().enumerate();
        let amounts: Ranges = amounts.map(|(i, a)| self.amount(i, *a, known)).collect();
        let mut adds: SmallVec<[Part; 2]> = SmallVec::new();
        for column in &self.shape.columns {
            let mut test = |test: Place| self.outcome(row, test, known);
            let (e, r) = self.passes(&column.filters, &mut test)?.single()?;
            adds.push(match (e, r) {
                (NEVER, NEVER) => Part::Nothing,
                (ALWAYS, ALWAYS) => Part::All(column.amount),
                _ => {
                    let (established, refuting) = amounts[column.amount];
                    Part::Between((guarded(established, e), guarded(refuting, r)))
                }
            });
        }
        let floors = self.demands.iter().map(|d| d.floor(&adds, &amounts));
        Some(floors.collect())
    }

    /// Which of its properties had to be looked at to tell, as the facts are.
    pub(super) fn looked_at(&self, row: &Row) -> Option<SmallVec<[bool; 4]>> {
        let mut looked = SmallVec::from_elem(false, self.shape.fields.len());
        for column in &self.shape.columns {
            let mut test = |test: Place| {
                looked[self.shape.tests[test].1] = true;
                Some(row.tests[test])
            };
            if self.passes(&column.filters, &mut test)? != Outcomes::both(NEVER) {
                return Some(SmallVec::from_elem(true, looked.len()));
            }
        }
        Some(looked)
    }

    /// Whether a member passes filters; what cannot change that is not looked at.
    fn passes(
        &self,
        filters: &[NodeId],
        test: &mut dyn FnMut(Place) -> Option<Outcomes>,
    ) -> Option<Outcomes> {
        let mut passes = Outcomes::both(ALWAYS);
        for filter in filters {
            passes = passes.and(self.truth(*filter, test)?);
            if passes == Outcomes::both(NEVER) {
                break;
            }
        }
        Some(passes)
    }

    fn truth(
        &self,
        id: NodeId,
        test: &mut dyn FnMut(Place) -> Option<Outcomes>,
    ) -> Option<Outcomes> {
        if let Some(place) = self.shape.test(id) {
            return test(place);
        }
        Some(match &self.rule.node(id).op {
            Op::Const(Const::Bool(b)) => Outcomes::both((*b).into()),
            Op::Not(a) => self.truth(*a, test)?.not(),
            Op::And(a, b) => match self.truth(*a, test)? {
                x if x == Outcomes::both(NEVER) => x,
                x => x.and(self.truth(*b, test)?),
            },
            Op::Or(a, b) => match self.truth(*a, test)? {
                x if x == Outcomes::both(ALWAYS) => x,
                x => x.or(self.truth(*b, test)?),
            },
            _ => return None,
        })
    }

    /// How a test of a member comes out.
    fn outcome(&self, row: &Row, test: Place, known: &[Known<'_>]) -> Option<Outcomes> {
        let value = match known[self.shape.tests[test].1] {
            Known::AsItIs => return Some(row.tests[test]),
            Known::Nothing => None,
            Known::Value(value) => Some(value),
        };
        let mut came_to = self.came_to[test].borrow_mut();
        let alike = |(v, _): &&(Option<Value>, _)| v.as_ref() == value;
        if let Some((_, outcomes)) = came_to.iter().find(alike) {
            return Some(*outcomes);
        }
        let (node, field) = self.shape.tests[test];
        let mut overlay = Overlay::default();
        overlay.set(
            self.key(row, field),
            value.cloned().map_or(Patch::Unknown, Patch::Value),
        );
        let mut plain = Plain::of(self.rule, self.ctx.supposing(&overlay));
        let outcomes = plain.test(node, Some(row.record))?;
        came_to.push((value.cloned(), outcomes));
        Some(outcomes)
    }

    /// What an amount of a member is, which is `now` as the facts are.
    fn amount(&self, amount: Place, now: Range, known: &[Known<'_>]) -> Range {
        let Op::Read { field, domain, .. } = self.rule.node(self.shape.amounts[amount]).op else {
            return now;
        };
        let domain = domain.unwrap_or(Interval::ALL);
        let field = self.shape.fields.iter().position(|f| *f == field);
        match field.map(|place| known[place]) {
            Some(Known::Value(Value::Number(i))) => {
                let range = i.intersect(domain).unwrap_or(domain);
                (range, range)
            }
            Some(Known::Nothing | Known::Value(_)) => (domain, domain),
            Some(Known::AsItIs) | None => now,
        }
    }

    fn key(&self, row: &Row, place: Place) -> SlotKey {
        SlotKey {
            record: row.record,
            field: self.shape.fields[place],
        }
    }
}

/// What is added of an amount where it is so, or not, or not known, that the member passes.
fn guarded(amount: Interval, passes: Truth) -> Interval {
    match passes {
        ALWAYS => amount,
        NEVER => Interval::ZERO,
        Truth::Unknown => amount.hull(Interval::ZERO),
    }
}
