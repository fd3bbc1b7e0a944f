//! Any bytes as a printed certificate or as the text of its code: read or refused, never a
//! panic; and only the page that its own contents give passes.

#![no_main]

use cocarde_certificate::{attached, check, read_qr};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let page = [b"%PDF-1.7\n", data].concat();
    for pdf in [data, &page] {
        if let Ok(contents) = attached(pdf) {
            assert!(contents.credential.starts_with("eyJ"));
        }
        let _ = check(pdf);
    }
    if let Ok(text) = std::str::from_utf8(data)
        && let Ok((url, digest)) = read_qr(text)
    {
        assert!(text.starts_with(url) && digest.is_none_or(|d| text.ends_with(d)));
    }
});
