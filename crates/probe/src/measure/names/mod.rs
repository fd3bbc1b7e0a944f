//! What the DNS says of a domain: its servers, its mail, its site, what vouches for it.

mod records;
mod senders;
mod servers;
mod versions;

use super::ask::Asker;
use super::connect::Net;
use crate::attribution::Alias;
use crate::dns::message::Type;
use records::{clients, dkim, exchangers, lossy, others, texts};
use senders::senders;
use serde::{Deserialize, Serialize};
use servers::name_servers;
use std::collections::BTreeSet;
use std::net::IpAddr;
use versions::{is_dmarc, is_mta_sts, is_tls_rpt, only};

pub use records::hosts;
pub use versions::dmarc_policy;

/// Hosts of one kind followed at most.
pub const MAX_HOSTS: usize = 32;
const SELECTORS: &str = include_str!("../../../../../knowledge/dkim-selectors.toml");

/// A host with its aliases and addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Host {
    /// The name.
    pub name: String,
    /// Names that it stands for, one after the other.
    pub aliases: Vec<String>,
    /// The aliases lead in a circle or too far.
    pub endless: bool,
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
}

/// A name server of the domain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NameServer {
    /// The host.
    pub host: Host,
    /// Why it does not answer for the domain (a «lame» delegation); `None`: it does.
    pub lame: Option<String>,
}

/// A mail exchanger.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Exchanger {
    /// The lower, the earlier it is tried.
    pub preference: u16,
    /// The host.
    pub host: Host,
    /// What it says first to whoever connects; asked only where told so.
    pub banner: Option<String>,
}

/// Who may send in the domain's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Senders {
    /// The record.
    pub record: String,
    /// Names it includes or redirects to, directly or not.
    pub names: Vec<String>,
    /// Questions a receiver must ask; more than ten void it.
    pub lookups: usize,
    /// What receivers will object to.
    pub problems: Vec<Said>,
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Said {
    /// French.
    pub fr: String,
    /// English.
    pub en: String,
}

/// A DKIM selector that is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Selector {
    /// The selector.
    pub selector: String,
    /// Where it is delegated to.
    pub target: Option<String>,
    /// Whether a key was found.
    pub key: bool,
}

/// What the DNS says of a domain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Names {
    /// The answer for the domain itself: `NOERROR`, `NXDOMAIN`…; `None`: nobody answered.
    pub status: Option<&'static str>,
    /// Whether the resolver vouches for its signatures.
    pub signed: bool,
    /// Start of authority.
    pub soa: Option<String>,
    /// Its name servers.
    pub ns: Vec<NameServer>,
    /// Its mail exchangers, most preferred first.
    pub mx: Vec<Exchanger>,
    /// It says that it takes no mail (RFC 7505).
    pub null_mx: bool,
    /// TXT records.
    pub txt: Vec<String>,
    /// Who may send in its name.
    pub spf: Option<Senders>,
    /// The DMARC record.
    pub dmarc: Option<String>,
    /// The MTA-STS record.
    pub mta_sts: Option<String>,
    /// The TLSRPT record.
    pub tls_rpt: Option<String>,
    /// Names with several records of the last three where one is allowed: none counts.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub several: BTreeSet<String>,
    /// Who may issue certificates.
    pub caa: Vec<String>,
    /// Signers that the zone above knows.
    pub ds: Vec<String>,
    /// DKIM selectors of large services that are there.
    pub dkim: Vec<Selector>,
    /// Where mail clients are sent: `autodiscover`, SRV.
    pub clients: Vec<Alias>,
    /// The domain and `www`, those that have an address.
    pub site: Vec<Host>,
    /// Questions that got no usable answer: what they were about is not known, rather than
    /// not there.
    pub unanswered: BTreeSet<String>,
}

impl Names {
    /// Whether it is known what there is, or that there is nothing, for a name and type.
    #[must_use]
    pub fn knows(&self, name: &str, qtype: Type) -> bool {
        !self.unanswered.contains(&format!("{name} {qtype}"))
    }
}

#[derive(Deserialize)]
struct Selectors {
    selectors: Vec<String>,
}

fn selectors() -> Vec<String> {
    let read: Result<Selectors, _> = toml::from_str(SELECTORS);
    read.map(|s| s.selectors).unwrap_or_default()
}

/// Asks everything about a domain.
pub fn measure(net: &mut Net, domain: &str) -> Names {
    let asker = &mut net.asker;
    ask_first(asker, domain);
    let texts = texts(asker, domain);
    let mut several = BTreeSet::new();
    let mut only =
        |asker: &mut Asker, at, is| only(asker, &format!("{at}.{domain}"), is, &mut several);
    let (dmarc, mta_sts, tls_rpt) = (
        only(asker, "_dmarc", is_dmarc),
        only(asker, "_mta-sts", is_mta_sts),
        only(asker, "_smtp._tls", is_tls_rpt),
    );
    let (null_mx, mx) = exchangers(asker, domain);
    let mut names = Names {
        status: asker.reply(domain, Type::SOA).and_then(|r| r.status),
        signed: asker.reply(domain, Type::SOA).is_some_and(|r| r.authentic),
        soa: others(asker, domain, Type::SOA).into_iter().next(),
        null_mx,
        mx,
        spf: senders(asker, domain, &texts),
        txt: texts.iter().map(|t| lossy(t)).collect(),
        dmarc,
        mta_sts,
        tls_rpt,
        several,
        caa: others(asker, domain, Type::CAA),
        ds: others(asker, domain, Type::DS),
        dkim: dkim(asker, domain),
        clients: clients(asker, domain),
        site: hosts(asker, &[domain.to_owned(), format!("www.{domain}")]),
        ns: Vec::new(),
        unanswered: BTreeSet::new(),
    };
    for mx in &names.mx {
        net.allowed(&mx.host.name, &mx.host.addresses);
    }
    names.site.retain(|h| !h.addresses.is_empty() || h.endless);
    names.ns = name_servers(net, domain);
    names.unanswered = net.asker.unanswered();
    names
}

/// The first round: what the domain's name alone leads to.
fn ask_first(asker: &mut Asker, domain: &str) {
    let mut first: Vec<(String, Type)> = Vec::new();
    for qtype in [
        Type::SOA,
        Type::NS,
        Type::MX,
        Type::TXT,
        Type::CAA,
        Type::DS,
        Type::A,
        Type::AAAA,
    ] {
        first.push((domain.to_owned(), qtype));
    }
    for name in ["_dmarc", "_mta-sts", "_smtp._tls"] {
        first.push((format!("{name}.{domain}"), Type::TXT));
    }
    for name in SERVICES {
        first.push((format!("{name}.{domain}"), Type::SRV));
    }
    for selector in selectors() {
        first.push((format!("{selector}._domainkey.{domain}"), Type::TXT));
    }
    first.push((format!("autodiscover.{domain}"), Type::A));
    first.push((format!("www.{domain}"), Type::A));
    first.push((format!("www.{domain}"), Type::AAAA));
    asker.ask(&first);
}

/// Services by which mail clients find their server (RFC 6186, and Microsoft's).
const SERVICES: [&str; 4] = [
    "_autodiscover._tcp",
    "_imaps._tcp",
    "_submission._tcp",
    "_submissions._tcp",
];
