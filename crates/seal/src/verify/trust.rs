//! Whom a reader trusts.

use crate::did::DidDocument;
use crate::json::{self, MAX_DOCUMENT};
use crate::log::note::Kind;
use crate::log::proof::holders;
use crate::log::{Checkpoint, Note, VerifierKey};
use crate::{Refusal, Result};
use serde_json::{Value, json};

/// Issuers with their keys, logs, witnesses; a file that travels with the program
/// or that a reader keeps.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// DID documents of issuers.
    pub issuers: Vec<DidDocument>,
    /// Keys of logs; a log that changed its key has several.
    pub logs: Vec<VerifierKey>,
    /// Keys of witnesses.
    pub witnesses: Vec<VerifierKey>,
    /// How many witnesses must have seen a checkpoint.
    pub quorum: usize,
    /// Checkpoints already seen, against which a fork shows.
    pub checkpoints: Vec<Checkpoint>,
}

impl Trust {
    /// Reads `{"issuers": [DID document…], "logs": [key…], "witnesses": [key…],
    /// "quorum": n, "checkpoints": [note…]}`. Errors name the field: one that is unknown or
    /// malformed, an issuer with two documents, a key of the other kind, a witness that is a
    /// log or an issuer itself, fewer witnesses than are asked for.
    pub fn read(bytes: &[u8]) -> Result<Trust> {
        let file = json::parse(bytes, MAX_DOCUMENT)?;
        let known = ["issuers", "logs", "witnesses", "quorum", "checkpoints"];
        let bad = |name: &str| {
            Refusal::new(
                "trust",
                format!("fichier de confiance : « {name} » inconnu ou mal formé"),
                format!("trust file: `{name}` is unknown or malformed"),
            )
        };
        let fields = file.as_object().ok_or_else(|| bad("{}"))?;
        if let Some(name) = fields.keys().find(|k| !known.contains(&k.as_str())) {
            return Err(bad(name));
        }
        let list = |name: &str| match fields.get(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(all)) if all.len() <= 1000 => Ok(all.clone()),
            Some(_) => Err(bad(name)),
        };
        let keys = |name: &str| -> Result<Vec<VerifierKey>> {
            let read = |v: &Value| VerifierKey::read(v.as_str().unwrap_or_default());
            list(name)?
                .iter()
                .map(|v| read(v).map_err(|r| r.at(name)))
                .collect()
        };
        let mut trust = Trust {
            logs: keys("logs")?,
            witnesses: keys("witnesses")?,
            ..Trust::default()
        };
        for (i, document) in list("issuers")?.iter().enumerate() {
            let read = DidDocument::read(document).map_err(|r| r.at(&format!("issuers[{i}]")))?;
            trust.issuers.push(read);
        }
        trust.unambiguous()?;
        if let Some(n) = fields.get("quorum") {
            trust.quorum = n.as_u64().ok_or_else(|| bad("quorum"))? as usize;
        }
        trust.enough()?;
        for (i, text) in list("checkpoints")?.iter().enumerate() {
            let read = trust.checkpoint(text.as_str().unwrap_or_default());
            let read = read.map_err(|r| r.at(&format!("checkpoints[{i}]")))?;
            trust.checkpoints.push(read);
        }
        Ok(trust)
    }

    /// Reads a checkpoint that a known log signed.
    fn checkpoint(&self, text: &str) -> Result<Checkpoint> {
        let note = Note::read(text.as_bytes())?;
        let origin = note.text.lines().next().unwrap_or_default();
        let log = self.log(origin, &note).ok_or_else(|| {
            Refusal::new(
                "trust",
                format!("fichier de confiance : aucune clé du journal « {origin} »"),
                format!("trust file: no key of the log `{origin}`"),
            )
        })?;
        Checkpoint::open(&note, log)
    }

    /// Checks that as many witnesses are known as are asked for: else everything would be
    /// refused, whoever saw it.
    fn enough(&self) -> Result<()> {
        let (known, asked) = (holders(&self.witnesses).len(), self.quorum);
        if asked <= known {
            return Ok(());
        }
        Err(Refusal::new(
            "trust",
            format!(
                "quorum : {asked} demandé, mais {known} connu : ajoutez des témoins, ou demandez-en moins"
            ),
            format!(
                "quorum: {asked} asked for, but {known} known: add witnesses, or ask for fewer"
            ),
        ))
    }

    /// Writes the file.
    pub fn write(&self) -> Value {
        let keys = |all: &[VerifierKey]| all.iter().map(VerifierKey::write).collect::<Vec<_>>();
        let issuers: Vec<Value> = self.issuers.iter().map(DidDocument::write).collect();
        json!({"issuers": issuers, "logs": keys(&self.logs),
               "witnesses": keys(&self.witnesses), "quorum": self.quorum})
    }

    /// Checks that nothing in it is said in two ways. Errors name both places: which of two
    /// holds is not ours to choose.
    fn unambiguous(&self) -> Result<()> {
        for (b, one) in self.issuers.iter().enumerate() {
            if let Some(a) = self.issuers[..b].iter().position(|d| d.id == one.id) {
                let id = &one.id;
                let refusal = Refusal::new(
                    "trust",
                    format!("« {id} » a deux documents : gardez le plus récent"),
                    format!("`{id}` has two documents: keep the newest"),
                );
                return Err(refusal.at(&format!("issuers[{a}], issuers[{b}]")));
            }
        }
        self.kinds()
    }

    /// Checks that logs and witnesses are what they are listed as, and nobody both: a log's
    /// word on itself is no witness's.
    fn kinds(&self) -> Result<()> {
        let bad = |place: String, fr: &str, en: &str| {
            let refusal = Refusal::new("trust", fr, en);
            Err(refusal.at(&place))
        };
        if let Some(i) = self.logs.iter().position(|k| k.kind != Kind::Ed25519) {
            let (fr, en) = ("une clé de témoin", "a key of a witness");
            return bad(format!("logs[{i}]"), fr, en);
        }
        for (i, witness) in self.witnesses.iter().enumerate() {
            if witness.kind != Kind::Cosignature {
                let (fr, en) = ("une clé de journal", "a key of a log");
                return bad(format!("witnesses[{i}]"), fr, en);
            }
            let own = |d: &DidDocument| d.keys.iter().any(|k| witness.holds(&k.key));
            if let Some(d) = self.issuers.iter().position(own) {
                // Whoever stole it would date what it signs.
                return bad(
                    format!("issuers[{d}], witnesses[{i}]"),
                    "un émetteur n'est pas son propre témoin : ôtez ce témoin",
                    "an issuer is no witness of itself: remove that witness",
                );
            }
            if let Some(l) = self.logs.iter().position(|log| log.is_also(witness)) {
                return bad(
                    format!("logs[{l}], witnesses[{i}]"),
                    "un journal n'est pas son propre témoin : ôtez ce témoin",
                    "a log is no witness of itself: remove that witness",
                );
            }
        }
        Ok(())
    }

    /// The key of that log to verify a checkpoint with.
    pub(super) fn log(&self, origin: &str, checkpoint: &Note) -> Option<&VerifierKey> {
        checkpoint.signer(self.logs.iter().filter(|l| l.name == origin))
    }

    /// The document of an issuer.
    pub fn issuer(&self, did: &str) -> Option<&DidDocument> {
        self.issuers.iter().find(|d| d.id == did)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_that_is_wrong_is_named_by_its_place() {
        let of = |checkpoint: &str| {
            let file = json!({"checkpoints": [checkpoint]});
            Trust::read(file.to_string().as_bytes()).unwrap_err()
        };
        let unknown = "log.example\n0\nAAAA\n\n\u{2014} log.example AAAAAAAA\n";
        for (text, said) in [("x", "malformed"), (unknown, "no key of the log")] {
            let refusal = of(text);
            let placed = refusal.en.starts_with("checkpoints[0]: ");
            assert!(placed && refusal.en.contains(said), "{refusal}");
        }
    }
}
