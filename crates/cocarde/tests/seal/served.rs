//! A certificate where it is published: by its address, and by the text of its QR code
//! as an outside reader reads it from the printed page; a witness of the log.

use crate::label::Label;
use cocarde_seal::log::VerifierKey;
use cocarde_seal::log::witness::Witness;
use cocarde_seal::signer::FileSigner;
use cocarde_seal::time::Timestamp;
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
fn serve(answer: impl Fn(&str, &[u8]) -> (u16, Vec<u8>) + Send + 'static) -> String {
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
    let served = files.clone();
    let site = serve(move |path, _| match served.lock().unwrap().get(path) {
        Some(bytes) => (200, bytes.clone()),
        None => (404, Vec::new()),
    });
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

#[test]
fn a_witness_sees_the_log_and_then_a_stolen_key_costs_no_certificate() {
    let label = Label::new("witness", crate::label::SITE);
    let name = "temoin.example";
    let log = VerifierKey::read(&label.read("log/key")).unwrap();
    let seen: Timestamp = "2026-11-24T18:00:00Z".parse().unwrap();
    let holder = FileSigner::ed25519(&[8; 32]);
    let key = VerifierKey::new(
        name,
        cocarde_seal::log::note::Kind::Cosignature,
        cocarde_seal::signer::Signer::public(&holder),
    );
    let key = key.unwrap().write();
    let state = Mutex::new(BTreeMap::new());
    let url = serve(move |path, body| {
        let mut witness = Witness::new(name, &holder, vec![log.clone()]).unwrap();
        let mut state = state.lock().unwrap();
        witness.seen = std::mem::take(&mut *state);
        assert_eq!(path, "/add-checkpoint");
        let answer = witness.add_checkpoint(&String::from_utf8_lossy(body), seen);
        *state = witness.seen;
        (answer.status, answer.body.into_bytes())
    });
    let (dir, log_key) = (label.path("log"), label.path("log.pem"));
    let cosign = |witness_key: &str| {
        let whom = ["--witness", url.trim_end_matches('/')];
        let args = [
            "log",
            "cosign",
            &dir,
            "--key",
            &log_key,
            "--witness-key",
            witness_key,
        ];
        label.run(&[&args[..], &whom].concat())
    };
    let ran = cosign(&key);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("temoin.example 2026-11-24T18:00:00Z"));
    // Another key than the witness's own is not its word.
    assert_eq!(cosign(&label.read("log/key")).code, 2);
    label.good(&["log", "fsck", &dir]);

    let certificate = label.path("issued/certificate.jwt");
    let proof = label.good(&["log", "prove", &dir, &certificate]).out;
    let proof = label.write("witnessed.tlog-proof", proof);
    let document = label.path("did.json");
    label.good(&[
        "keys",
        "revoke",
        &document,
        "k1",
        "--at",
        "2026-11-24T19:00:00Z",
    ]);
    label.trust(&["--witness", &key, "--quorum", "1"]);
    // The lists are signed by the stolen key too: without them, status is unknown.
    let trust = label.path("trust.json");
    let at = crate::label::DAY;
    let args = [
        "verify",
        &certificate,
        "--trust",
        &trust,
        "--offline",
        "--at",
        at,
    ];
    let ran = label.run(&[&args[..], &["--proof", &proof]].concat());
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(
        ran.out
            .contains("the witness temoin.example saw this log on")
    );
    let unseen = label.run(&args);
    assert!(
        unseen.code == 1 && unseen.out.contains("0 witness"),
        "{}",
        unseen.out
    );
}
