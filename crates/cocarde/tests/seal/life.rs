//! A certificate from its assessment to its withdrawal.

use crate::label::{DAY, DOSSIER, Label, SITE};

const FORMS: [&str; 4] = [
    "certificate.jwt",
    "certificate.json",
    "certificate.fr.pdf",
    "certificate.en.pdf",
];

#[test]
fn every_form_of_a_certificate_verifies_offline_and_replays() {
    let label = Label::new("forms", SITE);
    for form in FORMS {
        let path = label.path("issued/") + form;
        let (code, state, codes) = label.verdict(&path, &[]);
        assert_eq!((code, &*state), (0, "valid"), "{form}: {codes:?}");
        for expected in ["signed", "logged", "scope", "period", "status", "facts"] {
            assert!(codes.contains(&expected.to_owned()), "{form}: {expected}");
        }
    }
    let jwt = label.path("issued/certificate.jwt");
    let (code, _, codes) = label.verdict(&jwt, &["--replay", DOSSIER]);
    assert!(code == 0 && codes.contains(&"replay".to_owned()));
    let (code, state, codes) = label.verdict(&jwt, &["--replay", "examples/suite-azur"]);
    assert_eq!((code, &*state), (1, "invalid"));
    assert_eq!(codes.last().unwrap(), "replay");
    // The badge of Open Badges is a credential like another.
    let (code, state, _) = label.verdict(
        &label.path("issued/open-badge.jwt"),
        &["--proof", "/dev/null"],
    );
    assert_eq!(
        (code, &*state),
        (1, "invalid"),
        "an empty proof proves nothing"
    );
}

#[test]
fn the_answer_is_in_plain_words_in_both_languages() {
    let label = Label::new("words", SITE);
    let path = label.path("issued/certificate.fr.pdf");
    let said = label.verify(&path, &["--lang", "fr"]).out;
    for words in [
        "CERTIFICAT VALIDE",
        "Prouvé",
        "certifie Nuage Boréal SAS",
        "ni retiré ni suspendu, selon la liste du 24 novembre 2026",
        "inscrit au journal public label.example/journal, entrée 0",
        "Non prouvé",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
    let said = label.verify(&path, &[]).out;
    for words in [
        "VALID CERTIFICATE",
        "Proven",
        "neither withdrawn",
        "Not proven",
    ] {
        assert!(said.contains(words), "{words} in {said}");
    }
}

#[test]
fn status_follows_the_lists_and_a_withdrawal_is_for_good() {
    let label = Label::new("status", SITE);
    let path = label.path("issued/certificate.jwt");
    for (set, code, state) in [
        ("42=contested", 3, "contested"),
        ("42=scope-reduced", 3, "scope-reduced"),
        ("42=under-surveillance", 3, "under-surveillance"),
        ("42=contested+under-surveillance", 3, "contested"),
        ("42=suspended", 1, "suspended"),
        ("42=valid", 0, "valid"),
        ("41=revoked", 0, "valid"),
        ("42=revoked", 1, "revoked"),
    ] {
        assert_eq!(label.publish_status(&[set], "2026-11-24T19:00:00Z").code, 0);
        let (found, is, _) = label.verdict(&path, &[]);
        assert_eq!((found, &*is), (code, state), "{set}");
    }
    let back = label.publish_status(&["42=valid"], "2026-11-24T20:00:00Z");
    assert_eq!(back.code, 2);
    assert!(back.err.contains("withdrawn"), "{}", back.err);
    assert_eq!(label.verdict(&path, &[]).1, "revoked");
}

#[test]
fn a_status_list_past_its_validity_is_refused_and_what_is_proven_is_said() {
    let label = Label::new("stale", SITE);
    let path = label.path("issued/certificate.jwt");
    let at = |when, lang| label.verify_at(&path, when, &["--lang", lang]);
    // Offline, with the last known lists, until their last second.
    let fresh = at("2026-11-30T23:59:59Z", "en");
    assert_eq!(fresh.code, 0, "{}", fresh.out);
    assert!(
        fresh
            .out
            .contains("by the list of 24 November 2026, 18:00 (UTC)")
    );
    for when in ["2026-12-01T00:00:00Z", "2026-12-24T00:00:00Z"] {
        for (lang, words) in [
            (
                "fr",
                [
                    "CERTIFICAT REFUSÉ",
                    "le statut ne peut être établi",
                    "liste périmée depuis le 1er décembre 2026",
                    "Prouvé",
                    "inscrit au journal public",
                ],
            ),
            (
                "en",
                [
                    "CERTIFICATE REFUSED",
                    "the status cannot be established",
                    "list stale since 1 December 2026",
                    "Proven",
                    "entered in the public log",
                ],
            ),
        ] {
            let ran = at(when, lang);
            assert_eq!(ran.code, 1, "{when}: {}", ran.out);
            for w in words {
                assert!(ran.out.contains(w), "{w} in {}", ran.out);
            }
        }
    }
}

#[test]
fn the_log_and_the_register_hold_every_certificate() {
    let label = Label::new("register", SITE);
    label.decide("EX-2026-0043", SITE);
    label.issue("issuer.pem", "k1", "second");
    let log = label.path("log");
    let checked = label.good(&["log", "fsck", &log]).out;
    assert!(checked.contains("2 entries"), "{checked}");
    let second = label.path("second/certificate.jwt");
    let proof = label.good(&["log", "prove", &log, &second]).out;
    assert_eq!(proof, label.read("second/certificate.tlog-proof"));

    let (file, older, first) = (
        label.path("register.jwt"),
        label.path("older.jwt"),
        label.path("issued/certificate.jwt"),
    );
    let key = label.path("issuer.pem");
    let publish = |certificates: &[&str], at: &str| {
        label.publish_register(certificates, at, &["--key", &key, "--key-name", "k1"])
    };
    assert_eq!(publish(&[&first], "2026-11-24").code, 0);
    std::fs::copy(&file, &older).unwrap();
    // A decision was copied, and its place in the lists with it.
    let ran = publish(&[&first, &second], "2026-11-25");
    let told = ran
        .err
        .contains("EX-2026-0042 and EX-2026-0043 have one place (42) in");
    assert!(ran.code == 0 && told, "{}", ran.err);
    let lost = publish(&[&second], "2026-11-26");
    assert_eq!(lost.code, 2);
    assert!(lost.err.contains("EX-2026-0042"), "{}", lost.err);

    let trust = label.path("trust.json");
    let verify = |what: &str, more: &[&str]| {
        label.run(&[&["verify", what, "--trust", &trust][..], more].concat())
    };
    let day = ["--at", "2026-11-26"];
    let ran = verify(&file, &[&day[..], &["--previous", &older]].concat());
    assert_eq!(ran.code, 0, "{}{}", ran.out, ran.err);
    for words in [
        "VALID REGISTER",
        "No. 2",
        "due on 24 December 2026",
        "continues No. 1",
        "valid: 2",
    ] {
        assert!(ran.out.contains(words), "{words} in {}", ran.out);
    }
    let back = verify(&older, &[&day[..], &["--previous", &file]].concat());
    assert_eq!(back.code, 1);
    assert!(
        back.out.contains("No. 1 presented after No. 2"),
        "{}",
        back.out
    );
    let stale = verify(&file, &["--at", "2026-12-24", "--lang", "fr"]);
    assert_eq!(stale.code, 1);
    assert!(stale.out.contains("REGISTRE REFUSÉ") && stale.out.contains("registre périmé"));
    let token = label.read("register.jwt");
    let middle = token.len() / 2;
    let other = if &token[middle..=middle] == "A" {
        "B"
    } else {
        "A"
    };
    let changed = [&token[..middle], other, &token[middle + 1..]].concat();
    let ran = verify(&label.write("changed.jwt", changed), &day);
    assert_eq!(ran.code, 1, "{}", ran.out);
    // Options that speak of something else are not passed over.
    assert_eq!(verify(&file, &["--replay", "x"]).code, 2);
    assert_eq!(verify(&first, &["--previous", &older]).code, 2);
}

#[test]
fn what_a_decision_lacks_is_named_with_its_place_in_both_languages() {
    let label = Label::bare("lacking");
    let whole = include_str!("decision.toml");
    let issue = |text: String, lang| {
        let file = label.write("decision.toml", text);
        let args = [
            "issue",
            &file,
            "--assessment",
            &file,
            "--key",
            "x",
            "--key-name",
            "k1",
            "--document",
            "x",
        ];
        let ran = label.run(&[&args[..], &["--lang", lang]].concat());
        assert_eq!(ran.code, 2);
        ran.err
    };
    let without = whole.split("[issuer]").next().unwrap();
    for (text, lang, words) in [
        (
            without,
            "fr",
            "decision.toml : « issuer » manque : ajoutez-le",
        ),
        (without, "en", "decision.toml: `issuer` is missing: add it"),
    ] {
        let said = issue(text.to_owned(), lang);
        assert!(said.contains(words), "{said}");
    }
    let said = issue(whole.replace("[log]\norigin", "[log]\norigine"), "fr");
    for words in [
        "decision.toml : ligne ",
        "« origine » n'est pas connu",
        "origin",
    ] {
        assert!(said.contains(words), "{said}");
    }
    let said = issue(whole.replace("2026-11-24T10:00:00Z", "demain"), "en");
    assert!(
        said.contains("line ") && said.contains("`demain` is not a date"),
        "{said}"
    );
    assert!(!said.contains("n'est pas"), "{said}");
}

#[test]
fn another_referential_than_the_scheme_s_is_warned_of_or_refused() {
    let label = Label::new("referential", SITE);
    let issue = |from: &str, to: &str| {
        let _ = std::fs::remove_dir_all(label.path("other"));
        let text = label.read("decision.toml").replace(from, to);
        let file = label.write("other.toml", text);
        let (assessment, key) = (label.path("assessment.json"), label.path("issuer.pem"));
        let what = ["issue", &file, "--assessment", &assessment, "--key", &key];
        let (out, document) = (label.path("other"), label.path("did.json"));
        let out = ["--key-name", "k1", "--document", &document, "--out", &out];
        label.run(&[&what[..], &out].concat())
    };
    let ran = issue("exemple-2026\"", "nfg-2026\"");
    assert_eq!((ran.code, &*ran.err), (0, ""));
    let ran = issue("", "");
    assert!(
        ran.code == 0 && ran.err.contains("is that the same referential?"),
        "{}",
        ran.err
    );
    let ran = issue("version = \"2026.1\"", "version = \"2027.1\"");
    assert!(
        ran.code == 2 && ran.err.contains("scheme.version: `2027.1`"),
        "{}",
        ran.err
    );
}

#[test]
fn a_badge_is_that_of_the_day() {
    let label = Label::new("badge", SITE);
    let (path, out) = (label.path("issued/certificate.jwt"), label.path("badges"));
    label.verify(&path, &["--badges", &out]);
    assert!(
        label
            .read("badges/badge-light.fr.svg")
            .contains(">valide</text>")
    );
    // However small, it says who certifies what, and where it is consulted.
    let small = label.read("badges/badge-small-dark.en.svg");
    for words in [
        "Label d'exemple 2026, version 2026.1, issued by Label d'exemple: valid",
        "https://label.example/certificats/EX-2026-0042</desc>",
    ] {
        assert!(small.contains(words), "{words} in {small}");
    }
    // Nobody published anything since: what is shown says so by itself.
    label.verify_at(&path, "2026-12-02T00:00:00Z", &["--badges", &out]);
    assert!(
        label
            .read("badges/badge-dark.en.svg")
            .contains(">status unknown</text>")
    );
    // So does the page that the printed code leads to; it says until when it can be repeated.
    let pages = label.path("pages");
    let page = |at, lang| {
        label.verify_at(&path, at, &["--page", &pages]);
        label.read(&format!("pages/index.{lang}.html"))
    };
    let good = page(DAY, "fr");
    for words in [
        "<strong>Valide</strong>",
        "Nuage Boréal SAS",
        "jusqu'au ",
        "1er décembre 2026",
    ] {
        assert!(good.contains(words), "{words} in {good}");
    }
    assert!(!good.contains("<script") && good.contains("EX-2026-0042.tlog-proof"));
    let late = page("2026-12-02T00:00:00Z", "en");
    for words in [
        "<strong>Status unknown</strong>",
        "list stale since",
        "verify again",
    ] {
        assert!(late.contains(words), "{words} in {late}");
    }
    let over = label.verify_at(&path, "2029-11-24T12:00:00Z", &["--badges", &out]);
    assert_eq!(over.code, 1);
    assert!(
        label
            .read("badges/badge-small-light.en.svg")
            .contains(">expired</text>")
    );
    let early = label.verify_at(&path, "2026-11-24T11:59:59Z", &[]);
    assert!(early.code == 1 && early.out.contains("not valid yet"));
    assert!(DAY < "2026-12-01");
}
