//! A document that says more than our keys, when they change.

use super::{CONTEXTS, DidDocument, absolute};
use serde_json::Value;

/// The dates of a key, the only part of a published one that changes.
const DATES: [&str; 3] = ["activeFrom", "expires", "revoked"];

impl DidDocument {
    /// The document as it is published next, from the one that was `published` and these
    /// keys: all that it says beside them stays as it is (other methods, services, other
    /// contexts), and its keys stay as they are written but for their dates.
    pub fn write_over(&self, published: &Value) -> Value {
        let mut all = published.clone();
        let mut new = each(self.write().get("verificationMethod"));
        let names: Vec<Value> = new.iter().map(|m| m["id"].clone()).collect();
        let of = |entry: &Value| match entry {
            Value::String(name) => Some(super::join(&self.id, name)),
            method => absolute(&self.id, method),
        };
        for list in ["assertionMethod", "verificationMethod"] {
            let mut kept = each(published.get(list));
            for method in kept.iter_mut().filter(|m| m.is_object()) {
                let id = of(method);
                if let Some(i) = new.iter().position(|m| m["id"].as_str() == id.as_deref()) {
                    dated(method, &new.remove(i));
                }
            }
            all[list] = kept.into();
        }
        let known: Vec<_> = each(all.get("assertionMethod")).iter().map(of).collect();
        let added = names.into_iter().filter(|n| !known.contains(&of(n)));
        append(&mut all["assertionMethod"], added);
        append(&mut all["verificationMethod"], new.into_iter());
        let mut contexts = each(published.get("@context"));
        let missing = CONTEXTS.map(Value::from);
        contexts.extend(
            missing
                .into_iter()
                .filter(|c| !each(published.get("@context")).contains(c)),
        );
        all["@context"] = contexts.into();
        all
    }

    /// Whether a document names a method so, for whatever use.
    pub fn names(&self, published: &Value, id: &str) -> bool {
        let methods = each(published.get("verificationMethod"));
        self.keys.iter().any(|k| k.id == id)
            || methods
                .iter()
                .any(|m| absolute(&self.id, m).as_deref() == Some(id))
    }
}

/// The values of a property that holds none, one or several.
pub(super) fn each(value: Option<&Value>) -> Vec<Value> {
    match value {
        None => Vec::new(),
        Some(Value::Array(all)) => all.clone(),
        Some(one) => vec![one.clone()],
    }
}

fn append(list: &mut Value, more: impl Iterator<Item = Value>) {
    if let Some(list) = list.as_array_mut() {
        list.extend(more);
    }
}

fn dated(method: &mut Value, now: &Value) {
    for name in DATES {
        if let Some(date) = now.get(name) {
            method[name] = date.clone();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::DatedKey;
    use super::*;
    use crate::signer::{FileSigner, Signer};
    use crate::time;
    use serde_json::json;

    fn key(n: u8) -> DatedKey {
        DatedKey {
            id: format!("did:web:label.example#k{n}"),
            key: FileSigner::ed25519(&[n; 32]).public().clone(),
            active_from: None,
            expires: None,
            revoked: None,
        }
    }

    fn document(keys: Vec<DatedKey>) -> DidDocument {
        DidDocument {
            id: "did:web:label.example".into(),
            keys,
        }
    }

    #[test]
    fn of_a_document_of_ours_alone_the_next_is_what_we_write() {
        let first = document(vec![key(1)]);
        let next = document(vec![key(1), key(2)]);
        assert_eq!(next.write_over(&first.write()), next.write());
        assert_eq!(next.write_over(&next.write()), next.write());
        assert_eq!(
            next.write_over(&json!({"id": next.id}))["id"],
            next.write()["id"]
        );
    }

    #[test]
    fn what_is_not_ours_stays_and_our_keys_change_their_dates_alone() {
        let foreign = json!({"id": "#login", "type": "JsonWebKey", "controller": "did:web:x.example",
            "publicKeyJwk": {"kty": "RSA"}});
        let mut published = document(vec![key(1)]).write();
        published["@context"] = json!("https://www.w3.org/ns/did/v1");
        published["service"] = json!([{"id": "#site", "type": "LinkedDomains"}]);
        published["authentication"] = json!(["#login"]);
        published["alsoKnownAs"] = json!(["https://label.example"]);
        let methods = published["verificationMethod"].as_array_mut().unwrap();
        methods[0]["comment"] = json!("in the safe");
        methods[0]["id"] = json!("#k1");
        methods.insert(1, foreign.clone());
        // A key that stands where it asserts, as documents may have it.
        let other = document(vec![key(3)]).write()["verificationMethod"][0].clone();
        published["assertionMethod"]
            .as_array_mut()
            .unwrap()
            .push(other);

        let mut read = DidDocument::read(&published).unwrap();
        assert!(read.names(&published, "did:web:label.example#login"));
        let end = time::read("2026-12-01T00:00:00Z").unwrap();
        for key in &mut read.keys {
            key.retire(end).unwrap();
        }
        let next = read.write_over(&published);
        for name in ["service", "authentication", "alsoKnownAs"] {
            assert_eq!(next[name], published[name], "{name}");
        }
        assert_eq!(next["verificationMethod"][1], foreign);
        assert_eq!(next["@context"][0], published["@context"]);
        let mut changed = published["verificationMethod"][0].clone();
        changed["expires"] = json!("2026-12-01T00:00:00Z");
        assert_eq!(next["verificationMethod"][0], changed);
        let again = DidDocument::read(&next).unwrap();
        assert!(again.keys.iter().all(|k| k.expires == Some(end)));
        let twins = read.keys.len() + 1;
        assert_eq!(again.keys.len(), twins, "and the JWK of the third");
        assert_eq!(again.write_over(&next), next);
    }
}
