//! The records of a response, one by one.

use super::ParseError;
use super::codes::Type;
use crate::dns::name::NameRef;

/// The section a record stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The answer.
    Answer,
    /// Authority: referrals and proofs of absence.
    Authority,
    /// Additional: addresses that help, and EDNS.
    Additional,
}

/// A record, its data still raw; see [`crate::dns::rdata`].
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The name it belongs to.
    pub owner: NameRef<'a>,
    /// Its type.
    pub rtype: Type,
    /// Its class (1 is IN; for OPT the payload size).
    pub class: u16,
    /// Time to live, in seconds.
    pub ttl: u32,
    pub(in crate::dns) message: &'a [u8],
    pub(in crate::dns) data_at: usize,
    pub(in crate::dns) data_end: usize,
}

impl<'a> Record<'a> {
    /// The raw data; names in it may point into the message.
    #[must_use]
    pub fn data(&self) -> &'a [u8] {
        &self.message[self.data_at..self.data_end]
    }
}

/// Iterator over the records of a message.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) counts: [u16; 3],
    pub(super) section: usize,
}

impl<'a> Records<'a> {
    fn read(&mut self) -> Result<Record<'a>, ParseError> {
        let (owner, at) = NameRef::read(self.bytes, self.at)?;
        let fixed: &[u8; 10] = self
            .bytes
            .get(at..)
            .and_then(<[u8]>::first_chunk)
            .ok_or(ParseError::Short)?;
        let data_at = at + 10;
        let data_end = data_at + usize::from(u16::from_be_bytes([fixed[8], fixed[9]]));
        if data_end > self.bytes.len() {
            return Err(ParseError::Short);
        }
        self.at = data_end;
        Ok(Record {
            owner,
            rtype: Type(u16::from_be_bytes([fixed[0], fixed[1]])),
            class: u16::from_be_bytes([fixed[2], fixed[3]]),
            ttl: u32::from_be_bytes([fixed[4], fixed[5], fixed[6], fixed[7]]),
            message: self.bytes,
            data_at,
            data_end,
        })
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Result<(Section, Record<'a>), ParseError>;

    fn next(&mut self) -> Option<Self::Item> {
        const SECTIONS: [Section; 3] = [Section::Answer, Section::Authority, Section::Additional];
        while *self.counts.get(self.section)? == 0 {
            self.section += 1;
        }
        self.counts[self.section] -= 1;
        let section = SECTIONS[self.section];
        let record = self.read();
        if record.is_err() {
            self.section = SECTIONS.len();
        }
        Some(record.map(|r| (section, r)))
    }
}
