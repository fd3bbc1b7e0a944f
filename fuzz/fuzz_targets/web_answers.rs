//! Any bytes as what web servers answer beside pages: certificates, cookies, mail policies.
//! Read or refused, never a panic; no more is kept than the limits allow.

#![no_main]

use cocarde_probe::measure::Cookie;
use cocarde_probe::measure::mta_sts::Policy;
use cocarde_probe::measure::names::dmarc_policy;
use cocarde_probe::measure::tls::certificate;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(read) = certificate(data) {
        assert!(read.names.len() <= 200 && read.sha256.len() == 64);
    }
    let text = String::from_utf8_lossy(data);
    if let Some(cookie) = Cookie::read(&text) {
        assert!(!cookie.name.contains([';', '=']));
    }
    if let Some(policy) = dmarc_policy(&text) {
        assert!(!policy.is_empty() && !policy.contains(';'));
    }
    if let Ok(policy) = Policy::parse(&text) {
        assert!(policy.max_age.is_some() && policy.mx.len() <= 100);
        for pattern in policy.mx.iter().filter(|p| !p.starts_with("*.")) {
            assert!(policy.covers(pattern));
        }
    }
});
