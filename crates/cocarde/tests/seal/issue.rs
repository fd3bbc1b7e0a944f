//! Issuing a certificate: all of it or nothing.

use crate::label::{Label, SITE};

/// The files of a directory, and nothing where there is none.
fn files(label: &Label, name: &str) -> Vec<String> {
    let all = std::fs::read_dir(label.path(name)).into_iter().flatten();
    let mut names: Vec<String> = all
        .map(|e| e.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn an_issue_that_fails_leaves_nothing_and_is_done_again_without_a_second_entry() {
    let label = Label::new("half-done", SITE);
    label.decide("EX-2026-0043", SITE);
    let [decision, assessment, key, document, log, log_key, out] = [
        "decision.toml",
        "assessment.json",
        "issuer.pem",
        "did.json",
        "log",
        "log.pem",
        "second/of/two",
    ]
    .map(|n| label.path(n));
    let issue = |log_key: &str| {
        let what = ["issue", &decision, "--assessment", &assessment];
        let by = ["--key", &key, "--key-name", "k1", "--document", &document];
        let logged = ["--log", &log, "--log-key", log_key, "--out", &out];
        label.run(&[&what[..], &by, &logged].concat())
    };
    let before = label.read("log/checkpoint");
    // The log refuses: nothing is written.
    assert_eq!(issue(&key).code, 2);
    assert!(!label.dir.join("second").exists());
    // A file cannot be written, whichever it is: nothing is entered, nothing else is left.
    for name in [
        "certificate.jwt",
        "certificate.json",
        "certificate.tlog-proof",
        "open-badge.jwt",
        "certificate.fr.pdf",
        "certificate.en.pdf",
    ] {
        let taken = label.dir.join("second/of/two").join(name);
        std::fs::create_dir_all(&taken).unwrap();
        let ran = issue(&log_key);
        assert!(ran.code == 2 && ran.err.contains(name), "{}", ran.err);
        assert_eq!(label.read("log/checkpoint"), before, "{name}");
        assert_eq!(files(&label, "second/of/two"), [name]);
        std::fs::remove_dir(taken).unwrap();
    }
    assert_eq!(issue(&log_key).code, 0);
    assert_eq!(files(&label, "second/of/two").len(), 6);
    let (entered, proof) = (
        label.read("log/checkpoint"),
        label.read("second/of/two/certificate.tlog-proof"),
    );
    assert_ne!(entered, before);
    // As after a failure that came later still.
    std::fs::remove_dir_all(label.dir.join("second")).unwrap();
    assert_eq!(issue(&log_key).code, 0);
    assert_eq!(label.read("log/checkpoint"), entered);
    assert_eq!(label.read("second/of/two/certificate.tlog-proof"), proof);
}

#[test]
fn what_has_no_page_is_neither_written_nor_entered() {
    let label = Label::new("no-page", SITE);
    let long = format!("scope = \"{}", "mot ".repeat(1500));
    let decision = label.read("decision.toml");
    assert!(decision.contains("scope = \""));
    let decision = label.write("long.toml", decision.replace("scope = \"", &long));
    let [assessment, key, document, log, log_key, out] = [
        "assessment.json",
        "issuer.pem",
        "did.json",
        "log",
        "log.pem",
        "long",
    ]
    .map(|n| label.path(n));
    let before = label.read("log/checkpoint");
    let what = ["issue", &decision, "--assessment", &assessment];
    let by = ["--key", &key, "--key-name", "k1", "--document", &document];
    let logged = ["--log", &log, "--log-key", &log_key, "--out", &out];
    let ran = label.run(&[&what[..], &by, &logged].concat());
    assert!(
        ran.code == 2 && ran.err.contains("too much text"),
        "{}",
        ran.err
    );
    assert!(!label.dir.join("long").exists());
    assert_eq!(label.read("log/checkpoint"), before);
}

#[test]
fn no_certificate_takes_the_place_of_another() {
    let label = Label::new("no-place", SITE);
    let document = label.path("did.json");
    let issue = || label.try_issue("issuer.pem", "k1", "issued", &["--document", &document]);
    let read = || ["issued/certificate.jwt", "log/checkpoint"].map(|n| label.read(n));
    let before = read();
    assert_eq!(issue().code, 0, "the same once more");
    label.decide("EX-2026-0043", SITE);
    let ran = issue();
    let told = ran
        .err
        .contains("issued/certificate.jwt: another certificate is there (https://");
    assert!(ran.code == 2 && told, "{}", ran.err);
    assert_eq!(read(), before);
}

/// Of two runs that found nothing there, the second would give names to what the first wrote.
#[test]
fn one_run_at_a_time_issues_into_a_directory() {
    let label = Label::new("two-runs", SITE);
    label.decide("EX-2026-0043", SITE);
    let before = label.read("log/checkpoint");
    let issue = || {
        let document = label.path("did.json");
        label.try_issue("issuer.pem", "k1", "second", &["--document", &document])
    };
    std::fs::create_dir(label.path("second")).unwrap();
    let held = cocarde_seal::file::alone(&label.dir.join("second")).unwrap();
    let ran = issue();
    let told = ran.err.contains("second: another publication is under way");
    assert!(ran.code == 2 && told, "{}", ran.err);
    assert_eq!(files(&label, "second"), [""; 0]);
    assert_eq!(label.read("log/checkpoint"), before);
    drop(held);
    assert_eq!(issue().code, 0);
}
