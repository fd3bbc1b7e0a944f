//! Joins the engine to sockets and a clock, and asks what a [`Work`] wants asked.

use super::engine::{Engine, Micros, Question, Stats, Verdict};
use super::message::Message;
use super::socket::Sockets;
use super::stream::Streams;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// While this many queries are under way, a short pause lets answers gather, so that one
/// system call takes many: nine tenths of the cost of a query is the kernel's.
const BUSY: usize = 128;
/// That pause.
const GATHER: Duration = Duration::from_micros(400);
/// A batch of answers this small is worth that pause.
const SMALL: usize = 48;
/// How often [`Work::tick`] is called at most, in microseconds.
const TICK: Micros = 200_000;

/// What became of a question.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// A response came.
    Response {
        /// The response.
        message: Message<'a>,
        /// Who gave it.
        server: SocketAddr,
    },
    /// Nobody answered, to no try.
    Silence,
}

/// What is to be asked, and what becomes of the answers.
pub trait Work {
    /// The next question; `None` while there is none (answers may bring more). Servers
    /// of iteration are made known to the engine first.
    fn next(&mut self, engine: &mut Engine) -> Option<Question<'_>>;

    /// A question's end.
    fn answer(&mut self, token: u32, outcome: Outcome<'_>);

    /// Called now and then, with the time since the start.
    fn tick(&mut self, _elapsed: Duration, _stats: Stats) {}

    /// Whether to stop before all is done (a write failed, a limit was reached).
    fn stopped(&self) -> bool {
        false
    }
}

/// Asks until the work has no more questions and none is under way.
pub fn drive(engine: &mut Engine, sockets: &mut Sockets, work: &mut impl Work) {
    let start = Instant::now();
    let mut streams = Streams::default();
    let mut next_tick = 0;
    loop {
        let now = start.elapsed().as_micros() as Micros;
        engine.expire(now);
        while let Some(token) = engine.given_up() {
            work.answer(token, Outcome::Silence);
        }
        let mut none_left = false;
        for _ in 0..engine.room() {
            match question(engine, work) {
                true => {}
                false => {
                    none_left = true;
                    break;
                }
            }
        }
        if work.stopped() || (none_left && engine.in_hand() == 0) {
            work.tick(start.elapsed(), engine.stats());
            return;
        }
        while let Some(out) = engine.transmit(now) {
            sockets.send(out.socket, out.to, out.bytes);
        }
        sockets.flush();
        let got = receive(engine, sockets, &mut streams, work, start);
        collect_streams(engine, &mut streams, work);
        if got == 0 {
            let at = engine.wake_at().unwrap_or(now + 10_000);
            let most = if streams.open() > 0 { 5 } else { 50 };
            let now = start.elapsed().as_micros() as Micros;
            sockets.wait((at.saturating_sub(now).div_ceil(1000)).min(most) as u16);
        }
        if got < SMALL && engine.in_hand() >= BUSY {
            std::thread::sleep(GATHER);
        }
        if now >= next_tick {
            next_tick = now + TICK;
            work.tick(start.elapsed(), engine.stats());
        }
    }
}

fn question(engine: &mut Engine, work: &mut impl Work) -> bool {
    match work.next(engine) {
        Some(question) => {
            engine.ask(question);
            true
        }
        None => false,
    }
}

fn receive(
    engine: &mut Engine,
    sockets: &mut Sockets,
    streams: &mut Streams,
    work: &mut impl Work,
    start: Instant,
) -> usize {
    let mut total = 0;
    for socket in 0..sockets.len() as u16 {
        let count = sockets.receive(socket);
        total += count;
        let now = start.elapsed().as_micros() as Micros;
        for i in 0..count {
            let (from, bytes) = sockets.datagram(i);
            match engine.receive(now, socket, from, bytes) {
                Verdict::Ignored => {}
                Verdict::Answer { token, server } => {
                    give(work, token, engine.address(server), bytes);
                }
                Verdict::Truncated { slot, server } => {
                    streams.ask(slot, engine.address(server), engine.query(slot));
                }
            }
        }
    }
    total
}

fn collect_streams(engine: &mut Engine, streams: &mut Streams, work: &mut impl Work) {
    while let Some(done) = streams.done() {
        let token = engine.stream_done(done.slot, done.response.is_some());
        match done.response {
            Some(bytes) => give(work, token, done.server, &bytes),
            None => work.answer(token, Outcome::Silence),
        }
    }
}

fn give(work: &mut impl Work, token: u32, server: SocketAddr, bytes: &[u8]) {
    match Message::parse(bytes) {
        Ok(message) => work.answer(token, Outcome::Response { message, server }),
        Err(_) => work.answer(token, Outcome::Silence),
    }
}
