//! Ten thousand invented dossiers against one scheme: our assessments, with every
//! explanation, and the same criteria in Rego by `regorus`, in turn on the same dossiers in
//! the same run; the peer both from the facts, as ours is, and from what they settle. CPU seconds of this process; verdicts are compared wherever both decide,
//! and a difference is an error.
//!
//! `cargo run --release -- [DOSSIERS]`, see README.md.

mod agreement;
mod asked;
mod cold;
mod input;
mod peer;

use agreement::{Agreement, Judged};
use asked::Asked;
use cocarde_knowledge::countries::Countries;
use cocarde_model::{Date, FactBase, Schema};
use cocarde_referential::load::Sets;
use cocarde_referential::{Options, Referential, assess};
use cpu_time::ProcessTime;
use input::Known;
use peer::Peer;
use regorus::Value;
use std::path::Path;
use std::time::Duration;

/// Dossiers in a round.
const ROUND: u64 = 500;

type Failed = Box<dyn std::error::Error>;

fn main() -> Result<(), Failed> {
    let count: u64 = match std::env::args().nth(1) {
        Some(n) => n.parse()?,
        None => 10_000,
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let referential = load(&root.join("referentials/nfg-2026"))?;
    let by_rules = Asked::by_rules(&referential)?;
    let data = Value::from(by_rules.evidence(Schema::standard()));
    let mut bench = Bench {
        by_rules,
        by_scopes: Asked::by_scopes(&referential),
        referential,
        as_of: cocarde_sample::AS_OF.parse()?,
        peers: [
            Peer::new("facts.rego", data.clone())?,
            Peer::new("settled.rego", data)?,
        ],
        times: Vec::new(),
        agreement: Agreement::default(),
        peers_differ: 0,
    };
    for from in (0..count).step_by(ROUND as usize) {
        bench.round(from, count.min(from + ROUND))?;
    }
    bench.report(count);
    cold::cold(&root)?;
    match bench.agreement.wrong.is_empty() {
        true => Ok(()),
        false => Err("verdicts differ".into()),
    }
}

struct Bench {
    referential: Referential,
    by_rules: Asked,
    by_scopes: Asked,
    as_of: Date,
    /// Given the facts, and given what they settle.
    peers: [Peer; 2],
    times: Vec<[Duration; 5]>,
    agreement: Agreement,
    peers_differ: u64,
}

impl Bench {
    /// One turn of each over the same dossiers.
    fn round(&mut self, from: u64, to: u64) -> Result<(), Failed> {
        let bases: Vec<FactBase> = (from..to).map(dossier).collect();
        let (rules, scopes) = (
            self.known(&bases, &self.by_rules),
            self.known(&bases, &self.by_scopes),
        );
        let inputs = [input::facts, input::settled].map(|input| {
            let pairs = rules.iter().zip(&scopes);
            pairs
                .map(|(r, s)| Value::from(input(r, s)))
                .collect::<Vec<_>>()
        });
        let assess = |b: &FactBase| assess(&self.referential, b, self.as_of, Options::default());
        let (ours, assessments) = timed(|| bases.iter().map(assess).collect::<Vec<_>>());
        let (mut times, mut said) = (vec![ours], Vec::new());
        for (peer, inputs) in self.peers.iter_mut().zip(&inputs) {
            let (interpreter, by_interpreter) = timed(|| peer.by_interpreter(inputs));
            let (machine, by_machine) = timed(|| peer.by_machine(inputs));
            times.extend([interpreter, machine]);
            said.extend([by_interpreter?, by_machine?]);
        }
        for (i, assessment) in assessments.iter().enumerate() {
            let judged = Judged {
                number: from + i as u64,
                rules: &rules[i],
                scopes: &scopes[i],
                ours: assessment,
                peer: &said[0][i],
            };
            self.agreement.compare(&self.referential, &judged);
            let differ = said.iter().any(|other| other[i] != said[0][i]);
            self.peers_differ += u64::from(differ);
        }
        self.times.push(times.try_into().expect("five"));
        Ok(())
    }

    fn known<'a>(&self, bases: &'a [FactBase], asked: &'a Asked) -> Vec<Known<'a>> {
        let as_of = self.as_of;
        let one = |base| Known { base, asked, as_of };
        bases.iter().map(one).collect()
    }

    fn report(&self, count: u64) {
        println!(
            "{count} dossiers, {} interleaved rounds, CPU of this process",
            self.times.len()
        );
        for (i, name) in [
            "ours, with explanations",
            "regorus, interpreter",
            "regorus, virtual machine",
            "regorus, interpreter, settled for it",
            "regorus, virtual machine, settled for it",
        ]
        .into_iter()
        .enumerate()
        {
            let seconds: f64 = self.times.iter().map(|t| t[i].as_secs_f64()).sum();
            let ratios = self
                .times
                .iter()
                .map(|t| t[i].as_secs_f64() / t[0].as_secs_f64());
            println!(
                "{name:40} {:8.1} µs a dossier  {:6.2} × ours (median of rounds)",
                seconds * 1e6 / count as f64,
                median(ratios.collect())
            );
        }
        let a = &self.agreement;
        println!("verdicts of ours: {:?}", a.given);
        println!(
            "both decide: {} alike, {} not; {} decided by ours alone, {} by the peer alone",
            a.alike,
            a.wrong.values().map(|(times, _)| times).sum::<u64>(),
            a.ours_alone,
            a.peer_alone,
        );
        println!("the peer's ways differ on {} dossiers", self.peers_differ);
        for (what, (times, first)) in &a.wrong {
            println!("{what}: {times} times, first in dossier {first}");
        }
    }
}

fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn timed<T>(f: impl FnOnce() -> T) -> (Duration, T) {
    let start = ProcessTime::now();
    let out = f();
    (start.elapsed(), out)
}

fn load(dir: &Path) -> Result<Referential, Failed> {
    let sets = Countries::standard().sets().iter().map(|s| {
        let members = s.members.iter().map(|c| c.as_str().into());
        (s.name.as_str().into(), members.collect())
    });
    let loaded = Referential::read(dir, Schema::standard(), &sets.collect::<Sets>(), None);
    loaded.map_err(|f| format!("{:?}", f.diagnostics).into())
}

fn dossier(number: u64) -> FactBase {
    let files = cocarde_sample::dossier(number);
    let texts: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, &**t)).collect();
    cocarde_dossier::read_texts(&texts)
        .expect("well-formed")
        .base
}
