//! The resolver going down from the root, in a network that exists only in numbers and
//! is full of servers that lie.

use cocarde_probe::dns::answer::{Answer, MAX_CHAIN, Status};
use cocarde_probe::dns::drive::Outcome;
use cocarde_probe::dns::engine::{Engine, Ports, Settings, Verdict};
use cocarde_probe::dns::message::{self, Message, Rcode, Type};
use cocarde_probe::dns::name;
use cocarde_probe::dns::resolve::{Iteration, Resolver};
use cocarde_probe::safety::AddressFilter;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

const ROOT: &str = "127.0.0.1";

/// A record of a response: section (0 to 2), owner, type and data in text.
type Says = (u8, String, &'static str, String);

fn says(section: u8, owner: &str, kind: &'static str, data: &str) -> Says {
    (section, owner.to_string(), kind, data.to_string())
}

/// Resolves one question; `world` gives what the server at an address says to a name:
/// code, whether it is an authority, records. `None` is silence.
struct Run {
    answers: Vec<(u32, Answer)>,
    asked: Vec<(IpAddr, String)>,
}

fn resolve(
    questions: &[(&str, Type)],
    mut world: impl FnMut(IpAddr, &str, Type) -> Option<(u8, bool, Vec<Says>)>,
) -> Run {
    let mut settings = Settings {
        rate: None,
        operator_rate: None,
        timeouts: vec![10_000; 3],
        ..Settings::default()
    };
    settings.query.recursion = false;
    let mut engine = Engine::new(settings, Ports::Shared(1, 0), &[], [1; 32]);
    let mut resolver = Resolver::iterating(Iteration {
        hints: vec![SocketAddr::new(ROOT.parse().unwrap(), 53)],
        port: 53,
        ipv6: false,
        filter: AddressFilter { test_world: true },
    });
    for (token, (text, qtype)) in questions.iter().enumerate() {
        resolver.start(token as u32, &name::wire(text).unwrap(), *qtype, 0);
    }
    let mut run = Run {
        answers: vec![],
        asked: vec![],
    };
    let mut now = 0;
    loop {
        engine.expire(now);
        while let Some(task) = engine.given_up() {
            resolver.answer(task, Outcome::Silence);
        }
        while let Some(prepared) = resolver.prepare(&mut engine) {
            let question = resolver.question(prepared);
            engine.ask(question);
        }
        let mut wire = vec![];
        while let Some(out) = engine.transmit(now) {
            wire.push((out.to, out.bytes.to_vec()));
        }
        for (to, query) in wire {
            let (text, qtype) = asked(&query);
            run.asked.push((to.ip(), text.clone()));
            assert!(run.asked.len() < 5_000, "no end in sight");
            let Some((code, authority, records)) = world(to.ip(), &text, qtype) else {
                continue;
            };
            let bytes = response(&query, code, authority, &records);
            if let Verdict::Answer { token, server } = engine.receive(now, 0, Some(to), &bytes) {
                let message = Message::parse(&bytes).unwrap();
                let server = engine.address(server);
                resolver.answer(token, Outcome::Response { message, server });
            }
        }
        while let Some(end) = resolver.finished() {
            run.answers.push(end);
        }
        if run.answers.len() == questions.len() && engine.in_hand() == 0 {
            assert_eq!(resolver.in_hand(), 0);
            return run;
        }
        now += 1_000;
        assert!(now < 100_000_000, "it hangs");
    }
}

fn asked(query: &[u8]) -> (String, Type) {
    let mut end = message::HEADER;
    while query[end] != 0 {
        end += usize::from(query[end]) + 1;
    }
    let qtype = u16::from_be_bytes([query[end + 1], query[end + 2]]);
    (name::display(&query[message::HEADER..=end]), Type(qtype))
}

fn response(query: &[u8], code: u8, authority: bool, records: &[Says]) -> Vec<u8> {
    let mut end = message::HEADER;
    while query[end] != 0 {
        end += usize::from(query[end]) + 1;
    }
    let mut bytes = query[..end + 5].to_vec();
    bytes[2..12].copy_from_slice(&[
        0x80 | u8::from(authority) << 2,
        code,
        0,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
    ]);
    let mut in_order: Vec<&Says> = records.iter().collect();
    in_order.sort_by_key(|says| says.0);
    for (section, owner, kind, data) in in_order {
        bytes[7 + 2 * usize::from(*section)] += 1;
        bytes.extend(name::wire(owner).unwrap());
        bytes.extend(Type::from_mnemonic(kind).unwrap().0.to_be_bytes());
        bytes.extend([0, 1, 0, 0, 0, 60]);
        let data = match *kind {
            "A" => data.parse::<Ipv4Addr>().unwrap().octets().to_vec(),
            "SOA" => [name::wire(data).unwrap(), vec![0], vec![0; 20]].concat(),
            _ => name::wire(data).unwrap(),
        };
        bytes.extend((data.len() as u16).to_be_bytes());
        bytes.extend(data);
    }
    bytes
}

/// The root and one zone `fr` at 127.0.0.2, which `below` speaks for.
fn with_fr(
    mut below: impl FnMut(IpAddr, &str, Type) -> Option<(u8, bool, Vec<Says>)>,
) -> impl FnMut(IpAddr, &str, Type) -> Option<(u8, bool, Vec<Says>)> {
    move |ip, name, qtype| match ip.to_string().as_str() {
        ROOT => Some((
            0,
            false,
            vec![
                says(1, "fr", "NS", "ns.fr"),
                says(2, "ns.fr", "A", "127.0.0.2"),
            ],
        )),
        _ => below(ip, name, qtype),
    }
}

#[test]
fn delegations_are_followed_and_remembered() {
    let questions: Vec<_> = (0..20).map(|_| ("a.fr", Type::A)).collect();
    let world = with_fr(|_, name, _| Some((0, true, vec![says(0, name, "A", "192.0.2.1")])));
    let run = resolve(&questions, world);
    assert!(run.answers.iter().all(|(_, a)| a.records == ["192.0.2.1"]));
    let root = run.asked.iter().filter(|(ip, _)| ip.to_string() == ROOT);
    assert_eq!(root.count(), 1, "the root is asked once for `fr`");
}

#[test]
fn glue_from_outside_of_the_zone_is_not_believed() {
    let run = resolve(
        &[("x.a.fr", Type::A)],
        with_fr(|ip, name, _| match (ip.to_string().as_str(), name) {
            // `fr` gives an address for a host in `com`: nothing it has a say in.
            ("127.0.0.2", "x.a.fr") => Some((
                0,
                false,
                vec![
                    says(1, "a.fr", "NS", "ns.com"),
                    says(2, "ns.com", "A", "127.0.0.66"),
                ],
            )),
            _ => Some((3, true, vec![says(1, "fr", "SOA", "ns.fr")])),
        }),
    );
    assert!(
        run.asked
            .iter()
            .all(|(ip, _)| ip.to_string() != "127.0.0.66")
    );
    assert_eq!(run.answers[0].1.status, Status::NoServer);
}

#[test]
fn records_from_outside_of_the_zone_are_asked_for_where_they_belong() {
    let mut honest = false;
    let run = resolve(&[("www.a.fr", Type::A)], |ip, name, _| {
        match (ip.to_string().as_str(), name) {
            (ROOT, "www.a.fr") => Some((
                0,
                false,
                vec![
                    says(1, "a.fr", "NS", "ns.a.fr"),
                    says(2, "ns.a.fr", "A", "127.0.0.3"),
                ],
            )),
            // The zone `a.fr` claims to know an address in `com`.
            ("127.0.0.3", _) => Some((
                0,
                true,
                vec![
                    says(0, "www.a.fr", "CNAME", "bank.com"),
                    says(0, "bank.com", "A", "192.0.2.66"),
                ],
            )),
            (ROOT, "bank.com") => {
                honest = true;
                Some((0, true, vec![says(0, "bank.com", "A", "192.0.2.1")]))
            }
            _ => None,
        }
    });
    assert!(honest);
    assert_eq!(run.answers[0].1.records, ["192.0.2.1"]);
    assert_eq!(run.answers[0].1.chain, ["bank.com"]);
}

#[test]
fn ways_up_and_sideways_are_no_ways() {
    for owner in [".", "fr", "other.fr"] {
        let run = resolve(
            &[("x.a.fr", Type::A)],
            with_fr(|_, _, _| Some((0, false, vec![says(1, owner, "NS", "ns.fr")]))),
        );
        assert_eq!(
            run.answers[0].1.status,
            Status::Code(Rcode::REFUSED),
            "{owner}"
        );
    }
}

#[test]
fn special_addresses_are_not_asked() {
    let run = resolve(
        &[("x.a.fr", Type::A)],
        with_fr(|_, _, _| {
            let mut says_all = vec![];
            for (i, ip) in ["10.0.0.1", "169.254.169.254", "192.0.2.1", "224.0.0.1"]
                .iter()
                .enumerate()
            {
                let host = format!("ns{i}.a.fr");
                says_all.push(says(1, "a.fr", "NS", &host));
                says_all.push(says(2, &host, "A", ip));
            }
            Some((0, false, says_all))
        }),
    );
    assert_eq!(run.answers[0].1.status, Status::NoServer);
    assert!(run.asked.iter().all(|(ip, _)| ip.is_loopback()));
}

#[test]
fn another_server_is_asked_when_one_fails() {
    let run = resolve(&[("a.fr", Type::A)], |ip, name, _| {
        match ip.to_string().as_str() {
            ROOT => {
                let mut all = vec![];
                for n in 2..5 {
                    all.push(says(1, "fr", "NS", &format!("n{n}.fr")));
                    all.push(says(2, &format!("n{n}.fr"), "A", &format!("127.0.0.{n}")));
                }
                Some((0, false, all))
            }
            "127.0.0.2" => None,
            "127.0.0.3" => Some((2, false, vec![])),
            _ => Some((0, true, vec![says(0, name, "A", "192.0.2.1")])),
        }
    });
    assert_eq!(run.answers[0].1.records, ["192.0.2.1"]);
}

#[test]
fn endless_aliases_end() {
    let mut n = 0;
    let run = resolve(
        &[("a.fr", Type::A)],
        with_fr(|_, name, _| {
            n += 1;
            Some((0, true, vec![says(0, name, "CNAME", &format!("a{n}.fr"))]))
        }),
    );
    assert_eq!(run.answers[0].1.status, Status::Loop);
    assert!(run.answers[0].1.chain.len() <= MAX_CHAIN);
    assert!(run.asked.len() < 200, "{}", run.asked.len());
}

#[test]
fn circles_of_aliases_end_wherever_they_are_entered() {
    let names = ["a.fr", "b.fr", "c.fr"];
    let questions: Vec<_> = names.iter().map(|n| (*n, Type::A)).collect();
    let run = resolve(
        &questions,
        with_fr(|_, name, _| {
            let at = names.iter().position(|n| *n == name)?;
            Some((0, true, vec![says(0, name, "CNAME", names[(at + 1) % 3])]))
        }),
    );
    for (token, answer) in run.answers {
        assert_eq!(answer.status, Status::Loop);
        assert_eq!(answer.chain, [names[(token as usize + 1) % 3]]);
    }
}

/// A delegation to many hosts without addresses, each of which leads to as many again,
/// multiplies no queries beyond a bound.
#[test]
fn endless_delegations_end() {
    let mut n = 0;
    let run = resolve(
        &[("a.fr", Type::A)],
        with_fr(|_, name, _| {
            let hosts = (0..16).map(|_| {
                n += 1;
                says(1, name, "NS", &format!("n{n}.x{n}.fr"))
            });
            Some((0, false, hosts.collect()))
        }),
    );
    assert_eq!(run.answers[0].1.status, Status::NoServer);
    assert!(run.asked.len() < 300, "{}", run.asked.len());
}
