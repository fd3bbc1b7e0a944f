//! The browser's only way to the world: a proxy on loopback that connects to no address
//! that was not judged.

use crate::measure::connect::Net;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use url::Url;

/// The longest request head.
const MAX_HEAD: usize = 32 << 10;
/// How long one read or write waits before it is asked whether it is over.
const PAUSE: Duration = Duration::from_millis(300);
/// Connections made for one page at most.
const MAX_CONNECTIONS: usize = 1000;

/// Serves the browser until it is over.
pub(super) fn serve(net: &mut Net, listener: &TcpListener, over: &AtomicBool) {
    let mut made = 0;
    std::thread::scope(|scope| {
        while !over.load(Ordering::Relaxed) {
            let Ok((client, _)) = listener.accept() else {
                std::thread::sleep(Duration::from_millis(5));
                continue;
            };
            let Some((request, wanted)) = request(&client, over) else {
                continue;
            };
            let (host, tunnel) = (wanted.host, wanted.tunnel);
            let port = match wanted.port {
                80 => net.ports.http,
                443 => net.ports.https,
                other => other,
            };
            made += 1;
            if made > MAX_CONNECTIONS {
                continue;
            }
            // Dropped without an answer where there is no way: the page sees a failure.
            if let Ok(upstream) = net.connect(&host, port) {
                scope.spawn(move || relay(client, upstream.into_stream(), &request, tunnel, over));
            }
        }
    });
}

/// The head of a request, and whom it is for.
fn request(mut client: &TcpStream, over: &AtomicBool) -> Option<(Vec<u8>, Wanted)> {
    client.set_nonblocking(false).ok()?;
    bounded(client)?;
    let mut head = Vec::new();
    let mut chunk = [0; 4096];
    while !head.windows(4).any(|w| w == b"\r\n\r\n") {
        let n = client.read(&mut chunk).ok()?;
        if n == 0 || head.len() > MAX_HEAD || over.load(Ordering::Relaxed) {
            return None;
        }
        head.extend_from_slice(&chunk[..n]);
    }
    let wanted = Wanted::read(&head)?;
    Some((head, wanted))
}

/// Whom a request to a proxy is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether it asks for a tunnel.
    pub tunnel: bool,
}

impl Wanted {
    /// Reads the first line of a request.
    #[must_use]
    pub fn read(head: &[u8]) -> Option<Self> {
        let line = String::from_utf8_lossy(head.split(|b| *b == b'\r').next()?).into_owned();
        let mut words = line.split(' ');
        let (method, target) = (words.next()?, words.next()?);
        let tunnel = method == "CONNECT";
        let url = match tunnel {
            true => Url::parse(&format!("https://{target}/")).ok()?,
            false => Url::parse(target).ok()?,
        };
        Some(Self {
            host: url.host_str()?.to_ascii_lowercase(),
            port: url.port_or_known_default()?,
            tunnel,
        })
    }
}

/// No call on the stream waits longer than [`PAUSE`].
fn bounded(stream: &TcpStream) -> Option<()> {
    stream.set_read_timeout(Some(PAUSE)).ok()?;
    stream.set_write_timeout(Some(PAUSE)).ok()
}

/// Hands bytes on both ways until one side ends, or it is over.
fn relay(
    mut client: TcpStream,
    mut upstream: TcpStream,
    request: &[u8],
    tunnel: bool,
    over: &AtomicBool,
) {
    if bounded(&client).and(bounded(&upstream)).is_none() {
        return;
    }
    let begun = match tunnel {
        true => hand_on(&mut client, b"HTTP/1.1 200 OK\r\n\r\n", over),
        false => hand_on(&mut upstream, &origin_form(request), over),
    };
    if begun.is_err() {
        return;
    }
    let (Ok(mut from_client), Ok(mut to_client)) = (client.try_clone(), client.try_clone()) else {
        return;
    };
    let Ok(mut to_upstream) = upstream.try_clone() else {
        return;
    };
    std::thread::scope(|scope| {
        scope.spawn(|| {
            copy(&mut from_client, &mut to_upstream, over);
            let _ = to_upstream.shutdown(Shutdown::Both);
        });
        copy(&mut upstream, &mut to_client, over);
        let _ = to_client.shutdown(Shutdown::Both);
    });
}

fn copy(from: &mut TcpStream, to: &mut TcpStream, over: &AtomicBool) {
    let mut chunk = [0; 16 << 10];
    while !over.load(Ordering::Relaxed) {
        match from.read(&mut chunk) {
            Ok(0) => return,
            Ok(n) if hand_on(to, &chunk[..n], over).is_err() => return,
            Ok(_) => {}
            Err(e) if waits(&e) => {}
            Err(_) => return,
        }
    }
}

/// Writes all, however slowly it is read, unless it is over.
fn hand_on(to: &mut TcpStream, mut bytes: &[u8], over: &AtomicBool) -> io::Result<()> {
    while !bytes.is_empty() {
        if over.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        match to.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => bytes = &bytes[n..],
            Err(e) if waits(&e) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

fn waits(e: &io::Error) -> bool {
    use io::ErrorKind::{Interrupted, TimedOut, WouldBlock};
    matches!(e.kind(), WouldBlock | TimedOut | Interrupted)
}

/// A request to a proxy as a server expects it: the path alone, one request a connection.
#[must_use]
pub fn origin_form(request: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(request);
    let mut lines = text.split("\r\n");
    let first = lines.next().unwrap_or_default();
    let mut words = first.split(' ');
    let method = words.next().unwrap_or("GET");
    let url = words.next().and_then(|u| Url::parse(u).ok());
    let path = url.map_or_else(
        || "/".to_owned(),
        |u| u[url::Position::BeforePath..url::Position::AfterQuery].to_owned(),
    );
    let mut out = format!("{method} {path} HTTP/1.1\r\n");
    for line in lines {
        let name = line.split(':').next().unwrap_or_default();
        if !matches!(
            &*name.to_ascii_lowercase(),
            "proxy-connection" | "connection"
        ) || line.is_empty()
        {
            out += line;
            out += "\r\n";
        }
        if line.is_empty() {
            break;
        }
    }
    // The blank line ends the head: the connection's fate goes before it.
    out.truncate(out.len().saturating_sub(2));
    out += "Connection: close\r\n\r\n";
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::mpsc::channel;

    /// Both ends of a connection on loopback.
    fn pair() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let near = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        (near, listener.accept().unwrap().0)
    }

    #[test]
    fn a_server_that_stops_reading_holds_nobody_up() {
        let ((mut browser, client), (upstream, _silent)) = (pair(), pair());
        let over = Arc::new(AtomicBool::new(false));
        let (done, ended) = channel();
        let told = over.clone();
        std::thread::spawn(move || {
            relay(client, upstream, b"", true, &told);
            done.send(())
        });
        // More than the buffers of both connections hold.
        std::thread::spawn(move || while browser.write_all(&[0; 1 << 16]).is_ok() {});
        assert!(ended.recv_timeout(Duration::from_secs(1)).is_err());
        over.store(true, Ordering::Relaxed);
        ended.recv_timeout(Duration::from_secs(10)).unwrap();
    }

    #[test]
    fn a_request_leads_to_the_port_it_names() {
        for (head, port, tunnel) in [
            ("CONNECT a.example:80 HTTP/1.1", 80, true),
            ("CONNECT a.example:443 HTTP/1.1", 443, true),
            ("CONNECT a.example:8443 HTTP/1.1", 8443, true),
            ("GET http://a.example/x HTTP/1.1", 80, false),
        ] {
            let (mut browser, client) = pair();
            write!(browser, "{head}\r\n\r\n").unwrap();
            let (_, read) = request(&client, &AtomicBool::new(false)).unwrap();
            assert_eq!(
                (&*read.host, read.port, read.tunnel),
                ("a.example", port, tunnel),
                "{head}"
            );
        }
    }
}
