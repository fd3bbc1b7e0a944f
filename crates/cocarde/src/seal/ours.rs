//! What the label signs, and what it signed before and publishes again.

use crate::commands::keys;
use crate::ui::{Message, Ui};
use cocarde_seal::did::DidDocument;
use cocarde_seal::key::PublicKey;
use cocarde_seal::register::{self, Register};
use cocarde_seal::signer::Signer;
use cocarde_seal::time::Timestamp;
use cocarde_seal::verify::Secured;
use cocarde_seal::{Refusal, Result, did};
use serde_json::Value;
use std::path::Path;

/// Whose word is taken up: whoever can write where something is published must not have it
/// signed again, and a key that was stolen, or had ended by then, is no longer the label's.
pub struct Ours {
    /// All its keys, with their dates.
    document: DidDocument,
    /// Whether the user compared what such a key signed with records of their own.
    vouched: bool,
}

/// The label's own document, once it is known that the key may sign under that name at `now`
/// what bears the date `dated`. Errors: the document cannot be read, is another's, or the
/// key is not in it, has ended or has not begun.
pub fn may_sign(
    document: &Path,
    did: &str,
    name: &str,
    key: &dyn Signer,
    [now, dated]: [Timestamp; 2],
    ui: &Ui,
) -> std::result::Result<DidDocument, Message> {
    let read = keys::document(document, ui)?;
    is_of(document, &read.id, did, ui)?;
    let name = format!("{did}#{name}{}", did::JWK);
    let signs = read.may_sign(&name, key.public(), now, dated).map(drop);
    signs.map_err(|r| super::refuse_in(document, r, ui))?;
    Ok(read)
}

/// Checks that a document, which is of `id`, is of `did`.
pub fn is_of(document: &Path, id: &str, did: &str, ui: &Ui) -> std::result::Result<(), Message> {
    let document = document.display();
    match id == did {
        true => Ok(()),
        false => Err(ui.error(
            &format!("{document} : c'est le document de {id}, et non de {did}"),
            &format!("{document}: this is the document of {id}, and not of {did}"),
        )),
    }
}

impl Ours {
    /// What the keys of the label's document signed.
    pub fn new(document: DidDocument, vouched: bool) -> Ours {
        Ours { document, vouched }
    }

    /// The key of that name, if it is in the document.
    fn key(&self, by: &str) -> Result<&PublicKey> {
        self.document.key(by).map(|k| &k.key)
    }

    /// A status list that the label signed. One whose own day is over is still the last
    /// word on who was withdrawn.
    pub fn list<'s>(&self, secured: &'s Secured) -> Result<&'s Value> {
        if !self.vouched {
            secured.told_by(&self.document).map_err(mend)?;
        }
        secured.of(&self.document.id, self.key(secured.key_id())?)
    }

    /// A certificate that the label signed; `entered` says whether its register has it
    /// already.
    pub fn certificate<'s>(
        &self,
        secured: &'s Secured,
        entered: impl Fn(&Value) -> bool,
    ) -> Result<&'s Value> {
        let read = secured.of(&self.document.id, self.key(secured.key_id())?)?;
        if !self.vouched && !entered(read) {
            let key = secured.signed_by(&self.document).map_err(mend)?;
            key.believed(None).map_err(mend)?;
        }
        Ok(read)
    }

    /// A register that the label signed.
    pub fn register(&self, file: &[u8]) -> Result<Register> {
        let jws = register::token(file)?;
        let read = Register::signed(&jws, &self.document)?;
        if !self.vouched {
            read.told_by().map_err(mend)?;
        }
        Ok(read.register)
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
