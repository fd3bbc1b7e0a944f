//! A new dossier, of every kind: it checks clean, and its assessment says what is missing.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn scratch(name: &str) -> Scratch {
    let dir = std::env::temp_dir().join(format!("cocarde-new-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    Scratch(dir)
}

fn cocarde(args: &[&str], dir: &Path, lang: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cocarde"));
    command.args(args).arg(dir).args(["--lang", lang]);
    command.output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_new_dossier_of_every_kind_is_clean_and_undetermined() {
    for kind in cocarde_dossier::kinds() {
        for (lang, begin) in [("fr", "Par où commencer"), ("en", "Where to begin")] {
            let dir = scratch(&format!("{kind}-{lang}"));
            let made = cocarde(&["new", "--kind", &kind], &dir.0, lang);
            assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
            let checked = cocarde(&["check"], &dir.0, lang);
            assert_eq!(checked.status.code(), Some(0), "{kind} {lang}");
            assert!(text(&checked.stdout).starts_with("0 err"), "{kind} {lang}");
            let assessed = cocarde(&["assess", "--as-of", "2026-11-24"], &dir.0, lang);
            let said = text(&assessed.stdout);
            assert_eq!(assessed.status.code(), Some(3), "{kind} {lang}\n{said}");
            // Services have fewer criteria than it takes to be lost among them.
            assert_eq!(
                said.contains(begin),
                kind != "services",
                "{kind} {lang}\n{said}"
            );
            assert!(said.contains("➜"), "{kind} {lang}\n{said}");
        }
    }
}

#[test]
fn what_is_there_is_not_written_over() {
    let dir = scratch("taken");
    std::fs::create_dir_all(&dir.0).unwrap();
    std::fs::write(dir.0.join("dossier.toml"), "mine").unwrap();
    let refused = cocarde(&["new", "--kind", "cloud"], &dir.0, "en");
    assert_eq!(refused.status.code(), Some(2));
    assert!(text(&refused.stderr).contains("nothing was written"));
    let kept = std::fs::read_to_string(dir.0.join("dossier.toml")).unwrap();
    assert_eq!(
        (&*kept, std::fs::read_dir(&dir.0).unwrap().count()),
        ("mine", 1)
    );
}

/// A disk that fills up leaves no part of a dossier, so that the same command works again.
#[test]
fn a_dossier_is_written_whole_or_not_at_all() {
    let dir = scratch("full");
    for made_before in [false, true] {
        if made_before {
            std::fs::create_dir_all(&dir.0).unwrap();
        }
        let mut shell = Command::new("sh");
        shell.args([
            "-c",
            "trap '' XFSZ; ulimit -f 4; exec \"$0\" new --kind cloud \"$1\"",
        ]);
        shell.arg(env!("CARGO_BIN_EXE_cocarde")).arg(&dir.0);
        let refused = shell.output().unwrap();
        assert_eq!(refused.status.code(), Some(2), "{}", text(&refused.stderr));
        let left = std::fs::read_dir(&dir.0).map_or(0, Iterator::count);
        assert_eq!(left, 0);
    }
    let made = cocarde(&["new", "--kind", "cloud"], &dir.0, "en");
    assert_eq!(made.status.code(), Some(0), "{}", text(&made.stderr));
}

#[test]
fn of_a_workbook_in_no_directory_the_directory_is_told() {
    let dir = scratch("nowhere");
    assert_eq!(
        cocarde(&["new", "--kind", "cloud"], &dir.0, "en")
            .status
            .code(),
        Some(0)
    );
    let into = dir.0.join("none/b.xlsx");
    let refused = cocarde(&["export", "--xlsx", into.to_str().unwrap()], &dir.0, "en");
    assert_eq!(refused.status.code(), Some(2));
    let said: Vec<&str> = text(&refused.stderr).split_whitespace().collect();
    assert!(said.join(" ").contains("none` does not exist"), "{said:?}");
}
