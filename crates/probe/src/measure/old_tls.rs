//! Whether a server still takes TLS 1.0 and 1.1, which our library does not speak: a hello
//! that offers nothing later (RFC 2246 and RFC 4346, section 7.4.1.2), and the record that
//! comes back. No handshake is gone through with.

use super::connect::{Net, kind};
use super::evidence::{Exchange, digest};
use std::io::{ErrorKind, Read, Write};

/// The versions, and their second byte on the wire.
pub const OLD: [(&str, u8); 2] = [("1.0", 1), ("1.1", 2)];

/// Suites that servers of that time have, elliptic curves first: AES and 3DES in CBC, RC4.
const SUITES: [u16; 18] = [
    0xc009, 0xc00a, 0xc013, 0xc014, 0xc008, 0xc012, 0xc007, 0xc011, 0x0033, 0x0039, 0x0032, 0x0038,
    0x0016, 0x0013, 0x002f, 0x0035, 0x000a, 0x0005,
];
/// The longest record (RFC 4346, section 6.2.3).
const MAX_RECORD: usize = (1 << 14) + 2048;
/// Warnings passed over before what counts comes.
const MAX_WARNINGS: usize = 4;

/// Whether a server takes an old version: `None` where nothing came back that says so.
pub fn accepts(net: &mut Net, host: &str, port: u16, (word, minor): (&str, u8)) -> Option<bool> {
    let random = net.asker.draw();
    let (answer, server, bytes) = match net.connect(host, port) {
        Err(no) => (Err(no.to_string()), None, Vec::new()),
        Ok(mut stream) => {
            let server = stream.address.to_string();
            let (answer, bytes) = ask(&mut stream, host, minor, &random);
            (answer, Some(server), bytes)
        }
    };
    net.asker.exchanges.push(Exchange {
        by: "tls",
        question: format!("offer TLS {word} to {host}"),
        server,
        at: net.clock.now(),
        outcome: match &answer {
            Ok(true) => "accepted".into(),
            Ok(false) => "refused".into(),
            Err(why) => why.clone(),
        },
        sha256: (!bytes.is_empty()).then(|| digest(&bytes)),
    });
    answer.ok()
}

/// The answer, and the record that gave it.
fn ask(
    stream: &mut (impl Read + Write),
    host: &str,
    minor: u8,
    random: &[u8; 32],
) -> (Result<bool, String>, Vec<u8>) {
    let sent = stream.write_all(&hello(host, minor, random));
    for _ in 0..MAX_WARNINGS {
        let read = sent.as_ref().map_err(std::io::Error::kind);
        let read = read.and_then(|()| record(stream).map_err(|e| e.kind()));
        match read {
            Ok(bytes) => match judge(&bytes, minor) {
                Verdict::Goes(on) => return (Ok(on), bytes),
                Verdict::Warned => {}
                Verdict::Unclear => return (Err("no TLS".into()), bytes),
            },
            // Whoever hangs up on such a hello refuses it, too.
            Err(ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset | ErrorKind::BrokenPipe) => {
                return (Ok(false), Vec::new());
            }
            Err(e) => return (Err(kind(&e.into())), Vec::new()),
        }
    }
    (Err("no TLS".into()), Vec::new())
}

/// What a record says.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    Goes(bool),
    Warned,
    Unclear,
}

fn judge(record: &[u8], minor: u8) -> Verdict {
    match record {
        // A handshake's `server_hello`, its length, the version chosen.
        [22, 3, _, _, _, 2, _, _, _, 3, chosen, ..] if *chosen <= minor => {
            Verdict::Goes(*chosen == minor)
        }
        // Alerts: of a server that does not know the name, then fatal ones.
        [21, 3, _, _, _, 1, _, ..] => Verdict::Warned,
        [21, 3, _, _, _, 2, _, ..] => Verdict::Goes(false),
        _ => Verdict::Unclear,
    }
}

/// One record with its head.
fn record(stream: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; 5];
    stream.read_exact(&mut bytes)?;
    let length = usize::from(u16::from_be_bytes([bytes[3], bytes[4]]));
    if length > MAX_RECORD || !matches!(bytes[0], 20..=23) {
        return Ok(bytes);
    }
    bytes.resize(5 + length, 0);
    stream.read_exact(&mut bytes[5..])?;
    Ok(bytes)
}

/// A hello that offers a version and those before it.
fn hello(host: &str, minor: u8, random: &[u8; 32]) -> Vec<u8> {
    let suites: Vec<u8> = SUITES.iter().flat_map(|s| s.to_be_bytes()).collect();
    let name = counted(2, &[&[0], &*counted(2, host.as_bytes())].concat());
    let mut extensions = Vec::new();
    // Addresses are not named (RFC 6066, section 3).
    if host.parse::<std::net::IpAddr>().is_err() {
        extensions.extend(extension(0, &name));
    }
    // Curves: x25519, P-256, P-384, P-521; points uncompressed; no renegotiation.
    extensions.extend(extension(10, &[0, 8, 0, 29, 0, 23, 0, 24, 0, 25]));
    extensions.extend(extension(11, &[1, 0]));
    extensions.extend(extension(0xff01, &[0]));
    let body = [
        &[3, minor],
        &random[..],
        &[0],
        &counted(2, &suites),
        &[1, 0],
        &counted(2, &extensions),
    ]
    .concat();
    let message = [&[1], &*counted(3, &body)].concat();
    // Records begin with the oldest version, whatever is offered in them.
    [&[22, 3, 1], &*counted(2, &message)].concat()
}

fn extension(kind: u16, content: &[u8]) -> Vec<u8> {
    [&kind.to_be_bytes(), &*counted(2, content)].concat()
}

/// A content after its length in so many bytes.
fn counted(width: usize, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u64).to_be_bytes();
    [&length[8 - width..], content].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hello_says_its_lengths_and_its_version() {
        for (_, minor) in OLD {
            let hello = hello("town.example", minor, &[7; 32]);
            assert_eq!(hello[..3], [22, 3, 1]);
            let record = usize::from(u16::from_be_bytes([hello[3], hello[4]]));
            assert_eq!(record, hello.len() - 5);
            let message = u32::from_be_bytes([0, hello[6], hello[7], hello[8]]);
            assert_eq!(message as usize, hello.len() - 9);
            assert_eq!(hello[9..12], [3, minor, 7]);
            assert!(hello.windows(12).any(|w| w == b"town.example"));
        }
    }

    #[test]
    fn what_comes_back() {
        let server_hello = |minor| [22, 3, minor, 0, 6, 2, 0, 0, 2, 3, minor];
        for (record, verdict) in [
            (&server_hello(2)[..], Verdict::Goes(true)),
            (&server_hello(1), Verdict::Goes(false)),
            (&server_hello(3), Verdict::Unclear),
            (&[21, 3, 1, 0, 2, 2, 70], Verdict::Goes(false)),
            (&[21, 3, 1, 0, 2, 1, 112], Verdict::Warned),
            (b"HTTP/", Verdict::Unclear),
            (&[], Verdict::Unclear),
        ] {
            assert_eq!(judge(record, 2), verdict, "{record:?}");
        }
    }

    #[test]
    fn a_record_is_read_whole_or_not_at_all() {
        let alert = [21, 3, 1, 0, 2, 2, 70, 99];
        assert_eq!(record(&mut &alert[..]).unwrap(), alert[..7]);
        assert!(record(&mut &alert[..6]).is_err());
        assert_eq!(record(&mut &b"HTTP/1.1 400"[..]).unwrap(), b"HTTP/");
    }
}
