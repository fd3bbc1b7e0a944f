//! Who holds which share of whom, and the rights that go with it.

use super::EntityId;
use cocarde_model::{Interval, RecordId, Span};

/// A holding: who holds which share of whom. Shares are percentages.
#[derive(Clone, Debug)]
pub struct Holding {
    /// Who holds.
    pub holder: EntityId,
    /// What is held.
    pub held: EntityId,
    /// Share of the capital, in percent; [`Interval::ALL`] when unknown.
    pub capital: Interval,
    /// Share of the votes, in percent; [`Interval::ALL`] when unknown.
    pub votes: Interval,
    /// Special rights; `None` when nobody said whether there are any.
    pub rights: Option<Vec<SpecialRight>>,
    /// The record it was read from.
    pub record: Option<RecordId>,
    /// Where it was stated.
    pub span: Option<Span>,
}

impl Holding {
    /// A holding of shares with as many votes, without special rights.
    pub fn of(holder: EntityId, held: EntityId, percent: Interval) -> Holding {
        Holding {
            holder,
            held,
            capital: percent,
            votes: percent,
            rights: Some(Vec::new()),
            record: None,
            span: None,
        }
    }
}

/// A right that goes beyond the votes of a holding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpecialRight {
    /// A veto by contract or statutes.
    Veto,
    /// A golden share: a veto of a public body.
    GoldenShare,
    /// The right to appoint the majority of a board.
    AppointMajority,
    /// The right to appoint a minority of a board.
    AppointMinority,
}

impl SpecialRight {
    /// The right of that name in the fact schema.
    pub fn parse(name: &str) -> Option<SpecialRight> {
        Some(match name {
            "veto" => SpecialRight::Veto,
            "golden-share" => SpecialRight::GoldenShare,
            "appoint-majority" => SpecialRight::AppointMajority,
            "appoint-minority" => SpecialRight::AppointMinority,
            _ => return None,
        })
    }

    /// Its name in the fact schema.
    pub fn name(self) -> &'static str {
        match self {
            SpecialRight::Veto => "veto",
            SpecialRight::GoldenShare => "golden-share",
            SpecialRight::AppointMajority => "appoint-majority",
            SpecialRight::AppointMinority => "appoint-minority",
        }
    }

    /// Whether it lets its holder block a decision.
    pub fn blocks(self) -> bool {
        matches!(self, SpecialRight::Veto | SpecialRight::GoldenShare)
    }
}

/// Which shares are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Shares of the capital.
    Capital,
    /// Shares of the votes.
    Votes,
}
