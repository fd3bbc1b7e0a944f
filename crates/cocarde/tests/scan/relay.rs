//! A relay in front of a server that writes down the names it is asked for.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// Names asked for, in order, in lower case.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    pub fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    pub fn names(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }

    fn note(&self, query: &[u8]) {
        let (mut at, mut name) = (12, String::new());
        while let Some(&n) = query.get(at).filter(|n| **n > 0) {
            let label = query
                .get(at + 1..at + 1 + usize::from(n))
                .unwrap_or_default();
            name.push_str(&String::from_utf8_lossy(label).to_lowercase());
            name.push('.');
            at += 1 + usize::from(n);
        }
        name.pop();
        self.0.lock().unwrap().push(name);
    }
}

/// Runs until dropped.
pub struct Relay {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Drop for Relay {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

impl Relay {
    pub fn start(front: SocketAddr, behind: SocketAddr, log: Log) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let udp = UdpSocket::bind(front).unwrap();
        let tcp = TcpListener::bind(front).unwrap();
        let (s, l) = (Arc::clone(&stop), log.clone());
        let datagrams = std::thread::spawn(move || relay_udp(&udp, behind, &l, &s));
        let s = Arc::clone(&stop);
        let streams = std::thread::spawn(move || relay_tcp(&tcp, behind, &log, &s));
        Self {
            stop,
            threads: vec![datagrams, streams],
        }
    }
}

fn relay_udp(front: &UdpSocket, behind: SocketAddr, log: &Log, stop: &AtomicBool) {
    let back = UdpSocket::bind("127.0.0.1:0").unwrap();
    back.connect(behind).unwrap();
    front
        .set_read_timeout(Some(Duration::from_millis(1)))
        .unwrap();
    back.set_read_timeout(Some(Duration::from_millis(1)))
        .unwrap();
    // Two clients at one time are one that was killed and its successor: the identifier
    // and the question together tell their answers apart.
    let mut asked: HashMap<Vec<u8>, SocketAddr> = HashMap::new();
    let mut buffer = [0; 4096];
    while !stop.load(Ordering::Relaxed) {
        while let Ok((n, client)) = front.recv_from(&mut buffer) {
            log.note(&buffer[..n]);
            asked.insert(key(&buffer[..n]), client);
            let _ = back.send(&buffer[..n]);
        }
        while let Ok(n) = back.recv(&mut buffer) {
            if let Some(client) = asked.remove(&key(&buffer[..n])) {
                let _ = front.send_to(&buffer[..n], client);
            }
        }
    }
}

fn key(message: &[u8]) -> Vec<u8> {
    let mut at = 12;
    while let Some(&n) = message.get(at).filter(|n| **n > 0) {
        at += 1 + usize::from(n);
    }
    let question = message.get(12..at + 5).unwrap_or_default();
    [message.get(..2).unwrap_or_default(), question].concat()
}

fn relay_tcp(front: &TcpListener, behind: SocketAddr, log: &Log, stop: &AtomicBool) {
    front.set_nonblocking(true).unwrap();
    while !stop.load(Ordering::Relaxed) {
        match front.accept() {
            // A client that went away is no fault of the relay.
            Ok((client, _)) => {
                let _ = exchange(client, behind, log);
            }
            Err(_) => std::thread::sleep(Duration::from_millis(2)),
        }
    }
}

fn exchange(mut client: TcpStream, behind: SocketAddr, log: &Log) -> std::io::Result<()> {
    client.set_nonblocking(false)?;
    client.set_read_timeout(Some(Duration::from_secs(1)))?;
    let query = read(&mut client)?;
    log.note(&query[2..]);
    let mut server = TcpStream::connect(behind)?;
    server.set_read_timeout(Some(Duration::from_secs(1)))?;
    server.write_all(&query)?;
    let answer = read(&mut server)?;
    client.write_all(&answer)
}

fn read(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut message = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut message)?;
    Ok([length.as_slice(), &message].concat())
}
