use super::*;
use proptest::prelude::*;

fn r(n: i64, d: i64) -> Ratio {
    Ratio::new(n.into(), d.into())
}

/// A holder of half the votes, one of 49 % and one of 1 %: without the first
/// nothing passes, and either of the others will do. By hand: five swings,
/// three of them the first's; of six orders the first is pivotal in four.
#[test]
fn fifty_forty_nine_one() {
    let power = Game::new(51, vec![50, 49, 1]).unwrap().power();
    assert_eq!(power.banzhaf, [r(3, 5), r(1, 5), r(1, 5)]);
    assert_eq!(power.shapley_shubik, [r(2, 3), r(1, 6), r(1, 6)]);
}

/// The Council of the European Economic Community from 1958 to 1972, where
/// Luxembourg had a vote and no power (A. Mayer, "Luxembourg in the early days of
/// the EEC: null player or not?", *Games* 9(2):29, 2018). Swings of 10, 10, 10,
/// 6, 6 and 0 and Banzhaf's indices 0.2381, 0.1429 and 0 were checked against
/// two public programs (R `votingpower`, Python `powerindex`); Shapley and
/// Shubik's are those of the 720 orders, gone through one by one.
#[test]
fn council_of_ministers_1958() {
    let power = Game::new(12, vec![4, 4, 4, 2, 2, 1]).unwrap().power();
    let (large, medium, none) = (r(5, 21), r(1, 7), r(0, 1));
    assert_eq!(power.banzhaf[0], large);
    assert_eq!(power.banzhaf[3], medium);
    assert_eq!(power.banzhaf[5], none);
    assert_eq!(power.shapley_shubik[0], r(7, 30));
    assert_eq!(power.shapley_shubik[3], r(3, 20));
    let (swings, pivots) = brute(12, &[4, 4, 4, 2, 2, 1]);
    assert_eq!(swings, [10, 10, 10, 6, 6, 0]);
    assert_eq!(pivots, [168, 168, 168, 108, 108, 0]);
    assert_eq!(power.shapley_shubik[5], none);
}

/// The United Nations Security Council since 1965, as [39; 5 × 7, 10 × 1]:
/// 421/2145 and 4/2145 by L. S. Shapley and M. Shubik's index, of which public
/// courses print the derivation (84 · 8! · 6! / 15! for a member without a veto);
/// swings of 848 and 84 follow from counting the same 84 coalitions.
#[test]
fn security_council() {
    let mut weights = vec![7; 5];
    weights.extend([1; 10]);
    let power = Game::new(39, weights).unwrap().power();
    assert_eq!(power.shapley_shubik[0], r(421, 2145));
    assert_eq!(power.shapley_shubik[14], r(4, 2145));
    assert_eq!(power.banzhaf[0], r(848, 5080));
    assert_eq!(power.banzhaf[14], r(84, 5080));
}

#[test]
fn shares_in_percent_become_whole_weights() {
    let shares = ["45.5", "45.5", "9"].map(|s| s.parse().unwrap());
    let game = Game::of_shares(&shares, "0.5".parse().unwrap()).unwrap();
    assert_eq!(game.power().shapley_shubik, vec![r(1, 3); 3]);
}

#[test]
fn what_is_not_a_game_is_refused() {
    assert_eq!(Game::new(1, vec![]), Err(VotingError::Empty));
    assert_eq!(Game::new(50, vec![50, 50]), Err(VotingError::Quota));
    assert_eq!(Game::new(101, vec![50, 50]), Err(VotingError::Quota));
    assert_eq!(Game::new(u64::MAX, vec![u64::MAX]), Err(VotingError::Cells));
    assert_eq!(Game::new(100, vec![1; 121]), Err(VotingError::Players(121)));
    let negative = [Decimal::from(-1), Decimal::from(2)];
    assert_eq!(
        Game::of_shares(&negative, Decimal::new(5, 1)),
        Err(VotingError::Negative)
    );
}

/// By going through all coalitions and all orders.
fn brute(quota: u64, weights: &[u64]) -> (Vec<u64>, Vec<u64>) {
    let n = weights.len();
    let sum = |set: u32| {
        (0..n)
            .filter(|i| set >> i & 1 == 1)
            .map(|i| weights[i])
            .sum::<u64>()
    };
    let mut swings = vec![0; n];
    for set in 0..1u32 << n {
        for (i, swings) in swings.iter_mut().enumerate() {
            let without = set & !(1 << i);
            if without != set && sum(set) >= quota && sum(without) < quota {
                *swings += 1;
            }
        }
    }
    let mut pivots = vec![0; n];
    orders(&mut (0..n).collect(), 0, &mut |order| {
        let mut total = 0;
        for i in order {
            total += weights[*i];
            if total >= quota {
                pivots[*i] += 1;
                break;
            }
        }
    });
    (swings, pivots)
}

fn orders(items: &mut Vec<usize>, from: usize, visit: &mut impl FnMut(&[usize])) {
    if from == items.len() {
        return visit(items);
    }
    for i in from..items.len() {
        items.swap(from, i);
        orders(items, from + 1, visit);
        items.swap(from, i);
    }
}

proptest! {
    #[test]
    fn indices_equal_brute_force(weights in proptest::collection::vec(0u64..30, 1..7), over in 0u64..40) {
        let total: u64 = weights.iter().sum();
        prop_assume!(total > 0);
        let quota = (total / 2 + 1 + over).min(total);
        let (swings, pivots) = brute(quota, &weights);
        let power = Game::new(quota, weights).unwrap().power();
        let (all, orders): (u64, u64) = (swings.iter().sum(), pivots.iter().sum());
        for i in 0..swings.len() {
            prop_assert_eq!(&power.banzhaf[i], &r(swings[i] as i64, all as i64));
            prop_assert_eq!(&power.shapley_shubik[i], &r(pivots[i] as i64, orders as i64));
        }
    }
}
