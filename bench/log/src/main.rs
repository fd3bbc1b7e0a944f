//! The transparency log at a million entries, as it is used: every append durable before
//! it is acknowledged. Rates of batched appends and of appends one at a time, sizes of
//! proofs, CPU of verification beside the crates `tlog_tiles` and `signed_note`, in turn
//! in the same run.
//!
//! `cargo run --release -- [ENTRIES]`, see README.md.

mod peer;

use cocarde_seal::log::proof::LogProof;
use cocarde_seal::log::store::read_checkpoint;
use cocarde_seal::log::tree::Dir;
use cocarde_seal::log::{Log, Note, fsck};
use cocarde_seal::signer::FileSigner;
use cpu_time::ProcessTime;
use std::path::Path;
use std::time::{Duration, Instant};

const ORIGIN: &str = "label.example/journal";
/// Entries under one checkpoint, as `cocarde log append` has it.
const BATCH: u64 = 10_000;
/// Appends one at a time, in each round.
const ONES: u64 = 300;
/// Proofs verified in each round.
const PROOFS: u64 = 2_000;
const ROUNDS: usize = 3;

type Failed = Box<dyn std::error::Error>;

/// An entry as certificates make them.
fn entry(i: u64) -> Vec<u8> {
    let id = format!("https://label.example/certificats/EX-{i:07}");
    let digest = format!("{i:064x}");
    format!("{{\"id\":\"{id}\",\"sha256\":\"{digest}\",\"type\":\"certificate\"}}").into_bytes()
}

struct Spent {
    wall: Duration,
    cpu: Duration,
}

fn timed<T>(work: impl FnOnce() -> T) -> (Spent, T) {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let done = work();
    let spent = Spent {
        wall: wall.elapsed(),
        cpu: cpu.elapsed(),
    };
    (spent, done)
}

fn main() -> Result<(), Failed> {
    let count: u64 = match std::env::args().nth(1) {
        Some(n) => n.parse()?,
        None => 1_000_000,
    };
    let dir = std::env::temp_dir().join(format!("cocarde-bench-log-{}", std::process::id()));
    let done = run(&dir, count);
    std::fs::remove_dir_all(&dir)?;
    done
}

fn run(dir: &Path, count: u64) -> Result<(), Failed> {
    let signer = FileSigner::ed25519(&[7; 32]);
    let mut log = Log::create(dir, ORIGIN, &signer)?;
    // A round: a part of the million in batches, then some one at a time.
    let (mut batched, mut single) = (Vec::new(), Vec::new());
    let (mut next, part) = (0, count / ROUNDS as u64);
    for round in 1..=ROUNDS as u64 {
        let until = if round == ROUNDS as u64 {
            count
        } else {
            round * part
        };
        let n = until - next;
        let (spent, done) = timed(|| append(&mut log, next..until, BATCH));
        done?;
        batched.push(rates(n, &spent));
        let (spent, done) = timed(|| append(&mut log, until..until + ONES, 1));
        done?;
        single.push(rates(ONES, &spent));
        next = until + ONES;
    }
    let [batched, single] = [batched, single].map(median);
    println!("{} entries, {BATCH} a batch", log.checkpoint().size);
    println!(
        "  batched       {:>9.0} entries/s  {:>8.0} entries/CPU s",
        batched.0, batched.1
    );
    println!(
        "  one at a time {:>9.0} entries/s  {:>8.0} entries/CPU s",
        single.0, single.1
    );
    println!("  batched / one at a time  {:.0}", batched.0 / single.0);

    let note = read_checkpoint(dir)?;
    let (spent, checked) = timed(|| fsck::check(Dir(dir), &note, log.key()));
    let checked = checked?;
    println!(
        "fsck: {:.1} CPU s, {} tiles",
        spent.cpu.as_secs_f64(),
        checked.tiles
    );
    proofs(&log, &note)
}

fn append(log: &mut Log, range: std::ops::Range<u64>, batch: u64) -> Result<(), Failed> {
    let mut from = range.start;
    while from < range.end {
        let until = range.end.min(from + batch);
        let entries: Vec<Vec<u8>> = (from..until).map(entry).collect();
        log.append(&entries)?;
        from = until;
    }
    Ok(())
}

fn rates(n: u64, spent: &Spent) -> (f64, f64) {
    let n = n as f64;
    (n / spent.wall.as_secs_f64(), n / spent.cpu.as_secs_f64())
}

fn median(mut all: Vec<(f64, f64)>) -> (f64, f64) {
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    all[all.len() / 2]
}

fn proofs(log: &Log, note: &Note) -> Result<(), Failed> {
    let size = log.checkpoint().size;
    let mut tree = log.tree();
    let index = |i: u64| i.wrapping_mul(0x9e37_79b9_7f4a_7c15) % size;
    let mut all = Vec::new();
    let (made, done) = timed(|| -> Result<(), Failed> {
        for i in 0..PROOFS {
            let proof = LogProof::new(&mut tree, index(i), note.clone())?.write();
            all.push((tree.entry(index(i))?, proof));
        }
        Ok(())
    });
    done?;
    let mut lengths: Vec<usize> = all.iter().map(|(_, p)| p.len()).collect();
    lengths.sort_unstable();
    println!(
        "proof (.tlog-proof, with its signed checkpoint): {} to {} bytes, median {}; {:.0} CPU µs to make",
        lengths[0],
        lengths[lengths.len() - 1],
        lengths[lengths.len() / 2],
        micros(&made)
    );
    let peer = peer::Peer::new(log.key());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (spent, good) = timed(|| {
            let verify = |(entry, proof): &(Vec<u8>, String)| {
                let read = LogProof::read(proof);
                read.and_then(|p| p.verify(entry, log.key(), &[], 0))
                    .is_ok()
            };
            all.iter().all(verify)
        });
        ours.push((micros(&spent), 0.0));
        let (spent, also) = timed(|| all.iter().all(|(entry, proof)| peer.verify(entry, proof)));
        theirs.push((micros(&spent), 0.0));
        // Neither may believe everything.
        let wrong = |(_, proof): &(Vec<u8>, String)| {
            let read = LogProof::read(proof).and_then(|p| p.verify(b"x", log.key(), &[], 0));
            read.is_err() && !peer.verify(b"x", proof)
        };
        if !(good && also && all.iter().take(50).all(wrong)) {
            return Err("a proof is not as it must be".into());
        }
    }
    let [ours, theirs] = [ours, theirs].map(|all| median(all).0);
    println!(
        "verification of one proof: {ours:.0} CPU µs; tlog_tiles and signed_note {theirs:.0}; × {:.2}",
        ours / theirs
    );
    Ok(())
}

fn micros(spent: &Spent) -> f64 {
    spent.cpu.as_secs_f64() * 1e6 / PROOFS as f64
}
