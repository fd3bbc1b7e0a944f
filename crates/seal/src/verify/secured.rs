//! A credential in either of the two ways it is secured.

use crate::claims::Claims;
use crate::did::{DatedKey, DidDocument};
use crate::json::{self, MAX_DOCUMENT};
use crate::jws::{self, Jws};
use crate::key::PublicKey;
use crate::proof::{self, Proof};
use crate::time::Timestamp;
use crate::{Refusal, Result};
use serde_json::Value;

/// A secured credential, read and not verified.
#[derive(Clone, Debug)]
pub struct Secured {
    credential: Value,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    Jose(Jws, Claims),
    Integrity(Proof),
}

impl Secured {
    /// Reads a compact JWS, JSON with a proof, or an enveloped credential. Errors:
    /// anything else, or whatever makes one of these unreadable.
    pub fn read(bytes: &[u8]) -> Result<Secured> {
        if bytes.len() > 2 * MAX_DOCUMENT {
            return Err(Refusal::new(
                "oversize",
                "document trop long",
                "document too long",
            ));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| {
            Refusal::new(
                "format",
                "ni JWS ni JSON : pas du texte",
                "neither JWS nor JSON: not text",
            )
        })?;
        let text = text.trim_ascii();
        if !text.starts_with('{') {
            return Secured::jose(text);
        }
        let document = json::parse(text.as_bytes(), MAX_DOCUMENT)?;
        let enveloped = document["type"] == "EnvelopedVerifiableCredential"
            || document["type"][0] == "EnvelopedVerifiableCredential";
        if enveloped {
            let id = json::text(&document, &["id"]).unwrap_or_default();
            let token = id.strip_prefix("data:application/vc+jwt,");
            let unknown = || Refusal::new("format", "enveloppe inconnue", "unknown envelope");
            return Secured::jose(token.ok_or_else(unknown)?);
        }
        let proof = proof::take(&document, "assertionMethod")?;
        Ok(Secured {
            credential: proof.document.clone(),
            form: Form::Integrity(proof),
        })
    }

    fn jose(text: &str) -> Result<Secured> {
        let jws = jws::read(text)?;
        if let Some(typ) = jws.header_text("typ").filter(|t| *t != "vc+jwt") {
            return Err(Refusal::new(
                "jws",
                format!("typ « {typ} », « vc+jwt » attendu"),
                format!("typ `{typ}`, `vc+jwt` expected"),
            ));
        }
        let credential = json::parse(&jws.payload, MAX_DOCUMENT)?;
        if !credential.is_object() || credential.get("vc").is_some() {
            return Err(Refusal::new(
                "jws",
                "le contenu n'est pas un credential (« vc » est d'une version ancienne)",
                "the payload is not a credential (`vc` is of an older version)",
            ));
        }
        let claims = Claims::read(&credential, super::issuer(&credential))?;
        Ok(Secured {
            form: Form::Jose(jws, claims),
            credential,
        })
    }

    /// The credential, without proof.
    pub fn credential(&self) -> &Value {
        &self.credential
    }

    /// DID URL of the key that is said to have signed.
    pub fn key_id(&self) -> &str {
        match &self.form {
            Form::Jose(jws, _) => jws.header_text("kid").unwrap_or_default(),
            Form::Integrity(proof) => &proof.method,
        }
    }

    /// The credential, once it is known to be of that issuer and signed with that key.
    /// Errors: another issuer, or another key.
    pub fn of(&self, issuer: &str, key: &PublicKey) -> Result<&Value> {
        let found = super::issuer(&self.credential).unwrap_or_default();
        if found != issuer {
            return Err(Refusal::new(
                "issuer",
                format!("émetteur « {found} », « {issuer} » attendu"),
                format!("issuer `{found}`, `{issuer}` expected"),
            ));
        }
        self.verify(key)?;
        Ok(&self.credential)
    }

    /// The key of an issuer's document that signed, by its holder's own word within its
    /// period. Errors: another issuer or key, or no date that says when it signed. A
    /// revocation is for [`DatedKey::believed`].
    pub fn signed_by<'a>(&self, document: &'a DidDocument) -> Result<&'a DatedKey> {
        let key = document.key(self.key_id())?;
        self.of(&document.id, &key.key)?;
        let claimed = match self.created() {
            Some(created) => Some(created),
            None => super::moment(&self.credential, "validFrom")?,
        };
        match claimed {
            Some(signed) => key.signs_at(signed)?,
            None if key.active_from.is_some() || key.expires.is_some() => {
                return Err(Refusal::new(
                    "key-period",
                    "aucune date ne dit quand la clé a signé",
                    "no date says when the key signed",
                ));
            }
            None => {}
        }
        Ok(key)
    }

    /// The same of what tells how things stand on its day, as a status list does: no key
    /// that had ended by then could know. No witness dates it, so that no key that was
    /// stolen is believed.
    pub fn told_by<'a>(&self, document: &'a DidDocument) -> Result<&'a DatedKey> {
        let key = self.signed_by(document)?;
        key.believed(None)?;
        let day = super::moment(&self.credential, "validFrom")?;
        if let Some(told) = day.max(self.created()) {
            key.signs_at(told)?;
        }
        Ok(key)
    }

    /// Checks that its signature holds at that moment, by what the JWS or the proof says
    /// of itself.
    pub fn holds(&self, at: Timestamp) -> Result<()> {
        match &self.form {
            Form::Jose(_, claims) => claims.hold(at),
            Form::Integrity(proof) => proof.holds(at),
        }
    }

    /// Checks that its signature holds already at that moment; it may have ended.
    pub(super) fn begun(&self, at: Timestamp) -> Result<()> {
        match &self.form {
            Form::Jose(_, claims) => claims.begun(at),
            Form::Integrity(_) => Ok(()),
        }
    }

    /// When its signature ends, whatever its contents say of themselves.
    pub(super) fn until(&self) -> Option<Timestamp> {
        match &self.form {
            Form::Jose(_, claims) => claims.until,
            Form::Integrity(proof) => proof.expires,
        }
    }

    /// When the signature or proof says it was made.
    pub fn created(&self) -> Option<Timestamp> {
        match &self.form {
            Form::Jose(_, claims) => claims.made,
            Form::Integrity(proof) => proof.created,
        }
    }

    /// Checks the signature with the key one expects.
    pub fn verify(&self, key: &PublicKey) -> Result<()> {
        match &self.form {
            Form::Jose(jws, _) => jws.verify(key),
            Form::Integrity(proof) => proof.verify(key),
        }
    }
}
