//! The register of a scheme: what is proven of it, and what must not pass for it.

use crate::common::*;
use cocarde_seal::register::{self, Change, Register};
use cocarde_seal::signer::Signer;
use cocarde_seal::verify::{Answer, Outcome, RegisterInput, State, Trust, verify_register};
use cocarde_seal::{json, jws};
use serde_json::Value;

const MADE: &str = "2026-12-01T00:00:00Z";
const NEXT: &str = "2027-01-01T00:00:00Z";
const KID: &str = "did:web:label.example#ed-jwk";

/// A certificate like the example, under another number.
fn certificate(number: &str) -> Value {
    let mut c = credential();
    c["credentialSubject"]["name"] = number.into();
    c
}

fn change(number: &str, status: &str, from: &str) -> Change {
    Change {
        certificate: number.into(),
        status: status.into(),
        from: from.into(),
        reason: None,
    }
}

fn written(number: u64, certificates: &[Value], history: &[Change]) -> Value {
    register::write(DID, number, certificates, history, t(MADE), t(NEXT)).unwrap()
}

fn signed(register: &Value) -> String {
    register::sign(register, KID, &ed25519()).unwrap()
}

fn first() -> String {
    let two = [certificate("EX-1"), certificate("EX-2")];
    signed(&written(
        1,
        &two,
        &[change("EX-2", "suspended", "2026-11-30T00:00:00Z")],
    ))
}

fn ask(file: &str, previous: Option<&str>, at: &str) -> Answer {
    let input = RegisterInput {
        file: file.as_bytes(),
        previous: previous.map(str::as_bytes),
        at: t(at),
    };
    verify_register(&input, &trust())
}

#[test]
fn a_register_says_who_which_number_until_when_and_how_its_certificates_stand() {
    let answer = ask(&first(), None, "2026-12-31T23:59:59Z");
    assert_eq!(
        (answer.state, answer.until.as_deref()),
        (State::Valid, Some(NEXT))
    );
    let expected = [
        "signed",
        "number",
        "entries",
        "previous",
        "next-update",
        "latest",
    ];
    assert_eq!(codes(&answer), expected);
    let said = |language: fn(&cocarde_seal::verify::Statement) -> &str| {
        answer
            .statements
            .iter()
            .map(language)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let (fr, en) = (said(|s| &s.fr), said(|s| &s.en));
    for words in [
        "registre n° 1",
        "2 certificats inscrits",
        "valide : 1, suspendu : 1",
        "est dû le 1er janvier 2027",
    ] {
        assert!(fr.contains(words), "{words} in {fr}");
    }
    for words in [
        "register No. 1",
        "2 certificates entered",
        "valid: 1, suspended: 1",
        "due on 1 January 2027",
    ] {
        assert!(en.contains(words), "{words} in {en}");
    }
    // The statuses are those of the moment.
    let earlier = Register::read(&written(1, &[certificate("EX-1")], &[])).unwrap();
    assert_eq!(
        earlier.entries[0].state(t("2026-11-24T11:00:00Z")),
        State::NotYetValid
    );
    assert_eq!(
        earlier.entries[0].state(t("2029-11-24T12:00:00Z")),
        State::Expired
    );
}

#[test]
fn a_register_out_of_its_time_is_refused() {
    for (at, code) in [
        ("2026-11-30T23:59:59Z", "register-later"),
        (NEXT, "register-stale"),
        ("2027-06-01T00:00:00Z", "register-stale"),
    ] {
        let answer = ask(&first(), None, at);
        assert_eq!(refused(&answer), code, "{at}");
        assert!(codes(&answer).contains(&"signed"), "what is proven is said");
    }
}

#[test]
fn a_register_that_does_not_continue_the_one_before_is_refused() {
    let (one, two) = (certificate("EX-1"), certificate("EX-2"));
    let third = certificate("EX-3");
    let suspended = change("EX-2", "suspended", "2026-11-30T00:00:00Z");
    let all = [one.clone(), two.clone(), third];
    let next = signed(&written(2, &all, std::slice::from_ref(&suspended)));
    let answer = ask(&next, Some(&first()), MADE);
    assert!(
        codes(&answer).contains(&"continues"),
        "{:?}",
        codes(&answer)
    );
    assert_eq!(answer.state, State::Valid);
    // The same one again is no step back.
    assert_eq!(ask(&next, Some(&next), MADE).state, State::Valid);

    let both = [one.clone(), two];
    for (why, bad) in [
        ("goes back", first()),
        (
            "same number",
            signed(&written(2, &both, std::slice::from_ref(&suspended))),
        ),
        ("takes one out", signed(&written(3, &[one], &[]))),
        ("rewrites the past", signed(&written(3, &all, &[]))),
        (
            "moves a date",
            signed(&written(
                3,
                &all,
                &[change("EX-2", "suspended", "2026-11-29T00:00:00Z")],
            )),
        ),
    ] {
        let answer = ask(&bad, Some(&next), MADE);
        assert_eq!(refused(&answer), "register", "{why}");
    }
    let with = |name: &str, value: &str, place: Option<usize>| {
        let mut bad = written(3, &all, std::slice::from_ref(&suspended));
        let part = match place {
            None => &mut bad,
            Some(i) => &mut bad["entries"][i],
        };
        part[name] = value.into();
        signed(&bad)
    };
    for (why, bad) in [
        (
            "moves an end",
            with("validUntil", "2039-11-24T12:00:00Z", Some(0)),
        ),
        ("made earlier", with("made", "2026-11-30T00:00:00Z", None)),
    ] {
        assert_eq!(refused(&ask(&bad, Some(&next), MADE)), "register", "{why}");
    }
    // The older one must be the label's own too.
    let strange = register::sign(&written(1, &[], &[]), KID, &p256()).unwrap();
    assert_eq!(refused(&ask(&next, Some(&strange), MADE)), "algorithm");
}

#[test]
fn a_change_dated_before_the_older_register_is_named() {
    let all = [certificate("EX-1"), certificate("EX-2")];
    let suspended = change("EX-2", "suspended", "2026-11-30T00:00:00Z");
    let contested = |from| [suspended.clone(), change("EX-1", "contested", from)];
    let next = |from| signed(&written(2, &all, &contested(from)));
    let said = |answer: &Answer| {
        let sentence = answer.statements.iter().find(|s| s.code == "continues");
        sentence.unwrap().en.contains("no past status rewritten")
    };
    let fair = ask(&next(MADE), Some(&first()), MADE);
    assert!(said(&fair) && !codes(&fair).contains(&"back-dated"));
    let back = ask(&next("2026-11-30T23:59:59Z"), Some(&first()), MADE);
    assert!(!said(&back) && back.outcome() == Outcome::WithReserve);
    let named = back.statements.iter().find(|s| s.code == "back-dated");
    assert!(named.unwrap().en.ends_with(": EX-1"), "{named:?}");
}

#[test]
fn a_byte_changed_anywhere_in_a_register_is_refused() {
    let good = first();
    for at in (0..good.len()).step_by(3) {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let input = RegisterInput {
            file: &bytes,
            previous: None,
            at: t(MADE),
        };
        refused(&verify_register(&input, &trust()));
    }
}

#[test]
fn what_is_not_the_label_s_register_is_refused() {
    let value = written(1, &[certificate("EX-1")], &[]);
    let with = |path: &str, new: Value| {
        let mut bad = value.clone();
        match new.is_null() {
            true => _ = bad.as_object_mut().unwrap().remove(path),
            false => bad[path] = new,
        }
        signed(&bad)
    };
    for name in ["iss", "no", "made", "nextUpdate", "entries"] {
        assert_eq!(
            refused(&ask(&with(name, Value::Null), None, MADE)),
            "register",
            "{name}"
        );
    }
    let twice = [&value["entries"][0], &value["entries"][0]]
        .into_iter()
        .cloned()
        .collect();
    assert_eq!(
        refused(&ask(&with("entries", twice), None, MADE)),
        "register"
    );
    // No issuer speaks for another.
    let stranger = with("iss", "did:web:other.example".into());
    assert_eq!(refused(&ask(&stranger, None, MADE)), "register");
    // A certificate's token is no register, and a register is no certificate.
    let token = jwt(&credential());
    assert!(!register::is_register(token.as_bytes()) && register::is_register(first().as_bytes()));
    assert_eq!(refused(&ask(&token, None, MADE)), "register");
    assert_eq!(
        refused(&crate::common::ask(
            &first(),
            &Default::default(),
            DAY,
            &trust()
        )),
        "jws"
    );
    // A stolen key publishes no register.
    let mut document = document();
    document
        .keys
        .iter_mut()
        .for_each(|k| k.revoked = Some(t(NEXT)));
    let trust = Trust {
        issuers: vec![document],
        ..trust()
    };
    let file = first();
    let input = RegisterInput {
        file: file.as_bytes(),
        previous: None,
        at: t(MADE),
    };
    assert_eq!(refused(&verify_register(&input, &trust)), "key-revoked");
}

#[test]
fn what_the_token_of_a_register_claims_of_itself_is_heard() {
    let with = |name: &str, claim: Value, at| {
        let mut register = written(1, &[certificate("EX-1")], &[]);
        register[name] = claim;
        ask(&signed(&register), None, at)
    };
    let second = |text| Value::from(t(text).as_second());
    let end = "2026-12-15T00:00:00Z";
    let ends = with("exp", second(end), MADE);
    assert_eq!(
        (ends.state, ends.until.as_deref()),
        (State::Valid, Some(end))
    );
    assert_eq!(refused(&with("exp", second(end), end)), "jws-period");
    assert_eq!(refused(&with("nbf", second(end), MADE)), "jws-period");
    assert_eq!(refused(&with("exp", "soon".into(), MADE)), "jws");
    // Signed after the key had ended, whatever day it is made for.
    let mut trust = trust();
    let keys = trust.issuers[0].keys.iter_mut();
    keys.for_each(|k| k.expires = Some(t("2026-12-10T00:00:00Z")));
    let mut register = written(1, &[certificate("EX-1")], &[]);
    for (signed_on, code) in [("2026-12-09T00:00:00Z", "signed"), (end, "key-period")] {
        register["iat"] = second(signed_on);
        let file = signed(&register);
        let input = RegisterInput {
            file: file.as_bytes(),
            previous: None,
            at: t("2026-12-20T00:00:00Z"),
        };
        assert_eq!(codes(&verify_register(&input, &trust))[0], code);
    }
}

#[test]
fn a_history_that_begins_before_its_certificate_is_not_published() {
    let early = [change("EX-1", "contested", "2026-01-01T00:00:00Z")];
    let written = register::write(DID, 1, &[certificate("EX-1")], &early, t(MADE), t(NEXT));
    let why = written.unwrap_err();
    assert!(
        why.en.contains("EX-1") && why.en.contains("order of dates"),
        "{}",
        why.en
    );
}

#[test]
fn a_register_that_contradicts_itself_is_not_published() {
    let from = |day: u8| format!("2026-12-0{day}T00:00:00Z");
    let back = [
        change("EX-1", "revoked", &from(2)),
        change("EX-1", "valid", &from(3)),
    ];
    let written = |history: &[Change], next: &str| {
        register::write(DID, 1, &[certificate("EX-1")], history, t(MADE), t(next))
    };
    let why = written(&back, NEXT).unwrap_err();
    assert!(
        why.en.contains("EX-1: a withdrawn certificate stays so"),
        "{why}"
    );
    written(&back[..1], NEXT).unwrap();
    assert!(written(&[], MADE).unwrap_err().en.contains("nextUpdate"));
}

#[test]
fn a_register_of_thousands_of_certificates_is_read_again() {
    let many: Vec<Value> = (0..6000).map(|i| certificate(&format!("EX-{i}"))).collect();
    let file = signed(&written(1, &many, &[]));
    assert!(
        file.len() > 2 * json::MAX_DOCUMENT,
        "longer than a certificate may be"
    );
    assert!(jws::read(&file).is_err());
    let token = register::token(file.as_bytes()).unwrap();
    let trust = trust();
    let read = Register::signed(&token, &trust.issuers[0]).unwrap();
    assert_eq!(read.register.entries.len(), 6000);
}

#[test]
fn what_a_stranger_wrote_is_not_taken_apart() {
    // No JSON at all: whoever looked into it would say so.
    let of = |kid: &str, by: &dyn Signer| {
        let token = register::sign(&written(1, &[], &[]), kid, by).unwrap();
        let mut parts: Vec<&str> = token.split('.').collect();
        parts[1] = "bm9uc2Vuc2U";
        parts.join(".")
    };
    for (kid, code) in [
        ("did:web:other.example#k", "unknown-issuer"),
        ("", "unknown-issuer"),
        ("did:web:label.example#none", "unknown-key"),
        (KID, "signature"),
    ] {
        let answer = ask(&of(kid, &ed25519()), None, MADE);
        assert_eq!(refused(&answer), code, "{kid}");
        let last = signed(&written(2, &[], &[]));
        assert_eq!(refused(&ask(&last, Some(&of(kid, &ed25519())), MADE)), code);
    }
}

#[test]
fn certificates_that_nothing_tells_apart_are_named() {
    use cocarde_seal::register::{Common, shared};
    let mut other = credential();
    assert!(shared(&[other.clone()]).is_empty());
    other["credentialSubject"]["name"] = "EX-2".into();
    let both = [credential(), other.clone()];
    let found = shared(&both);
    let places = |list: &[cocarde_seal::register::Shared]| {
        let place = |s: &cocarde_seal::register::Shared| matches!(s.what, Common::Place(42, _));
        list.iter().filter(|s| place(s)).count()
    };
    assert_eq!((found.len(), places(&found)), (2, 1));
    assert!(found.iter().all(|s| s.certificates[1] == "EX-2"));
    other["id"] = "https://label.example/certificats/EX-2".into();
    other["credentialStatus"][0]["statusListIndex"] = "43".into();
    assert!(shared(&[credential(), other]).is_empty());
}
