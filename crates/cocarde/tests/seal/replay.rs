//! A dossier evaluated again: what keeps it from being so hides no answer, and nobody whom
//! the reader does not trust chooses what is read for it.

use crate::label::{DOSSIER, Label, SITE};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

/// What is said of the replay, if anything is.
fn said(label: &Label, certificate: &str, more: &[&str]) -> (i32, Option<String>, String) {
    let ran = label.verify(certificate, &[more, &["--format", "json"]].concat());
    let read: Value = serde_json::from_str(&ran.out).expect("an answer whatever happens");
    let all = read["statements"].as_array().unwrap();
    let replay = all.iter().find(|s| s["code"] == "replay");
    let level = replay.map(|s| s["level"].as_str().unwrap().to_owned());
    (ran.code, level, ran.err)
}

#[test]
fn what_keeps_a_dossier_from_being_replayed_hides_no_answer() {
    let label = Label::new("replay", SITE);
    let good = label.path("issued/certificate.jwt");
    let (code, level, err) = said(&label, &good, &["--replay", "/nowhere"]);
    assert_eq!((code, level.as_deref()), (2, Some("not-proven")), "{err}");
    assert!(err.contains("/nowhere"), "{err}");
    let (code, level, err) = said(
        &label,
        &label.path("issued/open-badge.jwt"),
        &["--proof", "/dev/null", "--replay", DOSSIER],
    );
    assert_eq!((code, level.as_deref()), (1, Some("not-proven")), "{err}");
}

#[test]
fn a_forged_certificate_chooses_no_referential() {
    let label = Label::new("forged-replay", SITE);
    let token = label.read("issued/certificate.jwt");
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let read = URL_SAFE_NO_PAD.decode(&parts[1]).unwrap();
    let read = String::from_utf8(read).unwrap();
    let (before, after) = (
        "\"referentialName\":\"nfg-2026\"",
        "\"referentialName\":\"/\"",
    );
    assert!(read.contains(before));
    parts[1] = URL_SAFE_NO_PAD.encode(read.replace(before, after));
    let forged = label.write("forged.jwt", parts.join("."));
    let (code, level, err) = said(&label, &forged, &["--replay", DOSSIER]);
    assert_eq!((code, level.as_deref(), &*err), (1, Some("not-proven"), ""));
}

#[test]
fn a_referential_of_one_s_own_is_given_and_not_named_by_the_certificate() {
    let label = Label::new("own-replay", SITE);
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../referentials/nfg-2026");
    for file in std::fs::read_dir(shipped).unwrap() {
        let file = file.unwrap();
        if !file.file_type().unwrap().is_file() {
            continue;
        }
        let text = std::fs::read_to_string(file.path()).unwrap();
        // By a path: what a certificate must not make anyone read.
        let text = text.replace("id = \"nfg-2026\"", "id = \"referentials\"");
        let name = file.file_name().into_string().unwrap();
        label.write(&format!("own/{name}"), text);
    }
    let own = label.path("own");
    let day = ["--as-of", "2026-11-23", "--format", "json"];
    let assessed = label.run(&[&["assess", DOSSIER, "-r", &own][..], &day].concat());
    label.write("assessment.json", assessed.out);
    label.decide("EX-2026-0043", SITE);
    label.issue("issuer.pem", "k1", "second");
    let path = label.path("second/certificate.jwt");
    let (code, level, err) = said(&label, &path, &["--replay", DOSSIER]);
    assert_eq!((code, level.as_deref()), (2, Some("not-proven")), "{err}");
    assert!(err.contains("give it with --referential"), "{err}");
    let given = ["--replay", DOSSIER, "--referential", &own];
    let (code, level, err) = said(&label, &path, &given);
    assert_eq!((code, level.as_deref()), (0, Some("proven")), "{err}");
}
