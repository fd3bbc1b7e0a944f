//! Ids from what identifies or names something in a file.

use crate::document::hex;
use sha2::{Digest as _, Sha256};

/// An id as dossiers allow them, from any text.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(80) {
        if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
            out.push(c);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    let trimmed = out.trim_matches('-');
    if trimmed.is_empty() {
        "x".into()
    } else {
        trimmed.into()
    }
}

/// An id from an identifier, other than that of any other: where letters of it cannot stand
/// in an id, or there are too many, its digest tells it from those like it.
pub(super) fn id_of(identifier: &str) -> String {
    let id = slug(identifier);
    match id == identifier {
        true => id,
        false => with_digest(&id, identifier),
    }
}

/// An id from a name, other than that of any other: that of words keeps only them.
pub(super) fn id_of_name(name: &str) -> String {
    let id = slug(name);
    match id.replace('-', " ") == name {
        true => id,
        false => with_digest(&id, name),
    }
}

fn with_digest(id: &str, text: &str) -> String {
    let start: String = id.chars().take(50).collect();
    let digest = hex(&Sha256::digest(text));
    format!("{start}-{}", &digest[..12])
}
