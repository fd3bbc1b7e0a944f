//! Any octets as an SPF record, alone and as a web of records that include each other:
//! read or refused, never a panic, and always an end.

#![no_main]

use cocarde_probe::spf::{Graph, Known, Record, is_spf};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let texts: Vec<_> = data.split(|&b| b == 0).map(<[u8]>::to_vec).collect();
    for text in &texts {
        let read = Record::parse(text);
        assert!(is_spf(text) || read.is_err());
        if let Ok(record) = read {
            assert!(record.effective().count() <= record.terms.len());
        }
    }
    // Names choose their records by their last octet, so that mutations make loops.
    let graph = Graph::build("d.fr", |name| match name.bytes().last() {
        Some(b'0') => Known::Void,
        Some(b'1') => Known::Failed,
        Some(b'2') => Known::NotAsked,
        Some(b) => Known::Texts(vec![texts[usize::from(b) % texts.len()].clone()]),
        None => Known::Void,
    });
    assert!(graph.nodes.len() <= 64 && graph.targets().count() <= graph.nodes.len());
});
