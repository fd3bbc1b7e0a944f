//! A real browser, kept on a lead: it reaches the world only through a proxy of ours on
//! loopback, which resolves, judges and connects like every other measurement, and notes
//! each host that the page asks for.

use super::connect::Net;
use super::page::{Loaded, MAX_HOSTS};
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use url::Url;

/// How long a page may load.
const PATIENCE: Duration = Duration::from_secs(30);
/// The longest request head.
const MAX_HEAD: usize = 32 << 10;

/// The hosts that a page asks for when a browser shows it.
///
/// # Errors
/// One sentence: why the browser could not be run.
pub fn hosts(net: &mut Net, program: &Path, url: &Url) -> Result<Loaded, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|e| e.to_string())?;
    let proxy = listener.local_addr().map_err(|e| e.to_string())?;
    listener.set_nonblocking(true).map_err(|e| e.to_string())?;
    let profile = std::env::temp_dir().join(format!(
        "cocarde-page-{}-{}",
        std::process::id(),
        proxy.port()
    ));
    let mut child = start(program, &proxy.to_string(), &profile, url)?;
    let asked = serve(net, &listener, &mut child);
    let _ = child.kill();
    let _ = child.wait();
    let _ = std::fs::remove_dir_all(&profile);
    let mut loaded = Loaded::new();
    for host in asked {
        if loaded.len() < MAX_HOSTS {
            loaded.entry(host).or_default().insert("request");
        }
    }
    Ok(loaded)
}

fn start(program: &Path, proxy: &str, profile: &Path, url: &Url) -> Result<Child, String> {
    Command::new(program)
        .args(["--headless=new", "--disable-gpu", "--no-first-run"])
        // A browser started by root refuses its own sandbox.
        .args(
            nix::unistd::Uid::effective()
                .is_root()
                .then_some("--no-sandbox"),
        )
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ])
        .args([
            "--disable-extensions",
            "--disable-quic",
            "--ignore-certificate-errors",
        ])
        .args([
            "--disable-features=OptimizationHints,MediaRouter,Translate",
            "--dump-dom",
        ])
        .args(["--virtual-time-budget=8000", "--timeout=15000"])
        .arg(format!("--proxy-server=http://{proxy}"))
        .arg("--proxy-bypass-list=<-loopback>")
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(url.as_str())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| format!("{}: {e}", program.display()))
}

/// Serves the browser until it ends or the time is up; the hosts it asked for.
fn serve(net: &mut Net, listener: &TcpListener, child: &mut Child) -> Vec<String> {
    let end = Instant::now() + PATIENCE;
    let over = AtomicBool::new(false);
    let mut asked: Vec<String> = Vec::new();
    std::thread::scope(|scope| {
        while Instant::now() < end && matches!(child.try_wait(), Ok(None)) {
            let Ok((client, _)) = listener.accept() else {
                std::thread::sleep(Duration::from_millis(5));
                continue;
            };
            let Some((request, host, port, tunnel)) = request(&client) else {
                continue;
            };
            if !asked.contains(&host) {
                asked.push(host.clone());
            }
            let usual = if tunnel {
                net.ports.https
            } else {
                net.ports.http
            };
            let port = port.filter(|p| !matches!(p, 80 | 443)).unwrap_or(usual);
            let over = &over;
            if let Ok(upstream) = net.connect(&host, port) {
                scope.spawn(move || relay(client, upstream.into_stream(), &request, tunnel, over));
            }
        }
        over.store(true, Ordering::Relaxed);
        let _ = child.kill();
    });
    asked.sort();
    asked
}

/// The head of a request, the host and port it is for, and whether it asks for a tunnel.
fn request(mut client: &TcpStream) -> Option<(Vec<u8>, String, Option<u16>, bool)> {
    client.set_nonblocking(false).ok()?;
    client.set_read_timeout(Some(Duration::from_secs(2))).ok()?;
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
