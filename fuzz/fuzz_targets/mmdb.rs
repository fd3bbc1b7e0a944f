//! Any bytes as a database of addresses: refused, or every address looked up, never a panic.
//! Half of the inputs get well-formed metadata, so that what lies behind it is read too.

#![no_main]

use cocarde_probe::measure::networks::Source;
use libfuzzer_sys::fuzz_target;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Metadata for so many nodes, in the format's own encoding.
fn metadata(nodes: u16, record_size: u8, ip_version: u8) -> Vec<u8> {
    let text = |s: &str| [&[0x40 | s.len() as u8], s.as_bytes()].concat();
    let mut all = b"\xab\xcd\xefMaxMind.com".to_vec();
    all.push(0xe9);
    let [high, low] = nodes.to_be_bytes();
    for (key, value) in [
        ("node_count", vec![0xc2, high, low]),
        ("record_size", vec![0xa1, record_size]),
        ("ip_version", vec![0xa1, ip_version]),
        ("database_type", text("Test")),
        ("languages", vec![0x00, 0x04]),
        ("binary_format_major_version", vec![0xa1, 2]),
        ("binary_format_minor_version", vec![0xa1, 0]),
        ("build_epoch", vec![0x01, 0x02, 1]),
        ("description", vec![0xe0]),
    ] {
        all.extend(text(key));
        all.extend(value);
    }
    all
}

fuzz_target!(|data: &[u8]| {
    let [how, nodes, rest @ ..] = data else {
        return;
    };
    let mut bytes = rest.to_vec();
    if how & 1 == 1 {
        let size = [24, 28, 32, 24][usize::from(how >> 1 & 3)];
        let version = if how & 8 == 0 { 4 } else { 6 };
        bytes.extend(metadata(u16::from(*nodes), size, version));
    }
    let Ok(source) = Source::mmdb(bytes) else {
        return;
    };
    for n in [0u32, 1, 0x0102_0304, 0x7f00_0001, 0x8000_0000, u32::MAX] {
        let _ = source.place(IpAddr::V4(Ipv4Addr::from(n)));
        let _ = source.place(IpAddr::V6(Ipv6Addr::from(u128::from(n) << 96)));
    }
});
