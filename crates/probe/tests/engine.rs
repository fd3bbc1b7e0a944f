//! The engine against a network that exists only in numbers: time, loss and servers are
//! the test's, so every law can be stated exactly.

use cocarde_probe::dns::engine::{Engine, Micros, Ports, Question, Settings, Target, Verdict};
use cocarde_probe::dns::message::{self, QueryOptions, Type};
use cocarde_probe::dns::name;
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;

const TRIP: Micros = 2_000;

fn addr(n: u16) -> SocketAddr {
    SocketAddr::from(([192, 0, 2, 1], n))
}

fn settings() -> Settings {
    Settings {
        rate: None,
        window: 8,
        largest_window: 64,
        ..Settings::default()
    }
}

/// What a server does with a query.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answer(u8),
    Truncate,
    Swallow,
}

fn response(query: &[u8], flags: [u8; 2]) -> Vec<u8> {
    let mut end = message::HEADER;
    while query[end] != 0 {
        end += usize::from(query[end]) + 1;
    }
    let mut bytes = query[..end + 5].to_vec();
    bytes[2..12].copy_from_slice(&[0x80 | flags[0], flags[1], 0, 1, 0, 0, 0, 0, 0, 0]);
    bytes
}

#[derive(Default)]
struct Run {
    ends: HashMap<u32, Result<u8, ()>>,
    ended_at: HashMap<u32, Micros>,
    sent_to: BTreeMap<u16, Vec<Micros>>,
    most_in_flight: usize,
}

/// Asks `names` questions; `fate` decides by token, server port and try.
fn run(engine: &mut Engine, count: u32, mut fate: impl FnMut(u32, u16, usize) -> Fate) -> Run {
    let mut run = Run::default();
    let (mut now, mut asked) = (0, 0);
    let mut tries: HashMap<u32, usize> = HashMap::new();
    let mut wire: Vec<(Micros, u16, Vec<u8>)> = vec![];
    while asked < count || engine.in_hand() > 0 {
        engine.expire(now);
        while let Some(token) = engine.given_up() {
            assert!(
                run.ends.insert(token, Err(())).is_none(),
                "{token} ended twice"
            );
            run.ended_at.insert(token, now);
        }
        for _ in 0..engine.room() {
            if asked < count {
                let name = name::wire(&format!("n{asked}.test")).unwrap();
                let target = Target::AnyResolver;
                engine.ask(Question {
                    token: asked,
                    name: &name,
                    qtype: Type::A,
                    target,
                    tries: 0,
                });
                asked += 1;
            }
        }
        while let Some(out) = engine.transmit(now) {
            let text = String::from_utf8_lossy(&out.bytes[14..]).to_ascii_lowercase();
            let token: u32 = text
                .split(|c: char| !c.is_ascii_digit())
                .next()
                .unwrap()
                .parse()
                .unwrap();
            run.sent_to.entry(out.to.port()).or_default().push(now);
            let attempt = tries.entry(token).or_default();
            let flags = match fate(token, out.to.port(), *attempt) {
                Fate::Answer(rcode) => Some([0, rcode]),
                Fate::Truncate => Some([2, 0]),
                Fate::Swallow => None,
            };
            *attempt += 1;
            if let Some(flags) = flags {
                wire.push((now + TRIP, out.socket, response(out.bytes, flags)));
            }
        }
        run.most_in_flight = run.most_in_flight.max(wire.len());
        let due: Vec<_> = wire.extract_if(.., |(at, _, _)| *at <= now).collect();
        for (_, socket, bytes) in due {
            match engine.receive(now, socket, None, &bytes) {
                Verdict::Ignored => {}
                Verdict::Answer { token, .. } => {
                    assert!(
                        run.ends.insert(token, Ok(bytes[3] & 15)).is_none(),
                        "{token} ended twice"
                    );
                    run.ended_at.insert(token, now);
                }
                Verdict::Truncated { slot, .. } => {
                    let token = engine.stream_done(slot, true);
                    assert!(
                        run.ends.insert(token, Ok(0)).is_none(),
                        "{token} ended twice"
                    );
                }
            }
        }
        let next = wire
            .iter()
            .map(|w| w.0)
            .chain(engine.wake_at())
            .min()
            .unwrap_or(now);
        now = next.max(now + 100);
    }
    run
}

#[test]
fn live_names_do_not_wait_for_silent_ones() {
    let mut engine = Engine::new(settings(), Ports::Connected(2), &[addr(1)], [1; 32]);
    let run = run(&mut engine, 2000, |token, _, _| {
        if token % 3 == 0 {
            Fate::Swallow
        } else {
            Fate::Answer(0)
        }
    });
    assert_eq!(run.ends.values().filter(|e| e.is_ok()).count(), 1333);
    let last_live = run
        .ended_at
        .iter()
        .filter(|(t, _)| *t % 3 != 0)
        .map(|(_, at)| *at)
        .max();
    let silence: Micros = settings().timeouts.iter().sum();
    // A third of 2,000 names is more than the window could ever hold at once.
    assert!(last_live.unwrap() < silence / 2, "{last_live:?}");
    assert!(run.most_in_flight <= 64);
}

#[test]
fn a_failure_is_asked_elsewhere_and_a_single_resolver_is_not_asked_again() {
    let resolvers = [addr(1), addr(2)];
    let mut engine = Engine::new(settings(), Ports::Connected(1), &resolvers, [2; 32]);
    let r = run(&mut engine, 200, |_, port, _| {
        Fate::Answer(if port == 1 { 2 } else { 0 })
    });
    assert!(r.ends.values().all(|e| *e == Ok(0)));

    let mut engine = Engine::new(settings(), Ports::Connected(1), &resolvers[..1], [2; 32]);
    let r = run(&mut engine, 200, |_, _, _| Fate::Answer(2));
    assert!(r.ends.values().all(|e| *e == Ok(2)));
    assert_eq!(engine.stats().sent, 200);
}

#[test]
fn a_server_that_knows_no_edns_is_asked_without() {
    let mut engine = Engine::new(settings(), Ports::Connected(1), &[addr(1)], [3; 32]);
    let r = run(&mut engine, 50, |_, _, attempt| {
        Fate::Answer(if attempt == 0 { 1 } else { 0 })
    });
    assert!(r.ends.values().all(|e| *e == Ok(0)));
    assert_eq!(engine.stats().sent, 100);
}

#[test]
fn a_server_that_understands_no_query_is_left_for_another() {
    for (udp_size, before) in [(Some(1232), 2), (None, 1)] {
        let query = QueryOptions {
            udp_size,
            ..QueryOptions::default()
        };
        let options = Settings {
            query,
            ..settings()
        };
        let resolvers = [addr(1), addr(2)];
        let mut engine = Engine::new(options, Ports::Connected(1), &resolvers, [3; 32]);
        let mut asked: HashMap<u32, usize> = HashMap::new();
        let r = run(&mut engine, 100, |token, port, _| {
            if port == 2 {
                return Fate::Answer(0);
            }
            *asked.entry(token).or_default() += 1;
            Fate::Answer(1)
        });
        assert!(r.ends.values().all(|e| *e == Ok(0)));
        // The first one is asked with EDNS and without, and then no more.
        assert!(!asked.is_empty() && asked.values().all(|n| *n == before));
        assert_eq!(r.sent_to[&2].len(), 100);
    }
}

#[test]
fn whatever_is_sent_once_more_is_a_repetition() {
    let resolvers = [addr(1), addr(2)];
    let mut engine = Engine::new(settings(), Ports::Connected(1), &resolvers, [3; 32]);
    run(&mut engine, 300, |token, _, attempt| {
        match (attempt, token % 3) {
            (0, 0) => Fate::Swallow,
            // Not understood, or failed: asked again at once.
            (0, rcode) => Fate::Answer(rcode as u8),
            _ => Fate::Answer(0),
        }
    });
    let stats = engine.stats();
    assert_eq!((stats.sent, stats.repeated), (600, 300));
    assert_eq!(stats.lost, 100);
    // What held those slots before is no matter to the next ones.
    run(&mut engine, 300, |_, _, _| Fate::Answer(0));
    assert_eq!(engine.stats().repeated, 300);
}

#[test]
fn truncated_answers_go_to_tcp() {
    let mut engine = Engine::new(settings(), Ports::Connected(1), &[addr(1)], [4; 32]);
    let r = run(&mut engine, 50, |_, _, _| Fate::Truncate);
    assert_eq!((r.ends.len(), engine.stats().truncated), (50, 50));
}

#[test]
fn the_rate_of_an_address_is_kept() {
    let slow = Settings {
        rate: Some(100),
        ..settings()
    };
    let mut engine = Engine::new(slow, Ports::Connected(1), &[addr(1), addr(2)], [5; 32]);
    let r = run(&mut engine, 500, |_, _, _| Fate::Answer(0));
    for times in r.sent_to.values() {
        let seconds = (times.last().unwrap() - times[0]) as f64 / 1e6;
        assert!(
            times.len() as f64 <= 100.0 * seconds + 3.0,
            "{} in {seconds} s",
            times.len()
        );
    }
}

#[test]
fn the_rate_of_an_operator_is_kept_over_all_its_servers() {
    let slow = Settings {
        operator_rate: Some(100),
        ..settings()
    };
    let servers = [addr(1), addr(2), addr(3)];
    let mut engine = Engine::new(slow, Ports::Connected(1), &servers, [6; 32]);
    // Two servers of one operator, and one that nobody spoke for.
    (0..2).for_each(|server| engine.join(server, 0));
    let r = run(&mut engine, 600, |_, _, _| Fate::Answer(0));
    let mut theirs: Vec<Micros> = [1, 2].iter().flat_map(|p| r.sent_to[p].clone()).collect();
    theirs.sort_unstable();
    let seconds = (theirs[theirs.len() - 1] - theirs[0]) as f64 / 1e6;
    assert!(theirs.len() as f64 <= 100.0 * seconds + 3.0);
    assert!(r.sent_to[&3].len() > 100);
}

#[test]
fn forged_answers_are_ignored() {
    let shared = Ports::Shared(4, 0);
    let with_case = Settings {
        mix_case: true,
        ..settings()
    };
    let mut engine = Engine::new(with_case, shared, &[], [6; 32]);
    let server = engine.server(addr(1));
    let name = name::wire("abcdefghijklmnopqrstuvwxyz.test").unwrap();
    let target = Target::Server(server);
    engine.ask(Question {
        token: 7,
        name: &name,
        qtype: Type::A,
        target,
        tries: 0,
    });
    let out = engine.transmit(0).unwrap();
    let (socket, query) = (out.socket, out.bytes.to_vec());
    let good = response(&query, [0, 0]);
    let mut forged = |socket: u16, from: u16, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = good.clone();
        change(&mut bytes);
        assert_eq!(
            engine.receive(9, socket, Some(addr(from)), &bytes),
            Verdict::Ignored
        );
    };
    forged(socket, 1, &|b| b[1] ^= 1);
    forged(socket, 1, &|b| b[2] = 0);
    forged(socket, 1, &|b| *b = query.clone());
    forged((socket + 1) % 4, 1, &|_| {});
    forged(socket, 2, &|_| {});
    forged(socket, 1, &|b| b.make_ascii_lowercase());
    forged(socket, 1, &|b| {
        *b.last_chunk_mut::<4>().unwrap() = [0, 28, 0, 1]
    });
    forged(socket, 1, &|b| b.truncate(20));
    let verdict = engine.receive(9, socket, Some(addr(1)), &good);
    assert_eq!(verdict, Verdict::Answer { token: 7, server });
    assert_eq!(
        engine.receive(9, socket, Some(addr(1)), &good),
        Verdict::Ignored
    );
    assert_eq!(engine.stats().unmatched, 9);
}

#[test]
fn the_window_follows_a_server_that_drops_what_exceeds_its_capacity() {
    let wide = Settings {
        largest_window: 4096,
        window: 64,
        ..settings()
    };
    let mut engine = Engine::new(wide, Ports::Connected(4), &[addr(1)], [7; 32]);
    let mut burst: HashMap<(u32, usize), ()> = HashMap::new();
    let mut n = 0u32;
    // At most 300 of any 400 queries in a row get through: a buffer that overflows.
    let r = run(&mut engine, 30_000, |token, _, attempt| {
        burst.insert((token, attempt), ());
        n += 1;
        if n % 400 >= 300 && attempt == 0 {
            Fate::Swallow
        } else {
            Fate::Answer(0)
        }
    });
    assert!(r.ends.values().all(Result::is_ok), "a live name was lost");
    assert!(engine.stats().lost > 0);
}

#[test]
fn queries_are_as_asked() {
    let query = QueryOptions {
        recursion: false,
        udp_size: None,
        dnssec_ok: false,
    };
    let plain = Settings {
        query,
        ..settings()
    };
    let mut engine = Engine::new(plain, Ports::Connected(1), &[addr(1)], [8; 32]);
    let target = Target::AnyResolver;
    engine.ask(Question {
        token: 0,
        name: b"\x02fr\0",
        qtype: Type::NS,
        target,
        tries: 0,
    });
    let out = engine.transmit(0).unwrap();
    assert_eq!(
        out.bytes[2..],
        *b"\0\0\0\x01\0\0\0\0\0\0\x02fr\0\0\x02\0\x01"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is lost or refused: every question ends once, and all that some server
    /// would answer within the tries is answered.
    #[test]
    fn every_question_ends_once(
        seed in any::<u64>(),
        loss in 0u64..60,
        silent in 0u32..20,
        resolvers in 1u16..4,
    ) {
        let addrs: Vec<_> = (0..resolvers).map(addr).collect();
        let mut engine = Engine::new(settings(), Ports::Connected(2), &addrs, [9; 32]);
        let mut state = seed;
        let mut heard: HashMap<u32, bool> = HashMap::new();
        let r = run(&mut engine, 400, |token, _, _| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let lost = (state >> 33) % 100 < loss;
            if token % 20 < silent || lost { return Fate::Swallow; }
            heard.insert(token, true);
            Fate::Answer(if state >> 40 & 7 == 0 { 3 } else { 0 })
        });
        prop_assert_eq!(r.ends.len(), 400);
        for (token, end) in &r.ends {
            prop_assert_eq!(end.is_ok(), heard.contains_key(token), "{}", token);
        }
        prop_assert_eq!(engine.in_hand(), 0);
    }
}
