//! A term: what it may say, and how it is read.

use super::domain::domain;
use crate::digits::digits;
use std::net::{Ipv4Addr, Ipv6Addr};

/// What a match means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Qualifier {
    /// `+`: the sender may.
    Pass,
    /// `-`: the sender may not.
    Fail,
    /// `~`: the sender probably may not.
    SoftFail,
    /// `?`: nothing is said.
    Neutral,
}

/// Prefix lengths of an `a` or `mx` mechanism.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cidr {
    /// For IPv4 addresses, 0 to 32.
    pub v4: u8,
    /// For IPv6 addresses, 0 to 128.
    pub v6: u8,
}

/// What a mechanism compares the sender with. `None` for a domain is the record's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mechanism {
    /// Everybody.
    All,
    /// Whom another domain's record lets pass.
    Include(String),
    /// The addresses of a name.
    A(Option<String>, Cidr),
    /// The addresses of a domain's mail exchangers.
    Mx(Option<String>, Cidr),
    /// Names found by reverse lookup; RFC 7208 §5.5 says not to use it.
    Ptr(Option<String>),
    /// An IPv4 network and its prefix length.
    Ip4(Ipv4Addr, u8),
    /// An IPv6 network and its prefix length.
    Ip6(Ipv6Addr, u8),
    /// Whether a name has an address.
    Exists(String),
}

/// One term of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// A mechanism, with what a match means.
    Mechanism(Qualifier, Mechanism),
    /// Take another domain's record where no mechanism matched.
    Redirect(String),
    /// Where the explanation of a refusal stands.
    Explanation(String),
    /// A modifier that RFC 7208 does not define; receivers skip it.
    Unknown(String),
}

impl Term {
    /// Whether a receiver must ask the DNS for this term (RFC 7208 §4.6.4).
    #[must_use]
    pub fn is_lookup(&self) -> bool {
        use Mechanism as M;
        match self {
            Self::Mechanism(_, mechanism) => matches!(
                mechanism,
                M::Include(_) | M::A(..) | M::Mx(..) | M::Ptr(_) | M::Exists(_)
            ),
            Self::Redirect(_) => true,
            Self::Explanation(_) | Self::Unknown(_) => false,
        }
    }
}

pub(super) fn parse_term(text: &str) -> Result<Term, &'static str> {
    let end = text.find([':', '/', '=']).unwrap_or(text.len());
    if text[end..].starts_with('=') {
        return parse_modifier(&text[..end], &text[end + 1..]);
    }
    let (qualifier, body) = match text.as_bytes().first() {
        Some(b'+') => (Qualifier::Pass, &text[1..]),
        Some(b'-') => (Qualifier::Fail, &text[1..]),
        Some(b'~') => (Qualifier::SoftFail, &text[1..]),
        Some(b'?') => (Qualifier::Neutral, &text[1..]),
        _ => (Qualifier::Pass, text),
    };
    let end = body.find([':', '/']).unwrap_or(body.len());
    let (name, rest) = body.split_at(end);
    let mechanism = match name.to_ascii_lowercase().as_str() {
        "all" if rest.is_empty() => Mechanism::All,
        "all" => return Err("`all` takes no argument"),
        "include" => Mechanism::Include(required(rest)?),
        "exists" => Mechanism::Exists(required(rest)?),
        "ptr" => Mechanism::Ptr(optional(rest)?),
        "a" => dual(rest).map(|(d, c)| Mechanism::A(d, c))?,
        "mx" => dual(rest).map(|(d, c)| Mechanism::Mx(d, c))?,
        "ip4" => network(rest, 32).map(|(a, n)| Mechanism::Ip4(a, n))?,
        "ip6" => network(rest, 128).map(|(a, n)| Mechanism::Ip6(a, n))?,
        _ => return Err("no such mechanism"),
    };
    Ok(Term::Mechanism(qualifier, mechanism))
}

fn parse_modifier(key: &str, value: &str) -> Result<Term, &'static str> {
    let name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !key.starts_with(|c: char| c.is_ascii_alphabetic()) || !key.chars().all(name) {
        return Err("no such modifier");
    }
    match key.to_ascii_lowercase().as_str() {
        "redirect" => Ok(Term::Redirect(domain(value)?)),
        "exp" => Ok(Term::Explanation(domain(value)?)),
        _ => Ok(Term::Unknown(format!("{key}={value}"))),
    }
}

fn required(rest: &str) -> Result<String, &'static str> {
    domain(rest.strip_prefix(':').ok_or("a domain is missing")?)
}

fn optional(rest: &str) -> Result<Option<String>, &'static str> {
    rest.strip_prefix(':')
        .map(domain)
        .transpose()
        .and_then(|d| match d {
            None if !rest.is_empty() => Err("a domain is expected after the colon"),
            d => Ok(d),
        })
}

/// `[:domain][/n4][//n6]`.
fn dual(rest: &str) -> Result<(Option<String>, Cidr), &'static str> {
    // A slash inside of a macro's braces belongs to the domain.
    let from = rest.rfind('}').unwrap_or(0);
    let (spec, lengths) = match rest[from..].find('/') {
        Some(at) => rest.split_at(from + at),
        None => (rest, ""),
    };
    let (v4, v6) = match lengths.split_once("//") {
        Some((v4, v6)) => (v4, Some(v6)),
        None => (lengths, None),
    };
    let v4 = match v4.strip_prefix('/') {
        Some(n) => prefix(n, 32)?,
        None if v4.is_empty() => 32,
        None => return Err("not a prefix length"),
    };
    let v6 = v6.map_or(Ok(128), |n| prefix(n, 128))?;
    Ok((optional(spec)?, Cidr { v4, v6 }))
}

fn network<A: std::str::FromStr>(rest: &str, most: u8) -> Result<(A, u8), &'static str> {
    let text = rest.strip_prefix(':').ok_or("an address is missing")?;
    let (address, length) = match text.split_once('/') {
        Some((address, length)) => (address, prefix(length, most)?),
        None => (text, most),
    };
    Ok((address.parse().map_err(|_| "not an address")?, length))
}

fn prefix(text: &str, most: u8) -> Result<u8, &'static str> {
    let leading_zero = text.len() > 1 && text.starts_with('0');
    digits(text)
        .filter(|n| !leading_zero && *n <= most)
        .ok_or("not a prefix length")
}
