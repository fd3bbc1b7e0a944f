//! Which addresses may be asked: over TLS, or on this very machine.

use std::net::SocketAddr;

/// Whether an address is one of this very machine: plain HTTP to a port of a loopback
/// address, written as a number since a name may lead anywhere.
pub fn near(url: &str) -> bool {
    let host = authority(url, "http://").and_then(|a| a.parse::<SocketAddr>().ok());
    host.is_some_and(|a| a.ip().is_loopback())
}

/// Whether an address may be asked: over TLS, or of this very machine. One that names a
/// user is refused: what stands before the `@` passes for the host with who reads it.
pub fn askable(url: &str) -> bool {
    let host = authority(url, "https://");
    near(url) || host.is_some_and(|a| !a.is_empty() && !a.contains(['@', '\\']))
}

/// What stands between the scheme and the path, the query or the fragment.
fn authority<'a>(url: &'a str, scheme: &str) -> Option<&'a str> {
    url.strip_prefix(scheme)?.split(['/', '?', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_compared_and_not_how_an_address_begins() {
        for url in [
            "http://127.0.0.1:8080",
            "http://127.0.0.1:1/c@d",
            "http://[::1]:80/x?y#z",
        ] {
            assert!(near(url) && askable(url), "{url}");
        }
        for url in [
            "http://127.0.0.1:1@evil.example/c",
            "http://127.0.0.1:1\\@evil.example/c",
            "http://[::1]:1@evil.example/",
            "http://127.0.0.1:80.evil.example/",
            "http://127.0.0.1:/",
            "http://localhost:80/",
            "http://10.0.0.1:80/",
            "http://evil.example/#127.0.0.1:1",
            "https://label.example@evil.example/",
            "https://label.example\\@evil.example/",
            "https://",
            "https:///x",
            "file:///etc/passwd",
        ] {
            assert!(!near(url) && !askable(url), "{url}");
        }
        assert!(askable("https://label.example/a@b") && !near("https://127.0.0.1:1/"));
    }
}
