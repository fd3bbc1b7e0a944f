//! Data Integrity proofs with the cryptosuite `eddsa-jcs-2022` (W3C vc-di-eddsa).

use crate::json;
use crate::key::{Algorithm, PublicKey, base58};
use crate::signer::Signer;
use crate::time::{self, Timestamp};
use crate::{Refusal, Result};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// The one cryptosuite that is written and read.
pub const SUITE: &str = "eddsa-jcs-2022";

fn refused(fr: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new("proof", fr, en)
}

/// Adds a proof to a document. `method` is the DID URL of the key, `purpose` is
/// `assertionMethod` for credentials. Errors: not an object, already proven, or a
/// key that is not Ed25519.
pub fn add(
    document: &Value,
    method: &str,
    purpose: &str,
    created: Timestamp,
    by: &dyn Signer,
) -> Result<Value> {
    if by.public().algorithm() != Algorithm::Ed25519 {
        return Err(refused(
            format!("{SUITE} demande une clé Ed25519"),
            format!("{SUITE} needs an Ed25519 key"),
        ));
    }
    let mut secured = object(document)?.clone();
    if secured.contains_key("proof") {
        return Err(refused(
            "une preuve existe déjà",
            "there is a proof already",
        ));
    }
    let mut options = json!({
        "type": "DataIntegrityProof", "cryptosuite": SUITE, "created": time::write(created),
        "verificationMethod": method, "proofPurpose": purpose,
    });
    if let Some(context) = secured.get("@context") {
        options["@context"] = context.clone();
    }
    let signature = by.sign(&hash_data(&options, document))?;
    options["proofValue"] = format!("z{}", bs58::encode(signature).into_string()).into();
    secured.insert("proof".into(), options);
    Ok(Value::Object(secured))
}

fn hash_data(options: &Value, document: &Value) -> Vec<u8> {
    [options, document]
        .iter()
        .flat_map(|v| Sha256::digest(json::canonical(v)))
        .collect()
}

fn object(value: &Value) -> Result<&Map<String, Value>> {
    let absent = || refused("un objet JSON est attendu", "a JSON object is expected");
    value.as_object().ok_or_else(absent)
}

/// A proof taken off its document, checked for form and not yet verified.
#[derive(Clone, Debug)]
pub struct Proof {
    /// The document without its proof.
    pub document: Value,
    /// DID URL of the key that is said to have signed.
    pub method: String,
    /// When it is said to have been signed.
    pub created: Option<Timestamp>,
    /// When it ends.
    pub expires: Option<Timestamp>,
    hashed: Vec<u8>,
    signature: Vec<u8>,
}

/// Takes the proof off a document. Errors: none or several proofs, another
/// cryptosuite, another purpose, a context that is not the document's, a signature
/// that is not 64 bytes of base58-btc. Whether it has ended is for [`Proof::holds`].
pub fn take(secured: &Value, purpose: &str) -> Result<Proof> {
    let mut document = object(secured)?.clone();
    let proof = match document.remove("proof") {
        Some(Value::Object(proof)) => proof,
        Some(Value::Array(list)) if list.len() == 1 => object(&list[0])?.clone(),
        Some(_) => {
            return Err(refused(
                "une seule preuve est admise",
                "one proof is allowed",
            ));
        }
        None => return Err(refused("aucune preuve", "no proof")),
    };
    let field = |name: &str| proof.get(name).and_then(Value::as_str).unwrap_or_default();
    for (name, expected) in [
        ("type", "DataIntegrityProof"),
        ("cryptosuite", SUITE),
        ("proofPurpose", purpose),
    ] {
        let found = field(name);
        if found != expected {
            return Err(refused(
                format!("preuve : {name} vaut « {found} », « {expected} » attendu"),
                format!("proof: {name} is `{found}`, `{expected}` expected"),
            ));
        }
    }
    let moment = |name: &str| proof.get(name).map(|_| time::read(field(name))).transpose();
    let (created, expires) = (moment("created")?, moment("expires")?);
    let method = field("verificationMethod").to_owned();
    let signature = base58(field("proofValue"), 64)
        .filter(|s| s.len() == 64)
        .ok_or_else(|| refused("proofValue illisible", "unreadable proofValue"))?;
    let mut document = Value::Object(document);
    let mut options = proof;
    options.remove("proofValue");
    if let Some(context) = options.get("@context") {
        same_start(context, document.get("@context"))?;
        document["@context"] = context.clone();
    }
    Ok(Proof {
        hashed: hash_data(&Value::Object(options), &document),
        document,
        method,
        created,
        expires,
        signature,
    })
}

/// The document's contexts must begin with all of the proof's, in order.
fn same_start(proof: &Value, document: Option<&Value>) -> Result<()> {
    let list = |v: &Value| v.as_array().cloned().unwrap_or_else(|| vec![v.clone()]);
    let document = document.map(list).unwrap_or_default();
    if document.starts_with(&list(proof)) {
        return Ok(());
    }
    Err(refused(
        "le contexte signé n'est pas celui du document",
        "the signed context is not that of the document",
    ))
}

impl Proof {
    /// Checks that it has not ended at that moment.
    pub fn holds(&self, at: Timestamp) -> Result<()> {
        match self.expires.is_some_and(|end| at >= end) {
            true => Err(refused("la preuve a expiré", "the proof has expired")),
            false => Ok(()),
        }
    }

    /// Checks the signature with the key one expects.
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        if key.algorithm() != Algorithm::Ed25519 {
            return Err(Refusal::new(
                "algorithm",
                format!("{SUITE} refuse une clé {:?}", key.algorithm()),
                format!("{SUITE} refuses a {:?} key", key.algorithm()),
            ));
        }
        key.verify(&self.hashed, &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signer::FileSigner;

    /// Appendix B.3 of vc-di-eddsa: key, credential and signature of its example.
    #[test]
    fn the_published_vector_verifies_and_is_written_alike() {
        let vector: Value =
            serde_json::from_str(include_str!("../tests/data/eddsa-jcs-2022.json")).unwrap();
        let proof = take(&vector, "assertionMethod").unwrap();
        let key = PublicKey::from_did_key(proof.method.split('#').next().unwrap()).unwrap();
        proof.verify(&key).unwrap();
    }

    #[test]
    fn a_proof_holds_for_its_document_alone() {
        let key = FileSigner::ed25519(&[3; 32]);
        let at = time::read("2026-11-24T12:00:00Z").unwrap();
        let document = json!({"@context": ["a", "b"], "x": 1});
        let good = add(&document, "did:x#k", "assertionMethod", at, &key).unwrap();
        let proof = take(&good, "assertionMethod").unwrap();
        proof.verify(key.public()).unwrap();
        assert_eq!(proof.document, document);
        let mut changed = good.clone();
        changed["x"] = 2.into();
        let proof = take(&changed, "assertionMethod").unwrap();
        assert_eq!(proof.verify(key.public()).unwrap_err().code, "signature");
        let mut context = good.clone();
        context["@context"] = json!(["b", "a"]);
        assert_eq!(take(&context, "assertionMethod").unwrap_err().code, "proof");
        assert!(take(&good, "authentication").is_err());
        let mut ends = good.clone();
        ends["proof"]["expires"] = time::write(at).into();
        let proof = take(&ends, "assertionMethod").unwrap();
        let before = at - jiff::SignedDuration::from_secs(1);
        assert!(proof.holds(before).is_ok() && proof.holds(at).is_err());
        assert!(add(&good, "did:x#k", "assertionMethod", at, &key).is_err());
    }
}
