//! Whether a key may sign, before it does: what a key signs after its end is refused by
//! every reader, and the log forgets nothing.

use super::{DatedKey, DidDocument};
use crate::key::PublicKey;
use crate::time::{self, Timestamp};
use crate::{Refusal, Result};

impl DidDocument {
    /// The key of that name, if it is that key and may sign at `now` what bears the date
    /// `dated`. Errors: no such name, another key under it, or one that was stolen, has
    /// ended or has not begun.
    pub fn may_sign(
        &self,
        name: &str,
        key: &PublicKey,
        now: Timestamp,
        dated: Timestamp,
    ) -> Result<&DatedKey> {
        let found = self.key(name)?;
        if found.key != *key {
            return Err(Refusal::new(
                "key-other",
                format!("« {name} » est une autre clé dans le document : donnez celle qui signe"),
                format!("`{name}` is another key in the document: give the one that signs"),
            ));
        }
        found.unended(now.max(dated))?;
        found.begun(dated)?;
        Ok(found)
    }
}

impl DatedKey {
    /// Checks that it signs still. One that was stolen signs nothing, whatever the day.
    fn unended(&self, at: Timestamp) -> Result<()> {
        let Some((fr, en)) = self.ended(at) else {
            return Ok(());
        };
        let id = &self.id;
        Err(Refusal::new(
            "key-ended",
            format!("la clé « {id} » {fr} : signez avec la clé suivante"),
            format!("the key `{id}` {en}: sign with the next key"),
        ))
    }

    /// How it has ended at that moment, to be said after its name; none while it signs.
    pub(super) fn ended(&self, at: Timestamp) -> Option<(String, String)> {
        if let Some(day) = self.revoked {
            let (fr, en) = time::words(day);
            return Some((
                format!("est déclarée volée depuis le {fr}"),
                format!("is declared stolen since {en}"),
            ));
        }
        let end = self.expires.filter(|end| *end <= at)?;
        let (fr, en) = time::words(end);
        Some((
            format!("est retirée à compter du {fr}"),
            format!("is retired as of {en}"),
        ))
    }

    fn begun(&self, dated: Timestamp) -> Result<()> {
        let Some(from) = self.active_from.filter(|from| dated < *from) else {
            return Ok(());
        };
        let ((from_fr, from_en), (day_fr, day_en)) = (time::words(from), time::words(dated));
        let id = &self.id;
        Err(Refusal::new(
            "key-early",
            format!("la clé « {id} » ne signe qu'à partir du {from_fr} : rien du {day_fr}"),
            format!("the key `{id}` signs only from {from_en}: nothing of {day_en}"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signer::{FileSigner, Signer};

    const NAME: &str = "did:web:label.example#k1";

    fn t(day: &str) -> Timestamp {
        time::read(&format!("{day}T00:00:00Z")).unwrap()
    }

    fn document(expires: Option<&str>, revoked: Option<&str>) -> DidDocument {
        DidDocument {
            id: "did:web:label.example".into(),
            keys: vec![DatedKey {
                id: NAME.into(),
                key: FileSigner::ed25519(&[1; 32]).public().clone(),
                active_from: Some(t("2026-01-01")),
                expires: expires.map(t),
                revoked: revoked.map(t),
            }],
        }
    }

    #[test]
    fn a_key_signs_from_its_beginning_to_its_end_and_under_its_own_name() {
        let own = FileSigner::ed25519(&[1; 32]).public().clone();
        let other = FileSigner::ed25519(&[2; 32]).public().clone();
        let (day, end) = (t("2026-06-01"), Some("2026-07-01"));
        let with = |document: DidDocument, name: &str, key, now, dated| {
            let signs = document.may_sign(name, key, now, dated);
            signs.map(drop).map_err(|r| r.code)
        };
        let retired = |now, dated| with(document(end, None), NAME, &own, t(now), t(dated));
        assert_eq!(retired("2026-06-30", "2026-06-30"), Ok(()));
        // Neither may what it signs bear an earlier date, nor a later one.
        assert_eq!(retired("2026-07-01", "2026-06-30"), Err("key-ended"));
        assert_eq!(retired("2026-06-30", "2026-07-01"), Err("key-ended"));
        assert_eq!(retired("2026-06-30", "2025-12-31"), Err("key-early"));
        assert_eq!(retired("2025-12-31", "2026-01-01"), Ok(()));
        let stolen = document(None, Some("2026-07-01"));
        assert_eq!(with(stolen, NAME, &own, day, day), Err("key-ended"));
        let whole = || document(None, None);
        assert_eq!(with(whole(), NAME, &other, day, day), Err("key-other"));
        assert_eq!(with(whole(), "#k2", &own, day, day), Err("unknown-key"));
    }
}
