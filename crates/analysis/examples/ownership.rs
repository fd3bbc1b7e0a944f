//! Our side of `bench/ownership`: integrated shares by jurisdiction and ultimate
//! controllers of a register given as raw arrays. Prints the seconds of CPU for
//! the shares, the peak memory in MiB, and the seconds for the controllers.

use cocarde_analysis::control::{Attribution, Register, Relation};
use std::fs;
use std::path::Path;

fn main() {
    let dir = std::env::args().nth(1).expect("usage: ownership DIRECTORY");
    let dir = Path::new(&dir);
    let holder = read(dir, "holder.u32", u32::from_le_bytes);
    let held = read(dir, "held.u32", u32::from_le_bytes);
    let share = read(dir, "share.f64", f64::from_le_bytes);
    let jurisdiction = read(dir, "jurisdiction.u16", u16::from_le_bytes);
    let pairs = holder.into_iter().zip(held).zip(share);
    let relations: Vec<Relation> = pairs.map(|((a, b), s)| (a, b, s)).collect();

    let start = cpu_seconds();
    let register = Register::new(jurisdiction.len() as u32, &relations).expect("a register");
    let shares = register
        .by_jurisdiction(&jurisdiction, Attribution::Gross)
        .expect("shares");
    let shared = cpu_seconds();
    let controllers = register.ultimate_controllers();
    let controlled = cpu_seconds();
    println!(
        "{:.3} {} (controllers {:.3} s)",
        shared - start,
        peak_mib(),
        controlled - shared
    );

    let mut rows = (Vec::new(), Vec::new(), Vec::new());
    for entity in 0..controllers.len() as u32 {
        for (column, share) in shares.of(entity) {
            rows.0.extend(entity.to_le_bytes());
            rows.1.extend(column.to_le_bytes());
            rows.2.extend(share.to_le_bytes());
        }
    }
    fs::write(dir.join("ours.entity.u32"), rows.0).expect("written");
    fs::write(dir.join("ours.column.u16"), rows.1).expect("written");
    fs::write(dir.join("ours.share.f64"), rows.2).expect("written");
}

fn read<T, const N: usize>(dir: &Path, name: &str, number: fn([u8; N]) -> T) -> Vec<T> {
    let bytes = fs::read(dir.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
    let chunks = bytes.chunks_exact(N);
    chunks
        .map(|c| number(c.try_into().expect("N bytes")))
        .collect()
}

/// User and system time of this process, from the kernel.
fn cpu_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/schedstat").expect("Linux");
    let nanoseconds: f64 = text
        .split(' ')
        .next()
        .and_then(|s| s.parse().ok())
        .expect("a number");
    nanoseconds / 1e9
}

/// Largest resident set so far.
fn peak_mib() -> u64 {
    let text = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = text
        .lines()
        .find(|l| l.starts_with("VmHWM"))
        .expect("VmHWM");
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    digits.parse::<u64>().expect("a number") / 1024
}
