//! Keys that have ended: they sign nothing, and are not published anew.

use crate::label::{Label, Ran, SITE};

#[test]
fn a_key_that_has_ended_signs_nothing() {
    let label = Label::new("ended", SITE);
    let [key, document, certificate] =
        ["issuer.pem", "did.json", "issued/certificate.jwt"].map(|n| label.path(n));
    let by = ["--key", &key, "--key-name", "k1"];
    label.decide("EX-2026-0043", SITE);
    let names = ["status/revocation", "log/checkpoint"];
    let before = names.map(|n| label.read(n));
    let refused = |ran: Ran, told: &str| {
        let named = ran
            .err
            .contains("did.json: the key `did:web:label.example#k1-jwk`");
        assert!(
            ran.code == 2 && named && ran.err.contains(told),
            "{}",
            ran.err
        );
        assert_eq!(names.map(|n| label.read(n)), before);
        assert!(!label.dir.join("late").exists() && !label.dir.join("register.jwt").exists());
    };
    let attempt = |day: &str, told: &str| {
        refused(label.publish_status(&["42=revoked"], day), told);
        refused(label.publish_register(&[&certificate], day, &by), told);
    };
    let issue = |day: &str, told: &str| {
        let more = ["--document", &document, "--at", day];
        refused(label.try_issue("issuer.pem", "k1", "late", &more), told);
    };
    attempt("2025-12-31", "only from 1 January 2026");
    label.change_key("retire", "2026-11-25");
    let told = "is retired as of 25 November 2026: sign with the next key";
    attempt("2026-11-25", told);
    issue("2026-11-25", told);
    // Nor does one that was stolen, whatever the day one gives.
    label.change_key("revoke", "2026-11-26");
    let told = "is declared stolen since 26 November 2026";
    attempt("2026-11-24T18:00:00Z", told);
    issue("2026-11-24T18:00:00Z", told);
}

#[test]
fn the_key_that_signs_is_the_one_of_that_name() {
    let label = Label::new("another-key", SITE);
    let (log, document) = (label.path("log.pem"), label.path("did.json"));
    label.decide("EX-2026-0043", SITE);
    let ran = label.try_issue("log.pem", "k1", "late", &["--document", &document]);
    let told = ran.err.contains("#k1-jwk` is another key");
    assert!(ran.code == 2 && told, "{}", ran.err);
    let ran = label.publish_register(&[], "2026-11-25", &["--key", &log, "--key-name", "k2"]);
    let told = ran.err.contains("#k2-jwk` is not among those");
    assert!(ran.code == 2 && told, "{}", ran.err);
    let other = label
        .read("did.json")
        .replace("label.example", "other.example");
    let other = label.write("other.json", other);
    let ran = label.try_issue("issuer.pem", "k1", "late", &["--document", &other]);
    let told = ran
        .err
        .contains("document of did:web:other.example, and not of");
    assert!(ran.code == 2 && told, "{}", ran.err);
}

#[test]
fn a_key_that_has_ended_is_not_published_anew() {
    let label = Label::new("published-again", SITE);
    let (document, key) = (label.path("did.json"), label.path("issuer.pem"));
    let publish = |key: &str, name: &str| {
        label.run(&["keys", "publish", &document, "--key", key, "--name", name])
    };
    let refused = |key: &str, name: &str, told: &str| {
        let (before, ran) = (label.read("did.json"), publish(key, name));
        assert!(ran.code == 2 && ran.err.contains(told), "{}", ran.err);
        assert_eq!(label.read("did.json"), before, "it is left as it is");
    };
    refused(
        &key,
        "k2",
        "in the document already (`did:web:label.example#k1`): make a new one",
    );
    label.change_key("retire", "2026-11-24T20:00:00Z");
    let ended = "is retired as of 24 November 2026, 20:00 (UTC)";
    refused(
        &key,
        "k2",
        &format!("`did:web:label.example#k1`) and {ended}: make a new one"),
    );
    refused(
        &key,
        "k1",
        &format!("`did:web:label.example#k1` exists and {ended}"),
    );
    // Nor where that end stands by a name that asserts nothing any more.
    let mut read: serde_json::Value = serde_json::from_str(&label.read("did.json")).unwrap();
    let whole = label.read("did.json");
    read["assertionMethod"] = serde_json::json!([]);
    label.write("did.json", read.to_string());
    refused(&key, "k2", ended);
    label.write("did.json", whole);
    label.change_key("revoke", "2026-11-24T19:00:00Z");
    refused(
        &key,
        "k2",
        "and is declared stolen since 24 November 2026, 19:00 (UTC)",
    );
    let second = label.path("second.pem");
    label.good(&["keys", "new", &second]);
    for name in ["", "k 2", "clé", "k2#k3", "k2-jwk"] {
        refused(&second, name, "is no name of a key");
    }
    let whose = [
        "--did",
        "did:web:other.example",
        "--key",
        &second,
        "--name",
        "k2",
    ];
    let ran = label.run(&[&["keys", "publish", &document][..], &whose].concat());
    assert!(
        ran.code == 2 && ran.err.contains("and not of did:web:other.example"),
        "{}",
        ran.err
    );
    assert_eq!(publish(&second, "k2").code, 0);
}
