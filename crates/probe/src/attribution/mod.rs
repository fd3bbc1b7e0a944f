//! Who does what for a domain, from raw facts and from what is known of operators
//! (`knowledge/operators`). No network here: what was observed goes in, a classification
//! with its evidence comes out. What the facts do not name stays unknown.

mod classification;
mod mail;
mod observation;
mod others;
pub mod rules;
#[cfg(test)]
mod tests;

pub use classification::{
    Answer, Candidate, Carrier, Classification, Evidence, Link, Party, Role, Words,
    classification_schema,
};
pub use observation::{
    Alias, MAX_LINE, MAX_LIST, Malformed, Network, Observation, Serves, observation_schema,
};

use cocarde_knowledge::operators::{Operators, normalise};

/// Says who does what, and why.
#[must_use]
pub fn classify(seen: &Observation, operators: &Operators) -> Classification {
    let mut answers = mail::mail(seen, operators);
    answers.extend(others::others(seen, operators));
    Classification {
        domain: normalise(&seen.domain),
        at: seen.at.clone(),
        answers,
    }
}

fn evidence(kind: &'static str, seen: &str, claimed: Option<&str>) -> Evidence {
    Evidence {
        kind,
        seen: seen.to_owned(),
        claimed: claimed.map(str::to_owned),
        cdn: None,
    }
}

/// The networks of a service, or of one of its hosts; each once, sorted.
fn carriers(
    seen: &Observation,
    of: Serves,
    host: Option<&str>,
    operators: &Operators,
) -> Vec<Carrier> {
    let wanted = |n: &&Network| {
        n.of == of
            && host.is_none_or(|h| n.host.as_deref().is_some_and(|x| observation::same(x, h)))
    };
    let mut all: Vec<Carrier> = seen
        .networks
        .iter()
        .filter(wanted)
        .map(|n| Carrier {
            asn: n.asn,
            operator: n
                .asn
                .and_then(|a| operators.by_asn(a))
                .map(|id| operators.get(id).name.clone()),
            registered: n.registered.clone(),
            located: n.located.clone(),
            anycast: n.anycast,
        })
        .collect();
    all.sort();
    all.dedup();
    all
}
