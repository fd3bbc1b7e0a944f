//! The data of records, read in place: the types a measurement of who hosts what needs.

use super::message::{ParseError, Record, Type};
use super::name::NameRef;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What a record says.
#[derive(Clone, Copy, Debug)]
pub enum Rdata<'a> {
    /// IPv4 address.
    A(Ipv4Addr),
    /// IPv6 address.
    Aaaa(Ipv6Addr),
    /// Name server.
    Ns(NameRef<'a>),
    /// Alias target.
    Cname(NameRef<'a>),
    /// Reverse pointer target.
    Ptr(NameRef<'a>),
    /// Start of authority.
    Soa(Soa<'a>),
    /// Mail exchanger: the lower the preference, the earlier it is tried; the root as
    /// host says that the domain takes no mail (RFC 7505).
    Mx {
        /// Preference.
        preference: u16,
        /// Host that takes the mail.
        host: NameRef<'a>,
    },
    /// Text, as its character strings.
    Txt(Txt<'a>),
    /// Certification authority authorisation (RFC 8659).
    Caa {
        /// Flags; 128 is «critical».
        flags: u8,
        /// Property.
        tag: &'a [u8],
        /// Value.
        value: &'a [u8],
    },
    /// Delegation signer (RFC 4034 §5).
    Ds {
        /// Tag of the key.
        key_tag: u16,
        /// Signing algorithm's number.
        algorithm: u8,
        /// Digest algorithm's number.
        digest_type: u8,
        /// Digest of the key.
        digest: &'a [u8],
    },
    /// Service location (RFC 2782).
    Srv {
        /// The lower, the earlier tried.
        priority: u16,
        /// Share among equal priorities.
        weight: u16,
        /// TCP or UDP port.
        port: u16,
        /// Host; the root says that the service is not offered.
        target: NameRef<'a>,
    },
    /// Any other type, raw.
    Other(&'a [u8]),
}

/// Start of authority.
#[derive(Clone, Copy, Debug)]
pub struct Soa<'a> {
    /// Primary server.
    pub primary: NameRef<'a>,
    /// Mailbox of the person responsible, its `@` written as a dot.
    pub mailbox: NameRef<'a>,
    /// Serial, refresh, retry, expire and minimum; the last four in seconds.
    pub numbers: [u32; 5],
}

/// The character strings of a TXT record; checked to be whole.
#[derive(Clone, Copy, Debug)]
pub struct Txt<'a>(&'a [u8]);

impl<'a> Txt<'a> {
    /// The strings, one by one.
    pub fn strings(self) -> impl Iterator<Item = &'a [u8]> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let (&n, after) = rest.split_first()?;
            let (text, next) = after.split_at_checked(usize::from(n))?;
            rest = next;
            Some(text)
        })
    }

    /// The strings joined without a space, as SPF and DKIM read them (RFC 7208 §3.3).
    #[must_use]
    pub fn joined(self) -> Vec<u8> {
        self.strings().flatten().copied().collect()
    }
}

impl<'a> Rdata<'a> {
    /// Reads the data of a record by its type.
    ///
    /// # Errors
    /// [`ParseError`] when the data is shorter or longer than its type asks, or holds a
    /// name that cannot be read.
    pub fn parse(record: &Record<'a>) -> Result<Self, ParseError> {
        let mut data = Cursor {
            record,
            at: record.data_at,
        };
        let parsed = match record.rtype {
            Type::A => Self::A(Ipv4Addr::from(data.array::<4>()?)),
            Type::AAAA => Self::Aaaa(Ipv6Addr::from(data.array::<16>()?)),
            Type::NS => Self::Ns(data.name()?),
            Type::CNAME => Self::Cname(data.name()?),
            Type::PTR => Self::Ptr(data.name()?),
            Type::SOA => Self::Soa(Soa {
                primary: data.name()?,
                mailbox: data.name()?,
                numbers: [
                    data.u32()?,
                    data.u32()?,
                    data.u32()?,
                    data.u32()?,
                    data.u32()?,
                ],
            }),
            Type::MX => Self::Mx {
                preference: data.u16()?,
                host: data.name()?,
            },
            Type::TXT => Self::Txt(data.txt()?),
            Type::CAA => {
                let [flags, length] = data.array()?;
                Self::Caa {
                    flags,
                    tag: data.take(usize::from(length))?,
                    value: data.rest(),
                }
            }
            Type::DS => Self::Ds {
                key_tag: data.u16()?,
                algorithm: data.array::<1>()?[0],
                digest_type: data.array::<1>()?[0],
                digest: data.rest(),
            },
            Type::SRV => Self::Srv {
                priority: data.u16()?,
                weight: data.u16()?,
                port: data.u16()?,
                target: data.name()?,
            },
            _ => Self::Other(data.rest()),
        };
        if data.at == record.data_end {
            Ok(parsed)
        } else {
            Err(ParseError::Short)
        }
    }

    /// Appends the zone-file form (names without a final dot).
    pub fn push_display(&self, out: &mut String) {
        // Writing to a `String` cannot fail.
        let _ = match self {
            Self::A(a) => write!(out, "{a}"),
            Self::Aaaa(a) => write!(out, "{a}"),
            Self::Ns(n) | Self::Cname(n) | Self::Ptr(n) => {
                n.push_display(out);
                Ok(())
            }
            Self::Soa(soa) => {
                soa.primary.push_display(out);
                out.push(' ');
                soa.mailbox.push_display(out);
                soa.numbers.iter().try_for_each(|n| write!(out, " {n}"))
            }
            Self::Mx { preference, host } => {
                let _ = write!(out, "{preference} ");
                host.push_display(out);
                Ok(())
            }
            Self::Txt(txt) => {
                for (i, text) in txt.strings().enumerate() {
                    if i > 0 {
                        out.push(' ');
                    }
                    push_quoted(out, text);
                }
                Ok(())
            }
            Self::Caa { flags, tag, value } => {
                let _ = write!(out, "{flags} ");
                push_plain(out, tag);
                out.push(' ');
                push_quoted(out, value);
                Ok(())
            }
            Self::Ds {
                key_tag,
                algorithm,
                digest_type,
                digest,
            } => {
                let _ = write!(out, "{key_tag} {algorithm} {digest_type} ");
                digest.iter().try_for_each(|b| write!(out, "{b:02x}"))
            }
            Self::Srv {
                priority,
                weight,
                port,
                target,
            } => {
                let _ = write!(out, "{priority} {weight} {port} ");
                target.push_display(out);
                Ok(())
            }
            Self::Other(bytes) => {
                // RFC 3597 §5.
                let _ = write!(out, "\\# {} ", bytes.len());
                bytes.iter().try_for_each(|b| write!(out, "{b:02x}"))
            }
        };
    }
}

fn push_quoted(out: &mut String, text: &[u8]) {
    out.push('"');
    push_plain(out, text);
    out.push('"');
}

fn push_plain(out: &mut String, text: &[u8]) {
    for &b in text {
        match b {
            b'"' | b'\\' => out.extend(['\\', char::from(b)]),
            b' '..=b'~' => out.push(char::from(b)),
            b => {
                let _ = write!(out, "\\{b:03}");
            }
        }
    }
}

/// Reads the zone-file form of TXT data back into its joined octets; what does not parse
/// ends the text. The inverse of what [`Rdata::push_display`] writes.
#[must_use]
pub fn joined_text(shown: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(shown.len());
    let (mut quoted, mut bytes) = (false, shown.bytes());
    while let Some(b) = bytes.next() {
        match b {
            b'"' => quoted = !quoted,
            b'\\' => match bytes.next() {
                Some(d @ b'0'..=b'9') => {
                    let digits = [Some(d), bytes.next(), bytes.next()];
                    let value = digits.iter().try_fold(0u16, |v, d| {
                        d.filter(u8::is_ascii_digit)
                            .map(|d| v * 10 + u16::from(d - b'0'))
                    });
                    match value.and_then(|v| u8::try_from(v).ok()) {
                        Some(octet) => out.push(octet),
                        None => return out,
                    }
                }
                Some(c) => out.push(c),
                None => return out,
            },
            b if quoted => out.push(b),
            _ => {}
        }
    }
    out
}

struct Cursor<'r, 'a> {
    record: &'r Record<'a>,
    at: usize,
}

impl<'a> Cursor<'_, 'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], ParseError> {
        let end = self.at + n;
        if end > self.record.data_end {
            return Err(ParseError::Short);
        }
        let taken = &self.record.message[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn rest(&mut self) -> &'a [u8] {
        let taken = &self.record.message[self.at..self.record.data_end];
        self.at = self.record.data_end;
        taken
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], ParseError> {
        self.take(N)?.try_into().map_err(|_| ParseError::Short)
    }

    fn u16(&mut self) -> Result<u16, ParseError> {
        self.array().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Result<u32, ParseError> {
        self.array().map(u32::from_be_bytes)
    }

    fn name(&mut self) -> Result<NameRef<'a>, ParseError> {
        let (name, after) = NameRef::read(self.record.message, self.at)?;
        if after > self.record.data_end {
            return Err(ParseError::Short);
        }
        self.at = after;
        Ok(name)
    }

    fn txt(&mut self) -> Result<Txt<'a>, ParseError> {
        let all = self.rest();
        let mut rest = all;
        while let Some((&n, after)) = rest.split_first() {
            rest = after.get(usize::from(n)..).ok_or(ParseError::Short)?;
        }
        if all.is_empty() {
            Err(ParseError::Short)
        } else {
            Ok(Txt(all))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dns::message::{Message, QueryOptions, write_query};
    use proptest::prelude::*;

    fn shown(rtype: Type, data: &[u8]) -> Result<String, ParseError> {
        let mut m = vec![];
        let options = QueryOptions {
            udp_size: None,
            ..QueryOptions::default()
        };
        write_query(&mut m, b"\x02ab\0", rtype, options);
        m[2] |= 0x80;
        m[7] = 1;
        m.extend_from_slice(b"\xc0\x0c");
        m.extend_from_slice(&rtype.0.to_be_bytes());
        m.extend_from_slice(&[0, 1, 0, 0, 0, 60]);
        m.extend_from_slice(&(data.len() as u16).to_be_bytes());
        m.extend_from_slice(data);
        let record = Message::parse(&m)?.answers().next().unwrap()?;
        let mut out = String::new();
        Rdata::parse(&record)?.push_display(&mut out);
        Ok(out)
    }

    #[test]
    fn every_type_shows() {
        let cases: [(Type, &[u8], &str); 12] = [
            (Type::A, &[192, 0, 2, 1], "192.0.2.1"),
            (
                Type::AAAA,
                &[0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
                "2001:db8::1",
            ),
            (Type::NS, b"\x01n\xc0\x0c", "n.ab"),
            (Type::CNAME, b"\0", "."),
            (Type::MX, b"\0\x0a\x02mx\xc0\x0c", "10 mx.ab"),
            (Type::TXT, b"\x03a\"b\x02c\xff", r#""a\"b" "c\255""#),
            (Type::CAA, b"\x80\x05issueca.fr", r#"128 issue "ca.fr""#),
            (Type::DS, &[1, 0, 13, 2, 0xab, 0xcd], "256 13 2 abcd"),
            (Type::SRV, b"\0\x01\0\x02\x01\xbb\xc0\x0c", "1 2 443 ab"),
            (
                Type::SOA,
                b"\xc0\x0c\0\0\0\0\x01\0\0\0\x02\0\0\0\x03\0\0\0\x04\0\0\0\x05",
                "ab . 1 2 3 4 5",
            ),
            (Type::PTR, b"\xc0\x0c", "ab"),
            (Type(99), b"\x01\x02", r"\# 2 0102"),
        ];
        for (rtype, data, want) in cases {
            assert_eq!(shown(rtype, data).as_deref(), Ok(want), "{rtype}");
        }
    }

    #[test]
    fn wrong_lengths_are_refused() {
        for (rtype, data) in [
            (Type::A, &b"\x01\x02\x03"[..]),
            (Type::A, b"\x01\x02\x03\x04\x05"),
            (Type::MX, b"\0\x0a"),
            (Type::TXT, b"\x05ab"),
            (Type::TXT, b""),
            (Type::CAA, b"\0\x09issue"),
            (Type::NS, b"\x03a"),
        ] {
            assert!(shown(rtype, data).is_err(), "{rtype} {data:?}");
        }
    }

    proptest! {
        #[test]
        fn texts_come_back(strings in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..5)) {
            let mut data = vec![];
            for s in &strings { data.push(s.len() as u8); data.extend(s); }
            let text = shown(Type::TXT, &data).unwrap();
            prop_assert_eq!(joined_text(&text), strings.concat());
        }
    }
}
