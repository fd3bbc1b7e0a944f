use super::super::testing::*;
use super::*;
use cocarde_model::Interval;

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

    // Listed shares: only those who had to declare themselves count.
    let mut listed = entities;
    listed[0].listed = Some(true);
    let graph = ControlGraph::new(listed, holdings, false).unwrap();
    assert_eq!(percent(&report(&graph, &eu()).capital), pct("10"));
}

#[test]
fn persons_count_as_the_rule_says() {
    let mut person = company("person", "FR");
    person.kind = Some(Kind::Person);
    person.seat = None;
    person.residence = Some("FR".into());
    person.nationality = Some("US".into());
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
    holder.seat = None;
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
    holder.central_administration = Some("US".into());
    assert_eq!(eu().is_outside(&holder), Truth::True);
    holder.central_administration = None;
    assert_eq!(eu().is_outside(&holder), Truth::False);
    let strict = OutsideRule {
        follow_seat: false,
        ..eu()
    };
    assert_eq!(strict.is_outside(&holder), Truth::Unknown);
}
