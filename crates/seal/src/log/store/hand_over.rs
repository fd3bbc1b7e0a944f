//! The next key of a log.

use super::{KeyKind, Log, read_checkpoint};
use crate::Result;
use crate::log::{Note, VerifierKey, refused};
use crate::signer::Signer;

impl<'a> Log<'a> {
    /// Goes on under the next key: the checkpoint of now is published again with its signature
    /// after that of the key of before, which it so follows; later ones are signed by it alone.
    /// Cosignatures stay. Errors: it is the key already, it is not Ed25519, or one of the two
    /// did not sign.
    pub fn hand_over(&mut self, next: &'a dyn Signer) -> Result<()> {
        self.finished()?;
        let key = VerifierKey::new(&self.key.name, KeyKind::Ed25519, next.public())?;
        if key == self.key {
            return Err(refused(
                "c'est déjà la clé du journal",
                "it is the log's key already",
            ));
        }
        let mut note = read_checkpoint(&self.dir)?;
        note.signatures.retain(|s| !key.made(s));
        note.sign(&key.name, next)?;
        note.verify(&key)?;
        self.cosigned(&note)?;
        (self.key, self.signer) = (key, next);
        Ok(())
    }
}

/// Checks that the log did not go on under another key: that of the last line in its name.
pub(super) fn current(note: &Note, key: &VerifierKey) -> Result<()> {
    let mut own = note.signatures.iter().filter(|s| s.name == key.name);
    match own.next_back().is_none_or(|last| key.made(last)) {
        true => Ok(()),
        false => Err(refused(
            "le journal continue sous une autre clé que celle-ci : donnez la nouvelle",
            "the log goes on under another key than this one: give the new one",
        )),
    }
}
