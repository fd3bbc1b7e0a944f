//! Any bytes as a credential, as a JWT, JSON with proof or enveloped: read or refused,
//! never a panic; and what nobody trusted signed is never believed.

#![no_main]

use cocarde_seal::data_model::{check_credential, check_presentation};
use cocarde_seal::did::DidDocument;
use cocarde_seal::status::Entry;
use cocarde_seal::time::Timestamp;
use cocarde_seal::verify::{Input, Outcome, Secured, Trust, verify};
use cocarde_seal::{credential, json, open_badge, proof};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

fuzz_target!(|data: &[u8]| {
    let at = Timestamp::UNIX_EPOCH;
    if let Ok(secured) = Secured::read(data) {
        let read = secured.credential();
        let _ = check_credential(read);
        let _ = Entry::all(read);
        assert_eq!(credential::digest(read), credential::digest(&read.clone()));
        open_badge::write(read);
    }
    if let Ok(value) = json::parse(data, json::MAX_DOCUMENT) {
        // What is written canonically is read again as the same thing.
        let canonical = json::canonical(&value);
        let again = json::parse(&canonical, usize::MAX).expect("canonical form is JSON");
        assert_eq!(json::canonical(&again), canonical);
        let _ = (check_credential(&value), check_presentation(&value));
        let _ = proof::take(&value, "assertionMethod");
    }
    let trust = Trust {
        issuers: vec![
            DidDocument::of_did_key("did:key:z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
                .expect("a key"),
        ],
        ..Trust::default()
    };
    let input = Input {
        credential: data,
        log_proof: std::str::from_utf8(data).ok(),
        lists: &BTreeMap::new(),
        at,
    };
    assert_eq!(verify(&input, &trust).outcome(), Outcome::Refused);
});
