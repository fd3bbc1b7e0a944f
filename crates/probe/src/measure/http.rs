//! HTTP/1.1, only as much as a measurement needs: one request a connection, limits on
//! time, heads and bodies, and redirects followed one judged connection at a time.

use super::connect::{Net, Timed, kind};
use super::evidence::{Exchange, digest};
use super::tls::{Secured, Tls, Trust, secure};
use crate::digits::digits;
use serde::Serialize;
use std::io::{Read, Write};
use url::Url;

/// The longest head of a response, in bytes.
const MAX_HEAD: usize = 64 << 10;
/// The longest body that is read, in bytes; what follows is left.
pub const MAX_BODY: usize = 4 << 20;
/// Redirects followed at most.
const MAX_REDIRECTS: usize = 8;
/// How we introduce ourselves.
const AGENT: &str = "cocarde/0.1 (+https://cocarde.example/probe)";

/// One request and what came of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Hop {
    /// What was asked for.
    pub url: String,
    /// The address that was asked.
    pub address: Option<String>,
    /// The status code.
    pub status: Option<u16>,
    /// Where the response leads.
    pub location: Option<String>,
    /// Why nothing came back.
    pub failure: Option<String>,
}

/// Where following redirects led.
#[derive(Default)]
pub struct Visit {
    /// Every request.
    pub hops: Vec<Hop>,
    /// What TLS showed, server by server.
    pub tls: Vec<Tls>,
    /// The last response, unless it failed.
    pub end: Option<(Url, Response)>,
}

/// A response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The body, or its beginning.
    pub body: Vec<u8>,
    /// The body goes on, or ended before it should have.
    pub cut: bool,
}

impl Response {
    /// The first header of that name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, v)| v.as_str())
    }
}

/// Asks for a page and follows where it leads.
pub fn visit(net: &mut Net, trust: &Trust, start: &str) -> Visit {
    let mut visit = Visit::default();
    let Ok(mut url) = Url::parse(start) else {
        return visit;
    };
    for _ in 0..=MAX_REDIRECTS {
        let mut hop = Hop {
            url: url.to_string(),
            ..Hop::default()
        };
        let got = get(net, trust, &url, &mut hop, &mut visit.tls);
        let next = match &got {
            Ok(response) => redirect(response, &url),
            Err(_) => None,
        };
        hop.location = next.as_ref().map(ToString::to_string);
        if let Err(why) = &got {
            hop.failure = Some(why.clone());
        }
        visit.hops.push(hop);
        match (next, got) {
            (Some(next), _) => url = next,
            (None, Ok(response)) => {
                visit.end = Some((url, response));
                return visit;
            }
            (None, Err(_)) => return visit,
        }
    }
    if let Some(last) = visit.hops.last_mut() {
        last.failure = Some("too many redirects".into());
    }
    visit
}

/// Asks once, wherever the answer leads; with what TLS showed.
pub fn once(net: &mut Net, trust: &Trust, url: &str) -> (Result<Response, String>, Option<Tls>) {
    let Ok(url) = Url::parse(url) else {
        return (Err("no URL".into()), None);
    };
    let (mut hop, mut tls) = (Hop::default(), Vec::new());
    let got = get(net, trust, &url, &mut hop, &mut tls);
    (got, tls.pop())
}

fn redirect(response: &Response, at: &Url) -> Option<Url> {
    let moved = matches!(response.status, 301 | 302 | 303 | 307 | 308);
    let to = response.header("location").filter(|_| moved)?;
    at.join(to)
        .ok()
        .filter(|u| matches!(u.scheme(), "http" | "https"))
}

/// Asks once. Notes address and status in `hop`.
fn get(
    net: &mut Net,
    trust: &Trust,
    url: &Url,
    hop: &mut Hop,
    shown: &mut Vec<Tls>,
) -> Result<Response, String> {
    let host = url.host_str().unwrap_or_default().to_ascii_lowercase();
    let https = url.scheme() == "https";
    let usual = if https {
        net.ports.https
    } else {
        net.ports.http
    };
    let port = url.port().unwrap_or(usual);
    let result = net
        .connect(&host, port)
        .map_err(|e| e.to_string())
        .and_then(|stream| {
            hop.address = Some(stream.address.ip().to_string());
            let mut stream = match https {
                false => Stream::Plain(stream),
                true => {
                    let (secured, mut tls) = secure(net, trust, stream, &host)?;
                    tls.port = url.port();
                    if !shown.iter().any(|t| t.is_of(&host, tls.port)) {
                        shown.push(tls);
                    }
                    Stream::Secured(Box::new(secured))
                }
            };
            exchange(&mut stream, url).map_err(|e| kind(&e))
        });
    hop.status = result.as_ref().ok().map(|r| r.status);
    net.asker.exchanges.push(Exchange {
        by: "http",
        question: format!("GET {url}"),
        server: hop.address.clone(),
        at: net.clock.now(),
        outcome: match &result {
            Ok(r) => format!("{}, {} bytes", r.status, r.body.len()),
            Err(e) => e.clone(),
        },
        sha256: result.as_ref().ok().map(|r| digest(&r.body)),
    });
    result
}

enum Stream {
    Plain(Timed),
    Secured(Box<Secured>),
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = match self {
            Self::Plain(s) => s.read(buffer),
            Self::Secured(s) => s.read(buffer),
        };
        match read {
            // Many servers close without saying so.
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => Ok(0),
            other => other,
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(s) => s.write(bytes),
            Self::Secured(s) => s.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Plain(s) => s.flush(),
            Self::Secured(s) => s.flush(),
        }
    }
}

fn exchange(stream: &mut Stream, url: &Url) -> std::io::Result<Response> {
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {AGENT}\r\nAccept: text/html, */*;q=0.5\r\n\
         Accept-Language: fr, en;q=0.5\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n"
    )?;
    stream.flush()?;
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 << 10];
    loop {
        if let Some((mut response, from)) = head(&bytes)? {
            let rest = bytes.split_off(from);
            (response.body, response.cut) = body(stream, &response, rest, &mut chunk)?;
            return Ok(response);
        }
        let n = stream.read(&mut chunk)?;
        if n == 0 || bytes.len() > MAX_HEAD {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        bytes.extend_from_slice(&chunk[..n]);
    }
}

/// The head of a response, and where its body starts; `None` while it is not whole.
pub fn head(bytes: &[u8]) -> std::io::Result<Option<(Response, usize)>> {
    let mut fields = [httparse::EMPTY_HEADER; 128];
    let mut parsed = httparse::Response::new(&mut fields);
    let status = httparse::ParserConfig::default()
        .allow_spaces_after_header_name_in_responses(true)
        .parse_response(&mut parsed, bytes);
    match status.map_err(|_| std::io::ErrorKind::InvalidData)? {
        httparse::Status::Partial => Ok(None),
        httparse::Status::Complete(from) => {
            let headers = parsed.headers.iter().map(|h| {
                let value = String::from_utf8_lossy(h.value).trim().to_owned();
                (h.name.to_ascii_lowercase(), value)
            });
            let response = Response {
                status: parsed.code.unwrap_or_default(),
                headers: headers.collect(),
                ..Response::default()
            };
            Ok(Some((response, from)))
        }
    }
}

/// The body as far as it is read, and whether it should be longer.
fn body(
    stream: &mut Stream,
    response: &Response,
    mut raw: Vec<u8>,
    chunk: &mut [u8],
) -> std::io::Result<(Vec<u8>, bool)> {
    let chunked = response
        .header("transfer-encoding")
        .is_some_and(|t| t.to_ascii_lowercase().contains("chunked"));
    let length = length(response).filter(|_| !chunked);
    // The frames of chunks are at most as long again as what they hold.
    let most = if chunked { 2 * MAX_BODY } else { MAX_BODY };
    let most = length.map_or(most, |l| l.min(most));
    while raw.len() < most {
        match stream.read(chunk)? {
            0 => break,
            n => raw.extend_from_slice(&chunk[..n]),
        }
    }
    let (mut body, ended) = match (chunked, length) {
        (true, _) => dechunk(&raw),
        (false, Some(length)) => (raw, length <= MAX_BODY),
        // It ends where the server hangs up.
        (false, None) => {
            let ended = raw.len() < most;
            (raw, ended)
        }
    };
    let cut = !ended || body.len() < length.unwrap_or(0) || body.len() > MAX_BODY;
    body.truncate(length.unwrap_or(MAX_BODY).min(MAX_BODY));
    Ok((body, cut))
}

/// How long a response says that its body is.
fn length(response: &Response) -> Option<usize> {
    digits(response.header("content-length")?)
}

/// The content of a chunked body, as far as it is well-formed, and whether its end came.
#[must_use]
pub fn dechunk(mut raw: &[u8]) -> (Vec<u8>, bool) {
    let mut body = Vec::new();
    while let Ok(httparse::Status::Complete((start, size))) = httparse::parse_chunk_size(raw) {
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        let rest = raw.get(start..).unwrap_or_default();
        let here = &rest[..size.min(rest.len())];
        body.extend_from_slice(here);
        // A line break stands after every chunk.
        raw = rest.get(size.saturating_add(2)..).unwrap_or_default();
        if size == 0 {
            return (body, true);
        }
        if body.len() >= MAX_BODY {
            break;
        }
    }
    (body, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks() {
        for (raw, body, ended) in [
            (
                "4\r\nWiki\r\n5;x=y\r\npedia\r\n0\r\n\r\n",
                "Wikipedia",
                true,
            ),
            ("4\r\nWiki\r\n", "Wiki", false),
            ("4\r\nWi", "Wi", false),
            ("ffffffffffffffff\r\nabc", "abc", false),
            ("zz", "", false),
        ] {
            assert_eq!(dechunk(raw.as_bytes()), (body.as_bytes().to_vec(), ended));
        }
    }

    #[test]
    fn a_length_is_digits_alone() {
        let said = |length: &str| {
            let text = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
            let (response, _) = head(text.as_bytes()).unwrap().unwrap();
            super::length(&response)
        };
        assert_eq!(said("12"), Some(12));
        assert_eq!(said("+12"), None);
        assert_eq!(said(""), None);
    }

    #[test]
    fn redirects_stay_on_the_web() {
        let at = Url::parse("https://a.example/x").unwrap();
        let to = |location: &str, status| {
            let headers = vec![("location".to_owned(), location.to_owned())];
            redirect(
                &Response {
                    status,
                    headers,
                    ..Response::default()
                },
                &at,
            )
            .map(String::from)
        };
        assert_eq!(to("/y", 302).as_deref(), Some("https://a.example/y"));
        assert_eq!(to("file:///etc/passwd", 302), None);
        assert_eq!(to("gopher://x/", 301), None);
        assert_eq!(to("/y", 200), None);
    }
}
