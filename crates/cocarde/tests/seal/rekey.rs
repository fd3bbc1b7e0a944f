//! A log whose key changes: nothing is lost, and nobody is surprised.

use crate::label::{Label, SITE};

/// A label whose log went on under a next key.
fn rekeyed(name: &str) -> Label {
    let label = Label::new(name, SITE);
    let [log, old, new] = ["log", "log.pem", "next.pem"].map(|n| label.path(n));
    label.good(&["keys", "new", &new]);
    label.write("before", label.read("log/checkpoint"));
    label.write("old-key", label.read("log/key"));
    let ran = label.good(&["log", "rekey", &log, "--key", &old, "--next", &new]);
    assert_eq!(ran.out, label.read("log/key"));
    assert_eq!(label.read("log/former-keys"), label.read("old-key"));
    label
}

#[test]
fn what_was_entered_before_a_change_of_key_is_proven_under_either() {
    let label = rekeyed("rekeyed");
    let [log, old, new, list, certificate, before] = [
        "log",
        "log.pem",
        "next.pem",
        "status/revocation",
        "issued/certificate.jwt",
        "before",
    ]
    .map(|n| label.path(n));
    label.good(&["log", "append", &log, "--key", &new, &list]);
    label.good(&["log", "fsck", &log]);
    let ran = label.good(&["log", "checkpoint", &log, "--older", &before]);
    assert!(ran.out.contains("2 entries do continue 1"), "{}", ran.out);
    let newer = label.good(&["log", "prove", &log, &certificate]).out;
    let newer = label.write("newer.tlog-proof", newer);
    let held = label.path("issued/certificate.tlog-proof");
    let asked = |keys: &[&str], proof: &str| {
        let issuer = label.path("did.json");
        let keys: Vec<String> = keys.iter().map(|k| label.read(k)).collect();
        let mut args = vec!["keys", "trust", "--issuer", &issuer];
        keys.iter()
            .for_each(|k| args.extend(["--log", k.trim_end()]));
        label.write("trust.json", label.good(&args).out);
        let (code, _, codes) = label.verdict(&certificate, &["--proof", proof]);
        (code, codes.last().unwrap().clone())
    };
    for proof in [&held, &newer] {
        for keys in [["old-key", "log/key"], ["log/key", "old-key"]] {
            assert_eq!(asked(&keys, proof).0, 0, "{keys:?}");
        }
    }
    let unsigned = (1, "unsigned".to_owned());
    assert_eq!(asked(&["old-key"], &newer), unsigned);
    assert_eq!(asked(&["log/key"], &held), unsigned);
    assert_eq!(asked(&["old-key"], &held).0, 0);
    assert_eq!(asked(&["log/key"], &newer).0, 0);

    let ran = label.run(&["log", "append", &log, "--key", &old, &list]);
    assert_eq!(ran.code, 2, "{}", ran.out);
}

#[test]
fn the_key_of_before_enters_nothing_more() {
    let label = rekeyed("rekeyed-late");
    let [log, old, new, list] =
        ["log", "log.pem", "next.pem", "status/revocation"].map(|n| label.path(n));
    let before = label.read("log/checkpoint");
    let ran = label.run(&["log", "append", &log, "--key", &old, &list]);
    let told = ran.err.contains("goes on under another key");
    assert!(ran.code == 2 && told, "{}", ran.err);
    // Asked again, it is told; what was cut off before its files were written is finished.
    let again = || label.run(&["log", "rekey", &log, "--key", &old, "--next", &new]);
    let ran = again();
    assert!(
        ran.code == 2 && ran.err.contains("key already"),
        "{}",
        ran.err
    );
    assert_eq!(label.read("log/checkpoint"), before);
    let (key, former) = (label.read("log/key"), label.read("log/former-keys"));
    label.write("log/key", &former);
    std::fs::remove_file(label.path("log/former-keys")).unwrap();
    let ran = again();
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert_eq!(label.read("log/key"), key);
    assert_eq!(label.read("log/former-keys"), former);
    assert_eq!(label.read("log/checkpoint"), before);
    // Someone else's key hands nothing over.
    let stranger = label.path("issuer.pem");
    let ran = label.run(&["log", "rekey", &log, "--key", &old, "--next", &stranger]);
    assert_eq!(ran.code, 2, "{}", ran.out);
    assert_eq!(label.read("log/key"), key);
    assert!(!label.dir.join("log/key.draft").exists());
}
