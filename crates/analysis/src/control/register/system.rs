//! The equations of a loop, by elimination or by relaxation.

/// Sweeps of relaxation before a loop is given up.
const MAX_SWEEPS: usize = 10_000;

/// Error left in a share by relaxation, at most.
const TOLERANCE: f64 = 1e-13;

pub(super) enum Failure {
    Singular,
    NotSettled,
}

/// `x = inside · x + right`, one right-hand side for each column.
pub(super) struct System {
    pub(super) inside: Vec<Vec<(u32, f64)>>,
    pub(super) columns: Vec<u16>,
    pub(super) right: Vec<f64>,
}

impl System {
    /// Gaussian elimination with partial pivoting; `right` becomes the solution.
    pub(super) fn eliminate(&mut self) -> Result<(), Failure> {
        let (n, m) = (self.inside.len(), self.columns.len());
        let mut a = vec![0.0; n * n];
        for (i, links) in self.inside.iter().enumerate() {
            a[i * n + i] += 1.0;
            for (j, share) in links {
                a[i * n + *j as usize] -= share;
            }
        }
        let b = &mut self.right;
        for k in 0..n {
            let size = |i: &usize| a[i * n + k].abs();
            let pivot = (k..n)
                .max_by(|i, j| size(i).total_cmp(&size(j)))
                .unwrap_or(k);
            if a[pivot * n + k].abs() < 1e-12 {
                return Err(Failure::Singular);
            }
            for j in 0..n {
                a.swap(k * n + j, pivot * n + j);
            }
            for j in 0..m {
                b.swap(k * m + j, pivot * m + j);
            }
            for i in k + 1..n {
                let factor = a[i * n + k] / a[k * n + k];
                if factor != 0.0 {
                    subtract(&mut a, n, i, k, factor);
                    subtract(b, m, i, k, factor);
                }
            }
        }
        for k in (0..n).rev() {
            for j in k + 1..n {
                let factor = a[k * n + j];
                if factor != 0.0 {
                    subtract(b, m, k, j, factor);
                }
            }
            let pivot = a[k * n + k];
            b[k * m..(k + 1) * m].iter_mut().for_each(|x| *x /= pivot);
        }
        Ok(())
    }

    /// Gauss–Seidel; `right` becomes the solution. Stops when the error left,
    /// judged by the rate at which changes shrink, is below [`TOLERANCE`].
    pub(super) fn relax(&mut self) -> Result<(), Failure> {
        let m = self.columns.len();
        let right = self.right.clone();
        let x = &mut self.right;
        let mut row = vec![0.0; m];
        let mut before = f64::INFINITY;
        for _ in 0..MAX_SWEEPS {
            let mut change: f64 = 0.0;
            for (i, links) in self.inside.iter().enumerate() {
                row.copy_from_slice(&right[i * m..(i + 1) * m]);
                for (j, share) in links {
                    let from = &x[*j as usize * m..][..m];
                    row.iter_mut().zip(from).for_each(|(r, f)| *r += share * f);
                }
                for (old, new) in x[i * m..(i + 1) * m].iter_mut().zip(&row) {
                    change = change.max((*new - *old).abs());
                    *old = *new;
                }
            }
            // Before a second sweep nothing is known of the rate.
            let known = before.is_finite();
            let rate = if known { change / before } else { 1.0 }.min(0.999_999);
            if change == 0.0 || change * rate / (1.0 - rate) < TOLERANCE {
                return Ok(());
            }
            before = change;
        }
        Err(Failure::NotSettled)
    }
}

/// `rows[i] -= factor · rows[k]`, rows of `width`.
fn subtract(rows: &mut [f64], width: usize, i: usize, k: usize, factor: f64) {
    let (low, high) = (i.min(k), i.max(k));
    let (head, tail) = rows.split_at_mut(high * width);
    let (a, b) = (&mut head[low * width..][..width], &mut tail[..width]);
    let (to, from) = if i < k { (a, b) } else { (b, a) };
    to.iter_mut()
        .zip(from.iter())
        .for_each(|(t, f)| *t -= factor * f);
}
