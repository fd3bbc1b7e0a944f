//! Exit codes: 0 would pass, 1 would not, 3 undetermined, 2 error.

use crate::{AS_OF, cocarde, examples};

#[test]
fn the_exit_code_is_the_verdict() {
    let mut seen = Vec::new();
    for name in examples() {
        let dir = format!("examples/{name}");
        let ran = cocarde(&["assess", &dir, "--as-of", AS_OF, "--format", "json"]);
        let report: serde_json::Value = serde_json::from_str(&ran.out).expect("JSON");
        let expected = match report["verdict"].as_str().expect("a verdict") {
            "satisfied" => 0,
            "not-satisfied" => 1,
            "undetermined" => 3,
            other => panic!("{other}"),
        };
        assert_eq!(ran.code, expected, "{name}");
        seen.push(ran.code);
    }
    for code in [0, 1, 3] {
        assert!(
            seen.contains(&code),
            "no example ends with {code}: {seen:?}"
        );
    }
}

#[test]
fn errors_end_with_two_and_say_nothing_on_standard_output() {
    for args in [
        &["assess", "examples/broken"][..],
        &["assess", "examples/none-such"],
        &["assess", "examples/suite-azur", "--referential", "nfg-2027"],
        &["assess", "examples/suite-azur", "--as-of", "2026-02-30"],
        &["check", "examples/broken"],
        &["referential", "show", "none-such"],
        &["no-such-command"],
    ] {
        let ran = cocarde(args);
        assert_eq!(ran.code, 2, "{args:?}");
        assert_eq!(ran.out, "", "{args:?}");
        assert!(!ran.err.is_empty(), "{args:?}");
        assert!(!ran.err.contains("panicked"), "{args:?}: {}", ran.err);
    }
}

#[test]
fn a_name_nearly_right_is_suggested() {
    let ran = cocarde(&["assess", "examples/suite-azur", "--referential", "nfg-2027"]);
    assert!(ran.err.contains("« nfg-2026 »"), "{}", ran.err);
}

#[test]
fn the_shipped_referentials_list_show_and_check() {
    let list = cocarde(&["referential", "list"]);
    assert_eq!(list.code, 0);
    for line in list.out.lines() {
        let name = line.split_whitespace().next().expect("a name");
        assert_eq!(cocarde(&["referential", "show", name]).code, 0, "{name}");
        let dir = format!("referentials/{name}");
        assert_eq!(cocarde(&["referential", "check", &dir]).code, 0, "{name}");
    }
    assert!(list.out.lines().count() >= 5);
}
