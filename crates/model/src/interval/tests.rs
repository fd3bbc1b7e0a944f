use super::*;
use proptest::prelude::*;

fn decimal() -> impl Strategy<Value = Decimal> {
    (-100_000i64..100_000, 0u32..4).prop_map(|(m, s)| Decimal::new(m, s))
}

fn interval_with_member() -> impl Strategy<Value = (Interval, Decimal)> {
    (decimal(), decimal(), decimal(), any::<(bool, bool)>()).prop_map(|(a, b, c, open)| {
        let mut v = [a, b, c];
        v.sort();
        let lo = (!open.0).then_some(v[0]);
        let hi = (!open.1).then_some(v[2]);
        (Interval { lo, hi }, v[1])
    })
}

proptest! {
    #[test]
    fn arithmetic_keeps_the_true_value_inside(
        (i, x) in interval_with_member(), (j, y) in interval_with_member()
    ) {
        prop_assert!(i.add(j).contains(x + y));
        prop_assert!(i.sub(j).contains(x - y));
        prop_assert!(i.mul(j).contains(x * y));
        prop_assert!(i.hull(j).contains(x) && i.hull(j).contains(y));
        if !y.is_zero() {
            // The rounded quotient may sit one unit of the 28th place off the true one.
            let q = i.div(j);
            let slack = Decimal::new(1, 20);
            prop_assert!(q.lo.is_none_or(|l| l <= x / y + slack));
            prop_assert!(q.hi.is_none_or(|h| h >= x / y - slack));
        }
    }

    #[test]
    fn a_share_is_exact_on_points(part in 0i64..1000, rest in 0i64..1000) {
        prop_assume!(part + rest > 0);
        let whole = Decimal::from(part + rest);
        let s = Interval::point(Decimal::from(part)).share_of(Interval::point(whole));
        let (lo, hi) = (s.lo.unwrap(), s.hi.unwrap());
        prop_assert!(lo * whole <= Decimal::from(part * 100));
        prop_assert!(hi * whole >= Decimal::from(part * 100));
        prop_assert!(hi - lo <= Decimal::new(1, DIVISION_SCALE));
    }
}

/// Two decimals whose exact sum and product have mantissas that fit an `i128`, though
/// they may not fit a decimal.
fn wide() -> impl Strategy<Value = (Decimal, Decimal)> {
    let long = (any::<u128>(), 32u32..128, any::<bool>()).prop_map(|(m, drop, minus)| {
        let m = (m >> drop) as i128;
        if minus { -m } else { m }
    });
    let short = -(1i64 << 29)..(1i64 << 29);
    (long, short, 0u32..=28, 0u32..=18).prop_map(|(a, b, scale, shift)| {
        let near = (scale + shift).saturating_sub(9).min(Decimal::MAX_SCALE);
        let a = Decimal::from_i128_with_scale(a, scale);
        (a, Decimal::from_i128_with_scale(b.into(), near))
    })
}

/// How a decimal compares with `mantissa / 10^scale`.
fn order(d: Decimal, (mantissa, scale): (i128, u32)) -> Ordering {
    let shifted = |m: i128, by: u32| 10i128.checked_pow(by).and_then(|p| m.checked_mul(p));
    let less = d.scale().min(scale);
    let mine = shifted(d.mantissa(), scale - less);
    match (mine, shifted(mantissa, d.scale() - less)) {
        (Some(a), Some(b)) => a.cmp(&b),
        // What does not fit is further from zero than what does.
        (None, _) => d.mantissa().cmp(&0),
        (_, None) => 0.cmp(&mantissa),
    }
}

fn holds(i: Interval, exact: (i128, u32)) -> bool {
    i.lo.is_none_or(|l| order(l, exact).is_le()) && i.hi.is_none_or(|h| order(h, exact).is_ge())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]
    #[test]
    fn what_does_not_fit_is_rounded_outward((a, b) in wide()) {
        let (i, j) = (Interval::point(a), Interval::point(b));
        let product = (a.mantissa() * b.mantissa(), a.scale() + b.scale());
        let scale = a.scale().max(b.scale());
        let at_scale = |d: Decimal| d.mantissa() * 10i128.pow(scale - d.scale());
        let sum = (at_scale(a) + at_scale(b), scale);
        prop_assert!(holds(i.mul(j), product) && holds(j.mul(i), product));
        prop_assert!(holds(i.add(j), sum) && holds(j.add(i), sum));
        prop_assert!(exact_mul(a, b).is_none_or(|p| order(p, product).is_eq()));
        prop_assert!(exact_add(a, b).is_none_or(|s| order(s, sum).is_eq()));
        if !b.is_zero() {
            let q = i.div(j);
            for (end, wrong) in [(q.lo, Ordering::Greater), (q.hi, Ordering::Less)] {
                let back = |e: Decimal| (e.mantissa() * b.mantissa(), e.scale() + b.scale());
                let compared = end.map(|e| order(a, back(e)).reverse());
                let wrong = if b.is_sign_negative() { wrong.reverse() } else { wrong };
                prop_assert!(compared != Some(wrong), "{a} / {b} = {q}");
            }
        }
    }
}

#[test]
fn a_product_that_does_not_fit_is_not_taken_for_exact() {
    let decimal = |t: &str| Decimal::from_str_exact(t).expect("a decimal");
    let (a, b) = (
        decimal("1234567.89"),
        decimal("49.999999999999999999999999"),
    );
    assert_eq!(exact_mul(a, b), None);
    let product = Interval::point(a).mul(Interval::point(b));
    assert!(product.lo() < product.hi() && product.hi() <= Some(decimal("61728394.5")));
    // Exact once its zeros are dropped.
    let (a, b) = (
        decimal("2.000000000000000000000000"),
        decimal("0.500000000000000000000000"),
    );
    let product = Interval::point(a).mul(Interval::point(b));
    assert_eq!(product.exact(), Some(Decimal::ONE));
    let (a, b) = (Decimal::MAX, decimal("0.4"));
    assert_eq!(exact_add(a, b), None);
    let sum = Interval::point(a).add(Interval::point(b));
    assert_eq!(sum.hi(), None);
    assert!(sum.lo() < Some(a));
}

#[test]
fn even_division_is_a_point() {
    let half = Interval::point(Decimal::ONE).div(Interval::point(Decimal::TWO));
    assert_eq!(half.exact(), Some(Decimal::new(5, 1)));
    let third = Interval::point(Decimal::ONE).div(Interval::point(Decimal::from(3)));
    assert_eq!(third.exact(), None);
}

#[test]
fn an_end_is_open_only_where_an_open_end_leads() {
    let d = |n: i64| Decimal::from(n);
    let within = |lo: Option<i64>, hi: Option<i64>| Interval {
        lo: lo.map(d),
        hi: hi.map(d),
    };
    let point = |n| Interval::point(d(n));
    let cases = [
        (within(Some(5), None), point(-2), within(None, Some(-10))),
        (within(Some(-5), None), point(2), within(Some(-10), None)),
        (within(None, Some(-3)), point(-1), within(Some(3), None)),
        (
            within(Some(-5), None),
            within(Some(0), Some(1)),
            within(Some(-5), None),
        ),
        (
            within(Some(2), None),
            within(None, Some(-3)),
            within(None, Some(-6)),
        ),
        (
            within(Some(0), None),
            within(Some(1), None),
            within(Some(0), None),
        ),
        (Interval::ALL, within(Some(0), None), Interval::ALL),
        (Interval::ALL, point(0), Interval::ZERO),
    ];
    for (a, b, product) in cases {
        assert_eq!((a.mul(b), b.mul(a)), (product, product), "{a} times {b}");
    }
    assert_eq!(within(Some(4), None).div(point(-2)), within(None, Some(-2)));
    assert_eq!(within(None, Some(4)).div(point(2)), within(None, Some(2)));
    assert_eq!(point(4).div(within(Some(1), None)), Interval::ALL);
}

/// Law: over small whole numbers, all ends are those that trying every number gives, and an
/// end is open exactly where trying more numbers leads further.
#[test]
fn ends_are_those_that_trying_every_number_gives() {
    let ends: Vec<Option<i64>> = std::iter::once(None).chain((-3..=3).map(Some)).collect();
    let pairs = ends
        .iter()
        .flat_map(|lo| ends.iter().map(move |hi| (*lo, *hi)));
    let all: Vec<_> = pairs
        .filter(|(lo, hi)| lo.zip(*hi).is_none_or(|(l, h)| l <= h))
        .collect();
    let members = |(lo, hi): (Option<i64>, Option<i64>), far: i64| {
        (lo.unwrap_or(-far)..=hi.unwrap_or(far)).collect::<Vec<_>>()
    };
    let within = |(lo, hi): (Option<i64>, Option<i64>)| Interval {
        lo: lo.map(Decimal::from),
        hi: hi.map(Decimal::from),
    };
    type Case = (fn(Interval, Interval) -> Interval, fn(i64, i64) -> i64);
    let cases: [Case; 3] = [
        (Interval::mul, |x, y| x * y),
        (Interval::add, |x, y| x + y),
        (Interval::sub, |x, y| x - y),
    ];
    for (a, b) in all.iter().flat_map(|a| all.iter().map(move |b| (*a, *b))) {
        for (op, of) in cases {
            let tried = |far: i64| {
                let (xs, ys) = (members(a, far), members(b, far));
                let found = || xs.iter().flat_map(|x| ys.iter().map(move |y| of(*x, *y)));
                (found().min(), found().max())
            };
            let (near, further) = (tried(9), tried(12));
            let end = |n: Option<i64>, f: Option<i64>| n.filter(|_| n == f);
            let wanted = within((end(near.0, further.0), end(near.1, further.1)));
            assert_eq!(
                op(within(a), within(b)),
                wanted,
                "{} {}",
                within(a),
                within(b)
            );
        }
    }
}
