//! Connections to strangers' hosts: resolved by the given servers, every address judged,
//! and the connection made to the very address that was judged. A name is asked for once
//! in a measurement, so it has no second answer to lead elsewhere with; a redirect is a
//! new host, judged in its turn. No proxy of the environment is used.

use super::ask::{Asker, Data};
use super::evidence::Clock;
use crate::dns::message::Type;
use crate::safety::AddressFilter;
use serde::Serialize;
use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Addresses of one host that are tried at most.
const MAX_TRIES: usize = 3;

/// Ports of the services; others than the usual ones only for test worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// Of name servers asked directly.
    pub dns: u16,
    /// Of `http:`.
    pub http: u16,
    /// Of `https:`.
    pub https: u16,
    /// Of mail exchangers.
    pub smtp: u16,
}

impl Default for Ports {
    fn default() -> Self {
        Self {
            dns: 53,
            http: 80,
            https: 443,
            smtp: 25,
        }
    }
}

/// An address that was not touched.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Refusal {
    /// The host that led there.
    pub host: String,
    /// The address.
    pub address: String,
    /// Why: what the address is for.
    pub why: String,
}

/// Makes connections.
pub struct Net {
    /// Answers for names.
    pub asker: Asker,
    /// Judges addresses.
    pub filter: AddressFilter,
    /// Ports of the services.
    pub ports: Ports,
    /// Where the time of records comes from.
    pub clock: Clock,
    /// How long one connection may take, from its start to its end.
    pub patience: Duration,
    /// When the last connection of the measurement must have ended, however many hosts its
    /// target sends us to; `None`: only each connection is limited.
    pub until: Option<Instant>,
    /// Addresses that were not touched.
    pub refusals: BTreeSet<Refusal>,
}

/// Why no connection came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoWay {
    /// The name has no address.
    NoAddress,
    /// All its addresses are refused.
    Refused,
    /// Nobody answered.
    Unreachable(String),
}

impl std::fmt::Display for NoWay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoAddress => f.write_str("no address"),
            Self::Refused => f.write_str("address refused"),
            Self::Unreachable(why) => f.write_str(why),
        }
    }
}

impl Net {
    /// A host's addresses, IPv4 first; a literal address is its own.
    pub fn addresses(&mut self, host: &str) -> Vec<IpAddr> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse() {
            return vec![address];
        }
        let host = [host.to_owned()];
        let mut all = Vec::new();
        for qtype in [Type::A, Type::AAAA] {
            for found in self.asker.resolve(&host, qtype) {
                all.extend(found.data.into_iter().filter_map(|d| match d {
                    Data::Address(address) => Some(address),
                    _ => None,
                }));
            }
        }
        all
    }

    /// The addresses that may be touched; those that may not are noted.
    pub fn allowed(&mut self, host: &str, addresses: &[IpAddr]) -> Vec<IpAddr> {
        let mut allowed = Vec::new();
        for &address in addresses {
            match self.filter.refusal(address) {
                None => allowed.push(address),
                Some(why) => {
                    self.refusals.insert(Refusal {
                        host: host.to_owned(),
                        address: address.to_string(),
                        why: why.to_string(),
                    });
                }
            }
        }
        allowed
    }

    /// Connects to a host: judges its addresses, and connects to one that may be touched.
    ///
    /// # Errors
    /// [`NoWay`].
    pub fn connect(&mut self, host: &str, port: u16) -> Result<Timed, NoWay> {
        let all = self.addresses(host);
        if all.is_empty() {
            return Err(NoWay::NoAddress);
        }
        let allowed = self.allowed(host, &all);
        if allowed.is_empty() {
            return Err(NoWay::Refused);
        }
        let end = Instant::now() + self.patience;
        let end = self.until.map_or(end, |until| end.min(until));
        if end <= Instant::now() {
            return Err(NoWay::Unreachable("timed out".into()));
        }
        let mut last = String::new();
        for address in allowed.into_iter().take(MAX_TRIES) {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let address = SocketAddr::new(address, port);
            match TcpStream::connect_timeout(&address, left / 2 + Duration::from_millis(1)) {
                Ok(stream) => {
                    return Ok(Timed {
                        stream,
                        end,
                        address,
                    });
                }
                Err(e) => last = kind(&e),
            }
        }
        Err(NoWay::Unreachable(last))
    }
}

/// An error in words that do not change with the system's language.
pub fn kind(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::WouldBlock => std::io::ErrorKind::TimedOut.to_string(),
        other => other.to_string(),
    }
}

/// A connection that ends in time, whatever the other side does.
pub struct Timed {
    stream: TcpStream,
    end: Instant,
    /// Whom it reaches.
    pub address: SocketAddr,
}

impl Timed {
    /// The bare stream, for whoever keeps the time otherwise.
    pub(super) fn into_stream(self) -> TcpStream {
        self.stream
    }

    fn left(&self) -> std::io::Result<Duration> {
        let left = self.end.saturating_duration_since(Instant::now());
        match left.is_zero() {
            true => Err(std::io::ErrorKind::TimedOut.into()),
            false => Ok(left),
        }
    }
}

impl Read for Timed {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(buffer)
    }
}

impl Write for Timed {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.stream.flush()
    }
}
