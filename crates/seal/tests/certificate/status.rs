//! Status lists: what they say, and until when.

use crate::common::*;
use cocarde_seal::jws;
use cocarde_seal::verify::{Level, Outcome, State};
use serde_json::Value;

#[test]
fn status_is_that_of_the_lists() {
    let (trust, text) = (trust(), jwt(&credential()));
    let at = |values| ask(&text, &lists(values), DAY, &trust);
    assert_eq!(refused(&at([1, 0, 0])), "revoked");
    assert_eq!(at([1, 0, 0]).state, State::Revoked);
    assert_eq!(refused(&at([0, 1, 0])), "suspended");
    for (flags, state) in [
        (1, State::Contested),
        (2, State::ScopeReduced),
        (4, State::UnderSurveillance),
        (7, State::Contested),
    ] {
        let answer = at([0, 0, flags]);
        assert_eq!(
            (answer.outcome(), answer.state),
            (Outcome::WithReserve, state)
        );
    }
    let none = ask(&text, &Default::default(), DAY, &trust);
    assert_eq!(
        (none.outcome(), none.state),
        (Outcome::WithReserve, State::StatusUnknown)
    );
    let revoked = ask(&text, &lists([1, 0, 0]), "2026-12-09T00:00:00Z", &trust);
    assert_eq!(refused(&revoked), "revoked");
    let before = ask(&text, &lists([0, 0, 0]), "2026-11-30T00:00:00Z", &trust);
    assert_eq!(refused(&before), "status-later");
    // The list of one purpose in the place of another.
    let mut swapped = lists([1, 0, 0]);
    let other = swapped["https://label.example/statut/suspension"].clone();
    swapped.insert("https://label.example/statut/revocation".into(), other);
    refused(&ask(&text, &swapped, DAY, &trust));
}

/// Whoever serves the lists would choose which of the issuer's answers for which address.
#[test]
fn a_list_that_does_not_say_whose_it_is_answers_for_no_address() {
    let (trust, text) = (trust(), jwt(&credential()));
    for (id, said) in [
        (None, "no `id`: nothing says that it is that of https://"),
        (
            Some("https://label.example/older/revocation"),
            "it is that of https://label.example/older/revocation, and not of",
        ),
    ] {
        let mut all = lists([0, 0, 0]);
        for bytes in all.values_mut() {
            let token = jws::read(std::str::from_utf8(bytes).unwrap()).unwrap();
            let mut list: Value = serde_json::from_slice(&token.payload).unwrap();
            match id {
                Some(id) => list["id"] = id.into(),
                None => _ = list.as_object_mut().unwrap().remove("id"),
            }
            *bytes = jwt(&list).into_bytes();
        }
        let answer = ask(&text, &all, DAY, &trust);
        assert_eq!(refused(&answer), "status-list");
        let why = answer.statements.last().unwrap();
        assert!(why.en.contains(said), "{}", why.en);
    }
}

#[test]
fn a_list_holds_until_its_last_moment_and_then_establishes_nothing() {
    let (trust, text) = (trust(), jwt(&credential()));
    let at = |when| ask(&text, &lists([0, 0, 0]), when, &trust);
    let fresh = at("2026-12-07T23:59:59Z");
    assert_eq!(
        (fresh.outcome(), fresh.state),
        (Outcome::Valid, State::Valid)
    );
    assert!(fresh.stale_lists.is_empty());
    assert_eq!(fresh.until.as_deref(), Some("2026-12-08T00:00:00Z"));
    for when in ["2026-12-08T00:00:00Z", "2027-02-01T00:00:00Z"] {
        let stale = at(when);
        assert_eq!(refused(&stale), "status-stale");
        assert_eq!(stale.state, State::StatusUnknown);
        assert_eq!((stale.stale_lists.len(), &stale.until), (3, &None));
        // What was proven is said all the same, the last known status with its date.
        for code in ["signed", "scope", "period", "status", "facts"] {
            assert!(codes(&stale).contains(&code), "{code}");
        }
        let why = stale.statements.last().unwrap();
        assert!(
            why.fr.ends_with("liste périmée depuis le 8 décembre 2026"),
            "{}",
            why.fr
        );
        assert!(
            why.en.ends_with("list stale since 8 December 2026"),
            "{}",
            why.en
        );
    }
}

#[test]
fn a_list_without_a_last_day_holds_for_its_time_to_live_or_is_not_relied_on() {
    let (trust, text) = (trust(), jwt(&credential()));
    let bounded = |ttl: Option<u64>| {
        let mut all = lists([0, 0, 0]);
        for bytes in all.values_mut() {
            let token = std::str::from_utf8(bytes).unwrap();
            let mut list: Value =
                serde_json::from_slice(&jws::read(token).unwrap().payload).unwrap();
            list.as_object_mut().unwrap().remove("validUntil");
            list["credentialSubject"]["ttl"] = ttl.into();
            if ttl.is_none() {
                list["credentialSubject"]
                    .as_object_mut()
                    .unwrap()
                    .remove("ttl");
            }
            *bytes = jwt(&list).into_bytes();
        }
        all
    };
    let day = Some(86_400_000);
    let at = |when, lists: &_| ask(&text, lists, when, &trust);
    let fresh = at("2026-12-01T23:59:59Z", &bounded(day));
    assert_eq!(fresh.outcome(), Outcome::Valid);
    assert_eq!(
        refused(&at("2026-12-02T00:00:00Z", &bounded(day))),
        "status-stale"
    );
    let undated = at("2026-12-01T12:00:00Z", &bounded(None));
    assert_eq!(undated.outcome(), Outcome::WithReserve);
    assert!(codes(&undated).contains(&"status-undated"));
    assert!(
        undated
            .statements
            .iter()
            .any(|s| s.fr.contains("inconnu (retrait)"))
    );
    // No length of time that can be written goes beyond the calendar.
    let long = at("2026-12-02T00:00:00Z", &bounded(Some((1 << 53) - 1)));
    assert_eq!(long.outcome(), Outcome::WithReserve);
    let longer = at("2026-12-02T00:00:00Z", &bounded(Some(1 << 53)));
    assert_eq!(refused(&longer), "json");
}

#[test]
fn a_certificate_that_cannot_be_withdrawn_has_no_known_status() {
    let (trust, mut none) = (trust(), credential());
    let mut message = none.clone();
    none.as_object_mut().unwrap().remove("credentialStatus");
    let entries = message["credentialStatus"].as_array_mut().unwrap();
    entries.retain(|e| e["statusPurpose"] == "message");
    for (what, certificate) in [("no list", none), ("messages alone", message)] {
        let answer = ask(&jwt(&certificate), &lists([0, 0, 0]), DAY, &trust);
        let stands = (answer.outcome(), answer.state);
        assert_eq!(
            stands,
            (Outcome::WithReserve, State::StatusUnknown),
            "{what}"
        );
        let said = answer.statements.iter().find(|s| s.code == "status");
        assert_eq!(said.unwrap().level, Level::NotProven, "{what}");
    }
}
