//! `cocarde resilience`, as people run it. `UPDATE_GOLDEN=1` writes anew what
//! they read.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn resilience(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cocarde"))
        .current_dir(root())
        .args(["resilience", "--color", "never"])
        .args(arguments)
        .env("COLUMNS", "100")
        .output()
        .unwrap()
}

fn said(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn golden(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, expected, "{name}: UPDATE_GOLDEN=1 rewrites it");
}

const DAY: &str = "2026-11-24";

#[test]
fn a_plant_on_a_us_suite_stops_and_is_told_what_would_survive() {
    for lang in ["fr", "en"] {
        let done = resilience(&[
            "examples/usine",
            "--scenario",
            "us-vendor-stop",
            "--as-of",
            DAY,
            "--lang",
            lang,
        ]);
        assert_eq!(done.status.code(), Some(1), "{}", said(&done.stderr));
        golden(
            &format!("usine.us-vendor-stop.{lang}.txt"),
            &said(&done.stdout),
        );
    }
}

#[test]
fn a_town_is_told_what_each_bankruptcy_stops() {
    for lang in ["fr", "en"] {
        let done = resilience(&[
            "examples/commune",
            "--scenario",
            "operator-bankrupt",
            "--as-of",
            DAY,
            "--lang",
            lang,
        ]);
        assert_eq!(done.status.code(), Some(1), "{}", said(&done.stderr));
        golden(
            &format!("commune.operator-bankrupt.{lang}.txt"),
            &said(&done.stdout),
        );
    }
}

#[test]
fn every_scenario_that_ships_gives_json_of_its_schema_and_a_picture() {
    for scenario in [
        "us-vendor-stop",
        "account-deleted-by-host",
        "operator-bankrupt",
        "licence-withdrawn",
        "cable-cut",
    ] {
        for dossier in ["examples/usine", "examples/commune"] {
            let run = |format| {
                let done = resilience(&[
                    dossier,
                    "--scenario",
                    scenario,
                    "--as-of",
                    DAY,
                    "--format",
                    format,
                ]);
                assert_ne!(
                    done.status.code(),
                    Some(2),
                    "{scenario}: {}",
                    said(&done.stderr)
                );
                said(&done.stdout)
            };
            let json: serde_json::Value = serde_json::from_str(&run("json")).unwrap();
            assert_eq!(json["scenario"]["id"], scenario);
            assert_eq!(run("json"), run("json"));
            if json["events"].as_array().is_some_and(|e| !e.is_empty()) {
                let picture = run("svg");
                assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
                assert_eq!(picture, run("svg"));
            } else {
                let drawn = resilience(&[dossier, "--scenario", scenario, "--format", "svg"]);
                assert_eq!(drawn.status.code(), Some(2));
            }
        }
    }
}

/// Writes a fault tree and analyses it.
fn fault_tree(name: &str, text: &str, arguments: &[&str]) -> Output {
    let dir = std::env::temp_dir().join(format!("cocarde-{}", std::process::id()));
    std::fs::create_dir_all(&dir).unwrap();
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    let path = path.to_str().unwrap();
    resilience(&[&["--lang", "en", "--fault-tree", path], arguments].concat())
}

const TREE: &str = r#"<opsa-mef><define-fault-tree name="t">
<define-gate name="top"><and><gate name="power"/><gate name="pumps"/></and></define-gate>
<define-gate name="power"><or><basic-event name="grid"/><basic-event name="breaker"/></or></define-gate>
<define-gate name="pumps"><atleast min="2"><basic-event name="a"/><basic-event name="b"/><basic-event name="c"/></atleast></define-gate>
<define-basic-event name="grid"/><define-basic-event name="breaker"/>
<define-basic-event name="a"/><define-basic-event name="b"/><define-basic-event name="c"/>
</define-fault-tree></opsa-mef>"#;

#[test]
fn a_fault_tree_is_counted_and_listed() {
    assert_eq!(said(&fault_tree("t.xml", TREE, &["--count"]).stdout), "6\n");
    let listed = said(&fault_tree("t.xml", TREE, &["--list"]).stdout);
    let mut sets: Vec<Vec<&str>> = listed.lines().map(|l| l.split(' ').collect()).collect();
    sets.iter_mut().for_each(|s| s.sort_unstable());
    sets.sort_unstable();
    assert_eq!(sets.len(), 6);
    assert_eq!(sets[0], ["a", "b", "breaker"]);
    let few = fault_tree("t.xml", TREE, &["--list", "--max-order", "2"]);
    assert_eq!(said(&few.stdout), "");
}

#[test]
fn bad_fault_trees_are_refused_at_their_place() {
    let told = |name: &str, text: &str| {
        let done = fault_tree(name, text, &["--count"]);
        assert_eq!(done.status.code(), Some(2));
        assert_eq!(said(&done.stdout), "");
        said(&done.stderr)
    };
    let much = told("k.xml", &TREE.replace("min=\"2\"", "min=\"4\""));
    assert!(
        much.contains("threshold 4 exceeds the 3 inputs") && much.contains("k.xml:4:"),
        "{much}"
    );
    let looped = told(
        "loop.xml",
        &TREE.replace(
            "<basic-event name=\"grid\"/><basic-event name=\"breaker\"/></or>",
            "<gate name=\"top\"/></or>",
        ),
    );
    assert!(looped.contains("top → power → top"), "{looped}");
    let bomb = told(
        "bomb.xml",
        "<!DOCTYPE a [<!ENTITY a \"aa\"><!ENTITY b \"&a;&a;\">]><opsa-mef>&b;</opsa-mef>",
    );
    assert!(bomb.contains("document-type"), "{bomb}");
    let limit = fault_tree("t.xml", TREE, &["--count", "--max-nodes", "4"]);
    assert!(said(&limit.stderr).contains("within 4 nodes"));
}

/// What is of a fault tree alone is refused beside a dossier, and not passed over.
#[test]
fn options_of_a_fault_tree_do_not_go_with_a_dossier() {
    for option in [
        &["--max-nodes", "5"][..],
        &["--count"],
        &["--list"],
        &["--top", "g"],
        &["--max-order", "2"],
    ] {
        let dossier = ["examples/usine", "--scenario", "us-vendor-stop"];
        let done = resilience(&[&["--lang", "en"], &dossier[..], option].concat());
        assert_eq!(done.status.code(), Some(2), "{option:?}");
        let said = said(&done.stderr);
        assert!(
            said.contains(&format!("[DIR] does not go with {}", option[0])),
            "{said}"
        );
    }
}

#[test]
fn a_wrong_scenario_or_actor_is_named() {
    let done = resilience(&[
        "examples/usine",
        "--scenario",
        "us-vendor-stopp",
        "--lang",
        "en",
    ]);
    assert!(said(&done.stderr).contains("did you mean `us-vendor-stop`?"));
    let done = resilience(&[
        "examples/usine",
        "--scenario",
        "operator-bankrupt",
        "--actor",
        "x",
        "--lang",
        "en",
    ]);
    assert!(said(&done.stderr).contains("no [[party]] of the dossier is called `x`"));
    let done = resilience(&[
        "examples/suite-azur",
        "--scenario",
        "cable-cut",
        "--lang",
        "en",
    ]);
    assert!(said(&done.stderr).contains("names no function"));
}
