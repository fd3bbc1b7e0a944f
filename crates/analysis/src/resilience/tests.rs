//! Laws of outages and portfolios, against brute force; and a small plant.

use super::events::Struck;
use super::network::{Network, Node, Several};
use super::outage::{End, FOREVER, Outage, outages};
use super::portfolio::{Choice, Impossible, Problem, cheapest};
use super::saved::Saved;
use super::*;
use crate::control;
use crate::cutset::Limits;
use crate::testing::World;
use cocarde_knowledge::scenarios;
use cocarde_model::{Interval, RecordId};
use proptest::prelude::*;

mod limits;
mod missing;
mod open;
mod saved;
mod told;
mod unclear;
mod unplaced;

/// Small networks: services first, each needing only those before it; the last
/// two nodes are functions.
fn networks() -> impl Strategy<Value = Network> {
    let node = (
        prop::collection::vec(any::<prop::sample::Index>(), 0..3),
        prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        any::<prop::sample::Index>(),
        (0_u32..4, 0_u32..3),
        (0_u32..4, 0_u32..3),
    );
    prop::collection::vec(node, 3..8).prop_map(|drawn| {
        let count = drawn.len();
        let mut nodes = Vec::new();
        for (i, (all, some, k, tolerated, switch)) in drawn.into_iter().enumerate() {
            let mut node = Node::new(&format!("n{i}"));
            node.function = i + 2 >= count;
            node.provided = !node.function;
            if i > 0 {
                node.all_of = all.iter().map(|x| x.index(i)).collect();
                node.all_of.dedup();
                let mut of: Vec<usize> = some.iter().map(|x| x.index(i)).collect();
                of.sort_unstable();
                of.dedup();
                if !of.is_empty() {
                    let at_least = 1 + k.index(of.len());
                    node.some_of.push(Several { at_least, of });
                }
            }
            node.tolerated = between(tolerated);
            node.switch = between(switch);
            nodes.push(node);
        }
        Network::new(nodes).unwrap()
    })
}

fn between((from, more): (u32, u32)) -> Interval {
    Interval::new(Some(from.into()), Some((from + more).into())).unwrap()
}

fn outage() -> impl Strategy<Value = Option<Outage>> {
    let length = prop_oneof![3 => Just(FOREVER), 2 => 1_u64..6];
    prop::option::of((0_u64..4, length).prop_map(|(start, length)| Outage::own(start, length)))
}

/// Hour by hour, what a node's outage says.
fn is_down(outage: Option<Outage>, hour: u64) -> bool {
    outage.is_some_and(|o| o.start <= hour && (o.length == FOREVER || hour - o.start < o.length))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn outages_grow_with_what_is_struck_and_the_two_ends_are_in_order(
        network in networks(),
        more in prop::collection::vec(outage(), 8),
        kept in prop::collection::vec(any::<bool>(), 8),
    ) {
        let own: Vec<_> = network.nodes().iter().zip(&more).map(|(n, o)| o.filter(|_| n.provided)).collect();
        let fewer: Vec<_> = own.iter().zip(&kept).map(|(o, k)| o.filter(|_| *k)).collect();
        let covers = |a: &Option<Outage>, b: &Option<Outage>| match (a, b) {
            (_, None) => true,
            (Some(a), Some(b)) => a.covers(b),
            (None, Some(_)) => false,
        };
        let wide = outages(&network, &own, End::Soonest);
        let narrow = outages(&network, &fewer, End::Soonest);
        for (a, b) in wide.iter().zip(&narrow) {
            prop_assert!(covers(a, b), "{a:?} {b:?}");
        }
        let latest = outages(&network, &own, End::Latest);
        for (a, b) in wide.iter().zip(&latest) {
            prop_assert!(covers(a, b), "{a:?} {b:?}");
        }
    }

    #[test]
    fn without_switching_the_two_ends_hold_what_happens_hour_by_hour(
        mut network in networks().prop_map(|n| n.nodes().to_vec()),
        own in prop::collection::vec(outage(), 8),
    ) {
        // Redundancy without delay and without patience: a plain count, each hour.
        for node in &mut network {
            node.switch = Interval::ZERO;
            node.tolerated = Interval::ZERO;
        }
        let network = Network::new(network).unwrap();
        let own: Vec<_> = network.nodes().iter().zip(own).map(|(n, o)| o.filter(|_| n.provided)).collect();
        let soonest = outages(&network, &own, End::Soonest);
        let latest = outages(&network, &own, End::Latest);
        let horizon = 200;
        let mut hours_down = vec![0_u64; network.nodes().len()];
        for hour in 0..horizon {
            let mut down = vec![false; network.nodes().len()];
            for n in network.order() {
                let node = &network.nodes()[*n];
                let lost = |m: &usize| down[*m];
                let few = |s: &Several| s.of.iter().filter(|m| !down[**m]).count() < s.at_least;
                down[*n] = is_down(own[*n], hour) || node.all_of.iter().any(lost) || node.some_of.iter().any(few);
                hours_down[*n] += u64::from(down[*n]);
                if down[*n] {
                    prop_assert!(soonest[*n].is_some_and(|o| o.start <= hour));
                } else {
                    prop_assert!(!is_down(latest[*n], hour));
                }
            }
        }
        for (n, hours) in hours_down.iter().enumerate() {
            // Those that do not come back within the horizon are down for good.
            let forever = *hours > 100;
            if let Some(o) = soonest[n].filter(|o| o.length < FOREVER) {
                prop_assert!(!forever && *hours <= o.length);
            }
            prop_assert_eq!(latest[n].is_some_and(|o| o.length == FOREVER), forever);
        }
    }

    #[test]
    fn the_portfolio_is_the_cheapest_of_all(
        network in networks(),
        drawn in prop::collection::vec(prop::collection::vec((0_u64..9, prop::collection::vec(outage(), 2)), 1..4), 8),
    ) {
        let choices: Vec<Vec<Choice>> = network.nodes().iter().zip(drawn).map(|(node, drawn)| {
            let drawn = drawn.into_iter().filter(|_| node.provided);
            drawn.map(|(cost, outages)| Choice { cost, outages }).collect()
        }).collect();
        let functions: Vec<usize> = network.functions().collect();
        let problem = Problem { network: &network, choices, events: 2, functions };
        let expected = by_brute_force(&problem);
        match cheapest(&problem) {
            Ok(found) => {
                prop_assert_eq!(Some(found.cost), expected);
                prop_assert!(survives(&problem, &found.chosen));
            }
            Err(Impossible::Nothing) => prop_assert_eq!(None, expected),
            Err(Impossible::Limit) => prop_assert!(false, "limit"),
        }
    }
}

fn survives(problem: &Problem<'_>, chosen: &[Option<usize>]) -> bool {
    (0..problem.events).all(|event| {
        let own: Vec<Option<Outage>> = chosen
            .iter()
            .enumerate()
            .map(|(n, c)| c.and_then(|c| problem.choices[n][c].outages[event]))
            .collect();
        let down = outages(problem.network, &own, End::Soonest);
        problem.functions.iter().all(|f| down[*f].is_none())
    })
}

fn by_brute_force(problem: &Problem<'_>) -> Option<u64> {
    let sizes: Vec<usize> = problem.choices.iter().map(Vec::len).collect();
    let all: usize = sizes.iter().map(|s| (*s).max(1)).product();
    let mut best = None;
    for mut code in 0..all {
        let chosen: Vec<Option<usize>> = sizes
            .iter()
            .map(|size| {
                let at = code % (*size).max(1);
                code /= (*size).max(1);
                (*size > 0).then_some(at)
            })
            .collect();
        let costs = chosen.iter().enumerate();
        let cost: u64 = costs
            .filter_map(|(n, c)| Some(problem.choices[n][(*c)?].cost))
            .sum();
        if best.is_none_or(|b| cost < b) && survives(problem, &chosen) {
            best = Some(cost);
        }
    }
    best
}

/// A plant: production needs an execution system that needs a directory of a
/// US group's subsidiary; payroll has two independent paths.
struct Plant {
    world: World,
    subsidiary: RecordId,
}

fn plant() -> Plant {
    let mut world = World::new();
    let applicant = world.applicant();
    world.describe(applicant, "Usine", "company", "FR");
    world.say(applicant, "controlled_from", "FR");
    let group = world.party("groupe-us", "company", "US");
    let subsidiary = world.party("filiale", "company", "FR");
    world.holding(group, subsidiary, "100");
    let governance = world.part("governance");
    world.complete(governance, "holdings");
    let host = world.party("hebergeur", "company", "FR");
    world.say(host, "controlled_from", "FR");
    let part = world.part("resilience");
    let service = |world: &mut World, id: &str, by: RecordId, tolerated: &str| {
        let record = world.add(part, "services", id);
        world.link(record, "provided_by", by);
        world.say(record, "tolerated_outage_hours", tolerated);
        record
    };
    service(&mut world, "annuaire", subsidiary, "0");
    let mes = service(&mut world, "mes", applicant, "1");
    world.say(mes, "all_of", "annuaire");
    service(&mut world, "paie-a", subsidiary, "0");
    service(&mut world, "paie-b", host, "0");
    let production = world.add(part, "functions", "production");
    world.say(production, "all_of", "mes");
    world.say(production, "tolerated_outage_hours", "3");
    let payroll = world.add(part, "functions", "paie");
    world.say(payroll, "any_of", "paie-a paie-b");
    world.say(payroll, "switch_hours", "8");
    world.say(payroll, "tolerated_outage_hours", "72");
    Plant { world, subsidiary }
}

fn report(plant: &Plant, scenario: &str) -> ResilienceReport {
    report_within(super::cuts::LIMITS, plant, scenario)
}

fn report_within(limits: Limits, plant: &Plant, scenario: &str) -> ResilienceReport {
    let view = plant.world.view();
    let graph = control::from_facts(view).unwrap();
    let all = scenarios::standard();
    let scenario = all.iter().find(|s| s.id == scenario).unwrap();
    let rule = control::ControlRule::default();
    let report = analyse(view, &graph, &rule, scenario, &[], None, limits);
    report.unwrap().unwrap()
}

fn hours(outcome: &Outcome) -> (&str, Option<&str>, Option<&str>) {
    match outcome {
        Outcome::Stops { after } => ("stops", after.min.as_deref(), after.max.as_deref()),
        Outcome::Interrupted { after, .. } => {
            ("interrupted", after.min.as_deref(), after.max.as_deref())
        }
        Outcome::Holds => ("holds", None, None),
        Outcome::Undetermined { after } => ("undetermined", after.min.as_deref(), None),
    }
}

#[test]
fn a_plant_stops_when_the_delays_on_the_way_are_used_up() {
    let report = report(&plant(), "us-vendor-stop");
    let of = &report.events[0].functions;
    assert_eq!(hours(&of[0].outcome), ("stops", Some("4"), Some("4")));
    let path: Vec<&str> = of[0].path.iter().map(|n| &*report.nodes[*n].id).collect();
    assert_eq!(path, ["production", "mes", "annuaire"]);
    assert_eq!(hours(&of[1].outcome), ("holds", None, None));
    let why = &report.events[0].struck[0].why;
    assert_eq!(why.en, "filiale, controlled by groupe-us (US)");
    let cuts = &report.cuts[0];
    assert_eq!(cuts.component.single_points, ["annuaire", "mes"]);
    assert_eq!(cuts.actor.single_points, ["groupe-us"]);
    assert_eq!(cuts.jurisdiction.single_points, ["US"]);
    let pair = ["groupe-us".to_string(), "hebergeur".to_string()];
    assert_eq!(report.cuts[1].actor.sets, [pair]);
    assert_eq!(report.portfolio.outcome, PortfolioOutcome::Impossible);
}

#[test]
fn a_replacement_that_the_scenario_strikes_too_is_not_chosen() {
    let mut plant = plant();
    let world = &mut plant.world;
    let part = world.part("resilience");
    let service = world.view().members(part, "services").0[0];
    let host = world.view().members(world.base.root(), "parties").0[2];
    for (id, by, cost) in [
        ("meme-groupe", plant.subsidiary, "10"),
        ("ldap", host, "100..200"),
        ("cher", host, "150..300"),
    ] {
        let record = world.add(part, "alternatives", id);
        world.link(record, "replaces", service);
        world.link(record, "provided_by", by);
        world.say(record, "cost", cost);
        world.say(record, "days", "20..30");
    }
    let report = report(&plant, "us-vendor-stop");
    assert_eq!(report.portfolio.outcome, PortfolioOutcome::Found);
    let chosen: Vec<&str> = report.portfolio.choices.iter().map(|c| &*c.id).collect();
    assert_eq!(chosen, ["ldap"]);
    assert_eq!(report.portfolio.cost.max.as_deref(), Some("200"));
}

#[test]
fn an_unknown_controller_leaves_the_outcome_open_and_says_so() {
    let mut plant = plant();
    let world = &mut plant.world;
    let part = world.part("resilience");
    let stranger = world.party("inconnue", "company", "FR");
    let record = world.add(part, "services", "cartes");
    world.link(record, "provided_by", stranger);
    world.say(record, "tolerated_outage_hours", "0");
    let function = world.add(part, "functions", "livraison");
    world.say(function, "all_of", "cartes");
    world.say(function, "tolerated_outage_hours", "5");
    let report = report(&plant, "us-vendor-stop");
    let outcome = &report.events[0].functions[2];
    assert_eq!(hours(&outcome.outcome), ("undetermined", Some("5"), None));
    assert!(
        outcome.missing[0].en.contains("who controls inconnue"),
        "{:?}",
        outcome.missing
    );
}

#[test]
fn one_at_a_time_tries_every_outside_actor() {
    let report = report(&plant(), "account-deleted-by-host");
    let titles: Vec<&str> = report.events.iter().map(|e| &*e.title.en).collect();
    assert_eq!(titles, ["filiale", "hebergeur"]);
    assert_eq!(hours(&report.events[1].functions[0].outcome).0, "holds");
}

#[test]
fn unknown_services_loops_and_impossible_needs_are_told() {
    let told = |change: &dyn Fn(&mut World, RecordId, RecordId)| {
        let mut plant = plant();
        let part = plant.world.part("resilience");
        let function = plant.world.view().members(part, "functions").0[1];
        let service = plant.world.view().members(part, "services").0[0];
        change(&mut plant.world, function, service);
        let view = plant.world.view();
        let graph = control::from_facts(view).unwrap();
        let defects = from_facts(view, &graph, &[]).unwrap_err();
        assert!(defects[0].help.is_some());
        (defects[0].code, defects[0].message.en.clone())
    };
    let (code, said) = told(&|w, f, _| w.say(f, "all_of", "anuaire"));
    assert_eq!(
        (code, &*said),
        ("unknown-service", "no service is called `anuaire`")
    );
    let (code, said) = told(&|w, _, s| w.say(s, "all_of", "mes"));
    assert_eq!(
        (code, &*said),
        ("need-loop", "a service needs itself: mes → annuaire → mes")
    );
    let impossible = |w: &mut World, f: RecordId, _: RecordId| {
        w.say(f, "some_of", "mes annuaire");
        w.say(f, "at_least", "3");
    };
    assert_eq!(told(&impossible).0, "impossible-need");
    assert_eq!(
        told(&|w, f, _| w.say(f, "some_of", "mes")).0,
        "unknown-threshold"
    );
}
