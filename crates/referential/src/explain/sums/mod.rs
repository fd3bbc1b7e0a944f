//! Comparisons of sums over one list fall apart by member: what each adds is worked out
//! for it alone, and what a property is worth is what its member's part of the sum loses
//! without it. So the facts that force such a comparison, and the least change that
//! satisfies it, are found without evaluating the whole again for every one of them.

mod floors;
mod row;

pub(super) use floors::{Floor, Floors, plus, zero};
pub(super) use row::{Known, Row};

use crate::eval::{Context, Outcomes, Overlay, Patch, Plain};
use crate::rule::{Demand, NodeId, Rule, SumTests};
use cocarde_model::{FieldId, Members, Slot, SlotKey, Value};
use floors::{Part, add};
use row::KnownOf;
use smallvec::SmallVec;
use std::cell::RefCell;

/// What tests of sums over one list ask, and of which list.
pub(super) struct Sums<'a> {
    rule: &'a Rule,
    ctx: &'a Context<'a>,
    shape: &'a SumTests,
    /// The list.
    pub(super) list: SlotKey,
    /// Its members as the facts state them.
    pub(super) members: &'a Members,
    demands: SmallVec<[&'a Demand; 4]>,
    /// What each test of a member came to with its property at a value, or unknown.
    came_to: Vec<RefCell<CameTo>>,
}

type CameTo = Vec<(Option<Value>, Outcomes)>;

impl<'a> Sums<'a> {
    /// Of these tests of a rule; nothing where they do not fall apart.
    pub(super) fn of(rule: &'a Rule, ctx: &'a Context<'a>, tests: &[NodeId]) -> Option<Sums<'a>> {
        let shape = rule.sums()?;
        let mut demands = SmallVec::new();
        for test in tests {
            demands.extend(shape.demands(*test)?);
        }
        Sums::asking(rule, ctx, demands)
    }

    /// Of a whole rule that is nothing but such tests.
    pub(super) fn whole(rule: &'a Rule, ctx: &'a Context<'a>) -> Option<Sums<'a>> {
        let shape = rule.sums().filter(|s| s.is_whole)?;
        Sums::asking(rule, ctx, shape.all().collect())
    }

    fn asking(
        rule: &'a Rule,
        ctx: &'a Context<'a>,
        mut asked: SmallVec<[&'a Demand; 4]>,
    ) -> Option<Sums<'a>> {
        let shape = rule.sums().filter(|_| ctx.overlay.is_empty())?;
        let (of, field) = shape.list?;
        let list = Plain::of(rule, *ctx).list(of, field)?;
        let Slot::Many(members) = ctx.base.slot(list) else {
            return None;
        };
        let mut demands: SmallVec<[&Demand; 4]> = SmallVec::new();
        for demand in asked.drain(..) {
            if !demands.contains(&demand) {
                demands.push(demand);
            }
        }
        Some(Sums {
            rule,
            ctx,
            shape,
            list,
            members,
            demands,
            came_to: vec![RefCell::default(); shape.tests.len()],
        })
    }

    /// The properties of members on which it hangs what they add, in the order in which the
    /// rule reads them.
    pub(super) fn fields(&self) -> &'a [FieldId] {
        &self.shape.fields
    }

    /// Of the properties of the members, in order, those that cannot be spared: one is
    /// dropped after the other while every demand is met. The list itself is kept.
    pub(super) fn needed(&self, keys: &[SlotKey]) -> Option<Vec<SlotKey>> {
        let members = &self.members.ids;
        let rows: Option<Vec<Row>> = members.iter().map(|r| self.row(*r)).collect();
        let (rows, all) = (rows?, self.as_it_is());
        let adds: Option<Vec<Floors>> = rows.iter().map(|r| self.adds(r, &all)).collect();
        let adds = adds?;
        // What the members from each on come to, with all that is known of them.
        let mut from = vec![zero(self.demands.len())];
        for adds in adds.iter().rev() {
            from.push(plus(adds.clone(), from.last()?));
        }
        from.reverse();
        let mut so_far = self.apart();
        if !self.are_met(&so_far, &from[0]) {
            return None;
        }
        let nothing = match rows.first() {
            Some(any) => self.adds(any, &self.knowing(|_| false))?,
            None => zero(self.demands.len()),
        };
        let mut needed = Vec::new();
        for ((record, row), (i, adds)) in members.iter().zip(&rows).zip(adds.iter().enumerate()) {
            let others = plus(so_far.clone(), &from[i + 1]);
            let own = keys
                .iter()
                .filter(|k| k.record == *record && **k != self.list);
            let own = own.copied().collect();
            let (keys, adds) = self.needed_of(row, own, adds, (&others, &nothing))?;
            needed.extend(keys);
            so_far = plus(so_far, &adds);
        }
        Some(needed)
    }

    /// The same of one member, where the others come to so much, and it to no more than
    /// `nothing` with nothing known of it; and what it comes to then.
    fn needed_of(
        &self,
        row: &Row,
        mut keys: SmallVec<[SlotKey; 4]>,
        adds: &Floors,
        (others, nothing): (&Floors, &Floors),
    ) -> Option<(SmallVec<[SlotKey; 4]>, Floors)> {
        // The less is known the less it comes to: if nothing will do, all can be spared.
        if self.are_met(nothing, others) {
            return Some((SmallVec::new(), nothing.clone()));
        }
        // What was looked at before it was out is enough to say that it is.
        if *adds == zero(adds.len()) {
            let looked = self.looked_at(row)?;
            let fields = self.fields().iter().zip(looked);
            keys.retain(|k| fields.clone().any(|(f, looked)| looked && *f == k.field));
        }
        let (mut adds, mut at) = (adds.clone(), 0);
        while at < keys.len() && keys.len() > 1 {
            let key = keys.remove(at);
            let known = self.knowing(|field| keys.iter().any(|k| k.field == field));
            let without = self.adds(row, &known)?;
            if self.are_met(&without, others) {
                adds = without;
            } else {
                keys.insert(at, key);
                at += 1;
            }
        }
        Some((keys, adds))
    }

    /// Some properties as they are, and nothing of the others.
    fn knowing<'v>(&self, is_known: impl Fn(FieldId) -> bool) -> KnownOf<'v> {
        let known = |field: &FieldId| match is_known(*field) {
            true => Known::AsItIs,
            false => Known::Nothing,
        };
        self.fields().iter().map(known).collect()
    }

    /// What there is of each amount apart from the members.
    pub(super) fn apart(&self) -> Floors {
        let constants = self.demands.iter().map(|d| Some(d.constant));
        constants.map(|c| (c, c)).collect()
    }

    /// Whether as long as the list is open each amount may be anything in some view.
    pub(super) fn has_to_be_closed(&self) -> Option<bool> {
        let mut overlay = Overlay::default();
        let (ids, complete) = (Vec::new(), false);
        overlay.set(self.list, Patch::Members(Members { ids, complete }));
        let mut plain = Plain::of(self.rule, self.ctx.supposing(&overlay));
        let columns = &self.shape.columns;
        let sums = columns.iter().map(|c| plain.sum(c.list));
        let sums = sums.map(|sum| Some(Part::Between(sum?.range())));
        let sums: SmallVec<[_; 2]> = sums.collect::<Option<_>>()?;
        let mut floors = self.demands.iter().map(|d| d.floor(&sums, &[]));
        Some(floors.any(|(e, r)| e.is_none() || r.is_none()))
    }

    /// Whether floors are enough for every demand, together.
    pub(super) fn are_met(&self, some: &Floors, others: &Floors) -> bool {
        let mut all = self.demands.iter().zip(some.iter().zip(others));
        all.all(|(d, (a, b))| d.is_met(add(*a, *b)))
    }

    /// What is asked.
    pub(super) fn demands(&self) -> &[&'a Demand] {
        &self.demands
    }

    /// Whether every amount of a member that is added up counts in proportion: then of its
    /// values only the largest and the least matter.
    pub(super) fn is_proportional(&self) -> bool {
        self.shape.is_proportional
    }

    /// All properties as they are.
    pub(super) fn as_it_is<'v>(&self) -> KnownOf<'v> {
        self.knowing(|_| true)
    }
}
