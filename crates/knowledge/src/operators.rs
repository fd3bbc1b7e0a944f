//! Operators of the Internet: who answers for a host name, an include of SPF or an
//! autonomous system, and who stands above them: `knowledge/operators/*.toml`.
//!
//! A name belongs to the operator that claims its longest suffix, counted in whole
//! labels: `mx1.mail.ovh.net` is claimed by `mail.ovh.net` before `ovh.net`, and
//! never by `vh.net`.

mod files;
mod load;

pub use files::{MAX_FILE, MAX_FILES};
pub use load::LoadError;

use cocarde_model::Date;
use serde::Deserialize;
use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

/// An operator, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OperatorId(pub u16);

/// What the claim of a name says about whoever uses that name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Sense {
    /// Mail exchanger of a service that keeps mailboxes.
    Mx,
    /// Mail exchanger of a filter or relay in front of another host.
    Gateway,
    /// SPF name of a service that keeps mailboxes.
    Spf,
    /// SPF name of a service that only sends.
    Sender,
    /// Target of `autodiscover` or of a mail client's SRV record.
    Autodiscover,
    /// Target of a DKIM selector.
    Dkim,
    /// Name server.
    Ns,
    /// Host of sites and servers.
    Site,
    /// Content delivery network.
    Cdn,
    /// Audience measurement loaded by pages.
    Analytics,
    /// Anything else loaded by pages.
    ThirdParty,
    /// Domain whose addresses are given to the public.
    Mailboxes,
}

impl Sense {
    /// All senses, in order.
    pub const ALL: [Sense; 12] = [
        Sense::Mx,
        Sense::Gateway,
        Sense::Spf,
        Sense::Sender,
        Sense::Autodiscover,
        Sense::Dkim,
        Sense::Ns,
        Sense::Site,
        Sense::Cdn,
        Sense::Analytics,
        Sense::ThirdParty,
        Sense::Mailboxes,
    ];

    /// Its key in the data.
    pub fn key(self) -> &'static str {
        match self {
            Sense::Mx => "mx",
            Sense::Gateway => "gateway",
            Sense::Spf => "spf",
            Sense::Sender => "sender",
            Sense::Autodiscover => "autodiscover",
            Sense::Dkim => "dkim",
            Sense::Ns => "ns",
            Sense::Site => "site",
            Sense::Cdn => "cdn",
            Sense::Analytics => "analytics",
            Sense::ThirdParty => "third_party",
            Sense::Mailboxes => "mailboxes",
        }
    }

    fn bit(self) -> u16 {
        1 << self as u8
    }
}

/// What an operator is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A company.
    #[default]
    Company,
    /// A State, a local authority, or a body held by them.
    Public,
    /// A foundation.
    Foundation,
    /// An association.
    Association,
    /// An investment fund or its manager.
    Fund,
}

/// Services that no name of ours shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Service {
    /// Registers domain names.
    Registrar,
}

/// How far an entry can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// To be checked before anything rests on it.
    Low,
    /// Known from a public source that does not state every name in the entry.
    Medium,
    /// The operator's own documentation or a public register says so.
    High,
}

/// A company, body or fund that runs services or stands above those that do.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Its name in data files.
    pub id: Box<str>,
    /// Its usual name.
    pub name: String,
    /// Its name in a company register.
    pub legal_name: Option<String>,
    /// Names under which its services are known.
    pub brands: Vec<String>,
    /// What it is.
    pub kind: Kind,
    /// Country of its seat, ISO 3166-1 alpha-2; `None` when no source says.
    pub seat: Option<String>,
    /// Who controls it.
    pub parent: Option<OperatorId>,
    /// The source names nobody in control above it. Where this is false and there is
    /// no parent, what stands above is unknown.
    pub top: bool,
    /// Services that no name shows.
    pub services: Vec<Service>,
    /// Its autonomous systems.
    pub asn: Vec<u32>,
    /// What a reader should know.
    pub note: Option<String>,
    /// Where the entry comes from: addresses of public pages.
    pub source: Vec<String>,
    /// The day as of which it is stated.
    pub date: Date,
    /// How far it can be trusted.
    pub confidence: Confidence,
}

/// A claimed name that a host lies under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// Who claims it.
    pub operator: OperatorId,
    /// The suffix that matched, in small letters.
    pub suffix: &'a str,
    senses: u16,
}

impl Claim<'_> {
    /// Whether the name is claimed in that sense.
    pub fn has(&self, sense: Sense) -> bool {
        self.senses & sense.bit() != 0
    }
}

/// Who controls an operator, from itself upwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    /// The operator, its parent, and so on.
    pub links: Vec<OperatorId>,
    /// Whether the last link is known to have nobody above it.
    pub complete: bool,
}

/// All operators, indexed by name and by autonomous system.
#[derive(Clone, Debug, Default)]
pub struct Operators {
    list: Vec<Operator>,
    ids: HashMap<Box<str>, OperatorId>,
    claims: HashMap<Box<str>, (OperatorId, u16)>,
    tokens: Vec<(Box<str>, OperatorId)>,
    asns: HashMap<u32, OperatorId>,
}

impl Operators {
    /// The operators that ship.
    pub fn standard() -> &'static Operators {
        static STANDARD: OnceLock<Operators> = OnceLock::new();
        STANDARD.get_or_init(|| {
            Operators::from_texts(files::STANDARD).expect("the operators that ship are well-formed")
        })
    }

    /// Reads files given by name and text.
    ///
    /// # Errors
    /// Every defect found: unknown keys, a name or an autonomous system claimed by two
    /// operators, an unknown parent, control in a circle, a malformed name or number.
    pub fn from_texts(files: &[(&str, &str)]) -> Result<Operators, LoadError> {
        load::from_texts(files)
    }

    /// Reads all `*.toml` files of a directory, in the order of their names.
    ///
    /// # Errors
    /// As [`Operators::from_texts`]; also when the directory cannot be read or a
    /// limit ([`MAX_FILE`], [`MAX_FILES`]) is passed.
    pub fn read_dir(dir: &Path) -> Result<Operators, LoadError> {
        files::read_dir(dir)
    }

    /// The operator of that id.
    pub fn get(&self, id: OperatorId) -> &Operator {
        &self.list[usize::from(id.0)]
    }

    /// The operator of that name in data files.
    pub fn find(&self, id: &str) -> Option<OperatorId> {
        self.ids.get(id).copied()
    }

    /// All operators, in the order of the files.
    pub fn iter(&self) -> impl Iterator<Item = (OperatorId, &Operator)> {
        let ids = (0u16..).map(OperatorId);
        ids.zip(&self.list)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The longest claimed suffix of a host name, if it is claimed in one of these
    /// senses; shorter suffixes of the same operator may add senses of their own.
    pub fn claim(&self, host: &str, senses: &[Sense]) -> Option<Claim<'_>> {
        let wanted = senses.iter().fold(0, |bits, s| bits | s.bit());
        let host = normalise(host);
        let mut owner = None;
        for suffix in suffixes(&host) {
            let Some((key, (operator, bits))) = self.claims.get_key_value(suffix) else {
                continue;
            };
            if *owner.get_or_insert(*operator) != *operator {
                return None;
            }
            if bits & wanted != 0 {
                return Some(Claim {
                    operator: *operator,
                    suffix: key,
                    senses: *bits,
                });
            }
        }
        None
    }

    /// Who has shown a TXT record like this to be put in place: the token's prefix
    /// decides.
    pub fn by_token(&self, token: &str) -> Option<OperatorId> {
        let starts = |prefix: &str| {
            let head = token.as_bytes().get(..prefix.len());
            head.is_some_and(|h| h.eq_ignore_ascii_case(prefix.as_bytes()))
        };
        self.tokens.iter().find(|(p, _)| starts(p)).map(|t| t.1)
    }

    /// Whether an operator claims any name in that sense.
    pub fn does(&self, id: OperatorId, sense: Sense) -> bool {
        let mine = |(who, bits): &(OperatorId, u16)| *who == id && bits & sense.bit() != 0;
        self.claims.values().any(mine)
    }

    /// Who runs an autonomous system.
    pub fn by_asn(&self, asn: u32) -> Option<OperatorId> {
        self.asns.get(&asn).copied()
    }

    /// Who controls an operator, from itself upwards.
    pub fn chain(&self, id: OperatorId) -> Chain {
        let mut links = vec![id];
        let mut last = self.get(id);
        while let Some(parent) = last.parent {
            links.push(parent);
            last = self.get(parent);
        }
        Chain {
            links,
            complete: last.top,
        }
    }
}

/// A host name in small letters, without surrounding blanks or the root's dot.
pub fn normalise(host: &str) -> String {
    // Some tools write a trailing blank as the escape `\032`.
    let host = host.trim();
    let host = host.strip_suffix("\\032").unwrap_or(host);
    host.trim_end_matches('.').to_ascii_lowercase()
}

/// A name and what remains of it when labels are taken off its front.
fn suffixes(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |n| n.split_once('.').map(|(_, rest)| rest))
}

#[cfg(test)]
mod tests;
