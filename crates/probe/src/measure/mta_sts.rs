//! MTA-STS (RFC 8461): the policy by which a domain asks other servers to hand its mail
//! over encrypted, and to whom only.

use super::connect::Net;
use super::http;
use super::names::Names;
use super::tls::Trust;
use crate::digits::digits;
use serde::Serialize;

/// Patterns of one policy read at most.
const MAX_PATTERNS: usize = 100;

/// A policy, as far as it could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// `enforce`, `testing` or `none`.
    pub mode: Option<String>,
    /// Hosts that mail may be handed to; `*.` stands for one label.
    pub mx: Vec<String>,
    /// For how many seconds senders keep it.
    pub max_age: Option<u64>,
    /// Mail exchangers that it leaves out: mail for them is held back.
    pub left_out: Vec<String>,
    /// Why senders cannot use it.
    pub failure: Option<String>,
}

/// Fetches the policy of a domain that announces one. As senders must, follows no redirect
/// and takes no certificate that browsers would not trust.
pub fn fetch(net: &mut Net, trust: &Trust, domain: &str, names: &Names) -> Option<Policy> {
    names.mta_sts.as_ref()?;
    let url = format!("https://mta-sts.{domain}/.well-known/mta-sts.txt");
    let (response, tls) = http::once(net, trust, &url);
    let distrust = tls.and_then(|t| t.distrust);
    let read = match (response, distrust) {
        (Err(why), _) | (Ok(_), Some(why)) => Err(why),
        (Ok(r), None) if r.status != 200 => Err(format!("status {}", r.status)),
        (Ok(r), None) => Policy::parse(&String::from_utf8_lossy(&r.body)),
    };
    let mut policy = read.unwrap_or_else(|why| Policy {
        failure: Some(why),
        ..Policy::default()
    });
    if policy.failure.is_none() {
        let hosts = names.mx.iter().map(|m| &m.host.name);
        policy.left_out = hosts.filter(|h| !policy.covers(h)).cloned().collect();
    }
    Some(policy)
}

impl Policy {
    /// Reads a policy.
    ///
    /// # Errors
    /// What it lacks.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut policy = Self::default();
        let mut version = None;
        for line in text.lines() {
            let Some((key, value)) = line.split_once(':') else {
                continue;
            };
            let value = value.trim();
            match key.trim() {
                "version" => version = version.or(Some(value.to_owned())),
                "mode" if policy.mode.is_none() => policy.mode = Some(value.to_owned()),
                "max_age" if policy.max_age.is_none() => policy.max_age = digits(value),
                "mx" if policy.mx.len() < MAX_PATTERNS => {
                    policy
                        .mx
                        .push(value.trim_end_matches('.').to_ascii_lowercase());
                }
                _ => {}
            }
        }
        let is_mode = |m: &str| matches!(m, "enforce" | "testing" | "none");
        if version.as_deref() != Some("STSv1") {
            Err("no version STSv1".into())
        } else if !policy.mode.as_deref().is_some_and(is_mode) {
            Err("no mode".into())
        } else if policy.max_age.is_none() {
            Err("no max_age".into())
        } else if policy.mx.is_empty() && policy.mode.as_deref() != Some("none") {
            Err("no mx".into())
        } else {
            Ok(policy)
        }
    }

    /// Whether mail may be handed to a host.
    #[must_use]
    pub fn covers(&self, host: &str) -> bool {
        self.mx
            .iter()
            .any(|pattern| match pattern.strip_prefix("*.") {
                Some(rest) => host.split_once('.').is_some_and(|(_, h)| h == rest),
                None => pattern == host,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 8461, section 3.2.
    const EXAMPLE: &str = "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmx: *.example.net\r\nmx: backupmx.example.com\r\nmax_age: 604800\r\n";

    #[test]
    fn the_example_of_the_rfc() {
        let policy = Policy::parse(EXAMPLE).unwrap();
        assert_eq!(policy.mode.as_deref(), Some("enforce"));
        assert_eq!(policy.max_age, Some(604_800));
        for (host, covered) in [
            ("mail.example.com", true),
            ("mx1.example.net", true),
            ("a.mx1.example.net", false),
            ("example.net", false),
            ("other.example.com", false),
        ] {
            assert_eq!(policy.covers(host), covered, "{host}");
        }
    }

    #[test]
    fn what_lacks_a_part_is_no_policy() {
        for (left_out, why) in [
            ("version: STSv1", "no version STSv1"),
            ("mode: enforce", "no mode"),
            ("max_age: 604800", "no max_age"),
        ] {
            let text = EXAMPLE.replace(left_out, "x: y");
            assert_eq!(Policy::parse(&text), Err(why.to_owned()));
        }
        let signed = EXAMPLE.replace("604800", "+604800");
        assert_eq!(Policy::parse(&signed), Err("no max_age".to_owned()));
        let none = "version: STSv1\nmode: none\nmax_age: 1\n";
        assert!(Policy::parse(none).is_ok());
        assert!(Policy::parse(&none.replace("none", "testing")).is_err());
    }
}
