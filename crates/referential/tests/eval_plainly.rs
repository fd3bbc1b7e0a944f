//! A rule evaluated without a derivation, from what is remembered of other evaluations of the
//! same facts, comes to what it comes to with one, whatever is supposed.

#[path = "common/dossiers.rs"]
mod dossiers;

use cocarde_model::{FactBase, FieldId, Members, RecordId, Slot, SlotKey};
use cocarde_referential::Referential;
use cocarde_referential::eval::{Context, Evaluator, Overlay, Patch, Resolutions, outcomes};
use proptest::prelude::*;
use std::cell::Cell;
use std::sync::OnceLock;

/// Suppositions that are tried on each criterion of a dossier, one after the other.
const TRIED: usize = 12;

/// What decides what is supposed of a few properties: which they are, and what.
type Drawn = Vec<(prop::sample::Index, u8)>;

fn shipped() -> &'static [Referential] {
    static READ: OnceLock<Vec<Referential>> = OnceLock::new();
    READ.get_or_init(dossiers::referentials)
}

/// Something that may be supposed of a property.
fn patch(base: &FactBase, key: SlotKey, draw: u8) -> Patch {
    match (base.slot(key), draw % 4) {
        (_, 0) => Patch::Pending,
        (Slot::Many(stated), draw) => {
            let mut ids = stated.ids.clone();
            match draw {
                1 => drop(ids.pop()),
                2 if !ids.is_empty() => drop(ids.remove(0)),
                _ => ids.push(RecordId(base.record_count() as u32)),
            }
            let complete = draw != 3;
            Patch::Members(Members { ids, complete })
        }
        (_, 1) => Patch::Unknown,
        // As another fact has it that speaks of the same property of whatever record.
        (_, _) => {
            let ty = base.record(key.record).ty;
            let alike = base
                .facts()
                .map(|(_, f)| f)
                .filter(|f| f.field == key.field && base.record(f.subject).ty == ty);
            let all: Vec<_> = alike.collect();
            let other = all.get(usize::from(draw) % all.len().max(1));
            other.map_or(Patch::Unknown, |f| Patch::Value(f.value.clone()))
        }
    }
}

fn overlay(base: &FactBase, reads: &[SlotKey], drawn: &Drawn, only: bool) -> Overlay {
    let mut overlay = Overlay::default();
    for (which, draw) in drawn {
        let key = *which.get(reads);
        overlay.set(key, patch(base, key, *draw));
    }
    match only {
        // Nothing else known but of every other property.
        true => overlay.with_only(reads.iter().copied().step_by(2).collect()),
        false => overlay,
    }
}

#[test]
fn without_a_derivation_a_rule_comes_to_the_same() {
    let drawn = prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..5);
    let all = prop::collection::vec((drawn, prop::bool::weighted(0.3)), TRIED);
    let (plain, undecided) = (Cell::new(0), Cell::new(0));
    let mut runner = prop::test_runner::TestRunner::new(ProptestConfig::with_cases(300));
    let run = runner.run(&(0u64..400, all), |(number, all)| {
        let base = dossiers::invented(number);
        for criterion in shipped().iter().flat_map(|r| &r.criteria) {
            let ctx = Context::new(&base, &criterion.policies, dossiers::as_of());
            let resolutions = Resolutions::of(&base);
            let mut evaluator = Evaluator::new(ctx);
            evaluator.outcomes(&criterion.rule);
            let mut reads = evaluator.derivation().all_reads().to_vec();
            reads.extend(base.records().map(|(record, _)| SlotKey {
                record,
                field: FieldId(0),
            }));
            plain.set(plain.get() + u64::from(criterion.rule.plain));
            for (drawn, only) in &all {
                let overlay = overlay(&base, &reads, drawn, *only);
                let ctx = ctx.supposing(&overlay);
                let derived = Evaluator::new(ctx).outcomes(&criterion.rule);
                let told = outcomes(&criterion.rule, ctx.remembering(&resolutions));
                undecided.set(undecided.get() + u64::from(derived.single().is_none()));
                prop_assert_eq!(told, derived, "{}: {:?}", &criterion.id, &overlay);
            }
        }
        Ok(())
    });
    run.expect("the law holds");
    println!("{} rules, {} left open", plain.get(), undecided.get());
    assert!(plain.get() > 1000 && undecided.get() > 1000);
}
