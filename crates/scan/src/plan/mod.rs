//! The work of a scan: each domain's questions, the hosts they lead to, and a line of
//! evidence for each subject that is finished.

mod answered;
mod ask;
mod lines;
mod subject;

pub use lines::Lines;

use crate::config::Config;
use crate::evidence::{self, Evidence};
use crate::follow::Followed;
use crate::list::List;
use crate::mistake::Mistake;
use cocarde_probe::dns::drive::{Outcome, Work};
use cocarde_probe::dns::engine::{Engine, Question, Stats};
use cocarde_probe::dns::order::Order;
use cocarde_probe::dns::resolve::Resolver;
use std::collections::{HashSet, VecDeque};
use std::io;
use std::time::Duration;
use subject::{ByRole, Subject};

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

/// The work; see the module's words.
pub struct Plan<'a> {
    parts: Parts<'a>,
    questions: ByRole,
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
    pub fn new(config: &'a Config, parts: Parts<'a>) -> Result<Self, Mistake> {
        Ok(Self {
            questions: ByRole::new(config)?,
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
