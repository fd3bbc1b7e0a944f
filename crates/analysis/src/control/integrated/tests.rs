use super::super::testing::*;
use super::*;
use proptest::prelude::*;

fn r(n: i64, d: i64) -> Ratio {
    Ratio::new(n.into(), d.into())
}

/// M. Elliott, B. Golub and M. O. Jackson, "Financial networks and contagion",
/// *American Economic Review* 104 (2014), section I: two organisations that
/// hold half of each other, the other half with outside shareholders. Outside
/// shareholders of each end up with 2/3 of its own asset and 1/3 of the other.
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

/// S. Claessens, S. Djankov and L. H. P. Lang, "The separation of ownership and
/// control in East Asian corporations", *Journal of Financial Economics* 58
/// (2000), section 2: a family owns 11 % of firm A, which has 21 % of firm B;
/// it owns about 2 % of the cash-flow rights of B.
#[test]
fn a_pyramid() {
    let entities = vec![
        state("family", "FR"),
        company("A", "FR"),
        company("B", "FR"),
        state("public", "FR"),
    ];
    let graph = graph(
        entities,
        &[
            ("family", "A", pct("11")),
            ("public", "A", pct("89")),
            ("A", "B", pct("21")),
            ("public", "B", pct("79")),
        ],
    );
    let share = graph.held_by(id(&graph, "family"), Measure::Capital, false);
    assert_eq!(share.unwrap()[2], Range::point(r(231, 10_000)));
}

/// R. E. Miller and P. D. Blair, *Input–Output Analysis* (2nd ed. 2009),
/// section 2.3.1: the direct coefficients .15, .25, .20 and .05 have the
/// Leontief inverse 1.2541, .3300, .2640 and 1.1221. Ownership over all chains
/// is that inverse less the identity.
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
        for i in 0..n {
            let net = graph.held_by_named(EntityId(i as u32), Measure::Capital).unwrap();
            for j in 0..n {
                // Y = (I − A)⁻¹ − I, and the net share is Y without the turns at the owner.
                let gross = &whole[i][j] - r(i64::from(i == j), 1);
                prop_assert_eq!(&integrated[i][j], &gross);
                if i != j {
                    prop_assert_eq!(&net[j], &Range::point(&whole[i][j] / &whole[i][i]));
                }
            }
        }
    }
}
