//! What two certificates of a register must not have in common.

use crate::json;
use crate::status::{Entry, Purpose};
use serde_json::Value;
use std::collections::BTreeMap;

/// Two certificates of which one stands for the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// Their numbers.
    pub certificates: [String; 2],
    /// What they have in common.
    pub what: Common,
}

/// What two certificates have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Common {
    /// An address: one is published in the place of the other.
    Address(String),
    /// A place in a list: whoever withdraws one withdraws the other.
    Place(u64, String),
}

/// The certificates that share an address, or a place in the list of withdrawals, each with
/// the first that has it.
pub fn shared(certificates: &[Value]) -> Vec<Shared> {
    let mut first: BTreeMap<String, &str> = BTreeMap::new();
    let mut found = Vec::new();
    for c in certificates {
        let number = json::text(c, &["credentialSubject", "name"]).unwrap_or_default();
        for what in commons(c) {
            let before = first.entry(format!("{what:?}")).or_insert(number);
            if *before != number {
                let certificates = [before.to_string(), number.to_owned()];
                found.push(Shared { certificates, what });
            }
        }
    }
    found
}

fn commons(certificate: &Value) -> Vec<Common> {
    let address = json::text(certificate, &["id"]);
    let entries = Entry::all(certificate).unwrap_or_default();
    let withdrawn = entries
        .into_iter()
        .filter(|e| e.purpose == Purpose::Revocation.name());
    let address = address.map(|a| Common::Address(a.to_owned()));
    let places = withdrawn.map(|e| Common::Place(e.index, e.list));
    address.into_iter().chain(places).collect()
}
