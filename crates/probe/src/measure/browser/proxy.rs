//! The browser's only way to the world: a proxy on loopback that connects to no address
//! that was not judged.

use crate::measure::connect::Net;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use url::Url;

/// The longest request head.
const MAX_HEAD: usize = 32 << 10;
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
            let Some((request, host, port, tunnel)) = request(&client) else {
                continue;
            };
            let usual = if tunnel {
                net.ports.https
            } else {
                net.ports.http
            };
            let port = port.filter(|p| !matches!(p, 80 | 443)).unwrap_or(usual);
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

/// The head of a request, the host and port it is for, and whether it asks for a tunnel.
fn request(mut client: &TcpStream) -> Option<(Vec<u8>, String, Option<u16>, bool)> {
    client.set_nonblocking(false).ok()?;
    client
        .set_read_timeout(Some(Duration::from_millis(300)))
        .ok()?;
    let mut head = Vec::new();
    let mut chunk = [0; 4096];
    while !head.windows(4).any(|w| w == b"\r\n\r\n") {
        let n = client.read(&mut chunk).ok()?;
        if n == 0 || head.len() > MAX_HEAD {
            return None;
        }
        head.extend_from_slice(&chunk[..n]);
    }
    let line = String::from_utf8_lossy(head.split(|b| *b == b'\r').next()?).into_owned();
    let mut words = line.split(' ');
    let (method, target) = (words.next()?, words.next()?);
    let tunnel = method == "CONNECT";
    let url = match tunnel {
        true => Url::parse(&format!("https://{target}/")).ok()?,
        false => Url::parse(target).ok()?,
    };
    let host = url.host_str()?.to_ascii_lowercase();
    Some((head, host, url.port_or_known_default(), tunnel))
}

/// Hands bytes on both ways until one side ends.
fn relay(
    mut client: TcpStream,
    mut upstream: TcpStream,
    request: &[u8],
    tunnel: bool,
    over: &AtomicBool,
) {
    let begun = match tunnel {
        true => client.write_all(b"HTTP/1.1 200 OK\r\n\r\n"),
        false => upstream.write_all(&origin_form(request)),
    };
    let pause = Some(Duration::from_millis(200));
    let set = |s: &TcpStream| s.set_read_timeout(pause).is_ok();
    if begun.is_err() || !set(&client) || !set(&upstream) {
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
            Ok(n) if to.write_all(&chunk[..n]).is_err() => return,
            Ok(_) => {}
            Err(e)
                if matches!(
                    e.kind(),
                    std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut
                ) => {}
            Err(_) => return,
        }
    }
}

/// A request to a proxy as a server expects it: the path alone, one request a connection.
fn origin_form(request: &[u8]) -> Vec<u8> {
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
