//! What stands beside the results: which program did what, from where, and how it went.

use crate::config::{Config, Questions};
use crate::evidence::Role;
use cocarde_probe::dns::engine::Stats;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// File of the identity, written when a scan begins.
pub const IDENTITY: &str = "scan.json";
/// File of the manifest, written when a scan ends.
pub const FILE: &str = "manifest.json";
/// How many unreadable lines are named.
const NAMED: usize = 100;

/// What makes a scan the same scan: going on needs these to be equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// SHA-256 of the list.
    pub list_sha256: String,
    /// Its lines.
    pub list_lines: u32,
    /// What is asked.
    pub questions: Questions,
    /// The resolvers; empty where the scan goes down from the root itself.
    pub resolvers: Vec<SocketAddr>,
    /// Whether loopback addresses may be asked.
    pub test_world: bool,
}

/// An identity and when it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The program's version that began it.
    pub version: String,
    /// When the first run began (UTC).
    pub started: String,
    /// The rest.
    #[serde(flatten)]
    pub identity: Identity,
}

/// A line of the list that is no domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unreadable {
    /// Its number, from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// How often answers ended in one way.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Count {
    /// Of which subjects.
    pub role: Role,
    /// Of which type; empty for domains that were not asked about at all.
    #[serde(rename = "type")]
    pub qtype: String,
    /// In which way.
    pub status: String,
    /// Whether they were not asked for but follow from others (RFC 8020).
    pub implied: bool,
    /// How often.
    pub count: u64,
}

/// Counts of what the table holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Domains of the list.
    pub domains: u64,
    /// Of those, without evidence: not zero only when a scan was stopped.
    pub unasked: u64,
    /// Shared names by role.
    pub shared: BTreeMap<&'static str, u64>,
    /// Answers by role, type and status.
    pub answers: Vec<Count>,
    /// Lines that are no domain.
    pub unreadable_lines: u64,
    /// The first hundred of them.
    pub unreadable: Vec<Unreadable>,
}

impl Counts {
    pub(crate) fn count(&mut self, role: Role, qtype: &str, status: &str, implied: bool) {
        let is = |c: &Count| {
            c.qtype == qtype && c.status == status && c.role == role && c.implied == implied
        };
        // A few dozen at most: walking them costs less than making a key.
        let place = self.answers.iter().position(is).unwrap_or_else(|| {
            self.answers.push(Count {
                role,
                qtype: qtype.into(),
                status: status.into(),
                implied,
                count: 0,
            });
            self.answers.len() - 1
        });
        self.answers[place].count += 1;
    }

    /// Puts the counts in an order that does not depend on that of the list.
    pub(crate) fn sort(&mut self) {
        self.answers.sort_unstable();
    }

    pub(crate) fn unreadable(&mut self, line: Unreadable) {
        self.unreadable_lines += 1;
        if self.unreadable.len() < NAMED {
            self.unreadable.push(line);
        }
    }
}

/// The manifest.
#[derive(Clone, Debug, Serialize)]
pub struct Manifest {
    /// The program's version.
    pub version: &'static str,
    /// How the scan began.
    pub begun: Begun,
    /// When the last run ended (UTC).
    pub finished: String,
    /// All parameters, those that the file left out included; whom to write to and where
    /// the scan was done from stand here.
    pub config: Config,
    /// Queries of the last run: a resumed scan's earlier runs are not in it.
    pub last_run: Queries,
    /// What the table holds.
    pub counts: Counts,
    /// SHA-256 of the files of results, by name.
    pub files: BTreeMap<&'static str, String>,
}

/// The engine's counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Queries {
    /// Queries sent, repetitions included.
    pub sent: u64,
    /// Repetitions among them.
    pub repeated: u64,
    /// Questions answered.
    pub answered: u64,
    /// Questions given up after all tries.
    pub given_up: u64,
    /// Datagrams that answered nothing still asked.
    pub unmatched: u64,
    /// Answers fetched by TCP.
    pub truncated: u64,
}

impl From<Stats> for Queries {
    fn from(stats: Stats) -> Self {
        Self {
            sent: stats.sent,
            repeated: stats.repeated,
            answered: stats.answered,
            given_up: stats.given_up,
            unmatched: stats.unmatched,
            truncated: stats.truncated,
        }
    }
}
