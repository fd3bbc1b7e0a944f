//! The chain of value: firms, what they spend, and where it goes.
//!
//! A euro of cost ends where work is done: at home in a country, or passed on
//! to a supplier, from there to its own suppliers, and so on. This is the
//! look-through of input–output analysis (W. Leontief; R. E. Miller and P. D.
//! Blair, *Input–Output Analysis*, 2009), over firms and with intervals.

use crate::exact::{Range, Ratio, ratio};
use crate::flow::{Amount, Flow, FlowError, Part};
use cocarde_model::{Decimal, Diagnostic, Interval};
use num_traits::{One, Zero};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Firms and lines that the exact analysis accepts.
pub const MAX_LINES: usize = 20_000;

/// A firm, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FirmId(pub usize);

/// Where a cost goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Destination {
    /// Work done in a country, ISO 3166-1 alpha-2.
    Country(Arc<str>),
    /// A purchase from a firm of the chain, looked through.
    Firm(FirmId),
    /// A purchase of which a share (percent) is made at home, as declared or
    /// labelled; the rest goes to a country, or abroad to none that is known.
    Shared {
        /// The share made at home, percent.
        domestic: Interval,
        /// Where the rest goes, if known.
        rest: Option<Arc<str>>,
    },
}

/// A line of cost.
#[derive(Clone, Debug)]
pub struct Line {
    /// What it is, for people.
    pub label: Arc<str>,
    /// Its amount, in euros, never negative; open when unknown.
    pub amount: Interval,
    /// Where it goes.
    pub goes: Destination,
}

/// A firm and what it spends.
#[derive(Clone, Debug, Default)]
pub struct Firm {
    /// Its name.
    pub name: Arc<str>,
    /// Its lines of cost.
    pub lines: Vec<Line>,
    /// Its turnover in euros, where own value added is what purchases leave of
    /// it, and where that is made.
    pub turnover: Option<(Interval, Destination)>,
}

/// Firms; the first is the one looked at.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The country that counts as home.
    pub home: Arc<str>,
    /// The firms.
    pub firms: Vec<Firm>,
}

/// Why a chain has no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChainError {
    /// An amount or share is out of its range, at that firm and line.
    Amount(String, String),
    /// A firm buys more than its turnover, or a loop of firms buys only from
    /// itself: the gain of the loop is one or more.
    Gain(Vec<String>),
    /// A line names a firm that does not exist.
    Firm(String, String),
    /// No line has an amount.
    Empty(String),
    /// More lines than [`MAX_LINES`], or a loop too large to solve exactly.
    TooLarge,
}

impl ChainError {
    /// The error for people.
    pub fn diagnostic(&self) -> Diagnostic {
        match self {
            ChainError::Amount(firm, line) => Diagnostic::error(
                "amount-out-of-range",
                format!("« {firm} », ligne « {line} » : montant négatif ou part hors de 0 à 100"),
                format!(
                    "\"{firm}\", line \"{line}\": negative amount, or share not within 0 to 100"
                ),
            ),
            ChainError::Gain(firms) => {
                let firms = firms.join(", ");
                Diagnostic::error(
                    "gain",
                    format!("achats au moins égaux au chiffre d'affaires, gain ≥ 1 : {firms}"),
                    format!("purchases reach the turnover, gain ≥ 1: {firms}"),
                )
                .help(
                    "une boucle de fournisseurs doit créer de la valeur quelque part : vérifiez les montants",
                    "a loop of suppliers must add value somewhere: check the amounts",
                )
            }
            ChainError::Firm(firm, line) => Diagnostic::error(
                "unknown-firm",
                format!("« {firm} », ligne « {line} » : fournisseur inconnu"),
                format!("\"{firm}\", line \"{line}\": unknown supplier"),
            ),
            ChainError::Empty(firm) => Diagnostic::error(
                "no-cost",
                format!("« {firm} » n'a aucun coût"),
                format!("\"{firm}\" has no cost"),
            ),
            ChainError::TooLarge => Diagnostic::error(
                "chain-too-large",
                format!("plus de {MAX_LINES} lignes, ou une boucle trop grande"),
                format!("more than {MAX_LINES} lines, or a loop too large"),
            ),
        }
    }
}

/// Where a chain's value ends; `None` is abroad, in a country nobody named.
pub(super) type End = Option<Arc<str>>;

/// The flow of a chain: one node for each firm, one for each line, one for each end.
#[derive(Clone, Debug)]
pub(super) struct Ends {
    pub flow: Flow,
    /// The node of each end.
    pub ends: BTreeMap<End, usize>,
    /// The node of each line of the first firm.
    pub lines: Vec<usize>,
}

impl Chain {
    /// Checks the chain and lays its flow.
    pub(super) fn flow(&self) -> Result<Ends, ChainError> {
        let count: usize = self.firms.iter().map(|f| f.lines.len() + 1).sum();
        if count > MAX_LINES {
            return Err(ChainError::TooLarge);
        }
        let mut flow = Flow::default();
        let firms: Vec<usize> = self.firms.iter().map(|_| flow.end()).collect();
        let mut laid = Ends {
            flow,
            ends: BTreeMap::new(),
            lines: Vec::new(),
        };
        for (i, firm) in self.firms.iter().enumerate() {
            let mut amounts = Vec::new();
            for line in &firm.lines {
                let to = laid.place(self, &firms, (firm, &line.label), &line.goes)?;
                amounts.push(amount(to, line.amount).ok_or_else(|| wrong(firm, &line.label))?);
                if i == 0 {
                    laid.lines.push(to);
                }
            }
            laid.close(self, &firms, i, amounts)?;
        }
        match laid.flow.check() {
            Ok(()) => Ok(laid),
            Err(FlowError::Infeasible(node)) => Err(ChainError::Empty(self.name_of(node))),
            Err(FlowError::Closed(nodes)) => {
                let firms = nodes.into_iter().filter(|n| *n < self.firms.len());
                Err(ChainError::Gain(firms.map(|n| self.name_of(n)).collect()))
            }
            Err(FlowError::LoopTooLarge(_)) => Err(ChainError::TooLarge),
        }
    }

    /// Nodes of firms come first.
    fn name_of(&self, node: usize) -> String {
        self.firms
            .get(node)
            .map_or(String::new(), |f| f.name.to_string())
    }
}

impl Ends {
    fn end(&mut self, country: End) -> usize {
        let flow = &mut self.flow;
        *self.ends.entry(country).or_insert_with(|| flow.end())
    }

    /// The node of what goes to some destination, named for people by firm and line.
    fn place(
        &mut self,
        chain: &Chain,
        firms: &[usize],
        (firm, label): (&Firm, &str),
        goes: &Destination,
    ) -> Result<usize, ChainError> {
        let node = self.flow.end();
        let whole = |to| Part {
            to,
            share: Range::point(Ratio::one()),
        };
        let parts = match goes {
            Destination::Country(country) => vec![whole(self.end(Some(country.clone())))],
            Destination::Firm(id) => {
                let unknown = || ChainError::Firm(firm.name.to_string(), label.to_string());
                vec![whole(*firms.get(id.0).ok_or_else(unknown)?)]
            }
            Destination::Shared { domestic, rest } => {
                let outside = |d: Decimal| d < Decimal::ZERO || d > Decimal::ONE_HUNDRED;
                let ends = [domestic.lo(), domestic.hi()];
                if ends.into_iter().flatten().any(outside) {
                    return Err(wrong(firm, label));
                }
                let rest = rest.clone().filter(|c| *c != chain.home);
                self.shared(&chain.home, Range::of_percent(*domestic), rest)
            }
        };
        self.flow.split(node, parts);
        Ok(node)
    }

    /// What is shared between home and another end.
    fn shared(&mut self, home: &Arc<str>, share: Range, rest: End) -> Vec<Part> {
        let other = Range::new(Ratio::one() - &share.hi, Ratio::one() - &share.lo);
        let (to, abroad) = (self.end(Some(home.clone())), self.end(rest));
        vec![
            Part { to, share },
            Part {
                to: abroad,
                share: other,
            },
        ]
    }

    /// Adds what turnover leaves to a firm, and lays its split.
    fn close(
        &mut self,
        chain: &Chain,
        firms: &[usize],
        at: usize,
        amounts: Vec<Amount>,
    ) -> Result<(), ChainError> {
        let (firm, node) = (&chain.firms[at], firms[at]);
        let Some((turnover, made)) = &firm.turnover else {
            self.flow.split_by(node, amounts);
            return Ok(());
        };
        // Shares of turnover: what the lines do not take is own value added.
        let least = turnover.lo().map_or_else(Ratio::zero, ratio);
        let most = turnover.hi().map(ratio);
        let bought: Ratio = amounts.iter().map(|a| &a.least).sum();
        if most.as_ref().is_some_and(|m| bought >= *m) {
            return Err(ChainError::Gain(vec![firm.name.to_string()]));
        }
        let over = |part: &Ratio, whole: &Ratio| -> Ratio {
            let share = if whole.is_zero() {
                Ratio::one()
            } else {
                part / whole
            };
            share.min(Ratio::one())
        };
        let mut parts: Vec<Part> = amounts
            .into_iter()
            .map(|a| {
                let lo = most
                    .as_ref()
                    .map_or_else(Ratio::zero, |m| over(&a.least, m));
                let hi = a.most.as_ref().map_or_else(Ratio::one, |m| over(m, &least));
                Part {
                    to: a.to,
                    share: Range::new(lo, hi),
                }
            })
            .collect();
        // Own value added is no line: it goes by the name of its firm.
        let own = self.place(chain, firms, (firm, &firm.name), made)?;
        let taken: Ratio = parts.iter().map(|p| &p.share.lo).sum();
        let filled: Ratio = parts.iter().map(|p| &p.share.hi).sum();
        let lo = (Ratio::one() - filled).max(Ratio::zero());
        parts.push(Part {
            to: own,
            share: Range::new(lo, Ratio::one() - taken),
        });
        self.flow.split(node, parts);
        Ok(())
    }
}

fn wrong(firm: &Firm, label: &str) -> ChainError {
    ChainError::Amount(firm.name.to_string(), label.to_string())
}

/// `None` when the amount is negative.
fn amount(to: usize, euros: Interval) -> Option<Amount> {
    let negative = |d: &Decimal| *d < Decimal::ZERO;
    if euros.lo().as_ref().is_some_and(negative) || euros.hi().as_ref().is_some_and(negative) {
        return None;
    }
    Some(Amount {
        to,
        least: euros.lo().map_or_else(Ratio::zero, ratio),
        most: euros.hi().map(ratio),
    })
}

#[cfg(test)]
mod tests;
