//! Answers that did not fit a datagram, fetched by TCP (RFC 7766) by a few threads:
//! such answers are rare, and a thread that waits is the simplest thing that works.

use super::message;
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// The most connections at once.
const THREADS: usize = 8;
/// How long connecting, and then each read and write, may take.
const STEP: Duration = Duration::from_secs(3);
/// How long one exchange may take in all.
const WHOLE: Duration = Duration::from_secs(6);

struct Job {
    slot: u32,
    server: SocketAddr,
    query: Vec<u8>,
}

/// What came of one exchange.
pub struct Done {
    /// The engine's slot.
    pub slot: u32,
    /// Who was asked.
    pub server: SocketAddr,
    /// The whole response, its identifier and question checked; `None` on any failure.
    pub response: Option<Vec<u8>>,
}

/// A small pool of TCP exchanges.
pub struct Streams {
    jobs: Sender<Job>,
    waiting: Arc<Mutex<Receiver<Job>>>,
    results: Receiver<Done>,
    answer: Sender<Done>,
    threads: usize,
    open: usize,
}

impl Default for Streams {
    fn default() -> Self {
        let (jobs, waiting) = channel();
        let (answer, results) = channel();
        let waiting = Arc::new(Mutex::new(waiting));
        Self {
            jobs,
            waiting,
            results,
            answer,
            threads: 0,
            open: 0,
        }
    }
}

impl Streams {
    /// Starts an exchange.
    pub fn ask(&mut self, slot: u32, server: SocketAddr, query: &[u8]) {
        if self.open >= self.threads && self.threads < THREADS {
            self.threads += 1;
            let (waiting, answer) = (Arc::clone(&self.waiting), self.answer.clone());
            std::thread::spawn(move || serve(&waiting, &answer));
        }
        let job = Job {
            slot,
            server,
            query: query.to_vec(),
        };
        // The receiver lives in `self`, so this cannot fail.
        if self.jobs.send(job).is_ok() {
            self.open += 1;
        }
    }

    /// How many exchanges are under way.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open
    }

    /// A finished exchange, if there is one.
    pub fn done(&mut self) -> Option<Done> {
        let done = self.results.try_recv().ok()?;
        self.open -= 1;
        Some(done)
    }
}

fn serve(waiting: &Mutex<Receiver<Job>>, answer: &Sender<Done>) {
    loop {
        let Ok(Ok(job)) = waiting.lock().map(|jobs| jobs.recv()) else {
            return;
        };
        let response = exchange(job.server, &job.query).ok();
        if answer
            .send(Done {
                slot: job.slot,
                server: job.server,
                response,
            })
            .is_err()
        {
            return;
        }
    }
}

/// One query and its response over a connection of its own.
///
/// # Errors
/// Whatever the system refuses; a response that does not match the query.
pub fn exchange(server: SocketAddr, query: &[u8]) -> Result<Vec<u8>> {
    let end = Instant::now() + WHOLE;
    let mut stream = TcpStream::connect_timeout(&server, STEP)?;
    stream.set_write_timeout(Some(STEP))?;
    let length = u16::try_from(query.len()).map_err(|_| ErrorKind::InvalidInput)?;
    let framed = [&length.to_be_bytes(), query].concat();
    stream.write_all(&framed)?;
    let mut length = [0; 2];
    read(&mut stream, &mut length, end)?;
    let mut response = vec![0; usize::from(u16::from_be_bytes(length))];
    read(&mut stream, &mut response, end)?;
    let same_question = message::Message::parse(&response).is_ok_and(|m| {
        let asked = query.get(message::HEADER..).unwrap_or_default();
        let name = m.question().wire();
        let there = asked.get(..name.len() + 2).unwrap_or_default();
        there
            .get(..name.len())
            .is_some_and(|n| n.eq_ignore_ascii_case(&name))
            && there[name.len()..] == m.qtype().0.to_be_bytes()
    });
    if message::id(&response) == message::id(query) && same_question {
        Ok(response)
    } else {
        Err(Error::from(ErrorKind::InvalidData))
    }
}

fn read(stream: &mut TcpStream, mut room: &mut [u8], end: Instant) -> Result<()> {
    while !room.is_empty() {
        let left = end.saturating_duration_since(Instant::now()).min(STEP);
        if left.is_zero() {
            return Err(ErrorKind::TimedOut.into());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(room) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(n) => room = &mut room[n..],
            Err(e) if e.kind() == ErrorKind::Interrupted => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
