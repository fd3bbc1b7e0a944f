//! Exact rational numbers, and the way between them and exact decimals.

use cocarde_model::{Decimal, Interval};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// An exact rational number.
pub type Ratio = num_rational::BigRational;

/// Decimal places of a rational that is rounded outward into an interval.
pub const PLACES: u32 = 12;

/// The rational equal to a decimal.
pub fn ratio(value: Decimal) -> Ratio {
    Ratio::new(
        BigInt::from(value.mantissa()),
        BigInt::from(10u8).pow(value.scale()),
    )
}

/// The greatest decimal of [`PLACES`] places that is not above `value`; `None`
/// when it does not fit a decimal.
pub fn floor(value: &Ratio) -> Option<Decimal> {
    rounded(value.numer(), value.denom(), BigInt::div_floor)
}

/// The least decimal of [`PLACES`] places that is not below `value`; `None`
/// when it does not fit a decimal.
pub fn ceil(value: &Ratio) -> Option<Decimal> {
    rounded(value.numer(), value.denom(), BigInt::div_ceil)
}

type Divide = fn(&BigInt, &BigInt) -> BigInt;

fn rounded(numer: &BigInt, denom: &BigInt, divide: Divide) -> Option<Decimal> {
    let scaled = numer * BigInt::from(10u8).pow(PLACES);
    let units = divide(&scaled, denom).to_i128()?;
    let decimal = Decimal::try_from_i128_with_scale(units, PLACES).ok()?;
    Some(decimal.normalize())
}

// Along a chain of holdings the digits of a share grow with every step, and to
// reduce a fraction takes the square of them: what follows does not reduce.
// Comparisons hold for fractions that are not reduced.

/// Product, not reduced.
pub fn times(a: &Ratio, b: &Ratio) -> Ratio {
    Ratio::new_raw(a.numer() * b.numer(), a.denom() * b.denom())
}

/// One less a value, not reduced.
pub fn complement(value: &Ratio) -> Ratio {
    Ratio::new_raw(value.denom() - value.numer(), value.denom().clone())
}

/// The sum of products, over a common denominator, not reduced.
pub fn sum_of_products<'a>(pairs: impl Iterator<Item = (&'a Ratio, &'a Ratio)>) -> Ratio {
    let (mut numer, mut denom) = (BigInt::zero(), BigInt::one());
    for (a, b) in pairs.filter(|(a, b)| !a.is_zero() && !b.is_zero()) {
        let (n, d) = (a.numer() * b.numer(), a.denom() * b.denom());
        if d == denom {
            numer += n;
        } else {
            let common = common_multiple(&denom, &d);
            numer = numer * (&common / &denom) + n * (&common / &d);
            denom = common;
        }
    }
    if numer == denom {
        return Ratio::one();
    }
    Ratio::new_raw(numer, denom)
}

/// The least common multiple; the larger one at once where it is that.
fn common_multiple(a: &BigInt, b: &BigInt) -> BigInt {
    let (small, large) = if a < b { (a, b) } else { (b, a) };
    if (large % small).is_zero() {
        large.clone()
    } else {
        a.lcm(b)
    }
}

/// A range of rationals: both ends belong to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// Lower end.
    pub lo: Ratio,
    /// Upper end.
    pub hi: Ratio,
}

impl Range {
    /// The range from `lo` to `hi`.
    pub fn new(lo: Ratio, hi: Ratio) -> Range {
        debug_assert!(lo <= hi);
        Range { lo, hi }
    }

    /// The range of one point.
    pub fn point(value: Ratio) -> Range {
        Range {
            lo: value.clone(),
            hi: value,
        }
    }

    /// All shares: zero to one.
    pub fn unit() -> Range {
        Range::new(Ratio::zero(), Ratio::one())
    }

    /// The fraction that an interval of percentages states; open ends are
    /// closed at 0 and 100 %.
    pub fn of_percent(percent: Interval) -> Range {
        let hundred = Ratio::from_integer(100.into());
        let end = |d: Option<Decimal>, open: Ratio| d.map_or(open, |d| ratio(d) / &hundred);
        Range {
            lo: end(percent.lo(), Ratio::zero()),
            hi: end(percent.hi(), Ratio::one()),
        }
    }

    /// The percentage, rounded outward to [`PLACES`] places.
    pub fn to_percent(&self) -> Interval {
        let hundredfold = |r: &Ratio| r.numer() * BigInt::from(100u8);
        let lo = rounded(&hundredfold(&self.lo), self.lo.denom(), BigInt::div_floor);
        let hi = rounded(&hundredfold(&self.hi), self.hi.denom(), BigInt::div_ceil);
        Interval::new(lo, hi).unwrap_or(Interval::ALL)
    }

    /// The interval of decimals that holds it, rounded outward to [`PLACES`] places.
    pub fn to_interval(&self) -> Interval {
        Interval::new(floor(&self.lo), ceil(&self.hi)).unwrap_or(Interval::ALL)
    }

    /// Every value times a factor that is not negative.
    #[must_use]
    pub fn scaled(&self, factor: &Ratio) -> Range {
        debug_assert!(!factor.is_negative());
        Range::new(&self.lo * factor, &self.hi * factor)
    }

    /// Product, for ranges without negative values.
    #[must_use]
    pub fn times(&self, other: &Range) -> Range {
        Range::new(times(&self.lo, &other.lo), times(&self.hi, &other.hi))
    }

    /// Sum.
    #[must_use]
    pub fn plus(&self, other: &Range) -> Range {
        Range::new(&self.lo + &other.lo, &self.hi + &other.hi)
    }

    /// Whether `value` lies inside.
    pub fn contains(&self, value: &Ratio) -> bool {
        self.lo <= *value && *value <= self.hi
    }
}

/// Why a linear system has no single solution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Singular;

/// Solves `matrix · x = right` exactly for several right-hand sides at once;
/// `right[i]` holds the right-hand sides of row `i`, and the result has the
/// same layout.
///
/// Method: fraction-free elimination of E. H. Bareiss, "Sylvester's identity
/// and multistep integer-preserving Gaussian elimination" (1968): rows are
/// scaled to whole numbers, so that no step reduces a fraction.
///
/// # Errors
/// [`Singular`] when the matrix has no inverse.
pub fn solve(matrix: &[Vec<Ratio>], right: &[Vec<Ratio>]) -> Result<Vec<Vec<Ratio>>, Singular> {
    let n = matrix.len();
    let mut rows: Vec<Vec<BigInt>> = matrix
        .iter()
        .zip(right)
        .map(|(a, b)| whole_row(a.iter().chain(b)))
        .collect();
    let mut previous = BigInt::one();
    for k in 0..n {
        let pivot = (k..n).find(|i| !rows[*i][k].is_zero()).ok_or(Singular)?;
        rows.swap(k, pivot);
        for i in k + 1..n {
            eliminate(&mut rows, k, i, &previous);
        }
        previous = rows[k][k].clone();
    }
    Ok(substitute(&rows, n))
}

/// The row times the least common multiple of its denominators.
fn whole_row<'a>(row: impl Iterator<Item = &'a Ratio> + Clone) -> Vec<BigInt> {
    let scale = row.clone().fold(BigInt::one(), |acc, x| acc.lcm(x.denom()));
    row.map(|x| x.numer() * (&scale / x.denom())).collect()
}

fn eliminate(rows: &mut [Vec<BigInt>], k: usize, i: usize, previous: &BigInt) {
    let (head, tail) = rows.split_at_mut(i);
    let (pivot, row) = (&head[k], &mut tail[0]);
    let factor = std::mem::take(&mut row[k]);
    for j in k + 1..row.len() {
        let value = &row[j] * &pivot[k] - &factor * &pivot[j];
        row[j] = value / previous;
    }
}

fn substitute(rows: &[Vec<BigInt>], n: usize) -> Vec<Vec<Ratio>> {
    let sides = rows.first().map_or(0, |r| r.len() - n);
    let mut x: Vec<Vec<Ratio>> = vec![Vec::new(); n];
    for i in (0..n).rev() {
        x[i] = (0..sides)
            .map(|s| {
                let known: Ratio = (i + 1..n)
                    .map(|j| &x[j][s] * &rows[i][j])
                    .fold(Ratio::zero(), |a, b| a + b);
                (Ratio::from_integer(rows[i][n + s].clone()) - known) / &rows[i][i]
            })
            .collect();
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn small() -> impl Strategy<Value = Ratio> {
        (-20i64..20, 1i64..9).prop_map(|(n, d)| Ratio::new(n.into(), d.into()))
    }

    proptest! {
        #[test]
        fn a_solution_solves(n in 1usize..5, cells in proptest::collection::vec(small(), 30)) {
            let at = |i: usize, j: usize| cells[i * 5 + j].clone();
            let a: Vec<Vec<_>> = (0..n).map(|i| (0..n).map(|j| at(i, j)).collect()).collect();
            let b: Vec<Vec<_>> = (0..n).map(|i| vec![cells[25 + i].clone()]).collect();
            if let Ok(x) = solve(&a, &b) {
                for i in 0..n {
                    let sum: Ratio = (0..n).map(|j| &a[i][j] * &x[j][0]).sum();
                    prop_assert_eq!(&sum, &b[i][0]);
                }
            } else {
                prop_assert!(determinant(&a).is_zero());
            }
        }

        #[test]
        fn rounding_is_outward(value in small()) {
            let range = Range::point(value.clone());
            let interval = range.to_interval();
            prop_assert!(ratio(interval.lo().unwrap()) <= value);
            prop_assert!(ratio(interval.hi().unwrap()) >= value);
        }

        #[test]
        fn what_is_not_reduced_is_worth_the_same(cells in proptest::collection::vec(small(), 6)) {
            let sum = sum_of_products(cells[..3].iter().zip(&cells[3..]));
            let plain: Ratio = cells[..3].iter().zip(&cells[3..]).map(|(a, b)| a * b).sum();
            prop_assert_eq!(sum, plain);
            prop_assert_eq!(times(&cells[0], &cells[1]), &cells[0] * &cells[1]);
            prop_assert_eq!(complement(&cells[0]), Ratio::one() - &cells[0]);
        }
    }

    /// By expansion along the first row.
    fn determinant(a: &[Vec<Ratio>]) -> Ratio {
        if a.is_empty() {
            return Ratio::one();
        }
        let mut sum = Ratio::zero();
        for j in 0..a.len() {
            let minor: Vec<Vec<Ratio>> = a[1..]
                .iter()
                .map(|r| {
                    let mut r = r.clone();
                    r.remove(j);
                    r
                })
                .collect();
            let term = &a[0][j] * determinant(&minor);
            sum = if j % 2 == 0 { sum + term } else { sum - term };
        }
        sum
    }
}
