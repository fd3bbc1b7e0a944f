//! What a witness has seen, as files: of each log, the last checkpoint it cosigned,
//! with the log's signature and its own. A witness that forgot would cosign a fork, so
//! a file that cannot be read is an error, never a log that was not seen yet; and the
//! file is durable before the cosignature is given out.

use super::note::{Kind, MAX_NOTE};
use super::store::{lock, put};
use super::tree::read_file;
use super::witness::Witness;
use super::{Checkpoint, Note, VerifierKey, io};
use crate::Result;
use crate::json::hex;
use crate::signer::Signer;
use crate::time::Timestamp;
use sha2::{Digest, Sha256};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// A witness whose memory is a directory that this process alone has open.
pub struct KeptWitness<'a> {
    witness: Witness<'a>,
    dir: PathBuf,
    _lock: File,
}

/// Name of the file of a log: origins hold slashes, digests do not.
fn name(origin: &str) -> String {
    hex(&Sha256::digest(origin)) + ".checkpoint"
}

/// The last checkpoint of a log, which may have changed its key since.
fn seen(
    dir: &Path,
    origin: &str,
    logs: &[VerifierKey],
    own: &VerifierKey,
) -> Result<Option<Checkpoint>> {
    let path = dir.join(name(origin));
    match path.try_exists() {
        Ok(true) => {}
        Ok(false) => return Ok(None),
        Err(e) => return Err(io(&path, &e)),
    }
    let bytes = read_file(&path, MAX_NOTE as u64)?;
    let read = Note::read(&bytes).and_then(|note| {
        note.verify(own)?;
        let log = note.signer(logs.iter().filter(|l| l.name == origin));
        log.map(|log| Checkpoint::open(&note, log)).transpose()
    });
    read.map_err(|r| r.at(&path.display().to_string()))
}

impl<'a> KeptWitness<'a> {
    /// Opens the memory of a witness, which begins as an empty directory; a log that changes
    /// its key has several. Errors: it is open elsewhere, or holds a checkpoint that the log or this witness did not sign.
    pub fn open(
        dir: &Path,
        name: &str,
        signer: &'a dyn Signer,
        logs: Vec<VerifierKey>,
    ) -> Result<KeptWitness<'a>> {
        fs::create_dir_all(dir).map_err(|e| io(dir, &e))?;
        let lock = lock(dir)?;
        let own = VerifierKey::new(name, Kind::Cosignature, signer.public())?;
        let mut witness = Witness::new(name, signer, logs.clone())?;
        for log in &logs {
            if let Some(last) = seen(dir, &log.name, &logs, &own)? {
                witness.seen.insert(log.name.clone(), last);
            }
        }
        let dir = dir.to_owned();
        Ok(KeptWitness {
            witness,
            dir,
            _lock: lock,
        })
    }

    /// The last checkpoint cosigned of that log.
    pub fn seen(&self, origin: &str) -> Option<&Checkpoint> {
        self.witness.seen.get(origin)
    }

    /// Answers a request with the line of a cosignature, once it is kept. Errors: see
    /// [`Witness::cosign`]; the memory is then as it was.
    pub fn cosign(&mut self, request: &str, now: Timestamp) -> Result<String> {
        let done = self.witness.cosign(request, now);
        let (mut note, line) = done.map_err(|declined| declined.why)?;
        let origin = note.text.split('\n').next().unwrap_or_default().to_owned();
        note.signatures.push(line.clone());
        put(&self.dir, &name(&origin), note.write().as_bytes())?;
        Ok(line.write())
    }
}
