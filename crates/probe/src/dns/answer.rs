//! What a response says to the question that was put, in a form that can be kept.

use super::message::{Message, Rcode, Section, Type};
use super::name;
use super::rdata::Rdata;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;

/// The longest chain of aliases followed.
pub const MAX_CHAIN: usize = 16;

/// How a question ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// With a response of this code. For a chain of aliases: that of its last name.
    Code(Rcode),
    /// Nobody answered.
    Silence,
    /// The aliases lead in a circle, or on for more than [`MAX_CHAIN`] names.
    Loop,
    /// No server that may be asked: none was named, or all have forbidden addresses.
    NoServer,
}

impl Status {
    /// A word for tables: the registry's mnemonic, `TIMEOUT`, `CNAME_LOOP`, `NO_SERVER`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Code(code) => code.mnemonic(),
            Self::Silence => "TIMEOUT",
            Self::Loop => "CNAME_LOOP",
            Self::NoServer => "NO_SERVER",
        }
    }

    /// Whether servers gave an answer, were it that there is none.
    #[must_use]
    pub const fn is_answered(self) -> bool {
        matches!(self, Self::Code(code) if !code.is_failure())
    }
}

/// An answer and where it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// How it ended.
    pub status: Status,
    /// The aliases gone through, in order, the name asked for not among them.
    pub chain: Vec<String>,
    /// The data of the records of the type asked for, in zone-file form, sorted, each once.
    pub records: Vec<String>,
    /// The least time to live on the way, in seconds; `None` without records.
    pub ttl: Option<u32>,
    /// Whether the resolver vouches that DNSSEC validated it.
    pub authentic: bool,
    /// Who gave the last response.
    pub server: Option<SocketAddr>,
    /// SHA-256 of that response, its identifier set to zero.
    pub digest: Option<[u8; 32]>,
}

impl Answer {
    /// An answer that says only how it ended.
    #[must_use]
    pub fn of(status: Status) -> Self {
        Self {
            status,
            chain: vec![],
            records: vec![],
            ttl: None,
            authentic: false,
            server: None,
            digest: None,
        }
    }
}

/// What one response contributes.
pub(super) struct Part {
    pub answer: Answer,
    /// Where to ask on: the last alias, when its records are not in the response.
    pub onward: Option<Vec<u8>>,
}

/// Reads what a response says of `name` (wire form, lower case). Records of names outside
/// of `zone` are not believed: its servers have no say in them.
pub(super) fn read(
    message: &Message<'_>,
    server: SocketAddr,
    name: &[u8],
    qtype: Type,
    zone: &[u8],
) -> Part {
    let mut answer = Answer::of(Status::Code(message.rcode()));
    answer.authentic = message.authentic();
    answer.server = Some(server);
    answer.digest = Some(digest(message.bytes()));
    let mut current: Option<Vec<u8>> = None;
    for _ in 0..=MAX_CHAIN {
        let at = current.as_deref().unwrap_or(name);
        if current.is_some() && !name::is_within(at, zone) {
            break;
        }
        collect(message, at, qtype, &mut answer);
        if !answer.records.is_empty() {
            break;
        }
        let Some((target, ttl)) = alias(message, at, qtype) else {
            break;
        };
        answer.chain.push(name::display(&target));
        answer.ttl = Some(answer.ttl.map_or(ttl, |t| t.min(ttl)));
        current = Some(target);
    }
    answer.records.sort_unstable();
    answer.records.dedup();
    let open = answer.records.is_empty() && message.rcode() == Rcode::NOERROR;
    let onward = current.filter(|last| {
        (open && !denies(message)) || (answer.records.is_empty() && !name::is_within(last, zone))
    });
    if answer.chain.len() > MAX_CHAIN {
        return Part {
            answer: looped(answer),
            onward: None,
        };
    }
    Part { answer, onward }
}

/// The same answer as the end of a chain that has none: only its first alias is kept, as
/// the rest depends on where the circle was entered.
pub(super) fn looped(mut answer: Answer) -> Answer {
    answer.status = Status::Loop;
    answer.chain.truncate(1);
    answer.records.clear();
    answer.ttl = None;
    answer
}

fn collect(message: &Message<'_>, owner: &[u8], qtype: Type, answer: &mut Answer) {
    for record in message.answers() {
        let Ok(record) = record else { break };
        if record.rtype != qtype || record.class != 1 || !record.owner.is(owner) {
            continue;
        }
        if let Ok(data) = Rdata::parse(&record) {
            let mut text = String::with_capacity(48);
            data.push_display(&mut text);
            answer.records.push(text);
            answer.ttl = Some(answer.ttl.map_or(record.ttl, |t| t.min(record.ttl)));
        }
    }
}

fn alias(message: &Message<'_>, owner: &[u8], qtype: Type) -> Option<(Vec<u8>, u32)> {
    if qtype == Type::CNAME {
        return None;
    }
    let answers = message.answers().map_while(Result::ok);
    let mut aliases = answers.filter(|r| r.rtype == Type::CNAME && r.owner.is(owner));
    aliases.find_map(|r| match Rdata::parse(&r) {
        Ok(Rdata::Cname(target)) => Some((target.wire(), r.ttl)),
        _ => None,
    })
}

/// Whether the authority section proves absence (RFC 2308 §2.2).
pub(super) fn denies(message: &Message<'_>) -> bool {
    let records = message.records().map_while(Result::ok);
    records
        .filter(|(section, _)| *section == Section::Authority)
        .any(|(_, record)| record.rtype == Type::SOA)
}

/// The digest of a response without its identifier, which is drawn at random.
#[must_use]
pub fn digest(response: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update([0, 0]);
    hash.update(response.get(2..).unwrap_or_default());
    hash.finalize().into()
}
