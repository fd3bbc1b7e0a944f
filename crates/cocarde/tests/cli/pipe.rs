//! A reader that leaves, as `head` does, changes nothing: no word on standard error, and the
//! exit code of one that stays.

use crate::{AS_OF, cocarde, root};
use std::process::Command;

/// Runs the program with nobody at the other end of its standard output.
fn unread(args: &[&str]) -> (Option<i32>, String) {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    let out = Command::new(env!("CARGO_BIN_EXE_cocarde"))
        .args(args)
        .current_dir(root())
        .env("LC_ALL", "fr_FR.UTF-8")
        .stdout(writer)
        .output()
        .expect("the program starts");
    let said = String::from_utf8(out.stderr).expect("UTF-8");
    (out.status.code(), said)
}

#[test]
fn an_answer_that_is_lost_is_an_error() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let observation = std::env::temp_dir().join(format!("observation-{}", std::process::id()));
    std::fs::write(&observation, "{\"domain\":\"exemple.fr\"}\n").expect("a file");
    let out = Command::new(env!("CARGO_BIN_EXE_cocarde"))
        .args(["classify", "--lang", "en"])
        .stdin(std::fs::File::open(&observation).expect("the file"))
        .stdout(full.expect("a full device"))
        .output()
        .expect("the program starts");
    std::fs::remove_file(&observation).expect("removed");
    let said = String::from_utf8(out.stderr).expect("UTF-8");
    assert_eq!(out.status.code(), Some(2), "{said}");
    assert!(said.contains("the answer cannot be written"), "{said}");
}

#[test]
fn a_reader_that_leaves_changes_nothing() {
    let usine = ["resilience", "examples/usine", "-s", "us-vendor-stop"];
    let suite = ["examples/suite-azur", "--as-of", AS_OF];
    let of = |command| [&[command], &suite[..]].concat();
    for args in [
        &["schema"][..],
        &["--help"],
        &["referential", "list"],
        &["referential", "show", "nfg-2026"],
        &["referential", "check", "referentials/nfg-2026"],
        &["verify", "README.md"],
        &of("assess"),
        &of("check"),
        &of("control"),
        &of("reach"),
        &of("value"),
        &usine,
    ] {
        let read = cocarde(args);
        assert_eq!(unread(args), (Some(read.code), read.err), "{args:?}");
    }
}
