//! The test world's web server: plain and under TLS, one request a connection.

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned, SupportedProtocolVersion};
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;

/// What a server answers to a host and a path.
type Answer = dyn Fn(&str, &str) -> Vec<u8> + Send + Sync;

/// Starts both servers; gives their ports.
pub fn start(site: &Path, tls: &Path) -> (u16, u16) {
    let index = std::fs::read(site.join("index.html")).unwrap();
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = plain.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in plain.incoming().flatten() {
            std::thread::spawn(move || serve(stream, &|host, path| answer(host, path, false, &[])));
        }
    });
    let secure = start_secure(tls, rustls::ALL_VERSIONS, move |host, path| {
        answer(host, path, true, &index)
    });
    (port, secure)
}

/// Starts a server that speaks these versions of TLS; gives its port.
pub fn start_secure(
    tls: &Path,
    versions: &[&'static SupportedProtocolVersion],
    answer: impl Fn(&str, &str) -> Vec<u8> + Send + Sync + 'static,
) -> u16 {
    let chain = ["server.der", "authority.der"]
        .map(|f| CertificateDer::from(std::fs::read(tls.join(f)).unwrap()));
    let key = PrivatePkcs8KeyDer::from(std::fs::read(tls.join("server.key.der")).unwrap());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain.to_vec(), PrivateKeyDer::Pkcs8(key))
        .unwrap();
    let (config, answer) = (Arc::new(config), Arc::new(answer));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (config, answer) = (config.clone(), answer.clone());
            std::thread::spawn(move || {
                let connection = ServerConnection::new(config).unwrap();
                serve(StreamOwned::new(connection, stream), &*answer);
            });
        }
    });
    port
}

/// A mail exchanger that says who it is; gives its port.
pub fn start_mail() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(b"220 mx.filtre.example ESMTP\x1b[2J\r\n");
        }
    });
    port
}

fn serve(mut stream: impl Read + Write, answer: &Answer) {
    let mut head = Vec::new();
    let mut chunk = [0; 2048];
    while !head.windows(4).any(|w| w == b"\r\n\r\n") {
        match stream.read(&mut chunk) {
            Ok(n) if n > 0 => head.extend_from_slice(&chunk[..n]),
            _ => return,
        }
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let path = head.split(' ').nth(1).unwrap_or("/").to_owned();
    let host = head
        .split("host: ")
        .nth(1)
        .and_then(|h| h.split("\r\n").next())
        .unwrap_or("");
    let _ = stream.write_all(&answer(host, &path));
    let _ = stream.flush();
}

/// A redirect.
pub fn lead(to: &str) -> Vec<u8> {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n").into_bytes()
}

fn answer(host: &str, path: &str, secure: bool, page: &[u8]) -> Vec<u8> {
    match (host, secure, path) {
        ("piege.example", false, _) => lead("http://169.254.169.254/latest/meta-data/"),
        ("piege.example", true, "/") => lead("https://meta.example/"),
        (_, false, _) => lead("https://www.ville.example/"),
        ("ville.example", true, _) => lead("https://www.ville.example/"),
        ("www.ville.example", true, "/") => [
            format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nStrict-Transport-Security: max-age=31536000\r\n\
                 X-Content-Type-Options: nosniff\r\nSet-Cookie: suivi=1; Max-Age=31536000; Secure\r\n\
                 Transfer-Encoding: chunked\r\n\r\n{:x}\r\n",
                page.len()
            )
            .as_bytes(),
            page,
            b"\r\n0\r\n\r\n",
        ]
        .concat(),
        ("www.ville.example", true, "/.well-known/security.txt") => {
            let text = "Contact: mailto:securite@ville.example\nExpires: 2030-01-01T00:00:00Z\n";
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len()).into_bytes()
        }
        ("mta-sts.ville.example", true, "/.well-known/mta-sts.txt") => {
            let text = "version: STSv1\r\nmode: enforce\r\nmx: mx1.filtre.example\r\nmax_age: 604800\r\n";
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len()).into_bytes()
        }
        _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_vec(),
    }
}
