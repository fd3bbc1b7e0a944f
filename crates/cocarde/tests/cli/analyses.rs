//! `control`, `reach` and `value`, as people read them.

use crate::goldens::golden;
use crate::{AS_OF, cocarde, root};
use std::path::PathBuf;
use std::process::{Command, Stdio};

#[test]
fn analyses_read_as_they_did_in_both_languages() {
    for (analysis, name) in [
        ("control", "filiale-us"),
        ("control", "usine"),
        ("reach", "filiale-us"),
        ("reach", "nuage-boreal"),
        ("value", "filiale-us"),
    ] {
        for lang in ["fr", "en"] {
            let dir = format!("examples/{name}");
            let ran = cocarde(&[analysis, &dir, "--as-of", AS_OF, "--lang", lang]);
            assert_eq!(ran.code, 0, "{}", ran.err);
            golden(&format!("{analysis}.{name}.{lang}.txt"), &ran.out);
        }
    }
}

#[test]
fn an_analysis_ends_quietly_when_nobody_reads_on() {
    for command in ["control", "reach", "value"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cocarde"))
            .args([command, "examples/filiale-us", "--format", "json"])
            .current_dir(root())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        drop(child.stdout.take());
        let done = child.wait_with_output().expect("it ends");
        let err = String::from_utf8_lossy(&done.stderr);
        assert_eq!((done.status.code(), &*err), (Some(0), ""), "{command}");
    }
}

/// A copy of the example without what it says of shares outside and without the
/// holdings of these companies.
fn without_holders(name: &str, held: &[&str]) -> PathBuf {
    let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    let from = root().join("examples/nuage-boreal");
    copy(&from, &place);
    let file = place.join("gouvernance.toml");
    let text = std::fs::read_to_string(&file).expect("it reads");
    let left_out = |table: &&str| {
        let of = |party: &&str| table.contains(&format!("held = \"party:{party}\""));
        table.starts_with("[[holding]]") && held.iter().any(of)
    };
    let tables = text.split("\n\n").filter(|table| !left_out(table));
    let tables = tables.collect::<Vec<_>>().join("\n\n");
    let lines = tables.lines().filter(|line| !line.starts_with("non_eu_"));
    let kept: Vec<&str> = lines.collect();
    std::fs::write(&file, kept.join("\n") + "\n").expect("it writes");
    place
}

pub(crate) fn copy(from: &std::path::Path, to: &std::path::Path) {
    std::fs::create_dir_all(to).expect("a directory");
    for entry in std::fs::read_dir(from).expect("a directory") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to),
            false => std::fs::copy(entry.path(), to).map(drop).expect("a copy"),
        }
    }
}

/// To say from where a company is controlled is not to say who holds it.
#[test]
fn shares_whose_holders_nobody_stated_leave_the_verdict_open() {
    for (name, held) in [
        ("top", &["aurore"][..]),
        ("applicant", &["aurore", "applicant", "salaries"]),
    ] {
        let place = without_holders(name, held);
        let dir = place.to_str().expect("UTF-8");
        let ran = cocarde(&["assess", dir, "--as-of", AS_OF, "--format", "json"]);
        assert_eq!(ran.code, 3, "{name}: {}", ran.err);
        let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        let criteria = report["criteria"].as_array().expect("a list");
        for id in ["GOU-3", "GOU-4", "GOU-5"] {
            let found = criteria.iter().find(|c| c["id"] == id).expect(id);
            assert_eq!(found["verdict"], "undetermined", "{name}, {id}");
        }
    }
}
