//! What a credential says of where its status is.

use super::{Bitstring, refused};
use crate::json;
use crate::{Refusal, Result};
use serde_json::Value;

/// Most entries of a credential: each names a list that is read.
const MAX_ENTRIES: usize = 16;

/// One entry of a credential, as anyone may have written it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its purpose.
    pub purpose: String,
    /// Address of the list's credential.
    pub list: String,
    /// Place in the list.
    pub index: u64,
    /// Bits of an entry.
    pub size: u64,
}

impl Entry {
    /// The entries of a credential. Errors: an entry that cannot be read, since
    /// what it would have said is then unknown.
    pub fn all(credential: &Value) -> Result<Vec<Entry>> {
        match credential.get("credentialStatus") {
            None => Ok(Vec::new()),
            Some(Value::Array(list)) if list.len() > MAX_ENTRIES => {
                let count = list.len();
                Err(refused(
                    format!("credentialStatus : {count} entrées, {MAX_ENTRIES} au plus"),
                    format!("credentialStatus: {count} entries, at most {MAX_ENTRIES}"),
                ))
            }
            Some(Value::Array(list)) => list.iter().map(Entry::read).collect(),
            Some(one) => Ok(vec![Entry::read(one)?]),
        }
    }

    /// Reads one entry. Errors: not a `BitstringStatusListEntry`, or a property missing
    /// or malformed.
    pub fn read(entry: &Value) -> Result<Entry> {
        let text = |name: &str| {
            let absent = || {
                refused(
                    format!("credentialStatus : « {name} » manque"),
                    format!("credentialStatus: `{name}` is missing"),
                )
            };
            json::text(entry, &[name]).ok_or_else(absent)
        };
        if text("type")? != "BitstringStatusListEntry" {
            let (fr, en) = ("type de statut inconnu", "unknown type of status");
            return Err(refused(fr, en));
        }
        let digits = text("statusListIndex")?;
        let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let index = digits.parse().ok().filter(|_| plain).ok_or_else(|| {
            let (fr, en) = (
                "place illisible dans la liste",
                "unreadable place in the list",
            );
            refused(fr, en)
        })?;
        let list = text("statusListCredential")?;
        if !crate::data_model::is_url(list) {
            return Err(refused(
                "statusListCredential n'est pas une URL",
                "statusListCredential is not a URL",
            ));
        }
        Ok(Entry {
            purpose: text("statusPurpose")?.to_owned(),
            list: list.to_owned(),
            index,
            size: match entry.get("statusSize") {
                None => 1,
                Some(size) => size.as_u64().unwrap_or(0),
            },
        })
    }

    /// Reads this entry in the (verified) credential of its list. Errors: the list
    /// is another one, is of another purpose, or cannot be read.
    pub fn value(&self, list: &Value) -> Result<u64> {
        self.is_in(list)?;
        let subject = &list["credentialSubject"];
        let purposes = &subject["statusPurpose"];
        let covers = purposes.as_str() == Some(&self.purpose)
            || purposes
                .as_array()
                .is_some_and(|a| a.contains(&self.purpose.as_str().into()));
        if !covers {
            return Err(Refusal::new(
                "status-purpose",
                "la liste a un autre objet",
                "the list has another purpose",
            ));
        }
        let text = json::text(subject, &["encodedList"]).unwrap_or_default();
        Bitstring::decode(text, self.size)?.get(self.index)
    }

    /// Checks that a credential is the list of this entry. The specification lets a list
    /// leave its address out; one that does is refused here, since whoever serves it could
    /// put another list of the same issuer in its place.
    fn is_in(&self, list: &Value) -> Result<()> {
        let wanted = &self.list;
        let types = list.get("type").and_then(Value::as_array);
        if !types.is_some_and(|t| t.contains(&"BitstringStatusListCredential".into())) {
            return Err(refused(
                "ce n'est pas une liste de statut (BitstringStatusListCredential)",
                "this is not a status list (BitstringStatusListCredential)",
            ));
        }
        match json::text(list, &["id"]) {
            Some(id) if id == wanted => Ok(()),
            Some(id) => Err(refused(
                format!(
                    "ce n'est pas la liste attendue : elle est celle de {id}, et non de {wanted}"
                ),
                format!("this is not the expected list: it is that of {id}, and not of {wanted}"),
            )),
            None => Err(refused(
                format!(
                    "la liste de statut n'a pas d'« id » : rien ne dit que c'est celle de {wanted} ; \
                     son émetteur doit y écrire cette adresse"
                ),
                format!(
                    "the status list has no `id`: nothing says that it is that of {wanted}; its \
                     issuer must write that address in it"
                ),
            )),
        }
    }
}
