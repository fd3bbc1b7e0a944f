//! One record, term by term (RFC 7208 §4.5 to §6, §12).

use crate::dns::name;
use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// The longest record read, in octets. RFC 7208 §3.4 asks for 450 and DNS forbids more
/// than 65,535; no honest record comes near this.
const MAX_RECORD: usize = 8192;

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

/// A record that was read whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its terms in order.
    pub terms: Vec<Term>,
}

/// The term that is no term, and why; receivers answer such a record with `permerror`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Syntax {
    /// The term as it stands.
    pub term: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for Syntax {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "«{}»: {}", self.term, self.reason)
    }
}

impl std::error::Error for Syntax {}

/// Whether a TXT record's joined octets are an SPF record at all (RFC 7208 §4.5): the
/// version, in any case, and then a space or the end.
#[must_use]
pub fn is_spf(text: &[u8]) -> bool {
    text.split_at_checked(6).is_some_and(|(version, rest)| {
        version.eq_ignore_ascii_case(b"v=spf1") && rest.first().is_none_or(|&b| b == b' ')
    })
}

impl Record {
    /// Reads a record: the joined octets of one TXT record for which [`is_spf`] holds.
    ///
    /// # Errors
    /// [`Syntax`] for the first term that cannot be read.
    pub fn parse(text: &[u8]) -> Result<Self, Syntax> {
        let bad = |term: &[u8], reason| Syntax {
            term: String::from_utf8_lossy(&term[..term.len().min(80)]).into_owned(),
            reason,
        };
        if text.len() > MAX_RECORD {
            return Err(bad(text, "the record is longer than 8192 octets"));
        }
        if !is_spf(text) {
            return Err(bad(text, "the record does not begin with v=spf1"));
        }
        let mut terms = vec![];
        for term in text[6..].split(|&b| b == b' ').filter(|t| !t.is_empty()) {
            let read = std::str::from_utf8(term)
                .ok()
                .filter(|t| t.bytes().all(|b| b.is_ascii_graphic()))
                .ok_or("a character outside of printable ASCII")
                .and_then(parse_term)
                .map_err(|reason| bad(term, reason))?;
            let again = |t: &Term| std::mem::discriminant(t) == std::mem::discriminant(&read);
            if matches!(read, Term::Redirect(_) | Term::Explanation(_)) && terms.iter().any(again) {
                return Err(bad(term, "the modifier stands twice"));
            }
            terms.push(read);
        }
        Ok(Self { terms })
    }

    /// The terms that a receiver may come to, in the order it does: mechanisms up to
    /// `all`, and `redirect` last and only where there is no `all` (RFC 7208 §5.1, §6.1).
    pub fn effective(&self) -> impl Iterator<Item = &Term> {
        let mechanism = |t: &&Term| matches!(t, Term::Mechanism(..));
        let is_all = |t: &Term| matches!(t, Term::Mechanism(_, Mechanism::All));
        let all = self.terms.iter().position(is_all);
        let end = all.map_or(self.terms.len(), |i| i + 1);
        let redirect = self
            .terms
            .iter()
            .filter(move |t| matches!(t, Term::Redirect(_)) && all.is_none());
        self.terms[..end].iter().filter(mechanism).chain(redirect)
    }

    /// What is said of senders that no earlier mechanism names; `None` without `all`.
    #[must_use]
    pub fn default(&self) -> Option<Qualifier> {
        self.terms.iter().find_map(|t| match t {
            Term::Mechanism(q, Mechanism::All) => Some(*q),
            _ => None,
        })
    }
}

fn parse_term(text: &str) -> Result<Term, &'static str> {
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

/// A domain: a name, or a text with macros that only a message fills in (§7). Names come
/// out in lower case and without a final dot.
fn domain(text: &str) -> Result<String, &'static str> {
    if text.contains('%') {
        return macros(text)
            .then(|| text.to_string())
            .ok_or("a macro that cannot be read");
    }
    let wire = name::wire(text).map_err(|_| "not a domain name")?;
    match name::labels(&wire).count() {
        0 => Err("a domain is missing"),
        _ => Ok(name::display(&wire)),
    }
}

fn macros(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('%') {
        rest = match after.as_bytes().first() {
            Some(b'%' | b'_' | b'-') => &after[1..],
            Some(b'{') => match after.split_once('}') {
                Some((body, next)) if macro_body(&body[1..]) => next,
                _ => return false,
            },
            _ => return false,
        };
    }
    true
}

fn macro_body(body: &str) -> bool {
    let Some(letter) = body.chars().next() else {
        return false;
    };
    let rest = body[letter.len_utf8()..].trim_start_matches(|c: char| c.is_ascii_digit());
    let rest = rest.strip_prefix(['r', 'R']).unwrap_or(rest);
    "slodiphcrtvSLODIPHCRTV".contains(letter) && rest.chars().all(|c| ".-+,/_=".contains(c))
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
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let leading_zero = text.len() > 1 && text.starts_with('0');
    text.parse()
        .ok()
        .filter(|n| digits && !leading_zero && *n <= most)
        .ok_or("not a prefix length")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one(text: &str) -> Result<Term, &'static str> {
        match Record::parse(format!("v=spf1 {text}").as_bytes()) {
            Ok(record) => Ok(record.terms[0].clone()),
            Err(syntax) => Err(syntax.reason),
        }
    }

    #[test]
    fn what_is_a_record() {
        for yes in ["v=spf1", "V=SPF1 -all", "v=spf1  mx"] {
            assert!(is_spf(yes.as_bytes()), "{yes}");
        }
        for no in [
            "v=spf10",
            "v=spf1-all",
            "v=spf",
            " v=spf1",
            "spf2.0/pra",
            "",
        ] {
            assert!(!is_spf(no.as_bytes()), "{no}");
        }
    }

    #[test]
    fn every_kind_of_term() {
        use Mechanism as M;
        let pass = |m| Ok(Term::Mechanism(Qualifier::Pass, m));
        let cidr = |v4, v6| Cidr { v4, v6 };
        let d = |s: &str| s.to_string();
        assert_eq!(one("-ALL"), Ok(Term::Mechanism(Qualifier::Fail, M::All)));
        assert_eq!(
            one("~all"),
            Ok(Term::Mechanism(Qualifier::SoftFail, M::All))
        );
        assert_eq!(
            one("include:_SPF.Exemple.FR."),
            pass(M::Include(d("_spf.exemple.fr")))
        );
        assert_eq!(one("a"), pass(M::A(None, cidr(32, 128))));
        assert_eq!(one("a/24"), pass(M::A(None, cidr(24, 128))));
        assert_eq!(
            one("a:x.fr/24//64"),
            pass(M::A(Some(d("x.fr")), cidr(24, 64)))
        );
        assert_eq!(one("mx//64"), pass(M::Mx(None, cidr(32, 64))));
        assert_eq!(one("ptr"), pass(M::Ptr(None)));
        assert_eq!(
            one("ip4:192.0.2.0/24"),
            pass(M::Ip4(Ipv4Addr::new(192, 0, 2, 0), 24))
        );
        assert_eq!(
            one("ip6:2001:db8::/32"),
            pass(M::Ip6("2001:db8::".parse().unwrap(), 32))
        );
        assert_eq!(
            one("exists:%{i}._s.x.fr"),
            pass(M::Exists(d("%{i}._s.x.fr")))
        );
        assert_eq!(one("redirect=x.fr"), Ok(Term::Redirect(d("x.fr"))));
        assert_eq!(one("exp=e.x.fr"), Ok(Term::Explanation(d("e.x.fr"))));
        assert_eq!(one("rr=a:b"), Ok(Term::Unknown(d("rr=a:b"))));
        assert_eq!(
            one("a:%{d1r/}.x.fr/24"),
            pass(M::A(Some(d("%{d1r/}.x.fr")), cidr(24, 128)))
        );
    }

    #[test]
    fn what_receivers_refuse() {
        for bad in [
            "all:x",
            "include",
            "include:",
            "include:a..b",
            "ip4",
            "ip4:1.2.3",
            "ip4:1.2.3.4/33",
            "ip4:1.2.3.4/08",
            "ip6:1.2.3.4",
            "ip6:::/129",
            "a/33",
            "a//129",
            "a:x.fr//",
            "mix",
            "-",
            "exists:%{z}",
            "exists:%{i",
            "include:%x",
            "redirect=",
            "=x",
            "4=x",
            "ip4:1.2.3.4/+8",
            "redirect=a.fr redirect=b.fr",
            "é",
            "ptr/24",
            "a//-1",
            "include:.",
        ] {
            assert!(
                Record::parse(format!("v=spf1 {bad}").as_bytes()).is_err(),
                "{bad}"
            );
        }
        let long = format!("v=spf1 {}", "a ".repeat(5000));
        assert!(Record::parse(long.as_bytes()).is_err());
    }

    #[test]
    fn all_ends_the_record_and_mutes_redirect() {
        let shown = |text: &str| {
            let record = Record::parse(text.as_bytes()).unwrap();
            (record.effective().count(), record.default())
        };
        assert_eq!(
            shown("v=spf1 redirect=x.fr a -all mx"),
            (2, Some(Qualifier::Fail))
        );
        assert_eq!(shown("v=spf1 redirect=x.fr a mx"), (3, None));
    }

    proptest! {
        /// Octets never break the reader, and what it reads holds no control characters.
        #[test]
        fn any_octets(tail in prop::collection::vec(any::<u8>(), 0..200)) {
            let text = [b"v=spf1 ".as_slice(), &tail].concat();
            if let Ok(record) = Record::parse(&text) {
                prop_assert!(record.effective().count() <= record.terms.len());
            }
        }
    }
}
