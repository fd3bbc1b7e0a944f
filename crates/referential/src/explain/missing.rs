//! The facts that would decide an undetermined verdict.

use super::values::Pool;
use crate::eval::{
    Context, Derivation, Evaluator, Kind, Outcomes, Overlay, Patch, outcomes, verdict_of,
};
use crate::rule::{NodeId, Op, Rule};
use cocarde_model::{Decimal, FieldType, Slot, SlotKey, Truth, Value};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// What would decide a verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// Minimal sets of properties: once all of a set are established, whatever their
    /// values, the verdict is decided; of no smaller part of it can that be said.
    /// For a list, to establish it is to state that it has no other members. Where several
    /// amounts meet in one sum a set may hold a fact more than is needed: it is minimal as
    /// far as can be told without solving for all of them at once.
    pub sets: Vec<Vec<SlotKey>>,
    /// Whether there may be other minimal sets.
    pub more: bool,
}

/// A rule, with the facts and the evidence that count for it.
pub type Asked<'a> = (&'a Rule, Context<'a>);

/// Most sets that are sought.
const MAX_SETS: usize = 6;
/// Most evaluations that are spent after the first set.
const MAX_TRIES: usize = 64;
/// Most evaluations that are spent on going through values one by one, for one property of a
/// set.
const MAX_CASES: usize = 512;
/// So much may be looked at for all properties of a set together, in that many evaluations at
/// most: what lists of thousands come to is looked at less often.
const MAX_LOOKS: usize = 1 << 18;
const MAX_CASES_OF_SET: usize = 4096;

/// The minimal sets of unknown facts that would decide the rule's verdict. Empty
/// when the verdict is decided already.
pub fn missing(rule: &Rule, ctx: &Context<'_>) -> Missing {
    missing_within(None, (rule, *ctx))
}

/// The same where another rule says whether this one applies: once that is known not to
/// be so nothing else need be known, and as long as it is open only a rule that is
/// satisfied is decided.
pub fn missing_within(scope: Option<Asked<'_>>, rule: Asked<'_>) -> Missing {
    let pool = Pool::of(rule.0, rule.1.as_of);
    let mut search = Search {
        asked: scope.into_iter().chain([rule]).collect(),
        pools: scope
            .map(|(r, ctx)| Pool::of(r, ctx.as_of))
            .into_iter()
            .chain([pool])
            .collect(),
        looks: None,
        usual: RefCell::default(),
        tries: 0,
        most_cases: 0,
        cases: Cell::new(0),
    };
    let Some(candidates) = search.candidates() else {
        return Missing::default();
    };
    let (sets, more) = search.minimal_sets(candidates);
    Missing { sets, more }
}

struct Search<'a> {
    /// Whether the rule applies, where that is a question, and the rule.
    asked: Vec<Asked<'a>>,
    /// The constants of each.
    pools: Vec<Pool<'a>>,
    /// How the rules look at properties, where that hangs on no value.
    looks: Option<Vec<Derivation>>,
    /// The values that come to mind first for a property, and last.
    usual: RefCell<BTreeMap<(SlotKey, bool), Option<Value>>>,
    tries: usize,
    /// How many evaluations may be spent on going through values for a set, and how many are
    /// left for the present one.
    most_cases: usize,
    cases: Cell<usize>,
}

/// What is supposed of each property of a set.
type Assignment = Vec<(SlotKey, Value)>;

impl Search<'_> {
    /// Every unsettled property that matters, once others are known; nothing when
    /// the verdict is decided, or would not be even so.
    fn candidates(&mut self) -> Option<Vec<SlotKey>> {
        let mut found: BTreeSet<SlotKey> = BTreeSet::new();
        loop {
            let overlay = self.overlay(found.iter().copied());
            let (decided, derivations) = self.derived(&overlay);
            if decided {
                // While a list is open more is looked at: what those are like that nobody named.
                // So it is at other records once it is known to which a reference leads.
                let fixed = !found.iter().any(|k| self.leads_on(*k));
                let looks = derivations
                    .iter()
                    .map(|d| d.all_reads().len())
                    .sum::<usize>();
                self.most_cases = MAX_CASES_OF_SET.min(MAX_LOOKS / looks.max(1));
                self.looks = fixed.then_some(derivations);
                return (!found.is_empty()).then(|| found.into_iter().collect());
            }
            let mut new = Vec::new();
            for ((_, ctx), derivation) in self.asked.iter().zip(&derivations) {
                let open = |k: &SlotKey| {
                    !found.contains(k) && overlay.get(*k).is_none() && !ctx.is_settled(*k)
                };
                new.extend(derivation.all_reads().iter().copied().filter(open));
            }
            if new.is_empty() {
                return None;
            }
            found.extend(new);
        }
    }

    /// One minimal set, then others: each avoids some member of every one found.
    fn minimal_sets(&mut self, candidates: Vec<SlotKey>) -> (Vec<Vec<SlotKey>>, bool) {
        let mut sets = vec![self.shrink(candidates.clone())];
        self.tries = 0;
        let (mut next, mut more) = (0, false);
        while next < sets.len() {
            for avoided in sets[next].clone() {
                if sets.len() >= MAX_SETS || self.tries >= MAX_TRIES {
                    more = true;
                    break;
                }
                let without = candidates.iter().copied().filter(|s| *s != avoided);
                let without: Vec<SlotKey> = without.collect();
                if !self.decides(&without) {
                    continue;
                }
                let found = self.shrink(without);
                if !sets.contains(&found) {
                    sets.push(found);
                }
            }
            next += 1;
        }
        sets.sort_by_key(|s| s.len());
        (sets, more)
    }

    fn overlay(&self, pending: impl Iterator<Item = SlotKey>) -> Overlay {
        let supposed = self.asked.last().map(|(_, ctx)| ctx.overlay.clone());
        let mut overlay = supposed.unwrap_or_default();
        for key in pending {
            overlay.set(key, Patch::Pending);
        }
        overlay
    }

    fn decides(&mut self, set: &[SlotKey]) -> bool {
        let overlay = self.overlay(set.iter().copied());
        self.decided(&overlay)
    }

    fn decided(&mut self, overlay: &Overlay) -> bool {
        self.tries += 1;
        self.is_decided(overlay)
    }

    fn is_decided(&self, overlay: &Overlay) -> bool {
        let [rule, scope] = self.may_come_to(overlay);
        rule.decide_within(scope)
    }

    /// What the rule and its scope may come to.
    fn may_come_to(&self, overlay: &Overlay) -> Told {
        let mut truths = [Truths::always(Truth::True); 2];
        for (i, (rule, ctx)) in self.asked.iter().rev().enumerate() {
            truths[i] = Truths::of(outcomes(rule, ctx.supposing(overlay)));
        }
        truths
    }

    /// The same, unless that leaves the verdict open.
    fn told(&self, overlay: &Overlay) -> Option<Told> {
        self.cases.set(self.cases.get().saturating_sub(1));
        let told = self.may_come_to(overlay);
        told[0].decide_within(told[1]).then_some(told)
    }

    /// The same, with how it came about.
    fn derived(&self, overlay: &Overlay) -> (bool, Vec<Derivation>) {
        let mut truths = Vec::new();
        let mut derivations = Vec::new();
        for (rule, ctx) in &self.asked {
            let mut evaluator = Evaluator::new(ctx.supposing(overlay));
            truths.push(Truths::of(evaluator.outcomes(rule)));
            derivations.push(evaluator.into_derivation());
        }
        let rule = truths.pop().unwrap_or(Truths::always(Truth::Unknown));
        let scope = truths.pop().unwrap_or(Truths::always(Truth::True));
        (rule.decide_within(scope), derivations)
    }

    /// Drops what is not needed, last read first, in halves while that works.
    fn shrink(&mut self, mut set: Vec<SlotKey>) -> Vec<SlotKey> {
        let mut end = set.len();
        let mut chunk = (end / 2).max(1);
        while end > 0 {
            let size = chunk.min(end);
            let mut without = set.clone();
            without.drain(end - size..end);
            if self.decides(&without) {
                set = without;
                end -= size;
            } else if size > 1 {
                chunk = size / 2;
            } else {
                end -= 1;
            }
        }
        self.shrink_by_cases(set)
    }

    /// Where what is open meets in one test, or is read twice, treating the readings as
    /// independent asks for more than is needed: what is left is checked value by value.
    fn shrink_by_cases(&mut self, mut set: Vec<SlotKey>) -> Vec<SlotKey> {
        let mut at = 0;
        self.cases.set(self.most_cases);
        while at < set.len() && self.cases.get() > 0 {
            let mut without = set.clone();
            without.remove(at);
            if self.decides_by_cases(&without) {
                set = without;
                at = 0;
            } else {
                at += 1;
            }
        }
        set
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
    fn decides_by_cases(&mut self, set: &[SlotKey]) -> bool {
        let mut overlay = self.overlay(set.iter().copied());
        if self.is_open_for_some(&overlay, set) {
            return false;
        }
        let most = self.cases.get().min(MAX_CASES);
        let mut left = most;
        let decided = self.splits(&mut overlay, set, &mut left);
        self.cases.set(self.cases.get() - (most - left));
        decided
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
                self.is_open_between(pending, (from, *a), to)
            }
            _ => false,
        }
    }

    /// Whether it is open on the way from some values to others, which decide it otherwise:
    /// where it turns, what is not known weighs most.
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

    /// The same of what is left open by suppositions, in at most so many evaluations:
    /// where the verdict is not known yet, one property is gone through value by value.
    fn splits(&mut self, overlay: &mut Overlay, open: &[SlotKey], left: &mut usize) -> bool {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        if self.decided(overlay) {
            return true;
        }
        // Where an amount turns hangs on what else is supposed.
        let anew = OnceCell::new();
        let turning = || -> &Vec<Derivation> { anew.get_or_init(|| self.derived(overlay).1) };
        let derivations = self.looks.as_ref().unwrap_or_else(turning);
        if self.exact(derivations, open) {
            return false;
        }
        let listed = |k: &SlotKey| Some((*k, self.classes(derivations, *k, turning)?));
        let Some((key, values)) = open.iter().find_map(listed) else {
            return false;
        };
        let rest: Vec<SlotKey> = open.iter().copied().filter(|k| *k != key).collect();
        let decided = values.into_iter().all(|value| {
            overlay.set(key, Patch::Value(value));
            self.splits(overlay, &rest, left)
        });
        overlay.set(key, Patch::Pending);
        decided
    }

    /// Whether a property is a list of records, or leads to one.
    fn leads_on(&self, key: SlotKey) -> bool {
        self.asked.iter().any(|(_, ctx)| {
            let property = ctx.property(key);
            let of = property.map(|(ty, field)| &ctx.base.schema().field(ty, field).ty);
            matches!(of, Some(FieldType::Many(_) | FieldType::Ref(_)))
        })
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

/// What a rule may come to, and its scope.
type Told = [Truths; 2];

/// The truths that a verdict may come to.
#[derive(Clone, Copy, PartialEq)]
struct Truths {
    truth: bool,
    falsity: bool,
    unknown: bool,
}

impl Truths {
    fn always(t: Truth) -> Truths {
        Truths {
            truth: t == Truth::True,
            falsity: t == Truth::False,
            unknown: t == Truth::Unknown,
        }
    }

    fn of(outcomes: Outcomes) -> Truths {
        let mut may = Truths {
            truth: false,
            falsity: false,
            unknown: false,
        };
        for pair in outcomes.pairs() {
            match verdict_of(pair) {
                Truth::True => may.truth = true,
                Truth::False => may.falsity = true,
                Truth::Unknown => may.unknown = true,
            }
        }
        may
    }

    /// Whether a rule that may come to these is decided, whatever its scope may come to.
    fn decide_within(self, scope: Truths) -> bool {
        let where_it_applies = !scope.truth || !self.unknown;
        let where_that_is_open = !scope.unknown || !(self.falsity || self.unknown);
        where_it_applies && where_that_is_open
    }
}
