//! Any bytes as a page: read without a panic; what is named are hosts, not too many.

#![no_main]

use cocarde_probe::measure::http::{dechunk, head};
use cocarde_probe::measure::page::{MAX_HOSTS, hosts};
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|data: &[u8]| {
    let at = Url::parse("https://town.example/page/").expect("a URL");
    let loaded = hosts(data, &at).hosts;
    assert!(loaded.len() <= MAX_HOSTS);
    for (host, how) in &loaded {
        assert!(!host.is_empty() && !host.contains('/') && !how.is_empty());
    }
    assert!(dechunk(data).0.len() <= data.len());
    let _ = head(data);
});
