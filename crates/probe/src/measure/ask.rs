//! Questions to the DNS for one target: batches through the bulk engine, aliases followed,
//! nothing asked twice.

use super::evidence::{Clock, Exchange, digest};
use crate::dns::drive::{Outcome, Work, drive};
use crate::dns::engine::{Engine, Ports, Question, Settings, Target};
use crate::dns::message::{Message, QueryOptions, Record, Section, Type};
use crate::dns::name;
use crate::dns::rdata::Rdata;
use crate::dns::socket::Sockets;
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// Aliases followed from one name at most.
const MAX_ALIASES: usize = 10;
/// Questions asked for one target at most, so that no target can keep us asking.
const MAX_QUESTIONS: usize = 2000;

/// What a record says, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Data {
    /// An address.
    Address(IpAddr),
    /// The target of an NS, CNAME or PTR record.
    Name(String),
    /// A mail exchanger.
    Mx(u16, String),
    /// The strings of a TXT record, joined.
    Text(Vec<u8>),
    /// Target and port of a service.
    Service(String, u16),
    /// Any other, as zone files write it.
    Other(String),
}

/// What came back for a name and type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// The response code's mnemonic; `None`: nobody answered.
    pub status: Option<&'static str>,
    /// Whether the server speaks for the zone.
    pub authoritative: bool,
    /// Whether the resolver vouches for the signatures.
    pub authentic: bool,
    /// Whether it only says who else could know.
    pub referral: bool,
    /// Records of the answer section: owner, type, data.
    pub records: Vec<(String, Type, Data)>,
}

impl Reply {
    /// Whether it says what there is, or that there is nothing.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        match self.status {
            Some("NOERROR") => !self.records.is_empty() || !self.referral,
            Some("NXDOMAIN") => true,
            _ => false,
        }
    }
}

/// A name and its aliases' end, with what was found there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolved {
    /// The names passed, the asked one first.
    pub chain: Vec<String>,
    /// The aliases lead in a circle or too far.
    pub endless: bool,
    /// The last response code; `None`: nobody answered.
    pub status: Option<&'static str>,
    /// The data of the asked type.
    pub data: Vec<Data>,
}

/// Asks, remembers, and keeps the evidence.
pub struct Asker {
    servers: Vec<SocketAddr>,
    recursion: bool,
    clock: Clock,
    random: ChaCha20Rng,
    known: BTreeMap<(String, Type), Reply>,
    /// Every exchange, in the order of the questions.
    pub exchanges: Vec<Exchange>,
}

impl Asker {
    /// Asks these servers: resolvers, or with `recursion` false servers of a zone. The
    /// numbers of its queries follow from the seed, which nobody may guess: outside tests
    /// one of [`crate::dns::fresh_seed`].
    #[must_use]
    pub fn new(servers: Vec<SocketAddr>, recursion: bool, clock: Clock, seed: [u8; 32]) -> Self {
        Self {
            servers,
            recursion,
            clock,
            random: ChaCha20Rng::from_seed(seed),
            known: BTreeMap::new(),
            exchanges: Vec::new(),
        }
    }

    /// Whom it asks.
    #[must_use]
    pub fn servers(&self) -> &[SocketAddr] {
        &self.servers
    }

    /// Bytes that nobody can guess who does not know the seed; others each time.
    pub fn draw(&mut self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.random.fill_bytes(&mut bytes);
        bytes
    }

    /// Asks what is not known yet, all at once.
    pub fn ask(&mut self, questions: &[(String, Type)]) {
        let mut asked = BTreeSet::new();
        let new: Vec<(String, Type)> = questions
            .iter()
            .map(|(n, t)| (clean(n), *t))
            .filter(|q| !self.known.contains_key(q) && asked.insert(q.clone()))
            .take(MAX_QUESTIONS.saturating_sub(self.known.len()))
            .collect();
        for ((name, qtype), (reply, exchange)) in new.iter().zip(self.exchange(&new)) {
            self.known.insert((name.clone(), *qtype), reply);
            self.exchanges.extend(exchange);
        }
    }

    /// Questions that got no usable answer, as `name TYPE`: silence, a failure, a refusal,
    /// or a referral that nobody followed.
    #[must_use]
    pub fn unanswered(&self) -> BTreeSet<String> {
        let open = self.known.iter().filter(|(_, r)| !r.is_usable());
        open.map(|((name, qtype), _)| format!("{name} {qtype}"))
            .collect()
    }

    /// Whether anybody answers at all. Where nobody did so far, a name is asked for that
    /// every resolver knows by itself.
    pub fn answers(&mut self) -> bool {
        let heard = |a: &Self| a.known.values().any(|r| r.status.is_some());
        if !heard(self) {
            self.ask(&[("localhost".into(), Type::A)]);
        }
        heard(self)
    }

    /// The reply for a name and type that was asked.
    #[must_use]
    pub fn reply(&self, name: &str, qtype: Type) -> Option<&Reply> {
        self.known.get(&(clean(name), qtype))
    }

    /// Asks for a type at several names and follows their aliases.
    pub fn resolve(&mut self, names: &[String], qtype: Type) -> Vec<Resolved> {
        for _ in 0..=MAX_ALIASES {
            let open = names.iter().filter_map(|n| self.walk(n, qtype).1);
            let open: Vec<(String, Type)> = open.map(|n| (n, qtype)).collect();
            let before = self.known.len();
            self.ask(&open);
            if open.is_empty() || self.known.len() == before {
                break;
            }
        }
        names.iter().map(|n| self.walk(n, qtype).0).collect()
    }

    /// Follows the aliases from a name as far as they are known; also the name that must
    /// be asked for before they are known to their end.
    fn walk(&self, name: &str, qtype: Type) -> (Resolved, Option<String>) {
        let mut at = clean(name);
        let mut found = Resolved {
            chain: vec![at.clone()],
            ..Resolved::default()
        };
        let Some(mut reply) = self.reply(&at, qtype) else {
            return (found, Some(at));
        };
        loop {
            found.status = reply.status;
            let here = reply
                .records
                .iter()
                .filter(|(o, t, _)| *o == at && *t == qtype);
            found.data = here.map(|(_, _, d)| d.clone()).collect();
            let next = alias(reply, &at).filter(|_| found.data.is_empty());
            let Some(next) = next else { break };
            if found.chain.contains(&next) || found.chain.len() > MAX_ALIASES {
                found.endless = true;
                return (found, None);
            }
            found.chain.push(next.clone());
            // What was asked about the target itself, else what this answer says of it.
            reply = self.reply(&next, qtype).unwrap_or(reply);
            at = next;
        }
        let more = found.data.is_empty() && reply.status == Some("NOERROR");
        let unknown = more && self.reply(&at, qtype).is_none();
        (found, unknown.then_some(at))
    }

    fn exchange(&mut self, questions: &[(String, Type)]) -> Vec<(Reply, Option<Exchange>)> {
        let mut batch = Batch::new(questions, self.clock);
        let opened = Sockets::connected(&self.servers, 1);
        if let (Ok(mut sockets), false) = (opened, self.servers.is_empty()) {
            let settings = Settings {
                timeouts: vec![1_500_000, 1_500_000, 2_000_000],
                slots: 512,
                query: QueryOptions {
                    recursion: self.recursion,
                    ..QueryOptions::default()
                },
                ..Settings::default()
            };
            let seed = self.draw();
            let mut engine = Engine::new(settings, Ports::Connected(1), &self.servers, seed);
            drive(&mut engine, &mut sockets, &mut batch);
        }
        batch.replies
    }
}

fn alias(reply: &Reply, owner: &str) -> Option<String> {
    reply.records.iter().find_map(|(o, t, d)| match d {
        Data::Name(target) if o == owner && *t == Type::CNAME => Some(target.clone()),
        _ => None,
    })
}

/// A name in small letters without the root's dot.
#[must_use]
pub fn clean(name: &str) -> String {
    name.trim().trim_end_matches('.').to_ascii_lowercase()
}

struct Batch<'a> {
    questions: &'a [(String, Type)],
    wires: Vec<Option<Vec<u8>>>,
    next: usize,
    clock: Clock,
    replies: Vec<(Reply, Option<Exchange>)>,
}

impl<'a> Batch<'a> {
    fn new(questions: &'a [(String, Type)], clock: Clock) -> Self {
        Self {
            questions,
            wires: questions.iter().map(|(n, _)| name::wire(n).ok()).collect(),
            next: 0,
            clock,
            replies: vec![(Reply::default(), None); questions.len()],
        }
    }

    fn keep(&mut self, token: u32, server: Option<SocketAddr>, reply: Reply, bytes: &[u8]) {
        let (name, qtype) = &self.questions[token as usize];
        let told = reply.status.unwrap_or("no answer");
        let exchange = Exchange {
            by: "dns",
            question: format!("{name} {qtype}"),
            server: server.map(|s| s.to_string()),
            at: self.clock.now(),
            outcome: format!("{told}, {} records", reply.records.len()),
            sha256: bytes.get(2..).map(|rest| digest(&[&[0, 0], rest].concat())),
        };
        self.replies[token as usize] = (reply, Some(exchange));
    }
}

impl Work for Batch<'_> {
    fn next(&mut self, _: &mut Engine) -> Option<Question<'_>> {
        while self.next < self.questions.len() {
            let token = self.next;
            self.next += 1;
            if let Some(name) = &self.wires[token] {
                return Some(Question {
                    token: token as u32,
                    name,
                    qtype: self.questions[token].1,
                    target: Target::AnyResolver,
                    tries: 0,
                });
            }
        }
        None
    }

    fn answer(&mut self, token: u32, outcome: Outcome<'_>) {
        match outcome {
            Outcome::Silence => self.keep(token, None, Reply::default(), &[]),
            Outcome::Response { message, server } => {
                self.keep(token, Some(server), reply(&message), message.bytes());
            }
        }
    }
}

fn reply(message: &Message<'_>) -> Reply {
    let records = message.answers().map_while(Result::ok);
    Reply {
        status: Some(message.rcode().mnemonic()),
        authoritative: message.authoritative(),
        authentic: message.authentic(),
        referral: !message.authoritative() && refers(message),
        records: records.filter_map(|r| owned(&r)).collect(),
    }
}

/// Whether the authority section names servers instead of the zone's start.
fn refers(message: &Message<'_>) -> bool {
    let authority = message.records().map_while(Result::ok);
    let mut types = authority
        .filter(|(section, _)| *section == Section::Authority)
        .map(|(_, r)| r.rtype);
    message.answer_count() == 0 && types.any(|t| t == Type::NS)
}

fn owned(record: &Record<'_>) -> Option<(String, Type, Data)> {
    let read = Rdata::parse(record).ok()?;
    let text = |name: &crate::dns::name::NameRef<'_>| {
        let mut text = String::new();
        name.push_display(&mut text);
        text
    };
    let data = match &read {
        Rdata::A(a) => Data::Address(IpAddr::V4(*a)),
        Rdata::Aaaa(a) => Data::Address(IpAddr::V6(*a)),
        Rdata::Ns(n) | Rdata::Cname(n) | Rdata::Ptr(n) => Data::Name(text(n)),
        Rdata::Mx { preference, host } => Data::Mx(*preference, text(host)),
        Rdata::Txt(t) => Data::Text(t.joined()),
        Rdata::Srv { target, port, .. } => Data::Service(text(target), *port),
        other => {
            let mut shown = String::new();
            other.push_display(&mut shown);
            Data::Other(shown)
        }
    };
    Some((text(&record.owner), record.rtype, data))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_follows_from_the_seed_and_never_comes_twice() {
        let at = Clock::Fixed(jiff::Timestamp::UNIX_EPOCH);
        let asker = |seed| Asker::new(Vec::new(), true, at, [seed; 32]);
        let draws = |mut asker: Asker| [(); 3].map(|()| asker.draw());
        let (one, same, other) = (draws(asker(1)), draws(asker(1)), draws(asker(2)));
        assert_eq!(one, same);
        let all: BTreeSet<_> = one.into_iter().chain(other).collect();
        assert_eq!(all.len(), 6);
    }
}
