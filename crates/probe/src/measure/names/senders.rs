//! Who may send in the domain's name: its SPF record and those it leads to.

use super::records::lossy;
use super::{Said, Senders};
use crate::dns::message::Type;
use crate::measure::ask::{Asker, Data, Resolved};
use crate::spf::{Graph, Known, Problem, is_spf};
use std::collections::BTreeMap;

/// Rounds of includes at most; each asks all names then known.
const SPF_ROUNDS: usize = 12;

pub(super) fn senders(asker: &mut Asker, domain: &str, texts: &[Vec<u8>]) -> Option<Senders> {
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
