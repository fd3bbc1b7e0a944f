//! Measures of one target: names, addresses, certificates, pages. Every exchange with the
//! world is kept as evidence: what was asked, whom, when, and a digest of what came back.

pub mod ask;
pub mod browser;
pub mod connect;
pub mod cookie;
pub mod evidence;
pub mod http;
pub mod mta_sts;
pub mod names;
pub mod networks;
mod old_tls;
pub mod page;
mod target;
pub mod tls;

pub use cookie::Cookie;
pub use target::{Record, Site, Wishes, measure};

/// A domain name as it is asked for: of letters, digits and hyphens, internationalised
/// names in their ASCII form.
///
/// # Errors
/// Why the text is none.
pub fn domain(text: &str) -> Result<String, String> {
    let parsed = url::Host::parse(text.trim().trim_end_matches('.'));
    match parsed.map_err(|e| e.to_string())? {
        url::Host::Domain(name) if name.len() < 254 && name.contains('.') => Ok(name),
        url::Host::Domain(_) => Err("too short or too long".into()),
        _ => Err("an address".into()),
    }
}
