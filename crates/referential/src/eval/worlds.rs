//! Refutations that make up for one another.
//!
//! The refuting view takes everything that stands against claims at once. Where two such
//! facts turn a rule one way and back again, each of them alone would refute it, and nobody
//! has shown the other: a rule holds only if it does whichever of them are right.

use super::{Context, Overlay, Patch, outcomes, verdict};
use crate::rule::Rule;
use cocarde_model::{SlotKey, Truth, Value};

/// Most contested properties of which every choice is gone through.
const MOST: usize = 8;

/// For a rule that both views satisfy: what it comes to if some of the contested properties
/// are as the evidence against them says, and the others as established; with these
/// suppositions. Nothing where it is satisfied whichever they are.
pub(crate) fn otherwise(
    rule: &Rule,
    ctx: &Context<'_>,
    contested: &[SlotKey],
) -> Option<(Truth, Overlay)> {
    let come_to = |overlay: Overlay| {
        let truth = verdict(outcomes(rule, ctx.supposing(&overlay)));
        (truth != Truth::True).then_some((truth, overlay))
    };
    if contested.len() > MOST {
        return come_to(Overlay::all(contested.iter().copied(), &Patch::Unknown));
    }
    // The two views are none and all of them.
    let choices = 1..(1usize << contested.len()) - 1;
    let mut other = None;
    for choice in choices.filter_map(|choice| come_to(chosen(ctx, contested, choice))) {
        if choice.0 == Truth::False {
            return Some(choice);
        }
        other = other.or(Some(choice));
    }
    other
}

/// Those whose bit is set as refuted, the others as established.
fn chosen(ctx: &Context<'_>, contested: &[SlotKey], choice: usize) -> Overlay {
    let mut overlay = Overlay::default();
    for (i, key) in contested.iter().enumerate() {
        let resolved = ctx.resolve(*key);
        let value = match choice >> i & 1 {
            0 => resolved.established,
            _ => resolved.refuting,
        };
        let is = |(_, v): (_, &Value)| Patch::Value(v.clone());
        overlay.set(*key, value.map_or(Patch::Unknown, is));
    }
    overlay
}
