//! Queries written and responses read (RFC 1035 §4, RFC 6891), without copying: what a
//! bulk run does hundreds of thousands of times a second, and no more than that.

mod codes;
mod query;
mod records;
mod response;
#[cfg(test)]
mod tests;

pub use codes::{Rcode, Type};
pub use query::{QueryOptions, set_id, write_query};
pub use records::{Record, Records, Section};
pub use response::Message;

use super::name::BadName;
use std::fmt;

/// The fixed header's length.
pub const HEADER: usize = 12;
/// The most records read of one message, over all sections.
pub const MAX_RECORDS: usize = 4096;

/// The identifier of a message, if it is long enough to be one.
#[must_use]
pub fn id(message: &[u8]) -> Option<u16> {
    (message.len() >= HEADER).then(|| u16::from_be_bytes([message[0], message[1]]))
}

/// Why bytes are no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// The message ends before it should.
    Short,
    /// The message is a query.
    NotResponse,
    /// Not exactly one question of class IN.
    BadQuestion,
    /// A name that cannot be read.
    BadName,
    /// More than [`MAX_RECORDS`] records.
    TooMany,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Short => "the message ends before its records do",
            Self::NotResponse => "the message is not a response",
            Self::BadQuestion => "the message does not have exactly one question of class IN",
            Self::BadName => "the message holds a name that cannot be read",
            Self::TooMany => "the message announces more than 4096 records",
        })
    }
}

impl std::error::Error for ParseError {}

impl From<BadName> for ParseError {
    fn from(_: BadName) -> Self {
        Self::BadName
    }
}
