//! One test of the W3C's suite for VC-JOSE-COSE, so that it can judge the tokens that
//! `cocarde-seal` writes and reads. See `judges/w3c`.
//!
//! `vc_jose issue|verify --input FILE --key FILE --feature FEATURE --output FILE` writes
//! `{"result": "success" | "failure"}`, as the suite asks of an implementation.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cocarde_seal::data_model::{check_credential, check_presentation};
use cocarde_seal::json::{self, MAX_DOCUMENT};
use cocarde_seal::key::PublicKey;
use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_seal::time::Timestamp;
use cocarde_seal::verify::Secured;
use cocarde_seal::{Refusal, Result, jws};
use serde_json::{Value, json};

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let option = |name: &str| {
        let at = args.iter().position(|a| a == name);
        at.and_then(|at| args.get(at + 1))
            .ok_or(format!("{name} is missing"))
    };
    let input = std::fs::read(option("--input")?)?;
    let key = json::parse(&std::fs::read(option("--key")?)?, MAX_DOCUMENT)?;
    let done = match (args[1].as_str(), option("--feature")?.as_str()) {
        ("issue", "credential_jose") => issue(&input, &key, "vc"),
        ("issue", "presentation_jose") => issue(&input, &key, "vp"),
        ("verify", "credential_jose") => credential(&input, &key).map(|()| String::new()),
        ("verify", "presentation_jose") => presentation(&input, &key).map(|()| String::new()),
        _ => Err(Refusal::new("feature", "absent", "not there")),
    };
    let answer = match done {
        Ok(data) => json!({"result": "success", "data": data}),
        Err(r) => json!({"result": "failure", "data": r.en}),
    };
    std::fs::write(option("--output")?, answer.to_string())?;
    Ok(())
}

fn signer(key: &Value) -> Result<FileSigner> {
    let refused = || Refusal::new("key", "clé refusée", "key refused");
    let d = json::text(key, &["secretKeyJwk", "d"]).unwrap_or_default();
    let d: [u8; 32] = URL_SAFE_NO_PAD
        .decode(d)
        .ok()
        .and_then(|d| d.try_into().ok())
        .ok_or_else(refused)?;
    match json::text(key, &["secretKeyJwk", "crv"]) {
        Some("Ed25519") => Ok(FileSigner::ed25519(&d)),
        Some("P-256") => FileSigner::p256(&d),
        _ => Err(refused()),
    }
}

fn issue(input: &[u8], key: &Value, kind: &str) -> Result<String> {
    let document = json::parse(input, MAX_DOCUMENT)?;
    match kind {
        "vc" => check_credential(&document)?,
        _ => check_presentation(&document)?,
    }
    let signer = signer(key)?;
    let kid = json::text(key, &["id"]).unwrap_or_default();
    let token = jws::sign(&document, &format!("{kind}+jwt"), kind, kid, &signer)?;
    jws::read(&token)?.verify(signer.public())?;
    Ok(token)
}

fn credential(input: &[u8], key: &Value) -> Result<()> {
    let secured = Secured::read(input)?;
    secured.holds(Timestamp::now())?;
    secured.verify(&PublicKey::from_jwk(&key["publicKeyJwk"])?)?;
    check_credential(secured.credential())
}

/// What is presented must be readable; who signed it is another key's matter.
fn presentation(input: &[u8], key: &Value) -> Result<()> {
    let text = String::from_utf8_lossy(input);
    let token = jws::read(text.trim_ascii())?;
    if token.header_text("typ").is_some_and(|t| t != "vp+jwt") {
        return Err(Refusal::new("jws", "typ", "typ"));
    }
    token.verify(&PublicKey::from_jwk(&key["publicKeyJwk"])?)?;
    let document = json::parse(&token.payload, MAX_DOCUMENT)?;
    check_presentation(&document)?;
    let presented = document["verifiableCredential"].as_array();
    for one in presented.into_iter().flatten() {
        let read = Secured::read(one.to_string().as_bytes())?;
        read.holds(Timestamp::now())?;
        check_credential(read.credential())?;
    }
    Ok(())
}
