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
