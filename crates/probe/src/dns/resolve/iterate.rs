//! One step down: which server to ask now, and what its response means.

use super::zones::{Zone, push_new};
use super::{Resolver, TaskId, Wait, child};
use crate::dns::answer::{self, Answer, Status};
use crate::dns::drive::Outcome;
use crate::dns::engine::{Engine, Target};
use crate::dns::message::{Message, Rcode, Type};
use crate::dns::name;
use std::net::{IpAddr, SocketAddr};
use std::rc::Rc;

/// Servers asked for one question at most, over all zones on the way.
const MAX_STEPS: u8 = 24;
/// Aliases of aliases and hosts of hosts: how deep one question may lead.
const MAX_DEPTH: u8 = 64;
/// Name servers without glue whose names are looked up for one zone, at most.
const MAX_HOSTS: u8 = 4;
/// How deep such look-ups may nest.
const MAX_HOST_DEPTH: u8 = 3;
/// Tries at one server where there are others.
const TRIES: u8 = 2;

/// Where a question stands on its way down.
#[derive(Clone, Debug, Default)]
pub(super) struct Walk {
    /// Servers of the zone that were asked, by their places in its list.
    tried: u32,
    /// The place of the one being asked.
    asked: u8,
    steps: u8,
    hosts: u8,
    /// How many questions lead to this one.
    pub depth: u8,
    host_depth: u8,
    /// It waited for this zone's answer once, and does not again.
    waited: bool,
    /// It holds a flight that others wait for.
    flying: bool,
    /// The last failure.
    failure: Option<Status>,
    /// The host whose address is waited for.
    host: Option<Box<[u8]>>,
}

impl Resolver {
    /// Finds the server that `task` is to ask now; `None` if it has to wait, or ended.
    pub(super) fn choose(&mut self, task: TaskId, engine: &mut Engine) -> Option<(Target, u8)> {
        let t = &mut self.tasks[task as usize];
        let zones = self.zones.as_mut()?;
        let within = walk_name(&t.name, t.qtype);
        let zone = t.zone.get_or_insert_with(|| zones.closest(within)).clone();
        if !t.walk.waited
            && !t.walk.flying
            && let Some(below) = child(within, &zone.name).filter(|c| !zones.plain.contains(*c))
        {
            t.walk.waited = true;
            if let Some(waiting) = zones.flights.get_mut(below) {
                waiting.push(task);
                return None;
            }
            zones.flights.insert(below.into(), vec![]);
            t.walk.flying = true;
        }
        zones.turn = zones.turn.wrapping_add(1);
        let place = pick(&zone, t.walk.tried, zones.turn);
        let Some(place) = place.filter(|_| t.walk.steps < MAX_STEPS) else {
            self.another_host(task, &zone);
            return None;
        };
        let servers = zone.servers.borrow();
        let server = servers[place];
        t.walk.tried |= 1 << place;
        t.walk.asked = place as u8;
        t.walk.steps += 1;
        let alone = servers.len() == 1 && zone.hosts.is_empty();
        let tries = if alone { t.tries } else { TRIES };
        let index = engine.server(server.addr);
        engine.join(index, server.operator);
        Some((Target::Server(index), tries))
    }

    /// Looks up the next name server without an address, or ends the question.
    fn another_host(&mut self, task: TaskId, zone: &Rc<Zone>) {
        self.land(task, None);
        let t = &mut self.tasks[task as usize];
        let may = t.walk.hosts < MAX_HOSTS
            && t.walk.host_depth < MAX_HOST_DEPTH
            && t.walk.steps < MAX_STEPS;
        let next = zone.hosts.get(usize::from(t.walk.hosts));
        let host = next.filter(|_| may).cloned();
        let Some(host) = host else {
            let status = t.walk.failure.unwrap_or(Status::NoServer);
            self.finish(task, Answer::of(status));
            return;
        };
        t.walk.hosts += 1;
        t.walk.host = Some(host.clone());
        match self.share(task, &host, Type::A) {
            Wait::For => {}
            Wait::Done(answer) => self.host_known(task, &answer),
            Wait::Circle => self.ready.push_back(task),
        }
    }

    /// The address of a name server that `task` waited for is known, or known not to be.
    pub(super) fn host_known(&mut self, task: TaskId, answer: &Answer) {
        let t = &mut self.tasks[task as usize];
        if let (Some(host), Some(zone), Some(zones)) =
            (t.walk.host.take(), t.zone.as_ref(), self.zones.as_mut())
        {
            let addresses = answer
                .records
                .iter()
                .filter_map(|r| r.parse::<IpAddr>().ok());
            for ip in addresses {
                if let Some(server) = zones.server(&host, ip) {
                    push_new(&mut zone.servers.borrow_mut(), server);
                }
            }
        }
        self.ready.push_back(task);
    }

    pub(super) fn answer_from_zone(&mut self, task: TaskId, outcome: Outcome<'_>) {
        let Some(zone) = self.tasks[task as usize].zone.clone() else {
            return;
        };
        match outcome {
            Outcome::Silence => self.failed(task, &zone, Status::Silence),
            Outcome::Response { message, server } => self.heard(task, &zone, &message, server),
        }
    }

    fn heard(&mut self, task: TaskId, zone: &Rc<Zone>, message: &Message<'_>, server: SocketAddr) {
        if message.rcode().is_failure() {
            self.failed(task, zone, Status::Code(message.rcode()));
            return;
        }
        let t = &self.tasks[task as usize];
        let part = answer::read(message, server, &t.name, t.qtype, &zone.name);
        let empty = part.answer.records.is_empty() && part.answer.chain.is_empty();
        if empty && message.rcode() == Rcode::NOERROR && !answer::denies(message) {
            let name = walk_name(&t.name, t.qtype).to_vec();
            let zones = self.zones.as_mut();
            if let Some(below) = zones.and_then(|z| z.referral(message, &zone.name, &name)) {
                self.land(task, None);
                let t = &mut self.tasks[task as usize];
                let (depth, host_depth, steps) = (t.walk.depth, t.walk.host_depth, t.walk.steps);
                t.walk = Walk {
                    depth,
                    host_depth,
                    steps,
                    ..Walk::default()
                };
                t.zone = Some(below);
                self.ready.push_back(task);
                return;
            }
            if !message.authoritative() {
                // Neither an answer nor a way down: it does not serve the zone («lame»).
                self.failed(task, zone, Status::Code(Rcode::REFUSED));
                return;
            }
        }
        if let Some(s) = self.server_of(task, zone) {
            zone.servers.borrow_mut()[s].failures = 0;
        }
        self.land(task, Some(zone));
        self.proceed(task, part);
    }

    fn server_of(&self, task: TaskId, zone: &Zone) -> Option<usize> {
        let place = usize::from(self.tasks[task as usize].walk.asked);
        (place < zone.servers.borrow().len()).then_some(place)
    }

    fn failed(&mut self, task: TaskId, zone: &Rc<Zone>, status: Status) {
        if let Some(place) = self.server_of(task, zone) {
            let failures = &mut zone.servers.borrow_mut()[place].failures;
            *failures = failures.saturating_add(1);
        }
        self.land(task, None);
        self.tasks[task as usize].walk.failure = Some(status);
        self.ready.push_back(task);
    }

    /// Lets those go on that waited for this task to find out about the name below the
    /// zone. `plain`: the zone answered for it itself.
    fn land(&mut self, task: TaskId, plain: Option<&Rc<Zone>>) {
        let t = &mut self.tasks[task as usize];
        let (true, Some(zone), Some(zones)) = (t.walk.flying, t.zone.as_ref(), self.zones.as_mut())
        else {
            return;
        };
        t.walk.flying = false;
        let Some(below) = child(walk_name(&t.name, t.qtype), &zone.name) else {
            return;
        };
        let waiting = zones.flights.remove(below).unwrap_or_default();
        if plain.is_some() && !waiting.is_empty() {
            zones.plain.insert(below.into());
        }
        for waiter in waiting {
            // The zone below may be known now.
            self.tasks[waiter as usize].zone = None;
            self.ready.push_back(waiter);
        }
    }
}

impl Walk {
    /// The walk of a question that this one leads to; `None` where it led too far.
    pub(super) fn deeper(&self) -> Option<Self> {
        let host = u8::from(self.host.is_some());
        (self.depth < MAX_DEPTH).then(|| Self {
            depth: self.depth + 1,
            host_depth: self.host_depth + host,
            ..Self::default()
        })
    }
}

/// The name whose zone is asked: for DS that of the parent, which holds it.
fn walk_name(name: &[u8], qtype: Type) -> &[u8] {
    match qtype {
        Type::DS => name::parent(name).unwrap_or(name),
        _ => name,
    }
}

/// The place of the server with the fewest failures among those not asked; turns decide
/// among equals.
fn pick(zone: &Zone, tried: u32, turn: u32) -> Option<usize> {
    let servers = zone.servers.borrow();
    let n = servers.len();
    let order = (0..n).map(|i| (i + turn as usize) % n);
    order
        .filter(|place| tried & (1 << place) == 0)
        .min_by_key(|&place| servers[place].failures)
}
