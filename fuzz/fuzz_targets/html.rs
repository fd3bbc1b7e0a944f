//! Any bytes as a page: read without a panic; what is named are hosts, not too many. What
//! begins with a zero is repeated to the length that pages may have, so that a cost that
//! grows faster than the page shows (`-timeout=20`).

#![no_main]

use cocarde_probe::measure::http::{MAX_BODY, dechunk, head};
use cocarde_probe::measure::page::{MAX_HOSTS, hosts};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let at = Url::parse("https://town.example/page/").expect("a URL");
    let page = match data {
        [0, again @ ..] if !again.is_empty() => again.repeat(MAX_BODY / again.len()),
        _ => data.to_vec(),
    };
    let loaded = hosts(&page, &at).hosts;
    assert!(loaded.len() <= MAX_HOSTS);
    for (host, how) in &loaded {
        assert!(!host.is_empty() && !host.contains('/') && !how.is_empty());
    }
    assert!(dechunk(data).0.len() <= data.len());
    let _ = head(data);
});
