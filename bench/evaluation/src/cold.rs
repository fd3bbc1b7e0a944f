//! A whole run of the program, cold: `cocarde assess` of an example, CPU of the process.

use crate::Failed;
use std::path::{Path, PathBuf};
use std::process::Command;

const RUNS: u32 = 21;

/// Runs the program at `$COCARDE`, else the workspace's own, and prints what it takes.
pub fn cold(root: &Path) -> Result<(), Failed> {
    let program =
        std::env::var_os("COCARDE").map_or(root.join("target/release/cocarde"), PathBuf::from);
    if !program.exists() {
        println!(
            "no {}: build it with `cargo build --release`",
            program.display()
        );
        return Ok(());
    }
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let script = "LC_ALL=C; \"$0\" assess \"$1\" --as-of 2026-11-23 > /dev/null; times";
        let out = Command::new("bash")
            .args(["-c", script])
            .arg(&program)
            .arg(root.join("examples/suite-azur"))
            .output()?;
        times.push(children(&String::from_utf8_lossy(&out.stdout)).ok_or("`times` of bash")?);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "cold `cocarde assess examples/suite-azur`: {:.0} ms of CPU, median of {RUNS} (least {:.0})",
        times[times.len() / 2] * 1000.0,
        times[0] * 1000.0
    );
    Ok(())
}

/// Of what bash's `times` prints, the seconds of its children: user and system.
fn children(times: &str) -> Option<f64> {
    let seconds = |t: &str| {
        let (m, s) = t.trim_end_matches('s').split_once('m')?;
        Some(m.parse::<f64>().ok()? * 60.0 + s.parse::<f64>().ok()?)
    };
    let of_children = times.lines().nth(1)?;
    of_children.split_whitespace().map(seconds).sum()
}
