//! The work of a scan: each domain's questions, the hosts they lead to, and a line of
//! evidence for each subject that is finished.

use crate::config::{Config, Own};
use crate::evidence::{self, Evidence, Role};
use crate::follow::{self, Followed};
use crate::list::{Entry, List};
use cocarde_probe::dns::answer::{Answer, Status};
use cocarde_probe::dns::drive::{Outcome, Work};
use cocarde_probe::dns::engine::{Engine, Question, Stats};
use cocarde_probe::dns::message::{Rcode, Type};
use cocarde_probe::dns::name;
use cocarde_probe::dns::order::Order;
use cocarde_probe::dns::resolve::Resolver;
use std::collections::{HashSet, VecDeque};
use std::io;
use std::time::Duration;

/// Tries for the other questions of a domain whose first one nobody answered.
const TRIES_AFTER_SILENCE: u8 = 2;

/// So many questions in hand for each subject in hand: as many subjects at once as can be
/// asked about, and no more, since the answers of each wait in memory for the last one.
const QUESTIONS_EACH: usize = 8;

/// Where a scan stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Time since this run began.
    pub elapsed: Duration,
    /// Lines of the list dealt with, those of earlier runs included.
    pub lines_done: u32,
    /// Lines of the list.
    pub lines: u32,
    /// Of those, dealt with in this run.
    pub lines_now: u32,
    /// Shared hosts answered and known so far.
    pub hosts: (u32, u32),
    /// The engine's counts.
    pub stats: Stats,
}

/// What goes into a plan.
pub struct Parts<'a> {
    /// The list.
    pub list: List,
    /// In which order.
    pub order: Order,
    /// Answers come by it.
    pub resolver: Resolver,
    /// Where finished subjects go.
    pub evidence: Evidence,
    /// Lines that earlier runs finished.
    pub finished: Lines,
    /// Shared names that earlier runs found and answered.
    pub followed: Followed,
    /// Whether answers say whether DNSSEC validated them.
    pub validating: bool,
    /// The time, in milliseconds since 1970.
    pub clock: &'a dyn Fn() -> i64,
    /// Told now and then where the scan stands.
    pub progress: &'a mut dyn FnMut(Progress),
}

/// A set of line numbers.
#[derive(Default)]
pub struct Lines(Vec<u64>);

impl Lines {
    /// Adds a line.
    pub fn insert(&mut self, line: u32) {
        let place = line as usize / 64;
        if self.0.len() <= place {
            self.0.resize(place + 1, 0);
        }
        self.0[place] |= 1 << (line % 64);
    }

    /// Whether a line is in it.
    #[must_use]
    pub fn contains(&self, line: u32) -> bool {
        let word = self.0.get(line as usize / 64);
        word.is_some_and(|w| w & (1 << (line % 64)) != 0)
    }
}

/// A subject being asked about.
struct Subject {
    role: Role,
    /// Line of the list, or number of the shared name.
    key: u32,
    wire: Vec<u8>,
    text: String,
    /// The JSON of each question's answer.
    answers: Vec<Vec<u8>>,
    next: u8,
    open: u8,
    tries: u8,
}

/// The work; see the module's words.
pub struct Plan<'a> {
    parts: Parts<'a>,
    own: Vec<Own>,
    host: Vec<Own>,
    spf: Vec<Own>,
    config: &'a Config,
    opted_out: HashSet<Vec<u8>>,
    subjects: Vec<Subject>,
    free: Vec<u32>,
    /// Subjects whose further questions can be asked.
    open: VecDeque<u32>,
    scratch: Vec<u8>,
    line: Vec<u8>,
    last: evidence::LastServer,
    lines_done: u32,
    lines_now: u32,
    result: io::Result<()>,
}

impl<'a> Plan<'a> {
    /// A plan; the configuration has been read by [`Config::read`].
    ///
    /// # Errors
    /// As [`Config::read`].
    pub fn new(config: &'a Config, parts: Parts<'a>) -> Result<Self, String> {
        let plain = |qtype| Own {
            labels: String::new(),
            wire: vec![],
            qtype,
        };
        Ok(Self {
            own: config.own_questions()?,
            host: vec![plain(Type::A), plain(Type::AAAA)],
            spf: vec![plain(Type::TXT)],
            opted_out: config.opted_out()?,
            config,
            parts,
            subjects: vec![],
            free: vec![],
            open: VecDeque::new(),
            scratch: vec![],
            line: vec![],
            last: evidence::LastServer::default(),
            lines_done: 0,
            lines_now: 0,
            result: Ok(()),
        })
    }

    /// Ends the plan.
    ///
    /// # Errors
    /// The first read or write that failed.
    pub fn finish(mut self) -> io::Result<List> {
        self.result?;
        self.parts.evidence.flush()?;
        Ok(self.parts.list)
    }

    /// Starts at least one more question; false if there is none to start.
    fn feed(&mut self) -> io::Result<bool> {
        if self.parts.resolver.in_hand() >= self.config.pace.in_hand {
            return Ok(false);
        }
        if let Some(&id) = self.open.front() {
            self.ask(id);
            let subject = &self.subjects[id as usize];
            if usize::from(subject.next) == subject.answers.len() {
                self.open.pop_front();
            }
            return Ok(true);
        }
        let most = (self.config.pace.in_hand / QUESTIONS_EACH).max(1);
        if self.subjects.len() - self.free.len() >= most {
            return Ok(false);
        }
        if let Some((key, role, text)) = self.parts.followed.next() {
            let text = text.to_string();
            match name::wire(&text) {
                Ok(wire) if !is_opted_out(&self.opted_out, &wire) => {
                    self.begin(role, key, &wire, text);
                    return Ok(true);
                }
                // The text came from records; a host's text may still be no name to ask for.
                _ => self.parts.followed.done(key),
            }
            return Ok(true);
        }
        self.next_domain()
    }

    fn next_domain(&mut self) -> io::Result<bool> {
        while let Some(line) = self.parts.order.next() {
            self.lines_done += 1;
            if self.parts.finished.contains(line) {
                continue;
            }
            if let Entry::Domain(wire) = self.parts.list.get(line)?
                && !is_opted_out(&self.opted_out, &wire)
            {
                self.lines_done -= 1;
                let text = name::display(&wire);
                self.begin(Role::Domain, line, &wire, text);
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn begin(&mut self, role: Role, key: u32, wire: &[u8], text: String) {
        let id = self.free.pop().unwrap_or_else(|| {
            self.subjects.push(Subject::empty());
            self.subjects.len() as u32 - 1
        });
        let count = self.questions(role).len();
        let subject = &mut self.subjects[id as usize];
        (subject.role, subject.key, subject.text) = (role, key, text);
        subject.wire.clear();
        subject.wire.extend_from_slice(wire);
        subject.answers.resize_with(count, Vec::new);
        subject.answers.iter_mut().for_each(Vec::clear);
        (subject.next, subject.open, subject.tries) = (0, 0, 0);
        self.ask(id);
    }

    fn questions(&self, role: Role) -> &[Own] {
        match role {
            Role::Domain => &self.own,
            Role::Host => &self.host,
            Role::Spf => &self.spf,
        }
    }

    /// Starts a subject's next question.
    fn ask(&mut self, id: u32) {
        let subject = &mut self.subjects[id as usize];
        let question = match subject.role {
            Role::Domain => &self.own,
            Role::Host => &self.host,
            Role::Spf => &self.spf,
        };
        let Some(own) = question.get(usize::from(subject.next)) else {
            return;
        };
        self.scratch.clear();
        self.scratch.extend_from_slice(&own.wire);
        self.scratch.extend_from_slice(&subject.wire);
        let token = id << 6 | u32::from(subject.next);
        subject.next += 1;
        subject.open += 1;
        let resolver = &mut self.parts.resolver;
        resolver.start(token, &self.scratch, own.qtype, subject.tries);
    }

    fn drain(&mut self) {
        while let Some((token, answer)) = self.parts.resolver.finished() {
            self.answered(token >> 6, (token & 63) as usize, &answer);
        }
    }

    fn answered(&mut self, id: u32, place: usize, answer: &Answer) {
        let at = (self.parts.clock)();
        let subject = &mut self.subjects[id as usize];
        let (role, key) = (subject.role, subject.key);
        let own = match role {
            Role::Domain => &self.own[place],
            Role::Host => &self.host[place],
            Role::Spf => &self.spf[place],
        };
        subject.open -= 1;
        let out = &mut subject.answers[place];
        let validating = self.parts.validating;
        let name = (own.labels.as_str(), subject.text.as_str());
        let how = (validating, at);
        evidence::push_answer(out, name, own.qtype, answer, how, &mut self.last);
        let leads = own.labels.is_empty() && role != Role::Host;
        if leads {
            let records = answer.records.iter().map(String::as_str);
            let followed = &mut self.parts.followed;
            lead(
                &self.config.questions,
                followed,
                role,
                key,
                own.qtype,
                records,
            );
        }
        if place == 0 {
            self.first_answered(id, answer);
        }
        let subject = &self.subjects[id as usize];
        if subject.open == 0 && usize::from(subject.next) == subject.answers.len() {
            self.subject_done(id);
        }
    }

    /// The first answer decides how the others are asked.
    fn first_answered(&mut self, id: u32, answer: &Answer) {
        let subject = &mut self.subjects[id as usize];
        let questions = match subject.role {
            Role::Domain => &self.own,
            Role::Host => &self.host,
            Role::Spf => &self.spf,
        };
        if answer.status == Status::Code(Rcode::NXDOMAIN) && answer.chain.is_empty() {
            for (own, out) in questions.iter().zip(&mut subject.answers).skip(1) {
                let name = (own.labels.as_str(), subject.text.as_str());
                evidence::push_implied(out, name, own.qtype, answer.status.word());
            }
            subject.next = subject.answers.len() as u8;
            return;
        }
        if answer.status == Status::Silence {
            subject.tries = TRIES_AFTER_SILENCE;
        }
        if usize::from(subject.next) < subject.answers.len() {
            self.open.push_back(id);
        }
    }

    fn subject_done(&mut self, id: u32) {
        let subject = &self.subjects[id as usize];
        let domain = subject.role == Role::Domain;
        self.line.clear();
        let line = domain.then_some(subject.key);
        evidence::push_subject(&mut self.line, subject.role, &subject.text, line);
        for (i, answer) in subject.answers.iter().enumerate() {
            if i > 0 {
                self.line.push(b',');
            }
            self.line.extend_from_slice(answer);
        }
        self.line.extend_from_slice(b"]}\n");
        if domain {
            self.lines_done += 1;
            self.lines_now += 1;
        } else {
            self.parts.followed.done(subject.key);
        }
        let written = self.parts.evidence.push(&self.line);
        self.keep(written);
        self.free.push(id);
    }

    fn keep(&mut self, result: io::Result<()>) {
        if self.result.is_ok() {
            self.result = result;
        }
    }
}

/// Notes the names that an answer about `role`'s own name leads to.
pub(crate) fn lead<'r>(
    questions: &crate::config::Questions,
    followed: &mut Followed,
    role: Role,
    key: u32,
    qtype: Type,
    records: impl Iterator<Item = &'r str>,
) {
    let hosts = match qtype {
        Type::MX => questions.mail_hosts,
        Type::NS => questions.name_servers,
        _ => false,
    };
    if hosts {
        for host in follow::hosts(records) {
            followed.name(Role::Host, &host);
        }
    } else if qtype == Type::TXT && questions.spf {
        let targets = follow::spf_targets(records);
        match role {
            Role::Spf => followed.name_from(key, &targets),
            _ => targets.iter().for_each(|t| followed.name(Role::Spf, t)),
        }
    }
}

/// Whether a name or one above it is opted out.
pub(crate) fn is_opted_out(opted_out: &HashSet<Vec<u8>>, wire: &[u8]) -> bool {
    let mut at = Some(wire);
    while let Some(name) = at.filter(|_| !opted_out.is_empty()) {
        if opted_out.contains(name) {
            return true;
        }
        at = name::parent(name);
    }
    false
}

impl Work for Plan<'_> {
    fn next(&mut self, engine: &mut Engine) -> Option<Question<'_>> {
        let prepared = loop {
            if let Some(prepared) = self.parts.resolver.prepare(engine) {
                break prepared;
            }
            self.drain();
            match self.feed() {
                Ok(true) => {}
                Ok(false) => return None,
                Err(e) => {
                    self.keep(Err(e));
                    return None;
                }
            }
        };
        Some(self.parts.resolver.question(prepared))
    }

    fn answer(&mut self, token: u32, outcome: Outcome<'_>) {
        self.parts.resolver.answer(token, outcome);
        self.drain();
    }

    fn tick(&mut self, elapsed: Duration, stats: Stats) {
        let flushed = self.parts.evidence.flush();
        self.keep(flushed);
        (self.parts.progress)(Progress {
            elapsed,
            lines_done: self.lines_done,
            lines: self.parts.list.lines(),
            lines_now: self.lines_now,
            hosts: self.parts.followed.counts(),
            stats,
        });
    }

    fn stopped(&self) -> bool {
        self.result.is_err()
    }
}

impl Subject {
    fn empty() -> Self {
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
}
