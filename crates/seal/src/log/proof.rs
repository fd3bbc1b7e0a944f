//! Proofs that travel with a certificate (c2sp.org/tlog-proof).

use super::merkle::{Ranges, check_inclusion, leaf};
use super::note::{MAX_NOTE, numbered};
use super::{Checkpoint, Hash, Note, VerifierKey, base64, hash};
use crate::time::Timestamp;
use crate::{Refusal, Result, counted};

const HEADER: &str = "c2sp.org/tlog-proof@v1";
/// Most hashes of a proof: a tree of 2⁶³ entries has no more.
pub(crate) const MAX_HASHES: usize = 63;

/// A proof, read and not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogProof {
    /// Index of the entry.
    pub index: u64,
    /// The proof of inclusion, from the leaf up.
    pub path: Vec<Hash>,
    /// The checkpoint.
    pub checkpoint: Note,
}

/// What a verified proof shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The checkpoint.
    pub checkpoint: Checkpoint,
    /// Index of the entry.
    pub index: u64,
    /// The trusted witnesses that cosigned, with the time of each.
    pub witnesses: Vec<(String, Timestamp)>,
}

/// What a proof of entry is called where it is told what is wrong with it.
const PLACE: &str = ".tlog-proof";

/// A proof of which a line is not what is expected there.
fn bad(line: usize, fr: &str, en: &str) -> Refusal {
    Refusal::new(
        "log-proof",
        format!("preuve de journal mal formée, ligne {line} : {fr} attendu"),
        format!("malformed log proof, line {line}: {en} expected"),
    )
    .at(PLACE)
}

impl LogProof {
    /// Proves an entry of a tree under that checkpoint.
    pub fn new(tree: &mut impl Ranges, index: u64, checkpoint: Note) -> Result<LogProof> {
        let size = Checkpoint::read(&checkpoint.text)?.size;
        Ok(LogProof {
            index,
            path: tree.inclusion(index, size)?,
            checkpoint,
        })
    }

    /// Reads a proof.
    pub fn read(text: &str) -> Result<LogProof> {
        if text.len() > MAX_NOTE {
            return Err(Refusal::new("oversize", "preuve trop longue", "proof too long").at(PLACE));
        }
        let (head, note) = text.split_once("\n\n").unwrap_or((text, ""));
        let mut lines = (1..).zip(head.split('\n')).peekable();
        if lines.next().map(|(_, line)| line) != Some(HEADER) {
            return Err(bad(1, HEADER, HEADER));
        }
        let extra = lines.next_if(|(_, line)| line.starts_with("extra "));
        let index = lines.next().and_then(|(_, line)| numbered(line, "index"));
        let index = index.ok_or_else(|| {
            let line = if extra.is_some() { 3 } else { 2 };
            bad(line, "« index N »", "`index N`")
        })?;
        let hashes = lines.enumerate().map(|(i, (n, line))| {
            let read = hash(line).filter(|_| i < MAX_HASHES);
            read.ok_or_else(|| bad(n, "un hachage", "a hash"))
        });
        Ok(LogProof {
            index,
            path: hashes.collect::<Result<_>>()?,
            checkpoint: Note::read(note.as_bytes()).map_err(|r| r.at(PLACE))?,
        })
    }

    /// Writes the proof.
    pub fn write(&self) -> String {
        let path: String = self.path.iter().map(|h| base64(h) + "\n").collect();
        let (index, note) = (self.index, self.checkpoint.write());
        format!("{HEADER}\nindex {index}\n{path}\n{note}")
    }

    /// Checks that the entry is in the log and that at least `quorum` of the
    /// trusted witnesses saw that checkpoint.
    pub fn verify(
        &self,
        entry: &[u8],
        log: &VerifierKey,
        witnesses: &[VerifierKey],
        quorum: usize,
    ) -> Result<Logged> {
        let checkpoint = Checkpoint::open(&self.checkpoint, log)?;
        check_inclusion(
            &leaf(entry),
            self.index,
            checkpoint.size,
            &self.path,
            &checkpoint.root,
        )?;
        let witnesses = cosigners(&self.checkpoint, witnesses)?;
        self::quorum(witnesses.len(), quorum)?;
        Ok(Logged {
            checkpoint,
            index: self.index,
            witnesses,
        })
    }
}

impl Logged {
    /// Since when as many witnesses as are asked for (one at least) have seen the entry:
    /// fewer of them, in league with a thief, cannot move that date back.
    pub fn seen(&self, quorum: usize) -> Option<Timestamp> {
        let mut times: Vec<Timestamp> = self.witnesses.iter().map(|w| w.1).collect();
        times.sort();
        times.get(quorum.max(1) - 1).copied()
    }
}

/// Checks that enough witnesses cosigned.
pub(crate) fn quorum(found: usize, asked: usize) -> Result<()> {
    if found >= asked {
        return Ok(());
    }
    let (one, many) = (
        "témoin du journal a cosigné",
        "témoins du journal ont cosigné",
    );
    let (fr, en) = (
        counted::fr(found, one, many),
        counted::en(found, "witness", "witnesses"),
    );
    let (wanted_fr, wanted_en) = (
        counted::fr(asked, "demandé", "demandés"),
        "give a newer proof of entry (.tlog-proof, published beside the certificate)",
    );
    Err(Refusal::new(
        "quorum",
        format!(
            "{fr}, {wanted_fr} : donnez une preuve d'inscription plus récente (.tlog-proof, \
             publiée à côté du certificat)"
        ),
        format!("{en} of the log cosigned, {asked} asked for: {wanted_en}"),
    ))
}

/// The trusted witnesses that cosigned, each once, whatever its names and keys, with its
/// earliest time. Errors: a false cosignature in the name of a trusted witness.
pub fn cosigners(note: &Note, trusted: &[VerifierKey]) -> Result<Vec<(String, Timestamp)>> {
    let mut found = Vec::new();
    for holder in holders(trusted) {
        let mut times = Vec::new();
        for key in holder {
            match note.verify(key) {
                Ok(time) => times.extend(time.map(|t| (t, key.name.clone()))),
                Err(r) if r.code == "unsigned" => {}
                Err(r) => return Err(r),
            }
        }
        let first = times.into_iter().min_by_key(|(time, _)| *time);
        found.extend(first.map(|(time, name)| (name, time)));
    }
    Ok(found)
}

/// Keys by who holds them. Two that share neither name nor key are one holder's when a
/// third ties them, in whatever order the three are given.
pub(crate) fn holders(keys: &[VerifierKey]) -> Vec<Vec<&VerifierKey>> {
    let mut all: Vec<Vec<&VerifierKey>> = Vec::new();
    for key in keys {
        let tied = |holder: &Vec<&VerifierKey>| holder.iter().any(|k| k.is_also(key));
        let (same, mut others): (Vec<_>, Vec<_>) = all.into_iter().partition(tied);
        let mut joined = same.concat();
        joined.push(key);
        others.push(joined);
        all = others;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::merkle::empty;

    #[test]
    fn one_witness_alone_moves_no_date_back_where_two_are_asked_for() {
        let at = |s| Timestamp::from_second(s).unwrap();
        let logged = Logged {
            checkpoint: Checkpoint {
                origin: "log.example".into(),
                size: 0,
                root: empty(),
            },
            index: 0,
            witnesses: vec![
                ("b".into(), at(300)),
                ("liar".into(), at(1)),
                ("c".into(), at(200)),
            ],
        };
        let seen = [0, 1, 2, 3, 4].map(|quorum| logged.seen(quorum));
        let expected = [Some(at(1)), Some(at(1)), Some(at(200)), Some(at(300)), None];
        assert_eq!(seen, expected);
    }
}
