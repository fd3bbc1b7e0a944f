//! What is wrong is told with its file, its place and its mend, in the language asked for.

use crate::label::{Label, SITE};
use std::io::Write;
use std::process::{Command, Stdio};

/// What is said of a command that must fail, in French.
fn said(label: &Label, args: &[&str]) -> String {
    let ran = label.run(&[args, &["--lang", "fr"]].concat());
    assert_eq!(ran.code, 2, "{args:?}: {}{}", ran.out, ran.err);
    ran.err
}

#[test]
fn every_file_that_is_wrong_is_named() {
    let label = Label::new("named", SITE);
    let [key, log, document, log_key] =
        ["issuer.pem", "log", "did.json", "log.pem"].map(|n| label.path(n));
    let bad = label.write("bad.json", "{\n  \"a\": }");
    let told = said(&label, &["oscal", &bad]);
    let place = format!("{bad} : JSON refusé, ligne 2, colonne 8 : il faut une valeur");
    assert!(told.contains(&place), "{told}");
    let absent = label.path("nowhere.toml");
    let by = ["--key", &key, "--key-name", "k1", "--document", &document];
    let issue = |decision: &str, assessment: &str| {
        let what = ["issue", decision, "--assessment", assessment];
        said(&label, &[&what[..], &by].concat())
    };
    let told = issue(&absent, &bad);
    assert!(
        told.contains(&format!("{absent} : il n'existe pas")),
        "{told}"
    );
    label.write("assessment.json", label.read("bad.json"));
    label.decide("EX-2026-0043", SITE);
    let told = issue(&label.path("decision.toml"), &bad);
    assert!(told.contains(&format!("{bad} : JSON refusé")), "{told}");
    let told = said(&label, &["log", "fsck", &label.path("nolog")]);
    assert!(told.contains("nolog/key : il n'existe pas"), "{told}");
    let (good_key, good) = (label.read("log/key"), label.read("log/checkpoint"));
    for (name, good) in [("log/key", good_key), ("log/checkpoint", good)] {
        label.write(name, "x");
        for args in [
            &["log", "fsck", &log][..],
            &["log", "append", &log, "--key", &log_key, &document],
        ] {
            let told = said(&label, args);
            assert!(told.contains(&format!("{} : ", label.path(name))), "{told}");
        }
        label.write(name, good);
    }
    let told = said(&label, &["log", "fsck", &log, "--witness", "x"]);
    assert!(told.contains("--witness : clé illisible"), "{told}");
    // What is wrong with a proof is an answer, and says which line.
    let proof = label.write("bad.tlog-proof", "c2sp.org/tlog-proof@v1\nx\n");
    let certificate = label.path("issued/certificate.jwt");
    let more = ["--proof", &proof, "--lang", "fr"];
    let ran = label.verify(&certificate, &more);
    let words: Vec<&str> = ran.out.split_whitespace().collect();
    let told = ".tlog-proof : preuve de journal mal formée, ligne 2 : « index N » attendu";
    assert!(
        ran.code == 1 && words.join(" ").contains(told),
        "{}",
        ran.out
    );
}

#[test]
fn an_empty_line_is_named_by_its_number_in_what_is_read() {
    let label = Label::new("empty-line", SITE);
    let (log, key) = (label.path("log"), label.path("log.pem"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_cocarde"))
        .args([
            "log", "append", &log, "--key", &key, "--lines", "--batch", "2",
        ])
        .args(["--lang", "fr"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"a\nb\n\nd\n").unwrap();
    drop(input);
    let done = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(done.stdout), text(done.stderr));
    // The batch before is entered, and said to be.
    assert_eq!((done.status.code(), &*out), (Some(2), "1\n2\n"));
    assert!(err.contains("entrée standard, ligne 3 : vide"), "{err}");
}

#[test]
fn a_log_may_enter_only_what_an_issuer_signed() {
    let (label, other) = (
        Label::new("signed-entry", SITE),
        Label::new("other-entry", SITE),
    );
    let (log, key) = (label.path("log"), label.path("log.pem"));
    let ours = ["--document", &label.path("did.json")];
    let append = |path: &str, more: &[&str]| {
        let what = ["log", "append", &log, "--key", &key, path];
        label.run(&[&what[..], more].concat())
    };
    for name in ["issued/certificate.jwt", "status/revocation", "did.json"] {
        assert_eq!(append(&label.path(name), &ours).code, 0, "{name}");
    }
    let before = label.read("log/checkpoint");
    let theirs = other.path("issued/certificate.jwt");
    let ran = append(&theirs, &ours);
    assert!(ran.code == 2 && ran.err.contains(&theirs), "{}", ran.err);
    assert_eq!(label.read("log/checkpoint"), before);
    // Nobody signs a DID document: what is not the one given may be anybody's.
    let note = r#"{"id": "did:web:label.example", "note": "x"}"#;
    let more = label.read("did.json").replacen('{', "{\"note\": \"x\",", 1);
    for (name, text) in [("note.json", note), ("more.json", &*more)] {
        let path = label.write(name, text);
        let ran = append(&path, &ours);
        let told = format!("{path}: this is not the document given with --document");
        assert!(ran.code == 2 && ran.err.contains(&told), "{}", ran.err);
    }
    // Nor is it known who used a key that was stolen.
    label.change_key("revoke", "2026-11-26");
    for name in ["issued/certificate.jwt", "status/revocation"] {
        let ran = append(&label.path(name), &ours);
        let told = format!("{name}: key revoked on 26 November 2026");
        assert!(ran.code == 2 && ran.err.contains(&told), "{}", ran.err);
        assert!(ran.err.contains("without --document"), "{}", ran.err);
    }
    assert_eq!(label.read("log/checkpoint"), before);
    // A log records what it is given, unless told otherwise.
    for path in [&theirs, &label.path("issued/certificate.jwt")] {
        assert_eq!(append(path, &[]).code, 0);
    }
}

#[test]
fn a_status_and_a_moment_that_do_not_suit_are_told_with_what_does() {
    let label = Label::bare("set");
    for (option, value, told) in [
        (
            "--set",
            "42=retiré",
            "revoked (retiré), suspended (suspendu)",
        ),
        ("--set", "42", "INDICE=ÉTAT"),
        ("--set", "x=revoked", "un nombre entier"),
        ("--until", "demain", "il faut un jour (2026-11-24)"),
    ] {
        let err = said(&label, &["status", "publish", "d", option, value]);
        assert!(err.contains(told), "{err}");
    }
}
