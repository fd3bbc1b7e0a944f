//! Numbers written in digits alone.

use std::str::FromStr;

/// A number that is all digits. Reading an integer with `parse` takes a plus sign before
/// it too, which no format read here allows.
pub(crate) fn digits<N: FromStr>(text: &str) -> Option<N> {
    let plain = text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}
