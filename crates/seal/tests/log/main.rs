//! The log as a directory: what is acknowledged stays, what is changed shows.

mod next_key;
mod witness;

use cocarde_seal::Refusal;
use cocarde_seal::key::PublicKey;
use cocarde_seal::log::merkle::{Ranges, leaf, perfect, split};
use cocarde_seal::log::note::Kind;
use cocarde_seal::log::proof::LogProof;
use cocarde_seal::log::store::read_checkpoint;
use cocarde_seal::log::tree::Dir;
use cocarde_seal::log::{Checkpoint, Hash, Log, VerifierKey, fsck, merkle};
use cocarde_seal::signer::{FileSigner, Signer};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

const ORIGIN: &str = "label.example/journal";

struct Temp(PathBuf);

impl Temp {
    fn new(name: &str) -> Temp {
        let dir = std::env::temp_dir().join(format!("cocarde-log-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        Temp(dir)
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn signer() -> FileSigner {
    FileSigner::ed25519(&[42; 32])
}

fn entries(range: std::ops::Range<u64>) -> Vec<Vec<u8>> {
    range.map(|i| format!("entry {i}").into_bytes()).collect()
}

/// The definition of RFC 6962, section 2.1, word for word.
fn definition(leaves: &[Hash]) -> Hash {
    match leaves.len() {
        0 => merkle::empty(),
        1 => leaves[0],
        n => {
            let (left, right) = leaves.split_at(split(n as u64) as usize);
            merkle::node(&definition(left), &definition(right))
        }
    }
}

fn check(dir: &Path) -> Result<fsck::Checked, cocarde_seal::Refusal> {
    let key = VerifierKey::new(ORIGIN, Kind::Ed25519, signer().public())?;
    fsck::check(Dir(dir), &read_checkpoint(dir)?, &key)
}

fn files(dir: &Path, all: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, all),
            false => all.push(path),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn however_it_is_cut_the_tree_is_that_of_the_definition(
        batches in proptest::collection::vec(1u64..400, 1..6)
    ) {
        let (temp, signer) = (Temp::new("cut"), signer());
        Log::create(&temp.0, ORIGIN, &signer).unwrap();
        let mut size = 0;
        for n in batches {
            let mut log = Log::open(&temp.0, ORIGIN, &signer).unwrap();
            prop_assert_eq!(log.append(&entries(size..size + n)).unwrap(), size);
            size += n;
            let leaves: Vec<Hash> = entries(0..size).iter().map(|e| leaf(e)).collect();
            prop_assert_eq!(log.checkpoint().root, definition(&leaves));
            prop_assert_eq!(log.tree().range(0, size).unwrap(), definition(&leaves));
            prop_assert_eq!(log.tree().entry(size - 1).unwrap(), entries(size - 1..size)[0].clone());
        }
        prop_assert_eq!(check(&temp.0).unwrap().checkpoint.size, size);
    }
}

#[test]
fn a_tree_of_three_levels_proves_its_entries() {
    let (temp, signer) = (Temp::new("levels"), signer());
    let mut log = Log::create(&temp.0, ORIGIN, &signer).unwrap();
    log.append(&entries(0..65_536)).unwrap();
    log.append(&entries(65_536..70_000)).unwrap();
    let note = read_checkpoint(&temp.0).unwrap();
    for index in [0, 255, 256, 65_535, 65_536, 69_999] {
        let proof = LogProof::new(&mut log.tree(), index, note.clone()).unwrap();
        let proof = LogProof::read(&proof.write()).unwrap();
        let entry = &entries(index..index + 1)[0];
        let logged = proof.verify(entry, log.key(), &[], 0).unwrap();
        assert_eq!((logged.index, logged.checkpoint.size), (index, 70_000));
        let wrong = proof.verify(b"another entry", log.key(), &[], 0);
        assert_eq!(wrong.unwrap_err().code, "merkle");
    }
    let checked = check(&temp.0).unwrap();
    assert_eq!(checked.tiles, 274 + 2 + 1);
    let all: Vec<Hash> = entries(0..256).iter().map(|e| leaf(e)).collect();
    assert_eq!(log.tree().tile(1, 0).unwrap()[0], perfect(&all));
}

#[test]
fn fsck_sees_every_changed_truncated_or_missing_file() {
    let (temp, signer) = (Temp::new("fsck"), signer());
    Log::create(&temp.0, ORIGIN, &signer)
        .unwrap()
        .append(&entries(0..300))
        .unwrap();
    let mut all = Vec::new();
    files(&temp.0.join("tile"), &mut all);
    all.push(temp.0.join("checkpoint"));
    assert_eq!(all.len(), 6);
    for path in all {
        let good = fs::read(&path).unwrap();
        for at in [0, good.len() / 2, good.len() - 2] {
            let mut bad = good.clone();
            bad[at] ^= 1;
            fs::write(&path, &bad).unwrap();
            assert!(check(&temp.0).is_err(), "{} byte {at}", path.display());
        }
        fs::write(&path, &good[..good.len() - 2]).unwrap();
        assert!(check(&temp.0).is_err(), "{} truncated", path.display());
        fs::remove_file(&path).unwrap();
        assert!(check(&temp.0).is_err(), "{} missing", path.display());
        fs::write(&path, &good).unwrap();
        check(&temp.0).unwrap();
    }
}

#[test]
fn a_crash_before_signing_is_finished_with_the_same_text() {
    let (temp, signer) = (Temp::new("crash"), signer());
    let mut log = Log::create(&temp.0, ORIGIN, &signer).unwrap();
    log.append(&entries(0..10)).unwrap();
    let before = fs::read(temp.0.join("checkpoint")).unwrap();
    log.append(&entries(10..20)).unwrap();
    let after = fs::read(temp.0.join("checkpoint")).unwrap();
    drop(log);
    // As if it had stopped between the intent and the signature.
    fs::write(temp.0.join("checkpoint"), before).unwrap();
    let mut log = Log::open(&temp.0, ORIGIN, &signer).unwrap();
    assert_eq!(fs::read(temp.0.join("checkpoint")).unwrap(), after);
    assert_eq!(log.append(&entries(20..21)).unwrap(), 20);
    drop(log);
    // An intent whose tiles are not there is never signed.
    let forged = Checkpoint {
        origin: ORIGIN.into(),
        size: 22,
        root: [7; 32],
    };
    fs::write(temp.0.join(".pending"), forged.write()).unwrap();
    assert!(Log::open(&temp.0, ORIGIN, &signer).is_err());
}

/// A keeper of the key whose answers are lost for a time.
struct Remote {
    key: FileSigner,
    lost: std::cell::Cell<bool>,
}

impl Signer for Remote {
    fn public(&self) -> &PublicKey {
        self.key.public()
    }

    fn sign(&self, message: &[u8]) -> cocarde_seal::Result<Vec<u8>> {
        let signed = self.key.sign(message);
        match self.lost.get() {
            true => Err(Refusal::new("remote", "réponse perdue", "answer lost")),
            false => signed,
        }
    }
}

#[test]
fn what_may_have_been_signed_is_finished_before_anything_else_is() {
    let temp = Temp::new("lost");
    let remote = Remote {
        key: signer(),
        lost: false.into(),
    };
    let mut log = Log::create(&temp.0, ORIGIN, &remote).unwrap();
    log.append(&entries(0..10)).unwrap();
    let before = read_checkpoint(&temp.0).unwrap();
    remote.lost.set(true);
    assert_eq!(log.append(&entries(10..11)).unwrap_err().code, "remote");
    remote.lost.set(false);
    // Another entry in its place would be another tree of the same size, signed too.
    let fork = log.append(&entries(50..51)).unwrap_err();
    assert!(fork.en.contains("open the log again"), "{fork}");
    assert!(log.cosigned(&before).is_err());
    assert_eq!(read_checkpoint(&temp.0).unwrap(), before);
    drop(log);
    let mut log = Log::open(&temp.0, ORIGIN, &remote).unwrap();
    assert_eq!(log.checkpoint().size, 11);
    assert_eq!(log.tree().entry(10).unwrap(), b"entry 10");
    assert_eq!(log.append(&entries(50..51)).unwrap(), 11);
    check(&temp.0).unwrap();
}

#[test]
fn a_log_whose_beginning_stopped_is_begun_again_and_no_other() {
    let temp = Temp::new("begun");
    let remote = Remote {
        key: signer(),
        lost: true.into(),
    };
    let failed = Log::create(&temp.0, ORIGIN, &remote);
    assert_eq!(failed.err().unwrap().code, "remote");
    let key = |dir: &Path| fs::read_to_string(dir.join("key")).unwrap();
    // Under another name it would be another log.
    let other = Log::create(&temp.0, "other.example", &remote.key);
    let refusal = other.err().unwrap();
    for said in [refusal.fr, refusal.en] {
        assert!(said.contains(&format!("(--origin {ORIGIN})")), "{said}");
    }
    remote.lost.set(false);
    let begun = key(&temp.0);
    let log = Log::create(&temp.0, ORIGIN, &remote).unwrap();
    assert_eq!(begun, log.key().write() + "\n");
    assert_eq!(key(&temp.0), begun);
    drop(log);
    check(&temp.0).unwrap();
    for origin in [ORIGIN, "other.example"] {
        let again = Log::create(&temp.0, origin, &remote).err().unwrap();
        assert!(again.en.contains("there is a log already"), "{}", again.en);
    }
    // A file of that name that no log began with stays.
    let mine = Temp::new("begun-mine");
    fs::create_dir_all(&mine.0).unwrap();
    fs::write(mine.0.join("key"), "mine").unwrap();
    assert!(Log::create(&mine.0, ORIGIN, &remote).is_err());
    assert_eq!(key(&mine.0), "mine");
}

#[test]
fn a_damaged_checkpoint_is_named_with_its_file() {
    let (temp, signer) = (Temp::new("named"), signer());
    drop(Log::create(&temp.0, ORIGIN, &signer).unwrap());
    let path = temp.0.join("checkpoint");
    let good = fs::read_to_string(&path).unwrap();
    for bad in [
        "".to_owned(),
        "x\n\n".to_owned(),
        good.replace("\n0\n", "\n00\n"),
        good.replace(ORIGIN, "other.example"),
        good.lines().next().unwrap().to_owned(),
    ] {
        fs::write(&path, bad).unwrap();
        let refusal = Log::open(&temp.0, ORIGIN, &signer).err().unwrap();
        let place = path.display().to_string();
        for said in [refusal.fr, refusal.en] {
            assert!(said.starts_with(&place), "{said}");
        }
    }
    fs::remove_file(&path).unwrap();
    let refusal = Log::open(&temp.0, ORIGIN, &signer).err().unwrap();
    assert!(
        refusal.fr.ends_with("checkpoint : il n'existe pas"),
        "{refusal:?}"
    );
}

#[test]
fn no_file_is_read_beyond_what_it_may_hold() {
    let (temp, signer) = (Temp::new("oversize"), signer());
    let mut log = Log::create(&temp.0, ORIGIN, &signer).unwrap();
    log.append(&entries(0..10)).unwrap();
    for name in ["tile/entries/000.p/10", "tile/0/000.p/10", "checkpoint"] {
        let path = temp.0.join(name);
        let good = fs::read(&path).unwrap();
        let long = fs::OpenOptions::new().write(true).open(&path).unwrap();
        long.set_len(1 << 36).unwrap();
        assert_eq!(check(&temp.0).unwrap_err().code, "oversize", "{name}");
        fs::write(&path, good).unwrap();
    }
    check(&temp.0).unwrap();
}

#[test]
fn one_writer_at_a_time_and_the_right_key() {
    let (temp, signer) = (Temp::new("lock"), signer());
    let log = Log::create(&temp.0, ORIGIN, &signer).unwrap();
    assert!(Log::open(&temp.0, ORIGIN, &signer).is_err());
    drop(log);
    let other = FileSigner::ed25519(&[1; 32]);
    assert_eq!(
        Log::open(&temp.0, ORIGIN, &other).err().unwrap().code,
        "unsigned"
    );
    let renamed = Log::open(&temp.0, "other.example", &signer);
    assert_eq!(renamed.err().unwrap().code, "origin");
    assert!(Log::create(&temp.0, ORIGIN, &signer).is_err());
    let mut log = Log::open(&temp.0, ORIGIN, &signer).unwrap();
    assert!(log.append(&[vec![0; 65_536]]).is_err());
    assert!(log.append(&[b""]).is_err());
    assert_eq!(log.checkpoint().size, 0);
}
