//! The facts that force a verdict.

use super::replay::{Replay, open_without};
use super::sums::Sums;
use super::want::Want;
use crate::eval::{Context, Derivation, Kind, Overlay, StepId, View, outcomes, verdict};
use crate::rule::{NodeId, Rule};
use cocarde_model::{Slot, SlotKey, Truth};
use smallvec::SmallVec;

/// A minimal set of properties that forces a verdict: with nothing else known the
/// verdict is the same, and without any one of them it is not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// The properties, in the order the rule reads them.
    pub slots: Vec<SlotKey>,
    /// The tests of the rule that settle it.
    pub atoms: Vec<StepId>,
}

/// The facts that force the verdict of a rule, from its derivation; nothing for
/// an undetermined one.
pub fn why(rule: &Rule, ctx: &Context<'_>, derivation: &Derivation) -> Why {
    let Some(root) = derivation.root() else {
        return Why::default();
    };
    let whole = derivation.step(root).outcomes;
    let verdict_is = verdict(whole);
    let wants = match verdict_is {
        Truth::Unknown => return Why::default(),
        Truth::True => Want::both(true),
        Truth::False if whole.truth(View::Refuting) == Truth::False => Want::both(false).refuting(),
        Truth::False => Want::both(false).established(),
    };
    let Some(mut support) = support(derivation, root, wants) else {
        return Why::default();
    };
    support.tidy();
    if verdict_is == Truth::True
        && let Some(slots) = by_sums(rule, ctx, derivation, &support)
    {
        return Why {
            slots,
            atoms: support.atoms.into_vec(),
        };
    }
    let mut slots = support.slots.into_vec();
    let is_spare = || {
        support
            .atoms
            .iter()
            .any(|a| may_do_without(rule, derivation, *a))
    };
    let are_more = || support.needs_check || reads_twice(derivation);
    if (slots.len() > 1 && are_more()) || is_spare() {
        minimise(rule, ctx, derivation, verdict_is, &mut slots);
    }
    Why {
        slots,
        atoms: support.atoms.into_vec(),
    }
}

/// Where what settles the rule is nothing but tests of sums over one list.
fn by_sums(rule: &Rule, ctx: &Context<'_>, d: &Derivation, s: &Support) -> Option<Vec<SlotKey>> {
    if s.has_lists || s.atoms.is_empty() {
        return None;
    }
    let tests: Vec<NodeId> = s.atoms.iter().map(|a| d.step(*a).node).collect();
    let sums = Sums::of(rule, ctx, &tests)?;
    let needed = sums.members.complete.then(|| sums.needed(&s.slots))??;
    let kept = |k: &SlotKey| needed.contains(k) || is_list(ctx, *k);
    let slots: Vec<SlotKey> = s.slots.iter().copied().filter(kept).collect();
    debug_assert!(stands(rule, ctx, Truth::True, slots.clone()));
    Some(slots)
}

fn is_list(ctx: &Context<'_>, key: SlotKey) -> bool {
    matches!(ctx.base.slot(key), Slot::Many(_))
}

#[derive(Default)]
struct Support {
    slots: SmallVec<[SlotKey; 4]>,
    atoms: SmallVec<[StepId; 4]>,
    /// Whether some of the slots may be more than is needed.
    needs_check: bool,
    /// Whether some of the slots are no test's, but say which members are asked.
    has_lists: bool,
}

impl Support {
    fn join(mut self, other: Support) -> Support {
        self.slots.extend(other.slots);
        self.atoms.extend(other.atoms);
        self.needs_check |= other.needs_check;
        self.has_lists |= other.has_lists;
        self
    }

    /// Keeps the first of each property.
    fn tidy(&mut self) {
        let before = self.slots.len();
        let mut kept: SmallVec<[SlotKey; 4]> = SmallVec::with_capacity(before);
        for slot in self.slots.drain(..) {
            if !kept.contains(&slot) {
                kept.push(slot);
            }
        }
        self.slots = kept;
        self.needs_check |= self.slots.len() < before;
        self.atoms.dedup();
    }
}

fn support(d: &Derivation, id: StepId, want: Want) -> Option<Support> {
    let step = d.step(id);
    if !want.holds(step.outcomes) {
        return None;
    }
    let parts = d.parts(id);
    match step.kind {
        Kind::Atom => Some(atom(d, id)),
        Kind::Not => support(d, *parts.first()?, want.negated()),
        Kind::All | Kind::Any if want.truth == (step.kind == Kind::All) => {
            let mut start = Support {
                slots: d.lists(id).into(),
                ..Support::default()
            };
            if let Some(others) = d.others(id) {
                start.slots.extend_from_slice(&others.reads);
                start.needs_check = true;
            }
            start.has_lists = !start.slots.is_empty();
            let every = |acc: Option<Support>, p: &StepId| {
                let mut one = support(d, *p, want)?;
                one.slots.retain(|s| !d.lists(id).contains(s));
                // What does not hang on the member may do without the list.
                let item = d.step(*p).item;
                one.needs_check |= one.slots.iter().any(|s| Some(s.record) != item);
                Some(acc?.join(one))
            };
            // Not every part need hold where an open list's unknown others were decided
            // without them; then all that was read is the reason.
            Some(
                parts
                    .iter()
                    .fold(Some(start), every)
                    .unwrap_or_else(|| atom(d, id)),
            )
        }
        Kind::All | Kind::Any => {
            let mut one = one_of(d, id, want);
            one.slots.extend_from_slice(d.lists(id));
            one.has_lists |= !d.lists(id).is_empty();
            Some(one)
        }
        Kind::If => Some(conditional(d, id, want)),
    }
}

fn atom(d: &Derivation, id: StepId) -> Support {
    let slots: SmallVec<[SlotKey; 4]> = d.reads(id).into();
    let needs_check = slots.len() > 1;
    Support {
        slots,
        atoms: SmallVec::from_slice(&[id]),
        needs_check,
        has_lists: false,
    }
}

/// The smallest part that settles it alone, or one for each view.
fn one_of(d: &Derivation, id: StepId, want: Want) -> Support {
    let parts = d.parts(id);
    let smallest = |want| {
        let all = parts.iter().filter_map(|p| support(d, *p, want));
        all.min_by_key(|s| s.slots.len())
    };
    if let Some(s) = smallest(want) {
        return s;
    }
    match (smallest(want.established()), smallest(want.refuting())) {
        (Some(a), Some(b)) => Support {
            needs_check: true,
            ..a.join(b)
        },
        _ => atom(d, id),
    }
}

fn conditional(d: &Derivation, id: StepId, want: Want) -> Support {
    let parts = d.parts(id);
    let &[cond, then, other] = parts else {
        return atom(d, id);
    };
    let yes = |truth| Want { truth, ..want };
    let through =
        |c: Want, branch: StepId| Some(support(d, cond, c)?.join(support(d, branch, want)?));
    through(yes(true), then)
        .or_else(|| through(yes(false), other))
        .or_else(|| Some(support(d, then, want)?.join(support(d, other, want)?)))
        .unwrap_or_else(|| atom(d, id))
}

/// Whether a test may come out so with nothing known of what it reads.
fn may_do_without(rule: &Rule, d: &Derivation, test: StepId) -> bool {
    !d.reads(test).is_empty() && open_without(rule, d.step(test).node).is_none()
}

/// Whether the rule looked at a property more than once: then parts that are
/// smallest one by one need not be smallest together.
fn reads_twice(derivation: &Derivation) -> bool {
    let mut reads: SmallVec<[SlotKey; 32]> = derivation.all_reads().into();
    reads.sort_unstable();
    reads.windows(2).any(|w| w[0] == w[1])
}

/// Whether the verdict is the same with nothing else known.
fn stands(rule: &Rule, ctx: &Context<'_>, verdict_is: Truth, slots: Vec<SlotKey>) -> bool {
    let overlay = ctx.overlay.clone().with_only(slots);
    verdict(outcomes(rule, ctx.supposing(&overlay))) == verdict_is
}

/// Drops one property after the other while the verdict stands.
fn minimise(
    rule: &Rule,
    ctx: &Context<'_>,
    derivation: &Derivation,
    verdict_is: Truth,
    slots: &mut Vec<SlotKey>,
) {
    let replay = Replay::of(rule, ctx, derivation);
    let mut known = Known {
        overlay: ctx.overlay.clone().with_only(slots.clone()),
        replay: replay.filter(|r| r.lists().iter().all(|l| slots.contains(l))),
    };
    let stands = |o: &Overlay| verdict(outcomes(rule, ctx.supposing(o))) == verdict_is;
    if !known.is_enough(slots, verdict_is, stands) {
        return;
    }
    slots.retain(|key| !known.spares(*key, verdict_is, stands));
}

/// What is still known.
struct Known<'a> {
    overlay: Overlay,
    /// The derivation with no more known than that, where that can be told from it.
    replay: Option<Replay<'a>>,
}

impl Known<'_> {
    /// Whether these are enough.
    fn is_enough(
        &mut self,
        slots: &[SlotKey],
        verdict_is: Truth,
        stands: impl Fn(&Overlay) -> bool,
    ) -> bool {
        match &mut self.replay {
            Some(replay) => replay.with_only(slots) == verdict_is,
            None => stands(&self.overlay),
        }
    }

    /// Whether the verdict stands without a property, too; then it is known no more.
    fn spares(
        &mut self,
        key: SlotKey,
        verdict_is: Truth,
        stands: impl Fn(&Overlay) -> bool,
    ) -> bool {
        self.overlay.forget(key);
        let spared = match &mut self.replay {
            Some(replay) if replay.tells(key) => {
                let stands = replay.without(key) == verdict_is;
                if !stands {
                    replay.undo();
                }
                stands
            }
            _ => stands(&self.overlay),
        };
        match (spared, &self.replay) {
            (false, _) => self.overlay.know(key),
            // Without a list there are other steps.
            (true, Some(replay)) if !replay.tells(key) => self.replay = None,
            _ => {}
        }
        spared
    }
}
