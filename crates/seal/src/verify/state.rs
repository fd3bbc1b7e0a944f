//! How a certificate stands, and the sentences that say so.

use crate::time::Timestamp;
use serde::Serialize;

/// What an answer is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A certificate, or another credential.
    #[default]
    Certificate,
    /// The register of a scheme.
    Register,
}

/// How a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing against it.
    Valid,
    /// Facts it rests on are older than they may be.
    Stale,
    /// Its holder is under heightened surveillance.
    UnderSurveillance,
    /// It covers less than it says.
    ScopeReduced,
    /// A complaint on it is being heard.
    Contested,
    /// Its present status is not known.
    StatusUnknown,
    /// Its period has not begun.
    NotYetValid,
    /// Its period is over.
    Expired,
    /// Withdrawn for now.
    Suspended,
    /// Withdrawn for good.
    Revoked,
    /// It proves nothing.
    Invalid,
}

impl State {
    /// All of them.
    pub const ALL: [State; 11] = [
        State::Valid,
        State::Stale,
        State::UnderSurveillance,
        State::ScopeReduced,
        State::Contested,
        State::StatusUnknown,
        State::NotYetValid,
        State::Expired,
        State::Suspended,
        State::Revoked,
        State::Invalid,
    ];

    /// Its name, in French and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            State::Valid => ("valide", "valid"),
            State::Stale => ("faits à revoir", "facts due for review"),
            State::UnderSurveillance => ("sous surveillance", "under surveillance"),
            State::ScopeReduced => ("portée réduite", "scope reduced"),
            State::Contested => ("contesté", "contested"),
            State::StatusUnknown => ("statut inconnu", "status unknown"),
            State::NotYetValid => ("pas encore valide", "not valid yet"),
            State::Expired => ("expiré", "expired"),
            State::Suspended => ("suspendu", "suspended"),
            State::Revoked => ("retiré", "withdrawn"),
            State::Invalid => ("sans valeur", "not valid"),
        }
    }

    /// Its stable name.
    pub fn code(self) -> &'static str {
        match self {
            State::Valid => "valid",
            State::Stale => "stale",
            State::UnderSurveillance => "under-surveillance",
            State::ScopeReduced => "scope-reduced",
            State::Contested => "contested",
            State::StatusUnknown => "status-unknown",
            State::NotYetValid => "not-yet-valid",
            State::Expired => "expired",
            State::Suspended => "suspended",
            State::Revoked => "revoked",
            State::Invalid => "invalid",
        }
    }
}

/// What a statement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Shown by a signature or a hash.
    Proven,
    /// Proven, and to be known before relying on it.
    Caution,
    /// Not shown by what was given.
    NotProven,
    /// Why it is refused.
    Refused,
}

/// One sentence of the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// What it is.
    pub level: Level,
    /// Its stable name.
    pub code: &'static str,
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

/// The answer on the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It holds, and its present status is known.
    Valid,
    /// It holds; something is to be known or could not be checked.
    WithReserve,
    /// It must not be relied on.
    Refused,
}

/// A status list whose validity is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleList {
    /// Its address.
    pub list: String,
    /// What it says of its entries.
    pub purpose: String,
    /// When it ceased to hold.
    pub until: Timestamp,
}
