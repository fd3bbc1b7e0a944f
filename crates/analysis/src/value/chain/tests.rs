use super::super::report::analyse;
use super::*;
use crate::testing::number;
use proptest::prelude::*;

fn line(label: &str, amount: &str, goes: Destination) -> Line {
    Line {
        label: label.into(),
        amount: number(amount),
        goes,
    }
}

fn country(code: &str) -> Destination {
    Destination::Country(code.into())
}

fn firm(name: &str, lines: Vec<Line>) -> Firm {
    Firm {
        name: name.into(),
        lines,
        turnover: None,
    }
}

fn chain(firms: Vec<Firm>) -> Chain {
    Chain {
        home: "FR".into(),
        firms,
    }
}

/// The reciprocal method of cost allocation in C. T. Horngren, S. M. Datar and
/// M. V. Rajan, *Cost Accounting*, chapter 15: plant maintenance of 6,300,000
/// uses 10 % of information systems, which costs 1,452,150 and uses 20 % of
/// plant maintenance; complete reciprocated costs are 6,576,750 and 2,767,500.
/// Here, as two suppliers in a loop: the turnover of each is its complete cost.
#[test]
fn reciprocal_services() {
    let r = |n: i64, d: i64| Ratio::new(n.into(), d.into());
    let uses = [vec![r(1, 1), r(-1, 10)], vec![r(-2, 10), r(1, 1)]];
    let costs = [vec![r(6_300_000, 1)], vec![r(1_452_150, 1)]];
    let complete = crate::exact::solve(&uses, &costs).unwrap();
    assert_eq!(complete[0][0].floor(), r(6_576_750, 1));
    assert_eq!(complete[1][0].floor(), r(2_767_500, 1));

    let maintenance = firm(
        "maintenance",
        vec![
            line("own", "6300000", country("FR")),
            line("systems", "276750", Destination::Firm(FirmId(2))),
        ],
    );
    let systems = firm(
        "systems",
        vec![
            line("own", "1452150", country("DE")),
            line("maintenance", "1315350", Destination::Firm(FirmId(1))),
        ],
    );
    let buyer = firm(
        "buyer",
        vec![line("maintenance", "6576750", Destination::Firm(FirmId(1)))],
    );
    let report = analyse(&chain(vec![buyer, maintenance, systems])).unwrap();
    // 6,300,000 of 6,576,750 stay, and of the 276,750 passed on, the part
    // 1,315,350 / 2,767,500 comes back, over and over.
    let (kept, passed) = (6_300_000f64 / 6_576_750.0, 276_750f64 / 6_576_750.0);
    let expected = 100.0 * kept / (1.0 - passed * (1_315_350f64 / 2_767_500.0));
    let domestic = report.domestic.0;
    let near = |d: Option<Decimal>| {
        let value: f64 = d.unwrap().to_string().parse().unwrap();
        (value - expected).abs() < 1e-9
    };
    assert!(near(domestic.lo()) && near(domestic.hi()), "{domestic}");
}

#[test]
fn a_loop_that_buys_only_from_itself_is_refused() {
    let buys = |n| vec![line("all", "100", Destination::Firm(FirmId(n)))];
    let firms = vec![firm("a", buys(1)), firm("b", buys(2)), firm("c", buys(1))];
    let error = analyse(&chain(firms)).unwrap_err();
    assert_eq!(
        error,
        ChainError::Gain(vec!["a".into(), "b".into(), "c".into()])
    );
    assert!(error.diagnostic().message.en.contains("gain ≥ 1"));
}

#[test]
fn purchases_above_turnover_are_refused() {
    let mut a = firm("a", vec![line("parts", "120", country("DE"))]);
    a.turnover = Some((number("100"), country("FR")));
    let error = analyse(&chain(vec![a])).unwrap_err();
    assert_eq!(error, ChainError::Gain(vec!["a".into()]));
}

#[test]
fn what_turnover_leaves_is_own_value_added() {
    let mut a = firm("a", vec![line("parts", "40", country("DE"))]);
    a.turnover = Some((number("100"), country("FR")));
    let report = analyse(&chain(vec![a])).unwrap();
    assert_eq!(report.domestic.0, number("60"));
}

/// Own value added goes where a line may go, under the same conditions.
#[test]
fn what_turnover_leaves_may_be_made_anywhere_there_is() {
    let with = |made: Destination| {
        let mut a = firm("a", vec![line("parts", "40", country("DE"))]);
        a.turnover = Some((number("100"), made));
        analyse(&chain(vec![a])).map(|report| report.domestic.0)
    };
    let shared = |domestic: Interval| Destination::Shared {
        domestic,
        rest: None,
    };
    assert_eq!(with(shared(Interval::ALL)), Ok(number("0..60")));
    assert_eq!(with(shared(number("50"))), Ok(number("30")));
    let wrong = ChainError::Amount("a".into(), "a".into());
    assert_eq!(with(shared(number("101"))), Err(wrong));
    let unknown = ChainError::Firm("a".into(), "a".into());
    assert_eq!(with(Destination::Firm(FirmId(7))), Err(unknown));
}

#[test]
fn other_defects_are_named() {
    let refused = |lines| analyse(&chain(vec![firm("a", lines)])).unwrap_err();
    let shared = |domestic: &str| Destination::Shared {
        domestic: number(domestic),
        rest: None,
    };
    let wrong = ChainError::Amount("a".into(), "x".into());
    assert_eq!(refused(vec![line("x", "-1", country("FR"))]), wrong);
    assert_eq!(refused(vec![line("x", "1", shared("101"))]), wrong);
    let unknown = ChainError::Firm("a".into(), "x".into());
    assert_eq!(
        refused(vec![line("x", "1", Destination::Firm(FirmId(9)))]),
        unknown
    );
    assert_eq!(
        refused(vec![line("x", "0", country("FR"))]),
        ChainError::Empty("a".into())
    );
}

/// A world of firms whose unknowns can be filled in: for each firm, lines of a
/// true amount within a range, to FR, DE, a shared purchase or another firm.
#[derive(Clone, Debug)]
struct World {
    chain: Chain,
    amounts: Vec<Vec<i64>>,
    /// True domestic percent of shared lines.
    shares: Vec<Vec<i64>>,
}

fn worlds(loops: bool) -> impl Strategy<Value = World> {
    let line = (
        0u8..4,
        1i64..50,
        0i64..10,
        0i64..10,
        0i64..=100,
        0i64..30,
        0usize..3,
    );
    let firm_lines = proptest::collection::vec(line, 1..4);
    proptest::collection::vec(firm_lines, 3).prop_map(move |firms| {
        let mut world = World {
            chain: chain(Vec::new()),
            amounts: Vec::new(),
            shares: Vec::new(),
        };
        for (i, lines) in firms.into_iter().enumerate() {
            let mut built = vec![line_of("own", 1, (0, 0), country("FR"))];
            let (mut amounts, mut shares) = (vec![1], vec![0]);
            for (kind, amount, below, above, share, slack, to) in lines {
                let range = between((share - slack).max(0), (share + slack).min(100));
                let goes = match kind {
                    0 => country("FR"),
                    1 => country("DE"),
                    2 if loops || to > i => Destination::Firm(FirmId(to)),
                    _ => Destination::Shared {
                        domestic: range,
                        rest: Some("US".into()),
                    },
                };
                built.push(line_of("x", amount, (below, above), goes));
                amounts.push(amount);
                shares.push(share);
            }
            world.chain.firms.push(firm(&format!("f{i}"), built));
            world.amounts.push(amounts);
            world.shares.push(shares);
        }
        world
    })
}

fn between(lo: i64, hi: i64) -> Interval {
    Interval::new(Some(Decimal::from(lo)), Some(Decimal::from(hi))).unwrap()
}

fn line_of(label: &str, amount: i64, (below, above): (i64, i64), goes: Destination) -> Line {
    Line {
        label: label.into(),
        amount: between((amount - below).max(0), amount + above),
        goes,
    }
}

/// The domestic share of the first firm when every unknown is filled in, by
/// passing a euro on until less than 1e-15 of it is left.
fn filled(chain: &Chain, amounts: &[Vec<i64>], shares: &[Vec<i64>]) -> f64 {
    let mut at = vec![0.0; chain.firms.len()];
    at[0] = 1.0;
    let mut home = 0.0;
    while at.iter().sum::<f64>() > 1e-15 {
        let mut next = vec![0.0; at.len()];
        for (i, firm) in chain.firms.iter().enumerate() {
            let total: i64 = amounts[i].iter().sum();
            for (j, line) in firm.lines.iter().enumerate() {
                let part = at[i] * amounts[i][j] as f64 / total as f64;
                match &line.goes {
                    Destination::Country(c) => home += if &**c == "FR" { part } else { 0.0 },
                    Destination::Firm(id) => next[id.0] += part,
                    Destination::Shared { .. } => home += part * shares[i][j] as f64 / 100.0,
                }
            }
        }
        at = next;
    }
    home * 100.0
}

fn bounds(world: &World) -> (f64, f64) {
    let domestic = analyse(&world.chain).unwrap().domestic.0;
    let end = |d: Option<Decimal>| d.unwrap().to_string().parse::<f64>().unwrap();
    (end(domestic.lo()), end(domestic.hi()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_interval_holds_the_value_of_every_filling(world in worlds(true), low in any::<bool>()) {
        let (lo, hi) = bounds(&world);
        let truth = filled(&world.chain, &world.amounts, &world.shares);
        prop_assert!(lo - 1e-9 <= truth && truth <= hi + 1e-9, "{lo} {truth} {hi}");
        // The ends of the ranges are fillings too.
        let pick = |i: Interval| {
            let end = if low { i.lo() } else { i.hi() };
            end.unwrap().to_string().parse::<i64>().unwrap()
        };
        let lines = |f: &Firm| f.lines.iter().map(|l| pick(l.amount)).collect::<Vec<_>>();
        let shares = |f: &Firm| -> Vec<i64> {
            let share = |l: &Line| match &l.goes {
                Destination::Shared { domestic, .. } => pick(*domestic),
                _ => 0,
            };
            f.lines.iter().map(share).collect()
        };
        let amounts: Vec<_> = world.chain.firms.iter().map(lines).collect();
        let shares: Vec<_> = world.chain.firms.iter().map(shares).collect();
        let end = filled(&world.chain, &amounts, &shares);
        prop_assert!(lo - 1e-9 <= end && end <= hi + 1e-9, "{lo} {end} {hi}");
    }

    #[test]
    fn without_loops_both_ends_are_attained(world in worlds(false)) {
        let (lo, hi) = bounds(&world);
        let corners = corners(&world);
        let least = corners.iter().copied().fold(f64::INFINITY, f64::min);
        let most = corners.iter().copied().fold(0.0, f64::max);
        prop_assert!((lo - least).abs() < 1e-9 && (hi - most).abs() < 1e-9, "{lo} {least} {hi} {most}");
    }
}

/// The value at every corner: amounts and shares each at an end of their range.
/// Shares move with their line's worth, so both ends of all of them suffice.
fn corners(world: &World) -> Vec<f64> {
    let places: Vec<(usize, usize)> = (world.chain.firms.iter().enumerate())
        .flat_map(|(i, f)| (0..f.lines.len()).map(move |j| (i, j)))
        .collect();
    let whole = |d: Option<Decimal>| d.unwrap().to_string().parse::<i64>().unwrap();
    let mut values = Vec::new();
    for set in 0u32..1 << places.len() {
        for high in [false, true] {
            let (mut amounts, mut shares) = (world.amounts.clone(), world.shares.clone());
            for (bit, (i, j)) in places.iter().enumerate() {
                let line = &world.chain.firms[*i].lines[*j];
                let up = set >> bit & 1 == 1;
                amounts[*i][*j] = whole(if up {
                    line.amount.hi()
                } else {
                    line.amount.lo()
                });
                if let Destination::Shared { domestic, .. } = &line.goes {
                    shares[*i][*j] = whole(if high { domestic.hi() } else { domestic.lo() });
                }
            }
            values.push(filled(&world.chain, &amounts, &shares));
        }
    }
    values
}
