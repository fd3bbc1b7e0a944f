use super::system::System;
use super::*;
use proptest::prelude::*;

const N: usize = 9;

fn relations() -> impl Strategy<Value = Vec<Relation>> {
    let relation = (0..N as u32, 0..N as u32, 1u32..60);
    proptest::collection::vec(relation, 0..24).prop_map(|list| {
        let mut sum = [0u32; N];
        list.into_iter()
            .filter(|(a, b, s)| {
                // Something of each entity is always left to nobody.
                let fits = a != b && sum[*b as usize] + s <= 98;
                sum[*b as usize] += if fits { *s } else { 0 };
                fits
            })
            .map(|(a, b, s)| (a, b, f64::from(s) / 100.0))
            .collect()
    })
}

/// Σ over chains by powers of the direct matrix, until nothing is added.
fn by_powers(list: &[Relation], jurisdiction: &[u16], attribution: Attribution) -> Vec<Vec<f64>> {
    let held = |e: usize| {
        list.iter()
            .filter(|r| r.1 as usize == e)
            .map(|r| r.2)
            .sum::<f64>()
    };
    let own = |e: usize| match attribution {
        Attribution::Gross => 1.0,
        Attribution::Net => 1.0 - held(e),
    };
    let mut x = vec![vec![0.0; 3]; N];
    for _ in 0..5_000 {
        let mut next = vec![vec![0.0; 3]; N];
        for (holder, held, share) in list {
            let (i, e) = (*holder as usize, *held as usize);
            next[e][jurisdiction[i] as usize] += share * own(i);
            for c in 0..3 {
                next[e][c] += share * x[i][c];
            }
        }
        let moved = |(a, b): (&f64, &f64)| (a - b).abs() > 1e-13;
        let changes = x.iter().flatten().zip(next.iter().flatten()).any(moved);
        x = next;
        if !changes {
            break;
        }
    }
    x
}

fn dense_rows(shares: &Shares) -> Vec<Vec<f64>> {
    let row = |e: usize| {
        let mut row = vec![0.0; 3];
        shares.of(e as u32).for_each(|(c, s)| row[c as usize] += s);
        row
    };
    (0..N).map(row).collect()
}

proptest! {
    #[test]
    fn rows_equal_the_sum_over_chains(list in relations()) {
        let jurisdiction: Vec<u16> = (0..N as u16).map(|e| e % 3).collect();
        let register = Register::new(N as u32, &list).unwrap();
        for attribution in [Attribution::Gross, Attribution::Net] {
            let shares = register.by_jurisdiction(&jurisdiction, attribution).unwrap();
            let expected = by_powers(&list, &jurisdiction, attribution);
            for (row, expected) in dense_rows(&shares).iter().zip(&expected) {
                for (a, b) in row.iter().zip(expected) {
                    prop_assert!((a - b).abs() < 1e-9, "{a} {b}");
                }
            }
        }
        let net = register.by_jurisdiction(&jurisdiction, Attribution::Net).unwrap();
        for (e, row) in dense_rows(&net).iter().enumerate() {
            let held = register.held_share(e as u32);
            prop_assert!((row.iter().sum::<f64>() - held).abs() < 1e-9);
        }
    }

    #[test]
    fn relaxation_equals_elimination(list in relations()) {
        let inside = |e: usize| -> Vec<(u32, f64)> {
            list.iter().filter(|r| r.1 as usize == e).map(|r| (r.0, r.2)).collect()
        };
        let system = || System {
            inside: (0..N).map(inside).collect(),
            columns: vec![0],
            right: (0..N).map(|e| e as f64).collect(),
        };
        let (mut a, mut b) = (system(), system());
        prop_assert!(a.eliminate().is_ok());
        prop_assert!(b.relax().is_ok());
        for (x, y) in a.right.iter().zip(&b.right) {
            prop_assert!((x - y).abs() < 1e-9);
        }
    }

    #[test]
    fn controllers_follow_the_definition(list in relations()) {
        let register = Register::new(N as u32, &list).unwrap();
        let controls: Vec<Vec<bool>> = (0..N).map(|x| controlled_by(&list, x)).collect();
        for (e, head) in register.ultimate_controllers().into_iter().enumerate() {
            let head = head as usize;
            // Nobody controls the head, unless the head controls it in turn.
            let top = (0..N).all(|x| x == head || !controls[x][head] || controls[head][x]);
            prop_assert!(top);
            prop_assert!(head == e || controls[head][e]);
            let free = (0..N).all(|x| x == e || !controls[x][e]);
            prop_assert!(!free || head == e);
        }
    }
}

/// The least fixpoint of the definition, in hundredths.
fn controlled_by(list: &[Relation], controller: usize) -> Vec<bool> {
    let mut inside = vec![false; N];
    inside[controller] = true;
    loop {
        let mut grew = false;
        for y in 0..N {
            let ours = list
                .iter()
                .filter(|r| r.1 as usize == y && inside[r.0 as usize]);
            let votes: u32 = ours.map(|r| (r.2 * 100.0).round() as u32).sum();
            if votes > 50 && !inside[y] {
                inside[y] = true;
                grew = true;
            }
        }
        if !grew {
            return inside;
        }
    }
}

#[test]
fn bad_relations_are_refused() {
    let refused = |relations: &[Relation]| Register::new(2, relations).unwrap_err();
    assert_eq!(refused(&[(0, 2, 0.5)]), RegisterError::UnknownEntity(2));
    assert_eq!(refused(&[(1, 1, 0.5)]), RegisterError::SelfHolding(1));
    assert_eq!(
        refused(&[(0, 1, 0.7), (0, 1, 0.7)]),
        RegisterError::AboveWhole(1)
    );
    assert!(matches!(
        refused(&[(0, 1, f64::NAN)]),
        RegisterError::Share { .. }
    ));
    assert!(matches!(
        refused(&[(0, 1, -0.1)]),
        RegisterError::Share { .. }
    ));
    let closed = Register::new(2, &[(0, 1, 1.0), (1, 0, 1.0)]).unwrap();
    assert!(matches!(
        closed.by_jurisdiction(&[0, 0], Attribution::Gross),
        Err(RegisterError::ClosedLoop(_))
    ));
}

/// Ten million relations pass through, or are refused for what they say.
#[test]
fn ten_million_relations_are_counted() {
    let n = 2_000_000u32;
    let relation = |i: u32| (i % n, (i % n + 1 + i / n) % n, 0.1);
    let mut relations: Vec<Relation> = (0..10_000_000).map(relation).collect();
    let register = Register::new(n, &relations).unwrap();
    assert!((register.held_share(7) - 0.5).abs() < 1e-12);
    relations.extend((0..6).map(|i| (i, 100, 0.1)));
    let refused = Register::new(n, &relations).unwrap_err();
    assert_eq!(refused, RegisterError::AboveWhole(100));
}
