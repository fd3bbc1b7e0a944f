//! Sites on other servers than the world's own: what TLS shows is told of each by itself.

use super::{WORLD, here, web};
use cocarde_knowledge::operators::Operators;
use cocarde_probe::measure::networks::Networks;
use cocarde_probe::measure::tls::Trust;
use cocarde_probe::measure::{Site, Wishes, measure};
use cocarde_probe::report::{Lang, terminal};
use std::io::{Read, Write};
use std::net::TcpListener;

/// The site of the town, its servers being at another port.
fn site(https: u16) -> (Site, String) {
    let authority = std::fs::read(here("tls/authority.der")).unwrap();
    let trust = Trust::new(&[authority]).unwrap();
    let mut net = WORLD.net();
    net.ports.https = https;
    let (none, wishes) = (Operators::from_texts(&[]).unwrap(), Wishes::default());
    let record = measure(
        &mut net,
        "ville.example",
        &trust,
        &Networks::default(),
        &none,
        &wishes,
    );
    let told = terminal(&record, Lang::En, 200);
    (record.site.unwrap(), told)
}

/// One host at two ports: each has its chain, and is asked for its versions itself.
#[test]
fn versions_are_those_of_the_port_that_showed_the_chain() {
    let ok = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let other = web::start_secure(&here("tls"), &[&rustls::version::TLS12], |_, _| ok.to_vec());
    let first = web::start_secure(&here("tls"), rustls::ALL_VERSIONS, move |_, _| {
        web::lead(&format!("https://ville.example:{other}/"))
    });
    let (site, told) = site(first);
    let tls = site.tls.iter().map(|t| (t.server(), &*t.accepts));
    let tls: Vec<_> = tls.filter(|(s, _)| !s.starts_with("www")).collect();
    let there = format!("ville.example:{other}");
    let expected = [
        ("ville.example".to_owned(), &["1.2", "1.3"][..]),
        (there.clone(), &["1.2"]),
    ];
    assert_eq!(tls, expected);
    assert!(
        told.contains(&format!("Certificate of {there}: trusted, TLS 1.2 ")),
        "{told}"
    );
}

/// A server before the real one that answers old hellos as a server of their time did.
#[test]
fn old_versions_are_told() {
    let new = web::start_secure(&here("tls"), rustls::ALL_VERSIONS, |_, _| {
        b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec()
    });
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut hello = vec![0; 4096];
                let n = client.read(&mut hello).unwrap();
                // The version offered stands after the heads of record and message.
                match hello[10] {
                    1 => drop(client.write_all(&[21, 3, 1, 0, 2, 2, 70])),
                    2 => drop(client.write_all(&[22, 3, 2, 0, 6, 2, 0, 0, 2, 3, 2])),
                    _ => {
                        let mut server = std::net::TcpStream::connect(("127.0.0.1", new)).unwrap();
                        server.write_all(&hello[..n]).unwrap();
                        let (mut to, mut from) =
                            (server.try_clone().unwrap(), client.try_clone().unwrap());
                        std::thread::spawn(move || std::io::copy(&mut from, &mut to));
                        let _ = std::io::copy(&mut server, &mut client);
                        let _ = client.shutdown(std::net::Shutdown::Both);
                    }
                }
            });
        }
    });
    let (site, told) = site(port);
    for tls in &site.tls {
        // The plain site leads elsewhere.
        if tls.host == "ville.example" {
            assert_eq!(tls.accepts, ["1.1", "1.2", "1.3"]);
            assert_eq!((tls.given_up(), &*tls.open), (vec!["1.1"], &[][..]));
        }
    }
    assert!(
        told.contains("Old versions of TLS accepted by ville.example: 1.1"),
        "{told}"
    );
}

/// What is not the whole page that visitors get is no list of whom it calls, and that is told.
#[test]
fn a_page_that_is_not_whole_is_told() {
    let page = "<script src=//a.example/x></script>";
    let n = page.len();
    let chunk = format!("{n:x}\r\n{page}\r\n");
    for (head, body, cut, shown) in [
        (format!("200 OK\r\nContent-Length: {n}"), page, false, true),
        ("200 OK".into(), page, false, true),
        (
            format!("200 OK\r\nContent-Length: {}", n + 1),
            page,
            true,
            true,
        ),
        (
            format!("200 OK\r\nContent-Length: {n}\r\nContent-Encoding: br"),
            page,
            true,
            true,
        ),
        (
            "200 OK\r\nTransfer-Encoding: chunked".into(),
            &chunk,
            true,
            true,
        ),
        (
            format!("503 Busy\r\nContent-Length: {n}"),
            page,
            false,
            false,
        ),
    ] {
        let answer = format!("HTTP/1.1 {head}\r\n\r\n{body}").into_bytes();
        let server = web::start_secure(&here("tls"), rustls::ALL_VERSIONS, move |_, _| {
            answer.clone()
        });
        let (site, told) = site(server);
        assert_eq!((site.cut, site.is_shown()), (cut, shown), "{head}");
        assert_eq!(told.contains("could not be read whole"), cut, "{head}");
        assert_eq!(told.contains("answers with status 503"), !shown, "{head}");
        assert!(site.third_parties.contains_key("a.example"), "{head}");
    }
}
