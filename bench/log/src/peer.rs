//! The same proof by the crates `signed_note` and `tlog_tiles`.

use cocarde_seal::log::VerifierKey;
use signed_note::{Note, StandardVerifier, VerifierList};
use tlog_tiles::{Checkpoint, Hash, check_record, record_hash};

pub struct Peer {
    verifiers: VerifierList,
}

impl Peer {
    pub fn new(key: &VerifierKey) -> Peer {
        let verifier = StandardVerifier::new(&key.write()).expect("the key is well-formed");
        Peer {
            verifiers: VerifierList::new(vec![Box::new(verifier)]),
        }
    }

    /// Whether the entry is proven; the proof's first lines are read here, since these
    /// crates have no reader for them.
    pub fn verify(&self, entry: &[u8], proof: &str) -> bool {
        self.read(entry, proof).is_some()
    }

    fn read(&self, entry: &[u8], proof: &str) -> Option<()> {
        let (head, note) = proof.split_once("\n\n")?;
        let mut lines = head.lines().skip(1);
        let index: u64 = lines.next()?.strip_prefix("index ")?.parse().ok()?;
        let path: Vec<Hash> = lines
            .map(|l| Hash::parse_hash(l).ok())
            .collect::<Option<_>>()?;
        let note = Note::from_bytes(note.as_bytes()).ok()?;
        note.verify(&self.verifiers).ok()?;
        let checkpoint = Checkpoint::from_bytes(note.text()).ok()?;
        let leaf = record_hash(entry);
        check_record(&path, checkpoint.size(), *checkpoint.hash(), index, leaf).ok()
    }
}
