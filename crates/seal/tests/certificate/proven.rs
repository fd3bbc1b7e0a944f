//! What is told as proven is what was proven.

use crate::common::*;
use cocarde_seal::did::DidDocument;
use cocarde_seal::log::VerifierKey;
use cocarde_seal::log::note::Kind;
use cocarde_seal::signer::{FileSigner, Signer};
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
fn a_stolen_key_is_stolen_under_a_name_that_asserts_no_more() {
    let mut published = document().write();
    published["verificationMethod"][0]["revoked"] = json!("2026-06-01T00:00:00Z");
    published["assertionMethod"]
        .as_array_mut()
        .unwrap()
        .remove(0);
    let mut trust = trust();
    trust.issuers = vec![DidDocument::read(&published).unwrap()];
    let answer = ask(&jwt(&credential()), &lists([0, 0, 0]), DAY, &trust);
    assert_eq!(refused(&answer), "key-revoked");
}

#[test]
fn a_key_that_has_ended_has_under_each_name_that_began_before() {
    let published = |name: &str, began: &str| {
        let mut published = document().write();
        let methods = published["verificationMethod"].as_array_mut().unwrap();
        for method in methods {
            let id = method["id"].as_str().unwrap();
            if id.ends_with(name) {
                method["expires"] = json!("2026-06-01T00:00:00Z");
            } else if id.contains("#ed") {
                method["activeFrom"] = json!(began);
            }
        }
        let read = DidDocument::read(&published).unwrap();
        let ends = read.keys.iter().filter(|k| k.id.contains("#ed"));
        ends.map(|k| k.expires).collect::<Vec<_>>()
    };
    let end = Some(t("2026-06-01T00:00:00Z"));
    for name in ["#ed", "#ed-jwk"] {
        assert_eq!(
            published(name, "2026-01-01T00:00:00Z"),
            [end, end],
            "{name}"
        );
        // One that began again since is in use.
        let again = published(name, "2026-06-01T00:00:00Z");
        assert_eq!(again.iter().flatten().count(), 1, "{name}");
    }
    let mut published = document().write();
    published["verificationMethod"][0]["expires"] = json!("2026-06-01T00:00:00Z");
    let mut trust = trust();
    trust.issuers = vec![DidDocument::read(&published).unwrap()];
    let answer = ask(&jwt(&credential()), &lists([0, 0, 0]), DAY, &trust);
    assert_eq!(refused(&answer), "key-period");
}

#[test]
fn a_key_has_one_description_whatever_comes_first() {
    for first in [true, false] {
        let mut published = document().write();
        let methods = published["verificationMethod"].as_array_mut().unwrap();
        let mut stolen = methods[0].clone();
        stolen["id"] = json!("#ed");
        stolen["revoked"] = json!("2026-06-01T00:00:00Z");
        methods.insert(if first { 0 } else { methods.len() }, stolen);
        let why = DidDocument::read(&published).unwrap_err();
        assert!(
            why.en.contains("key given twice: did:web:label.example#ed"),
            "{why}"
        );
    }
}

/// Whoever still has a retired key dates its signature back, and the list of today.
#[test]
fn a_key_that_has_ended_tells_of_no_later_day() {
    let text = jwt(&credential());
    let ended = |at: &str| {
        let mut trust = trust();
        trust.issuers[0]
            .keys
            .iter_mut()
            .for_each(|k| k.expires = Some(t(at)));
        let dated = changed([0, 0, 0], |l| {
            l["iat"] = json!(t("2026-11-25T00:00:00Z").as_second())
        });
        ask(&text, &dated, DAY, &trust)
    };
    assert_eq!(refused(&ended("2026-12-01T00:00:00Z")), "key-period");
    assert_eq!(ended("2026-12-01T00:00:01Z").outcome(), Outcome::Valid);
}

#[test]
fn an_answer_holds_no_longer_than_the_signatures_it_rests_on() {
    let trust = trust();
    let end = "2026-12-04T00:00:00Z";
    let claim = json!(t(end).as_second());
    let mut certificate = credential();
    let good = lists([0, 0, 0]);
    let until = |text: &str, lists: &_, at| ask(text, lists, at, &trust).until;
    let plain = jwt(&certificate);
    assert_eq!(until(&plain, &good, DAY).unwrap(), "2026-12-08T00:00:00Z");
    // The lists: past it they are stale, and fresh ones may be asked for.
    let bounded = changed([0, 0, 0], |l| l["exp"] = claim.clone());
    assert_eq!(until(&plain, &bounded, DAY).unwrap(), end);
    let stale = ask(&plain, &bounded, end, &trust);
    assert_eq!(
        (refused(&stale), stale.stale_lists.len()),
        ("status-stale", 3)
    );
    // The certificate: the end that a proof states is read, that of a token is heard.
    let method = "did:web:label.example#ed";
    let proven = cocarde_seal::proof::add(
        &certificate,
        method,
        "assertionMethod",
        t("2026-11-24T12:00:00Z"),
        &ed25519(),
    );
    let mut proven = proven.unwrap();
    proven["proof"]["expires"] = json!(end);
    let read = cocarde_seal::proof::take(&proven, "assertionMethod").unwrap();
    assert_eq!(read.expires, Some(t(end)));
    certificate["exp"] = claim;
    assert_eq!(until(&jwt(&certificate), &good, DAY).unwrap(), end);
    assert_eq!(
        refused(&ask(&jwt(&certificate), &good, end, &trust)),
        "jws-period"
    );
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
        ("exp", json!(DAY), "jws-period"),
        ("exp", json!("soon"), "jws"),
        ("exp", json!(t(DAY).as_second() as f64 - 0.5), "jws-period"),
        ("iat", json!((1_u64 << 53) - 1), "jws"),
        ("iat", json!(1e300), "json"),
        ("iat", second("2025-12-31T23:59:59Z"), "key-period"),
        ("iss", json!("did:web:other.example"), "jws"),
    ] {
        assert_eq!(refused(&with(name, claim)), code, "{name}");
    }
    for (name, claim) in [
        ("exp", second("2026-12-02T00:00:01Z")),
        ("exp", json!(t(DAY).as_second() as f64 + 0.5)),
        ("nbf", second(DAY)),
        ("nbf", json!(DAY)),
        ("iat", second("2026-11-24T11:00:00Z")),
        ("iss", json!(DID)),
    ] {
        assert_eq!(with(name, claim).outcome(), Outcome::Valid, "{name}");
    }
}

#[test]
fn a_trust_file_says_nothing_in_two_ways() {
    let key = |name, kind, n| {
        VerifierKey::new(name, kind, FileSigner::ed25519(&[n; 32]).public()).unwrap()
    };
    let journal = "label.example/journal";
    let with = |change: &dyn Fn(&mut Trust)| {
        let mut trust = trust();
        change(&mut trust);
        Trust::read(trust.write().to_string().as_bytes()).map_err(|r| r.en)
    };
    let witness = key("witness.example", Kind::Cosignature, 8);
    let own = key("witness.example", Kind::Cosignature, 44);
    for (change, places) in [
        (
            &(|t: &mut Trust| t.issuers.push(document())) as &dyn Fn(&mut Trust),
            "issuers[0], issuers[1]: `did:web:label.example` has two documents",
        ),
        (
            &|t: &mut Trust| t.logs.insert(0, witness.clone()),
            "logs[0]: a key of a witness",
        ),
        (
            &|t: &mut Trust| t.witnesses = vec![witness.clone(), key("x", Kind::Ed25519, 9)],
            "witnesses[1]: a key of a log",
        ),
        (
            &|t: &mut Trust| t.witnesses = vec![witness.clone(), own.clone()],
            "logs[0], witnesses[1]: a log is no witness of itself",
        ),
        (
            &|t: &mut Trust| t.witnesses = vec![key("w.example", Kind::Cosignature, 42)],
            "issuers[0], witnesses[0]: an issuer is no witness of itself",
        ),
        (
            &|t: &mut Trust| (t.witnesses, t.quorum) = (vec![witness.clone(); 2], 2),
            "quorum: 2 asked for, but 1 known: add witnesses",
        ),
    ] {
        let why = with(change).unwrap_err();
        assert!(why.starts_with(places), "{why}");
    }
    // A log that changes its key has two; the same key twice is one key.
    assert!(with(&|t| t.logs.push(key(journal, Kind::Ed25519, 45))).is_ok());
    assert!(with(&|t| t.logs.extend(t.logs.clone())).is_ok());
    assert!(with(&|t| t.witnesses = vec![witness.clone(), witness.clone()]).is_ok());
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
        let said = answer
            .statements
            .into_iter()
            .find(|s| s.code == "fork-unchecked");
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
    use cocarde_seal::verify::Secured;
    let text = jwt(&credential());
    let read = Secured::read(text.as_bytes()).unwrap();
    let of = |issuer, signer: &dyn Signer| read.of(issuer, signer.public()).map_err(|r| r.code);
    assert_eq!(of(DID, &ed25519()), Ok(&credential()));
    assert_eq!(of("did:web:other.example", &ed25519()), Err("issuer"));
    assert_eq!(of(DID, &p256()), Err("algorithm"));
    let stranger = FileSigner::ed25519(&[9; 32]);
    assert_eq!(of(DID, &stranger), Err("signature"));
}
