//! One record, term by term (RFC 7208 §4.5 to §6, §12).

mod domain;
mod term;
#[cfg(test)]
mod tests;

pub use term::{Cidr, Mechanism, Qualifier, Term};

use std::fmt;
use term::parse_term;

/// The longest record read, in octets. RFC 7208 §3.4 asks for 450 and DNS forbids more
/// than 65,535; no honest record comes near this.
const MAX_RECORD: usize = 8192;

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
