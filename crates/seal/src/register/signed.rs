//! A register that is known to be signed, and by which key.

use super::{MAX_REGISTER, Register, refused};
use crate::Result;
use crate::did::{DatedKey, DidDocument};
use crate::json;
use crate::jws::Jws;

/// A register along with the key that signed it: to verify that takes time, since a register
/// may be long.
#[derive(Clone, Debug)]
pub struct Signed<'a> {
    /// The register.
    pub register: Register,
    key: &'a DatedKey,
    document: &'a DidDocument,
}

impl Register {
    /// The register of a token that a key of that document signed. What a stranger wrote is
    /// not taken apart: a register in memory is many times its file. Errors: another key, a
    /// field missing or malformed, a certificate given twice.
    pub fn signed<'a>(jws: &Jws, document: &'a DidDocument) -> Result<Signed<'a>> {
        let key = document.key(jws.header_text("kid").unwrap_or_default())?;
        jws.verify(&key.key)?;
        Ok(Signed {
            register: Register::read(&json::parse(&jws.payload, MAX_REGISTER)?)?,
            key,
            document,
        })
    }
}

impl<'a> Signed<'a> {
    /// The key of its issuer's document that signed it. Errors: another issuer, or a key
    /// that had ended on the day that it tells of, or that was stolen, since no witness
    /// dates a register.
    pub fn told_by(&self) -> Result<&'a DatedKey> {
        let (found, wanted) = (&self.register.issuer, &self.document.id);
        if found != wanted {
            return Err(refused(
                format!("émetteur « {found} », « {wanted} » attendu"),
                format!("issuer `{found}`, `{wanted}` expected"),
            ));
        }
        let (made, signed) = (self.register.made, self.register.claims.made);
        self.key
            .signs_at(signed.map_or(made, |signed| signed.max(made)))?;
        self.key.believed(None)?;
        Ok(self.key)
    }
}
