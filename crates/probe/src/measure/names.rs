//! What the DNS says of a domain: its servers, its mail, its site, what vouches for it.

use super::ask::{Asker, Data, Reply, Resolved, clean};
use super::connect::Net;
use crate::attribution::Alias;
use crate::dns::message::Type;
use crate::spf::{Graph, Known, Problem, is_spf};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

/// Hosts of one kind followed at most.
pub const MAX_HOSTS: usize = 32;
/// Rounds of includes at most; each asks all names then known.
const SPF_ROUNDS: usize = 12;
const SELECTORS: &str = include_str!("../../../../knowledge/dkim-selectors.toml");

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

fn said(problem: &Problem) -> Said {
    let fr = match problem {
        Problem::NoRecord(d) => format!("{d} n'a pas d'enregistrement SPF"),
        Problem::SeveralRecords(d) => format!("{d} a plusieurs enregistrements SPF"),
        Problem::Syntax(d, why) => format!("l'enregistrement de {d} est illisible : {why}"),
        Problem::Loop(d) => format!("{d} mène à lui-même"),
        Problem::TooManyLookups(n) => {
            format!("{n} questions au DNS, les destinataires s'arrêtent à 10")
        }
        Problem::TooManyVoid(n) => {
            format!("{n} questions sans réponse utile, les destinataires s'arrêtent à 2")
        }
        Problem::Failed(d) => format!("{d} n'a pas répondu"),
        Problem::Macro(t) => format!("{t} dépend du message"),
        Problem::TooManyRecords => "plus de 64 enregistrements".to_owned(),
    };
    Said {
        fr,
        en: problem.to_string(),
    }
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
    let (null_mx, mx) = exchangers(asker, domain);
    let mut names = Names {
        status: asker.reply(domain, Type::SOA).and_then(|r| r.status),
        signed: asker.reply(domain, Type::SOA).is_some_and(|r| r.authentic),
        soa: others(asker, domain, Type::SOA).into_iter().next(),
        null_mx,
        mx,
        spf: senders(asker, domain, &texts),
        txt: texts.iter().map(|t| lossy(t)).collect(),
        dmarc: tagged(asker, &format!("_dmarc.{domain}"), "v=DMARC1"),
        mta_sts: tagged(asker, &format!("_mta-sts.{domain}"), "v=STSv1"),
        tls_rpt: tagged(asker, &format!("_smtp._tls.{domain}"), "v=TLSRPTv1"),
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

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn one(asker: &mut Asker, name: &str, qtype: Type) -> Resolved {
    asker
        .resolve(&[name.to_owned()], qtype)
        .pop()
        .unwrap_or_default()
}

fn texts(asker: &mut Asker, name: &str) -> Vec<Vec<u8>> {
    let data = one(asker, name, Type::TXT).data.into_iter();
    let mut texts: Vec<_> = data
        .filter_map(|d| match d {
            Data::Text(text) => Some(text),
            _ => None,
        })
        .collect();
    texts.sort();
    texts
}

fn tagged(asker: &mut Asker, name: &str, tag: &str) -> Option<String> {
    let all = texts(asker, name);
    all.iter().map(|t| lossy(t)).find(|t| t.starts_with(tag))
}

fn others(asker: &mut Asker, name: &str, qtype: Type) -> Vec<String> {
    let reply = asker.reply(name, qtype);
    let records = reply.map(|r| r.records.as_slice()).unwrap_or_default();
    let mut all: Vec<_> = records
        .iter()
        .filter(|(_, t, _)| *t == qtype)
        .filter_map(|(_, _, d)| match d {
            Data::Other(shown) => Some(shown.clone()),
            _ => None,
        })
        .collect();
    all.sort();
    all
}

/// Hosts with their addresses, in the order given.
pub fn hosts(asker: &mut Asker, names: &[String]) -> Vec<Host> {
    let names = &names[..names.len().min(MAX_HOSTS)];
    let four = asker.resolve(names, Type::A);
    let six = asker.resolve(names, Type::AAAA);
    let join = |(name, (four, six)): (&String, (Resolved, Resolved))| {
        let chain = if six.chain.len() > four.chain.len() {
            &six.chain
        } else {
            &four.chain
        };
        let all = four.data.iter().chain(&six.data);
        let mut addresses: Vec<IpAddr> = all
            .filter_map(|d| match d {
                Data::Address(a) => Some(*a),
                _ => None,
            })
            .collect();
        addresses.sort();
        addresses.dedup();
        Host {
            name: clean(name),
            aliases: chain.iter().skip(1).cloned().collect(),
            endless: four.endless || six.endless,
            addresses,
        }
    };
    names
        .iter()
        .zip(four.into_iter().zip(six))
        .map(join)
        .collect()
}

fn exchangers(asker: &mut Asker, domain: &str) -> (bool, Vec<Exchanger>) {
    let data = one(asker, domain, Type::MX).data;
    let mut all: Vec<(u16, String)> = data
        .into_iter()
        .filter_map(|d| match d {
            Data::Mx(preference, host) => Some((preference, host)),
            _ => None,
        })
        .collect();
    all.sort();
    let null = all.iter().any(|(_, h)| h == ".");
    all.retain(|(_, h)| h != ".");
    let names: Vec<String> = all.iter().map(|(_, h)| h.clone()).collect();
    let hosts = hosts(asker, &names);
    let join = |((preference, _), host)| Exchanger {
        preference,
        host,
        banner: None,
    };
    (null, all.into_iter().zip(hosts).map(join).collect())
}

fn senders(asker: &mut Asker, domain: &str, texts: &[Vec<u8>]) -> Option<Senders> {
    let record = texts.iter().find(|t| is_spf(t))?;
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    known.insert(domain.to_owned(), Known::Texts(texts.to_vec()));
    let mut graph = Graph::default();
    for _ in 0..SPF_ROUNDS {
        graph = Graph::build(domain, |n| known.get(n).cloned().unwrap_or(Known::NotAsked));
        if graph.missing.is_empty() {
            break;
        }
        let missing: Vec<String> = graph.missing.iter().cloned().collect();
        for (name, found) in missing.iter().zip(asker.resolve(&missing, Type::TXT)) {
            known.insert(name.clone(), text_of(found));
        }
    }
    Some(Senders {
        record: lossy(record),
        names: graph.targets().map(str::to_owned).collect(),
        lookups: graph.lookups,
        problems: graph.problems.iter().map(said).collect(),
    })
}

fn text_of(found: Resolved) -> Known {
    match found.status {
        Some("NOERROR" | "NXDOMAIN") if found.data.is_empty() => Known::Void,
        Some("NOERROR") => Known::Texts(
            found
                .data
                .into_iter()
                .filter_map(|d| match d {
                    Data::Text(text) => Some(text),
                    _ => None,
                })
                .collect(),
        ),
        _ => Known::Failed,
    }
}

fn dkim(asker: &mut Asker, domain: &str) -> Vec<Selector> {
    let all = selectors();
    let names: Vec<String> = all
        .iter()
        .map(|s| format!("{s}._domainkey.{domain}"))
        .collect();
    let found = asker.resolve(&names, Type::TXT);
    let there = |(selector, found): (String, Resolved)| {
        let key = found.data.iter().any(|d| match d {
            Data::Text(text) => lossy(text).contains("p="),
            _ => false,
        });
        let target = found.chain.get(1).cloned();
        (key || target.is_some()).then_some(Selector {
            selector,
            target,
            key,
        })
    };
    all.into_iter().zip(found).filter_map(there).collect()
}

fn clients(asker: &mut Asker, domain: &str) -> Vec<Alias> {
    let name = format!("autodiscover.{domain}");
    let mut all = Vec::new();
    if let Some(target) = one(asker, &name, Type::A).chain.get(1) {
        all.push(Alias {
            name,
            target: target.clone(),
        });
    }
    for service in SERVICES {
        let name = format!("{service}.{domain}");
        for data in one(asker, &name, Type::SRV).data {
            if let Data::Service(target, _) = data
                && target != "."
            {
                let name = name.clone();
                all.push(Alias { name, target });
            }
        }
    }
    all
}

/// The name servers, each asked whether it answers for the domain.
fn name_servers(net: &mut Net, domain: &str) -> Vec<NameServer> {
    let data = one(&mut net.asker, domain, Type::NS).data;
    let mut names: Vec<String> = data
        .into_iter()
        .filter_map(|d| match d {
            Data::Name(name) => Some(name),
            _ => None,
        })
        .collect();
    names.sort();
    let hosts = hosts(&mut net.asker, &names);
    let unanswered = net.asker.unanswered();
    let first = |net: &mut Net, host: &Host| {
        let allowed = net.allowed(&host.name, &host.addresses);
        match (host.addresses.first(), allowed.first()) {
            (None, _) if unanswered.contains(&format!("{} A", host.name)) => Err("no answer"),
            (None, _) => Err("no address"),
            (_, None) => Err("address refused"),
            (_, Some(address)) => Ok(*address),
        }
    };
    let at: Vec<_> = hosts.iter().map(|h| first(net, h)).collect();
    let (clock, port) = (net.clock, net.ports.dns);
    // All at once, so that many mute servers cost no more than one.
    let asked: Vec<Option<Asker>> = std::thread::scope(|scope| {
        let each = at.iter().map(|at| {
            let server = SocketAddr::new((*at).ok()?, port);
            Some(scope.spawn(move || {
                let mut asker = Asker::new(vec![server], false, clock);
                asker.ask(&[(domain.to_owned(), Type::SOA)]);
                asker
            }))
        });
        let running: Vec<_> = each.collect();
        let joined = running.into_iter().map(|r| r?.join().ok());
        joined.collect()
    });
    let judge = |((host, at), asked): ((Host, Result<IpAddr, &str>), Option<Asker>)| {
        let lame = match (at, asked) {
            (Err(why), _) => Some(why.to_owned()),
            (Ok(_), None) => Some("no answer".to_owned()),
            (Ok(_), Some(mut asker)) => {
                net.asker.exchanges.append(&mut asker.exchanges);
                lame(asker.reply(domain, Type::SOA))
            }
        };
        NameServer { host, lame }
    };
    hosts.into_iter().zip(at).zip(asked).map(judge).collect()
}

/// Why a server that was asked itself, without recursion, does not answer for the domain.
fn lame(reply: Option<&Reply>) -> Option<String> {
    match reply.and_then(|r| Some((r.status?, r.authoritative))) {
        Some(("NOERROR", true)) => None,
        Some(("NOERROR", false)) => Some("not authoritative".to_owned()),
        Some((status, _)) => Some(status.to_owned()),
        None => Some("no answer".to_owned()),
    }
}
