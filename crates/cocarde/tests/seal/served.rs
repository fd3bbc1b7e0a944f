//! A certificate where it is published: by its address, and by the text of its QR code
//! as an outside reader reads it from the printed page.

use crate::label::Label;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

type Files = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

fn request(stream: &mut BufReader<TcpStream>) -> Option<(String, Vec<u8>)> {
    let (mut head, mut line, mut length) = (String::new(), String::new(), 0);
    stream.read_line(&mut head).ok()?;
    while stream.read_line(&mut line).ok()? > 2 {
        if let Some(n) = line.to_lowercase().strip_prefix("content-length:") {
            length = n.trim().parse().ok()?;
        }
        line.clear();
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some((head.split(' ').nth(1)?.to_owned(), body))
}

/// Serves on this machine; gives the address.
pub fn serve(answer: impl Fn(&str, &[u8]) -> (u16, Vec<u8>) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = BufReader::new(stream);
            let Some((path, body)) = request(&mut stream) else {
                continue;
            };
            let (status, bytes) = answer(&path, &body);
            let head = format!(
                "HTTP/1.1 {status} -\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                bytes.len()
            );
            let _ = stream
                .get_mut()
                .write_all(&[head.as_bytes(), &bytes].concat());
        }
    });
    url
}

fn serve_files(files: &Files) -> String {
    let files = files.clone();
    serve(move |path, _| match files.lock().unwrap().get(path) {
        Some(bytes) => (200, bytes.clone()),
        None => (404, Vec::new()),
    })
}

fn publish(label: &Label, files: &Files) {
    let mut files = files.lock().unwrap();
    for (address, name) in [
        ("/certificats/EX-2026-0042.jwt", "issued/certificate.jwt"),
        (
            "/certificats/EX-2026-0042.tlog-proof",
            "issued/certificate.tlog-proof",
        ),
        ("/statut/revocation", "status/revocation"),
        ("/statut/suspension", "status/suspension"),
        ("/statut/message", "status/message"),
    ] {
        files.insert(address.into(), label.read(name).into_bytes());
    }
}

/// The QR code, read from the page as it is printed.
fn printed_code(label: &Label) -> String {
    let (page, picture) = (label.path("issued/certificate.fr.pdf"), label.path("page"));
    for (program, args) in [
        (
            "pdftoppm",
            vec!["-r", "110", "-png", "-singlefile", &page, &picture],
        ),
        (
            "zbarimg",
            vec!["--quiet", "--raw", &(picture.clone() + ".png")],
        ),
    ] {
        let done = Command::new(program).args(&args).output();
        let done = done.unwrap_or_else(|e| panic!("{program} is needed: {e}"));
        assert!(done.status.success(), "{program}");
        if program == "zbarimg" {
            return String::from_utf8(done.stdout).unwrap().trim_end().into();
        }
    }
    unreachable!()
}

#[test]
fn the_printed_code_leads_to_the_certificate_and_to_no_other() {
    let files = Files::default();
    let site = serve_files(&files);
    let label = Label::new("served", &site);
    publish(&label, &files);
    let code = printed_code(&label);
    assert!(code.starts_with(&site), "{code}");
    let trust = label.path("trust.json");
    let verify = |what: &str| {
        let at = crate::label::DAY;
        label.run(&["verify", what, "--trust", &trust, "--at", at])
    };
    let ran = verify(&code);
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    assert!(ran.out.contains("is that of the QR code"), "{}", ran.out);
    assert_eq!(verify(code.split('#').next().unwrap()).code, 0);
    let (address, digest) = code.split_once("sha256=").unwrap();
    let wrong = format!(
        "{address}sha256={}",
        digest.chars().rev().collect::<String>()
    );
    let ran = verify(&wrong);
    assert!(ran.code == 1 && ran.out.contains("is not that of the QR code"));

    let ran = verify(&code[..code.len() - 1]);
    assert!(ran.code == 1 && ran.out.contains("not the address of a certificate"));

    // Withdrawn since: whoever is online knows at once.
    label.publish_status(&["42=revoked"], "2026-11-24T20:00:00Z");
    publish(&label, &files);
    let ran = verify(&code);
    assert!(
        ran.code == 1 && ran.out.contains("withdrawn"),
        "{}",
        ran.out
    );
    // Lists out of reach: said, and not passed over.
    files
        .lock()
        .unwrap()
        .retain(|path, _| !path.starts_with("/statut"));
    let ran = verify(&code);
    assert_eq!(ran.code, 3);
    assert!(ran.out.contains("present status unknown"), "{}", ran.out);
    files.lock().unwrap().clear();
    assert_eq!(verify(&code).code, 2);
}

#[test]
fn a_certificate_that_another_address_serves_is_said_to_be() {
    let files = Files::default();
    let site = serve_files(&files);
    let label = Label::new("elsewhere", &site);
    publish(&label, &files);
    let [own, other] = ["EX-2026-0042", "EX-2026-0099"].map(|n| format!("{site}certificats/{n}"));
    let token = label.read("issued/certificate.jwt").into_bytes();
    let name = "/certificats/EX-2026-0099.jwt";
    files.lock().unwrap().insert(name.into(), token);
    let trust = label.path("trust.json");
    let verify = |what: &str| {
        let at = ["--at", crate::label::DAY];
        label.run(&[&["verify", what, "--trust", &trust][..], &at].concat())
    };
    for address in [own.clone(), format!("{own}.jwt")] {
        let ran = verify(&address);
        assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    }
    for address in [other.clone(), format!("{other}.jwt")] {
        let ran = verify(&address);
        let said = format!("this certificate is that of {own}, and not that of the address");
        assert!(ran.code == 3 && ran.out.contains(&said), "{}", ran.out);
    }
}

/// Whoever prints a code of their own can serve what the label published for all.
#[test]
fn a_register_is_not_the_certificate_of_a_code() {
    let files = Files::default();
    let site = serve_files(&files);
    let label = Label::new("code-register", &site);
    let (certificate, key) = (
        label.path("issued/certificate.jwt"),
        label.path("issuer.pem"),
    );
    let by = ["--key", &key, "--key-name", "k1"];
    let made = label.publish_register(&[&certificate], "2026-11-24", &by);
    assert_eq!(made.code, 0, "{}", made.err);
    let register = label.read("register.jwt").into_bytes();
    files.lock().unwrap().insert("/x.jwt".into(), register);
    let trust = label.path("trust.json");
    let verify = |what: &str| {
        let at = ["--at", crate::label::DAY];
        label.run(&[&["verify", what, "--trust", &trust][..], &at].concat())
    };
    assert_eq!(verify(&format!("{site}x")).code, 0);
    let ran = verify(&format!("{site}x#sha256={}", "0".repeat(64)));
    let told = ran.out.contains("is not that of the QR code");
    assert!(ran.code == 1 && told, "{}", ran.out);
}

#[test]
fn a_list_at_hand_that_is_past_its_validity_is_asked_for_again() {
    let files = Files::default();
    let site = serve_files(&files);
    let label = Label::new("renewed", &site);
    let [kept, key, document] = ["kept", "issuer.pem", "did.json"].map(|n| label.path(n));
    let base = format!("{site}statut/");
    let by = [
        "--did",
        "did:web:label.example",
        "--key",
        &key,
        "--document",
        &document,
    ];
    let when = ["--key-name", "k1", "--at", "2026-11-24T18:00:00Z"];
    let until = ["--until", "2026-11-24T20:00:00Z"];
    let what = ["status", "publish", &kept, "--base", &base];
    label.good(&[&what[..], &by, &when, &until].concat());
    let (trust, list) = (label.path("trust.json"), label.path("kept/suspension"));
    let address = format!("{site}certificats/EX-2026-0042");
    let verify = || {
        let given = ["--trust", &trust, "--status", &list];
        let at = ["--at", crate::label::DAY];
        label.run(&[&["verify", &address][..], &given, &at].concat())
    };
    publish(&label, &files);
    let ran = verify();
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    // No newer one to be had: the certificate is there, its status is not.
    files.lock().unwrap().remove("/statut/suspension");
    let ran = verify();
    assert_eq!(ran.code, 1, "{}", ran.out);
    for words in [
        "list stale since 24 November 2026, 20:00 (UTC)",
        "list not reached",
        "Proven",
    ] {
        assert!(ran.out.contains(words), "{words} in {}", ran.out);
    }
}

#[test]
fn a_certificate_that_nobody_vouches_for_makes_nobody_ask_anything() {
    let asked = Arc::new(Mutex::new(0));
    let count = asked.clone();
    let files = Files::default();
    let served = files.clone();
    let site = serve(move |path, _| {
        *count.lock().unwrap() += usize::from(path.starts_with("/statut"));
        let found = served.lock().unwrap().get(path).cloned();
        found.map_or((404, Vec::new()), |bytes| (200, bytes))
    });
    let label = Label::new("nobody", &site);
    publish(&label, &files);
    let stranger = label.write("stranger.json", "{}");
    let address = format!("{site}certificats/EX-2026-0042");
    let ran = label.run(&["verify", &address, "--trust", &stranger]);
    assert!(ran.code == 1 && ran.out.contains("not among those you trust"));
    assert_eq!(*asked.lock().unwrap(), 0);
}
