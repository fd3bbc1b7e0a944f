//! Any bytes as the URI of a key on a token, or as what a signing service answers: read or
//! refused, never a panic; a refusal moves no cursor, and no signature that was not made is one.

#![no_main]

use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_signer::{Pkcs11Uri, read_key, read_signature};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let own = FileSigner::ed25519(&[7; 32]);
    if let Ok(key) = read_key(data) {
        assert!(key.jwk().get("d").is_none());
    }
    match read_signature(data) {
        Ok(signature) => assert!(own.public().verify(b"never signed", &signature).is_err()),
        Err(refusal) => shown(&refusal.fr),
    }
    if let Ok(text) = std::str::from_utf8(data)
        && let Err(refusal) = Pkcs11Uri::read(text)
    {
        shown(&refusal.fr);
    }
});

/// Checks that what is told of a stranger's words is safe on a terminal.
fn shown(text: &str) {
    assert!(!text.contains(|c: char| c.is_control() && c != '\n'));
}
