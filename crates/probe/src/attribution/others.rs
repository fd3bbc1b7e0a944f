//! Name servers, sites, networks in front of them, senders and third parties.

use super::classification::{Answer, Evidence, Role, party};
use super::observation::{Observation, Serves, same};
use super::rules::{self, Rule};
use super::{carriers, evidence};
use cocarde_knowledge::operators::{OperatorId, Operators, Sense};
use std::collections::BTreeMap;

/// What a name or its network was found to be: role, rule, operator.
type Key = (Role, &'static str, Option<OperatorId>);

/// Answers on everything but the host of the mailboxes, in the order of the roles.
pub(super) fn others(seen: &Observation, operators: &Operators) -> Vec<Answer> {
    let mut found = Found {
        seen,
        operators,
        answers: BTreeMap::new(),
    };
    for name in seen.spf_targets() {
        if let Some(claim) = operators.claim(name, &[Sense::Sender]) {
            let fact = evidence("spf", name, Some(claim.suffix));
            found.add(
                Role::MailSender,
                rules::NAME,
                Some(claim.operator),
                fact,
                None,
            );
        }
    }
    for name in &seen.ns {
        found.host(name, "ns", Serves::Ns, Role::Dns, &[Sense::Ns]);
    }
    for name in &seen.site {
        found.host(
            name,
            "site",
            Serves::Site,
            Role::SiteHost,
            &[Sense::Cdn, Sense::Site],
        );
    }
    let loaded = [Sense::Analytics, Sense::ThirdParty, Sense::Cdn, Sense::Site];
    for name in &seen.third_parties {
        let serves = Serves::ThirdParty;
        found.host(name, "third-party", serves, Role::ThirdParty, &loaded);
    }
    found.answers.into_values().collect()
}

struct Found<'a> {
    seen: &'a Observation,
    operators: &'a Operators,
    answers: BTreeMap<Key, Answer>,
}

impl Found<'_> {
    /// A host: by its name, by the end of its aliases, by its network, or by nothing.
    fn host(&mut self, name: &str, kind: &'static str, of: Serves, role: Role, senses: &[Sense]) {
        let end = self.seen.resolve(name);
        let operators = self.operators;
        let claim = |senses: &[Sense]| {
            let mut both = [name, end].into_iter();
            both.find_map(|n| Some((n, operators.claim(n, senses)?)))
        };
        let called = role == Role::ThirdParty;
        let (role, rule, id, mut fact) = match (claim(senses), self.network(name, end, of)) {
            (Some((n, claim)), _) => {
                let front = role == Role::SiteHost && claim.has(Sense::Cdn);
                let role = if front { Role::Cdn } else { role };
                // What a page calls is known by the name that stands in the page.
                let seen = if called { name } else { n };
                let fact = evidence(kind, seen, Some(claim.suffix));
                (role, rules::NAME, Some(claim.operator), fact)
            }
            (None, Some((asn, id))) => {
                let fact = evidence(kind, name, Some(&format!("AS{asn}")));
                (role, rules::NETWORK, Some(id), fact)
            }
            (None, None) => (role, rules::NOBODY, None, evidence(kind, name, None)),
        };
        let front = claim(&[Sense::Cdn]).filter(|_| called);
        fact.cdn = front.map(|(_, c)| operators.get(c.operator).name.clone());
        self.add(role, rule, id, fact, Some((of, name)));
    }

    /// The first known network among those that carry a host.
    fn network(&self, name: &str, end: &str, of: Serves) -> Option<(u32, OperatorId)> {
        let here = self.seen.networks.iter().filter(|n| {
            let named = |h: &str| same(h, name) || same(h, end);
            n.of == of && n.host.as_deref().is_some_and(named)
        });
        let mut numbers = here.filter_map(|n| n.asn);
        numbers.find_map(|asn| Some((asn, self.operators.by_asn(asn)?)))
    }

    fn add(
        &mut self,
        role: Role,
        rule: Rule,
        id: Option<OperatorId>,
        fact: Evidence,
        host: Option<(Serves, &str)>,
    ) {
        let operators = self.operators;
        let answer = self
            .answers
            .entry((role, rule.id, id))
            .or_insert_with(|| match id {
                Some(id) => Answer::named(role, rule, party(id, operators)),
                None => Answer::new(role, rule),
            });
        if !answer.evidence.contains(&fact) {
            answer.evidence.push(fact);
        }
        if let Some((of, name)) = host {
            let more = carriers(self.seen, of, Some(name), operators);
            answer.networks.extend(more);
            answer.networks.sort();
            answer.networks.dedup();
        }
    }
}
