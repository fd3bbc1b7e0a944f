//! Laws of all analyses over small worlds: to contradict what is stated, or to claim what
//! is not proved, makes no result narrower and no word surer.

use crate::control::{self, IndirectVotes, OutsideRule, Persons};
use crate::derived::Derived;
use crate::facts::View;
use crate::reach::{self, Reached};
use crate::testing::{Documents, World, day};
use crate::value::{self, StaffRule, ValueRule};
use cocarde_knowledge::regimes;
use cocarde_model::{FieldType, Interval, Provenance, RecordId, SlotKey, Value};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::fmt;

/// Something that may be stated: of whom, what, and the values it may have, the usual one first.
type Slot = (&'static str, &'static str, &'static [&'static str]);

const COUNTRY: &[&str] = &["FR", "US", "IN"];
const PARTY: &[&str] = &["applicant", "p1", "p2", "p3"];

const PARTY_SLOTS: [Slot; 8] = [
    ("", "kind", &["company", "person", "state", "fund"]),
    ("", "seat", COUNTRY),
    ("", "central_administration", COUNTRY),
    ("", "main_establishment", COUNTRY),
    ("", "residence", COUNTRY),
    ("", "nationality", COUNTRY),
    ("", "controlled_from", COUNTRY),
    ("", "listed", &["false", "true"]),
];

/// What may be stated of others than parties. Only who has the majority may appoint one:
/// where another does, there are two who control.
const SLOTS: [Slot; 46] = [
    ("h1", "holder", &["p1", "p2", "p3"]),
    ("h1", "held", &["applicant", "p2"]),
    ("h1", "capital", &["60", "100", "40", "30..60", "0..100"]),
    ("h1", "votes", &["60", "100", "40", "30..60"]),
    ("h1", "special_rights", &["", "veto"]),
    ("h2", "holder", &["p3", "p2"]),
    ("h2", "held", &["applicant", "p1"]),
    ("h2", "capital", &["40", "10", "0..40"]),
    ("h2", "votes", &["40", "10", "0..40"]),
    ("h2", "special_rights", &["", "veto"]),
    ("h3", "holder", &["p2", "p3"]),
    ("h3", "held", &["p1"]),
    ("h3", "capital", &["100", "51", "60..100"]),
    ("h3", "votes", &["100", "51", "60..100"]),
    ("h3", "special_rights", &["", "veto", "appoint-majority"]),
    ("s1", "country", COUNTRY),
    ("s2", "country", COUNTRY),
    ("a1", "kind", &["development", "support"]),
    ("a1", "site", &["s1", "s2"]),
    ("a1", "country", COUNTRY),
    ("a1", "cost", &["60", "30", "20..80"]),
    ("a1", "performed_by", PARTY),
    ("a1", "staff", &["10", "6..12"]),
    ("a1", "staff_french_contract", &["6", "0..6"]),
    ("a1", "contract_law", COUNTRY),
    ("a2", "kind", &["support", "development"]),
    ("a2", "site", &["s2", "s1"]),
    ("a2", "country", COUNTRY),
    ("a2", "cost", &["40", "10..40"]),
    ("a2", "performed_by", PARTY),
    ("x1", "party", &["p2", "p3", "applicant"]),
    ("x1", "spend", &["50", "20..50"]),
    ("x1", "french_share", &["0", "100", "20..40"]),
    ("x1", "can_reach", &["", "customer-content", "technical"]),
    ("x2", "party", &["p3", "p1"]),
    ("x2", "spend", &["10"]),
    ("x2", "french_share", &["100", "0"]),
    ("x2", "can_reach", &["customer-metadata", ""]),
    ("o1", "operator", &["applicant", "p1", "p2"]),
    ("o1", "country", COUNTRY),
    (
        "o1",
        "data",
        &["customer-content", "customer-metadata", "technical"],
    ),
    (
        "o1",
        "keys_held_by",
        &["applicant", "operator", "customer", "nobody"],
    ),
    ("o1", "administered_from", &["FR", "FR US", "IN"]),
    ("o1", "supported_from", &["FR", "US"]),
    ("value", "revenue", &["300", "150", "200..400"]),
    ("value", "tax_residence", COUNTRY),
];

/// Everything that may be stated.
fn slots() -> Vec<Slot> {
    let of_party = |p| PARTY_SLOTS.map(|(_, field, values)| (p, field, values));
    let parties = PARTY.iter().flat_map(|p| of_party(*p));
    parties.chain(SLOTS).collect()
}

/// A value of a slot, and where it comes from.
#[derive(Clone, Copy, Debug)]
struct Said(usize, &'static str, Provenance);

/// The lists that may be stated complete, with their members.
const LISTS: [(&str, &str, &[&str]); 5] = [
    ("governance", "holdings", &["h1", "h2", "h3"]),
    ("offering", "sites", &["s1", "s2"]),
    ("offering", "activities", &["a1", "a2"]),
    ("offering", "suppliers", &["x1", "x2"]),
    ("offering", "hosting", &["o1"]),
];

fn world(said: &[Said], complete: &[bool; 5]) -> World {
    let mut world = World::new();
    let mut ids: BTreeMap<&str, RecordId> = BTreeMap::new();
    ids.insert("applicant", world.applicant());
    ids.insert("value", world.part("value"));
    for party in ["p1", "p2", "p3"] {
        ids.insert(party, world.add(world.base.root(), "parties", party));
    }
    for ((part, list, members), all) in LISTS.iter().zip(complete) {
        let part = world.part(part);
        for member in *members {
            ids.insert(member, world.add(part, list, member));
        }
        if *all {
            world.complete(part, list);
        }
    }
    let slots = slots();
    for Said(slot, value, provenance) in said {
        world.provenance = *provenance;
        let (record, field, _) = slots[*slot];
        let record = ids[record];
        let key = world.view().key(record, field).unwrap();
        let schema = world.base.schema().clone();
        let ty = &schema.field(world.base.record(record).ty, key.field).ty;
        match ty {
            FieldType::Ref(_) => world.link(record, field, ids[value]),
            _ => world.say(record, field, value),
        }
    }
    world
}

/// How things are counted.
#[derive(Clone, Debug)]
struct Rules {
    outside: OutsideRule,
    value: ValueRule,
    staff: StaffRule,
}

fn rules() -> impl Strategy<Value = Rules> {
    let persons = prop_oneof![
        Just(Persons::Residence),
        Just(Persons::Nationality),
        Just(Persons::NotCounted)
    ];
    let votes = prop_oneof![
        Just(IndirectVotes::Larger),
        Just(IndirectVotes::Product),
        Just(IndirectVotes::Assimilated)
    ];
    let rest = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (persons, votes, rest).prop_map(|(persons, votes, (follow_seat, declare, profit, some))| {
        let mut outside = OutsideRule {
            persons,
            votes,
            follow_seat,
            listed_declare: declare,
            ..OutsideRule::new(["FR"])
        };
        outside.control.listed_declare = declare;
        let all = ValueRule {
            profit,
            ..ValueRule::new("FR")
        };
        Rules {
            outside,
            value: if some { all.without(["support"]) } else { all },
            staff: StaffRule {
                home: "FR".into(),
                kinds: some.then(|| "development".into()).into_iter().collect(),
            },
        }
    })
}

/// What follows: derived values by property, and what the regimes reach.
struct Result {
    derived: BTreeMap<SlotKey, Derived>,
    reached: BTreeMap<[String; 3], Reached>,
    /// Shares of which there is no whole, and reach of data that nobody has: they may be
    /// anything.
    undefined: Vec<SlotKey>,
}

/// `None` where what is stated cannot be.
fn results(view: View<'_>, rules: &Rules) -> Option<Result> {
    let graph = control::from_facts(view).ok()?;
    let mut all = control::derive(view, &graph, &rules.outside).ok()?;
    let report = reach::analyse(view, &graph, &rules.outside, regimes::standard())?;
    all.extend(reach::derive(view, &graph, &report));
    all.extend(value::derive(view, &rules.value, &rules.value).ok()?);
    let staff = view.key(view.base.root(), "organisation")?;
    all.extend(value::derive_staff(view, staff, &rules.staff).ok()?);
    let share = view.key(view.part(view.base.root(), "value")?, "french_share")?;
    let costs = value::offering_chain(view, &rules.value);
    let no_cost = costs.is_none_or(|c| value::analyse(&c).is_err());
    let no_staff = value::staff(view, &rules.staff).ok()?.is_none();
    let nobody_has = |class: &str, field| {
        let found = report.outcomes.iter().any(|o| &*o.data == class);
        let protection = view.part(view.base.root(), "protection")?;
        view.key(protection, field).filter(|_| !found)
    };
    let undefined = [
        no_cost.then_some(share),
        no_staff.then_some(staff),
        nobody_has("customer-content", "content_reach"),
        nobody_has("customer-metadata", "metadata_reach"),
    ];
    let outcomes = report.outcomes.iter();
    let told = outcomes.map(|o| {
        let aspect = format!("{:?}", o.aspect);
        (
            [o.data.to_string(), o.regime.to_string(), aspect],
            o.reached,
        )
    });
    Some(Result {
        reached: told.collect(),
        undefined: undefined.into_iter().flatten().collect(),
        derived: all.into_iter().map(|d| (d.key, d)).collect(),
    })
}

/// Whether what is derived says no more than what was.
fn says_no_more(wide: &Derived, narrow: &Derived) -> bool {
    match (&wide.value, &narrow.value) {
        (Value::Number(wide), Value::Number(narrow)) => {
            let hull: Interval = wide.hull(*narrow);
            hull == *wide
        }
        (Value::Texts(wide_list), Value::Texts(list)) => {
            let within = wide_list.iter().all(|word| list.contains(word));
            within && (wide.open || (!narrow.open && list.len() == wide_list.len()))
        }
        (wide, narrow) => wide == narrow,
    }
}

/// Fails where one result says more than another.
fn no_surer(world: &World, wide: &Result, narrow: &Result) -> Option<String> {
    for (key, derived) in &wide.derived {
        let before = narrow.derived.get(key);
        let within = before.is_some_and(|before| says_no_more(derived, before));
        if !within && !narrow.undefined.contains(key) {
            let name = world.base.slot_name(*key);
            let before = before.map(|b| (b.value.to_string(), b.open));
            let now = (derived.value.to_string(), derived.open);
            return Some(format!("{name}: {before:?} became {now:?}"));
        }
    }
    for (what, reached) in &wide.reached {
        let before = narrow.reached.get(what);
        let sure = *reached != Reached::Undetermined;
        if sure && before.is_some_and(|before| before != reached) {
            return Some(format!("{what:?}: {before:?} became {reached:?}"));
        }
    }
    None
}

/// What is stated of each slot.
struct Stated(Vec<Option<&'static str>>);

impl fmt::Debug for Stated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ((record, field, _), value) in slots().iter().zip(&self.0) {
            if let Some(value) = value {
                writeln!(f, "{record}.{field} = {value}")?;
            }
        }
        Ok(())
    }
}

/// A world in which most is stated, and as usual.
fn stated() -> impl Strategy<Value = Stated> {
    let one = |slot: Slot| {
        let values = prop::sample::select(slot.2);
        prop_oneof![
            5 => Just(Some(slot.2[0])),
            3 => values.prop_map(Some),
            3 => Just(None),
        ]
    };
    let all: Vec<_> = slots().into_iter().map(one).collect();
    all.prop_map(Stated)
}

fn complete() -> impl Strategy<Value = [bool; 5]> {
    prop::array::uniform5(prop::bool::weighted(0.9))
}

fn facts(Stated(stated): &Stated, provenance: Provenance) -> Vec<Said> {
    let of =
        |(slot, value): (usize, &Option<&'static str>)| Some(Said(slot, (*value)?, provenance));
    stated.iter().enumerate().filter_map(of).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Neither of two who disagree decides.
    #[test]
    fn a_dispute_is_not_silence(
        stated in stated(), complete in complete(), rules in rules(),
        at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(),
    ) {
        let slots = slots();
        let facts = facts(&stated, Provenance::Declared);
        prop_assume!(!facts.is_empty());
        let Said(slot, value, by) = *at.get(&facts);
        let other = *other.get(slots[slot].2);
        let replaced: Vec<Said> = facts
            .iter()
            .map(|said| if said.0 == slot { Said(slot, other, by) } else { *said })
            .collect();
        let both: Vec<Said> = facts.iter().copied().chain([Said(slot, other, by)]).collect();
        let both = world(&both, &complete);
        let Some(wide) = results(both.view(), &rules) else { return Ok(()) };
        for (kept, facts) in [(value, &facts), (other, &replaced)] {
            let one = world(facts, &complete);
            let Some(narrow) = results(one.view(), &rules) else { continue };
            let surer = no_surer(&one, &wide, &narrow);
            prop_assert!(
                surer.is_none(),
                "{:?} is {value} and {other}, beside {kept} alone: {surer:?}", &slots[slot],
            );
        }
    }

    /// What is claimed without proof, or measured against what is documented, proves nothing.
    #[test]
    fn a_claim_is_no_proof(
        stated in stated(), complete in complete(), rules in rules(), measured: bool,
        slot in 0..slots().len(), other in any::<prop::sample::Index>(),
    ) {
        let slots = slots();
        let other = *other.get(slots[slot].2);
        let by = if measured { Provenance::Measured } else { Provenance::Declared };
        let facts = facts(&stated, Provenance::Documented);
        let both: Vec<Said> = facts.iter().copied().chain([Said(slot, other, by)]).collect();
        let (one, both) = (world(&facts, &complete), world(&both, &complete));
        let proved = |world: &World| {
            let view = View::new(&world.base, day());
            results(view.established(&Documents), &rules)
        };
        let (Some(wide), Some(narrow)) = (proved(&both), proved(&one)) else { return Ok(()) };
        let surer = no_surer(&one, &wide, &narrow);
        prop_assert!(surer.is_none(), "{:?} is said to be {other}: {surer:?}", &slots[slot]);
    }
}

mod claims;
