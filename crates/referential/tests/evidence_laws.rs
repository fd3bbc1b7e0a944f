//! What facts about one property come to: all those that may establish it are held against
//! each other, and of those that agree the one that says the most counts.

#[path = "common/facts.rs"]
mod facts;

use cocarde_model::{
    Date, Decimal, FactBase, FactId, Interval, Provenance, Schema, SlotKey, Value,
};
use cocarde_referential::eval::{Context, Policies, Policy, Resolved};
use proptest::prelude::*;

type Said = (Provenance, i64, i64);

fn interval((_, lo, hi): &Said) -> Interval {
    let end = |n: i64| Some(Decimal::from(n));
    Interval::new(end(*lo), end(*hi)).expect("in order")
}

/// Documents and attestations establish; these and measurements refute; what is declared only
/// claims.
fn policies() -> Policies {
    let mut policy = Policy {
        established_by: [None; 7],
        refuted_by: [None; 7],
    };
    for establishes in [Provenance::Documented, Provenance::Attested] {
        policy.established_by[establishes as usize] = Some(Decimal::ZERO);
    }
    for refutes in [Provenance::Measured, Provenance::Attested] {
        policy.refuted_by[refutes as usize] = Some(Decimal::ZERO);
    }
    Policies::uniform(policy)
}

/// What both views make of facts about a property, in that order.
fn resolved<T>(
    property: &str,
    said: impl Iterator<Item = (Provenance, Value)>,
    then: impl FnOnce(Resolved<'_>, &FactBase) -> T,
) -> T {
    let mut base = FactBase::new(Schema::standard().clone());
    let root = base.root();
    let (ty, field) = Schema::standard().property(property).expect("a property");
    let record = base
        .records()
        .find(|(_, r)| r.ty == ty)
        .map_or(root, |(id, _)| id);
    let key = SlotKey { record, field };
    for (provenance, value) in said {
        base.add_fact(facts::fact(key, value, provenance));
    }
    let policies = policies();
    then(Context::new(&base, &policies, day()).resolve(key), &base)
}

fn day() -> Date {
    "2026-11-23".parse().expect("a day")
}

fn documented(lo: i64, hi: i64) -> Said {
    (Provenance::Documented, lo, hi)
}

fn number(v: &Value) -> Interval {
    match v {
        Value::Number(i) => *i,
        _ => Interval::ALL,
    }
}

/// The same of facts about the share made in France.
fn share<T>(said: &[Said], then: impl FnOnce(Resolved<'_>, &FactBase) -> T) -> T {
    let said = said.iter().map(|s| (s.0, Value::Number(interval(s))));
    resolved("value.french_share", said, then)
}

/// The established amount, the one in the refuting view, and whether a fact stands against.
fn amounts(said: &[Said]) -> (Option<Interval>, Option<Interval>, bool) {
    share(said, |r, _| {
        let of = |v: Option<(_, &Value)>| v.map(|(_, v)| number(v));
        (of(r.established), of(r.refuting), r.is_contradicted())
    })
}

/// The amounts that are told: what is taken as the claim, and what stands against it.
fn shown(said: &[Said]) -> (Option<Interval>, Option<Interval>) {
    share(said, |r, base| {
        let of = |id: Option<FactId>| id.map(|id| number(&base.fact(id).value));
        (of(r.claim), of(r.against))
    })
}

fn said() -> impl Strategy<Value = Vec<Said>> {
    let one = (0i64..10, 0i64..10, 0u8..6).prop_map(|(a, b, kind)| {
        let provenance = match kind {
            0 => Provenance::Declared,
            1 => Provenance::Measured,
            2 => Provenance::Attested,
            _ => Provenance::Documented,
        };
        (provenance, a.min(b), a.max(b))
    });
    prop::collection::vec(one, 0..6)
}

proptest! {
    #[test]
    fn an_amount_is_established_where_all_that_may_establish_it_agree(said in said()) {
        let admitted: Vec<Interval> = said
            .iter()
            .filter(|s| matches!(s.0, Provenance::Documented | Provenance::Attested))
            .map(interval)
            .collect();
        let apart = |a: &Interval, b: &Interval| a.intersect(*b).is_none();
        let torn = admitted.iter().any(|a| admitted.iter().any(|b| apart(a, b)));
        let (established, refuting, contradicted) = amounts(&said);
        prop_assert_eq!(established.is_some(), !admitted.is_empty() && !torn);
        prop_assert!(contradicted || !torn);
        let refuter = |s: &Said| matches!(s.0, Provenance::Measured | Provenance::Attested);
        prop_assert!(refuting.is_none() || !torn || said.iter().any(refuter));
        let within_all = |i: &&Interval| admitted.iter().all(|a| a.intersect(**i) == Some(**i));
        if let (Some(narrowest), false) = (admitted.iter().find(within_all), torn) {
            prop_assert_eq!(established, Some(*narrowest));
        }
    }

    #[test]
    fn the_order_of_facts_changes_nothing(
        (said, turned) in said().prop_flat_map(|s| (Just(s.clone()), Just(s).prop_shuffle()))
    ) {
        prop_assert_eq!(amounts(&said), amounts(&turned));
        prop_assert_eq!(shown(&said), shown(&turned));
    }

    #[test]
    fn the_order_of_words_changes_no_view(
        (said, turned) in said().prop_flat_map(|s| (Just(s.clone()), Just(s).prop_shuffle()))
    ) {
        let views = |said: &[Said]| {
            let word = |s: &Said| (s.0, Value::text(["FR", "DE", "US"][s.1 as usize % 3]));
            resolved("party.seat", said.iter().map(word), |r, _| {
                let of = |v: Option<(_, &Value)>| v.map(|(_, v)| v.clone());
                (of(r.established), of(r.refuting), r.is_contradicted())
            })
        };
        prop_assert_eq!(views(&said), views(&turned));
    }

    #[test]
    fn what_stands_against_a_claim_cannot_be_true_along_with_it(said in said()) {
        let word = |s: &Said| (s.0, Value::text(["FR", "DE", "US"][s.1 as usize % 3]));
        resolved("party.seat", said.iter().map(word), |r, base| {
            let value = |id: FactId| base.fact(id).value.clone();
            let (claim, against) = (r.claim.map(value), r.against.map(value));
            prop_assert!(against.is_none() || claim != against, "{claim:?}");
            let Some(fact) = r.claim.map(|id| base.fact(id)) else {
                return Ok(());
            };
            let key = SlotKey { record: fact.subject, field: fact.field };
            let all = policies().get(Policies::DEFAULT).standing_against(base, key, day());
            prop_assert_eq!(all.is_empty(), against.is_none());
            prop_assert!(all.iter().all(|id| Some(value(*id)) != claim));
            prop_assert!(r.against.is_none_or(|id| all.contains(&id)));
            Ok(())
        })?;
    }

    #[test]
    fn of_facts_that_agree_the_narrowest_counts(
        ends in prop::collection::btree_set(0i64..20, 2..8), turn in 0usize..4
    ) {
        // Each within the one before it.
        let ends: Vec<i64> = ends.into_iter().collect();
        let nested = (0..ends.len() / 2).map(|i| documented(ends[i], ends[ends.len() - 1 - i]));
        let mut nested: Vec<Said> = nested.collect();
        let narrowest = nested.last().map(interval);
        let turn = turn % nested.len();
        nested.rotate_left(turn);
        prop_assert_eq!(amounts(&nested), (narrowest, narrowest, false));
    }
}

#[test]
fn two_amounts_that_disagree_are_found_behind_a_range_that_agrees_with_both() {
    let whole = documented(0, 100);
    let (low, high) = (documented(20, 20), documented(80, 80));
    // Neither of the two prevails, until someone rules.
    assert_eq!(amounts(&[whole, low, high]), (None, None, true));
    // An attestation stands against documents, not they against it.
    let attested = (Provenance::Attested, 80, 80);
    let stands = (None, Some(interval(&attested)), true);
    assert_eq!(amounts(&[whole, low, attested]), stands);
    assert_eq!(amounts(&[attested, whole, low]), stands);
    let (established, _, contradicted) = amounts(&[whole, low]);
    assert_eq!((established, contradicted), (Some(interval(&low)), false));
    // A measurement is held against what the documents say together.
    let measured = (Provenance::Measured, 20, 20);
    let halves = [documented(0, 60), documented(40, 100), measured];
    assert!(amounts(&halves).2);
}
