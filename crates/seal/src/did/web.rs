//! Where a `did:web` leads.

use super::refused;
use crate::Result;

/// Where a `did:web` is published. Errors: another method, or a part that could
/// lead elsewhere.
pub fn web_url(did: &str) -> Result<String> {
    let bad = || {
        refused(
            format!("« {did} » n'est pas un did:web"),
            format!("`{did}` is no did:web"),
        )
    };
    let rest = did.strip_prefix("did:web:").ok_or_else(bad)?;
    let mut parts = rest.split(':');
    let host = parts.next().unwrap_or_default().replace("%3A", ":");
    let plain = |s: &str| {
        let good = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
        !s.is_empty() && s != "." && s != ".." && s.chars().all(good)
    };
    let (name, port) = host.split_once(':').unwrap_or((&host, "443"));
    let path: Vec<&str> = parts.collect();
    if !plain(name) || port.parse::<u16>().is_err() || !path.iter().all(|p| plain(p)) {
        return Err(bad());
    }
    Ok(match path.is_empty() {
        true => format!("https://{host}/.well-known/did.json"),
        false => format!("https://{host}/{}/did.json", path.join("/")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn did_web_leads_to_one_place() {
        let url = |did| web_url(did).ok();
        let root = "https://label.example/.well-known/did.json";
        assert_eq!(url("did:web:label.example").as_deref(), Some(root));
        let path = "https://label.example:8443/a/b/did.json";
        assert_eq!(
            url("did:web:label.example%3A8443:a:b").as_deref(),
            Some(path)
        );
        for bad in [
            "did:key:z6",
            "did:web:",
            "did:web:a:..:b",
            "did:web:a%2Fb",
            "did:web:u@h",
        ] {
            assert_eq!(url(bad), None, "{bad}");
        }
    }
}
