//! JWS compact serialisation (RFC 7515), as VC-JOSE-COSE uses it.
//!
//! The algorithm is that of the key one expects, never that of the header: a
//! header that says otherwise is refused, and so are `none` and every symmetric
//! algorithm, since no key here is symmetric.

use crate::json::{self, MAX_DOCUMENT};
use crate::key::PublicKey;
use crate::signer::Signer;
use crate::{Refusal, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// A JWS, read and not verified.
#[derive(Clone, Debug)]
pub struct Jws {
    /// The protected header.
    pub header: Value,
    /// The payload's bytes.
    pub payload: Vec<u8>,
    signed: String,
    signature: Vec<u8>,
}

fn refused(fr: &str, en: &str) -> Refusal {
    Refusal::new("jws", fr, en)
}

/// Signs a JSON payload. `typ` and `cty` are media types without `application/`;
/// `kid` is the DID URL of the key.
pub fn sign(payload: &Value, typ: &str, cty: &str, kid: &str, by: &dyn Signer) -> Result<String> {
    let alg = by.public().algorithm().jose();
    let header = json!({"alg": alg, "cty": cty, "kid": kid, "typ": typ});
    let signed = format!(
        "{}.{}",
        URL_SAFE_NO_PAD.encode(json::canonical(&header)),
        URL_SAFE_NO_PAD.encode(json::canonical(payload))
    );
    let signature = by.sign(signed.as_bytes())?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// Reads a compact JWS. Errors: oversize, not three parts of base64url, a header
/// that is no JSON object or asks for extensions (`crit`, `b64`).
pub fn read(text: &str) -> Result<Jws> {
    read_within(text, 2 * MAX_DOCUMENT)
}

/// Reads a compact JWS of at most `limit` bytes.
pub fn read_within(text: &str, limit: usize) -> Result<Jws> {
    if text.len() > limit {
        return Err(Refusal::new(
            "oversize",
            "jeton plus long que la limite admise",
            "token longer than the limit allowed",
        ));
    }
    let parts: Vec<&str> = text.split('.').collect();
    let [header, payload, signature] = parts[..] else {
        return Err(refused(
            "un JWS compact a trois parties",
            "a compact JWS has three parts",
        ));
    };
    let decode = |part: &str| {
        URL_SAFE_NO_PAD
            .decode(part)
            .map_err(|_| refused("base64url invalide", "invalid base64url"))
    };
    let read = json::parse(&decode(header)?, 8192).map_err(|r| r.at("en-tête / header"))?;
    if !read.is_object() || read.get("crit").is_some() || read.get("b64").is_some() {
        return Err(refused(
            "en-tête refusé : un objet sans « crit » ni « b64 » est attendu",
            "header refused: an object without `crit` or `b64` is expected",
        ));
    }
    Ok(Jws {
        header: read,
        payload: decode(payload)?,
        signed: format!("{header}.{payload}"),
        signature: decode(signature)?,
    })
}

impl Jws {
    /// A text of the header.
    pub fn header_text(&self, name: &str) -> Option<&str> {
        self.header.get(name).and_then(Value::as_str)
    }

    /// Checks the signature with the key one expects.
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        let alg = self.header_text("alg").unwrap_or_default();
        let expected = key.algorithm().jose();
        if alg != expected {
            return Err(Refusal::new(
                "algorithm",
                format!("algorithme « {alg} » refusé : cette clé signe en {expected}"),
                format!("algorithm `{alg}` refused: this key signs with {expected}"),
            ));
        }
        key.verify(self.signed.as_bytes(), &self.signature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signer::FileSigner;

    /// Appendix A.4 of RFC 8037.
    #[test]
    fn the_example_of_rfc_8037_verifies() {
        let key = PublicKey::from_jwk(&json!({"kty":"OKP","crv":"Ed25519",
            "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}));
        let text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCj\
                    P0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
        let jws = read(text).unwrap();
        jws.verify(&key.unwrap()).unwrap();
        assert_eq!(jws.payload, b"Example of Ed25519 signing");
    }

    #[test]
    fn the_header_does_not_choose_the_algorithm() {
        let signer = FileSigner::p256(&[9; 32]).unwrap();
        let good = sign(&json!({}), "vc+jwt", "vc", "did:x#k", &signer).unwrap();
        read(&good).unwrap().verify(signer.public()).unwrap();
        let rest = &good[good.find('.').unwrap()..];
        for alg in ["none", "HS256", "EdDSA", "ES384", "es256", ""] {
            let header = URL_SAFE_NO_PAD.encode(json!({"alg": alg}).to_string());
            let jws = read(&format!("{header}{rest}")).unwrap();
            assert_eq!(jws.verify(signer.public()).unwrap_err().code, "algorithm");
        }
    }

    #[test]
    fn unsecured_and_extended_forms_are_refused() {
        let b = |v: Value| URL_SAFE_NO_PAD.encode(v.to_string());
        let none = read(&format!("{}.e30.", b(json!({"alg":"none"})))).unwrap();
        let key = FileSigner::ed25519(&[1; 32]);
        assert_eq!(none.verify(key.public()).unwrap_err().code, "algorithm");
        for bad in [
            format!(
                "{}.e30.AA",
                b(json!({"alg":"EdDSA","b64":false,"crit":["b64"]}))
            ),
            "e30.e30".into(),
            "e30=.e30.AA".into(),
            "eyJhIjoxLCJhIjoyfQ.e30.AA".into(),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
    }
}
