//! A key more in a document.

use super::kept::each;
use super::{DatedKey, DidDocument, JWK, dated_key, refused};
use crate::key::Algorithm;
use crate::{Refusal, Result};
use serde_json::Value;

impl DidDocument {
    /// The document as it is published next, from the one that was `published`, with one key
    /// more. Errors: a name that is taken or that readers would not find, or a key that the
    /// document has already, be it under a name that has ended: two names would end together,
    /// and nothing would tell which of them signed.
    pub fn with(&self, published: &Value, new: DatedKey) -> Result<Value> {
        good_name(&self.id, &new)?;
        let taken = self.keys.iter().find(|k| k.id == new.id);
        if taken.is_some() || self.names(published, &new.id) {
            let (fr, en) = taken.map_or_else(nothing, how_ended);
            let id = &new.id;
            return Err(refused(
                format!("« {id} » existe{fr} : donnez un autre nom à la nouvelle clé"),
                format!("`{id}` exists{en}: give the new key another name"),
            ));
        }
        // A method that asserts nothing any more may still say how this key ended.
        let methods = each(published.get("verificationMethod"));
        let methods = methods.iter().filter_map(|m| dated_key(&self.id, m).ok());
        let mut all = self.keys.iter().cloned().chain(methods);
        if let Some(same) = all.find(|k| k.key == new.key) {
            return Err(again(&same));
        }
        let mut next = self.clone();
        next.keys.push(new);
        let written = next.write_over(published);
        // What our own reader would refuse is never published.
        DidDocument::read(&written)?;
        Ok(written)
    }
}

fn nothing() -> (String, String) {
    (String::new(), String::new())
}

/// How a key ended or will, to be said after its name.
fn how_ended(key: &DatedKey) -> (String, String) {
    let Some(end) = key.revoked.or(key.expires) else {
        return nothing();
    };
    let said = key.ended(end);
    said.map_or_else(nothing, |(fr, en)| {
        (format!(" et {fr}"), format!(" and {en}"))
    })
}

fn again(same: &DatedKey) -> Refusal {
    let (id, (fr, en)) = (&same.id, how_ended(same));
    refused(
        format!(
            "cette clé est déjà dans le document (« {id} »){fr} : faites-en une nouvelle (cocarde keys new)"
        ),
        format!(
            "this key is in the document already (`{id}`){en}: make a new one (cocarde keys new)"
        ),
    )
}

/// A name is the fragment of a DID URL. One that ends like those of JWKs is of such a key:
/// an Ed25519 key would lose its Multikey.
fn good_name(did: &str, new: &DatedKey) -> Result<()> {
    let name = new.id.strip_prefix(did).and_then(|f| f.strip_prefix('#'));
    let name = name.unwrap_or_default();
    let bare = match new.key.algorithm() {
        Algorithm::Ed25519 => name,
        Algorithm::P256 => name.strip_suffix(JWK).unwrap_or(name),
    };
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    if !bare.is_empty() && !bare.ends_with(JWK) && bare.chars().all(plain) {
        return Ok(());
    }
    Err(refused(
        format!(
            "« {bare} » n'est pas un nom de clé : lettres sans accent, chiffres, « - », « . », \
             « _ » et « ~ », sans « {JWK} » à la fin"
        ),
        format!(
            "`{bare}` is no name of a key: plain letters, digits, `-`, `.`, `_` and `~`, \
             without `{JWK}` at the end"
        ),
    ))
}
