//! Ownership over a whole register: millions of entities, in binary floating
//! point. It serves `bench/ownership`, through `examples/ownership.rs`, and nothing
//! else: no command and no verdict reads it. Those rest on [`super::ControlGraph`].

mod controllers;
mod error;
mod shares;
mod system;

pub use error::RegisterError;
pub use shares::{Attribution, Shares};

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

    fn range(&self, entity: u32) -> std::ops::Range<usize> {
        self.first[entity as usize] as usize..self.first[entity as usize + 1] as usize
    }
}

#[cfg(test)]
mod tests;
