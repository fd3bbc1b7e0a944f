//! The transparency log, by the C2SP specifications: signed note, checkpoint,
//! tlog-tiles, cosignature, witness, tlog-proof. Static files that any web server
//! can serve.

pub mod checkpoint;
pub mod fsck;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod seen;
pub mod store;
pub mod tile;
pub mod tree;
pub mod witness;

pub use checkpoint::Checkpoint;
pub use note::{Note, VerifierKey};
pub use store::Log;

use crate::Refusal;

/// A SHA-256 hash.
pub type Hash = [u8; 32];

pub(crate) fn refused(fr: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new("log", fr, en)
}

/// Reads a decimal without sign or leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    let zeros = text.len() > 1 && text.starts_with('0');
    text.parse().ok().filter(|_| plain && !zeros)
}

/// Reads a hash in base64.
pub(crate) fn hash(text: &str) -> Option<Hash> {
    use base64::Engine;
    let bytes = base64::engine::general_purpose::STANDARD
        .decode(text)
        .ok()?;
    bytes.try_into().ok()
}

/// Writes bytes in base64.
pub(crate) fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

pub(crate) fn io(path: &std::path::Path, e: &std::io::Error) -> Refusal {
    let (fr, en) = crate::file::why(e);
    refused(fr, en).at(&path.display().to_string())
}
