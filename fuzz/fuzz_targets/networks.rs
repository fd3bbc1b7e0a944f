//! Any bytes as a table of address ranges: refused with its line, or looked up.

#![no_main]

use cocarde_probe::measure::networks::Source;
use libfuzzer_sys::fuzz_target;
use std::net::{IpAddr, Ipv4Addr};

fuzz_target!(|data: &[u8]| {
    if let Ok(source) = Source::table(data) {
        for n in [0u32, 1, 0x0100_0001, u32::MAX] {
            let place = source.place(IpAddr::V4(Ipv4Addr::from(n)));
            assert!(place.asn != Some(0) && place.located.is_none());
        }
    }
});
