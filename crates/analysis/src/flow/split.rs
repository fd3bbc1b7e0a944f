//! How one node splits what it receives, and the split that is worth most.

use crate::exact::{Range, Ratio};
use num_traits::{One, Zero};

/// A part of what a node hands on, as a share.
#[derive(Clone, Debug)]
pub struct Part {
    /// The node that receives it.
    pub to: usize,
    /// Which share of the whole, 0 to 1.
    pub share: Range,
}

/// A part of what a node hands on, as an amount: its share is the amount over
/// the sum of all.
#[derive(Clone, Debug)]
pub struct Amount {
    /// The node that receives it.
    pub to: usize,
    /// The least amount, not negative.
    pub least: Ratio,
    /// The most, `None` when nothing bounds it.
    pub most: Option<Ratio>,
}

/// The splits that a node may make.
#[derive(Clone, Debug)]
pub enum Split {
    /// Shares within their ranges that add up to the whole.
    Shares(Vec<Part>),
    /// Amounts within their ranges, independent of one another.
    Amounts(Vec<Amount>),
}

impl Default for Split {
    /// An end.
    fn default() -> Split {
        Split::Shares(Vec::new())
    }
}

impl Split {
    /// Whether nothing is handed on.
    pub fn is_end(&self) -> bool {
        self.targets().next().is_none()
    }

    /// The nodes that receive a part, in order.
    pub fn targets(&self) -> impl Iterator<Item = usize> + '_ {
        let (shares, amounts): (&[Part], &[Amount]) = match self {
            Split::Shares(parts) => (parts, &[]),
            Split::Amounts(amounts) => (&[], amounts),
        };
        shares
            .iter()
            .map(|p| p.to)
            .chain(amounts.iter().map(|a| a.to))
    }

    /// Whether there is but one choice.
    pub fn is_exact(&self) -> bool {
        match self {
            Split::Shares(parts) => parts.iter().all(|p| p.share.lo == p.share.hi),
            Split::Amounts(amounts) => amounts.iter().all(|a| a.most.as_ref() == Some(&a.least)),
        }
    }

    /// The nodes that may receive something, in order.
    pub fn possible_targets(&self) -> impl Iterator<Item = usize> + '_ {
        let nothing = |i: usize| match self {
            Split::Shares(parts) => parts[i].share.hi.is_zero(),
            Split::Amounts(amounts) => amounts[i].most.as_ref().is_some_and(Ratio::is_zero),
        };
        let all = self.targets().enumerate();
        all.filter(move |(i, _)| !nothing(*i)).map(|(_, to)| to)
    }

    /// The same, to other places.
    #[must_use]
    pub fn moved(&self, place: impl Fn(usize) -> usize) -> Split {
        let mut moved = self.clone();
        match &mut moved {
            Split::Shares(parts) => parts.iter_mut().for_each(|p| p.to = place(p.to)),
            Split::Amounts(amounts) => amounts.iter_mut().for_each(|a| a.to = place(a.to)),
        }
        moved
    }

    /// Whether some choice adds up to the whole.
    pub fn is_feasible(&self) -> bool {
        match self {
            Split::Shares(parts) => {
                let least: Ratio = parts.iter().map(|p| &p.share.lo).sum();
                let most: Ratio = parts.iter().map(|p| &p.share.hi).sum();
                least <= Ratio::one() && most >= Ratio::one()
            }
            Split::Amounts(amounts) => {
                let ordered = |a: &Amount| a.most.as_ref().is_none_or(|m| a.least <= *m);
                let some = |a: &Amount| a.most.as_ref().is_none_or(|m| !m.is_zero());
                amounts.iter().all(ordered) && amounts.iter().any(some)
            }
        }
    }

    /// The shares of the split that is worth most, given what a unit is worth
    /// at each node.
    pub fn best(&self, worth: &[Ratio]) -> Vec<Ratio> {
        if let (Split::Shares(parts), true) = (self, self.is_exact()) {
            return parts.iter().map(|p| p.share.lo.clone()).collect();
        }
        let mut order: Vec<usize> = (0..self.targets().count()).collect();
        let targets: Vec<usize> = self.targets().collect();
        order.sort_by(|a, b| worth[targets[*b]].cmp(&worth[targets[*a]]));
        match self {
            Split::Shares(parts) => fill(parts, &order),
            Split::Amounts(amounts) => tip(amounts, &order, worth),
        }
    }
}

/// The shares within their ranges that give most to the parts that come first
/// in `order`.
pub(super) fn fill(parts: &[Part], order: &[usize]) -> Vec<Ratio> {
    let mut shares: Vec<Ratio> = parts.iter().map(|p| p.share.lo.clone()).collect();
    let mut spare = Ratio::one() - shares.iter().sum::<Ratio>();
    for i in order {
        if spare <= Ratio::zero() {
            break;
        }
        let part = &parts[*i].share;
        let more = (&part.hi - &part.lo).min(spare.clone());
        spare -= &more;
        shares[*i] += more;
    }
    shares
}

/// The amounts that are worth most on average: the best ones at their most,
/// the others at their least; as many at their most as raises the average.
fn tip(amounts: &[Amount], order: &[usize], worth: &[Ratio]) -> Vec<Ratio> {
    let mut chosen: Vec<Ratio> = amounts.iter().map(|a| a.least.clone()).collect();
    let mut total: Ratio = chosen.iter().sum();
    let mut value: Ratio = (amounts.iter().zip(&chosen))
        .map(|(a, c)| c * &worth[a.to])
        .sum();
    for i in order {
        let amount = &amounts[*i];
        // More of something raises the average only when it is worth more.
        if !total.is_zero() && &worth[amount.to] * &total <= value {
            break;
        }
        let Some(most) = &amount.most else {
            // Without bound, it is all in the limit.
            let mut shares = vec![Ratio::zero(); amounts.len()];
            shares[*i] = Ratio::one();
            return shares;
        };
        let more = most - &amount.least;
        value += &more * &worth[amount.to];
        total += &more;
        chosen[*i] = most.clone();
    }
    if total.is_zero() {
        return chosen;
    }
    chosen.into_iter().map(|c| c / &total).collect()
}
