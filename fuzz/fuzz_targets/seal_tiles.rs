//! The files of a log: any bytes in the place of all of them are read or refused, never a
//! panic; and one byte changed, cut off or added in one of them is always found out.

#![no_main]

use cocarde_seal::log::fsck::check;
use cocarde_seal::log::merkle::{Ranges, leaf};
use cocarde_seal::log::note::Kind;
use cocarde_seal::log::proof::LogProof;
use cocarde_seal::log::tree::{Files, Tree};
use cocarde_seal::log::{Checkpoint, Hash, Note, VerifierKey, tile};
use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_seal::{Refusal, Result};
use libfuzzer_sys::fuzz_target;
use std::collections::BTreeMap;

const ORIGIN: &str = "log.example";

/// The same bytes under every name.
struct Same<'a>(&'a [u8]);

impl Files for Same<'_> {
    fn file(&mut self, _: &str) -> Result<Vec<u8>> {
        Ok(self.0.to_vec())
    }
}

struct Kept<'a>(&'a BTreeMap<String, Vec<u8>>);

impl Files for Kept<'_> {
    fn file(&mut self, path: &str) -> Result<Vec<u8>> {
        let absent = || Refusal::new("log", "absent", "absent");
        self.0.get(path).cloned().ok_or_else(absent)
    }
}

fn signed(signer: &FileSigner, size: u64, root: Hash) -> Note {
    let origin = ORIGIN.to_owned();
    let mut note = Note::new(Checkpoint { origin, size, root }.write());
    note.sign(ORIGIN, signer).expect("a signature");
    note
}

fuzz_target!(|data: &[u8]| {
    let Some((number, bytes)) = data.split_first_chunk::<8>() else {
        return;
    };
    let number = u64::from_le_bytes(*number);
    let signer = FileSigner::ed25519(&[7; 32]);
    let key = VerifierKey::new(ORIGIN, Kind::Ed25519, signer.public()).expect("a key");

    let mut any = Tree::new(Same(bytes), number);
    let _ = (any.entry(number / 2), any.inclusion(number / 3, number));
    let _ = (
        any.consistency(number / 5, number),
        any.tile(1, number >> 16),
    );
    let root = any.range(0, number).unwrap_or([0; 32]);
    let _ = check(Same(bytes), &signed(&signer, number, root), &key);

    // A sound log of few entries.
    let entries: Vec<&[u8]> = bytes.chunks(7).take(300).collect();
    let size = entries.len() as u64;
    let mut files = BTreeMap::new();
    for (index, part) in entries.chunks(256).enumerate() {
        let (index, width) = (index as u64, part.len() as u64);
        let bundle = part.iter().flat_map(|e| [&[0, e.len() as u8], *e].concat());
        let hashes: Vec<u8> = part.iter().flat_map(|e| leaf(e)).collect();
        files.insert(
            tile::path(tile::Kind::Entries, index, width),
            bundle.collect(),
        );
        files.insert(tile::path(tile::Kind::Level(0), index, width), hashes);
    }
    if size >= 256 {
        let root = Tree::new(Kept(&files), 256).range(0, 256).expect("a root");
        files.insert(tile::path(tile::Kind::Level(1), 0, 1), root.to_vec());
    }
    if size == 0 {
        return;
    }
    let root = Tree::new(Kept(&files), size)
        .range(0, size)
        .expect("a root");
    let note = signed(&signer, size, root);
    check(Kept(&files), &note, &key).expect("a sound log");
    let index = number % size;
    let proof = LogProof::new(&mut Tree::new(Kept(&files), size), index, note.clone());
    let proof = proof.expect("a proof");
    proof
        .verify(entries[index as usize], &key, &[], 0)
        .expect("proven");

    let which = (number >> 8) as usize % files.len();
    let changed = files.values_mut().nth(which).expect("a file");
    let at = (number >> 16) as usize % changed.len();
    match number % 3 {
        0 => changed[at] ^= 1 << (number % 8),
        1 => changed.truncate(at),
        _ => changed.insert(at, number as u8),
    }
    assert!(check(Kept(&files), &note, &key).is_err());
});
