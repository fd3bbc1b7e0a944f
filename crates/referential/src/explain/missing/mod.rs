//! The facts that would decide an undetermined verdict.

mod cases;

use super::values::Pool;
use crate::eval::{Context, Derivation, Evaluator, Outcomes, Overlay, Patch, outcomes, verdict_of};
use crate::rule::Rule;
use cocarde_model::{FieldType, SlotKey, Truth, Value};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// What would decide a verdict.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Missing {
    /// The sets, the smallest first.
    pub sets: Vec<MissingSet>,
    /// Whether there may be other minimal sets.
    pub more: bool,
}

/// A minimal set of properties: once all of it are established, whatever their values, the
/// verdict is decided; of no smaller part of it can that be said. For a list, to establish it
/// is to state that it has no other members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingSet {
    /// The properties, in the order of their records.
    pub of: Vec<SlotKey>,
    /// Whether it is shown of every one that it is needed. Where several amounts meet in one
    /// sum, or lists are long, a set may hold one more than is: that is not told without
    /// solving for all of them at once, nor beyond what may be spent on it.
    pub proven: bool,
}

/// A rule, with the facts and the evidence that count for it.
pub type Asked<'a> = (&'a Rule, Context<'a>);

/// Most sets that are sought.
const MAX_SETS: usize = 6;
/// Most evaluations that are spent after the first set.
const MAX_TRIES: usize = 64;
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
    let mut search = Search::of(scope, rule);
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

impl<'a> Search<'a> {
    fn of(scope: Option<Asked<'a>>, rule: Asked<'a>) -> Search<'a> {
        let asked: Vec<Asked<'a>> = scope.into_iter().chain([rule]).collect();
        let pools = asked.iter().map(|(r, ctx)| Pool::of(r, ctx.as_of));
        Search {
            pools: pools.collect(),
            asked,
            looks: None,
            usual: RefCell::default(),
            tries: 0,
            most_cases: 0,
            cases: Cell::new(0),
        }
    }

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
    fn minimal_sets(&mut self, candidates: Vec<SlotKey>) -> (Vec<MissingSet>, bool) {
        let mut sets = vec![self.shrink(candidates.clone())];
        self.tries = 0;
        let (mut next, mut more) = (0, false);
        while next < sets.len() {
            for avoided in sets[next].of.clone() {
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
                match sets.iter_mut().find(|s| s.of == found.of) {
                    Some(known) => known.proven |= found.proven,
                    None => sets.push(found),
                }
            }
            next += 1;
        }
        sets.sort_by_key(|s| s.of.len());
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
    fn shrink(&mut self, mut set: Vec<SlotKey>) -> MissingSet {
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

    /// Whether a property is a list of records, or leads to one.
    fn leads_on(&self, key: SlotKey) -> bool {
        self.asked.iter().any(|(_, ctx)| {
            let property = ctx.property(key);
            let of = property.map(|(ty, field)| &ctx.base.schema().field(ty, field).ty);
            matches!(of, Some(FieldType::Many(_) | FieldType::Ref(_)))
        })
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{Policies, Policy};
    use crate::rule::{Env, compile};
    use cocarde_model::{Date, FactBase, Schema};

    #[test]
    fn however_little_may_be_spent_a_set_decides_and_what_is_not_told_is_not_proven() {
        let alike = "size(protection.content_reach) == 1";
        let text = format!("(({alike}) == ({alike})) || protection.officer_named");
        let (none, params, sets) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let env = Env {
            schema: Schema::standard(),
            params: &params,
            sets: &sets,
            policies: &none,
            default_policy: Policies::DEFAULT,
        };
        let rule = compile(&text, &env).expect("a rule");
        let base = FactBase::new(Schema::standard().clone());
        let policies = Policies::uniform(Policy::lenient());
        let ctx = Context::new(&base, &policies, Date::constant(2026, 11, 23));
        for most_cases in 0..10 {
            let mut search = Search::of(None, (&rule, ctx));
            let candidates = search.candidates().expect("it is open");
            search.most_cases = most_cases;
            let (sets, _) = search.minimal_sets(candidates);
            assert!(!sets.is_empty());
            for set in sets {
                assert!(search.decides(&set.of), "{most_cases}");
                assert!(!set.proven, "the words cannot all be gone through");
            }
        }
    }
}
