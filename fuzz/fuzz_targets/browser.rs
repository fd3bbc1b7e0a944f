//! Any bytes as what a browser says: messages about its page, and requests to the proxy that
//! is its only way out. Never a panic; what it asks for has a host, and a request that is
//! handed on has one head.

#![no_main]

use cocarde_probe::measure::browser::devtools::{asked, message};
use cocarde_probe::measure::browser::proxy::{Wanted, origin_form};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some(asked) = asked(&message(data)) {
        assert!(!asked.host.is_empty() && !asked.how.is_empty());
    }
    if let Some(wanted) = Wanted::read(data) {
        assert!(!wanted.host.is_empty());
    }
    let handed = origin_form(data);
    assert!(handed.ends_with(b"\r\n\r\n"));
    let ends = handed.windows(4).filter(|w| w == b"\r\n\r\n");
    assert_eq!(ends.count(), 1);
});
