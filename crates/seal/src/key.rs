//! Public keys: Ed25519 and ECDSA on P-256, as JWK (RFC 7517) and as Multikey
//! (W3C Controlled Identifiers), and their signatures.

use crate::{Refusal, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// A signature algorithm; never more than these two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// Ed25519 (RFC 8032): `EdDSA` in JOSE.
    Ed25519,
    /// ECDSA on P-256 with SHA-256: `ES256` in JOSE.
    P256,
}

impl Algorithm {
    /// Its name in JOSE.
    pub fn jose(self) -> &'static str {
        match self {
            Algorithm::Ed25519 => "EdDSA",
            Algorithm::P256 => "ES256",
        }
    }

    /// Multicodec prefix of its public keys.
    fn codec(self) -> [u8; 2] {
        match self {
            Algorithm::Ed25519 => [0xed, 0x01],
            Algorithm::P256 => [0x80, 0x24],
        }
    }
}

/// A public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicKey {
    /// Ed25519.
    Ed25519(ed25519_dalek::VerifyingKey),
    /// A point of P-256.
    P256(p256::ecdsa::VerifyingKey),
}

fn bad_key(fr: &str, en: &str) -> Refusal {
    Refusal::new(
        "key",
        format!("clé publique refusée : {fr}"),
        format!("public key refused: {en}"),
    )
}

impl PublicKey {
    /// From 32 bytes (RFC 8032). A key of small order is refused: it would accept
    /// signatures nobody made.
    pub fn ed25519(bytes: &[u8]) -> Result<PublicKey> {
        let bytes: &[u8; 32] = bytes
            .try_into()
            .map_err(|_| bad_key("Ed25519, longueur", "Ed25519, length"))?;
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes)
            .map_err(|_| bad_key("Ed25519, pas un point", "Ed25519, not a point"))?;
        if key.is_weak() {
            return Err(bad_key("Ed25519, ordre petit", "Ed25519, small order"));
        }
        Ok(PublicKey::Ed25519(key))
    }

    /// From a SEC1 point, compressed or not.
    pub fn p256(sec1: &[u8]) -> Result<PublicKey> {
        p256::ecdsa::VerifyingKey::from_sec1_bytes(sec1)
            .map(PublicKey::P256)
            .map_err(|_| bad_key("P-256, pas un point", "P-256, not a point"))
    }

    /// The algorithm it verifies.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            PublicKey::Ed25519(_) => Algorithm::Ed25519,
            PublicKey::P256(_) => Algorithm::P256,
        }
    }

    /// Checks a signature of 64 bytes (for P-256, `r || s`).
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<()> {
        let good = match self {
            PublicKey::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|s| key.verify_strict(message, &s).is_ok()),
            PublicKey::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|s| key.verify(message, &s).is_ok()),
        };
        if good {
            return Ok(());
        }
        Err(Refusal::new(
            "signature",
            "la signature ne correspond pas : le contenu a été modifié, ou une autre clé a signé",
            "the signature does not match: the content was changed, or another key signed it",
        ))
    }

    /// Bytes of the key: 32 for Ed25519, 33 (compressed point) for P-256.
    pub fn bytes(&self) -> Vec<u8> {
        match self {
            PublicKey::Ed25519(key) => key.to_bytes().to_vec(),
            PublicKey::P256(key) => key.to_encoded_point(true).as_bytes().to_vec(),
        }
    }

    /// Multikey: multibase base58-btc over codec and key.
    pub fn multikey(&self) -> String {
        let mut all = self.algorithm().codec().to_vec();
        all.extend(self.bytes());
        format!("z{}", bs58::encode(all).into_string())
    }

    /// From a Multikey.
    pub fn from_multikey(text: &str) -> Result<PublicKey> {
        let bytes = base58(text, 64)
            .ok_or_else(|| bad_key("pas du multibase base58-btc", "not base58-btc multibase"))?;
        match bytes.split_at_checked(2) {
            Some(([0xed, 0x01], key)) => PublicKey::ed25519(key),
            Some(([0x80, 0x24], key)) => PublicKey::p256(key),
            _ => Err(bad_key("ni Ed25519 ni P-256", "neither Ed25519 nor P-256")),
        }
    }

    /// The same, of a `did:key`.
    pub fn from_did_key(did: &str) -> Result<PublicKey> {
        let text = did.strip_prefix("did:key:").unwrap_or_default();
        PublicKey::from_multikey(text)
    }

    /// As a JWK, with its thumbprint as `kid`.
    pub fn jwk(&self) -> Value {
        let mut jwk = self.members();
        jwk["kid"] = self.thumbprint().into();
        jwk["alg"] = self.algorithm().jose().into();
        jwk
    }

    fn members(&self) -> Value {
        match self {
            PublicKey::Ed25519(key) => {
                json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(key.to_bytes())})
            }
            PublicKey::P256(key) => {
                let point = key.to_encoded_point(false);
                let (x, y) = point.as_bytes()[1..].split_at(32);
                json!({"kty": "EC", "crv": "P-256",
                       "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y)})
            }
        }
    }

    /// JWK thumbprint (RFC 7638), base64url.
    pub fn thumbprint(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(crate::json::canonical(&self.members())))
    }

    /// From a JWK; one with a private part is refused, since it was published.
    pub fn from_jwk(jwk: &Value) -> Result<PublicKey> {
        let part = |name: &str| {
            let text = jwk.get(name).and_then(Value::as_str)?;
            URL_SAFE_NO_PAD.decode(text).ok().filter(|b| b.len() == 32)
        };
        let name = |n: &str| jwk.get(n).and_then(Value::as_str);
        if jwk.get("d").is_some() {
            return Err(bad_key(
                "une clé privée a été publiée",
                "a private key was published",
            ));
        }
        match (name("kty"), name("crv"), part("x"), part("y")) {
            (Some("OKP"), Some("Ed25519"), Some(x), _) => PublicKey::ed25519(&x),
            (Some("EC"), Some("P-256"), Some(x), Some(y)) => {
                PublicKey::p256(&[&[4u8][..], &x, &y].concat())
            }
            _ => Err(bad_key(
                "JWK qui n'est ni Ed25519 ni P-256",
                "JWK that is neither Ed25519 nor P-256",
            )),
        }
    }
}

/// Reads multibase base58-btc of at most `limit` bytes of content.
pub(crate) fn base58(text: &str, limit: usize) -> Option<Vec<u8>> {
    let digits = text.strip_prefix('z')?;
    if digits.len() > limit * 2 {
        return None;
    }
    let bytes = bs58::decode(digits).into_vec().ok()?;
    (bytes.len() <= limit).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Appendix A of RFC 8037.
    #[test]
    fn jwk_and_thumbprint_are_those_of_rfc_8037() {
        let jwk =
            json!({"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        let key = PublicKey::from_jwk(&jwk).unwrap();
        assert_eq!(
            key.thumbprint(),
            "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
        );
    }

    #[test]
    fn keys_that_prove_nothing_are_refused() {
        let mut weak = [0u8; 32];
        weak[0] = 1; // the neutral element
        assert_eq!(PublicKey::ed25519(&weak).unwrap_err().code, "key");
        let published = json!({"kty":"OKP","crv":"Ed25519","d":"x",
            "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        assert!(PublicKey::from_jwk(&published).is_err());
        let symmetric = json!({"kty":"oct","k":"AAAA"});
        assert!(PublicKey::from_jwk(&symmetric).is_err());
    }

    /// Examples of the did:key specification.
    #[test]
    fn multikeys_are_read_and_written_back() {
        for text in [
            "z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK",
            "zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169",
        ] {
            assert_eq!(PublicKey::from_multikey(text).unwrap().multikey(), text);
        }
    }
}
