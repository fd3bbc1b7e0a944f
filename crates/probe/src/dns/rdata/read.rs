//! Data read from a message, by its type.

use super::{Rdata, Soa, Txt};
use crate::dns::message::{ParseError, Record, Type};
use crate::dns::name::NameRef;
use std::net::{Ipv4Addr, Ipv6Addr};

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
