//! A certificate from its decision to its verification, good and bad.

mod assessed;
mod common;
mod proven;
mod register;
mod status;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cocarde_seal::credential;
use cocarde_seal::decision::Decision;
use cocarde_seal::did::DidDocument;
use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_seal::verify::{Input, Outcome, Trust, verify};
use cocarde_seal::{jws, log};
use common::*;
use serde_json::json;

#[test]
fn the_same_decision_gives_the_same_bytes() {
    assert_eq!(jwt(&credential()), jwt(&credential()));
    assert_eq!(integrity(&credential()), integrity(&credential()));
    assert_eq!(jwt_es256(&credential()), jwt_es256(&credential()));
}

#[test]
fn each_way_of_signing_verifies_with_all_that_goes_with_it() {
    let credential = credential();
    let proof = log_proof(&credential, "good");
    for text in [
        jwt(&credential),
        jwt_es256(&credential),
        integrity(&credential),
    ] {
        let input = Input {
            credential: text.as_bytes(),
            log_proof: Some(&proof),
            lists: &lists([0, 0, 0]),
            at: t(DAY),
        };
        let answer = verify(&input, &trust());
        assert_eq!(answer.outcome(), Outcome::Valid, "{:?}", answer.statements);
        for code in [
            "signed",
            "logged",
            "scope",
            "period",
            "status",
            "assumption",
            "facts",
        ] {
            assert!(codes(&answer).contains(&code), "{code}");
        }
    }
}

#[test]
fn a_bit_changed_anywhere_is_refused() {
    let (trust, lists, credential) = (trust(), lists([0, 0, 0]), credential());
    for text in [jwt(&credential), integrity(&credential)] {
        assert_eq!(ask(&text, &lists, DAY, &trust).outcome(), Outcome::Valid);
        let mut bytes = text.into_bytes();
        for at in 0..bytes.len() {
            let bit = 1 << (at % 8);
            bytes[at] ^= bit;
            let input = Input {
                credential: &bytes,
                log_proof: None,
                lists: &lists,
                at: t(DAY),
            };
            let answer = verify(&input, &trust);
            assert_eq!(
                answer.outcome(),
                Outcome::Refused,
                "byte {at}: {:?}",
                codes(&answer)
            );
            bytes[at] ^= bit;
        }
    }
}

#[test]
fn a_bit_changed_in_a_list_or_in_the_log_proof_is_refused() {
    let (trust, credential) = (trust(), credential());
    let (text, proof) = (jwt(&credential), log_proof(&credential, "flip"));
    let good = lists([0, 0, 0]);
    let answer = |lists: &_, log_proof: Option<&str>| {
        let input = Input {
            credential: text.as_bytes(),
            log_proof,
            lists,
            at: t(DAY),
        };
        verify(&input, &trust)
    };
    let url = "https://label.example/statut/revocation";
    for at in 0..good[url].len() {
        let mut bad = good.clone();
        bad.get_mut(url).unwrap()[at] ^= 1;
        refused(&answer(&bad, None));
    }
    for at in 0..proof.len() {
        let mut bad = proof.clone().into_bytes();
        bad[at] ^= 1;
        let Ok(bad) = String::from_utf8(bad) else {
            continue;
        };
        let answer = answer(&good, Some(&bad));
        assert_eq!(answer.outcome(), Outcome::Refused, "byte {at}");
    }
}

#[test]
fn time_passes() {
    let (trust, text, none) = (trust(), jwt(&credential()), Default::default());
    let at = |when| ask(&text, &none, when, &trust);
    assert_eq!(refused(&at("2026-11-24T11:59:59Z")), "not-yet-valid");
    assert_eq!(refused(&at("2029-11-24T12:00:00Z")), "expired");
    let before = at("2027-11-19T23:59:59Z");
    assert!(!codes(&before).contains(&"stale"));
    // A measured fact ends before the certificate does.
    assert_eq!(before.until.as_deref(), Some("2027-11-20T00:00:00Z"));
    assert!(codes(&at("2027-11-20T00:00:00Z")).contains(&"stale"));
}

#[test]
fn keys_are_those_of_the_issuer_at_the_time() {
    let (text, none) = (jwt(&credential()), Default::default());
    let with = |change: fn(&mut DidDocument)| {
        let mut trust = trust();
        change(&mut trust.issuers[0]);
        ask(&text, &none, DAY, &trust)
    };
    let wrong = with(|d| {
        d.keys
            .iter_mut()
            .for_each(|k| k.key = FileSigner::ed25519(&[9; 32]).public().clone())
    });
    assert_eq!(refused(&wrong), "signature");
    assert_eq!(refused(&with(|d| d.keys.clear())), "unknown-key");
    let late = with(|d| {
        d.keys
            .iter_mut()
            .for_each(|k| k.expires = Some(t("2026-11-01T00:00:00Z")))
    });
    assert_eq!(refused(&late), "key-period");
    let stolen = with(|d| {
        d.keys
            .iter_mut()
            .for_each(|k| k.revoked = Some(t("2026-12-01T00:00:00Z")))
    });
    assert_eq!(refused(&stolen), "key-revoked");
    let rotated = with(|d| {
        d.keys
            .iter_mut()
            .for_each(|k| k.expires = Some(t("2026-11-25T00:00:00Z")))
    });
    assert_eq!(rotated.outcome(), Outcome::WithReserve);
    assert_eq!(
        refused(&ask(&text, &none, DAY, &Trust::default())),
        "unknown-issuer"
    );
}

#[test]
fn the_algorithm_is_never_the_header_s_choice() {
    let (trust, none) = (trust(), Default::default());
    let payload = URL_SAFE_NO_PAD.encode(credential().to_string());
    let kid = "did:web:label.example#ed-jwk";
    for alg in ["none", "HS256", "ES256", "RS256", ""] {
        let header = URL_SAFE_NO_PAD.encode(json!({"alg": alg, "kid": kid}).to_string());
        // For HS256, what an attacker would compute: an HMAC with the public key. Its
        // value does not matter, as no symmetric algorithm is ever run.
        let text = format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode([7; 32]));
        assert_eq!(
            refused(&ask(&text, &none, DAY, &trust)),
            "algorithm",
            "{alg}"
        );
    }
}

#[test]
fn what_is_not_a_certificate_is_refused() {
    let (trust, none) = (trust(), Default::default());
    let mut doubled = integrity(&credential());
    doubled.replace_range(0..1, "{\"validUntil\":\"2099-01-01T00:00:00Z\",");
    for (text, code) in [
        (String::new(), "jws"),
        ("{}".into(), "proof"),
        (doubled, "json"),
        (format!("{{\"a\":\"{}\"}}", "x".repeat(1 << 20)), "oversize"),
        ("e30.e30.AA".into(), "credential"),
        (
            jws::sign(&credential(), "JWT", "vc", "x", &ed25519()).unwrap(),
            "jws",
        ),
    ] {
        assert_eq!(refused(&ask(&text, &none, DAY, &trust)), code);
    }
}

#[test]
fn a_refusal_is_one_line_that_moves_no_cursor() {
    let (trust, none) = (trust(), Default::default());
    let forged = "x\u{1b}[2J\r\n  \u{2713} signed";
    let token = jws::sign(&credential(), forged, "vc", forged, &ed25519()).unwrap();
    let kid = jws::sign(&credential(), "vc+jwt", "vc", forged, &ed25519()).unwrap();
    let twice = format!("{{{0}:1,{0}:2}}", json!(forged));
    for (text, code) in [(token, "jws"), (kid, "unknown-key"), (twice, "json")] {
        let answer = ask(&text, &none, DAY, &trust);
        assert_eq!(refused(&answer), code);
        let said = answer.statements.last().unwrap();
        for words in [&said.fr, &said.en] {
            assert!(
                words.contains("[2J") && !words.contains(char::is_control),
                "{words:?}"
            );
        }
    }
}

#[test]
fn a_log_that_tells_two_stories_is_a_fork() {
    let credential = credential();
    let (text, proof) = (jwt(&credential), log_proof(&credential, "fork"));
    let mut trust = trust();
    trust.checkpoints.push(log::Checkpoint {
        origin: "label.example/journal".into(),
        size: 5,
        root: [9; 32],
    });
    let input = Input {
        credential: text.as_bytes(),
        log_proof: Some(&proof),
        lists: &Default::default(),
        at: t(DAY),
    };
    assert_eq!(refused(&verify(&input, &trust)), "fork");
    trust.checkpoints.clear();
    trust.quorum = 1;
    assert_eq!(refused(&verify(&input, &trust)), "quorum");
    // Nor is it met by leaving the proof out.
    assert_eq!(refused(&ask(&text, input.lists, DAY, &trust)), "quorum");
    trust.logs.clear();
    assert_eq!(refused(&verify(&input, &trust)), "unknown-log");
}

#[test]
fn a_decision_that_does_not_hold_together_is_refused() {
    let reason = |text: &str, assessment: &[u8]| {
        let written = Decision::read(text).and_then(|d| credential::write(&d, assessment));
        written.unwrap_err().en
    };
    assert!(reason(DECISION, b"{}").contains("is not that of the decision"));
    for (from, to, word) in [
        (
            "valid_until = \"2029",
            "valid_until = \"2020",
            "valid_until",
        ),
        (
            "decided = \"2026-11-24",
            "decided = \"2026-11-25",
            "before the decision",
        ),
        ("2026-11-24T10:00:00Z", "2026-11-24", "date with time"),
        ("number =", "nombre =", "nombre"),
        ("did:web:label.example", "https://label.example", "DID"),
        ("https://label.example/statut/", "statut/", "statut/"),
        ("https://accreditation.example/5", "5", "5-0001"),
        ("\"https://accreditation.example\"", "\"a b\"", "a b"),
        ("\"https://label.example\"", "\"nobody\"", "nobody"),
        ("https://registre.example/siren\"", "siren\"", "siren"),
        (
            "https://label.example/evaluations",
            "evaluations",
            "evaluations",
        ),
        ("criterion = \"HEB-1\"", "criterion = \"HEB-9\"", "HEB-9"),
        ("[issuer]", "derogation = \" \"\n[issuer]", "derogation"),
        (
            "[[fresh]]",
            "[[fresh]]\ncriterion = \"HEB-1\"\nuntil = \"2030-11-20T00:00:00Z\"\n[[fresh]]",
            "twice",
        ),
    ] {
        let said = reason(&DECISION.replace(from, to), ASSESSMENT);
        assert!(said.contains(word), "{said}");
    }
}

#[test]
fn every_criterion_has_an_address_of_its_own() {
    use sha2::{Digest, Sha256};
    let paths = std::str::from_utf8(ASSESSMENT).unwrap();
    let paths = paths.replace("https://label.example/criteres", "/criteres");
    let digest = |text: &str| cocarde_seal::json::hex(&Sha256::digest(text));
    let std = digest(std::str::from_utf8(ASSESSMENT).unwrap());
    let decision = DECISION.replace(&std, &digest(&paths));
    let write = |decision: &str| {
        let decision = Decision::read(decision).unwrap();
        credential::write(&decision, paths.as_bytes())
    };
    let written = write(&decision).unwrap();
    let found = |c: &serde_json::Value| {
        let all = &c["credentialSubject"]["sovereigntyCertification"]["criterionResult"];
        let ids = all.as_array().unwrap().iter().map(|r| r["id"].to_string());
        ids.collect::<Vec<_>>()
    };
    assert_eq!(found(&written), found(&credential()));
    // Nothing printed leads to a certificate that is at no site, and a path has no meaning.
    let nowhere = "id = \"https://label.example/certificats/EX-2026-0042\"";
    assert!(decision.contains(nowhere));
    let nowhere = decision.replace(nowhere, "id = \"urn:uuid:1\"");
    let why = Decision::read(&nowhere).unwrap_err();
    assert!(why.en.contains("id: nobody asks `urn:uuid:1`"), "{why}");
}

#[test]
fn a_context_of_one_s_own_cannot_change_what_words_mean() {
    use cocarde_seal::data_model::check_credential;
    let with = |terms: serde_json::Value| {
        let mut c = credential();
        c["@context"].as_array_mut().unwrap().push(terms);
        check_credential(&c)
    };
    with(json!({"note": "https://example.org/#note", "text": {"@id": "note"}})).unwrap();
    with(json!({"ex": "https://example.org/#", "note": "ex:note", "@vocab": "ex:"})).unwrap();
    for bad in [
        json!({"VerifiableCredential": "https://example.org/#Other"}),
        json!({"id": "https://example.org/#other"}),
        json!({"type": {"@id": "https://example.org/#other"}}),
        json!({"note": "https ://not-a-url#note"}),
        json!({"note": {"@id": "not a url"}}),
    ] {
        assert_eq!(with(bad.clone()).unwrap_err().code, "credential", "{bad}");
    }
    assert_eq!(with(json!(1)).unwrap_err().code, "credential");
    let mut twice = credential();
    let contexts = twice["@context"].as_array_mut().unwrap();
    contexts.push(json!({"@protected": true, "note": "https://example.org/#note"}));
    contexts.push(json!({"note": "https://example.org/#other"}));
    assert!(check_credential(&twice).unwrap_err().en.contains("`note`"));
    let mut alone = credential();
    alone["@context"] = json!(["https://www.w3.org/ns/credentials/v2"]);
    let said = check_credential(&alone).unwrap_err().en;
    assert!(said.contains("`DigitalConformityCredential` that no context"));
}
