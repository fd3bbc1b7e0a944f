//! What is told as proven is what was proven.

use crate::common::*;
use cocarde_seal::did::DidDocument;
use serde_json::json;

#[test]
fn a_stolen_key_is_stolen_under_each_of_its_names() {
    let stolen = Some(t("2026-06-01T00:00:00Z"));
    for name in ["#ed", "#ed-jwk", "#ec-jwk"] {
        let mut published = document().write();
        let methods = published["verificationMethod"].as_array_mut().unwrap();
        let method = methods
            .iter_mut()
            .find(|m| m["id"] == format!("{DID}{name}"));
        method.unwrap()["revoked"] = json!("2026-06-01T00:00:00Z");
        let read = DidDocument::read(&published).unwrap();
        for key in &read.keys {
            let same = key.id.contains(&name[..3]);
            assert_eq!(key.revoked, stolen.filter(|_| same), "{name}: {}", key.id);
        }
    }
}
