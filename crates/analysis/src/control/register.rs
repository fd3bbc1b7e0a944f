//! Ownership over a whole register: millions of entities, in binary floating
//! point, for maps and statistics. Verdicts come from the exact analyses.

use crate::scc;
use std::fmt;

/// Entities of one loop that are solved by elimination; larger loops are
/// solved by relaxation.
const DENSE: usize = 400;

/// Sweeps of relaxation before a loop is given up.
const MAX_SWEEPS: usize = 10_000;

/// Error left in a share by relaxation, at most.
const TOLERANCE: f64 = 1e-13;

/// Why a register has no answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RegisterError {
    /// A relation names an entity beyond the last.
    UnknownEntity(u32),
    /// A share is not a number from 0 to 1.
    Share {
        /// Who holds.
        holder: u32,
        /// What is held.
        held: u32,
        /// The share.
        share: f64,
    },
    /// An entity holds itself.
    SelfHolding(u32),
    /// The shares of an entity exceed the whole.
    AboveWhole(u32),
    /// Nobody outside holds the loop of that entity.
    ClosedLoop(u32),
    /// The loop of that entity did not settle within the work limit.
    NotSettled(u32),
    /// There is not one jurisdiction for each entity.
    Jurisdictions,
    /// More relations or shares than 32 bits count.
    TooLarge,
}

impl fmt::Display for RegisterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownEntity(e) => {
                write!(f, "a relation names entity {e}, which does not exist")
            }
            Self::Share {
                holder,
                held,
                share,
            } => {
                write!(
                    f,
                    "entity {holder} holds {share} of {held}: not a share from 0 to 1"
                )
            }
            Self::SelfHolding(e) => write!(f, "entity {e} holds itself"),
            Self::AboveWhole(e) => write!(f, "the shares of entity {e} exceed the whole"),
            Self::ClosedLoop(e) => write!(f, "nobody outside holds the loop of entity {e}"),
            Self::NotSettled(e) => write!(f, "the loop of entity {e} did not settle"),
            Self::Jurisdictions => write!(f, "there is not one jurisdiction for each entity"),
            Self::TooLarge => write!(f, "more relations or shares than 32 bits count"),
        }
    }
}

impl std::error::Error for RegisterError {}

/// One holding of a register: holder, held, share from 0 to 1.
pub type Relation = (u32, u32, f64);

/// Holdings of a register, by entity held.
#[derive(Clone, Debug)]
pub struct Register {
    /// Where the holders of an entity start; one more than there are entities.
    first: Vec<u32>,
    holders: Vec<u32>,
    shares: Vec<f64>,
}

/// How shares of an intermediate entity are attributed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attribution {
    /// To every entity on a chain (integrated ownership of Brioschi et al.):
    /// chains through several entities count several times.
    Gross,
    /// To those who are held by nobody, and to each entity for the part of it
    /// that nobody is named for: shares add up to what is held.
    Net,
}

/// For every entity, the share held from each jurisdiction, where not zero.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shares {
    first: Vec<u32>,
    count: Vec<u16>,
    jurisdictions: Vec<u16>,
    shares: Vec<f64>,
}

impl Shares {
    /// The jurisdictions that hold an entity and their shares, by jurisdiction.
    pub fn of(&self, entity: u32) -> impl Iterator<Item = (u16, f64)> + '_ {
        let first = self.first[entity as usize] as usize;
        let range = first..first + self.count[entity as usize] as usize;
        let columns = self.jurisdictions[range.clone()].iter().copied();
        columns.zip(self.shares[range].iter().copied())
    }

    /// Number of shares that are not zero.
    pub fn len(&self) -> usize {
        self.shares.len()
    }

    /// Whether nobody holds anything.
    pub fn is_empty(&self) -> bool {
        self.shares.is_empty()
    }
}

impl Register {
    /// The register of `n` entities with these relations.
    ///
    /// # Errors
    /// The first relation that is not a share of another entity, or the first
    /// entity whose shares exceed the whole (by more than rounding).
    pub fn new(n: u32, relations: &[Relation]) -> Result<Register, RegisterError> {
        if relations.len() > u32::MAX as usize {
            return Err(RegisterError::TooLarge);
        }
        let mut first = vec![0u32; n as usize + 1];
        for &(holder, held, share) in relations {
            if holder.max(held) >= n {
                return Err(RegisterError::UnknownEntity(holder.max(held)));
            }
            if !(0.0..=1.0).contains(&share) {
                return Err(RegisterError::Share {
                    holder,
                    held,
                    share,
                });
            }
            if holder == held {
                return Err(RegisterError::SelfHolding(held));
            }
            first[held as usize + 1] += 1;
        }
        for i in 0..n as usize {
            first[i + 1] += first[i];
        }
        let mut next = first.clone();
        let mut holders = vec![0; relations.len()];
        let mut shares = vec![0.0; relations.len()];
        for &(holder, held, share) in relations {
            let place = &mut next[held as usize];
            holders[*place as usize] = holder;
            shares[*place as usize] = share;
            *place += 1;
        }
        let register = Register {
            first,
            holders,
            shares,
        };
        let above = (0..n).find(|e| register.held_share(*e) > 1.0 + 1e-9);
        above.map_or(Ok(register), |e| Err(RegisterError::AboveWhole(e)))
    }

    /// Number of entities.
    pub fn len(&self) -> usize {
        self.first.len() - 1
    }

    /// Whether there are no entities.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn range(&self, entity: u32) -> std::ops::Range<usize> {
        self.first[entity as usize] as usize..self.first[entity as usize + 1] as usize
    }

    /// Who holds an entity directly.
    pub fn holders(&self, entity: u32) -> &[u32] {
        &self.holders[self.range(entity)]
    }

    /// Who holds an entity directly, and how much.
    pub fn holdings(&self, entity: u32) -> impl Iterator<Item = (u32, f64)> + '_ {
        let shares = self.shares[self.range(entity)].iter().copied();
        self.holders(entity).iter().copied().zip(shares)
    }

    /// The share of an entity that its named holders have together.
    pub fn held_share(&self, entity: u32) -> f64 {
        self.shares[self.range(entity)].iter().sum()
    }

    /// For every entity, the share held from each jurisdiction, directly and
    /// indirectly, all loops resolved.
    ///
    /// Components of the graph are solved in the order of the chains, owners
    /// first, so that each row is a combination of finished rows; only the
    /// jurisdictions that occur above an entity are stored and touched.
    ///
    /// # Errors
    /// A loop that nobody outside holds, or that does not settle.
    pub fn by_jurisdiction(
        &self,
        jurisdiction: &[u16],
        attribution: Attribution,
    ) -> Result<Shares, RegisterError> {
        if jurisdiction.len() != self.len() {
            return Err(RegisterError::Jurisdictions);
        }
        let mut sweep = Sweep::new(self, jurisdiction, attribution);
        let mut failure = None;
        scc::components(
            self.len(),
            |e| self.holders(e),
            |members| {
                if failure.is_none() {
                    failure = sweep.component(members).err();
                }
            },
        );
        failure.map_or(Ok(sweep.done), Err)
    }
}

struct Sweep<'a> {
    register: &'a Register,
    jurisdiction: &'a [u16],
    attribution: Attribution,
    done: Shares,
    /// One row in full, and a bit for each of its places that is in use.
    row: Vec<f64>,
    used: Vec<u64>,
    /// Place of a member within its loop, `u32::MAX` outside.
    place: Vec<u32>,
}

impl<'a> Sweep<'a> {
    fn new(register: &'a Register, jurisdiction: &'a [u16], attribution: Attribution) -> Self {
        let n = register.len();
        let columns = jurisdiction.iter().max().map_or(0, |m| *m as usize + 1);
        Sweep {
            register,
            jurisdiction,
            attribution,
            done: Shares {
                first: vec![0; n],
                count: vec![0; n],
                jurisdictions: Vec::new(),
                shares: Vec::new(),
            },
            row: vec![0.0; columns],
            used: vec![0; columns.div_ceil(64)],
            place: Vec::new(),
        }
    }

    fn component(&mut self, members: &[u32]) -> Result<(), RegisterError> {
        if let [entity] = members {
            let register = self.register;
            if register.holders(*entity).is_empty() {
                return Ok(());
            }
            for (holder, share) in register.holdings(*entity) {
                self.add(holder, share);
            }
            return self.store(*entity);
        }
        self.solve_loop(members)
    }

    /// The part of a holder that is its own, not its holders'.
    fn own(&self, holder: u32) -> f64 {
        match self.attribution {
            Attribution::Gross => 1.0,
            Attribution::Net => (1.0 - self.register.held_share(holder)).max(0.0),
        }
    }

    fn put(&mut self, column: u16, share: f64) {
        self.row[column as usize] += share;
        self.used[column as usize / 64] |= 1 << (column % 64);
    }

    /// Empties the open row, by jurisdiction.
    fn take(&mut self, mut each: impl FnMut(u16, f64)) {
        for (word, used) in self.used.iter_mut().enumerate() {
            while *used != 0 {
                let column = word * 64 + used.trailing_zeros() as usize;
                *used &= *used - 1;
                each(column as u16, std::mem::take(&mut self.row[column]));
            }
        }
    }

    fn add_own(&mut self, holder: u32, share: f64) {
        let own = share * self.own(holder);
        if own != 0.0 {
            self.put(self.jurisdiction[holder as usize], own);
        }
    }

    /// Adds a finished holder's row, times a share, to the open row.
    fn add(&mut self, holder: u32, share: f64) {
        self.add_own(holder, share);
        let first = self.done.first[holder as usize] as usize;
        for i in first..first + self.done.count[holder as usize] as usize {
            let value = self.done.shares[i] * share;
            if value != 0.0 {
                self.put(self.done.jurisdictions[i], value);
            }
        }
    }

    /// Closes the open row as that entity's.
    fn store(&mut self, entity: u32) -> Result<(), RegisterError> {
        let first = self.done.shares.len();
        self.done.first[entity as usize] =
            u32::try_from(first).map_err(|_| RegisterError::TooLarge)?;
        let mut done = std::mem::take(&mut self.done);
        self.take(|column, share| {
            done.jurisdictions.push(column);
            done.shares.push(share);
        });
        self.done = done;
        self.done.count[entity as usize] = (self.done.shares.len() - first) as u16;
        Ok(())
    }

    fn solve_loop(&mut self, members: &[u32]) -> Result<(), RegisterError> {
        let register = self.register;
        self.place.resize(register.len(), u32::MAX);
        for (i, member) in members.iter().enumerate() {
            self.place[*member as usize] = i as u32;
        }
        let mut system = self.system(members);
        let failed = if members.len() <= DENSE {
            system.eliminate()
        } else {
            system.relax()
        };
        for member in members {
            self.place[*member as usize] = u32::MAX;
        }
        match failed {
            Ok(()) => {}
            Err(Failure::Singular) => return Err(RegisterError::ClosedLoop(members[0])),
            Err(Failure::NotSettled) => return Err(RegisterError::NotSettled(members[0])),
        }
        for (i, member) in members.iter().enumerate() {
            for (j, column) in system.columns.iter().enumerate() {
                let value = system.right[i * system.columns.len() + j];
                if value != 0.0 {
                    self.put(*column, value);
                }
            }
            self.store(*member)?;
        }
        Ok(())
    }

    /// The equations of a loop: what comes from outside it on the right.
    fn system(&mut self, members: &[u32]) -> System {
        let register = self.register;
        let mut rows = Vec::with_capacity(members.len());
        let mut inside = Vec::with_capacity(members.len());
        let mut columns = Vec::new();
        for member in members {
            let mut links = Vec::new();
            for (holder, share) in register.holdings(*member) {
                match self.place[holder as usize] {
                    u32::MAX => self.add(holder, share),
                    place => {
                        links.push((place, share));
                        self.add_own(holder, share);
                    }
                }
            }
            let mut row = Vec::new();
            self.take(|column, share| row.push((column, share)));
            columns.extend(row.iter().map(|(column, _)| *column));
            rows.push(row);
            inside.push(links);
        }
        columns.sort_unstable();
        columns.dedup();
        let mut right = vec![0.0; members.len() * columns.len()];
        for (i, row) in rows.into_iter().enumerate() {
            for (column, value) in row {
                if let Ok(j) = columns.binary_search(&column) {
                    right[i * columns.len() + j] = value;
                }
            }
        }
        System {
            inside,
            columns,
            right,
        }
    }
}

enum Failure {
    Singular,
    NotSettled,
}

/// `x = inside · x + right`, one right-hand side for each column.
struct System {
    inside: Vec<Vec<(u32, f64)>>,
    columns: Vec<u16>,
    right: Vec<f64>,
}

impl System {
    /// Gaussian elimination with partial pivoting; `right` becomes the solution.
    fn eliminate(&mut self) -> Result<(), Failure> {
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
    fn relax(&mut self) -> Result<(), Failure> {
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

#[cfg(test)]
mod tests;
