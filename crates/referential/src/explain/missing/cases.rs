//! Whether a verdict is known for every value: asked where values that come to mind leave it
//! open, or turn it, and else value by value.

use super::super::values::Pool;
use super::{MissingSet, Search, Told};
use crate::eval::{Derivation, Kind, Overlay, Patch};
use crate::rule::{NodeId, Op, Rule};
use cocarde_model::{Decimal, Slot, SlotKey, Value};
use std::cell::OnceCell;
use std::collections::BTreeSet;

/// Most evaluations that are spent on going through values one by one, for one property of a
/// set.
const MAX_CASES: usize = 512;

/// Whether a verdict is known for every value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Decided {
    /// It is.
    Always,
    /// For some values it is not.
    NotAlways,
    /// That could not be told.
    Untold,
}

/// What is supposed of each property of a set.
type Assignment = Vec<(SlotKey, Value)>;

impl Search<'_> {
    /// Where what is open meets in one test, or is read twice, treating the readings as
    /// independent asks for more than is needed: what is left is checked value by value.
    pub(super) fn shrink_by_cases(&mut self, mut set: Vec<SlotKey>) -> MissingSet {
        let (mut at, mut all_told) = (0, true);
        self.cases.set(self.most_cases);
        while at < set.len() && self.cases.get() > 0 {
            let mut without = set.clone();
            without.remove(at);
            match self.decides_by_cases(&without) {
                Decided::Always => {
                    set = without;
                    (at, all_told) = (0, true);
                }
                decided => {
                    all_told &= decided == Decided::NotAlways;
                    at += 1;
                }
            }
        }
        let proven = all_told && at == set.len();
        MissingSet { of: set, proven }
    }

    /// Whether what was derived with these pending is exact: each is read once, by a test
    /// that reads no other of them, and all else is the same in both views.
    fn exact(&self, derivations: &[Derivation], pending: &[SlotKey]) -> bool {
        let mut seen = BTreeSet::new();
        for ((rule, ctx), d) in self.asked.iter().zip(derivations) {
            if rule.nodes.iter().any(|n| matches!(n.op, Op::If { .. })) {
                return false;
            }
            let mut once = |k: &SlotKey| match pending.contains(k) {
                true => seen.insert(*k),
                false => ctx.views_agree(*k),
            };
            if !d.all_reads().iter().all(&mut once) {
                return false;
            }
            let loose = |step| {
                let open = d.reads(step).iter().filter(|k| pending.contains(k));
                let (node, kind) = (d.step(step).node, d.step(step).kind);
                match open.count() {
                    0 => false,
                    1 => kind == Kind::Atom && !either_way(rule, node),
                    _ => kind == Kind::Atom,
                }
            };
            if d.steps().any(loose) {
                return false;
            }
        }
        true
    }

    /// Whether the verdict is known for every value that the rules can tell apart.
    fn decides_by_cases(&mut self, set: &[SlotKey]) -> Decided {
        let mut overlay = self.overlay(set.iter().copied());
        if self.is_open_for_some(&overlay, set) {
            return Decided::NotAlways;
        }
        let kept = self.cases.get().saturating_sub(MAX_CASES);
        self.splits(&mut overlay, set, kept)
    }

    /// Whether the verdict is open for some values that come to mind at once: then it need
    /// not be gone through them all.
    fn is_open_for_some(&self, pending: &Overlay, set: &[SlotKey]) -> bool {
        let ends = [true, false].map(|first| {
            let values = self.usual_values(set, first)?;
            let told = self.told(&supposing(pending, &values));
            Some((values, told))
        });
        let open = |end: &Option<(Assignment, _)>| matches!(end, Some((_, None)));
        match &ends {
            ends if ends.iter().any(open) => true,
            [Some((from, Some(a))), Some((to, Some(b)))] if a != b => {
                let there = self.is_open_between(pending, (from, *a), to);
                there || self.is_open_between(pending, (to, *b), from)
            }
            _ => false,
        }
    }

    /// Whether it is open on the way from some values to others, which decide it otherwise,
    /// changed one after the other: where it turns, what is not known weighs most.
    fn is_open_between(
        &self,
        pending: &Overlay,
        (from, told): (&Assignment, Told),
        to: &Assignment,
    ) -> bool {
        let with = |so_far: usize| {
            let values = to[..so_far].iter().chain(&from[so_far..]);
            supposing(pending, values)
        };
        let (mut before, mut after) = (0, to.len());
        while after - before > 1 {
            let middle = (before + after) / 2;
            match self.told(&with(middle)) {
                None => return true,
                Some(t) if t == told => before = middle,
                Some(_) => after = middle,
            }
        }
        let mut overlay = with(before);
        let Some(values) = self.turning_values(&mut overlay, from[before].0) else {
            return false;
        };
        values.into_iter().any(|value| {
            overlay.set(from[before].0, Patch::Value(value));
            self.told(&overlay).is_none()
        })
    }

    /// Amounts on both sides of where the verdict turns with a property.
    fn turning_values(&self, overlay: &mut Overlay, key: SlotKey) -> Option<Vec<Value>> {
        let (_, ctx) = self.asked.last()?;
        let (ty, field) = ctx.property(key)?;
        ctx.base.schema().field(ty, field).ty.domain()?;
        overlay.set(key, Patch::Pending);
        let derivations = self.derived(overlay).1;
        self.classes(&derivations, key, || &derivations)
    }

    /// The values that come to mind first for each property, or last; nothing where for some
    /// none does. Lists stay as they are.
    fn usual_values(&self, set: &[SlotKey], first: bool) -> Option<Assignment> {
        let mut usual = self.usual.borrow_mut();
        let of = set.iter().filter(|k| !self.is_list(**k));
        let value = |key: &SlotKey| {
            let found = || self.usual(*key, first);
            let value = usual.entry((*key, first)).or_insert_with(found);
            Some((*key, value.clone()?))
        };
        of.map(value).collect()
    }

    fn is_list(&self, key: SlotKey) -> bool {
        let ctx = &self.asked[0].1;
        let there = ctx.base.get(key.record).is_some();
        there && matches!(ctx.base.slot(key), Slot::Many(_))
    }

    /// What is claimed of a property, or else one of the values worth trying.
    fn usual(&self, key: SlotKey, first: bool) -> Option<Value> {
        let (_, ctx) = self.asked.last()?;
        let claimed = || {
            let claim = &ctx.base.fact(ctx.resolve(key).claim?).value;
            let exact = !matches!(claim, Value::Number(i) if i.exact().is_none());
            exact.then(|| claim.clone())
        };
        if let Some(value) = first.then(claimed).flatten() {
            return Some(value);
        }
        let (ty, field) = ctx.property(key)?;
        let of = &ctx.base.schema().field(ty, field).ty;
        let mut values = self.pools.last()?.values(ctx, of, None).into_iter();
        match first {
            true => values.next(),
            false => values.next_back(),
        }
    }

    /// The same of what is left open by suppositions, while more evaluations than `kept` are
    /// left: where the verdict is not known yet, one property is gone through value by value.
    fn splits(&mut self, overlay: &mut Overlay, open: &[SlotKey], kept: usize) -> Decided {
        if self.cases.get() <= kept {
            return Decided::Untold;
        }
        self.cases.set(self.cases.get() - 1);
        if self.decided(overlay) {
            return Decided::Always;
        }
        if open.iter().all(|k| self.is_list(*k)) {
            return Decided::NotAlways;
        }
        // Where an amount turns hangs on what else is supposed.
        let anew = OnceCell::new();
        let turning = || -> &Vec<Derivation> { anew.get_or_init(|| self.derived(overlay).1) };
        let derivations = self.looks.as_ref().unwrap_or_else(turning);
        if self.exact(derivations, open) {
            return Decided::NotAlways;
        }
        let listed = |k: &SlotKey| Some((*k, self.classes(derivations, *k, turning)?));
        let Some((key, values)) = open.iter().find_map(listed) else {
            return match self.is_open_for_some(overlay, open) {
                true => Decided::NotAlways,
                false => Decided::Untold,
            };
        };
        let rest: Vec<SlotKey> = open.iter().copied().filter(|k| *k != key).collect();
        let mut values = values.into_iter().map(|value| {
            overlay.set(key, Patch::Value(value));
            self.splits(overlay, &rest, kept)
        });
        let undecided = values.find(|decided| *decided != Decided::Always);
        overlay.set(key, Patch::Pending);
        undecided.unwrap_or(Decided::Always)
    }

    /// One value of every class of a property that was read, if they can be listed.
    fn classes<'d>(
        &self,
        derivations: &'d [Derivation],
        key: SlotKey,
        turning: impl FnOnce() -> &'d Vec<Derivation>,
    ) -> Option<Vec<Value>> {
        let (_, ctx) = self.asked.last()?;
        let (ty, field) = ctx.property(key)?;
        let of = &ctx.base.schema().field(ty, field).ty;
        let derivations = match of.domain() {
            Some(_) => turning(),
            None => derivations,
        };
        let mut turns: Vec<Decimal> = Vec::new();
        let mut out: Vec<Value> = Vec::new();
        let reading = self.asked.iter().zip(&self.pools).zip(derivations);
        for (((rule, ctx), pool), d) in reading.filter(|(_, d)| d.all_reads().contains(&key)) {
            if of.domain().is_none() {
                out.extend(pool.cases(ctx, rule, key)?);
                continue;
            }
            for (_, at) in d.turns().iter().filter(|(k, _)| *k == key) {
                turns.push((*at)?);
            }
        }
        if of.domain().is_some() {
            out = Pool::around(turns.into_iter(), of);
        }
        let mut seen = Vec::new();
        out.retain(|v| {
            !seen.contains(v) && {
                seen.push(v.clone());
                true
            }
        });
        (!out.is_empty()).then_some(out)
    }
}

/// Whether a test of one property can come out true, and can come out false.
fn either_way(rule: &Rule, node: NodeId) -> bool {
    let constant = |n: &NodeId| matches!(rule.node(*n).op, Op::Const(_));
    match &rule.node(node).op {
        Op::Read { .. } | Op::InConst(..) | Op::Compare(..) | Op::CompareDate(..) => true,
        Op::Equal(a, b) | Op::In(a, b) => constant(a) || constant(b),
        _ => false,
    }
}

/// With values for some properties.
fn supposing<'v>(
    pending: &Overlay,
    values: impl IntoIterator<Item = &'v (SlotKey, Value)>,
) -> Overlay {
    let mut overlay = pending.clone();
    for (key, value) in values {
        overlay.set(*key, Patch::Value(value.clone()));
    }
    overlay
}
