//! The domain's name servers, and whether each answers for it.

use super::records::{hosts, one};
use super::{Host, NameServer};
use crate::dns::message::Type;
use crate::measure::ask::{Asker, Data, Reply};
use crate::measure::connect::Net;
use std::net::{IpAddr, SocketAddr};

/// The name servers, each asked whether it answers for the domain.
pub(super) fn name_servers(net: &mut Net, domain: &str) -> Vec<NameServer> {
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
    let seeds: Vec<[u8; 32]> = at.iter().map(|_| net.asker.draw()).collect();
    // All at once, so that many mute servers cost no more than one.
    let asked: Vec<Option<Asker>> = std::thread::scope(|scope| {
        let each = at.iter().zip(seeds).map(|(at, seed)| {
            let server = SocketAddr::new((*at).ok()?, port);
            Some(scope.spawn(move || {
                let mut asker = Asker::new(vec![server], false, clock, seed);
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
