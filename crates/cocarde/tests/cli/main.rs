//! The command line, run as people run it: exit codes, what is printed, and that what is
//! printed for machines follows the schema that is published.

mod analyses;
mod codes;
mod diff;
mod goldens;
mod json;
mod pipe;
mod widths;
mod words;

use std::path::{Path, PathBuf};
use std::process::Command;

/// The day all tests assess on.
const AS_OF: &str = "2026-11-23";

struct Ran {
    code: i32,
    out: String,
    err: String,
}

/// Runs the program at the root of the project, as in a pipe.
fn cocarde(args: &[&str]) -> Ran {
    run(Command::new(env!("CARGO_BIN_EXE_cocarde"))
        .args(args)
        .env_remove("COLUMNS"))
}

/// Runs it in so many columns.
fn cocarde_in(args: &[&str], columns: usize) -> Ran {
    run(Command::new(env!("CARGO_BIN_EXE_cocarde"))
        .args(args)
        .env("COLUMNS", columns.to_string()))
}

fn run(command: &mut Command) -> Ran {
    let out = command
        .current_dir(root())
        .env("LC_ALL", "fr_FR.UTF-8")
        .output()
        .expect("the program starts");
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    Ran {
        code: out.status.code().expect("no signal"),
        out: text(out.stdout),
        err: text(out.stderr),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The examples that can be read, by name.
fn examples() -> Vec<String> {
    let entries = std::fs::read_dir(root().join("examples")).expect("examples");
    let names = entries.map(|e| e.expect("an entry").file_name());
    let mut names: Vec<String> = names.map(|n| n.to_string_lossy().into_owned()).collect();
    names.retain(|n| n != "broken" && root().join("examples").join(n).is_dir());
    names.sort();
    names
}
