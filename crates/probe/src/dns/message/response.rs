//! Responses, read: the header and the question.

use super::codes::{Rcode, Type};
use super::records::{Record, Records};
use super::{HEADER, MAX_RECORDS, ParseError};
use crate::dns::name::NameRef;

/// A response: header and question read, records read as they are walked.
#[derive(Clone, Copy, Debug)]
pub struct Message<'a> {
    bytes: &'a [u8],
    question: NameRef<'a>,
    records_at: usize,
    counts: [u16; 3],
}

impl<'a> Message<'a> {
    /// Reads the header and the question.
    ///
    /// # Errors
    /// [`ParseError`].
    pub fn parse(bytes: &'a [u8]) -> Result<Self, ParseError> {
        let header: &[u8; HEADER] = bytes.first_chunk().ok_or(ParseError::Short)?;
        let count = |i: usize| u16::from_be_bytes([header[i], header[i + 1]]);
        if header[2] & 0x80 == 0 {
            return Err(ParseError::NotResponse);
        }
        if count(4) != 1 {
            return Err(ParseError::BadQuestion);
        }
        let counts = [count(6), count(8), count(10)];
        if counts.iter().map(|&n| usize::from(n)).sum::<usize>() > MAX_RECORDS {
            return Err(ParseError::TooMany);
        }
        let (question, after) = NameRef::read(bytes, HEADER)?;
        let tail = bytes.get(after..after + 4).ok_or(ParseError::Short)?;
        if tail[2..] != [0, 1] {
            return Err(ParseError::BadQuestion);
        }
        Ok(Self {
            bytes,
            question,
            records_at: after + 4,
            counts,
        })
    }

    /// The bytes it was read from.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The name asked for.
    #[must_use]
    pub fn question(&self) -> NameRef<'a> {
        self.question
    }

    /// The type asked for.
    #[must_use]
    pub fn qtype(&self) -> Type {
        let at = self.records_at - 4;
        Type(u16::from_be_bytes([self.bytes[at], self.bytes[at + 1]]))
    }

    /// The response code of the header.
    #[must_use]
    pub fn rcode(&self) -> Rcode {
        Rcode(self.bytes[3] & 0x0f)
    }

    /// Whether the answer did not fit (TC).
    #[must_use]
    pub fn truncated(&self) -> bool {
        self.bytes[2] & 0x02 != 0
    }

    /// Whether the server is an authority for the name (AA).
    #[must_use]
    pub fn authoritative(&self) -> bool {
        self.bytes[2] & 0x04 != 0
    }

    /// Whether the resolver vouches that DNSSEC validated the answer (AD).
    #[must_use]
    pub fn authentic(&self) -> bool {
        self.bytes[3] & 0x20 != 0
    }

    /// How many records the answer section announces.
    #[must_use]
    pub fn answer_count(&self) -> u16 {
        self.counts[0]
    }

    /// All records, section by section; ends after the first that cannot be read.
    #[must_use]
    pub fn records(&self) -> Records<'a> {
        Records {
            bytes: self.bytes,
            at: self.records_at,
            counts: self.counts,
            section: 0,
        }
    }

    /// The records of the answer section.
    pub fn answers(&self) -> impl Iterator<Item = Result<Record<'a>, ParseError>> + use<'a> {
        let only = Records {
            counts: [self.counts[0], 0, 0],
            ..self.records()
        };
        only.map(|r| r.map(|(_, record)| record))
    }
}
