//! Any bytes as a signed note, a checkpoint, a key, a proof, a request to a witness, a tile
//! or a bundle of entries: read or refused, never a panic; what is read is written again
//! as it was.

#![no_main]

use cocarde_seal::log::note::{Kind, Signature};
use cocarde_seal::log::proof::LogProof;
use cocarde_seal::log::witness::{Witness, accept};
use cocarde_seal::log::{Checkpoint, Note, VerifierKey, merkle, tile};
use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_seal::time::Timestamp;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    if let Some((&width, bytes)) = data.split_first() {
        let width = u64::from(width);
        if let Ok(hashes) = tile::read(bytes, width) {
            assert_eq!(hashes.concat(), bytes);
        }
        if let Ok(entries) = tile::read_entries(bytes, width) {
            assert_eq!(entries.len() as u64, width);
            let length: usize = entries.iter().map(|e| e.len() + 2).sum();
            assert_eq!(length, bytes.len());
        }
    }
    let signer = FileSigner::ed25519(&[7; 32]);
    let key = VerifierKey::new("log.example", Kind::Ed25519, signer.public()).expect("a key");
    if let Ok(note) = Note::read(data) {
        assert_eq!(Note::read(note.write().as_bytes()).expect("written"), note);
        assert!(Checkpoint::open(&note, &key).is_err(), "nobody signed this");
    }
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(checkpoint) = Checkpoint::read(text) {
        assert_eq!(
            Checkpoint::read(&checkpoint.write()).expect("written"),
            checkpoint
        );
        let _ = checkpoint.continues(&checkpoint, &[]);
    }
    if let Ok(proof) = LogProof::read(text) {
        assert_eq!(LogProof::read(&proof.write()).expect("written"), proof);
        assert!(proof.verify(b"entry", &key, &[], 0).is_err());
        if let Ok(c) = Checkpoint::read(&proof.checkpoint.text) {
            let leaf = merkle::leaf(b"entry");
            let _ = merkle::check_inclusion(&leaf, proof.index, c.size, &proof.path, &c.root);
            let root = merkle::empty();
            let _ = merkle::check_consistency(proof.index, &root, c.size, &c.root, &proof.path);
        }
    }
    if let Ok(key) = VerifierKey::read(text) {
        assert_eq!(VerifierKey::read(&key.write()).expect("written"), key);
    }
    let _ = Signature::read(text);
    let mut witness = Witness::new("w.example", &signer, vec![key.clone()]).expect("a witness");
    assert_ne!(
        witness.add_checkpoint(text, Timestamp::UNIX_EPOCH).status,
        200
    );
    assert!(accept(&Note::new("x\n"), text, &[key]).is_err());
});
