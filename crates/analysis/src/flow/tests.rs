use super::split::fill;
use super::*;
use proptest::prelude::*;

fn r(n: i64, d: i64) -> Ratio {
    Ratio::new(n.into(), d.into())
}

fn part(to: usize, lo: i64, hi: i64) -> Part {
    let share = Range::new(r(lo, 100), r(hi, 100));
    Part { to, share }
}

/// Nodes 0..4 split among one another and two ends (5 counts, 6 does not);
/// each has a true split inside its ranges.
pub(super) fn world() -> impl Strategy<Value = (Flow, Vec<Vec<Ratio>>)> {
    let node = proptest::collection::vec((0i64..10, 0i64..30, 0i64..30), 7);
    proptest::collection::vec(node, 5).prop_map(|nodes| {
        let mut flow = Flow::default();
        let _ = (0..7).map(|_| flow.end()).count();
        let mut truth = Vec::new();
        for (i, weights) in nodes.into_iter().enumerate() {
            // Something always leaves, so that no loop is closed.
            let weight = |j: usize, w: i64| if j == i { 0 } else { w + i64::from(j >= 5) };
            let total: i64 = weights
                .iter()
                .enumerate()
                .map(|(j, w)| weight(j, w.0))
                .sum();
            let mut parts = Vec::new();
            let mut shares = Vec::new();
            for (j, (w, below, above)) in weights.iter().enumerate() {
                let share = r(weight(j, *w), total);
                let lo = (&share - r(*below, 100)).max(Ratio::zero());
                let hi = (&share + r(*above, 100)).min(Ratio::one());
                let range = Range::new(lo, hi);
                parts.push(Part {
                    to: j,
                    share: range,
                });
                shares.push(share);
            }
            flow.split(i, parts);
            truth.push(shares);
        }
        (flow, truth)
    })
}

fn counting() -> Vec<Option<Range>> {
    let mut values = vec![None; 7];
    values[5] = Some(Range::point(Ratio::one()));
    values
}

/// (I − P)⁻¹ b by the dense solver, with the true shares.
fn dense(truth: &[Vec<Ratio>]) -> Vec<Ratio> {
    let n = truth.len();
    let cell = |i: usize, j: usize| {
        let one = if i == j { Ratio::one() } else { Ratio::zero() };
        one - &truth[i][j]
    };
    let matrix: Vec<Vec<Ratio>> = (0..n)
        .map(|i| (0..n).map(|j| cell(i, j)).collect())
        .collect();
    let right: Vec<Vec<Ratio>> = truth.iter().map(|t| vec![t[5].clone()]).collect();
    let x = solve(&matrix, &right).unwrap();
    x.into_iter().map(|mut v| v.swap_remove(0)).collect()
}

proptest! {
    #[test]
    fn bounds_hold_the_truth_and_points_are_exact((flow, truth) in world()) {
        flow.check().unwrap();
        let exact = dense(&truth);
        let bounds = flow.arrivals(&counting()).unwrap();
        for i in 0..5 {
            prop_assert!(bounds[i].contains(&exact[i]), "{:?} {:?}", bounds[i], exact[i]);
        }
        let mut sure = flow.clone();
        for (i, shares) in truth.iter().enumerate() {
            let point = |(to, s): (usize, &Ratio)| Part { to, share: Range::point(s.clone()) };
            sure.split(i, shares.iter().enumerate().map(point).collect());
        }
        for (bound, exact) in sure.arrivals(&counting()).unwrap().iter().zip(&exact) {
            prop_assert_eq!(bound, &Range::point(exact.clone()));
        }
    }

    #[test]
    fn no_vertex_of_the_ranges_passes_the_bounds((flow, _) in world(), orders in any::<[u8; 5]>()) {
        let bounds = flow.arrivals(&counting()).unwrap();
        let mut shares = Vec::new();
        for (i, order) in orders.iter().enumerate() {
            let mut places: Vec<usize> = (0..7).collect();
            places.rotate_left(*order as usize % 7);
            if order % 2 == 0 {
                places.reverse();
            }
            let Split::Shares(parts) = flow.parts(i) else {
                panic!("shares");
            };
            shares.push(fill(parts, &places));
        }
        let leaves = shares.iter().all(|s| !(s[5].is_zero() && s[6].is_zero()));
        prop_assume!(leaves);
        for (bound, exact) in bounds.iter().zip(dense(&shares)) {
            prop_assert!(bound.contains(&exact));
        }
    }
}

#[test]
fn both_ends_are_attained_without_loops() {
    // 0 → 1 (20–60 %), rest to an end; 1 → 3 which counts (50–80 %).
    let mut flow = Flow::default();
    let _ = (0..4).map(|_| flow.end()).count();
    flow.split(0, vec![part(1, 20, 60), part(2, 40, 80)]);
    flow.split(1, vec![part(3, 50, 80), part(2, 20, 50)]);
    let mut values = vec![None; 4];
    values[3] = Some(Range::point(Ratio::one()));
    let bounds = flow.arrivals(&values).unwrap();
    assert_eq!(bounds[0], Range::new(r(10, 100), r(48, 100)));
}

#[test]
fn a_loop_without_an_exit_is_named() {
    let mut flow = Flow::default();
    let _ = (0..3).map(|_| flow.end()).count();
    flow.split(0, vec![part(1, 100, 100)]);
    flow.split(1, vec![part(0, 100, 100)]);
    assert_eq!(flow.check(), Err(FlowError::Closed(vec![0, 1])));
    flow.split(1, vec![part(0, 60, 70), part(2, 10, 20)]);
    assert_eq!(flow.check(), Err(FlowError::Infeasible(1)));
}

/// Amounts with a true value inside, to ends worth 0, 1/2 and 1.
fn amounts() -> impl Strategy<Value = (Vec<Amount>, Vec<Ratio>)> {
    let amount = (0usize..3, 0i64..20, 0i64..10, 0i64..10);
    proptest::collection::vec(amount, 1..6).prop_map(|list| {
        let range = |&(to, value, below, above): &(usize, i64, i64, i64)| Amount {
            to,
            least: r((value - below).max(0), 1),
            most: Some(r(value + above, 1)),
        };
        let truth = list.iter().map(|l| r(l.1, 1)).collect();
        (list.iter().map(range).collect(), truth)
    })
}

proptest! {
    #[test]
    fn amounts_are_bounded_tightly((amounts, truth) in amounts()) {
        let worth = [r(0, 1), r(1, 2), r(1, 1)];
        let mut flow = Flow::default();
        let _ = (0..4).map(|_| flow.end()).count();
        flow.split_by(3, amounts.clone());
        prop_assume!(flow.check().is_ok());
        let mut values: Vec<_> = worth.iter().cloned().map(|w| Some(Range::point(w))).collect();
        values.push(None);
        let bound = flow.arrivals(&values).unwrap().swap_remove(3);
        let share = |chosen: &[Ratio]| -> Option<Ratio> {
            let total: Ratio = chosen.iter().sum();
            let value: Ratio = amounts.iter().zip(chosen).map(|(a, c)| c * &worth[a.to]).sum();
            (!total.is_zero()).then(|| value / total)
        };
        prop_assert!(share(&truth).is_none_or(|s| bound.contains(&s)));
        // Every corner of the ranges is inside, and two of them are the ends.
        let mut corners = Vec::new();
        for set in 0u32..1 << amounts.len() {
            let corner = |(i, a): (usize, &Amount)| match set >> i & 1 {
                0 => a.least.clone(),
                _ => a.most.clone().unwrap(),
            };
            let chosen: Vec<Ratio> = amounts.iter().enumerate().map(corner).collect();
            corners.extend(share(&chosen));
        }
        prop_assert_eq!(corners.iter().min(), Some(&bound.lo));
        prop_assert_eq!(corners.iter().max(), Some(&bound.hi));
    }
}
