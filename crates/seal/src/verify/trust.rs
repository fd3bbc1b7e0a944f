//! Whom a reader trusts.

use crate::did::DidDocument;
use crate::json::{self, MAX_DOCUMENT};
use crate::log::{Checkpoint, Note, VerifierKey};
use crate::{Refusal, Result};
use serde_json::{Value, json};

/// Issuers with their keys, logs, witnesses; a file that travels with the program
/// or that a reader keeps.
#[derive(Clone, Debug, Default)]
pub struct Trust {
    /// DID documents of issuers.
    pub issuers: Vec<DidDocument>,
    /// Keys of logs.
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
    /// "quorum": n, "checkpoints": [note…]}`. Errors name the field.
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
        for document in list("issuers")? {
            let read = DidDocument::read(&document).map_err(|r| r.at("issuers"))?;
            if trust.issuer(&read.id).is_some() {
                let id = &read.id;
                // Which of two histories of its keys holds is not ours to choose.
                return Err(Refusal::new(
                    "trust",
                    format!("« {id} » a deux documents : gardez le plus récent"),
                    format!("`{id}` has two documents: keep the newest"),
                )
                .at("issuers"));
            }
            trust.issuers.push(read);
        }
        if let Some(n) = fields.get("quorum") {
            trust.quorum = n.as_u64().ok_or_else(|| bad("quorum"))? as usize;
        }
        for text in list("checkpoints")? {
            let note = Note::read(text.as_str().unwrap_or_default().as_bytes())?;
            let origin = note.text.lines().next().unwrap_or_default();
            let log = trust.logs.iter().find(|l| l.name == origin);
            let log = log.ok_or_else(|| bad("checkpoints"))?;
            trust.checkpoints.push(Checkpoint::open(&note, log)?);
        }
        Ok(trust)
    }

    /// Writes the file.
    pub fn write(&self) -> Value {
        let keys = |all: &[VerifierKey]| all.iter().map(VerifierKey::write).collect::<Vec<_>>();
        let issuers: Vec<Value> = self.issuers.iter().map(DidDocument::write).collect();
        json!({"issuers": issuers, "logs": keys(&self.logs),
               "witnesses": keys(&self.witnesses), "quorum": self.quorum})
    }

    /// The document of an issuer.
    pub fn issuer(&self, did: &str) -> Option<&DidDocument> {
        self.issuers.iter().find(|d| d.id == did)
    }
}
