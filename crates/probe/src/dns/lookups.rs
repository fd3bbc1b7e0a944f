//! The plainest work: a list of names and types, each asked once, each answer a line.

use super::drive::{Outcome, Work};
use super::engine::{Engine, Question, Stats, Target};
use super::message::{Message, Type};
use super::name;
use super::order::{Lines, Order};
use super::rdata::Rdata;
use std::fmt::Write as _;
use std::io::{Result, Write};
use std::time::Duration;

/// Lines `name<TAB>type` as questions; lines `name<TAB>type<TAB>status<TAB>records in the
/// answer<TAB>data…` as answers. Lines that cannot be read are counted and left out.
pub struct Lookups<W, T> {
    lines: Lines,
    order: Order,
    out: W,
    tick: T,
    name: Vec<u8>,
    line: String,
    unreadable: u32,
    result: Result<()>,
}

impl<W: Write, T: FnMut(Duration, Stats)> Lookups<W, T> {
    /// Asks `lines` in the order of `seed`; calls `tick` now and then.
    pub fn new(lines: Lines, seed: u64, out: W, tick: T) -> Self {
        let order = Order::new(lines.len(), seed);
        let (name, line) = (Vec::new(), String::new());
        Self {
            lines,
            order,
            out,
            tick,
            name,
            line,
            unreadable: 0,
            result: Ok(()),
        }
    }

    /// How many lines were no question.
    ///
    /// # Errors
    /// The first write that failed.
    pub fn finish(mut self) -> Result<u32> {
        self.result?;
        self.out.flush()?;
        Ok(self.unreadable)
    }
}

fn split(line: &str) -> Option<(&str, Type)> {
    let (name, qtype) = line.split_once(['\t', ' '])?;
    Some((name, Type::from_mnemonic(qtype.trim())?))
}

impl<W: Write, T: FnMut(Duration, Stats)> Work for Lookups<W, T> {
    fn next(&mut self, _: &mut Engine) -> Option<Question<'_>> {
        loop {
            let token = self.order.next()?;
            self.name.clear();
            let read = split(self.lines.get(token))
                .filter(|(text, _)| name::push_text(&mut self.name, text).is_ok());
            if let Some((_, qtype)) = read {
                let target = Target::AnyResolver;
                return Some(Question {
                    token,
                    name: &self.name,
                    qtype,
                    target,
                    tries: 0,
                });
            }
            self.unreadable += 1;
        }
    }

    fn answer(&mut self, token: u32, outcome: Outcome<'_>) {
        let Some((name, qtype)) = split(self.lines.get(token)) else {
            return;
        };
        self.line.clear();
        // Writing to a `String` cannot fail.
        let _ = write!(self.line, "{name}\t{qtype}\t");
        match outcome {
            Outcome::Silence => self.line.push_str("-1\t0"),
            Outcome::Response { message, .. } => push_answer(&mut self.line, &message),
        }
        self.line.push('\n');
        if let (Err(e), Ok(())) = (self.out.write_all(self.line.as_bytes()), &self.result) {
            self.result = Err(e);
        }
    }

    fn tick(&mut self, elapsed: Duration, stats: Stats) {
        (self.tick)(elapsed, stats);
    }

    fn stopped(&self) -> bool {
        self.result.is_err()
    }
}

fn push_answer(line: &mut String, message: &Message<'_>) {
    let _ = write!(
        line,
        "{}\t{}",
        message.rcode().mnemonic(),
        message.answer_count()
    );
    for record in message.answers() {
        let Ok(record) = record else { break };
        let _ = write!(line, "\t{} ", record.rtype);
        match Rdata::parse(&record) {
            Ok(data) => data.push_display(line),
            Err(_) => line.push('?'),
        }
    }
}
