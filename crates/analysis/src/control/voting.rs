//! Voting power in weighted voting games: what a holder's votes can decide when
//! nobody has the majority.
//!
//! Sources: L. S. Shapley and M. Shubik, "A method for evaluating the
//! distribution of power in a committee system" (1954); J. F. Banzhaf,
//! "Weighted voting doesn't work" (1965); dynamic programming on generating
//! functions after I. Mann and L. S. Shapley (1962) and S. J. Brams and P. J.
//! Affuso (1976).

use crate::exact::{Ratio, ratio};
use cocarde_model::Decimal;
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, ToPrimitive, Zero};
use std::fmt;

/// Most players of a game: coalitions are counted in 128 bits.
pub const MAX_PLAYERS: usize = 120;

/// Most cells of the counting table (players × quota): bounds time and memory.
pub const MAX_CELLS: usize = 4_000_000;

/// Why a game has no indices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VotingError {
    /// There is nobody, or nobody has a vote.
    Empty,
    /// A weight is negative.
    Negative,
    /// The quota is not above half of all votes, so that two disjoint
    /// coalitions could win; or it is above all votes.
    Quota,
    /// More than [`MAX_PLAYERS`] players.
    Players(usize),
    /// Players × quota exceeds [`MAX_CELLS`], or weights exceed 64 bits.
    Cells,
}

impl fmt::Display for VotingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VotingError::Empty => write!(f, "nobody has a vote"),
            VotingError::Negative => write!(f, "a number of votes is negative"),
            VotingError::Quota => write!(
                f,
                "the quota is not above half of all votes, or above them all"
            ),
            VotingError::Players(n) => write!(f, "{n} voters, {MAX_PLAYERS} at most"),
            VotingError::Cells => {
                write!(f, "voters times quota exceeds {MAX_CELLS}: round the votes")
            }
        }
    }
}

impl std::error::Error for VotingError {}

/// A weighted voting game: a coalition wins when its weights reach the quota.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Game {
    quota: usize,
    weights: Vec<u64>,
}

/// The power of every player, each list in the order of the players.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Power {
    /// Banzhaf's index: each player's swings over all swings; sums to one.
    pub banzhaf: Vec<Ratio>,
    /// Penrose's measure (absolute Banzhaf): the probability that a player's
    /// vote decides when the others vote at random.
    pub swing: Vec<Ratio>,
    /// Shapley–Shubik's index: the probability that a player is pivotal in a
    /// random order; sums to one.
    pub shapley_shubik: Vec<Ratio>,
}

impl Game {
    /// The game of whole-number weights that wins at `quota`.
    ///
    /// # Errors
    /// A defect of the game or a size above the limits.
    pub fn new(quota: u64, weights: Vec<u64>) -> Result<Game, VotingError> {
        let total: u128 = weights.iter().map(|w| u128::from(*w)).sum();
        if total == 0 {
            return Err(VotingError::Empty);
        }
        if weights.len() > MAX_PLAYERS {
            return Err(VotingError::Players(weights.len()));
        }
        if u128::from(quota) * 2 <= total || u128::from(quota) > total {
            return Err(VotingError::Quota);
        }
        let quota = usize::try_from(quota).map_err(|_| VotingError::Cells)?;
        let cells = quota.checked_mul(weights.len() + 1);
        if cells.is_none_or(|c| c > MAX_CELLS) {
            return Err(VotingError::Cells);
        }
        Ok(Game { quota, weights })
    }

    /// The game of exact shares (in any unit) in which more than `majority`
    /// (0.5 or more, of the whole) wins. Shares are scaled to the smallest
    /// whole numbers.
    ///
    /// # Errors
    /// A defect of the game or a size above the limits.
    pub fn of_shares(shares: &[Decimal], majority: Decimal) -> Result<Game, VotingError> {
        let shares: Vec<Ratio> = shares.iter().map(|s| ratio(*s)).collect();
        if shares.iter().any(|s| *s < Ratio::zero()) {
            return Err(VotingError::Negative);
        }
        let scale = shares.iter().fold(BigInt::one(), |a, s| a.lcm(s.denom()));
        let whole: Vec<BigInt> = shares
            .iter()
            .map(|s| s.numer() * (&scale / s.denom()))
            .collect();
        let common = whole.iter().fold(BigInt::zero(), |a, w| a.gcd(w));
        if common.is_zero() {
            return Err(VotingError::Empty);
        }
        let weights = whole.iter().map(|w| (w / &common).to_u64());
        let weights: Vec<u64> = weights.collect::<Option<_>>().ok_or(VotingError::Cells)?;
        let total = whole.iter().sum::<BigInt>() / &common;
        let half = (Ratio::from_integer(total) * ratio(majority)).floor();
        let quota: BigInt = half.to_integer() + 1;
        Game::new(quota.to_u64().ok_or(VotingError::Cells)?, weights)
    }

    /// Number of players.
    pub fn players(&self) -> usize {
        self.weights.len()
    }

    /// The power of every player.
    pub fn power(&self) -> Power {
        let swings: Vec<Vec<u128>> = (0..self.players()).map(|i| self.swings(i)).collect();
        let count = |s: &Vec<u128>| s.iter().map(|c| BigInt::from(*c)).sum::<BigInt>();
        let counts: Vec<BigInt> = swings.iter().map(count).collect();
        let all: BigInt = counts.iter().sum();
        let coalitions = BigInt::one() << (self.players() - 1);
        Power {
            banzhaf: counts
                .iter()
                .map(|c| Ratio::new(c.clone(), all.clone()))
                .collect(),
            swing: counts
                .iter()
                .map(|c| Ratio::new(c.clone(), coalitions.clone()))
                .collect(),
            shapley_shubik: swings.iter().map(|s| self.pivot(s)).collect(),
        }
    }

    /// For each size, the coalitions of the other players that a player turns
    /// from losing to winning.
    fn swings(&self, player: usize) -> Vec<u128> {
        let weight = self.weights[player] as usize;
        if weight == 0 {
            return vec![0; self.players()];
        }
        // table[size][sum]: coalitions of the other players below the quota.
        let mut table = vec![0u128; self.players() * self.quota];
        table[0] = 1;
        let others = self
            .weights
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != player);
        for (seen, (_, w)) in others.enumerate() {
            let w = *w as usize;
            if w >= self.quota {
                continue;
            }
            for size in (0..=seen).rev() {
                let (low, high) = table.split_at_mut((size + 1) * self.quota);
                let from = &low[size * self.quota..][..self.quota - w];
                for (to, from) in high[w..self.quota].iter_mut().zip(from) {
                    *to += from;
                }
            }
        }
        let first = self.quota.saturating_sub(weight);
        table
            .chunks(self.quota)
            .map(|sums| sums[first..].iter().sum())
            .collect()
    }

    /// The share of orders in which a player with these swings is pivotal:
    /// the sum over sizes of swings × size! × (n − 1 − size)! / n!.
    fn pivot(&self, swings: &[u128]) -> Ratio {
        let n = self.players();
        // size! (n − 1 − size)! / n! = 1 / (n × C(n − 1, size))
        let mut choose = BigInt::one();
        let mut sum = Ratio::zero();
        for (size, swings) in swings.iter().enumerate() {
            sum += Ratio::new(BigInt::from(*swings), &choose * BigInt::from(n));
            choose = choose * BigInt::from(n - 1 - size) / BigInt::from(size + 1);
        }
        sum
    }
}

#[cfg(test)]
mod tests;
