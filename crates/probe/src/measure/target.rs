//! Everything about one domain.

use super::browser;
use super::connect::{Net, Refusal};
use super::cookie::{self, Cookie};
use super::evidence::Exchange;
use super::http::{Hop, Response, Visit, visit};
use super::mta_sts::{self, Policy};
use super::names::{self, Host, Names};
use super::networks::Networks;
use super::page::{self, Loaded};
use super::tls::{Tls, Trust};
use crate::attribution::{Alias, Classification, Network, Observation, Serves, classify};
use crate::plain::plain;
use cocarde_knowledge::operators::Operators;
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use url::Url;

/// What to measure, beyond what is always measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wishes {
    /// Read what the mail exchangers say first.
    pub banner: bool,
    /// The browser to show the site's page with (Chromium or its like).
    pub browser: Option<PathBuf>,
}

/// What was measured of a domain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Record {
    /// Form of this record; grows with changes that readers must know of.
    pub format: u32,
    /// The domain.
    pub domain: String,
    /// When the measurement began.
    pub at: Timestamp,
    /// Whom names were asked of.
    pub resolvers: Vec<String>,
    /// Whether loopback addresses were allowed: a test, not a measurement of the world.
    pub test_world: bool,
    /// What the DNS says.
    pub names: Names,
    /// How other servers must hand mail over, where it announces so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mta_sts: Option<Policy>,
    /// What its site shows; `None`: it has none.
    pub site: Option<Site>,
    /// Who does what.
    pub classification: Classification,
    /// The facts that this rests on.
    pub observation: Observation,
    /// Addresses that were not touched.
    pub refusals: Vec<Refusal>,
    /// Every exchange.
    pub evidence: Vec<Exchange>,
}

/// What a domain's site shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Site {
    /// Requests without TLS, in order.
    pub plain: Vec<Hop>,
    /// Requests under TLS, in order.
    pub secure: Vec<Hop>,
    /// Whether a page came back at all; where not, what follows is not known.
    pub answered: bool,
    /// Whether whoever comes without TLS is led to it.
    pub led_to_tls: bool,
    /// TLS, server by server.
    pub tls: Vec<Tls>,
    /// Security headers of the last response.
    pub headers: BTreeMap<&'static str, String>,
    /// Cookies that it sets at once.
    pub cookies: Vec<Cookie>,
    /// Whether there is a security contact (RFC 9116).
    pub security_txt: bool,
    /// Hosts of others that the page loads from, and for what.
    pub third_parties: BTreeMap<String, Vec<&'static str>>,
    /// The page was not read to its end, or met a limit: it may load from others.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// How they were found: `parsed`, the page being read; `run`, a browser having shown it
    /// too.
    pub found_by: &'static str,
    /// Why the browser that was asked for did not show it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_run: Option<String>,
    /// The browser ran without its own sandbox, which it refuses to root.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub without_sandbox: bool,
}

impl Site {
    /// The request that brought the page which was read; `None`: none came back.
    #[must_use]
    pub fn page(&self) -> Option<&Hop> {
        let brought = |hops: &'_ [Hop]| hops.last().is_some_and(|h| h.failure.is_none());
        let all = [&self.secure, &self.plain];
        all.into_iter().find(|h| brought(h)).and_then(|h| h.last())
    }

    /// The request that it began with, and what its server showed; `None`: it speaks no TLS.
    #[must_use]
    pub fn own_tls(&self) -> Option<(&Hop, &Tls)> {
        let first = self.secure.first()?;
        let of_it = |t: &&Tls| first.url == format!("https://{}/", t.server());
        Some((first, self.tls.iter().find(of_it)?))
    }

    /// Whether that page is what visitors get, and no refusal or failure in its place.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        let status = self.page().and_then(|hop| hop.status);
        status.is_some_and(|s| (200..300).contains(&s))
    }
}

/// Headers that protect visitors.
const HEADERS: [&str; 6] = [
    "strict-transport-security",
    "content-security-policy",
    "x-frame-options",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
];

/// Form of [`Record`].
const FORMAT: u32 = 1;

/// Measures a domain.
pub fn measure(
    net: &mut Net,
    domain: &str,
    trust: &Trust,
    networks: &Networks,
    operators: &Operators,
    wishes: &Wishes,
) -> Record {
    let at = net.clock.now();
    let mut names = names::measure(net, domain);
    if wishes.banner {
        banners(net, &mut names);
    }
    let mta_sts = mta_sts::fetch(net, trust, domain, &names);
    let site = names.site.iter().find(|h| !h.addresses.is_empty());
    let site = site
        .map(|h| h.name.clone())
        .map(|host| measure_site(net, &host, domain, trust, wishes));
    let observation = observe(net, domain, &names, site.as_ref(), networks);
    Record {
        format: FORMAT,
        domain: domain.to_owned(),
        at,
        resolvers: net
            .asker
            .servers()
            .iter()
            .map(ToString::to_string)
            .collect(),
        test_world: net.filter.test_world,
        classification: classify(&observation, operators),
        names,
        mta_sts,
        site,
        observation,
        refusals: std::mem::take(&mut net.refusals).into_iter().collect(),
        evidence: std::mem::take(&mut net.asker.exchanges),
    }
}

fn measure_site(net: &mut Net, host: &str, domain: &str, trust: &Trust, wishes: &Wishes) -> Site {
    let plain = visit(net, trust, &format!("http://{host}/"));
    let secure = visit(net, trust, &format!("https://{host}/"));
    let led = |v: &Visit| {
        v.end
            .as_ref()
            .is_some_and(|(url, _)| url.scheme() == "https")
    };
    let mut site = Site {
        led_to_tls: led(&plain),
        found_by: "parsed",
        ..Site::default()
    };
    let mut loaded = Loaded::new();
    let best = secure.end.as_ref().or(plain.end.as_ref());
    if let Some((url, response)) = best {
        site.answered = true;
        for name in HEADERS {
            if let Some(value) = response.header(name) {
                site.headers.insert(name, value.to_owned());
            }
        }
        site.cookies = cookie::set_by(response);
        let found = page::hosts(&response.body, url);
        site.cut = found.cut || response.cut || is_coded(response);
        loaded = found.hosts;
        if let Some(program) = &wishes.browser {
            show(net, program, url, &mut site, &mut loaded);
        }
        site.security_txt = security_txt(net, trust, url);
    }
    loaded.retain(|host, _| !page::is_own(host, domain));
    let listed = loaded
        .into_iter()
        .map(|(h, how)| (h, how.into_iter().collect()));
    site.third_parties = listed.collect();
    for tls in secure.tls.into_iter().chain(plain.tls) {
        if !site.tls.iter().any(|t| t.is_of(&tls.host, tls.port)) {
            site.tls.push(tls);
        }
    }
    for tls in &mut site.tls {
        tls.ask_versions(net, trust);
    }
    site.plain = plain.hops;
    site.secure = secure.hops;
    site
}

/// Has a browser show the page, and adds what it asks for.
fn show(net: &mut Net, program: &Path, url: &Url, site: &mut Site, loaded: &mut Loaded) {
    match browser::hosts(net, program, url) {
        Ok(found) => {
            site.found_by = "run";
            site.cut |= found.cut;
            site.without_sandbox = browser::without_sandbox();
            for (host, how) in found.hosts {
                loaded.entry(host).or_default().extend(how);
            }
        }
        Err(why) => site.not_run = Some(why),
    }
}

/// Whether the body is compressed, which nobody asked for: it cannot be read.
fn is_coded(response: &Response) -> bool {
    let coding = response.header("content-encoding");
    coding.is_some_and(|c| !c.is_empty() && !c.eq_ignore_ascii_case("identity"))
}

fn security_txt(net: &mut Net, trust: &Trust, at: &Url) -> bool {
    let Ok(url) = at.join("/.well-known/security.txt") else {
        return false;
    };
    let found = visit(net, trust, url.as_str()).end;
    found.is_some_and(|(_, r)| {
        let text = String::from_utf8_lossy(&r.body).to_ascii_lowercase();
        r.status == 200 && text.lines().any(|l| l.starts_with("contact:"))
    })
}

fn banners(net: &mut Net, names: &mut Names) {
    use std::io::{BufRead, BufReader, Read};
    for mx in names.mx.iter_mut().take(4) {
        let port = net.ports.smtp;
        let Ok(stream) = net.connect(&mx.host.name, port) else {
            continue;
        };
        let server = stream.address.to_string();
        let mut line = Vec::new();
        let read = BufReader::new(stream)
            .take(512)
            .read_until(b'\n', &mut line);
        let text = plain(String::from_utf8_lossy(&line).trim());
        net.asker.exchanges.push(Exchange {
            by: "smtp",
            question: format!("banner of {}", mx.host.name),
            server: Some(server),
            at: net.clock.now(),
            outcome: if read.is_ok() {
                text.clone()
            } else {
                "no answer".into()
            },
            sha256: Some(super::evidence::digest(&line)),
        });
        mx.banner = (!text.is_empty()).then_some(text);
    }
}

/// The raw facts that attribution reads.
fn observe(
    net: &mut Net,
    domain: &str,
    names: &Names,
    site: Option<&Site>,
    networks: &Networks,
) -> Observation {
    let third: Vec<String> = site
        .map(|s| s.third_parties.keys().cloned().collect())
        .unwrap_or_default();
    let some = third.chunks(names::MAX_HOSTS);
    let third_hosts: Vec<Host> = some
        .flat_map(|names| names::hosts(&mut net.asker, names))
        .collect();
    let mx: Vec<&Host> = names.mx.iter().map(|m| &m.host).collect();
    let ns: Vec<&Host> = names.ns.iter().map(|n| &n.host).collect();
    let sites: Vec<&Host> = names.site.iter().collect();
    let all = [
        (Serves::Mx, mx),
        (Serves::Ns, ns),
        (Serves::Site, sites),
        (Serves::ThirdParty, third_hosts.iter().collect()),
    ];
    let mut seen = Observation {
        domain: domain.to_owned(),
        at: Some(net.clock.now().to_string()),
        mx: names.mx.iter().map(|m| m.host.name.clone()).collect(),
        spf: names.spf.as_ref().map(|s| s.record.clone()),
        spf_names: names
            .spf
            .as_ref()
            .map(|s| s.names.clone())
            .unwrap_or_default(),
        dkim: dkim(domain, names),
        autodiscover: names.clients.clone(),
        txt: names.txt.clone(),
        ns: names.ns.iter().map(|n| n.host.name.clone()).collect(),
        site: names.site.iter().map(|h| h.name.clone()).collect(),
        third_parties: third,
        ..Observation::default()
    };
    for (of, hosts) in all {
        for host in hosts {
            alias(&mut seen, host);
            for address in &host.addresses {
                let place = networks.place(*address);
                seen.networks.push(Network {
                    of,
                    host: Some(host.name.clone()),
                    address: Some(address.to_string()),
                    asn: place.asn,
                    as_name: place.as_name,
                    registered: place.registered,
                    located: place.located,
                    anycast: place.anycast,
                });
            }
        }
    }
    seen
}

fn alias(seen: &mut Observation, host: &Host) {
    let mut name = &host.name;
    for target in &host.aliases {
        let step = Alias {
            name: name.clone(),
            target: target.clone(),
        };
        if !seen.aliases.contains(&step) {
            seen.aliases.push(step);
        }
        name = target;
    }
}

fn dkim(domain: &str, names: &Names) -> Vec<Alias> {
    let delegated = names.dkim.iter().filter_map(|s| {
        Some(Alias {
            name: format!("{}._domainkey.{domain}", s.selector),
            target: s.target.clone()?,
        })
    });
    delegated.collect()
}
