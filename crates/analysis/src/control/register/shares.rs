//! The share of every entity that is held from each jurisdiction.

use super::system::{Failure, System};
use super::{Register, RegisterError};
use crate::scc;

/// Entities of one loop that are solved by elimination; larger loops are
/// solved by relaxation.
const DENSE: usize = 400;

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
