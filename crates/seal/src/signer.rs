//! Whoever holds a private key: a file here, a token or a service elsewhere.

use crate::key::PublicKey;
use crate::{Refusal, Result};
use ed25519_dalek::pkcs8::{DecodePrivateKey, EncodePrivateKey};
use p256::ecdsa::signature::Signer as _;
use p256::pkcs8::LineEnding;

/// Signs with one key. Everything that signs goes through this trait.
pub trait Signer {
    /// The public key.
    fn public(&self) -> &PublicKey;

    /// Signs a message; 64 bytes (for P-256, `r || s`). Errors: the keeper of the
    /// key did not answer or refused.
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>>;
}

/// A private key in memory, from a PKCS#8 file in PEM.
pub struct FileSigner {
    secret: Secret,
    public: PublicKey,
}

enum Secret {
    Ed25519(ed25519_dalek::SigningKey),
    P256(p256::ecdsa::SigningKey),
}

impl FileSigner {
    /// An Ed25519 key from 32 bytes of randomness.
    pub fn ed25519(seed: &[u8; 32]) -> FileSigner {
        let key = ed25519_dalek::SigningKey::from_bytes(seed);
        FileSigner {
            public: PublicKey::Ed25519(key.verifying_key()),
            secret: Secret::Ed25519(key),
        }
    }

    /// A P-256 key from 32 bytes of randomness. Errors: the bytes are no scalar of
    /// the curve (one chance in 2³²: draw again).
    pub fn p256(seed: &[u8; 32]) -> Result<FileSigner> {
        let key = p256::ecdsa::SigningKey::from_slice(seed)
            .map_err(|_| Refusal::new("key", "tirage impropre", "unsuitable draw"))?;
        Ok(FileSigner {
            public: PublicKey::P256(*key.verifying_key()),
            secret: Secret::P256(key),
        })
    }

    /// Reads PKCS#8 in PEM.
    pub fn from_pem(pem: &str) -> Result<FileSigner> {
        if let Ok(key) = ed25519_dalek::SigningKey::from_pkcs8_pem(pem) {
            return Ok(FileSigner::ed25519(&key.to_bytes()));
        }
        if let Ok(key) = p256::SecretKey::from_pkcs8_pem(pem) {
            let bytes: [u8; 32] = key.to_bytes().into();
            return FileSigner::p256(&bytes);
        }
        Err(Refusal::new(
            "key",
            "clé privée illisible : PKCS#8 en PEM attendu, Ed25519 ou P-256, non chiffré",
            "unreadable private key: PKCS#8 in PEM expected, Ed25519 or P-256, not encrypted",
        ))
    }

    /// Writes PKCS#8 in PEM.
    pub fn to_pem(&self) -> Result<String> {
        let pem = match &self.secret {
            // Version 1, without the public key: OpenSSL and Node read no other.
            Secret::Ed25519(key) => ed25519_dalek::pkcs8::KeypairBytes {
                secret_key: key.to_bytes(),
                public_key: None,
            }
            .to_pkcs8_pem(LineEnding::LF),
            Secret::P256(key) => {
                p256::SecretKey::from(key.as_nonzero_scalar()).to_pkcs8_pem(LineEnding::LF)
            }
        };
        let text = pem.map_err(|e| Refusal::new("key", e.to_string(), e.to_string()))?;
        Ok(text.to_string())
    }
}

impl Signer for FileSigner {
    fn public(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        Ok(match &self.secret {
            Secret::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Secret::P256(key) => {
                // Deterministic nonce (RFC 6979): the same input, the same bytes.
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.to_bytes().to_vec()
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_survives_its_file_and_signs_the_same_bytes() {
        for signer in [
            FileSigner::ed25519(&[7; 32]),
            FileSigner::p256(&[7; 32]).unwrap(),
        ] {
            let again = FileSigner::from_pem(&signer.to_pem().unwrap()).unwrap();
            assert_eq!(again.public(), signer.public());
            let signature = signer.sign(b"message").unwrap();
            assert_eq!(again.sign(b"message").unwrap(), signature);
            signer.public().verify(b"message", &signature).unwrap();
            assert!(signer.public().verify(b"messagf", &signature).is_err());
        }
    }
}
