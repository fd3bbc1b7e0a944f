//! The beginning of a log.

use super::{CHECKPOINT, KEY, KeyKind, Log, PENDING, lock, pending, put};
use crate::log::{Checkpoint, VerifierKey, io, merkle, refused};
use crate::signer::Signer;
use crate::{Refusal, Result};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

impl<'a> Log<'a> {
    /// Starts an empty log, or goes on where starting it stopped before it was signed. Errors:
    /// the directory holds one already, the disk, the keeper of the key.
    pub fn create(dir: &Path, origin: &str, signer: &'a dyn Signer) -> Result<Log<'a>> {
        fs::create_dir_all(dir).map_err(|e| io(dir, &e))?;
        let lock = lock(dir)?;
        let first = Checkpoint {
            origin: origin.to_owned(),
            size: 0,
            root: merkle::empty(),
        };
        let there = |names: &[&str]| names.iter().any(|n| dir.join(n).exists());
        let used = there(&[CHECKPOINT, "tile"]);
        let taken = match pending(dir)? {
            Some(begun) if !used && begun.size == 0 && begun.origin != origin => {
                Some(begun_as(&begun.origin))
            }
            Some(begun) => (used || begun != first).then(already),
            // Whosever key it is, it is not written over.
            None => (used || there(&[KEY])).then(already),
        };
        if let Some(refusal) = taken {
            return Err(refusal.at(&dir.display().to_string()));
        }
        let mut log = Log {
            key: VerifierKey::new(origin, KeyKind::Ed25519, signer.public())?,
            dir: dir.to_owned(),
            signer,
            checkpoint: first.clone(),
            edge: Vec::new(),
            tail: Vec::new(),
            unfinished: false,
            durable: BTreeSet::new(),
            _lock: lock,
        };
        log.begin(first)?;
        Ok(log)
    }

    /// What a log begins with: nobody can open one that has a checkpoint and no key.
    fn begin(&mut self, first: Checkpoint) -> Result<()> {
        let key = self.key.write() + "\n";
        put(&self.dir, PENDING, first.write().as_bytes())?;
        put(&self.dir, KEY, key.as_bytes())?;
        self.sign(first)
    }
}

fn already() -> Refusal {
    refused("un journal existe déjà", "there is a log already")
}

/// Of a log that was begun under another name, and of which nothing was signed.
fn begun_as(origin: &str) -> Refusal {
    refused(
        format!(
            "un journal y a été commencé sous le nom « {origin} » ; achevez-le \
             (--origin {origin}), ou videz le répertoire"
        ),
        format!(
            "a log was begun there under the name `{origin}`; go on with it \
             (--origin {origin}), or empty the directory"
        ),
    )
}
