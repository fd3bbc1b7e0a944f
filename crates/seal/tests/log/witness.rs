//! Witnesses: what they cosign, what they refuse, what they remember.

use crate::{ORIGIN, Temp, entries, signer};
use cocarde_seal::log::merkle::Ranges;
use cocarde_seal::log::note::Kind;
use cocarde_seal::log::proof::{LogProof, cosigners};
use cocarde_seal::log::seen::KeptWitness;
use cocarde_seal::log::store::read_checkpoint;
use cocarde_seal::log::{Checkpoint, Log, Note, VerifierKey, witness};
use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_seal::time::Timestamp;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const NAME: &str = "temoin.example";

#[test]
fn a_witness_cosigns_what_continues_and_nothing_else() {
    let (temp, signer) = (Temp::new("witness"), signer());
    let mut log = Log::create(&temp.0, ORIGIN, &signer).unwrap();
    let holder = FileSigner::ed25519(&[8; 32]);
    let name = "temoin.example";
    let key = VerifierKey::new(name, Kind::Cosignature, holder.public()).unwrap();
    let mut witness = witness::Witness::new(name, &holder, vec![log.key().clone()]).unwrap();
    let now = Timestamp::from_second(1_780_000_000).unwrap();
    let mut ask = |log: &mut Log, old| {
        let note = read_checkpoint(&temp.0).unwrap();
        let body = witness::request(&mut log.tree(), old, &note).unwrap();
        (note, witness.add_checkpoint(&body, now), body)
    };
    log.append(&entries(0..7)).unwrap();
    let (note, answer, _) = ask(&mut log, 0);
    assert_eq!(answer.status, 200);
    let cosigned = witness::accept(&note, &answer.body, std::slice::from_ref(&key)).unwrap();
    log.cosigned(&cosigned).unwrap();
    let trusted = [key];
    assert_eq!(
        cosigners(&cosigned, &trusted).unwrap(),
        [(name.to_owned(), now)]
    );
    let proof = LogProof::new(&mut log.tree(), 3, cosigned).unwrap();
    let entry = &entries(3..4)[0];
    assert_eq!(
        proof
            .verify(entry, log.key(), &trusted, 1)
            .unwrap()
            .witnesses
            .len(),
        1
    );
    assert_eq!(
        proof
            .verify(entry, log.key(), &trusted, 2)
            .unwrap_err()
            .code,
        "quorum"
    );

    log.append(&entries(7..20)).unwrap();
    let (_, answer, _) = ask(&mut log, 0);
    assert_eq!((answer.status, answer.body.as_str()), (409, "7\n"));
    let (note, answer, body) = ask(&mut log, 7);
    assert_eq!(answer.status, 200);
    // Lines of unknown keys count for nothing; a false one in a known name is an error.
    assert!(witness::accept(&note, &note.write(), &trusted).is_err());
    let mut parts: Vec<&str> = body.lines().collect();
    parts.remove(1);
    assert_eq!(
        witness
            .add_checkpoint(&(parts.join("\n") + "\n"), now)
            .status,
        409
    );

    // The same log tells another story.
    let fork = Temp::new("fork");
    let mut other = Log::create(&fork.0, ORIGIN, &signer).unwrap();
    other
        .append(
            &[
                &entries(0..7)[..],
                &[b"hidden".to_vec()],
                &entries(8..25)[..],
            ]
            .concat(),
        )
        .unwrap();
    let told = read_checkpoint(&fork.0).unwrap();
    let body = witness::request(&mut other.tree(), 20, &told).unwrap();
    assert_eq!(witness.add_checkpoint(&body, now).status, 422);
    let told = Checkpoint::read(&told.text).unwrap();
    let proof = other.tree().consistency(20, 25).unwrap();
    assert_eq!(
        told.continues(log.checkpoint(), &proof).unwrap_err().code,
        "fork"
    );
    for (body, status) in [
        ("", 400),
        ("old 0\n\nx\n", 400),
        ("old 00\n\nx\n\n\u{2014} a AAAAAAA=\n", 400),
    ] {
        assert_eq!(witness.add_checkpoint(body, now).status, status, "{body:?}");
    }
    let stranger = Note::new("unknown.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    let mut stranger = stranger;
    stranger.sign("unknown.example", &signer).unwrap();
    let body = format!("old 0\n\n{}", stranger.write());
    assert_eq!(witness.add_checkpoint(&body, now).status, 404);
}

fn now() -> Timestamp {
    Timestamp::from_second(1_780_000_000).unwrap()
}

fn holder() -> FileSigner {
    FileSigner::ed25519(&[8; 32])
}

/// The files of a witness, the lock left out.
fn memory(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let all = fs::read_dir(dir).unwrap().map(|e| e.unwrap());
    all.map(|e| {
        (
            e.file_name().into_string().unwrap(),
            fs::read(e.path()).unwrap(),
        )
    })
    .filter(|(name, _)| name != ".lock")
    .collect()
}

#[test]
fn a_witness_remembers_between_two_runs_and_a_refusal_changes_nothing() {
    let (temp, fork, state) = (
        Temp::new("kept"),
        Temp::new("kept-fork"),
        Temp::new("state"),
    );
    let (signer, holder) = (signer(), holder());
    let mut log = Log::create(&temp.0, ORIGIN, &signer).unwrap();
    let key = log.key().clone();
    let ask = |dir: &Path, log: &mut Log, old| {
        let note = read_checkpoint(dir).unwrap();
        let body = witness::request(&mut log.tree(), old, &note).unwrap();
        let mut kept = KeptWitness::open(&state.0, NAME, &holder, vec![key.clone()]).unwrap();
        kept.cosign(&body, now())
    };
    log.append(&entries(0..5)).unwrap();
    let small = read_checkpoint(&temp.0).unwrap();
    ask(&temp.0, &mut log, 0).unwrap();
    log.append(&entries(5..9)).unwrap();
    ask(&temp.0, &mut log, 5).unwrap();
    let before = memory(&state.0);
    assert_eq!(before.len(), 1);

    let mut other = Log::create(&fork.0, ORIGIN, &signer).unwrap();
    other.append(&entries(100..120)).unwrap();
    assert_eq!(ask(&fork.0, &mut other, 9).unwrap_err().code, "fork");
    assert_eq!(ask(&fork.0, &mut other, 0).unwrap_err().code, "conflict");
    let open = || KeptWitness::open(&state.0, NAME, &holder, vec![key.clone()]);
    let shrunk = format!("old 9\n\n{}", small.write());
    assert_eq!(
        open().unwrap().cosign(&shrunk, now()).unwrap_err().code,
        "shrunk"
    );
    let hidden = format!("old 5\n\n{}", small.write());
    assert_eq!(
        open().unwrap().cosign(&hidden, now()).unwrap_err().code,
        "conflict"
    );
    assert_eq!(
        open().unwrap().cosign("x", now()).unwrap_err().code,
        "request"
    );
    assert_eq!(memory(&state.0), before);

    // What it keeps shows, to anyone, what it saw.
    let note = Note::read(before.values().next().unwrap()).unwrap();
    let own = VerifierKey::new(NAME, Kind::Cosignature, holder.public()).unwrap();
    assert_eq!(
        cosigners(&note, &[own]).unwrap(),
        [(NAME.to_owned(), now())]
    );
    assert_eq!(Checkpoint::open(&note, &key).unwrap().size, 9);
    // Asked the same again (an answer that got lost), it cosigns again.
    ask(&temp.0, &mut log, 9).unwrap();
}

#[test]
fn a_witness_that_cannot_read_its_memory_cosigns_nothing() {
    let (temp, state) = (Temp::new("lost"), Temp::new("lost-state"));
    let (signer, holder) = (signer(), holder());
    let mut log = Log::create(&temp.0, ORIGIN, &signer).unwrap();
    log.append(&entries(0..3)).unwrap();
    let note = read_checkpoint(&temp.0).unwrap();
    let body = witness::request(&mut log.tree(), 0, &note).unwrap();
    let open = || KeptWitness::open(&state.0, NAME, &holder, vec![log.key().clone()]);
    let mut first = open().unwrap();
    first.cosign(&body, now()).unwrap();
    assert_eq!(first.seen(ORIGIN).unwrap().size, 3);
    assert!(open().is_err(), "one process at a time");
    drop(first);

    let (file, good) = memory(&state.0).pop_first().unwrap();
    let path = state.0.join(file);
    let unsigned = Note {
        signatures: note.signatures.clone(),
        text: note.text.clone(),
    };
    let mut rolled = String::from_utf8(good.clone()).unwrap();
    rolled = rolled.replace("\n3\n", "\n2\n");
    for bad in [
        &b""[..],
        &good[..good.len() / 2],
        unsigned.write().as_bytes(),
        rolled.as_bytes(),
    ] {
        fs::write(&path, bad).unwrap();
        let why = open().err().unwrap();
        assert!(why.en.contains(".checkpoint"), "{}", why.en);
    }
    fs::write(&path, good).unwrap();
    assert!(open().is_ok());
}

#[test]
fn one_key_under_two_names_is_one_witness() {
    let (temp, signer, holder) = (Temp::new("names"), signer(), holder());
    let mut log = Log::create(&temp.0, ORIGIN, &signer).unwrap();
    log.append(&entries(0..3)).unwrap();
    let mut note = read_checkpoint(&temp.0).unwrap();
    let names = [NAME, "autre.example"];
    let keys = names.map(|n| VerifierKey::new(n, Kind::Cosignature, holder.public()).unwrap());
    for name in names {
        let line = note.cosignature(name, now(), &holder).unwrap();
        note.signatures.push(line);
    }
    let proof = LogProof::new(&mut log.tree(), 1, note).unwrap();
    let verify = |quorum| proof.verify(&entries(1..2)[0], log.key(), &keys, quorum);
    assert_eq!(verify(1).unwrap().witnesses, [(NAME.to_owned(), now())]);
    assert_eq!(verify(2).unwrap_err().code, "quorum");
}

#[test]
fn who_is_one_witness_and_since_when_is_in_no_order_of_keys_or_lines() {
    let (temp, signer) = (Temp::new("holders"), signer());
    let mut log = Log::create(&temp.0, ORIGIN, &signer).unwrap();
    log.append(&entries(0..3)).unwrap();
    let (first, second) = (holder(), FileSigner::ed25519(&[9; 32]));
    let later = now() + jiff::SignedDuration::from_secs(60);
    let key = |name, s: &FileSigner| VerifierKey::new(name, Kind::Cosignature, s.public()).unwrap();
    // The second ties the first to the third, which share neither name nor key.
    let keys = [key("a", &first), key("a", &second), key("b", &second)];
    let good = read_checkpoint(&temp.0).unwrap();
    let lines = [
        good.cosignature("a", later, &first).unwrap(),
        good.cosignature("a", now(), &first).unwrap(),
        good.cosignature("b", later, &second).unwrap(),
    ];
    for [x, y, z] in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let trusted = [x, y, z].map(|i| keys[i].clone());
        let mut note = good.clone();
        note.signatures.extend([z, x, y].map(|i| lines[i].clone()));
        let seen = cosigners(&note, &trusted).unwrap();
        assert_eq!(seen, [("a".to_owned(), now())], "{x} {y} {z}");
    }
    // What is put on the checkpoint is one line a key, and never a later one.
    let [after, before] = [&lines[0], &lines[1]].map(|l| l.write());
    for answers in [[&after, &before], [&before, &after]] {
        let together = witness::accept(&good, &answers.map(String::as_str).concat(), &keys[..1]);
        let first = witness::accept(&good, answers[0], &keys[..1]).unwrap();
        let one_by_one = witness::accept(&first, answers[1], &keys[..1]);
        for note in [together.unwrap(), one_by_one.unwrap()] {
            assert_eq!(note.signatures[1..], lines[1..2]);
        }
    }
}

#[test]
fn no_log_and_no_witness_can_fill_what_the_other_keeps() {
    let (temp, state) = (Temp::new("filled"), Temp::new("filled-state"));
    let (signer, holder) = (signer(), holder());
    let mut log = Log::create(&temp.0, ORIGIN, &signer).unwrap();
    log.append(&entries(0..3)).unwrap();
    // As many lines of the log as a note may have, one of them its own.
    let good = read_checkpoint(&temp.0).unwrap();
    let mut note = good.clone();
    for id in 1..100 {
        let mut other = good.signatures[0].clone();
        other.id ^= id;
        note.signatures.push(other);
    }
    let body = witness::request(&mut log.tree(), 0, &note).unwrap();
    let open = || KeptWitness::open(&state.0, NAME, &holder, vec![log.key().clone()]);
    let line = open().unwrap().cosign(&body, now()).unwrap();
    assert_eq!(open().unwrap().seen(ORIGIN).unwrap().size, 3);
    // And an answer that says the same again and again counts once.
    let key = VerifierKey::new(NAME, Kind::Cosignature, holder.public()).unwrap();
    let cosigned = witness::accept(&good, &line.repeat(60), &[key]).unwrap();
    assert_eq!(cosigned.signatures.len(), 2);
}
