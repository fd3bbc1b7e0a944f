//! What was asked, whom, when, and what came back.

use jiff::Timestamp;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// One exchange with the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// `dns`, `http`, `tls` or `smtp`.
    pub by: &'static str,
    /// What was asked.
    pub question: String,
    /// The server that was asked; `None` where nobody could be.
    pub server: Option<String>,
    /// When.
    pub at: Timestamp,
    /// What came of it, in short.
    pub outcome: String,
    /// SHA-256 of the bytes that came back (a DNS message with its identifier zeroed).
    pub sha256: Option<String>,
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Where the time comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// The system's.
    System,
    /// Always this, for records that must come out the same.
    Fixed(Timestamp),
}

impl Clock {
    /// The time, to the second.
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::Fixed(at) => at,
            Self::System => {
                let now = Timestamp::now();
                Timestamp::from_second(now.as_second()).unwrap_or(now)
            }
        }
    }
}
