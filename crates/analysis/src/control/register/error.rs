//! Why a register has no answer.

use std::fmt;

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
