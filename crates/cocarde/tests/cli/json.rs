//! What is written for machines follows the published schema, by a validator that is not
//! ours, and is the same bytes each time.

use crate::{AS_OF, cocarde, examples};
use serde_json::Value;

#[test]
fn every_report_follows_the_schema_and_two_runs_give_the_same_bytes() {
    let schema = cocarde(&["schema"]);
    assert_eq!(schema.code, 0);
    let schema: Value = serde_json::from_str(&schema.out).expect("JSON");
    jsonschema::meta::validate(&schema).expect("a JSON Schema");
    let validator = jsonschema::draft202012::new(&schema).expect("a JSON Schema of 2020-12");
    for name in examples() {
        for referential in cocarde_referentials() {
            let dir = format!("examples/{name}");
            let args = [
                "assess",
                &dir,
                "--as-of",
                AS_OF,
                "--format",
                "json",
                "--referential",
                &referential,
            ];
            let (first, second) = (cocarde(&args), cocarde(&args));
            assert_eq!(first.out, second.out, "{name}, {referential}");
            let report: Value = serde_json::from_str(&first.out).expect("JSON");
            let errors: Vec<String> = validator
                .iter_errors(&report)
                .map(|e| format!("{}: {e}", e.instance_path()))
                .collect();
            assert!(errors.is_empty(), "{name}, {referential}: {errors:#?}");
            // A validator that takes anything would say nothing.
            let mut wrong = report.clone();
            wrong["verdict"] = "perhaps".into();
            assert!(!validator.is_valid(&wrong));
        }
    }
}

fn cocarde_referentials() -> Vec<String> {
    let list = cocarde(&["referential", "list"]).out;
    let first = |l: &str| l.split_whitespace().next().map(str::to_string);
    list.lines().filter_map(first).collect()
}
