//! DID documents: the dated history of an issuer's keys, as `did:web` publishes it.
//!
//! A retired key stays in the document with the day it stopped signing
//! (`expires`), so that what it signed before still verifies. A key that was
//! stolen carries `revoked`: since a thief can write any date, what it signed is
//! then believed only when a witness of the log saw it earlier.

mod add;
mod end;
mod kept;
mod sign;
mod web;

pub use web::web_url;

use crate::json;
use crate::key::PublicKey;
use crate::time::{self, Timestamp};
use crate::{Refusal, Result};
use serde_json::{Value, json};

const CONTEXTS: [&str; 2] = [
    "https://www.w3.org/ns/cid/v1",
    crate::credential::CONTEXT_URL,
];

/// Ends the names of keys that are written as JWK.
pub const JWK: &str = "-jwk";

/// Most keys of a document.
const MAX_KEYS: usize = 256;

/// A key and the time during which it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedKey {
    /// DID URL.
    pub id: String,
    /// The key.
    pub key: PublicKey,
    /// It signs from then on; from ever when absent.
    pub active_from: Option<Timestamp>,
    /// It signs no longer from then on.
    pub expires: Option<Timestamp>,
    /// From then on nothing proves that its holder alone had it.
    pub revoked: Option<Timestamp>,
}

/// An issuer and its keys for assertions, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DidDocument {
    /// The DID.
    pub id: String,
    /// All its keys, present and past.
    pub keys: Vec<DatedKey>,
}

fn refused(fr: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new("did", fr, en)
}

fn twice(key: &str) -> Refusal {
    refused(
        format!("clé donnée deux fois : {key}"),
        format!("key given twice: {key}"),
    )
}

impl DidDocument {
    /// Reads a document. Errors: no `id`, a key given twice, that is not of this DID, that
    /// is unreadable or whose dates are; methods outside `assertionMethod` are left.
    pub fn read(document: &Value) -> Result<DidDocument> {
        let id = json::text(document, &["id"])
            .filter(|id| id.starts_with("did:"))
            .ok_or_else(|| refused("document DID sans « id »", "DID document without `id`"))?;
        let list = |name: &str| document.get(name).and_then(Value::as_array);
        let empty = Vec::new();
        let methods = list("verificationMethod").unwrap_or(&empty);
        let asserts = list("assertionMethod").unwrap_or(&empty);
        if methods.len() > MAX_KEYS || asserts.len() > MAX_KEYS {
            return Err(refused("trop de clés", "too many keys"));
        }
        let mut keys: Vec<DatedKey> = Vec::new();
        for entry in asserts {
            let method = match entry.as_str() {
                None => entry,
                Some(name) => {
                    let named = |m: &&Value| absolute(id, m).is_some_and(|a| a == join(id, name));
                    let unknown = || {
                        let fr = format!("assertionMethod nomme une clé absente : {name}");
                        refused(fr, format!("assertionMethod names an absent key: {name}"))
                    };
                    let mut found = methods.iter().filter(named);
                    let method = found.next().ok_or_else(unknown)?;
                    if found.next().is_some() {
                        return Err(twice(&join(id, name)));
                    }
                    method
                }
            };
            let key = dated_key(id, method)?;
            if keys.iter().any(|k| k.id == key.id) {
                return Err(twice(&key.id));
            }
            keys.push(key);
        }
        // A method that asserts nothing any more may still say how its key ended.
        let methods = methods.iter().filter_map(|m| dated_key(id, m).ok());
        let named: Vec<DatedKey> = methods.chain(keys.iter().cloned()).collect();
        keys.iter_mut().for_each(|key| key.end_with(&named));
        Ok(DidDocument {
            id: id.to_owned(),
            keys,
        })
    }

    /// The document of a `did:key`.
    pub fn of_did_key(did: &str) -> Result<DidDocument> {
        let fragment = did.strip_prefix("did:key:").unwrap_or_default();
        let key = DatedKey {
            id: format!("{did}#{fragment}"),
            key: PublicKey::from_did_key(did)?,
            active_from: None,
            expires: None,
            revoked: None,
        };
        Ok(DidDocument {
            id: did.to_owned(),
            keys: vec![key],
        })
    }

    /// The document, as it is published. Each key is written as a Multikey under
    /// its name, and as a JWK under its name with `-jwk`, for readers of JOSE.
    pub fn write(&self) -> Value {
        let mut methods = Vec::new();
        for k in &self.keys {
            if k.id.ends_with(JWK) {
                methods.push(method(&self.id, k, &k.id, true));
                continue;
            }
            methods.push(method(&self.id, k, &k.id, false));
            let twin = format!("{}{JWK}", k.id);
            if self.keys.iter().all(|k| k.id != twin) {
                methods.push(method(&self.id, k, &twin, true));
            }
        }
        let names: Vec<&Value> = methods.iter().map(|m| &m["id"]).collect();
        json!({"@context": CONTEXTS, "id": self.id,
               "assertionMethod": names, "verificationMethod": methods})
    }

    /// Where a `did:web` is published.
    pub fn url(&self) -> Result<String> {
        web_url(&self.id)
    }

    /// The key of that DID URL.
    pub fn key(&self, url: &str) -> Result<&DatedKey> {
        let absent = || {
            Refusal::new(
                "unknown-key",
                format!("la clé « {url} » n'est pas parmi celles de {}", self.id),
                format!("the key `{url}` is not among those of {}", self.id),
            )
        };
        self.keys
            .iter()
            .find(|k| k.id == join(&self.id, url))
            .ok_or_else(absent)
    }
}

impl DatedKey {
    /// Whether it signed at that time by its holder's own word.
    pub fn signs_at(&self, signed: Timestamp) -> Result<()> {
        let early = self.active_from.is_some_and(|from| signed < from);
        let late = self.expires.is_some_and(|end| signed >= end);
        if !early && !late {
            return Ok(());
        }
        let (when_fr, when_en) = time::words(signed);
        Err(Refusal::new(
            "key-period",
            format!(
                "signé le {when_fr}, hors de la période de la clé « {} »",
                self.id
            ),
            format!(
                "signed on {when_en}, outside the period of the key `{}`",
                self.id
            ),
        ))
    }

    /// Whether a revocation leaves its signature believable: only when a witness
    /// had seen it before.
    pub fn believed(&self, witnessed: Option<Timestamp>) -> Result<()> {
        match (self.revoked, witnessed) {
            (None, _) => Ok(()),
            (Some(revoked), Some(seen)) if seen < revoked => Ok(()),
            (Some(revoked), _) => {
                let (day_fr, day_en) = time::words(revoked);
                Err(Refusal::new(
                    "key-revoked",
                    format!("clé révoquée le {day_fr}, et aucun témoin n'a vu ceci avant"),
                    format!("key revoked on {day_en}, and no witness saw this before"),
                ))
            }
        }
    }
}

fn join(did: &str, url: &str) -> String {
    match url.starts_with('#') {
        true => format!("{did}{url}"),
        false => url.to_owned(),
    }
}

fn absolute(did: &str, method: &Value) -> Option<String> {
    json::text(method, &["id"]).map(|id| join(did, id))
}

fn dated_key(did: &str, method: &Value) -> Result<DatedKey> {
    let id = absolute(did, method)
        .filter(|id| id.strip_prefix(did).is_some_and(|f| f.starts_with('#')))
        .ok_or_else(|| {
            refused(
                "clé sans « id » de ce DID",
                "key without an `id` of this DID",
            )
        })?;
    if json::text(method, &["controller"]) != Some(did) {
        let fr = format!("la clé « {id} » a un autre contrôleur");
        return Err(refused(
            fr,
            format!("the key `{id}` has another controller"),
        ));
    }
    let key = match json::text(method, &["type"]) {
        Some("Multikey") => {
            let text = json::text(method, &["publicKeyMultibase"]).unwrap_or_default();
            PublicKey::from_multikey(text)
        }
        Some("JsonWebKey") => PublicKey::from_jwk(&method["publicKeyJwk"]),
        _ => Err(refused(
            "ni Multikey ni JsonWebKey",
            "neither Multikey nor JsonWebKey",
        )),
    }
    .map_err(|r| r.at(&id))?;
    let date = |name: &str| {
        let text = |v: &Value| time::read(v.as_str().unwrap_or_default()).map_err(|r| r.at(&id));
        method.get(name).map(text).transpose()
    };
    Ok(DatedKey {
        key,
        active_from: date("activeFrom")?,
        expires: date("expires")?,
        revoked: date("revoked")?,
        id,
    })
}

fn method(did: &str, k: &DatedKey, id: &str, jwk: bool) -> Value {
    let mut m = match jwk {
        false => json!({"id": id, "type": "Multikey", "controller": did,
                        "publicKeyMultibase": k.key.multikey()}),
        true => json!({"id": id, "type": "JsonWebKey", "controller": did,
                       "publicKeyJwk": k.key.jwk()}),
    };
    for (name, date) in [
        ("activeFrom", k.active_from),
        ("expires", k.expires),
        ("revoked", k.revoked),
    ] {
        if let Some(date) = date {
            m[name] = time::write(date).into();
        }
    }
    m
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signer::{FileSigner, Signer};

    fn t(text: &str) -> Timestamp {
        time::read(text).unwrap()
    }

    fn document() -> DidDocument {
        let key = |n: u8, from, expires, revoked| DatedKey {
            id: format!("did:web:label.example#k{n}"),
            key: FileSigner::ed25519(&[n; 32]).public().clone(),
            active_from: Some(t(from)),
            expires,
            revoked,
        };
        DidDocument {
            id: "did:web:label.example".into(),
            keys: vec![
                key(
                    1,
                    "2025-01-01T00:00:00Z",
                    Some(t("2026-01-01T00:00:00Z")),
                    None,
                ),
                key(
                    2,
                    "2026-01-01T00:00:00Z",
                    None,
                    Some(t("2026-06-01T00:00:00Z")),
                ),
            ],
        }
    }

    #[test]
    fn a_retired_key_keeps_what_it_signed_and_signs_no_more() {
        let published = DidDocument::read(&document().write()).unwrap();
        assert_eq!(published.keys.len(), 4);
        assert_eq!(published.write(), document().write());
        let old = published.key("#k1").unwrap();
        old.signs_at(t("2025-06-01T00:00:00Z")).unwrap();
        assert!(old.signs_at(t("2026-01-01T00:00:00Z")).is_err());
        assert!(old.signs_at(t("2024-12-31T23:59:59Z")).is_err());
        assert_eq!(published.key("#k3").unwrap_err().code, "unknown-key");
    }

    #[test]
    fn a_stolen_key_is_believed_only_on_a_witness_word() {
        let published = DidDocument::read(&document().write()).unwrap();
        let stolen = published.key("did:web:label.example#k2-jwk").unwrap();
        assert!(stolen.believed(None).is_err());
        assert!(stolen.believed(Some(t("2026-06-01T00:00:00Z"))).is_err());
        stolen.believed(Some(t("2026-05-31T00:00:00Z"))).unwrap();
    }

    #[test]
    fn a_document_speaks_for_its_own_keys_alone() {
        let mut foreign = document().write();
        foreign["verificationMethod"][0]["id"] = "did:web:other.example#k1".into();
        foreign["assertionMethod"][0] = "did:web:other.example#k1".into();
        assert_eq!(DidDocument::read(&foreign).unwrap_err().code, "did");
        let mut controlled = document().write();
        controlled["verificationMethod"][0]["controller"] = "did:web:other.example".into();
        assert_eq!(DidDocument::read(&controlled).unwrap_err().code, "did");
    }
}
