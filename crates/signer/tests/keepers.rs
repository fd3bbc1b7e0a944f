//! Keys kept elsewhere: what a PKCS#11 URI must say, and a remote signer over HTTP.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_signer::{Pkcs11Uri, RemoteSigner};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

#[test]
fn uris_say_what_they_lack() {
    for (text, word) in [
        ("file:x", "pkcs11"),
        ("pkcs11:token=a;object=b?module-path=c", "pin-source"),
        ("pkcs11:object=b?module-path=c&pin-source=d", "token"),
        ("pkcs11:token=%zz", "token"),
        ("pkcs11:slot-id=0", "slot-id"),
    ] {
        let said = Pkcs11Uri::read(text).unwrap_err().en;
        assert!(said.contains(word), "{said}");
    }
    let uri = Pkcs11Uri::read(
        "pkcs11:token=a%20b;object=c;type=private?module-path=/m&pin-source=file:/p",
    );
    assert_eq!(uri.unwrap().token, "a b");
}

#[test]
fn what_is_wrong_with_an_answer_or_a_uri_is_said_in_each_language_alone() {
    use cocarde_signer::{read_key, read_signature};
    let long = json!({"signature": "A".repeat(70_000)}).to_string();
    let refusals = [
        read_key(b"{}").err(),
        read_key(b"[").err(),
        read_signature(b"{}").err(),
        read_signature(br#"{"signature": "=="}"#).err(),
        read_signature(long.as_bytes()).err(),
        Pkcs11Uri::read("pkcs11:slot-id=0").err(),
        Pkcs11Uri::read("pkcs11:token=%zz").err(),
        Pkcs11Uri::read("pkcs11:object=b").err(),
    ];
    for refusal in refusals {
        let refusal = refusal.expect("refused");
        assert_ne!(refusal.fr, refusal.en);
        assert!(
            !refusal.en.contains('«') && !refusal.fr.contains('`'),
            "{refusal:?}"
        );
    }
}

/// Answers one request with that status, and with what would be a key if it were no refusal.
fn refusing(status: u16) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/key", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        while reader.read_line(&mut line).unwrap() > 2 {
            line.clear();
        }
        let body = FileSigner::ed25519(&[5; 32]).public().jwk().to_string();
        let answer = format!(
            "HTTP/1.1 {status} X\r\nconnection: close\r\nlocation: /other\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        reader.get_mut().write_all(answer.as_bytes()).unwrap();
    });
    url
}

#[test]
fn a_service_that_answers_with_another_status_is_told_with_it() {
    for status in [302, 404, 500] {
        let url = refusing(status);
        let refusal = RemoteSigner::open(&url).err().expect("refused");
        let fr = format!("service de signature {url} : répond par le code {status}");
        let en = format!("signing service {url}: answers with status {status}");
        assert_eq!((refusal.fr, refusal.en), (fr, en));
    }
}

/// Answers `n` requests: with the key's own signatures, or with those of another.
fn service(n: usize, honest: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/key", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let key = FileSigner::ed25519(&[5; 32]);
        let signs = FileSigner::ed25519(&[if honest { 5 } else { 6 }; 32]);
        for stream in listener.incoming().take(n) {
            let mut reader = BufReader::new(stream.unwrap());
            let (mut length, mut line) = (0, String::new());
            while {
                line.clear();
                reader.read_line(&mut line).unwrap() > 2
            } {
                if let Some(n) = line.to_lowercase().strip_prefix("content-length:") {
                    length = n.trim().parse().unwrap();
                }
            }
            let mut body = vec![0; length];
            reader.read_exact(&mut body).unwrap();
            let answer = match serde_json::from_slice::<Value>(&body) {
                Err(_) => key.public().jwk(),
                Ok(asked) => {
                    let message = URL_SAFE_NO_PAD.decode(asked["message"].as_str().unwrap());
                    let signature = signs.sign(&message.unwrap()).unwrap();
                    json!({"signature": URL_SAFE_NO_PAD.encode(signature)})
                }
            }
            .to_string();
            let head = format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                answer.len()
            );
            reader
                .get_mut()
                .write_all((head + &answer).as_bytes())
                .unwrap();
        }
    });
    url
}

#[test]
fn a_service_signs_and_a_lying_one_is_found_out() {
    let signer = RemoteSigner::open(&service(2, true)).unwrap();
    let signature = signer.sign(b"message").unwrap();
    signer.public().verify(b"message", &signature).unwrap();
    let liar = RemoteSigner::open(&service(2, false)).unwrap();
    let refusal = liar.sign(b"message").unwrap_err();
    assert_eq!(refusal.code, "signature");
    assert!(refusal.fr.starts_with("service de signature http://127."));
    for bad in [
        "http://sign.example/key",
        "http://127.0.0.1:1@sign.example/key",
        "file:///etc/passwd",
        "ftp://x",
    ] {
        assert_eq!(RemoteSigner::open(bad).err().unwrap().code, "remote-signer");
    }
}
