use super::super::testing::*;
use super::super::{ControlRule, ControlTable};
use super::*;
use cocarde_model::Interval;
use proptest::prelude::*;

fn r(n: i64, d: i64) -> Ratio {
    Ratio::new(n.into(), d.into())
}

/// M. Elliott, B. Golub and M. O. Jackson, "Financial networks and contagion",
/// *American Economic Review* 104(10) (2014), pages 3115 to 3153: two
/// organisations that hold half of each other, the other half with outside
/// shareholders, who end up with 2/3 of the assets of their own and 1/3 of the
/// other's. Numbers checked against M. O. Jackson's lecture on the paper
/// ("Social and Economic Networks", 5.8: A = Ĉ(I − C)⁻¹ = [2/3 1/3; 1/3 2/3]).
#[test]
fn mutual_halves() {
    let entities = vec![
        company("one", "FR"),
        company("two", "FR"),
        state("outside one", "FR"),
        state("outside two", "FR"),
    ];
    let half = pct("50");
    let graph = graph(
        entities,
        &[
            ("two", "one", half),
            ("one", "two", half),
            ("outside one", "one", half),
            ("outside two", "two", half),
        ],
    );
    let shares = graph
        .held_by(id(&graph, "outside one"), Measure::Capital, false)
        .unwrap();
    assert_eq!(shares[0], Range::point(r(2, 3)));
    assert_eq!(shares[1], Range::point(r(1, 3)));
    // Integrated ownership of Brioschi et al. counts the turns of the loop;
    // the net measure of Baldone et al. does not.
    let integrated = graph.integrated(Measure::Capital).unwrap().unwrap();
    assert_eq!(integrated[0][1], r(2, 3));
    assert_eq!(integrated[2][0], r(2, 3));
    let net = graph.held_by(id(&graph, "one"), Measure::Capital, false);
    assert_eq!(net.unwrap()[1], Range::point(r(1, 2)));
}

/// R. A. Brealey, S. C. Myers and F. Allen, *Principles of Corporate Finance*,
/// chapter 33 (page 878 of the edition of 2015, where the numbers were read):
/// with 51 % at each tier of a pyramid, two tiers are 26 % of the operating
/// company's worth, and another layer brings it to 13 %; control goes down the
/// whole way.
#[test]
fn a_pyramid_of_majorities() {
    let tiers = ["family", "top", "second", "operating"];
    let mut entities: Vec<_> = tiers.iter().map(|n| company(n, "FR")).collect();
    entities.push(state("public", "FR"));
    let steps = tiers.windows(2).flat_map(|w| {
        let rest = ("public", w[1], pct("49"));
        [(w[0], w[1], pct("51")), rest]
    });
    let graph = graph(entities, &steps.collect::<Vec<_>>());
    let share = |owner| {
        let all = graph.held_by(id(&graph, owner), Measure::Capital, false);
        all.unwrap()[3].clone()
    };
    assert_eq!(share("top"), Range::point(r(2_601, 10_000)));
    assert_eq!(share("family"), Range::point(r(132_651, 1_000_000)));
    let table = ControlTable::new(&graph, &ControlRule::default());
    let ultimate = table.ultimate(id(&graph, "operating"));
    assert_eq!(ultimate.sure, [id(&graph, "family")]);
}

/// R. E. Miller and P. D. Blair, *Input–Output Analysis* (1985; 2nd ed. 2009,
/// section 2.3), the example of two sectors with flows 150, 500, 200 and 100 and
/// outputs of 1,000 and 2,000: coefficients .15, .25, .20 and .05. The flows were
/// checked against a public course script that reproduces the example; the
/// inverse is their arithmetic, (.95 .25; .20 .85) / .7575, to four decimals.
/// Ownership over all chains is that inverse less the identity.
#[test]
fn the_leontief_inverse() {
    let entities = vec![
        company("one", "FR"),
        company("two", "FR"),
        company("three", "FR"),
        company("four", "FR"),
    ];
    // Nobody holds itself: the coefficients on the diagonal go through a twin.
    let graph = ControlGraph::new(
        entities.clone(),
        holdings(
            &entities,
            &[
                ("three", "one", pct("15")),
                ("one", "three", pct("100")),
                ("one", "two", pct("25")),
                ("two", "one", pct("20")),
                ("four", "two", pct("5")),
                ("two", "four", pct("100")),
            ],
        ),
        false,
    )
    .unwrap();
    let shares = graph.integrated(Measure::Capital).unwrap().unwrap();
    let near = |share: &Ratio, published: i64| {
        let error = share - r(published, 10_000);
        assert!(error < r(1, 20_000) && error > r(-1, 20_000), "{share}");
    };
    near(&shares[0][0], 2541);
    near(&shares[0][1], 3300);
    near(&shares[1][0], 2640);
    near(&shares[1][1], 1221);
}

/// Graphs of six companies and two ends whose shares are exact.
fn exact_graph() -> impl Strategy<Value = Vec<(usize, usize, i64)>> {
    proptest::collection::vec((0usize..8, 0usize..6, 1i64..25), 0..16)
        .prop_map(|list| list.into_iter().filter(|(a, b, _)| a != b).collect())
}

fn build(list: &[(usize, usize, i64)]) -> Option<ControlGraph> {
    let mut entities: Vec<_> = (0..6).map(|i| company(&format!("c{i}"), "FR")).collect();
    entities.extend([state("s6", "FR"), state("s7", "US")]);
    let holdings = list
        .iter()
        .map(|(a, b, share)| {
            let (a, b) = (EntityId(*a as u32), EntityId(*b as u32));
            super::super::Holding::of(a, b, between(*share, *share))
        })
        .collect();
    ControlGraph::new(entities, holdings, false).ok()
}

/// The inverse by Gauss–Jordan over rationals, written apart from the solver.
fn inverse(mut a: Vec<Vec<Ratio>>) -> Vec<Vec<Ratio>> {
    let n = a.len();
    for (i, row) in a.iter_mut().enumerate() {
        row.extend((0..n).map(|j| r(i64::from(i == j), 1)));
    }
    for k in 0..n {
        let p = (k..n).find(|i| !a[*i][k].is_zero()).unwrap();
        a.swap(k, p);
        let pivot = a[k][k].clone();
        a[k].iter_mut().for_each(|x| *x /= &pivot);
        for i in (0..n).filter(|i| *i != k) {
            let factor = a[i][k].clone();
            let row = a[k].clone();
            a[i].iter_mut()
                .zip(row)
                .for_each(|(x, y)| *x -= &factor * y);
        }
    }
    a.into_iter().map(|mut row| row.split_off(n)).collect()
}

proptest! {
    #[test]
    fn shares_equal_the_dense_inverse(list in exact_graph()) {
        let Some(graph) = build(&list) else { return Ok(()) };
        let n = graph.len();
        let mut a = vec![vec![Ratio::zero(); n]; n];
        list.iter().for_each(|(i, j, s)| a[*i][*j] += r(*s, 100));
        let cell = |i: usize, j: usize| r(i64::from(i == j), 1) - &a[i][j];
        let whole = inverse((0..n).map(|i| (0..n).map(|j| cell(i, j)).collect()).collect());
        let integrated = graph.integrated(Measure::Capital).unwrap().unwrap();
        let of = |j| graph.named_holders_of(EntityId(j as u32), Measure::Capital).unwrap();
        let net: Vec<_> = (0..n).map(of).collect();
        for i in 0..n {
            for j in 0..n {
                // Y = (I − A)⁻¹ − I, and the net share is Y without the turns at the owner.
                let gross = &whole[i][j] - r(i64::from(i == j), 1);
                prop_assert_eq!(&integrated[i][j], &gross);
                if i != j {
                    prop_assert_eq!(&net[j][i], &Range::point(&whole[i][j] / &whole[i][i]));
                }
            }
        }
    }
}

/// To say less of a share leaves no less to others, in a complete list too.
#[test]
fn a_complete_list_says_who_holds_and_not_how_much() {
    let of = |list: &[(&str, Interval)]| {
        let entities = vec![company("c", "FR"), state("a", "FR"), state("b", "FR")];
        let list: Vec<_> = list.iter().map(|(a, share)| (*a, "c", *share)).collect();
        let graph = graph(entities, &list);
        graph.remainder(EntityId(0), Measure::Capital).to_percent()
    };
    assert_eq!(of(&[("a", between(40, 60))]), between(40, 60));
    assert_eq!(
        of(&[("a", between(40, 60)), ("b", between(30, 50))]),
        between(0, 30)
    );
    assert_eq!(of(&[("a", pct("40")), ("b", pct("50"))]), pct("10"));
    assert_eq!(of(&[("a", pct("100"))]), pct("0"));
    for most in [99, 100] {
        assert_eq!(of(&[("a", between(1, most))]), between(100 - most, 99));
    }
    assert_eq!(of(&[("a", Interval::ALL)]), between(0, 100));
}
