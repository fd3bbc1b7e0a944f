//! What must not pass for a certificate: refused, with its reason and exit code 1.

use crate::label::{Label, SITE};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The certificate is refused for that reason.
fn refused(label: &Label, certificate: &str, more: &[&str], reason: &str) {
    let (code, state, codes) = label.verdict(certificate, more);
    assert_eq!((code, &*state), (1, "invalid"), "{certificate}: {codes:?}");
    assert_eq!(codes.last().unwrap(), reason, "{certificate}");
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A JWT with a word of one of its parts changed.
fn changed(token: &str, part: usize, from: &str, to: &str) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let read = URL_SAFE_NO_PAD.decode(&parts[part]).unwrap();
    let read = String::from_utf8(read).unwrap();
    assert!(read.contains(from));
    parts[part] = URL_SAFE_NO_PAD.encode(read.replacen(from, to, 1));
    parts.join(".")
}

#[test]
fn altered_tokens_are_refused() {
    let label = Label::new("token", SITE);
    let token = label.read("issued/certificate.jwt");
    let (_, rest) = token.split_once('.').unwrap();
    let kid = "did:web:label.example#k1-jwk";
    for (alg, reason) in [
        ("none", "algorithm"),
        ("HS256", "algorithm"),
        ("ES256", "algorithm"),
    ] {
        let header = encode(&json!({"alg": alg, "kid": kid, "typ": "vc+jwt"}));
        let path = label.write("altered.jwt", format!("{header}.{rest}"));
        refused(&label, &path, &[], reason);
    }
    let (unsigned, signature) = token.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    let twice = "{\"validUntil\":\"2099-01-01T00:00:00Z\",";
    for (name, text, reason) in [
        (
            "payload",
            changed(&token, 1, "2029-11", "2039-11"),
            "signature",
        ),
        (
            "signature",
            format!("{unsigned}.{other}{}", &signature[1..]),
            "signature",
        ),
        (
            "header",
            changed(&token, 0, "\"vc\"", "\"VC\""),
            "signature",
        ),
        ("doubled", changed(&token, 1, "{", twice), "json"),
        (
            "oversize",
            format!("e30.{}.AA", "A".repeat(3 << 20)),
            "oversize",
        ),
        ("binary", "\u{0}\u{1}".into(), "jws"),
        ("empty", String::new(), "jws"),
        ("two parts", "e30.e30".into(), "jws"),
    ] {
        let path = label.write(&format!("{name}.jwt"), text);
        refused(&label, &path, &[], reason);
    }
    let path = label.write("not-text.jwt", [0xff, 0xfe, 0x00]);
    refused(&label, &path, &[], "format");
}

#[test]
fn altered_documents_are_refused() {
    let label = Label::new("document", SITE);
    let good = label.read("issued/certificate.json");
    for (name, from, to, reason) in [
        ("holder", "Nuage Boréal SAS", "Nuage Autre SAS", "signature"),
        ("day", "created\": \"2026", "created\": \"2025", "signature"),
        ("suite", "eddsa-jcs-2022", "eddsa-rdfc-2022", "proof"),
        ("key", "#k1", "#k2", "unknown-key"),
        ("issuer", "web:label.", "web:other.", "unknown-issuer"),
        ("doubled", "{\n", "{\n\"name\": \"x\",", "json"),
        ("added", "{\n", "{\n\"note\": \"x\",", "signature"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good, "{name}");
        let path = label.write(&format!("{name}.json"), bad);
        refused(&label, &path, &[], reason);
    }
}

#[test]
fn another_s_key_is_refused() {
    let (label, other) = (Label::new("mine", SITE), Label::new("theirs", SITE));
    // The same names, other keys.
    refused(
        &label,
        &other.path("issued/certificate.jwt"),
        &["--proof", &label.path("issued/certificate.tlog-proof")],
        "signature",
    );
    // A list that another signed.
    let stranger = other.read("status/revocation");
    label.write("status/revocation", stranger);
    refused(
        &label,
        &label.path("issued/certificate.jwt"),
        &[],
        "signature",
    );
    let path = label.write("status/revocation", "eyJ");
    let (code, _, codes) = label.verdict(&label.path("issued/certificate.jwt"), &[]);
    assert!(
        code == 1 && codes.last().unwrap() == "jws",
        "{path}: {codes:?}"
    );
}

#[test]
fn log_proofs_that_prove_something_else_are_refused() {
    let (label, other) = (Label::new("log", SITE), Label::new("other-log", SITE));
    let path = label.path("issued/certificate.jwt");
    let good = label.read("issued/certificate.tlog-proof");
    let theirs = other.read("issued/certificate.tlog-proof");
    for (name, proof, reason) in [
        ("index", good.replace("index 0", "index 1"), "merkle"),
        (
            "size",
            good.replace("journal\n1\n", "journal\n2\n"),
            "signature",
        ),
        ("signer", theirs, "unsigned"),
        (
            "origin",
            good.replace("label.example/journal\n", "other.example/journal\n"),
            "origin",
        ),
        ("cut", good[..good.len() / 2].to_owned(), "note"),
        ("empty", String::new(), "log-proof"),
    ] {
        let file = label.write(&format!("{name}.tlog-proof"), proof);
        refused(&label, &path, &["--proof", &file], reason);
    }
}

#[test]
fn a_log_that_tells_two_stories_is_found_out() {
    let label = Label::new("fork", SITE);
    let (log, key) = (label.path("log"), label.path("log.pem"));
    // The log's key signs another tree of the same size.
    let (twin, entry) = (label.path("twin"), label.path("issued/open-badge.jwt"));
    label.good(&[
        "log",
        "new",
        &twin,
        "--origin",
        "label.example/journal",
        "--key",
        &key,
    ]);
    label.good(&["log", "append", &twin, "--key", &key, &entry]);
    let seen = label.path("twin/checkpoint");
    label.trust(&["--checkpoint", &seen]);
    refused(&label, &label.path("issued/certificate.jwt"), &[], "fork");
    let told = label.run(&["log", "checkpoint", &log, "--older", &seen]);
    assert!(told.code == 2 && told.err.contains("forks"), "{}", told.err);
}

#[test]
fn a_damaged_log_is_named_by_its_file() {
    let label = Label::new("damaged", SITE);
    let log = label.path("log");
    let tile = label.dir.join("log/tile/0/000.p/1");
    let good = std::fs::read(&tile).unwrap();
    for bad in [&good[..31], &[0; 32], b""] {
        std::fs::write(&tile, bad).unwrap();
        let ran = label.run(&["log", "fsck", &log]);
        assert_eq!(ran.code, 2, "{}", ran.out);
        assert!(ran.err.contains("tile/0/000"), "{}", ran.err);
    }
    std::fs::write(&tile, &good).unwrap();
    label.good(&["log", "fsck", &log]);
    std::fs::write(label.dir.join("log/tile/entries/000.p/1"), [0, 9]).unwrap();
    assert!(label.run(&["log", "fsck", &log]).err.contains("truncated"));
}

#[test]
fn a_page_with_another_s_attachment_is_refused() {
    let label = Label::new("page", SITE);
    label.decide("EX-2026-0043", SITE);
    label.issue("issuer.pem", "k1", "second");
    let page = |name| std::fs::read(label.dir.join(name).join("certificate.fr.pdf")).unwrap();
    let (mine, theirs) = (page("issued"), page("second"));
    let find = |bytes: &[u8], word: &[u8]| bytes.windows(word.len()).position(|w| w == word);
    let part = |pdf: &[u8]| {
        let from = find(pdf, b"/EmbeddedFile").unwrap();
        from..from + find(&pdf[from..], b"endstream").unwrap()
    };
    let (a, b) = (part(&mine), part(&theirs));
    let swapped = [&mine[..a.start], &theirs[b], &mine[a.end..]].concat();
    let path = label.write("swapped.pdf", swapped);
    refused(&label, &path, &[], "pdf-page");
    let path = label.write("none.pdf", b"%PDF-1.7\n%%EOF");
    refused(&label, &path, &[], "pdf");
    let mut more = mine.clone();
    more.extend(b"\n%one more line\n");
    let path = label.write("more.pdf", more);
    refused(&label, &path, &[], "pdf-page");
}

#[test]
fn decisions_that_do_not_hold_are_not_issued() {
    let label = Label::new("decision", SITE);
    let good = label.read("decision.toml");
    let issue = || {
        let [decision, assessment, key, document, out] = [
            "bad.toml",
            "assessment.json",
            "issuer.pem",
            "did.json",
            "bad",
        ]
        .map(|n| label.path(n));
        label.run(&[
            "issue",
            &decision,
            "--assessment",
            &assessment,
            "--key",
            &key,
            "--key-name",
            "k1",
            "--document",
            &document,
            "--out",
            &out,
        ])
    };
    for (from, to, word) in [
        (
            "valid_until = \"2029",
            "valid_until = \"2025",
            "valid_until",
        ),
        ("sha256 = \"", "sha256 = \"0", "sha256"),
        ("number =", "numbre =", "numbre"),
        ("index = 42", "index = 99999999", "index"),
        (
            "id = \"https://label.example/certificats",
            "id = \"urn:x",
            "id: nobody asks `urn:",
        ),
        (
            "base = \"https",
            "base = \"http",
            "status.base: nobody asks `http:",
        ),
    ] {
        label.write("bad.toml", good.replace(from, to));
        let ran = issue();
        assert_eq!(ran.code, 2, "{to}: {}", ran.out);
        assert!(
            ran.err.contains(word) && ran.err.contains("bad.toml"),
            "{}",
            ran.err
        );
        assert!(!label.dir.join("bad").exists(), "{to}: nothing is written");
    }
    label.write("bad.toml", &good);
    label.write("assessment.json", "{}");
    assert!(issue().err.contains("is not that of the decision"));
}
