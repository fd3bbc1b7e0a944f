//! Who keeps the mailboxes.
//!
//! A mail exchanger whose name belongs to a host of mailboxes settles it. A filter only
//! receives: behind one, what the domain signs with, whom it lets send and where its mail
//! clients are sent tell the host. A server of a name that nobody claims is whoever runs
//! it; signs of a known host beside it are kept as another possibility, never as the answer,
//! since many use a suite for everything but mail.

use super::classification::{Answer, Candidate, Evidence, Role, party};
use super::observation::{Observation, Serves};
use super::rules::{self, Rule};
use super::{carriers, evidence};
use cocarde_knowledge::operators::{OperatorId, Operators, Sense};
use std::collections::BTreeMap;

/// Operators that facts point to, each with its evidence.
type Signs = BTreeMap<OperatorId, Vec<Evidence>>;

/// What the names of the mail exchangers say.
#[derive(Default)]
struct Exchangers {
    hosts: Signs,
    gateways: Signs,
    unnamed: Vec<Evidence>,
}

/// The answers on mail: the host, then the gateways.
pub(super) fn mail(seen: &Observation, operators: &Operators) -> Vec<Answer> {
    let mut exchangers = exchangers(seen, operators);
    filters_by_network(&mut exchangers, seen, operators);
    let behind = signs(seen, operators);
    let mut host = if !exchangers.hosts.is_empty() {
        named(&exchangers, &behind, operators)
    } else if !exchangers.gateways.is_empty() {
        hidden(&behind, operators)
    } else if !exchangers.unnamed.is_empty() {
        unnamed(seen, &exchangers, operators)
    } else {
        without(&behind, operators)
    };
    host.networks = carriers(seen, Serves::Mx, None, operators);
    host.otherwise = others(&host, &[&exchangers.hosts, &behind], operators);
    let mut answers = vec![host];
    for (id, evidence) in exchangers.gateways {
        let operator = party(id, operators);
        let mut answer = Answer::named(Role::MailGateway, rules::NAME, operator);
        answer.evidence = evidence;
        answers.push(answer);
    }
    answers
}

fn exchangers(seen: &Observation, operators: &Operators) -> Exchangers {
    let mut found = Exchangers::default();
    for name in &seen.mx {
        let end = seen.resolve(name);
        let claim = [name.as_str(), end]
            .into_iter()
            .find_map(|n| operators.claim(n, &[Sense::Mx, Sense::Gateway]));
        let Some(claim) = claim else {
            found.unnamed.push(evidence("mx", name, None));
            continue;
        };
        let fact = evidence("mx", name, Some(claim.suffix));
        let side = match claim.has(Sense::Gateway) {
            true => &mut found.gateways,
            false => &mut found.hosts,
        };
        side.entry(claim.operator).or_default().push(fact);
    }
    found
}

/// Servers under a name of their own in the network of someone who only filters are that
/// filter's.
fn filters_by_network(found: &mut Exchangers, seen: &Observation, operators: &Operators) {
    let only_filters = |id| {
        operators.does(id, Sense::Gateway)
            && !operators.does(id, Sense::Mx)
            && !operators.does(id, Sense::Site)
    };
    if !found.hosts.is_empty() || !found.gateways.is_empty() || found.unnamed.is_empty() {
        return;
    }
    if let [Some(id)] = *networks_of_mx(seen, operators)
        && only_filters(id)
    {
        let mut facts = std::mem::take(&mut found.unnamed);
        facts.extend(asns_of_mx(seen));
        found.gateways.insert(id, facts);
    }
}

/// What else points to a host of mailboxes.
fn signs(seen: &Observation, operators: &Operators) -> Signs {
    let mut signs = Signs::new();
    let mut add = |kind, name: &str, sense| {
        let name = absolute(name, &seen.domain);
        if let Some(claim) = operators.claim(name, &[sense]) {
            let facts = signs.entry(claim.operator).or_default();
            let fact = evidence(kind, name, Some(claim.suffix));
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
    };
    for alias in &seen.dkim {
        add("dkim", &alias.target, Sense::Dkim);
    }
    for name in seen.spf_targets() {
        add("spf", name, Sense::Spf);
    }
    for alias in &seen.autodiscover {
        add("autodiscover", &alias.target, Sense::Autodiscover);
    }
    signs
}

/// A target to which the zone added the domain, because someone forgot the final dot:
/// `autodiscover.outlook.com.town.example` was meant to be `autodiscover.outlook.com`.
fn absolute<'a>(target: &'a str, domain: &str) -> &'a str {
    let target = target.trim_end_matches('.');
    let domain = domain.trim_end_matches('.');
    let own = target.len().checked_sub(domain.len() + 1);
    let meant = own.and_then(|n| Some((target.get(..n)?, target.get(n..)?)));
    match meant {
        Some((head, tail)) if head.contains('.') && tail[1..].eq_ignore_ascii_case(domain) => head,
        _ => target,
    }
}

fn named(found: &Exchangers, behind: &Signs, operators: &Operators) -> Answer {
    let mut hosts: Vec<_> = found.hosts.iter().collect();
    // Several: the one with most exchangers, then the one that other signs confirm.
    hosts.sort_by_key(|(id, facts)| {
        let confirmed = behind.get(id).map_or(0, Vec::len);
        (std::cmp::Reverse((facts.len(), confirmed)), **id)
    });
    let (id, facts) = hosts[0];
    let more = behind.get(id);
    let rule = match more {
        _ if hosts.len() > 1 => rules::MX_SPLIT,
        Some(_) => rules::MX_AND_MORE,
        None => rules::MX_ONLY,
    };
    let mut answer = Answer::named(Role::MailHost, rule, party(*id, operators));
    answer.evidence = facts.clone();
    answer.evidence.extend(more.into_iter().flatten().cloned());
    answer
}

/// What a kind of sign weighs where only signs decide: a signing key lies with who writes
/// the mail; an include of SPF is often left over, or comes with a DNS host's template.
fn weight(kind: &str) -> u8 {
    match kind {
        "dkim" => 4,
        "spf" => 3,
        _ => 2,
    }
}

fn kinds(facts: &[Evidence]) -> Vec<&'static str> {
    let mut kinds: Vec<_> = facts.iter().map(|f| f.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// The operator that the signs favour; nobody where two weigh the same.
fn favoured(signs: &Signs) -> Option<(OperatorId, &[Evidence])> {
    let sum = |facts: &[Evidence]| kinds(facts).into_iter().map(weight).sum::<u8>();
    let mut ranked: Vec<_> = signs.iter().map(|(id, f)| (sum(f), *id, &**f)).collect();
    ranked.sort_by_key(|(s, id, _)| (std::cmp::Reverse(*s), *id));
    match ranked.as_slice() {
        [(a, ..), (b, ..), ..] if a == b => None,
        [(_, id, facts), ..] => Some((*id, facts)),
        [] => None,
    }
}

fn by_signs(
    signs: &Signs,
    rule: impl Fn(&[&str]) -> Rule,
    operators: &Operators,
) -> Option<Answer> {
    let (id, facts) = favoured(signs)?;
    let rule = rule(&kinds(facts));
    let mut answer = Answer::named(Role::MailHost, rule, party(id, operators));
    answer.evidence = facts.to_vec();
    Some(answer)
}

fn hidden(behind: &Signs, operators: &Operators) -> Answer {
    let rule = |kinds: &[&str]| match kinds {
        k if k.contains(&"dkim") && k.contains(&"spf") => rules::BEHIND_SIGNED,
        k if k.len() > 1 => rules::BEHIND_SEVERAL,
        _ => rules::BEHIND_ONE,
    };
    by_signs(behind, rule, operators).unwrap_or_else(|| Answer::new(Role::MailHost, rules::HIDDEN))
}

fn without(behind: &Signs, operators: &Operators) -> Answer {
    let rule = |_: &[&str]| rules::NO_MX_SIGNS;
    by_signs(behind, rule, operators).unwrap_or_else(|| Answer::new(Role::MailHost, rules::NO_MX))
}

/// Servers whose names nobody claims: a host that alone runs all their networks is named,
/// for the machines are its own; a carrier of lines is not.
fn unnamed(seen: &Observation, found: &Exchangers, operators: &Operators) -> Answer {
    let runs = networks_of_mx(seen, operators);
    let hosts = |id| operators.does(id, Sense::Mx) || operators.does(id, Sense::Site);
    let mut answer = match runs.as_slice() {
        [Some(id)] if hosts(*id) => {
            let operator = party(*id, operators);
            Answer::named(Role::MailHost, rules::UNNAMED_NETWORK, operator)
        }
        _ => Answer::new(Role::MailHost, rules::UNNAMED),
    };
    answer.evidence = found.unnamed.clone();
    answer.evidence.extend(asns_of_mx(seen));
    answer
}

/// Who runs the networks of the mail exchangers, each once; `None` for nobody known.
fn networks_of_mx(seen: &Observation, operators: &Operators) -> Vec<Option<OperatorId>> {
    let numbers = seen.networks.iter().filter(|n| n.of == Serves::Mx);
    let mut runs: Vec<_> = numbers
        .filter_map(|n| n.asn)
        .map(|asn| operators.by_asn(asn))
        .collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}

fn asns_of_mx(seen: &Observation) -> Vec<Evidence> {
    let numbers = seen.networks.iter().filter(|n| n.of == Serves::Mx);
    let mut facts: Vec<_> = numbers
        .filter_map(|n| n.asn)
        .map(|asn| evidence("asn", &format!("AS{asn}"), None))
        .collect();
    facts.sort();
    facts.dedup();
    facts
}

/// Everyone whom a fact points to and who is not the answer.
fn others(answer: &Answer, all: &[&Signs], operators: &Operators) -> Vec<Candidate> {
    let chosen = answer.operator.as_ref().map(|o| o.id.as_str());
    let mut others = Signs::new();
    for (id, facts) in all.iter().flat_map(|s| s.iter()) {
        if Some(&*operators.get(*id).id) != chosen {
            others.entry(*id).or_default().extend(facts.iter().cloned());
        }
    }
    let candidate = |(id, evidence)| Candidate {
        operator: party(id, operators),
        evidence,
    };
    others.into_iter().map(candidate).collect()
}
