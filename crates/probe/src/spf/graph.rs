//! The records that a domain's record leads to, and what receivers will say of them.

use super::record::{Mechanism, Record, Term, is_spf};
use std::collections::BTreeSet;
use std::fmt;

/// DNS lookups a receiver does for one evaluation at most (RFC 7208 §4.6.4).
pub const MAX_LOOKUPS: usize = 10;
/// Of these, how many may find nothing (RFC 7208 §4.6.4).
pub const MAX_VOID: usize = 2;
/// How many records are followed at most: far above what any receiver would.
const MAX_NODES: usize = 64;

/// What is known of a name's TXT records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Nobody was asked yet.
    NotAsked,
    /// It was asked for, and no usable answer came.
    Failed,
    /// There is no such name, or it has no TXT record: a «void» lookup.
    Void,
    /// Its TXT records, each joined to one run of octets.
    Texts(Vec<Vec<u8>>),
}

/// How a record was come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Via {
    /// It is the domain's own.
    Start,
    /// By an `include` of the node with this index.
    Include(usize),
    /// By the `redirect` of the node with this index.
    Redirect(usize),
}

/// One name on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The name.
    pub domain: String,
    /// How it was come to.
    pub via: Via,
    /// Its record; `None` if there is none, or it cannot be read or is not known.
    pub record: Option<Record>,
}

/// What a receiver will object to, or what cannot be said without more knowledge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The name has no SPF record: for an include or redirect a permanent error.
    NoRecord(String),
    /// The name has more than one (RFC 7208 §4.5).
    SeveralRecords(String),
    /// Its record cannot be read.
    Syntax(String, String),
    /// The name leads back to itself.
    Loop(String),
    /// More lookups than receivers do; the number counted (at least).
    TooManyLookups(usize),
    /// More void lookups than receivers allow.
    TooManyVoid(usize),
    /// The name was asked for without a usable answer: a temporary error.
    Failed(String),
    /// Only a message fills in the macro of this target; what follows is not known.
    Macro(String),
    /// More than 64 records; the rest was not followed.
    TooManyRecords,
}

impl Problem {
    /// Whether receivers answer every message with `permerror` once they come to it.
    #[must_use]
    pub fn is_permanent(&self) -> bool {
        !matches!(self, Self::Failed(_) | Self::Macro(_))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRecord(d) => write!(f, "{d} has no SPF record"),
            Self::SeveralRecords(d) => write!(f, "{d} has several SPF records"),
            Self::Syntax(d, why) => write!(f, "the record of {d} cannot be read: {why}"),
            Self::Loop(d) => write!(f, "{d} leads back to itself"),
            Self::TooManyLookups(n) => write!(f, "{n} DNS lookups, receivers stop after 10"),
            Self::TooManyVoid(n) => write!(f, "{n} lookups find nothing, receivers stop after 2"),
            Self::Failed(d) => write!(f, "{d} could not be asked"),
            Self::Macro(t) => write!(f, "{t} depends on the message"),
            Self::TooManyRecords => f.write_str("more than 64 records"),
        }
    }
}

/// What a domain's record leads to. Worst case throughout: that of a message which no
/// mechanism before the last one matches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// Depth first in the order of evaluation; the domain itself is the first. A name
    /// that two includes lead to stands twice, as receivers evaluate it twice.
    pub nodes: Vec<Node>,
    /// Terms that make a receiver ask the DNS, over all nodes.
    pub lookups: usize,
    /// Includes and redirects to names without TXT records; address and mail exchanger
    /// lookups are not counted, as they are not asked here.
    pub void: usize,
    /// Problems in the order met.
    pub problems: Vec<Problem>,
    /// Names whose TXT records must be known before the graph is whole, sorted.
    pub missing: BTreeSet<String>,
}

impl Graph {
    /// Follows the record of `domain` (lower case, no final dot).
    pub fn build(domain: &str, mut source: impl FnMut(&str) -> Known) -> Self {
        let mut graph = Self::default();
        let mut path = vec![];
        graph.visit(domain, Via::Start, &mut path, &mut source);
        if graph.lookups > MAX_LOOKUPS {
            graph.problems.push(Problem::TooManyLookups(graph.lookups));
        }
        if graph.void > MAX_VOID {
            graph.problems.push(Problem::TooManyVoid(graph.void));
        }
        graph
    }

    /// Whether every record that the domain leads to is known.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let open = |p: &Problem| matches!(p, Problem::Failed(_) | Problem::TooManyRecords);
        self.missing.is_empty() && !self.problems.iter().any(open)
    }

    /// Names that it includes or redirects to, directly or not, in order, each once.
    pub fn targets(&self) -> impl Iterator<Item = &str> {
        let mut seen = BTreeSet::new();
        let names = self.nodes.iter().skip(1).map(|n| n.domain.as_str());
        names.filter(move |n| seen.insert(*n))
    }

    fn visit(
        &mut self,
        domain: &str,
        via: Via,
        path: &mut Vec<String>,
        source: &mut impl FnMut(&str) -> Known,
    ) {
        if self.nodes.len() == MAX_NODES {
            if !self.problems.contains(&Problem::TooManyRecords) {
                self.problems.push(Problem::TooManyRecords);
            }
            return;
        }
        let record = self.read(domain, via, source(domain));
        let index = self.nodes.len();
        self.nodes.push(Node {
            domain: domain.to_string(),
            via,
            record: record.clone(),
        });
        path.push(domain.to_string());
        for term in record.iter().flat_map(Record::effective) {
            self.lookups += usize::from(term.is_lookup());
            let (target, via) = match term {
                Term::Mechanism(_, Mechanism::Include(t)) => (t, Via::Include(index)),
                Term::Redirect(t) => (t, Via::Redirect(index)),
                _ => continue,
            };
            if target.contains('%') {
                self.problems.push(Problem::Macro(target.clone()));
            } else if path.contains(target) {
                self.problems.push(Problem::Loop(target.clone()));
            } else {
                self.visit(target, via, path, source);
            }
        }
        path.pop();
    }

    fn read(&mut self, domain: &str, via: Via, known: Known) -> Option<Record> {
        let name = || domain.to_string();
        let texts = match known {
            Known::NotAsked => {
                self.missing.insert(name());
                return None;
            }
            Known::Failed => {
                self.problems.push(Problem::Failed(name()));
                return None;
            }
            Known::Void => {
                self.void += usize::from(via != Via::Start);
                vec![]
            }
            Known::Texts(texts) => texts,
        };
        let mut records = texts.iter().filter(|t| is_spf(t));
        match (records.next(), records.next()) {
            (Some(text), None) => match Record::parse(text) {
                Ok(record) => return Some(record),
                Err(why) => self.problems.push(Problem::Syntax(name(), why.to_string())),
            },
            (None, _) => self.problems.push(Problem::NoRecord(name())),
            (Some(_), Some(_)) => self.problems.push(Problem::SeveralRecords(name())),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    type World = BTreeMap<String, Known>;

    fn world(entries: &[(&str, &[&str])]) -> World {
        let texts = |t: &[&str]| match t {
            [] => Known::Void,
            t => Known::Texts(t.iter().map(|t| t.as_bytes().to_vec()).collect()),
        };
        entries
            .iter()
            .map(|(d, t)| (d.to_string(), texts(t)))
            .collect()
    }

    fn graph(world: &World) -> Graph {
        Graph::build("d.fr", |name| {
            world.get(name).cloned().unwrap_or(Known::NotAsked)
        })
    }

    #[test]
    fn includes_and_redirects_are_followed_in_order() {
        let g = graph(&world(&[
            (
                "d.fr",
                &["verify=1", "v=spf1 include:a.fr mx redirect=b.fr"],
            ),
            ("a.fr", &["v=spf1 include:c.fr ~all"]),
            ("b.fr", &["v=spf1 ip4:192.0.2.1 -all"]),
            ("c.fr", &["v=spf1 -all"]),
        ]));
        let order: Vec<_> = g.nodes.iter().map(|n| (n.domain.as_str(), n.via)).collect();
        assert_eq!(
            order,
            [
                ("d.fr", Via::Start),
                ("a.fr", Via::Include(0)),
                ("c.fr", Via::Include(1)),
                ("b.fr", Via::Redirect(0)),
            ]
        );
        assert_eq!((g.lookups, g.void, g.is_whole()), (4, 0, true));
        assert_eq!(g.problems, []);
    }

    #[test]
    fn what_is_missing_is_said_and_nothing_is_guessed() {
        let g = graph(&world(&[(
            "d.fr",
            &["v=spf1 include:a.fr include:b.fr -all"],
        )]));
        assert_eq!(g.missing.iter().collect::<Vec<_>>(), ["a.fr", "b.fr"]);
        assert!(!g.is_whole());
        assert_eq!(graph(&World::new()).missing.len(), 1);
    }

    #[test]
    fn loops_end() {
        let g = graph(&world(&[
            ("d.fr", &["v=spf1 include:a.fr -all"]),
            ("a.fr", &["v=spf1 include:b.fr -all"]),
            ("b.fr", &["v=spf1 redirect=a.fr"]),
        ]));
        assert_eq!(g.problems, [Problem::Loop("a.fr".into())]);
        let own = graph(&world(&[("d.fr", &["v=spf1 include:d.fr -all"])]));
        assert_eq!(own.problems, [Problem::Loop("d.fr".into())]);
    }

    #[test]
    fn limits_are_those_of_receivers() {
        let many = |n: usize| format!("v=spf1 {} -all", "a ".repeat(n));
        let at = |n| graph(&world(&[("d.fr", &[&many(n)])])).problems;
        assert_eq!(at(10), []);
        assert_eq!(at(11), [Problem::TooManyLookups(11)]);
        let g = graph(&world(&[
            (
                "d.fr",
                &["v=spf1 include:a.fr include:b.fr include:c.fr -all"],
            ),
            ("a.fr", &[]),
            ("b.fr", &[]),
            ("c.fr", &[]),
        ]));
        assert_eq!(g.problems.last(), Some(&Problem::TooManyVoid(3)));
        assert_eq!(g.problems[0], Problem::NoRecord("a.fr".into()));
    }

    #[test]
    fn a_failure_is_no_absence() {
        let mut w = world(&[("d.fr", &["v=spf1 include:a.fr -all"])]);
        w.insert("a.fr".into(), Known::Failed);
        let g = graph(&w);
        assert_eq!(g.problems, [Problem::Failed("a.fr".into())]);
        assert!(!g.problems[0].is_permanent() && g.void == 0);
        let two = graph(&world(&[("d.fr", &["v=spf1 -all", "v=spf1 +all"])]));
        assert_eq!(two.problems, [Problem::SeveralRecords("d.fr".into())]);
    }

    #[test]
    fn what_a_message_fills_in_stays_open() {
        let g = graph(&world(&[("d.fr", &["v=spf1 include:%{d}.a.fr -all"])]));
        assert_eq!(g.problems, [Problem::Macro("%{d}.a.fr".into())]);
    }

    proptest! {
        /// Any web of includes, loops and fans alike, ends within its bounds.
        #[test]
        fn every_web_ends(edges in prop::collection::vec((0u8..12, 0u8..12), 0..80)) {
            let mut w = World::new();
            for n in 0..12u8 {
                let own = edges.iter().filter(|e| e.0 == n).map(|e| format!("include:n{} ", e.1));
                let text = format!("v=spf1 {}-all", own.collect::<String>());
                w.insert(format!("n{n}"), Known::Texts(vec![text.into_bytes()]));
            }
            let g = Graph::build("n0", |name| w.get(name).cloned().unwrap_or(Known::Void));
            prop_assert!(g.nodes.len() <= MAX_NODES && g.missing.is_empty());
        }
    }
}
