//! Queries written and responses read (RFC 1035 §4, RFC 6891), without copying: what a
//! bulk run does hundreds of thousands of times a second, and no more than that.

use super::name::{BadName, NameRef};
use std::fmt;

/// The fixed header's length.
pub const HEADER: usize = 12;
/// The most records read of one message, over all sections.
pub const MAX_RECORDS: usize = 4096;

/// A record type (the IANA registry's numbers).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Type(pub u16);

macro_rules! types {
    ($($(#[$doc:meta])* $konst:ident = $n:literal, $text:literal;)*) => {
        impl Type {
            $($(#[$doc])* pub const $konst: Self = Self($n);)*

            /// The registry's mnemonic, if this is a type we know.
            #[must_use]
            pub const fn mnemonic(self) -> Option<&'static str> {
                match self.0 { $($n => Some($text),)* _ => None }
            }

            /// The type a mnemonic, or `TYPE` and a number (RFC 3597), stands for.
            #[must_use]
            pub fn from_mnemonic(text: &str) -> Option<Self> {
                match text {
                    $($text => Some(Self($n)),)*
                    _ => text.strip_prefix("TYPE")?.parse().ok().map(Self),
                }
            }
        }
    };
}

types! {
    /// IPv4 address.
    A = 1, "A";
    /// Name server.
    NS = 2, "NS";
    /// Alias.
    CNAME = 5, "CNAME";
    /// Start of authority.
    SOA = 6, "SOA";
    /// Reverse pointer.
    PTR = 12, "PTR";
    /// Mail exchanger.
    MX = 15, "MX";
    /// Text.
    TXT = 16, "TXT";
    /// IPv6 address.
    AAAA = 28, "AAAA";
    /// Service location.
    SRV = 33, "SRV";
    /// EDNS pseudo-record.
    OPT = 41, "OPT";
    /// Delegation signer.
    DS = 43, "DS";
    /// DNSSEC signature.
    RRSIG = 46, "RRSIG";
    /// DNSSEC key.
    DNSKEY = 48, "DNSKEY";
    /// TLS association.
    TLSA = 52, "TLSA";
    /// Service binding for HTTPS.
    HTTPS = 65, "HTTPS";
    /// Certification authority authorisation.
    CAA = 257, "CAA";
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.mnemonic() {
            Some(text) => f.write_str(text),
            None => write!(f, "TYPE{}", self.0),
        }
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A response code of the header.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rcode(pub u8);

impl Rcode {
    /// No error.
    pub const NOERROR: Self = Self(0);
    /// The server did not understand the query.
    pub const FORMERR: Self = Self(1);
    /// The server could not answer.
    pub const SERVFAIL: Self = Self(2);
    /// The name does not exist, nor anything below it (RFC 8020).
    pub const NXDOMAIN: Self = Self(3);
    /// The server will not answer.
    pub const REFUSED: Self = Self(5);

    /// The registry's mnemonic.
    #[must_use]
    pub const fn mnemonic(self) -> &'static str {
        const NAMES: [&str; 11] = [
            "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN",
            "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE",
        ];
        if (self.0 as usize) < NAMES.len() {
            NAMES[self.0 as usize]
        } else {
            "RESERVED"
        }
    }

    /// Whether the server could not or would not answer, so that another one may.
    #[must_use]
    pub const fn is_failure(self) -> bool {
        !matches!(self, Self::NOERROR | Self::NXDOMAIN)
    }
}

impl fmt::Debug for Rcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.mnemonic())
    }
}

/// How a query is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueryOptions {
    /// Ask the server to resolve for us (a resolver), rather than to say what it knows.
    pub recursion: bool,
    /// The EDNS payload size; `None` leaves EDNS out.
    pub udp_size: Option<u16>,
    /// Ask for signatures too (the DO bit); without it the AD bit is still asked for
    /// (RFC 6840 §5.7).
    pub dnssec_ok: bool,
}

impl Default for QueryOptions {
    fn default() -> Self {
        Self {
            recursion: true,
            udp_size: Some(1232),
            dnssec_ok: false,
        }
    }
}

/// Writes a query over what `out` held. `name` is in wire form. Gives the place just
/// after the question. The identifier is left zero; see [`set_id`].
pub fn write_query(out: &mut Vec<u8>, name: &[u8], qtype: Type, options: QueryOptions) -> usize {
    out.clear();
    let flags = if options.recursion { 0x0120u16 } else { 0 };
    out.extend_from_slice(&[0, 0]);
    out.extend_from_slice(&flags.to_be_bytes());
    out.extend_from_slice(&[0, 1, 0, 0, 0, 0, 0, u8::from(options.udp_size.is_some())]);
    out.extend_from_slice(name);
    out.extend_from_slice(&qtype.0.to_be_bytes());
    out.extend_from_slice(&[0, 1]);
    let end = out.len();
    if let Some(size) = options.udp_size {
        out.extend_from_slice(&[0, 0, 41]);
        out.extend_from_slice(&size.to_be_bytes());
        out.extend_from_slice(&[0, 0, if options.dnssec_ok { 0x80 } else { 0 }, 0, 0, 0]);
    }
    end
}

/// Sets the identifier of a query.
pub fn set_id(query: &mut [u8], id: u16) {
    if let Some(place) = query.get_mut(..2) {
        place.copy_from_slice(&id.to_be_bytes());
    }
}

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

/// A record, its data still raw; see [`super::rdata`].
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
    pub(super) message: &'a [u8],
    pub(super) data_at: usize,
    pub(super) data_end: usize,
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
    bytes: &'a [u8],
    at: usize,
    counts: [u16; 3],
    section: usize,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::name::wire;
    use proptest::prelude::*;

    /// A response to `www.a.fr A`: a CNAME to `a.fr`, whose address is 192.0.2.1.
    fn response() -> Vec<u8> {
        let mut m = vec![];
        write_query(
            &mut m,
            &wire("www.a.fr").unwrap(),
            Type::A,
            QueryOptions::default(),
        );
        m[2..4].copy_from_slice(&[0x85, 0xa0]);
        m[6..12].copy_from_slice(&[0, 2, 0, 0, 0, 1]);
        let opt = m.split_off(m.len() - 11);
        m.extend_from_slice(b"\xc0\x0c\0\x05\0\x01\0\0\x01\x2c\0\x02\xc0\x10");
        m.extend_from_slice(b"\xc0\x10\0\x01\0\x01\0\0\x01\x2c\0\x04\xc0\0\x02\x01");
        m.extend_from_slice(&opt);
        m
    }

    #[test]
    fn reads_a_chain() {
        let bytes = response();
        let m = Message::parse(&bytes).unwrap();
        assert_eq!(
            (m.rcode(), m.qtype(), m.answer_count()),
            (Rcode::NOERROR, Type::A, 2)
        );
        assert!(m.authoritative() && m.authentic() && !m.truncated());
        assert!(m.question().is(&wire("www.a.fr").unwrap()));
        let all: Vec<_> = m.records().map(Result::unwrap).collect();
        assert_eq!(all.len(), 3);
        assert_eq!((all[0].0, all[0].1.rtype), (Section::Answer, Type::CNAME));
        assert!(all[1].1.owner.is(&wire("a.fr").unwrap()));
        assert_eq!(all[1].1.data(), [192, 0, 2, 1]);
        assert_eq!((all[2].0, all[2].1.rtype), (Section::Additional, Type::OPT));
        assert_eq!(m.answers().count(), 2);
    }

    #[test]
    fn refuses() {
        let good = response();
        let spoil = |f: fn(&mut Vec<u8>)| {
            let mut m = good.clone();
            f(&mut m);
            Message::parse(&m).map(|_| ()).unwrap_err()
        };
        assert_eq!(spoil(|m| m.truncate(11)), ParseError::Short);
        assert_eq!(spoil(|m| m[2] = 0), ParseError::NotResponse);
        assert_eq!(spoil(|m| m[5] = 2), ParseError::BadQuestion);
        assert_eq!(spoil(|m| m[6] = 0x20), ParseError::TooMany);
        assert_eq!(spoil(|m| m[12] = 0xc0), ParseError::BadName);
    }

    proptest! {
        #[test]
        fn every_cut_and_every_bit_is_survived(cut in 0usize..80, at in 0usize..80, bit in 0u8..8) {
            let mut bytes = response();
            if let Some(b) = bytes.get_mut(at) { *b ^= 1 << bit; }
            bytes.truncate(cut);
            if let Ok(m) = Message::parse(&bytes) {
                prop_assert!(m.records().count() <= MAX_RECORDS);
            }
        }
    }

    #[test]
    fn mnemonics() {
        assert_eq!(Type::from_mnemonic("CAA"), Some(Type::CAA));
        assert_eq!(Type::from_mnemonic("TYPE99"), Some(Type(99)));
        assert_eq!(Type::from_mnemonic("a"), None);
        assert_eq!(Type(99).to_string(), "TYPE99");
        assert_eq!(Rcode(12).mnemonic(), "RESERVED");
    }
}
