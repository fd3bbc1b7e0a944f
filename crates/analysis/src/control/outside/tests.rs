use super::super::testing::*;
use super::*;
use crate::control::{ControlAnalysis, Kind};
use cocarde_model::Interval;
use proptest::prelude::*;

fn eu() -> OutsideRule {
    OutsideRule::new(["FR", "DE", "IE"])
}

fn report(graph: &ControlGraph, rule: &OutsideRule) -> Outside {
    let table = ControlTable::new(graph, &rule.control);
    graph.outside(id(graph, "target"), rule, &table).unwrap()
}

fn percent(range: &Range) -> Interval {
    range.to_percent()
}

#[test]
fn direct_and_indirect_shares_add_up_once() {
    // 20 % directly; 60 % of a French holding with 30 %: 18 % more.
    let entities = vec![
        company("target", "FR"),
        company("holding", "FR"),
        company("parent", "US"),
        company("subsidiary", "US"),
        state("founder", "FR"),
        state("wall street", "US"),
    ];
    let list = [
        ("subsidiary", "target", pct("20")),
        ("holding", "target", pct("30")),
        ("founder", "target", pct("50")),
        ("parent", "holding", pct("60")),
        ("founder", "holding", pct("40")),
        ("parent", "subsidiary", pct("100")),
        ("wall street", "parent", pct("100")),
    ];
    let graph = graph(entities, &list);
    let found = report(&graph, &eu());
    assert_eq!(percent(&found.capital), pct("38"));
    assert_eq!(percent(&found.capital_max), pct("38"));
    // The parent controls the holding: its votes count in full.
    assert_eq!(percent(&found.votes), pct("50"));
    assert_eq!(found.veto, Truth::False);
    assert_eq!(found.board_majority, Truth::False);
    let product = OutsideRule {
        votes: IndirectVotes::Product,
        ..eu()
    };
    assert_eq!(percent(&report(&graph, &product).votes), pct("38"));
    let chains = graph.chains(id(&graph, "parent"), id(&graph, "target"), Measure::Capital);
    let shares: Vec<_> = chains.list.iter().map(|c| percent(&c.share)).collect();
    assert_eq!(shares, [pct("20"), pct("18")]);
}

#[test]
fn what_is_not_attributed_is_an_interval() {
    let entities = vec![
        company("target", "FR"),
        state("founder", "FR"),
        company("fund", "US"),
    ];
    let holdings = holdings(
        &entities,
        &[
            ("founder", "target", pct("70")),
            ("fund", "target", pct("10")),
        ],
    );
    let open = ControlGraph::new(entities.clone(), holdings.clone(), false).unwrap();
    let found = report(&open, &eu());
    assert_eq!(percent(&found.capital), between(10, 30));
    assert_eq!(percent(&found.capital_max), between(10, 30));
    assert_eq!(found.veto, Truth::Unknown);

    // Listed shares: only those who had to declare themselves count, and one of
    // them may be missing from an open list.
    let mut listed = entities;
    listed[0].listed = Some(true);
    for (complete, share) in [(true, pct("10")), (false, between(10, 30))] {
        let graph = ControlGraph::new(listed.clone(), holdings.clone(), complete).unwrap();
        assert_eq!(percent(&report(&graph, &eu()).capital), share);
    }
}

/// A French company, 82 % of which are with a French one of that kind that is
/// stated to be controlled from France, its holders unnamed.
fn under(kind: Kind, listed: Option<bool>) -> ControlGraph {
    let mut top = company("top", "FR");
    top.kind = Some(kind);
    top.residence = Said::One("FR".into());
    top.controlled_from = Said::One("FR".into());
    top.listed = listed;
    let entities = vec![company("target", "FR"), top, state("founder", "FR")];
    let list = [
        ("top", "target", pct("82")),
        ("founder", "target", pct("18")),
    ];
    graph(entities, &list)
}

#[test]
fn a_stated_country_of_control_does_not_say_who_holds_the_shares() {
    for kind in [Kind::Company, Kind::Fund] {
        let found = report(&under(kind, Some(false)), &eu());
        for share in [
            &found.capital,
            &found.capital_max,
            &found.votes,
            &found.votes_max,
        ] {
            assert_eq!(percent(share), between(0, 82), "{kind:?}");
        }
        assert_eq!(found.veto, Truth::Unknown);
        assert_eq!(found.board_majority, Truth::Unknown);
    }
}

#[test]
fn what_nobody_holds_is_an_end_and_dispersed_shares_are_not_counted() {
    let ends = [
        Kind::Person,
        Kind::State,
        Kind::PublicBody,
        Kind::Association,
    ];
    let ends = ends.map(|kind| under(kind, None));
    for graph in ends.iter().chain([&under(Kind::Company, Some(true))]) {
        let found = report(graph, &eu());
        for share in [
            &found.capital,
            &found.capital_max,
            &found.votes,
            &found.votes_max,
        ] {
            assert_eq!(percent(share), pct("0"));
        }
        assert_eq!(found.board_majority, Truth::False);
    }
}

#[test]
fn a_company_whose_own_holders_nobody_stated_may_be_held_by_anyone() {
    let mut target = company("target", "FR");
    target.controlled_from = Said::One("FR".into());
    let found = report(&graph(vec![target], &[]), &eu());
    for share in [
        &found.capital,
        &found.capital_max,
        &found.votes,
        &found.votes_max,
    ] {
        assert_eq!(percent(share), between(0, 100));
    }
    assert_eq!(
        (found.veto, found.board_majority),
        (Truth::Unknown, Truth::Unknown)
    );
}

/// Complete holdings among five companies, the rest of each with one of two
/// French States and two American ones.
fn filled() -> impl Strategy<Value = (Vec<Entity>, Vec<Holding>)> {
    let line = (0usize..9, 0usize..5, 1i64..60);
    let lines = proptest::collection::vec(line, 0..12);
    (lines, proptest::collection::vec(5usize..9, 5)).prop_map(|(lines, last)| {
        let mut entities: Vec<_> = (0..5).map(|i| company(&format!("c{i}"), "FR")).collect();
        entities[0].name = "target".into();
        let ends = [("s5", "FR"), ("s6", "FR"), ("s7", "US"), ("s8", "US")];
        entities.extend(ends.map(|(name, seat)| state(name, seat)));
        let mut left = [100; 5];
        let mut holdings = Vec::new();
        let rest = last.iter().enumerate().map(|(held, s)| (*s, held, 100));
        for (holder, held, share) in lines.into_iter().chain(rest) {
            let share = share.min(left[held]);
            if holder != held && share > 0 {
                left[held] -= share;
                let ids = [holder, held].map(|i| EntityId(i as u32));
                holdings.push(Holding::of(ids[0], ids[1], between(share, share)));
            }
        }
        (entities, holdings)
    })
}

proptest! {
    /// Not to know who holds a company, only from where it is controlled, never
    /// excludes what is so.
    #[test]
    fn holders_left_unsaid_only_widen((entities, holdings) in filled(), forgotten in 0u32..5) {
        let Ok(full) = ControlGraph::new(entities.clone(), holdings.clone(), true) else {
            return Ok(());
        };
        let rule = eu();
        let known = report(&full, &rule);
        let analysis = ControlAnalysis::new(&full, EntityId(0), &rule).unwrap();
        let forgotten = EntityId(forgotten);
        let mut entities = entities;
        entities[forgotten.index()].controlled_from = match analysis.controlled_from(forgotten) {
            Some(country) => Said::One(country),
            None => Said::Nothing,
        };
        let kept = holdings.into_iter().filter(|h| h.held != forgotten).collect();
        let part = report(&ControlGraph::new(entities, kept, true).unwrap(), &rule);
        for (wide, narrow) in [(&part.capital, &known.capital), (&part.votes, &known.votes)] {
            prop_assert!(wide.lo <= narrow.lo && narrow.hi <= wide.hi, "{wide:?} {narrow:?}");
        }
        for (wide, narrow) in [
            (part.veto, known.veto),
            (part.board_majority, known.board_majority),
        ] {
            prop_assert!(wide == narrow || wide == Truth::Unknown, "{wide:?} {narrow:?}");
        }
    }
}

#[test]
fn persons_count_as_the_rule_says() {
    let mut person = company("person", "FR");
    person.kind = Some(Kind::Person);
    person.seat = Said::Nothing;
    person.residence = Said::One("FR".into());
    person.nationality = Said::One("US".into());
    let graph = graph(
        vec![company("target", "FR"), person],
        &[("person", "target", pct("100"))],
    );
    assert_eq!(percent(&report(&graph, &eu()).capital), pct("0"));
    let by_nationality = OutsideRule {
        persons: Persons::Nationality,
        ..eu()
    };
    let found = report(&graph, &by_nationality);
    assert_eq!(percent(&found.capital), pct("100"));
    assert_eq!(found.board_majority, Truth::True);
}

#[test]
fn a_veto_held_through_a_controlled_company_counts() {
    let entities = vec![
        company("target", "FR"),
        company("holding", "FR"),
        state("founder", "FR"),
        company("parent", "US"),
    ];
    let list = [
        ("founder", "target", pct("90")),
        ("holding", "target", pct("10")),
        ("parent", "holding", pct("80")),
        ("founder", "holding", pct("20")),
    ];
    let mut lines = holdings(&entities, &list);
    lines[1].rights = Some(vec![SpecialRight::Veto]);
    let graph = ControlGraph::new(entities.clone(), lines.clone(), true).unwrap();
    assert_eq!(report(&graph, &eu()).veto, Truth::True);
    lines[1].rights = None;
    let graph = ControlGraph::new(entities, lines, true).unwrap();
    assert_eq!(report(&graph, &eu()).veto, Truth::Unknown);
}

#[test]
fn an_unknown_seat_is_not_inside() {
    let mut holder = company("holder", "FR");
    holder.seat = Said::Nothing;
    let entities = vec![company("target", "FR"), holder, state("founder", "FR")];
    let list = [
        ("holder", "target", pct("30")),
        ("founder", "target", pct("70")),
    ];
    let graph = graph(entities, &list);
    assert_eq!(percent(&report(&graph, &eu()).capital), between(0, 30));
}

#[test]
fn a_seat_inside_with_an_administration_outside_is_outside() {
    let mut holder = company("holder", "IE");
    holder.central_administration = Said::One("US".into());
    assert_eq!(eu().is_outside(&holder), Truth::True);
    holder.central_administration = Said::Nothing;
    assert_eq!(eu().is_outside(&holder), Truth::False);
    let strict = OutsideRule {
        follow_seat: false,
        ..eu()
    };
    assert_eq!(strict.is_outside(&holder), Truth::Unknown);
}

#[test]
fn only_a_place_of_which_nobody_says_anything_is_at_the_seat() {
    let mut holder = company("holder", "FR");
    assert_eq!(eu().is_outside(&holder), Truth::False);
    holder.main_establishment = Said::Open;
    assert_eq!(eu().is_outside(&holder), Truth::Unknown);
    holder.central_administration = Said::One("US".into());
    assert_eq!(eu().is_outside(&holder), Truth::True);
}

#[test]
fn of_someone_who_may_be_a_person_what_is_so_either_way_is_known() {
    let mut holder = company("holder", "FR");
    (holder.kind, holder.perhaps_person) = (None, true);
    assert_eq!(eu().is_outside(&holder), Truth::Unknown);
    for (residence, outside) in [("FR", Truth::False), ("US", Truth::Unknown)] {
        holder.residence = Said::One(residence.into());
        assert_eq!(eu().is_outside(&holder), outside, "{residence}");
    }
}
