use super::super::{OutsideRule, from_facts};
use super::*;
use crate::testing::{Documents, World, number};
use cocarde_model::{Provenance, RecordId};

fn rule() -> OutsideRule {
    OutsideRule::new(["FR", "DE"])
}

/// A French subsidiary of a listed American parent.
fn subsidiary() -> World {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple Filiale SAS", "company", "FR");
    let holding = world.party("Exemple Holding GmbH", "company", "DE");
    let parent = world.party("Example Parent Inc.", "company", "US");
    world.say(parent, "listed", "true");
    let founders = world.party("Fondateurs", "person", "FR");
    world.holding(holding, applicant, "90");
    world.holding(founders, applicant, "10");
    world.holding(parent, holding, "100");
    let governance = world.part("governance");
    world.complete(governance, "holdings");
    world
}

fn value<'a>(
    derived: &'a [Derived],
    world: &World,
    record: &str,
    field: &str,
) -> Option<&'a Value> {
    let named = |d: &&Derived| {
        let name = world.base.slot_name(d.key);
        name.starts_with(record) && name.ends_with(&format!(".{field}"))
    };
    derived.iter().find(named).map(|d| &d.value)
}

#[test]
fn a_subsidiary_is_controlled_from_the_country_of_its_parent() {
    let world = subsidiary();
    let graph = from_facts(world.view()).unwrap();
    let derived = derive(world.view(), &graph, &rule()).unwrap();
    let of = |field| value(&derived, &world, "governance", field).unwrap();
    for field in [
        "non_eu_capital",
        "non_eu_capital_max",
        "non_eu_votes",
        "non_eu_votes_max",
    ] {
        assert_eq!(of(field), &Value::Number(number("90")), "{field}");
    }
    assert_eq!(of("non_eu_veto"), &Value::Bool(false));
    assert_eq!(of("non_eu_board_majority"), &Value::Bool(true));
    let from = value(&derived, &world, "party", "controlled_from");
    assert_eq!(from, Some(&Value::text("US")));
    let fact = derived[0].fact(&world.base, Provenance::Derived, "control", "fr");
    assert_eq!(fact.provenance, Provenance::Derived);
    assert!(derived.iter().all(|d| !d.rests_on.is_empty()));
}

#[test]
fn a_parent_whose_holders_nobody_names_is_no_proof_of_control() {
    let parent = |stated: Option<&str>| {
        let mut world = World::new();
        let applicant = world.applicant();
        world.describe(applicant, "Exemple SAS", "company", "FR");
        let holding = world.party("Exemple Holding SAS", "company", "FR");
        if let Some(country) = stated {
            world.say(holding, "controlled_from", country);
        }
        world.holding(holding, applicant, "100");
        let governance = world.part("governance");
        world.complete(governance, "holdings");
        let graph = from_facts(world.view()).unwrap();
        let derived = derive(world.view(), &graph, &rule()).unwrap();
        value(&derived, &world, "party", "controlled_from").cloned()
    };
    assert_eq!(parent(None), None);
    assert_eq!(parent(Some("FR")), Some(Value::text("FR")));
    assert_eq!(parent(Some("US")), Some(Value::text("US")));
}

/// The documents of a French company, of its parent and of the person who holds that,
/// and what `say` says besides.
fn family(say: &dyn Fn(&mut World, [RecordId; 3])) -> World {
    let mut world = World::new();
    world.provenance = Provenance::Documented;
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    let holding = world.party("Exemple Holding SAS", "company", "FR");
    let founder = world.party("Fondatrice", "person", "FR");
    world.holding(holding, applicant, "100");
    world.holding(founder, holding, "100");
    let governance = world.part("governance");
    world.complete(governance, "holdings");
    say(&mut world, [applicant, holding, founder]);
    world
}

/// The share of the capital from outside, and from where the applicant is controlled.
fn found(view: View<'_>, world: &World) -> [Option<String>; 2] {
    let graph = from_facts(view).unwrap();
    let derived = derive(view, &graph, &rule()).unwrap();
    let told = |record, field| value(&derived, world, record, field).map(Value::to_string);
    [
        told("governance", "non_eu_capital"),
        told("party:organisation", "controlled_from"),
    ]
}

#[test]
fn a_place_that_is_disputed_is_not_at_the_seat() {
    let inside = [Some("0".to_string()), Some("FR".to_string())];
    let said = |places: &[&str]| {
        let world = family(&|world, [_, holding, _]| {
            for place in places {
                world.say(holding, "central_administration", place);
            }
        });
        found(world.view(), &world)
    };
    assert_eq!(said(&[]), inside);
    assert_eq!(said(&["FR", "FR"]), inside);
    assert_eq!(said(&["FR", "US"])[0], None);
    assert_eq!(said(&["US"])[0], Some("100".to_string()));
}

#[test]
fn from_where_a_head_is_controlled_is_disputed() {
    let said = |countries: &[&str]| {
        let world = family(&|world, [_, _, founder]| {
            for country in countries {
                world.say(founder, "controlled_from", country);
            }
        });
        found(world.view(), &world)[1].clone()
    };
    assert_eq!(said(&[]).as_deref(), Some("FR"));
    assert_eq!(said(&["FR", "US"]), None);
}

#[test]
fn a_place_claimed_elsewhere_is_not_at_the_seat_and_one_claimed_there_is() {
    for (claimed, capital) in [("FR", Some("0")), ("US", None)] {
        let world = family(&|world, [_, holding, _]| {
            world.provenance = Provenance::Declared;
            world.say(holding, "central_administration", claimed);
        });
        let proved = world.view().established(&Documents);
        assert_eq!(found(proved, &world)[0].as_deref(), capital, "{claimed}");
    }
}

#[test]
fn a_holder_of_whom_no_share_is_stated_may_share_with_others() {
    let shares = |capital: Option<&str>| {
        let mut world = World::new();
        let applicant = world.applicant();
        world.describe(applicant, "Exemple SAS", "company", "FR");
        let founder = world.party("Fondatrice", "person", "FR");
        let governance = world.part("governance");
        let holding = world.add(governance, "holdings", "h");
        world.link(holding, "holder", founder);
        world.link(holding, "held", applicant);
        if let Some(capital) = capital {
            world.say(holding, "capital", capital);
        }
        world.complete(governance, "holdings");
        found(world.view(), &world)[0].clone()
    };
    assert_eq!(shares(None), None);
    assert_eq!(shares(Some("0..100")), None);
    assert_eq!(shares(Some("1..99")), Some(number("0..99").to_string()));
    assert_eq!(shares(Some("100")).as_deref(), Some("0"));
}

#[test]
fn nothing_is_derived_from_nothing() {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Exemple SAS", "company", "FR");
    let graph = from_facts(world.view()).unwrap();
    assert_eq!(derive(world.view(), &graph, &rule()).unwrap(), []);
}

#[test]
fn what_was_derived_does_not_feed_the_analysis() {
    let mut world = subsidiary();
    let graph = from_facts(world.view()).unwrap();
    let first = derive(world.view(), &graph, &rule()).unwrap();
    for d in &first {
        let fact = d.fact(&world.base, Provenance::Derived, "control", "fr");
        world.base.add_fact(fact);
    }
    let graph = from_facts(world.view()).unwrap();
    assert_eq!(derive(world.view(), &graph, &rule()).unwrap(), first);
}

#[test]
fn defects_are_named() {
    let codes = |change: &dyn Fn(&mut World)| -> Vec<&'static str> {
        let mut world = subsidiary();
        change(&mut world);
        let defects = from_facts(world.view()).unwrap_err();
        defects.iter().map(|d| d.code).collect()
    };
    let applicant = subsidiary().applicant();
    let above = |w: &mut World| {
        w.holding(applicant, applicant, "5");
    };
    assert_eq!(codes(&above), ["self-holding"]);
    let over = |w: &mut World| {
        let other = w.party("Autre", "company", "FR");
        w.holding(other, applicant, "20");
    };
    assert_eq!(codes(&over), ["shares-above-whole"]);
    let negative = |w: &mut World| {
        let other = w.party("Autre", "company", "FR");
        w.holding(applicant, other, "-3");
    };
    assert_eq!(codes(&negative), ["share-out-of-range"; 2]);
    let closed = |w: &mut World| {
        let (a, b) = (w.party("A", "company", "FR"), w.party("B", "company", "FR"));
        w.holding(a, b, "100");
        w.holding(b, a, "100");
    };
    assert_eq!(codes(&closed), ["closed-loop"]);
}

#[test]
fn a_graph_beyond_the_work_limit_says_so() {
    use crate::control::{ControlGraph, Entity, EntityId, Holding};
    let refused = |n: u32, holdings: u32| {
        let entities = vec![Entity::default(); n as usize];
        let percent = cocarde_model::Interval::ZERO;
        let one = |i| Holding::of(EntityId(i % n), EntityId((i + 1) % n), percent);
        let graph = ControlGraph::new(entities, (0..holdings).map(one).collect(), false);
        graph.unwrap_err().swap_remove(0)
    };
    for (n, holdings, said) in [
        (5_001, 5_001, "5001 entities"),
        (3_000, 2_000, "2000 holdings"),
    ] {
        let error = refused(n, holdings);
        assert_eq!(error.code, "graph-too-large");
        assert!(error.message.en.contains(said), "{}", error.message.en);
    }
    // Whoever is in no holding takes no work.
    let many = vec![Entity::default(); 5_001];
    let one = Holding::of(EntityId(0), EntityId(1), cocarde_model::Interval::ZERO);
    assert!(ControlGraph::new(many, vec![one], false).is_ok());
}

#[test]
fn the_report_reads_well() {
    let world = subsidiary();
    let graph = from_facts(world.view()).unwrap();
    let target = graph.by_record(world.applicant()).unwrap();
    let rule = rule();
    let report = ControlAnalysis::new(&graph, target, &rule)
        .unwrap()
        .report()
        .unwrap();
    let lines: Vec<&str> = report.explanation.iter().map(|l| &*l.fr).collect();
    assert_eq!(
        lines,
        [
            "Exemple Filiale SAS est contrôlée par Example Parent Inc. (US)",
            "hors de la zone : 90 % du capital ensemble, 90 % au plus pour une seule entité",
            "hors de la zone : 90 % des votes ensemble, 90 % au plus pour une seule entité",
            "Example Parent Inc. (US) : 90 % du capital ; Example Parent Inc. —100 %→ \
             Exemple Holding GmbH —90 %→ Exemple Filiale SAS",
        ]
    );
    let proof: Vec<&str> = report.control.proof.iter().map(|l| &*l.en).collect();
    assert_eq!(
        proof,
        [
            "Example Parent Inc. controls Exemple Holding GmbH: 100% of the votes through \
             Example Parent Inc.",
            "Example Parent Inc. controls Exemple Filiale SAS: 90% of the votes through \
             Exemple Holding GmbH",
        ]
    );
}
