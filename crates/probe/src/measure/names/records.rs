//! What single answers say: texts, hosts with their addresses, exchangers, keys, services.

use super::{Exchanger, Host, MAX_HOSTS, SERVICES, Selector, selectors};
use crate::attribution::Alias;
use crate::dns::message::Type;
use crate::measure::ask::{Asker, Data, Resolved, clean};
use std::net::IpAddr;

pub(super) fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(super) fn one(asker: &mut Asker, name: &str, qtype: Type) -> Resolved {
    asker
        .resolve(&[name.to_owned()], qtype)
        .pop()
        .unwrap_or_default()
}

pub(super) fn texts(asker: &mut Asker, name: &str) -> Vec<Vec<u8>> {
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

pub(super) fn others(asker: &mut Asker, name: &str, qtype: Type) -> Vec<String> {
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

pub(super) fn exchangers(asker: &mut Asker, domain: &str) -> (bool, Vec<Exchanger>) {
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

pub(super) fn dkim(asker: &mut Asker, domain: &str) -> Vec<Selector> {
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

pub(super) fn clients(asker: &mut Asker, domain: &str) -> Vec<Alias> {
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
