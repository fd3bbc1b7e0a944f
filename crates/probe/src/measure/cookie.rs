//! Cookies that a response sets.

use super::http::Response;
use serde::Serialize;

/// Cookies of one response read at most.
const MAX_COOKIES: usize = 100;

/// A cookie, in what matters here; never its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cookie {
    /// Its name.
    pub name: String,
    /// Sent over TLS only.
    pub secure: bool,
    /// Out of reach of scripts.
    pub http_only: bool,
    /// `SameSite`.
    pub same_site: Option<String>,
    /// Kept after the browser closes.
    pub lasting: bool,
}

/// The cookies that a response sets.
pub(super) fn set_by(response: &Response) -> Vec<Cookie> {
    let set = response.headers.iter().filter(|(n, _)| n == "set-cookie");
    let read = set.filter_map(|(_, value)| Cookie::read(value));
    read.take(MAX_COOKIES).collect()
}

impl Cookie {
    /// Reads what `Set-Cookie` says.
    #[must_use]
    pub fn read(value: &str) -> Option<Self> {
        let mut parts = value.split(';').map(str::trim);
        let name = parts.next()?.split('=').next()?.to_owned();
        let attributes: Vec<String> = parts.map(str::to_ascii_lowercase).collect();
        let has = |word: &str| attributes.iter().any(|a| a == word);
        let starts = |word: &str| attributes.iter().find_map(|a| a.strip_prefix(word));
        Some(Self {
            name,
            secure: has("secure"),
            http_only: has("httponly"),
            same_site: starts("samesite=").map(str::to_owned),
            lasting: starts("expires=").or(starts("max-age=")).is_some(),
        })
    }
}
