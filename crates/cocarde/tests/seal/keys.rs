//! Keys that change: what an old key signed holds, what it signs later does not.

use crate::label::{Label, SITE};

#[test]
fn after_a_rotation_old_certificates_verify_and_the_old_key_signs_no_more() {
    let label = Label::new("rotation", SITE);
    let before = label.write("before.json", label.read("did.json"));
    label.change_key("retire", "2026-11-24T20:00:00Z");
    let second = label.path("second.pem");
    label.good(&["keys", "new", &second, "--algorithm", "p256"]);
    label.publish_key("second.pem", "k2", &["--from", "2026-11-24T20:00:00Z"]);
    label.trust(&[]);
    let old = label.path("issued/certificate.jwt");
    assert_eq!(label.verdict(&old, &[]).0, 0);

    // A later decision, by the key of the time and by the key that was retired.
    let later = label
        .read("decision.toml")
        .replace("2026-11-24T1", "2026-11-24T2")
        .replace("EX-2026-0042", "EX-2026-0043");
    label.write("decision.toml", later);
    label.issue("second.pem", "k2", "later");
    let ran = label.try_issue("issuer.pem", "k1", "too-late", &["--document", &before]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let (code, state, codes) = label.verdict(&label.path("later/certificate.jwt"), &[]);
    assert_eq!((code, &*state), (0, "valid"), "{codes:?}");
    let (code, _, codes) = label.verdict(&label.path("too-late/certificate.jwt"), &[]);
    assert_eq!((code, &**codes.last().unwrap()), (1, "key-period"));
}

#[test]
fn the_register_goes_on_under_the_next_key() {
    let label = Label::new("register-rotation", SITE);
    let certificate = label.path("issued/certificate.jwt");
    let [first, second] = ["issuer.pem", "second.pem"].map(|n| label.path(n));
    let old = ["--key", &first, "--key-name", "k1"];
    assert_eq!(
        label
            .publish_register(&[&certificate], "2026-11-24", &old)
            .code,
        0
    );
    label.change_key("retire", "2026-11-25");
    label.good(&["keys", "new", &second]);
    label.publish_key("second.pem", "k2", &["--from", "2026-11-25"]);
    let new = ["--key", &second, "--key-name", "k2"];
    let ran = label.publish_register(&[&certificate], "2026-11-26", &new);
    assert_eq!(ran.code, 0, "{}", ran.err);
    label.trust(&[]);
    let (file, trust) = (label.path("register.jwt"), label.path("trust.json"));
    let verified = label.good(&["verify", &file, "--trust", &trust, "--at", "2026-11-27"]);
    assert!(verified.out.contains("No. 2") && verified.out.contains("#k2"));
}

#[test]
fn the_lists_go_on_under_the_next_key_and_are_nobody_else_s() {
    let label = Label::new("list-rotation", SITE);
    let at = "2026-11-24T19:00:00Z";
    let names = ["revocation", "suspension", "message"];
    let revoked = label.publish_status(&["42=revoked"], at);
    assert_eq!(revoked.code, 0, "{}", revoked.err);
    let before = names.map(|n| label.read(&format!("status/{n}")));
    // Written in the place of the list: another's, and one of ours that is not this one.
    let other = Label::new("list-stranger", SITE);
    for (forged, why) in [
        (other.read("status/revocation"), "signature"),
        (before[1].clone(), "not the expected list"),
    ] {
        label.write("status/revocation", &forged);
        let ran = label.publish_status(&["41=contested"], at);
        let told = ran.err.contains("status/revocation") && ran.err.contains(why);
        assert!(ran.code == 2 && told, "{}", ran.err);
        assert_eq!(label.read("status/revocation"), forged);
        assert_eq!(label.read("status/message"), before[2], "all three or none");
    }
    label.write("status/revocation", &before[0]);

    label.change_key("retire", "2026-11-24T20:00:00Z");
    let (second, dir) = (label.path("second.pem"), label.path("status"));
    label.good(&["keys", "new", &second]);
    label.publish_key("second.pem", "k2", &["--from", "2026-11-24T20:00:00Z"]);
    let (document, base) = (label.path("did.json"), format!("{SITE}statut/"));
    let what = ["status", "publish", &dir, "--base", &base];
    let by = ["--key", &second, "--key-name", "k2"];
    let when = ["--at", "2026-11-24T21:00:00Z", "--until", "2026-12-01"];
    let whose = ["--did", "did:web:label.example", "--document", &document];
    label.good(&[&what[..], &by, &when, &whose].concat());
    label.trust(&[]);
    let path = label.path("issued/certificate.jwt");
    assert_eq!(label.verdict(&path, &[]).1, "revoked");
}

#[test]
fn a_stolen_key_is_believed_no_more_without_a_witness() {
    let label = Label::new("stolen", SITE);
    label.change_key("revoke", "2026-11-24T19:00:00Z");
    label.trust(&[]);
    let (code, _, codes) = label.verdict(&label.path("issued/certificate.jwt"), &[]);
    assert_eq!((code, &**codes.last().unwrap()), (1, "key-revoked"));
}

#[test]
fn the_history_of_keys_and_of_statuses_is_in_the_log() {
    let label = Label::new("history", SITE);
    let (log, key) = (label.path("log"), label.path("log.pem"));
    let (did, list) = (label.path("did.json"), label.path("status/revocation"));
    label.good(&["log", "append", &log, "--key", &key, &did, &list]);
    for document in [&did, &list] {
        let proof = label.good(&["log", "prove", &log, document]).out;
        assert!(proof.starts_with("c2sp.org/tlog-proof@v1"), "{proof}");
    }
    let entries = label.dir.join("log/tile/entries/000.p/3");
    let entries = String::from_utf8_lossy(&std::fs::read(entries).unwrap()).into_owned();
    for kind in ["certificate", "did-document", "status-list"] {
        assert!(entries.contains(&format!("\"type\":\"{kind}\"")), "{kind}");
    }
    // A key added without a word is another document, which the log does not have.
    label.good(&["keys", "new", &label.path("other.pem")]);
    label.publish_key("other.pem", "k2", &["--from", "2026-01-01"]);
    let ran = label.run(&["log", "prove", &log, &did]);
    assert!(ran.code == 2 && ran.err.contains("not in the log"));
}

#[test]
fn no_key_is_replaced_and_none_lies_open() {
    let label = Label::new("files", SITE);
    let key = label.path("issuer.pem");
    let before = label.read("issuer.pem");
    assert_eq!(label.run(&["keys", "new", &key]).code, 2);
    assert_eq!(label.read("issuer.pem"), before);
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(&key).unwrap().permissions().mode();
    assert_eq!(mode & 0o077, 0, "{mode:o}");
    assert_eq!(label.good(&["keys", "show", &key]).err, "");
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
    let warned = label.good(&["keys", "show", &key]).err;
    assert!(
        warned.contains("every user of this machine can read this key; chmod 600"),
        "{warned}"
    );
    let absent = label.run(&["keys", "retire", &label.path("did.json"), "k9"]);
    assert!(absent.code == 2 && absent.err.contains("k9"));
}

#[test]
fn the_end_of_a_key_is_that_of_both_its_names_and_is_never_put_off() {
    let label = Label::new("both-names", SITE);
    let document = label.path("did.json");
    let revoke = |at| label.run(&["keys", "revoke", &document, "k1-jwk", "--at", at]);
    assert_eq!(revoke("2026-11-24T19:00:00Z").code, 0);
    let text = label.read("did.json");
    assert_eq!(text.matches("\"revoked\"").count(), 2, "{text}");
    let later = revoke("2026-12-24");
    let told = later.err.contains("already");
    assert!(later.code == 2 && told, "{}", later.err);
    assert_eq!(label.read("did.json"), text);
}

#[test]
fn what_the_label_did_not_sign_is_not_entered_in_its_register() {
    let (label, other) = (Label::new("entered", SITE), Label::new("stranger", SITE));
    let (key, theirs) = (
        label.path("issuer.pem"),
        other.path("issued/certificate.jwt"),
    );
    let by = ["--key", &key, "--key-name", "k1"];
    let ran = label.publish_register(&[&theirs], "2026-11-25", &by);
    assert!(
        ran.code == 2 && ran.err.contains("signature"),
        "{}",
        ran.err
    );
    assert!(!label.dir.join("register.jwt").exists());
}

/// A thief of the old key writes what it likes in the place of the lists and the register.
#[test]
fn what_a_stolen_key_signed_is_not_signed_again_unless_it_is_vouched_for() {
    let label = Label::new("laundered", SITE);
    let certificate = label.path("issued/certificate.jwt");
    let [first, second, document] = ["issuer.pem", "second.pem", "did.json"].map(|n| label.path(n));
    let old = ["--key", &first, "--key-name", "k1"];
    let made = label.publish_register(&[&certificate], "2026-11-24", &old);
    assert_eq!(made.code, 0, "{}", made.err);
    label.change_key("revoke", "2026-11-24T20:00:00Z");
    label.good(&["keys", "new", &second]);
    label.publish_key("second.pem", "k2", &["--from", "2026-11-24T20:00:00Z"]);
    let new = ["--key", &second, "--key-name", "k2"];
    let (dir, base) = (label.path("status"), format!("{SITE}statut/"));
    let whose = ["--did", "did:web:label.example", "--document", &document];
    let what = ["status", "publish", &dir, "--base", &base];
    let when = ["--at", "2026-11-25", "--until", "2026-12-01"];
    let lists = [&what[..], &whose, &when, &new].concat();
    let register = |more: &[&str]| label.publish_register(&[&certificate], "2026-11-25", more);
    let read = || ["status/revocation", "register.jwt"].map(|n| label.read(n));
    let before = read();
    for ran in [label.run(&lists), register(&new)] {
        let told = ran.err.contains("key revoked") && ran.err.contains("--vouch");
        assert!(ran.code == 2 && told, "{}", ran.err);
    }
    assert_eq!(read(), before);
    // Nor is a certificate entered that its register does not have.
    std::fs::rename(label.path("register.jwt"), label.path("kept.jwt")).unwrap();
    let ran = register(&new);
    let told = ran.err.contains("certificate.jwt") && ran.err.contains("--vouch");
    assert!(ran.code == 2 && told, "{}", ran.err);
    std::fs::rename(label.path("kept.jwt"), label.path("register.jwt")).unwrap();

    label.good(&[&lists[..], &["--vouch"]].concat());
    let ran = register(&[&new[..], &["--vouch"]].concat());
    assert!(ran.code == 0 && ran.out.contains("No. 2"), "{}", ran.err);
    // From then on it is the new key's word.
    label.good(&lists);
    let ran = register(&new);
    assert!(ran.code == 0 && ran.out.contains("No. 3"), "{}", ran.err);
}

#[test]
fn a_document_keeps_what_is_not_ours() {
    let label = Label::new("foreign-parts", SITE);
    let mut document: serde_json::Value = serde_json::from_str(&label.read("did.json")).unwrap();
    let service = serde_json::json!([{"id": "#site", "type": "LinkedDomains"}]);
    document["service"] = service.clone();
    let login = serde_json::json!({"id": "did:web:label.example#login", "type": "JsonWebKey2020"});
    document["verificationMethod"]
        .as_array_mut()
        .unwrap()
        .push(login.clone());
    label.write("did.json", document.to_string());
    let key = label.path("second.pem");
    label.good(&["keys", "new", &key]);
    label.publish_key("second.pem", "k2", &["--from", "2026-11-24"]);
    label.change_key("retire", "2026-11-24T20:00:00Z");
    let after: serde_json::Value = serde_json::from_str(&label.read("did.json")).unwrap();
    assert_eq!(after["service"], service);
    assert!(
        after["verificationMethod"]
            .as_array()
            .unwrap()
            .contains(&login)
    );
    assert_eq!(after["assertionMethod"].as_array().unwrap().len(), 4);
    // The name of what is there for another use is taken.
    let file = label.path("did.json");
    let ran = label.run(&["keys", "publish", &file, "--key", &key, "--name", "login"]);
    assert!(ran.code == 2 && ran.err.contains("#login"), "{}", ran.err);
}

#[test]
fn two_documents_of_one_issuer_are_named_by_their_files() {
    let label = Label::new("two-documents", SITE);
    let (one, two) = (
        label.path("did.json"),
        label.write("older.json", label.read("did.json")),
    );
    let ran = label.run(&["keys", "trust", "--issuer", &one, "--issuer", &two]);
    let told = ran.err.contains("did.json, ") && ran.err.contains("older.json: two documents");
    assert!(ran.code == 2 && told, "{}", ran.err);
}

#[test]
fn a_list_that_is_missing_is_not_begun_anew() {
    let label = Label::new("missing-list", SITE);
    let before = label.read("status/message");
    std::fs::remove_file(label.path("status/revocation")).unwrap();
    for (at, why) in [
        ("2026-11-24T19:00:00Z", "a list is missing"),
        ("2026-12-01", "--until must come after --at"),
    ] {
        let ran = label.publish_status(&[], at);
        assert!(ran.code == 2 && ran.err.contains(why), "{}", ran.err);
    }
    assert!(!label.dir.join("status/revocation").exists());
    assert_eq!(label.read("status/message"), before);
}

#[test]
fn nothing_chooses_between_two_lists_of_one_address() {
    let label = Label::new("two-lists", SITE);
    let old = label.write("old", label.read("status/revocation"));
    let ran = label.publish_status(&["42=revoked"], "2026-11-24T19:00:00Z");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let (path, new) = (
        label.path("issued/certificate.jwt"),
        label.path("status/revocation"),
    );
    let ran = label.verify(&path, &["--status", &old]);
    assert!(
        ran.code == 2 && ran.err.contains("same address"),
        "{}",
        ran.err
    );
    // The same file given twice is one list.
    assert_eq!(label.verify(&path, &["--status", &new]).code, 1);
}

#[test]
fn a_list_given_without_its_address_is_named_by_its_file() {
    use cocarde_seal::{jws, signer::FileSigner};
    let label = Label::new("no-address", SITE);
    let key = FileSigner::from_pem(&label.read("issuer.pem")).unwrap();
    for name in ["revocation", "suspension"] {
        let token = label.read(&format!("status/{name}"));
        let mut list: serde_json::Value =
            serde_json::from_slice(&jws::read(&token).unwrap().payload).unwrap();
        list.as_object_mut().unwrap().remove("id");
        let kid = "did:web:label.example#k1-jwk";
        let token = jws::sign(&list, "vc+jwt", "vc", kid, &key).unwrap();
        label.write(&format!("status/{name}"), token);
    }
    let ran = label.verify(&label.path("issued/certificate.jwt"), &[]);
    assert_eq!(ran.code, 1, "{}{}", ran.out, ran.err);
    for name in ["revocation", "suspension"] {
        assert!(
            ran.out
                .contains(&format!("status/{name}: list without `id`"))
        );
    }
    // Nor are such lists taken up as the published ones.
    let ran = label.publish_status(&["41=contested"], "2026-11-24T19:00:00Z");
    let told = ran
        .err
        .contains("status/revocation: the status list has no `id`");
    assert!(ran.code == 2 && told, "{}", ran.err);
}

#[test]
fn why_a_new_key_is_not_written_is_told_in_each_language() {
    let label = Label::bare("unwritten-key");
    let file = label.path("nowhere/k.pem");
    let dir = label.path("nowhere");
    for (lang, told) in [
        (
            "fr",
            format!("« {file} » ne s'écrit pas : le répertoire « {dir} » n'existe pas"),
        ),
        (
            "en",
            format!("`{file}` cannot be written: the directory `{dir}` does not exist"),
        ),
    ] {
        let ran = label.run(&["keys", "new", &file, "--lang", lang]);
        assert!(ran.code == 2 && ran.err.contains(&told), "{}", ran.err);
    }
}
