//! Checkpoints (c2sp.org/tlog-checkpoint): a log's size and root.

use super::merkle::{check_consistency, empty};
use super::{Hash, Note, VerifierKey, base64, decimal, hash};
use crate::{Refusal, Result};

/// What a log commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// How many entries.
    pub size: u64,
    /// Root of the tree.
    pub root: Hash,
}

impl Checkpoint {
    /// Reads a note's text. Errors: not a checkpoint, an extension line (none is
    /// defined for this log), an empty tree with another root.
    pub fn read(text: &str) -> Result<Checkpoint> {
        let bad = || {
            let (fr, en) = ("point de contrôle mal formé", "malformed checkpoint");
            Refusal::new("checkpoint", fr, en)
        };
        let lines: Vec<&str> = text
            .strip_suffix('\n')
            .ok_or_else(bad)?
            .split('\n')
            .collect();
        let [origin, size, root] = lines[..] else {
            return Err(bad());
        };
        let read = Checkpoint {
            origin: origin.to_owned(),
            size: decimal(size).ok_or_else(bad)?,
            root: hash(root).ok_or_else(bad)?,
        };
        if origin.is_empty() || (read.size == 0 && read.root != empty()) {
            return Err(bad());
        }
        Ok(read)
    }

    /// Reads a signed checkpoint and checks that the log signed it.
    pub fn open(note: &Note, log: &VerifierKey) -> Result<Checkpoint> {
        let read = Checkpoint::read(&note.text)?;
        if read.origin != log.name {
            return Err(Refusal::new(
                "origin",
                format!("journal « {} », « {} » attendu", read.origin, log.name),
                format!("log `{}`, `{}` expected", read.origin, log.name),
            ));
        }
        note.verify(log)?;
        Ok(read)
    }

    /// Writes the text to sign.
    pub fn write(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, base64(&self.root))
    }

    /// Checks that this checkpoint continues an older one. Two checkpoints of the
    /// same size with two roots, or a proof that fails, are a fork: the log told
    /// two stories.
    pub fn continues(&self, older: &Checkpoint, proof: &[Hash]) -> Result<()> {
        let held = check_consistency(older.size, &older.root, self.size, &self.root, proof);
        if held.is_ok() && self.origin == older.origin {
            return Ok(());
        }
        Err(Refusal::new(
            "fork",
            format!(
                "bifurcation du journal entre {} et {} entrées",
                older.size, self.size
            ),
            format!(
                "the log forks between {} and {} entries",
                older.size, self.size
            ),
        ))
    }
}
