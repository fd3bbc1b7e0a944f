//! A subject, and what is asked of each kind of them.

use crate::config::{Config, Own};
use crate::evidence::Role;
use crate::mistake::Mistake;
use cocarde_probe::dns::message::Type;

/// A subject being asked about.
pub(super) struct Subject {
    pub role: Role,
    /// Line of the list, or number of the shared name.
    pub key: u32,
    pub wire: Vec<u8>,
    pub text: String,
    /// The JSON of each question's answer.
    pub answers: Vec<Vec<u8>>,
    pub next: u8,
    pub open: u8,
    pub tries: u8,
}

impl Subject {
    pub fn empty() -> Self {
        Self {
            role: Role::Domain,
            key: 0,
            wire: vec![],
            text: String::new(),
            answers: vec![],
            next: 0,
            open: 0,
            tries: 0,
        }
    }

    /// Whether each of its questions was asked, or need not be.
    pub fn is_asked(&self) -> bool {
        usize::from(self.next) == self.answers.len()
    }
}

/// The questions of a subject, by its role.
pub(super) struct ByRole {
    domain: Vec<Own>,
    host: Vec<Own>,
    spf: Vec<Own>,
}

impl ByRole {
    pub fn new(config: &Config) -> Result<Self, Mistake> {
        let plain = |qtype| Own {
            labels: String::new(),
            wire: vec![],
            qtype,
        };
        Ok(Self {
            domain: config.own_questions()?,
            host: vec![plain(Type::A), plain(Type::AAAA)],
            spf: vec![plain(Type::TXT)],
        })
    }

    pub fn of(&self, role: Role) -> &[Own] {
        match role {
            Role::Domain => &self.domain,
            Role::Host => &self.host,
            Role::Spf => &self.spf,
        }
    }
}
