//! Signed notes (c2sp.org/signed-note) with Ed25519 signatures, and the timestamped
//! cosignatures of witnesses (c2sp.org/tlog-cosignature).

use super::{base64, decimal};
use crate::key::PublicKey;
use crate::signer::Signer;
use crate::time::Timestamp;
use crate::{Refusal, Result};
use ::base64::Engine;
use ::base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Most bytes of a note.
pub const MAX_NOTE: usize = 256 << 10;
/// Most signatures that are looked at.
const MAX_SIGNATURES: usize = 100;

/// A note, read and not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The text, with its last newline.
    pub text: String,
    /// The signatures.
    pub signatures: Vec<Signature>,
}

/// A signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Name of the key.
    pub name: String,
    /// Its short identifier.
    pub id: u32,
    /// What follows the identifier.
    pub bytes: Vec<u8>,
}

/// What a key signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Notes.
    Ed25519 = 1,
    /// Checkpoints, with the time.
    Cosignature = 4,
}

/// A key one trusts, as `name+id+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    /// Its name.
    pub name: String,
    /// Its short identifier.
    pub id: u32,
    /// What it signs.
    pub kind: Kind,
    key: PublicKey,
}

fn refused(fr: &str, en: &str) -> Refusal {
    Refusal::new("note", fr, en)
}

fn good_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 256 && !name.contains(|c: char| c.is_whitespace() || c == '+')
}

fn key_id(name: &str, kind: Kind, key: &[u8]) -> u32 {
    let hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', kind as u8])
        .chain_update(key)
        .finalize();
    u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
}

impl VerifierKey {
    /// A key under a name. Errors: a name the format does not allow, or a key that
    /// is not Ed25519.
    pub fn new(name: &str, kind: Kind, key: &PublicKey) -> Result<VerifierKey> {
        if !good_name(name) || !matches!(key, PublicKey::Ed25519(_)) {
            return Err(refused(
                "clé de note : un nom sans espace ni « + » et une clé Ed25519 sont attendus",
                "note key: a name without space or `+` and an Ed25519 key are expected",
            ));
        }
        Ok(VerifierKey {
            name: name.to_owned(),
            id: key_id(name, kind, &key.bytes()),
            kind,
            key: key.clone(),
        })
    }

    /// Reads `name+id+base64`.
    pub fn read(text: &str) -> Result<VerifierKey> {
        let bad = || {
            refused(
                "clé illisible (nom+id+base64)",
                "unreadable key (name+id+base64)",
            )
        };
        let mut parts = text.trim_end().splitn(3, '+');
        let mut next = || parts.next().ok_or_else(bad);
        let (name, id, data) = (next()?, next()?, next()?);
        let data = STANDARD.decode(data).map_err(|_| bad())?;
        let kind = match data.first() {
            Some(1) => Kind::Ed25519,
            Some(4) => Kind::Cosignature,
            _ => return Err(bad()),
        };
        let key = VerifierKey::new(name, kind, &PublicKey::ed25519(&data[1..])?)?;
        match format!("{:08x}", key.id) == id {
            true => Ok(key),
            false => Err(bad()),
        }
    }

    /// Writes `name+id+base64`.
    pub fn write(&self) -> String {
        let data = [&[self.kind as u8][..], &self.key.bytes()].concat();
        format!("{}+{:08x}+{}", self.name, self.id, base64(&data))
    }

    /// Whether two keys are one holder's: the same name, or the same key under two names.
    pub(crate) fn is_also(&self, other: &VerifierKey) -> bool {
        self.name == other.name || self.key == other.key
    }

    /// Whether it is that key, whatever its name.
    pub(crate) fn holds(&self, key: &PublicKey) -> bool {
        self.key == *key
    }

    /// Whether it is said to have made that signature.
    pub(super) fn made(&self, signature: &Signature) -> bool {
        signature.name == self.name && signature.id == self.id
    }

    /// Checks a signature; a cosignature gives its time.
    pub(super) fn check(&self, text: &str, signature: &Signature) -> Result<Option<Timestamp>> {
        match self.kind {
            Kind::Ed25519 => self
                .key
                .verify(text.as_bytes(), &signature.bytes)
                .map(|()| None),
            Kind::Cosignature => {
                let bad = || refused("cosignature trop courte", "cosignature too short");
                let (time, rest) = signature.bytes.split_first_chunk::<8>().ok_or_else(bad)?;
                let seconds = u64::from_be_bytes(*time);
                self.key.verify(cosigned(seconds, text).as_bytes(), rest)?;
                let time = i64::try_from(seconds).ok();
                let time = time
                    .and_then(|s| Timestamp::from_second(s).ok())
                    .ok_or_else(bad)?;
                Ok(Some(time))
            }
        }
    }
}

fn cosigned(seconds: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {seconds}\n{text}")
}

impl Note {
    /// A text without signatures yet; it must end with a newline.
    pub fn new(text: impl Into<String>) -> Note {
        Note {
            text: text.into(),
            signatures: Vec::new(),
        }
    }

    /// Reads a note. Errors: oversize, not UTF-8, control characters, no signature
    /// or a line that is none.
    pub fn read(bytes: &[u8]) -> Result<Note> {
        let bad = || refused("note signée mal formée", "malformed signed note");
        if bytes.len() > MAX_NOTE {
            return Err(Refusal::new(
                "oversize",
                "note trop longue",
                "note too long",
            ));
        }
        let all = std::str::from_utf8(bytes).map_err(|_| bad())?;
        if all.chars().any(|c| c < ' ' && c != '\n') {
            return Err(bad());
        }
        let (text, lines) = all.rsplit_once("\n\n").ok_or_else(bad)?;
        let lines = lines.strip_suffix('\n').ok_or_else(bad)?;
        let signatures: Vec<Signature> = lines
            .split('\n')
            .map(|l| Signature::read(l).ok_or_else(bad))
            .collect::<Result<_>>()?;
        if signatures.len() > MAX_SIGNATURES {
            return Err(bad());
        }
        Ok(Note {
            text: format!("{text}\n"),
            signatures,
        })
    }

    /// Writes the note.
    pub fn write(&self) -> String {
        let lines: String = self.signatures.iter().map(Signature::write).collect();
        format!("{}\n{lines}", self.text)
    }

    /// Adds a signature on the text.
    pub fn sign(&mut self, name: &str, by: &dyn Signer) -> Result<()> {
        let key = VerifierKey::new(name, Kind::Ed25519, by.public())?;
        self.signatures.push(Signature {
            name: key.name,
            id: key.id,
            bytes: by.sign(self.text.as_bytes())?,
        });
        Ok(())
    }

    /// A witness's cosignature on the text, at that time.
    pub fn cosignature(&self, name: &str, at: Timestamp, by: &dyn Signer) -> Result<Signature> {
        let key = VerifierKey::new(name, Kind::Cosignature, by.public())?;
        let seconds = at.as_second().max(0) as u64;
        let signed = by.sign(cosigned(seconds, &self.text).as_bytes())?;
        Ok(Signature {
            name: key.name,
            id: key.id,
            bytes: [&seconds.to_be_bytes()[..], &signed].concat(),
        })
    }

    /// Checks that a trusted key signed; gives the time of its cosignature, if it
    /// made one: the earliest of several, in whatever order their lines stand. Errors: it
    /// did not sign, or a signature in its name is false.
    pub fn verify(&self, key: &VerifierKey) -> Result<Option<Timestamp>> {
        let made = self.signatures.iter().filter(|s| key.made(s));
        let times = made.map(|s| key.check(&self.text, s));
        let times = times.collect::<Result<Vec<_>>>()?;
        times.into_iter().min().ok_or_else(|| {
            Refusal::new(
                "unsigned",
                format!("« {} » n'a pas signé", key.name),
                format!("`{}` did not sign", key.name),
            )
        })
    }

    /// Of the keys that a reader trusts for one log, the one to verify this with: one that
    /// signed, or the first of them when none did. A key in whose name a signature is false
    /// comes before, so that the note is refused, whoever else signed.
    pub fn signer<'k>(
        &self,
        keys: impl IntoIterator<Item = &'k VerifierKey>,
    ) -> Option<&'k VerifierKey> {
        keys.into_iter().min_by_key(|key| match self.verify(key) {
            Err(r) if r.code == "signature" => 0,
            Ok(_) => 1,
            Err(_) => 2,
        })
    }
}

impl Signature {
    /// Reads a line, without its newline.
    pub fn read(line: &str) -> Option<Signature> {
        let (name, data) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        let data = STANDARD.decode(data).ok()?;
        let (id, bytes) = data.split_first_chunk::<4>()?;
        (good_name(name) && !bytes.is_empty()).then(|| Signature {
            name: name.to_owned(),
            id: u32::from_be_bytes(*id),
            bytes: bytes.to_vec(),
        })
    }

    /// Writes a line.
    pub fn write(&self) -> String {
        let data = [&self.id.to_be_bytes()[..], &self.bytes].concat();
        format!("\u{2014} {} {}\n", self.name, base64(&data))
    }
}

/// Reads `old 12` and the like: a word, a space, a decimal.
pub(crate) fn numbered(line: &str, word: &str) -> Option<u64> {
    decimal(line.strip_prefix(word)?.strip_prefix(' ')?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signer::FileSigner;

    /// The example of golang.org/x/mod/sumdb/note.
    #[test]
    fn the_published_example_verifies() {
        let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
        let note = "If you think cryptography is the answer to your problem,\n\
            then you don't know what your problem is.\n\n\u{2014} PeterNeumann \
            x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
        let key = VerifierKey::read(key).unwrap();
        let read = Note::read(note.as_bytes()).unwrap();
        read.verify(&key).unwrap();
        assert_eq!(read.write(), note);
        let changed = note.replace("answer", "Answer");
        let read = Note::read(changed.as_bytes()).unwrap();
        assert_eq!(read.verify(&key).unwrap_err().code, "signature");
    }

    #[test]
    fn a_cosignature_states_its_time() {
        let signer = FileSigner::ed25519(&[5; 32]);
        let mut note = Note::new("log.example\n3\nAAAA\n");
        let at = Timestamp::from_second(1_780_000_000).unwrap();
        let line = note.cosignature("witness.example", at, &signer).unwrap();
        note.signatures.push(line);
        let key = VerifierKey::new("witness.example", Kind::Cosignature, signer.public()).unwrap();
        let key = VerifierKey::read(&key.write()).unwrap();
        assert_eq!(note.verify(&key).unwrap(), Some(at));
        note.signatures[0].bytes[7] ^= 1;
        assert_eq!(note.verify(&key).unwrap_err().code, "signature");
        note.signatures[0].id ^= 1;
        assert_eq!(note.verify(&key).unwrap_err().code, "unsigned");
    }

    #[test]
    fn malformed_notes_are_refused() {
        for bad in [
            "",
            "a\n",
            "a\n\n",
            "a\n\nb\n",
            "a\r\n\n\u{2014} k AAAAAAA=\n",
            "\u{2014} k AAAAAAA=\n",
        ] {
            assert!(Note::read(bad.as_bytes()).is_err(), "{bad:?}");
        }
    }
}
