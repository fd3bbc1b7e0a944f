//! `cocarde probe`

mod unmeasured;

use super::address_data;
use super::format::Format;
use crate::seal;
use crate::ui::{Message, Ui};
use cocarde_knowledge::operators::Operators;
use cocarde_model::{Sources, Text};
use cocarde_probe::dns::fresh_seed;
use cocarde_probe::measure::ask::Asker;
use cocarde_probe::measure::connect::{Net, Ports};
use cocarde_probe::measure::evidence::Clock;
use cocarde_probe::measure::networks::Networks;
use cocarde_probe::measure::tls::Trust;
use cocarde_probe::measure::{Record, Wishes, measure};
use cocarde_probe::report;
use cocarde_probe::safety::AddressFilter;
use cocarde_report::{Lang, inert};
use jiff::Timestamp;
use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};
pub use unmeasured::Unmeasured;

/// How long one measurement may go on connecting.
const WHOLE: Duration = Duration::from_secs(90);

/// Measure domains from outside: mail, names, site, and who stands behind each.
#[derive(clap::Args)]
pub struct Args {
    /// Domains to measure.
    #[arg(required_unless_present = "dossier", conflicts_with = "dossier")]
    domains: Vec<String>,
    /// Measure all names of a dossier, and keep what was found in its `measurements/`.
    #[arg(long, value_name = "DIR")]
    dossier: Option<PathBuf>,
    /// Resolver to ask (several allowed); the system's otherwise.
    #[arg(long, value_name = "ADDR:PORT")]
    resolver: Vec<SocketAddr>,
    /// Networks of addresses (several allowed): an MMDB file, a table of ranges, or `asn`,
    /// a free table that is fetched on first use with its licence shown (`asn@VERSION`).
    #[arg(long, value_name = "FILE|NAME")]
    asn: Vec<PathBuf>,
    /// Where tables that were fetched are kept; the user's cache otherwise.
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
    /// Directory of operators to use instead of those that ship.
    #[arg(long, value_name = "DIR")]
    operators: Option<PathBuf>,
    /// Read what mail exchangers say first (connects to them).
    #[arg(long)]
    banner: bool,
    /// Have a browser show the page too, so that what its scripts call is seen (Chromium or
    /// its like; `chromium` by default).
    #[arg(long, value_name = "PROGRAM", num_args = 0..=1, require_equals = true, default_missing_value = "chromium")]
    browser: Option<PathBuf>,
    /// Allow loopback addresses, and nothing else that is special: for tests.
    #[arg(long)]
    test_world: bool,
    /// Ports of DNS, HTTP, HTTPS and SMTP in a test world.
    #[arg(long, requires = "test_world", num_args = 4, value_names = ["DNS", "HTTP", "HTTPS", "SMTP"])]
    ports: Option<Vec<u16>>,
    /// A certification authority to trust in a test world (DER).
    #[arg(long, requires = "test_world", value_name = "FILE")]
    authority: Option<PathBuf>,
    /// Write this time into records instead of the present one.
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// Form of the answer; `json` is one record a line.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let probe = Probe::new(&args, ui)?;
    if let Some(dir) = &args.dossier {
        return super::probe_dossier::run(dir, &probe, ui);
    }
    if args.format == Format::Html && args.domains.len() > 1 {
        return Err(ui.error(
            "une page ne montre qu'un domaine à la fois",
            "a page shows one domain at a time",
        ));
    }
    for domain in &args.domains {
        let record = probe
            .measure(domain)
            .map_err(|why| ui.defects(&[why.error(domain)], &Sources::default()))?;
        print!("{}", shown(&record, args.format, ui));
    }
    Ok(0)
}

fn shown(record: &Record, format: Format, ui: &Ui) -> String {
    let lang = match ui.lang {
        Lang::En => report::Lang::En,
        Lang::Fr => report::Lang::Fr,
    };
    match format {
        Format::Text => inert(&report::terminal(record, lang, ui.width)) + "\n",
        Format::Html => report::page(record, lang) + "\n",
        Format::Json => serde_json::to_string(record).unwrap_or_default() + "\n",
    }
}

/// What measuring needs, made once.
pub struct Probe {
    resolvers: Vec<SocketAddr>,
    filter: AddressFilter,
    ports: Ports,
    clock: Clock,
    trust: Trust,
    networks: Networks,
    operators: Option<Operators>,
    wishes: Wishes,
}

impl Probe {
    fn new(args: &Args, ui: &Ui) -> Result<Self, Message> {
        let resolvers = match args.resolver.is_empty() {
            true => system_resolvers(),
            false => args.resolver.clone(),
        };
        if resolvers.is_empty() {
            return Err(ui.error(
                "aucun résolveur dans /etc/resolv.conf ; en donner un par --resolver ADRESSE:PORT",
                "no resolver in /etc/resolv.conf; give one with --resolver ADDR:PORT",
            ));
        }
        let mut networks = Networks::default();
        for given in &args.asn {
            for file in address_data::files(given, args.cache.as_deref(), ui)? {
                networks.add(&file).map_err(|e| ui.error(&e, &e))?;
            }
        }
        let operators = args.operators.as_ref().map(|dir| {
            Operators::read_dir(dir).map_err(|e| ui.defects(&e.diagnostics, &e.sources))
        });
        let authority = args.authority.iter().map(|file| seal::read(file, ui));
        let authority: Vec<Vec<u8>> = authority.collect::<Result<_, _>>()?;
        let trust = Trust::new(&authority);
        Ok(Self {
            resolvers,
            filter: AddressFilter {
                test_world: args.test_world,
            },
            ports: ports(args.ports.as_deref()),
            clock: args.at.map_or(Clock::System, Clock::Fixed),
            trust: trust.map_err(|e| ui.error(&e, &e))?,
            networks,
            operators: operators.transpose()?,
            wishes: Wishes {
                banner: args.banner,
                browser: args.browser.clone(),
            },
        })
    }

    /// A domain as it is asked for; else why it cannot be.
    pub fn domain(text: &str) -> Result<String, Unmeasured> {
        cocarde_probe::measure::domain(text).map_err(|why| Unmeasured::no_domain(text, &why))
    }

    /// Measures one domain; else says why not.
    pub fn measure(&self, domain: &str) -> Result<Record, Unmeasured> {
        let domain = Self::domain(domain)?;
        let seed = fresh_seed().map_err(|e| Unmeasured::no_seed(no_seed(&e)))?;
        let mut net = Net {
            asker: Asker::new(self.resolvers.clone(), true, self.clock, seed),
            filter: self.filter,
            ports: self.ports,
            clock: self.clock,
            patience: Duration::from_secs(10),
            until: Some(Instant::now() + WHOLE),
            refusals: BTreeSet::new(),
        };
        let operators = self.operators();
        let record = measure(
            &mut net,
            &domain,
            &self.trust,
            &self.networks,
            operators,
            &self.wishes,
        );
        match net.asker.answers() {
            true => Ok(record),
            false => Err(Unmeasured::silent(&self.resolvers)),
        }
    }

    /// The operators in use.
    pub fn operators(&self) -> &Operators {
        self.operators
            .as_ref()
            .unwrap_or_else(|| Operators::standard())
    }
}

/// What the system says where it gives no seed for the numbers of queries.
pub fn no_seed(why: &str) -> Text {
    Text {
        fr: format!("le système ne donne pas de nombres aléatoires, rien n'est demandé : {why}"),
        en: format!("the system gives no random numbers, nothing is asked: {why}"),
    }
}

fn ports(given: Option<&[u16]>) -> Ports {
    match given {
        Some(&[dns, http, https, smtp]) => Ports {
            dns,
            http,
            https,
            smtp,
        },
        _ => Ports::default(),
    }
}

/// The resolvers that the system is told to use.
fn system_resolvers() -> Vec<SocketAddr> {
    let text = std::fs::read_to_string("/etc/resolv.conf").unwrap_or_default();
    let address = |line: &str| {
        let rest = line.trim().strip_prefix("nameserver")?;
        Some(SocketAddr::new(rest.trim().parse().ok()?, 53))
    };
    text.lines().filter_map(address).take(3).collect()
}
