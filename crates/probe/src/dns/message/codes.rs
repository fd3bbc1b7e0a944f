//! The numbers of the header and of records: response codes and record types.

use crate::digits::digits;
use std::fmt;

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
                    _ => digits(text.strip_prefix("TYPE")?).map(Self),
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
