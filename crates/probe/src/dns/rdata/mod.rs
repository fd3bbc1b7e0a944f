//! The data of records, read in place: the types a measurement of who hosts what needs.

mod read;
#[cfg(test)]
mod tests;
mod zone_file;

pub use zone_file::joined_text;

use super::name::NameRef;
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
