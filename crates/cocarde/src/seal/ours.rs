//! What the label signed before and publishes again.

use crate::commands::keys;
use crate::ui::{Message, Ui};
use cocarde_seal::did::DidDocument;
use cocarde_seal::key::PublicKey;
use cocarde_seal::register::{self, Register};
use cocarde_seal::verify::Secured;
use cocarde_seal::{Refusal, Result};
use serde_json::Value;
use std::path::Path;

/// Whose word is taken up: whoever can write where something is published must not have it
/// signed again, and a key that was stolen, or had ended by then, is no longer the label's.
pub struct Ours<'a> {
    did: &'a str,
    /// The key that signs now.
    now: &'a PublicKey,
    /// All its keys, with their dates.
    document: Option<DidDocument>,
    /// Whether the user compared what such a key signed with records of their own.
    vouched: bool,
}

impl<'a> Ours<'a> {
    /// What that key, or those of the document, signed. Errors: the document cannot be read.
    pub fn new(
        did: &'a str,
        now: &'a PublicKey,
        document: Option<&Path>,
        vouched: bool,
        ui: &Ui,
    ) -> std::result::Result<Ours<'a>, Message> {
        Ok(Ours {
            did,
            now,
            document: document.map(|d| keys::document(d, ui)).transpose()?,
            vouched,
        })
    }

    /// The key of that name, if it is the one that signs now or is in the document.
    fn key(&self, by: &str) -> Result<&PublicKey> {
        match &self.document {
            Some(d) => d.key(by).map(|k| &k.key),
            None => Ok(self.now),
        }
    }

    /// The document, where the dates of its keys decide.
    fn dated(&self) -> Option<&DidDocument> {
        self.document.as_ref().filter(|_| !self.vouched)
    }

    /// A status list that the label signed. One whose own day is over is still the last
    /// word on who was withdrawn.
    pub fn list<'s>(&self, secured: &'s Secured) -> Result<&'s Value> {
        if let Some(document) = self.dated() {
            secured.told_by(document).map_err(mend)?;
        }
        secured.of(self.did, self.key(secured.key_id())?)
    }

    /// A certificate that the label signed; `entered` says whether its register has it
    /// already.
    pub fn certificate<'s>(
        &self,
        secured: &'s Secured,
        entered: impl Fn(&Value) -> bool,
    ) -> Result<&'s Value> {
        let read = secured.of(self.did, self.key(secured.key_id())?)?;
        if let Some(document) = self.dated().filter(|_| !entered(read)) {
            let key = secured.signed_by(document).map_err(mend)?;
            key.believed(None).map_err(mend)?;
        }
        Ok(read)
    }

    /// A register that the label signed.
    pub fn register(&self, file: &[u8]) -> Result<Register> {
        let (jws, read) = register::read(file)?;
        jws.verify(self.key(jws.header_text("kid").unwrap_or_default())?)?;
        if let Some(document) = self.dated() {
            read.told_by(&jws, document).map_err(mend)?;
        }
        Ok(read)
    }
}

/// Says of what a key no longer vouches for how to go on.
fn mend(refusal: Refusal) -> Refusal {
    if !["key-revoked", "key-period"].contains(&refusal.code) {
        return refusal;
    }
    Refusal {
        fr: format!(
            "{} ; comparez-le à vos archives : s'il y est tel quel, ajoutez --vouch",
            refusal.fr
        ),
        en: format!(
            "{}; compare it with your own records: if it is there as it is, add --vouch",
            refusal.en
        ),
        ..refusal
    }
}
