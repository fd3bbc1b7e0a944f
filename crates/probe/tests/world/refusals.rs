//! Connections that must not be made: to inside, in circles, to where a second answer leads.

use super::{WORLD, clock};
use cocarde_probe::measure::ask::Asker;
use cocarde_probe::measure::connect::{Net, NoWay};
use cocarde_probe::safety::AddressFilter;
use std::net::{TcpListener, UdpSocket};

#[test]
fn what_leads_inside_is_refused() {
    for (host, refused) in [
        ("interne.example", true),
        ("meta.example", true),
        ("169.254.169.254", true),
        ("[::ffff:10.0.0.1]", true),
        ("0.0.0.0", true),
        ("mixte.example", false),
    ] {
        let mut net = WORLD.net();
        let way = net
            .connect(host, WORLD.ports.http)
            .map(|s| s.address.ip().to_string());
        assert!(!net.refusals.is_empty(), "{host}");
        match refused {
            true => assert_eq!(way, Err(NoWay::Refused), "{host}"),
            false => assert_eq!(way.as_deref(), Ok("127.0.0.1"), "{host}"),
        }
    }
    // Where the measurement's time is over, nothing is connected to.
    let mut net = WORLD.net();
    net.until = Some(std::time::Instant::now());
    let way = net.connect("compteur.example", WORLD.ports.http).err();
    assert_eq!(way, Some(NoWay::Unreachable("timed out".into())));
    // Out of a test world, loopback is refused too.
    let mut net = WORLD.net();
    net.filter = AddressFilter::default();
    let way = net.connect("compteur.example", WORLD.ports.http).err();
    assert_eq!(way, Some(NoWay::Refused));
}

#[test]
fn aliases_in_a_circle_end() {
    let mut net = WORLD.net();
    assert_eq!(
        net.connect("boucle.example", 80).err(),
        Some(NoWay::NoAddress)
    );
}

/// A server that answers an address that may be touched, and then another: the name is
/// asked for once, so the second answer never comes; and where it came first, it is refused.
#[test]
fn rebinding_finds_no_second_question() {
    let server = UdpSocket::bind("127.0.0.1:0").unwrap();
    let at = server.local_addr().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let mut asked = 0u8;
        let mut bytes = [0; 512];
        while let Ok((n, from)) = server.recv_from(&mut bytes) {
            let query = &bytes[..n];
            let end = 12 + query[12..].iter().position(|b| *b == 0).unwrap() + 5;
            let mut answer = query[..end].to_vec();
            let is_a = query[end - 3] == 1;
            answer[2..12].copy_from_slice(&[0x84, 0, 0, 1, 0, u8::from(is_a), 0, 0, 0, 0]);
            if is_a {
                let address = if asked == 0 {
                    [127, 0, 0, 1]
                } else {
                    [10, 0, 0, 1]
                };
                asked += 1;
                answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
                answer.extend(address);
            }
            let _ = server.send_to(&answer, from);
        }
    });
    let net = || Net {
        asker: Asker::new(vec![at], true, clock(), [7; 32]),
        ..WORLD.net()
    };
    let mut first = net();
    for _ in 0..3 {
        let way = first
            .connect("tourne.example", port)
            .map(|s| s.address.ip().to_string());
        assert_eq!(way.as_deref(), Ok("127.0.0.1"));
    }
    let way = net().connect("tourne.example", port).err();
    assert_eq!(way, Some(NoWay::Refused));
}
