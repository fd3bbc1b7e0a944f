//! What is told as proven is what was proven.

use crate::common::*;
use cocarde_seal::did::DidDocument;
use cocarde_seal::verify::{Input, Level, Outcome, State, Trust, verify};
use cocarde_seal::{jws, log};
use serde_json::{Value, json};

/// The lists, each changed and signed again.
fn changed(
    values: [u64; 3],
    change: impl Fn(&mut Value),
) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut all = lists(values);
    for bytes in all.values_mut() {
        let token = jws::read(std::str::from_utf8(bytes).unwrap()).unwrap();
        let mut list = serde_json::from_slice(&token.payload).unwrap();
        change(&mut list);
        *bytes = jwt(&list).into_bytes();
    }
    all
}

#[test]
fn a_stolen_key_is_stolen_under_each_of_its_names() {
    let stolen = Some(t("2026-06-01T00:00:00Z"));
    for name in ["#ed", "#ed-jwk", "#ec-jwk"] {
        let mut published = document().write();
        let methods = published["verificationMethod"].as_array_mut().unwrap();
        let method = methods
            .iter_mut()
            .find(|m| m["id"] == format!("{DID}{name}"));
        method.unwrap()["revoked"] = json!("2026-06-01T00:00:00Z");
        let read = DidDocument::read(&published).unwrap();
        for key in &read.keys {
            let same = key.id.contains(&name[..3]);
            assert_eq!(key.revoked, stolen.filter(|_| same), "{name}: {}", key.id);
        }
    }
}

#[test]
fn what_a_token_claims_of_itself_is_heard() {
    let (trust, lists) = (trust(), lists([0, 0, 0]));
    let with = |name: &str, claim: Value| {
        let mut credential = credential();
        credential[name] = claim;
        ask(&jwt(&credential), &lists, DAY, &trust)
    };
    let second = |text| json!(t(text).as_second());
    for (name, claim, code) in [
        ("exp", second(DAY), "jws-period"),
        ("nbf", second("2026-12-02T00:00:01Z"), "jws-period"),
        ("exp", json!(DAY), "jws"),
        ("iat", json!(1e300), "jws"),
        ("iat", second("2025-12-31T23:59:59Z"), "key-period"),
        ("iss", json!("did:web:other.example"), "jws"),
    ] {
        assert_eq!(refused(&with(name, claim)), code, "{name}");
    }
    for (name, claim) in [
        ("exp", second("2026-12-02T00:00:01Z")),
        ("nbf", second(DAY)),
        ("iat", second("2026-11-24T11:00:00Z")),
        ("iss", json!(DID)),
    ] {
        assert_eq!(with(name, claim).outcome(), Outcome::Valid, "{name}");
    }
}

#[test]
fn an_issuer_has_one_document() {
    let mut trust = trust();
    trust.issuers.push(document());
    let twice = Trust::read(trust.write().to_string().as_bytes());
    let why = twice.unwrap_err();
    assert!(why.en.contains(DID), "{why}");
}

#[test]
fn a_list_without_a_date_is_not_that_of_the_day_one_asks() {
    let mut trust = trust();
    trust.issuers[0]
        .keys
        .iter_mut()
        .for_each(|k| k.active_from = None);
    let text = jwt(&credential());
    let undated = |values| {
        changed(values, |l| {
            _ = l.as_object_mut().unwrap().remove("validFrom")
        })
    };
    for (values, code) in [
        ([0, 0, 0], "status"),
        ([0, 1, 0], "suspended"),
        ([0, 0, 1], "contested"),
    ] {
        let answer = ask(&text, &undated(values), DAY, &trust);
        let said = answer.statements.iter().find(|s| s.code == code).unwrap();
        assert!(said.en.ends_with("by a list without a date"), "{}", said.en);
        assert!(
            said.fr.ends_with("selon une liste sans date"),
            "{}",
            said.fr
        );
    }
}

#[test]
fn a_message_that_is_not_known_is_not_passed_over() {
    let mut credential = credential();
    credential["credentialStatus"][2]["statusSize"] = json!(4);
    let (text, trust) = (jwt(&credential), trust());
    let list = |value: u64| {
        let mut bits = cocarde_seal::status::Bitstring::new(0, 4);
        bits.set(42, value).unwrap();
        let url = &credential["credentialStatus"][2]["statusListCredential"];
        changed([0, 0, 0], |l| {
            if l["id"] == *url {
                l["credentialSubject"]["encodedList"] = bits.encode().into();
            }
        })
    };
    assert_eq!(ask(&text, &list(0), DAY, &trust).outcome(), Outcome::Valid);
    for (value, state) in [
        (8, State::StatusUnknown),
        (9, State::StatusUnknown),
        (1, State::Contested),
    ] {
        let answer = ask(&text, &list(value), DAY, &trust);
        assert_eq!(
            (answer.outcome(), answer.state),
            (Outcome::WithReserve, state),
            "{value}"
        );
        let unread = answer.statements.iter().find(|s| s.code == "status-unread");
        assert_eq!(unread.is_some(), value > 7, "{value}");
    }
}

#[test]
fn a_freshness_that_cannot_be_read_promises_nothing() {
    let (trust, lists) = (trust(), lists([0, 0, 0]));
    let with = |change: fn(&mut Value)| {
        let mut c = credential();
        let terms = &mut c["credentialSubject"]["sovereigntyCertification"];
        change(&mut terms["criterionResult"][0]);
        ask(&jwt(&c), &lists, DAY, &trust)
    };
    let number = with(|r| r["freshUntil"] = json!(20_291_124));
    let nameless = with(|r| {
        r["freshUntil"] = json!("2026-11-30T00:00:00Z");
        r.as_object_mut().unwrap().remove("id");
    });
    for answer in [number, nameless] {
        assert_eq!(
            (answer.outcome(), answer.state),
            (Outcome::WithReserve, State::Stale)
        );
        assert!(codes(&answer).contains(&"stale"));
    }
}

#[test]
fn a_checkpoint_of_another_size_shows_no_fork_and_that_is_said() {
    let credential = credential();
    let (text, proof) = (jwt(&credential), log_proof(&credential, "sizes"));
    let mut trust = trust();
    let said = |trust: &Trust| {
        let input = Input {
            credential: text.as_bytes(),
            log_proof: Some(&proof),
            lists: &lists([0, 0, 0]),
            at: t(DAY),
        };
        let answer = verify(&input, trust);
        assert_eq!(answer.outcome(), Outcome::Valid, "{:?}", codes(&answer));
        let said = answer.statements.into_iter().find(|s| s.code == "fork");
        said.map(|s| (s.level, s.en.contains("yours, at 3")))
    };
    assert_eq!(said(&trust), None);
    trust.checkpoints.push(log::Checkpoint {
        origin: "label.example/journal".into(),
        size: 3,
        root: [9; 32],
    });
    assert_eq!(said(&trust), Some((Level::NotProven, true)));
}

#[test]
fn a_badge_of_a_derogation_says_so() {
    let mut certificate = credential();
    let narrative = |c: &Value| {
        let badge = cocarde_seal::open_badge::write(c);
        badge["credentialSubject"]["achievement"]["criteria"]["narrative"].to_string()
    };
    let plain = narrative(&certificate);
    assert!(!plain.contains("derogation"), "{plain}");
    let terms = &mut certificate["credentialSubject"]["sovereigntyCertification"];
    terms["derogation"] = json!("two sites are being moved");
    let told = narrative(&certificate);
    assert!(
        told.contains("granted by derogation: two sites are being moved"),
        "{told}"
    );
}

#[test]
fn a_credential_is_of_its_issuer_and_key() {
    use cocarde_seal::signer::Signer;
    use cocarde_seal::verify::Secured;
    let text = jwt(&credential());
    let read = Secured::read(text.as_bytes(), t(DAY)).unwrap();
    let of = |issuer, signer: &dyn Signer| read.of(issuer, signer.public()).map_err(|r| r.code);
    assert_eq!(of(DID, &ed25519()), Ok(&credential()));
    assert_eq!(of("did:web:other.example", &ed25519()), Err("issuer"));
    assert_eq!(of(DID, &p256()), Err("algorithm"));
    let stranger = cocarde_seal::signer::FileSigner::ed25519(&[9; 32]);
    assert_eq!(of(DID, &stranger), Err("signature"));
}
