//! The delegations learnt on the way down.

use super::Iteration;
use crate::dns::message::{Message, Record, Section, Type};
use crate::dns::name;
use crate::dns::rdata::Rdata;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;

/// The most zones remembered; the least used half goes when there are more.
const MAX_ZONES: usize = 1 << 16;
/// The most servers of one zone that are used.
const MAX_SERVERS: usize = 16;

/// A server of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ZoneServer {
    pub addr: SocketAddr,
    /// The operator's number; see [`Zones::operator`].
    pub operator: u32,
    /// Failures in a row.
    pub failures: u8,
}

/// A delegation.
#[derive(Debug)]
pub(super) struct Zone {
    pub name: Box<[u8]>,
    pub servers: RefCell<Vec<ZoneServer>>,
    /// Name servers without an address yet.
    pub hosts: Vec<Box<[u8]>>,
    used: Cell<u32>,
}

/// The delegation cache.
pub(super) struct Zones {
    pub iteration: Iteration,
    known: HashMap<Box<[u8]>, Rc<Zone>>,
    root: Rc<Zone>,
    operators: HashMap<Box<[u8]>, u32>,
    /// Who waits for the answer that may be a delegation of this name.
    pub flights: HashMap<Box<[u8]>, Vec<u32>>,
    /// Names that turned out not to be delegated, while some waited to know.
    pub plain: HashSet<Box<[u8]>>,
    pub turn: u32,
}

impl Zones {
    pub fn new(iteration: Iteration) -> Self {
        let server = |addr: &SocketAddr| ZoneServer {
            addr: *addr,
            operator: 0,
            failures: 0,
        };
        let reached = |a: &&SocketAddr| iteration.ipv6 || a.is_ipv4();
        let hints = iteration.hints.iter().filter(reached);
        let root = Rc::new(Zone {
            name: Box::new([0]),
            servers: RefCell::new(hints.take(26).map(server).collect()),
            hosts: vec![],
            used: Cell::new(0),
        });
        Self {
            iteration,
            known: HashMap::new(),
            root,
            operators: HashMap::from([(Box::from([0]), 0)]),
            flights: HashMap::new(),
            plain: HashSet::new(),
            turn: 0,
        }
    }

    /// The deepest known zone that holds `name`.
    pub fn closest(&self, name: &[u8]) -> Rc<Zone> {
        let mut at = Some(name);
        while let Some(n) = at {
            if let Some(zone) = self.known.get(n) {
                zone.used.set(zone.used.get().saturating_add(1));
                return Rc::clone(zone);
            }
            at = name::parent(n);
        }
        Rc::clone(&self.root)
    }

    /// A number for the operator of a name server. Operators name their servers below
    /// domains of their own, so the host's name without its first label stands for them.
    pub fn operator(&mut self, host: &[u8]) -> u32 {
        let key = name::parent(host).unwrap_or(host);
        let next = self.operators.len() as u32;
        match self.operators.get(key) {
            Some(&n) => n,
            None => *self.operators.entry(key.into()).or_insert(next),
        }
    }

    /// A server that may be asked, of an address and a host; `None` where it may not.
    pub fn server(&mut self, host: &[u8], ip: IpAddr) -> Option<ZoneServer> {
        let Iteration {
            port, ipv6, filter, ..
        } = self.iteration;
        if (ip.is_ipv6() && !ipv6) || !filter.allows(ip) {
            return None;
        }
        Some(ZoneServer {
            addr: SocketAddr::new(ip, port),
            operator: self.operator(host),
            failures: 0,
        })
    }

    /// Learns the delegation in a response that `zone` gave on the way to `name`; `None`
    /// if there is none that leads down.
    pub fn referral(
        &mut self,
        message: &Message<'_>,
        zone: &[u8],
        name: &[u8],
    ) -> Option<Rc<Zone>> {
        let all: Vec<(Section, Record<'_>)> = message.records().map_while(Result::ok).collect();
        let of = |section| all.iter().filter(move |r| r.0 == section).map(|r| r.1);
        let first = of(Section::Authority).find(|r| r.rtype == Type::NS)?;
        let owner = first.owner.wire();
        if owner.len() <= zone.len() || !name::is_within(name, &owner) {
            return None;
        }
        let mut servers = vec![];
        let mut hosts: Vec<Box<[u8]>> = vec![];
        let ours = |r: &Record<'_>| r.rtype == Type::NS && r.owner.is(&owner);
        for record in of(Section::Authority).filter(ours).take(MAX_SERVERS) {
            let Ok(Rdata::Ns(host)) = Rdata::parse(&record) else {
                continue;
            };
            let host = host.wire();
            // Addresses are believed of hosts in the zone that speaks, and of no others.
            let believed = name::is_within(&host, zone);
            let mut glued = false;
            for glue in of(Section::Additional).filter(|r| believed && r.owner.is(&host)) {
                let ip = match Rdata::parse(&glue) {
                    Ok(Rdata::A(a)) => IpAddr::V4(a),
                    Ok(Rdata::Aaaa(a)) => IpAddr::V6(a),
                    _ => continue,
                };
                glued = true;
                if let Some(server) = self.server(&host, ip) {
                    push_new(&mut servers, server);
                }
            }
            if !glued {
                hosts.push(host.into());
            }
        }
        Some(self.learn(owner.into(), servers, hosts))
    }

    fn learn(
        &mut self,
        name: Box<[u8]>,
        servers: Vec<ZoneServer>,
        hosts: Vec<Box<[u8]>>,
    ) -> Rc<Zone> {
        if self.known.len() >= MAX_ZONES {
            self.shed();
        }
        let zone = Rc::new(Zone {
            name: name.clone(),
            servers: RefCell::new(servers),
            hosts,
            used: Cell::new(1),
        });
        self.known.insert(name, Rc::clone(&zone));
        zone
    }

    fn shed(&mut self) {
        let mut uses: Vec<u32> = self.known.values().map(|z| z.used.get()).collect();
        let middle = uses.len() / 2;
        let (_, &mut median, _) = uses.select_nth_unstable(middle);
        self.known.retain(|_, z| z.used.get() > median);
        self.known.values().for_each(|z| z.used.set(0));
        self.plain.clear();
    }
}

/// Adds a server unless its address is there.
pub(super) fn push_new(servers: &mut Vec<ZoneServer>, server: ZoneServer) {
    if servers.len() < MAX_SERVERS && servers.iter().all(|s| s.addr != server.addr) {
        servers.push(server);
    }
}
