//! To claim without proof what is proved, what is assumed or what follows changes nothing.

use super::*;

/// What is assumed of a property of which nobody says anything: the same as of another one.
const ASSUMED: [(&str, &str); 5] = [
    ("central_administration", "seat"),
    ("main_establishment", "seat"),
    ("nationality", "residence"),
    ("controlled_from", "seat"),
    ("controlled_from", "residence"),
];

/// The claims that add nothing to what is documented: of what is assumed where a place is,
/// and of what was derived.
fn idle(world: &World, facts: &[Said], result: &Result) -> Vec<Said> {
    let slots = slots();
    let claim = |slot: usize, value| Said(slot, value, Provenance::Declared);
    let at = |record: &str, field: &str| slots.iter().position(|s| (s.0, s.1) == (record, field));
    let mut idle = Vec::new();
    for Said(slot, place, _) in facts.iter().filter(|said| COUNTRY.contains(&said.1)) {
        let (record, field, _) = slots[*slot];
        let follows = ASSUMED.iter().filter(|(_, from)| *from == field);
        // A person has no seat, others have no residence.
        let is = |kind| facts.iter().any(|f| slots[f.0].0 == record && f.1 == kind);
        let follows = follows.filter(|_| is("person") == (field == "residence"));
        idle.extend(follows.filter_map(|(what, _)| Some(claim(at(record, what)?, place))));
    }
    for (key, derived) in &result.derived {
        let name = world.base.slot_name(*key);
        let name = name.strip_prefix("party:").unwrap_or(&name);
        let slot = name
            .split_once('.')
            .and_then(|(record, field)| at(record, field));
        let value = derived.value.to_string();
        let value = COUNTRY.iter().find(|c| ***c == *value);
        idle.extend(slot.zip(value).map(|(slot, value)| claim(slot, *value)));
    }
    idle
}

/// What differs between two results.
fn difference(world: &World, one: &Result, other: &Result) -> Option<String> {
    let derived = |result: &Result| -> Vec<String> {
        let all = result.derived.iter();
        all.map(|(k, d)| format!("{}: {} {}", world.base.slot_name(*k), d.value, d.open))
            .collect()
    };
    let (before, after) = (derived(one), derived(other));
    let same = before == after && one.reached == other.reached;
    (!same).then(|| {
        format!(
            "{before:?} {:?} became {after:?} {:?}",
            one.reached, other.reached
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_idle_claim_changes_nothing(
        stated in stated(), complete in complete(), rules in rules(),
        at in any::<prop::sample::Index>(),
    ) {
        let facts = facts(&stated, Provenance::Documented);
        let before = world(&facts, &complete);
        let proved = |world: &World| {
            let view = View::new(&world.base, day());
            results(view.established(&Documents), &rules)
        };
        let Some(result) = proved(&before) else { return Ok(()) };
        prop_assume!(!facts.is_empty());
        let Said(slot, value, _) = *at.get(&facts);
        let proved_too = Said(slot, value, Provenance::Declared);
        for said in idle(&before, &facts, &result).into_iter().chain([proved_too]) {
            let both: Vec<Said> = facts.iter().copied().chain([said]).collect();
            let Some(after) = proved(&world(&both, &complete)) else { continue };
            let found = difference(&before, &result, &after);
            let (record, field, _) = slots()[said.0];
            prop_assert!(found.is_none(), "{record}.{field} is claimed to be {}: {found:?}", said.1);
        }
    }
}
