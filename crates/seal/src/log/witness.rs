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

/// Adds to a checkpoint the cosignatures a witness answered, one line a key: the earliest,
/// since a later one shows less. Lines of keys that are not trusted are left out. Errors:
/// none is trusted, or one is false.
pub fn accept(checkpoint: &Note, answer: &str, trusted: &[VerifierKey]) -> Result<Note> {
    let known = |s: &Signature| trusted.iter().any(|k| k.made(s));
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
    note.signatures.extend(new);
    for key in trusted {
        let time = |s: &Signature| key.check(&note.text, s).ok().flatten();
        let lines = note.signatures.iter().filter(|s| key.made(s));
        let first = lines
            .filter_map(|s| Some((time(s)?, s.clone())))
            .min_by_key(|(t, _)| *t);
        if let Some((_, first)) = first {
            note.signatures.retain(|s| !key.made(s));
            note.signatures.push(first);
        }
    }
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

/// Why a witness does not cosign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declined {
    /// What it is over HTTP.
    pub answer: Answer,
    /// The reason.
    pub why: Refusal,
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
        match self.cosign(body, now) {
            Ok((_, line)) => answer(200, line.write()),
            Err(declined) => declined.answer,
        }
    }

    /// Cosigns the checkpoint of a request if it continues the last one seen of that
    /// log; gives the checkpoint as the log signed it, and the cosignature. `seen` is
    /// as it was when this fails.
    pub fn cosign(
        &mut self,
        body: &str,
        now: Timestamp,
    ) -> std::result::Result<(Note, Signature), Box<Declined>> {
        let (checkpoint, note) = self.acceptable(body)?;
        let line = note
            .cosignature(&self.name, now, self.signer)
            .map_err(|why| declined(500, "", why))?;
        self.seen.insert(checkpoint.origin.clone(), checkpoint);
        Ok((note, line))
    }

    /// What a request asks to cosign. Errors: all that the specification refuses, each
    /// with its status.
    fn acceptable(&self, body: &str) -> std::result::Result<(Checkpoint, Note), Box<Declined>> {
        let (old, proof, mut note) = read_request(body).ok_or_else(|| {
            let (fr, en) = ("demande mal formée", "malformed request");
            declined(400, "", Refusal::new("request", fr, en))
        })?;
        let origin = note.text.split('\n').next().unwrap_or_default();
        // A log that changes its key has two of them, for a while.
        let keys = || self.logs.iter().filter(|l| l.name == origin);
        let log = note.signer(keys()).ok_or_else(|| {
            let fr = format!("journal « {origin} » inconnu de ce témoin");
            let en = format!("log `{origin}` unknown to this witness");
            declined(404, "", Refusal::new("unknown-log", fr, en))
        })?;
        note.verify(log).map_err(|why| declined(403, "", why))?;
        // One line a key of the log is kept, or it would fill the witness's memory.
        let line = |key: &VerifierKey| note.signatures.iter().find(|s| key.made(s)).cloned();
        let kept = keys().filter_map(line).collect();
        note.signatures = kept;
        let checkpoint = Checkpoint::read(&note.text).map_err(|why| {
            let zero = note.text.split('\n').nth(1) == Some("0");
            declined(if zero { 422 } else { 400 }, "", why)
        })?;
        self.follows(old, &checkpoint, &proof)?;
        Ok((checkpoint, note))
    }

    /// Checks a checkpoint against the last one seen of its log.
    fn follows(
        &self,
        old: u64,
        checkpoint: &Checkpoint,
        proof: &[Hash],
    ) -> std::result::Result<(), Box<Declined>> {
        let nothing = Checkpoint {
            origin: checkpoint.origin.clone(),
            size: 0,
            root: empty(),
        };
        let last = self.seen.get(&checkpoint.origin).unwrap_or(&nothing);
        let (seen, size) = (last.size, checkpoint.size);
        if old > size {
            let fr = format!("le journal passe de {old} à {size} entrées : il rétrécit");
            let en = format!("the log goes from {old} to {size} entries: it shrinks");
            return Err(declined(400, "", Refusal::new("shrunk", fr, en)));
        }
        if old != seen {
            let fr = format!("le témoin a vu {seen} entrées, la demande part de {old}");
            let en = format!("the witness saw {seen} entries, the request starts from {old}");
            let why = Refusal::new("conflict", fr, en);
            return Err(declined(409, format!("{seen}\n"), why));
        }
        let continued = checkpoint.continues(last, proof);
        continued.map_err(|why| declined(422, "", why))
    }
}

fn declined(status: u16, body: impl Into<String>, why: Refusal) -> Box<Declined> {
    let answer = answer(status, body);
    Box::new(Declined { answer, why })
}

fn read_request(body: &str) -> Option<(u64, Vec<Hash>, Note)> {
    let (head, note) = body.split_once("\n\n")?;
    let mut lines = head.split('\n');
    let old = numbered(lines.next()?, "old")?;
    let proof: Vec<Hash> = lines.map(hash).collect::<Option<_>>()?;
    let note = Note::read(note.as_bytes()).ok()?;
    (proof.len() <= MAX_HASHES).then_some((old, proof, note))
}
