//! How a key ends: retired, or stolen.

use super::DatedKey;
use crate::time::{self, Timestamp};
use crate::{Refusal, Result};

impl DatedKey {
    /// States from when it signs no longer. Errors: an earlier end was stated before, so
    /// that what it signed since would be believed again; or that day is before it began, and
    /// could not be taken back.
    pub fn retire(&mut self, at: Timestamp) -> Result<()> {
        if let Some(from) = self.active_from.filter(|from| at < *from) {
            let (id, (fr, en)) = (&self.id, time::words(from));
            return Err(Refusal::new(
                "key-early",
                format!("la clé « {id} » ne signe que depuis le {fr} : elle ne finit pas avant"),
                format!("the key `{id}` signs only from {en}: it does not end before"),
            ));
        }
        earlier(&mut self.expires, at, &self.id)
    }

    /// States since when it is stolen. Errors: an earlier day was stated before.
    pub fn revoke(&mut self, at: Timestamp) -> Result<()> {
        earlier(&mut self.revoked, at, &self.id)
    }

    /// Ends it as the same key ends under any of these names: whoever stole it has it under
    /// each, and one that is retired signs no more under another, unless it began again
    /// there since.
    pub(super) fn end_with(&mut self, named: &[DatedKey]) {
        let same: Vec<&DatedKey> = named.iter().filter(|k| k.key == self.key).collect();
        let from = self.active_from;
        let ends = same.iter().filter_map(|k| k.expires);
        let ends = ends.filter(|end| from.is_none_or(|from| from < *end));
        self.expires = ends.chain(self.expires).min();
        self.revoked = same.iter().filter_map(|k| k.revoked).min();
    }
}

fn earlier(end: &mut Option<Timestamp>, at: Timestamp, id: &str) -> Result<()> {
    if let Some(before) = end.filter(|before| *before < at) {
        let (fr, en) = time::words(before);
        return Err(Refusal::new(
            "key-ended",
            format!("la clé « {id} » a déjà pris fin le {fr} : cette date ne peut que reculer"),
            format!("the key `{id}` ended on {en} already: that date can only be made earlier"),
        ));
    }
    *end = Some(at);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signer::{FileSigner, Signer};

    #[test]
    fn the_end_of_a_key_is_never_put_off() {
        let t = |text: &str| time::read(text).unwrap();
        let [early, day, late] =
            ["2026-05-31", "2026-06-01", "2026-06-02"].map(|d| t(&format!("{d}T00:00:00Z")));
        let mut key = DatedKey {
            id: "did:web:label.example#k1".into(),
            key: FileSigner::ed25519(&[1; 32]).public().clone(),
            active_from: None,
            expires: None,
            revoked: None,
        };
        key.retire(day).unwrap();
        key.revoke(day).unwrap();
        assert_eq!(key.retire(late).unwrap_err().code, "key-ended");
        assert_eq!(key.revoke(late).unwrap_err().code, "key-ended");
        assert_eq!((key.expires, key.revoked), (Some(day), Some(day)));
        key.active_from = Some(day);
        assert_eq!(key.retire(early).unwrap_err().code, "key-early");
        key.active_from = Some(early);
        key.retire(early).unwrap();
        key.revoke(early).unwrap();
        assert_eq!((key.expires, key.revoked), (Some(early), Some(early)));
    }
}
