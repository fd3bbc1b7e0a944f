//! A log that goes on under its next key.

use crate::{ORIGIN, Temp, entries, signer};
use cocarde_seal::log::note::Kind;
use cocarde_seal::log::proof::{LogProof, cosigners};
use cocarde_seal::log::seen::KeptWitness;
use cocarde_seal::log::store::read_checkpoint;
use cocarde_seal::log::{Checkpoint, Log, Note, VerifierKey, witness};
use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_seal::time::Timestamp;
use std::fs;
use std::path::Path;

fn next() -> FileSigner {
    FileSigner::ed25519(&[77; 32])
}

fn key(signer: &FileSigner) -> VerifierKey {
    VerifierKey::new(ORIGIN, Kind::Ed25519, signer.public()).unwrap()
}

fn code<T>(done: cocarde_seal::Result<T>) -> &'static str {
    done.err().map_or("", |r| r.code)
}

#[test]
fn the_key_of_before_hands_over_and_signs_no_more() {
    let (temp, old, new) = (Temp::new("hand-over"), signer(), next());
    let (first, second) = (key(&old), key(&new));
    let mut log = Log::create(&temp.0, ORIGIN, &old).unwrap();
    log.append(&entries(0..5)).unwrap();
    let before = read_checkpoint(&temp.0).unwrap();
    let held = LogProof::new(&mut log.tree(), 2, before.clone()).unwrap();
    assert_eq!(code(log.hand_over(&old)), "log");
    let curve = FileSigner::p256(&[7; 32]).unwrap();
    assert_eq!(code(log.hand_over(&curve)), "note");
    assert_eq!(read_checkpoint(&temp.0).unwrap(), before);

    log.hand_over(&new).unwrap();
    let both = read_checkpoint(&temp.0).unwrap();
    assert_eq!(both.text, before.text);
    for key in [&first, &second] {
        Checkpoint::open(&both, key).unwrap();
    }
    drop(log);
    let late = Log::open(&temp.0, ORIGIN, &old).err().unwrap();
    assert!(late.en.contains("goes on under another key"), "{late}");

    let mut log = Log::open(&temp.0, ORIGIN, &new).unwrap();
    log.append(&entries(5..9)).unwrap();
    let after = read_checkpoint(&temp.0).unwrap();
    assert_eq!(code(Checkpoint::open(&after, &first)), "unsigned");
    let (one, other) = (
        Checkpoint::open(&before, &first).unwrap(),
        Checkpoint::open(&after, &second).unwrap(),
    );
    let grown = cocarde_seal::log::merkle::Ranges::consistency(&mut log.tree(), 5, 9).unwrap();
    other.continues(&one, &grown).unwrap();
    // What was entered before is proven under either.
    let entry = &entries(2..3)[0];
    held.verify(entry, &first, &[], 0).unwrap();
    let proof = LogProof::new(&mut log.tree(), 2, after).unwrap();
    proof.verify(entry, &second, &[], 0).unwrap();
    // Nothing keeps it from going back.
    log.hand_over(&old).unwrap();
    drop(log);
    Log::open(&temp.0, ORIGIN, &old).unwrap();
}

#[test]
fn of_several_keys_the_one_that_signed_speaks_and_a_false_signature_speaks_first() {
    let (old, new) = (signer(), next());
    let keys = [key(&old), key(&new)];
    let text = format!("{ORIGIN}\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    let mut note = Note::new(text);
    assert_eq!(note.signer(&keys), Some(&keys[0]));
    assert_eq!(note.signer(&[]), None);
    note.sign(ORIGIN, &new).unwrap();
    assert_eq!(note.signer(&keys), Some(&keys[1]));
    note.sign(ORIGIN, &old).unwrap();
    assert_eq!(note.signer(&keys), Some(&keys[0]));
    note.signatures[0].bytes[5] ^= 1;
    assert_eq!(note.signer(&keys), Some(&keys[1]));
    let told = note.signer(&keys).unwrap();
    assert_eq!(code(Checkpoint::open(&note, told)), "signature");
}

#[test]
fn a_witness_that_knows_both_keys_follows_and_one_that_knows_the_old_one_does_not() {
    const NAME: &str = "temoin.example";
    let (temp, old, new) = (Temp::new("seen-next"), signer(), next());
    let (state, holder) = (Temp::new("seen-state"), FileSigner::ed25519(&[8; 32]));
    let now = Timestamp::from_second(1_780_000_000).unwrap();
    let ask = |dir: &Path, log: &Log, seen, keys: &[VerifierKey]| {
        let note = read_checkpoint(dir).unwrap();
        let body = witness::request(&mut log.tree(), seen, &note).unwrap();
        KeptWitness::open(&state.0, NAME, &holder, keys.to_vec())?.cosign(&body, now)
    };
    let (first, second) = (key(&old), key(&new));
    let both = [first.clone(), second.clone()];
    let mut log = Log::create(&temp.0, ORIGIN, &old).unwrap();
    log.append(&entries(0..3)).unwrap();
    ask(&temp.0, &log, 0, std::slice::from_ref(&first)).unwrap();
    let note = read_checkpoint(&temp.0).unwrap();
    let line = note.cosignature(NAME, now, &holder).unwrap().write();
    let own = VerifierKey::new(NAME, Kind::Cosignature, holder.public()).unwrap();
    let own = [own];
    log.cosigned(&witness::accept(&note, &line, &own).unwrap())
        .unwrap();
    log.hand_over(&new).unwrap();
    let note = read_checkpoint(&temp.0).unwrap();
    assert_eq!(cosigners(&note, &own).unwrap().len(), 1, "it stays");
    ask(&temp.0, &log, 3, &both).unwrap();
    // Its memory holds under the new key alone from then on.
    log.append(&entries(3..6)).unwrap();
    assert_eq!(code(ask(&temp.0, &log, 3, &[first])), "unsigned");
    ask(&temp.0, &log, 3, std::slice::from_ref(&second)).unwrap();
    // Under whichever key, another story is one.
    let fork = Temp::new("seen-fork");
    let mut other = Log::create(&fork.0, ORIGIN, &old).unwrap();
    other.append(&entries(10..19)).unwrap();
    assert_eq!(code(ask(&fork.0, &other, 6, &both)), "fork");
    assert_eq!(fs::read_dir(&state.0).unwrap().count(), 2, "and the lock");
}
