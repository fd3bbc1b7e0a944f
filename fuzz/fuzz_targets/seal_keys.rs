//! Any bytes as a DID document, a trust file, a private key, a decision, the history of a
//! register or a PKCS#8 file: read or refused, never a panic; what is read is written again
//! as it was.

#![no_main]

use cocarde_seal::decision::Decision;
use cocarde_seal::did::{DidDocument, web_url};
use cocarde_seal::key::PublicKey;
use cocarde_seal::signer::FileSigner;
use cocarde_seal::verify::Trust;
use cocarde_seal::{credential, json, jws, oscal, register, time};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = Trust::read(data);
    if let Ok(value) = json::parse(data, json::MAX_DOCUMENT) {
        if let Ok(document) = DidDocument::read(&value) {
            let again = DidDocument::read(&document.write()).expect("written");
            assert_eq!(again.write(), document.write());
            let _ = document.url();
        }
        let _ = PublicKey::from_jwk(&value);
        oscal::write(&value, time::Timestamp::UNIX_EPOCH, "fr");
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let _ = (
        FileSigner::from_pem(text),
        register::read_history(text),
        jws::read(text),
    );
    let _ = (
        web_url(text),
        PublicKey::from_multikey(text),
        PublicKey::from_did_key(text),
    );
    if let Ok(t) = time::read(text) {
        time::read(&time::write(t)).expect("written");
    }
    let (decision, assessment) = text.split_once('\u{1}').unwrap_or((text, "{}"));
    if let Ok(decision) = Decision::read(decision) {
        let _ = credential::write(&decision, assessment.as_bytes());
    }
});
