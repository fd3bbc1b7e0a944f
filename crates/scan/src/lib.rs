//! Measures a list of domains: millions of them, one pass, shared hosts asked once.
//!
//! A directory holds a scan: `scan.json` says what it is, `evidence.jsonl` grows by one
//! line for each finished subject, and when all are finished `answers.parquet` and
//! `manifest.json` are made from them. A run that was killed goes on from the evidence.
//! While a run is under way no other is let into the directory.

mod claim;
pub mod config;
pub mod evidence;
mod finish;
mod follow;
mod list;
pub mod manifest;
mod mistake;
mod plan;
pub mod table;

pub use config::Config;
pub use manifest::Manifest;
pub use mistake::Mistake;
pub use plan::Progress;

use claim::{lock, unclaimed};
use cocarde_probe::dns::drive::drive;
use cocarde_probe::dns::engine::{Engine, Ports, Settings, Stats};
use cocarde_probe::dns::message::Type;
use cocarde_probe::dns::order::Order;
use cocarde_probe::dns::resolve::{Iteration, Resolver};
use cocarde_probe::dns::socket::Sockets;
use cocarde_probe::safety::{AddressFilter, Special};
use evidence::{Evidence, Line, Role, Text, hex};
use follow::Followed;
use list::List;
use manifest::{Begun, Identity};
use plan::{Lines, Parts, Plan};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Sockets per resolver.
const PER_RESOLVER: u16 = 4;
/// Sockets per address family when going down from the root.
const SHARED: u16 = 16;
/// Windows start so large.
const FIRST_WINDOW: u32 = 32;

/// The longest `scan.json` read back, in octets.
const MAX_IDENTITY: u64 = 16 << 20;

/// What to scan.
pub struct Options<'a> {
    /// The list of domains.
    pub list: &'a Path,
    /// The directory of results, made if it is not there.
    pub out: &'a Path,
    /// Whom to ask; nobody to go down from the root.
    pub resolvers: &'a [SocketAddr],
    /// Whether loopback addresses may be asked.
    pub test_world: bool,
    /// The configuration.
    pub config: Config,
    /// From the operating system's randomness outside of tests: identifiers that keep
    /// forged answers out are drawn from it.
    pub seed: [u8; 32],
    /// The time, in milliseconds since 1970.
    pub clock: &'a dyn Fn() -> i64,
}

/// Why a scan could not be done.
#[derive(Debug)]
pub enum ScanError {
    /// The system refused something about a file.
    Io(PathBuf, io::Error),
    /// The configuration cannot be used.
    Config(Mistake),
    /// The address of a resolver or root server may not be asked.
    Refused(SocketAddr, Special),
    /// The directory holds another scan; what differs.
    OtherScan(PathBuf, &'static str),
    /// Another run is writing to the directory.
    Busy(PathBuf),
    /// A file of results in a directory that does not say of which scan it is.
    Unclaimed(PathBuf),
    /// The table could not be written.
    Table(parquet::errors::ParquetError),
}

impl ScanError {
    fn io(path: &Path, error: io::Error) -> Self {
        Self::Io(path.to_path_buf(), error)
    }
}

impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Config(why) => write!(f, "{why}"),
            Self::Refused(addr, special) => write!(
                f,
                "{addr} is a {special} address: only test worlds may ask loopback addresses"
            ),
            Self::OtherScan(path, what) => write!(
                f,
                "{} holds another scan (other {what}): choose another directory",
                path.display()
            ),
            Self::Busy(path) => write!(
                f,
                "another run is writing to {}: wait for its end, or choose another directory",
                path.display()
            ),
            Self::Unclaimed(path) => write!(
                f,
                "{} is there, and no {} says of which scan: choose another directory",
                path.display(),
                manifest::IDENTITY
            ),
            Self::Table(error) => write!(f, "{}: {error}", table::FILE),
        }
    }
}

impl std::error::Error for ScanError {}

/// Scans, or goes on with a scan that was stopped; tells `progress` where it stands.
///
/// # Errors
/// [`ScanError`].
pub fn run(
    options: Options<'_>,
    progress: &mut dyn FnMut(Progress),
) -> Result<Manifest, ScanError> {
    let Options { config, out, .. } = &options;
    check_addresses(&options)?;
    let list = List::open(options.list).map_err(|e| ScanError::io(options.list, e))?;
    fs::create_dir_all(out).map_err(|e| ScanError::io(out, e))?;
    let _ours = lock(out)?;
    let begun = begin(&options, &list)?;
    let path = out.join(evidence::FILE);
    let (mut list, stats) = ask(&options, list, &path, progress)?;
    let table = out.join(table::FILE);
    let unfinished = out.join("answers.parquet.part");
    let (counts, evidence) = finish::write(&mut list, config, &path, &unfinished)?;
    fs::rename(&unfinished, &table).map_err(|e| ScanError::io(&table, e))?;
    let files = BTreeMap::from([
        (evidence::FILE, hex(&evidence)),
        (table::FILE, digest(&table)?),
    ]);
    let manifest = Manifest {
        version: env!("CARGO_PKG_VERSION"),
        begun,
        finished: shown((options.clock)()),
        config: config.clone(),
        last_run: stats.into(),
        counts,
        files,
    };
    write_json(&out.join(manifest::FILE), &manifest)?;
    Ok(manifest)
}

fn check_addresses(options: &Options<'_>) -> Result<(), ScanError> {
    let filter = filter(options);
    let asked = match options.resolvers {
        [] => options.config.iteration.root.as_slice(),
        resolvers => resolvers,
    };
    for addr in asked {
        if let Some(special) = filter.refusal(addr.ip()) {
            return Err(ScanError::Refused(*addr, special));
        }
    }
    Ok(())
}

fn filter(options: &Options<'_>) -> AddressFilter {
    AddressFilter {
        test_world: options.test_world,
    }
}

/// Says what the directory holds, or checks that it holds this scan.
fn begin(options: &Options<'_>, list: &List) -> Result<Begun, ScanError> {
    let identity = Identity {
        list_sha256: hex(&list.digest()),
        list_lines: list.lines(),
        questions: options.config.questions.clone(),
        resolvers: options.resolvers.to_vec(),
        test_world: options.test_world,
    };
    let path = options.out.join(manifest::IDENTITY);
    if !path.exists() {
        unclaimed(options.out)?;
        let begun = Begun {
            version: env!("CARGO_PKG_VERSION").into(),
            started: shown((options.clock)()),
            identity,
        };
        write_json(&path, &begun)?;
        return Ok(begun);
    }
    let text = read_within(&path, MAX_IDENTITY).map_err(|e| ScanError::io(&path, e))?;
    let begun: Begun = serde_json::from_slice(&text).map_err(|e| ScanError::io(&path, e.into()))?;
    let there = &begun.identity;
    let other = [
        (there.list_sha256 != identity.list_sha256, "list"),
        (there.questions != identity.questions, "questions"),
        (there.resolvers != identity.resolvers, "resolvers"),
        (there.test_world != identity.test_world, "world"),
    ];
    match other.iter().find(|(differs, _)| *differs) {
        Some((_, what)) => Err(ScanError::OtherScan(options.out.to_path_buf(), what)),
        None => Ok(begun),
    }
}

/// Reads a file of at most `limit` octets.
fn read_within(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    match bytes.len() as u64 > limit {
        true => Err(io::ErrorKind::FileTooLarge.into()),
        false => Ok(bytes),
    }
}

fn ask(
    options: &Options<'_>,
    list: List,
    path: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<(List, Stats), ScanError> {
    let config = &options.config;
    let failed = |e| ScanError::io(path, e);
    let (mut finished, mut followed) = (Lines::default(), Followed::default());
    let lines = list.lines();
    let evidence = Evidence::open(path, |at, line| {
        let read = replay(config, line, lines, &mut finished, &mut followed);
        read.map_err(|e| io::Error::new(e.kind(), format!("at octet {at}: {e}")))
    })
    .map_err(failed)?;
    let (mut engine, mut sockets, resolver) = network(options)?;
    let seed = u64::from_le_bytes(list.digest().first_chunk().copied().unwrap_or_default());
    let parts = Parts {
        order: Order::new(list.lines(), seed),
        list,
        resolver,
        evidence,
        finished,
        followed,
        validating: !options.resolvers.is_empty(),
        clock: options.clock,
        progress,
    };
    let mut plan = Plan::new(config, parts).map_err(ScanError::Config)?;
    drive(&mut engine, &mut sockets, &mut plan);
    let list = plan.finish().map_err(failed)?;
    Ok((list, engine.stats()))
}

/// Learns from a line of evidence what is done and what it led to.
fn replay(
    config: &Config,
    line: &[u8],
    lines: u32,
    finished: &mut Lines,
    followed: &mut Followed,
) -> io::Result<()> {
    let line: Line<'_> = serde_json::from_slice(line)?;
    let key = match (line.role, line.line) {
        (Role::Domain, Some(number)) if number >= lines => {
            let why = format!("line {number} of a list of {lines}; remove this line of evidence");
            return Err(io::Error::new(io::ErrorKind::InvalidData, why));
        }
        (Role::Domain, Some(number)) => {
            finished.insert(number);
            number
        }
        (role, _) => {
            let index = followed.index(role, &line.subject);
            followed.done(index);
            index
        }
    };
    let own = line.answers.iter().filter(|a| a.name == line.subject);
    for said in own.filter(|_| line.role != Role::Host) {
        if let Some(qtype) = Type::from_mnemonic(&said.qtype) {
            let records = said.records.iter().map(Text::as_str);
            followed.lead(&config.questions, line.role, key, qtype, records);
        }
    }
    Ok(())
}

fn network(options: &Options<'_>) -> Result<(Engine, Sockets, Resolver), ScanError> {
    let pace = &options.config.pace;
    let limit = |n: u32| (n > 0).then_some(n);
    let mut settings = Settings {
        timeouts: pace.timeouts_ms.iter().map(|t| t * 1000).collect(),
        window: FIRST_WINDOW.min(pace.window),
        largest_window: pace.window,
        slots: pace.in_hand,
        rate: limit(pace.per_server),
        operator_rate: limit(pace.per_operator),
        ..Settings::default()
    };
    let failed = |e| ScanError::io(Path::new("UDP"), e);
    if !options.resolvers.is_empty() {
        let sockets = Sockets::connected(options.resolvers, PER_RESOLVER).map_err(failed)?;
        let ports = Ports::Connected(PER_RESOLVER);
        let engine = Engine::new(settings, ports, options.resolvers, options.seed);
        return Ok((engine, sockets, Resolver::forwarding()));
    }
    settings.query.recursion = false;
    let from = &options.config.iteration;
    let v6 = if from.ipv6 { SHARED } else { 0 };
    let sockets = Sockets::shared(SHARED, v6).map_err(failed)?;
    let engine = Engine::new(settings, Ports::Shared(SHARED, v6), &[], options.seed);
    let resolver = Resolver::iterating(Iteration {
        hints: from.root.clone(),
        port: from.port,
        ipv6: from.ipv6,
        filter: filter(options),
    });
    Ok((engine, sockets, resolver))
}

fn write_json(path: &Path, value: &impl serde::Serialize) -> Result<(), ScanError> {
    let failed = |e: io::Error| ScanError::io(path, e);
    let mut text = serde_json::to_vec_pretty(value).map_err(|e| failed(e.into()))?;
    text.push(b'\n');
    let part = path.with_extension("json.part");
    fs::write(&part, text).map_err(failed)?;
    fs::rename(&part, path).map_err(failed)
}

fn digest(path: &Path) -> Result<String, ScanError> {
    let failed = |e| ScanError::io(path, e);
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path).map_err(failed)?, &mut hash).map_err(failed)?;
    Ok(hex(&hash.finalize()))
}

fn shown(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds).map_or_else(
        |_| milliseconds.to_string(),
        |t| t.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    )
}
