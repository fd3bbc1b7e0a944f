//! Which other names an answer leads to, and which of them are asked about: each once,
//! whoever names it first.

use crate::config::Questions;
use crate::evidence::Role;
use cocarde_probe::dns::message::Type;
use cocarde_probe::dns::name;
use cocarde_probe::dns::rdata::joined_text;
use cocarde_probe::spf::{Mechanism, Record, Term, is_spf};
use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};

/// Hosts of one answer that are followed at most.
const MAX_HOSTS: usize = 32;
/// SPF records are followed as deep as receivers would (RFC 7208 §4.6.4).
const MAX_DEPTH: u8 = 10;

/// The hosts that MX or NS records name.
fn hosts<'a>(records: impl Iterator<Item = &'a str>) -> Vec<String> {
    let last = records.filter_map(|r| r.rsplit(' ').next());
    let named = last.filter(|host| *host != "." && !host.is_empty());
    named.take(MAX_HOSTS).map(str::to_string).collect()
}

/// The names that the SPF records among TXT records include or redirect to. What only a
/// message can fill in is left out.
fn spf_targets<'a>(records: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut targets = vec![];
    let begins = |r: &&str| {
        let head = r.as_bytes().get(1..7);
        head.is_some_and(|h| h.eq_ignore_ascii_case(b"v=spf1"))
    };
    for shown in records.filter(begins) {
        let text = joined_text(shown);
        let Some(record) = Some(&text)
            .filter(|t| is_spf(t))
            .and_then(|t| Record::parse(t).ok())
        else {
            continue;
        };
        for term in record.effective() {
            match term {
                Term::Mechanism(_, Mechanism::Include(t)) | Term::Redirect(t)
                    if !t.contains('%') && targets.len() < MAX_HOSTS =>
                {
                    targets.push(t.clone());
                }
                _ => {}
            }
        }
    }
    targets
}

/// The one spelling of a name: lower case, no final dot. What is no name stays as it is.
fn canonical(name: &str) -> Cow<'_, str> {
    let usual = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.');
    if name.bytes().all(usual) && !name.ends_with('.') {
        return name.into();
    }
    name::wire(name).map_or(name.into(), |wire| name::display(&wire).into())
}

struct Shared {
    role: Role,
    name: Box<str>,
    /// The fewest SPF records that lead to it; 0 for hosts.
    depth: u8,
    state: State,
    /// What its SPF record leads to.
    targets: Vec<u32>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Known,
    Queued,
    Done,
}

/// All shared names. Which are asked about does not depend on the order of answers: all
/// hosts, and each SPF name that some chain of at most ten leads to.
#[derive(Default)]
pub struct Followed {
    all: Vec<Shared>,
    by_name: HashMap<Role, HashMap<Box<str>, u32>>,
    queue: VecDeque<u32>,
    done: u32,
    asked: u32,
}

impl Followed {
    /// Notes the names that an answer about `role`'s own name leads to.
    pub fn lead<'r>(
        &mut self,
        questions: &Questions,
        role: Role,
        key: u32,
        qtype: Type,
        records: impl Iterator<Item = &'r str>,
    ) {
        let asked = match qtype {
            Type::MX => questions.mail_hosts,
            Type::NS => questions.name_servers,
            _ => false,
        };
        if asked {
            for host in hosts(records) {
                self.name(Role::Host, &host);
            }
        } else if qtype == Type::TXT && questions.spf {
            let targets = spf_targets(records);
            match role {
                Role::Spf => self.name_from(key, &targets),
                _ => targets.iter().for_each(|t| self.name(Role::Spf, t)),
            }
        }
    }

    /// A domain's answer names a host or an SPF record.
    fn name(&mut self, role: Role, name: &str) {
        let index = self.index(role, name);
        self.reach(index, u8::from(role == Role::Spf));
    }

    /// A shared SPF record names others.
    fn name_from(&mut self, from: u32, names: &[String]) {
        let targets: Vec<u32> = names.iter().map(|n| self.index(Role::Spf, n)).collect();
        self.all[from as usize].targets.clone_from(&targets);
        let depth = self.all[from as usize].depth.saturating_add(1);
        for target in targets {
            self.reach(target, depth);
        }
    }

    /// The number of a shared name, one however it is spelt: by records, or by evidence of
    /// an earlier version.
    pub fn index(&mut self, role: Role, name: &str) -> u32 {
        let name = &*canonical(name);
        let next = self.all.len() as u32;
        let known = self.by_name.entry(role).or_default();
        if let Some(&index) = known.get(name) {
            return index;
        }
        known.insert(name.into(), next);
        self.all.push(Shared {
            role,
            name: name.into(),
            depth: u8::MAX,
            state: State::Known,
            targets: vec![],
        });
        next
    }

    fn reach(&mut self, index: u32, depth: u8) {
        let mut reached = vec![(index, depth)];
        while let Some((index, depth)) = reached.pop() {
            let shared = &mut self.all[index as usize];
            if depth >= shared.depth || depth > MAX_DEPTH {
                continue;
            }
            shared.depth = depth;
            if shared.state == State::Known {
                shared.state = State::Queued;
                self.queue.push_back(index);
                self.asked += 1;
            }
            reached.extend(shared.targets.iter().map(|&t| (t, depth + 1)));
        }
    }

    /// The next shared name to ask about.
    pub fn next(&mut self) -> Option<(u32, Role, &str)> {
        loop {
            let index = self.queue.pop_front()?;
            if self.all[index as usize].state == State::Queued {
                let shared = &self.all[index as usize];
                return Some((index, shared.role, &shared.name));
            }
        }
    }

    /// A shared name is answered.
    pub fn done(&mut self, index: u32) {
        let shared = &mut self.all[index as usize];
        if shared.state == State::Known {
            self.asked += 1;
        }
        if shared.state != State::Done {
            shared.state = State::Done;
            self.done += 1;
        }
    }

    /// How many are answered, and how many are or will be asked about.
    #[must_use]
    pub fn counts(&self) -> (u32, u32) {
        (self.done, self.asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn targets_of_records() {
        let hosts = |r: &[&str]| super::hosts(r.iter().copied());
        assert_eq!(hosts(&["10 mx.a.fr", "20 mx.b.fr"]), ["mx.a.fr", "mx.b.fr"]);
        assert_eq!(hosts(&["0 ."]), Vec::<String>::new());
        let spf = |r: &[&str]| super::spf_targets(r.iter().copied());
        assert_eq!(
            spf(&["\"v=spf1 include:a.\" \"fr redirect=b.fr\"", "\"x\""]),
            ["a.fr", "b.fr"]
        );
        assert_eq!(
            spf(&["\"v=spf1 include:%{i}.fr -all\"", "\"é\""]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn one_name_in_several_spellings_is_one() {
        let mut followed = Followed::default();
        for (role, name) in [(Role::Spf, "a-b_1.fr"), (Role::Host, "a-b_1.fr")] {
            let index = followed.index(role, name);
            for spelling in ["A-b_1.Fr", "a-b_1.fr.", "A\\-b_\\049.FR."] {
                assert_eq!(followed.index(role, spelling), index, "{spelling}");
            }
        }
        assert_ne!(
            followed.index(Role::Spf, "a..b"),
            followed.index(Role::Spf, "a.b")
        );
        let names = followed.all.iter().map(|s| &*s.name);
        assert_eq!(
            names.collect::<Vec<_>>(),
            ["a-b_1.fr", "a-b_1.fr", "a..b", "a.b"]
        );
    }

    /// Runs to the end, answering in an order that `pick` decides.
    fn closure(edges: &[(u8, u8)], picks: &[usize]) -> BTreeSet<String> {
        let mut followed = Followed::default();
        followed.name(Role::Spf, "0");
        let (mut open, mut asked, mut turn) = (vec![], BTreeSet::new(), 0);
        loop {
            while let Some((index, _, name)) = followed.next() {
                open.push((index, name.to_string()));
            }
            if open.is_empty() {
                return asked;
            }
            let pick = picks.get(turn % picks.len().max(1)).copied().unwrap_or(0);
            let (index, name) = open.swap_remove(pick % open.len());
            turn += 1;
            assert!(asked.insert(name.clone()), "asked twice");
            followed.done(index);
            let own = edges.iter().filter(|e| e.0.to_string() == name);
            let targets: Vec<String> = own.map(|e| e.1.to_string()).collect();
            followed.name_from(index, &targets);
        }
    }

    proptest! {
        /// What is asked about does not depend on the order in which answers come.
        #[test]
        fn the_order_of_answers_does_not_matter(
            edges in prop::collection::vec((0u8..30, 0u8..30), 0..60),
            picks in prop::collection::vec(0usize..8, 1..20),
        ) {
            prop_assert_eq!(closure(&edges, &[0]), closure(&edges, &picks));
        }
    }

    #[test]
    fn chains_end_where_receivers_stop() {
        let chain: Vec<(u8, u8)> = (0..30).map(|i| (i, i + 1)).collect();
        assert_eq!(closure(&chain, &[0]).len(), usize::from(MAX_DEPTH));
    }
}
