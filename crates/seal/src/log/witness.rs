//! Witnesses (c2sp.org/tlog-witness): what a log asks of them, what they answer,
//! and the witness itself, so that anyone who runs the program can be one.

use super::merkle::{Ranges, empty};
use super::note::{Kind, Signature, numbered};
use super::proof::{MAX_HASHES, cosigners};
use super::{Checkpoint, Hash, Note, VerifierKey, base64, hash};
use crate::signer::Signer;
use crate::time::Timestamp;
use crate::{Refusal, Result};
use std::collections::BTreeMap;

/// Writes the body of a request to cosign `checkpoint`, from the size `old` that
/// the witness last saw.
pub fn request(tree: &mut impl Ranges, old: u64, checkpoint: &Note) -> Result<String> {
    let size = Checkpoint::read(&checkpoint.text)?.size;
    let proof = tree.consistency(old, size)?;
    let lines: String = proof.iter().map(|h| base64(h) + "\n").collect();
    Ok(format!("old {old}\n{lines}\n{}", checkpoint.write()))
}

/// Adds to a checkpoint the cosignatures a witness answered. Lines of keys that are
/// not trusted are left out. Errors: none is trusted, or one is false.
pub fn accept(checkpoint: &Note, answer: &str, trusted: &[VerifierKey]) -> Result<Note> {
    let known = |s: &Signature| trusted.iter().any(|k| k.name == s.name && k.id == s.id);
    let lines = answer.lines().take(64).filter_map(Signature::read);
    let new: Vec<Signature> = lines.filter(known).collect();
    let probe = Note {
        text: checkpoint.text.clone(),
        signatures: new.clone(),
    };
    if cosigners(&probe, trusted)?.is_empty() {
        return Err(Refusal::new(
            "unsigned",
            "le témoin n'a pas cosigné",
            "the witness did not cosign",
        ));
    }
    let mut note = checkpoint.clone();
    let again = |s: &Signature| new.iter().any(|n| n.name == s.name && n.id == s.id);
    note.signatures.retain(|s| !again(s));
    note.signatures.extend(new);
    Ok(note)
}

/// What a witness answers over HTTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// Body: cosignatures (200), or the size last seen (409).
    pub body: String,
}

/// A witness: the logs it knows, and the last checkpoint of each that it cosigned.
/// Whoever runs it must make `seen` durable before answering.
pub struct Witness<'a> {
    name: String,
    signer: &'a dyn Signer,
    logs: Vec<VerifierKey>,
    /// Last checkpoint cosigned, by origin.
    pub seen: BTreeMap<String, Checkpoint>,
}

fn answer(status: u16, body: impl Into<String>) -> Answer {
    let body = body.into();
    Answer { status, body }
}

impl<'a> Witness<'a> {
    /// A witness that has seen nothing yet. Errors: see [`VerifierKey::new`].
    pub fn new(name: &str, signer: &'a dyn Signer, logs: Vec<VerifierKey>) -> Result<Witness<'a>> {
        VerifierKey::new(name, Kind::Cosignature, signer.public())?;
        Ok(Witness {
            name: name.to_owned(),
            signer,
            logs,
            seen: BTreeMap::new(),
        })
    }

    /// Answers `add-checkpoint`.
    pub fn add_checkpoint(&mut self, body: &str, now: Timestamp) -> Answer {
        let Some((old, proof, note)) = read_request(body) else {
            return answer(400, "");
        };
        let origin = note.text.split('\n').next().unwrap_or_default();
        let Some(log) = self.logs.iter().find(|l| l.name == origin) else {
            return answer(404, "");
        };
        if note.verify(log).is_err() {
            return answer(403, "");
        }
        let Ok(checkpoint) = Checkpoint::read(&note.text) else {
            let zero = note.text.split('\n').nth(1) == Some("0");
            return answer(if zero { 422 } else { 400 }, "");
        };
        if old > checkpoint.size {
            return answer(400, "");
        }
        let nothing = Checkpoint {
            origin: origin.to_owned(),
            size: 0,
            root: empty(),
        };
        let last = self.seen.get(origin).unwrap_or(&nothing);
        if old != last.size {
            return answer(409, format!("{}\n", last.size));
        }
        if checkpoint.continues(last, &proof).is_err() {
            return answer(422, "");
        }
        match note.cosignature(&self.name, now, self.signer) {
            Ok(line) => {
                self.seen.insert(origin.to_owned(), checkpoint);
                answer(200, line.write())
            }
            Err(_) => answer(500, ""),
        }
    }
}

fn read_request(body: &str) -> Option<(u64, Vec<Hash>, Note)> {
    let (head, note) = body.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let old = numbered(lines.next()?, "old")?;
    let proof: Vec<Hash> = lines.map(hash).collect::<Option<_>>()?;
    let note = Note::read(note.as_bytes()).ok()?;
    (proof.len() <= MAX_HASHES).then_some((old, proof, note))
}
