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

#[test]
fn a_referential_of_which_the_beginning_is_named_is_the_one_that_was_meant() {
    for (begun, meant) in [("nfg", "nfg-2026"), ("secnumcloud", "secnumcloud-3.2-ch19")] {
        let ran = cocarde(&["referential", "show", begun, "--lang", "en"]);
        let said = format!("no referential or directory `{begun}`; did you mean `{meant}`?");
        assert!(ran.err.contains(&said), "{}", ran.err);
    }
}

#[test]
fn criteria_by_assumption_are_counted_where_there_are_some() {
    let ran = cocarde(&["referential", "list", "--lang", "en"]);
    assert!(ran.out.contains("29 of them by assumption"), "{}", ran.out);
    assert!(!ran.out.contains(" 0 of them"), "{}", ran.out);
}
