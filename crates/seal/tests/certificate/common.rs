//! A fictional label: its keys, its decision, its lists and its log.

use cocarde_seal::credential;
use cocarde_seal::decision::Decision;
use cocarde_seal::did::{DatedKey, DidDocument};
use cocarde_seal::log::note::Kind;
use cocarde_seal::log::proof::LogProof;
use cocarde_seal::log::store::read_checkpoint;
use cocarde_seal::log::{Log, VerifierKey};
use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_seal::status::{self, Bitstring, Purpose};
use cocarde_seal::time::{self, Timestamp};
use cocarde_seal::verify::{Answer, Input, Outcome, Trust, verify};
use cocarde_seal::{jws, proof};
use serde_json::Value;
use std::collections::BTreeMap;

pub const DAY: &str = "2026-12-02T00:00:00Z";
pub const DID: &str = "did:web:label.example";
pub const ASSESSMENT: &[u8] = include_bytes!("../data/assessment.json");
pub const DECISION: &str = include_str!("../data/decision.toml");

pub fn t(text: &str) -> Timestamp {
    time::read(text).unwrap()
}

pub fn ed25519() -> FileSigner {
    FileSigner::ed25519(&[42; 32])
}

pub fn p256() -> FileSigner {
    FileSigner::p256(&[43; 32]).unwrap()
}

pub fn credential() -> Value {
    credential::write(&Decision::read(DECISION).unwrap(), ASSESSMENT).unwrap()
}

pub fn jwt(credential: &Value) -> String {
    jws::sign(
        credential,
        "vc+jwt",
        "vc",
        "did:web:label.example#ed-jwk",
        &ed25519(),
    )
    .unwrap()
}

pub fn jwt_es256(credential: &Value) -> String {
    jws::sign(
        credential,
        "vc+jwt",
        "vc",
        "did:web:label.example#ec-jwk",
        &p256(),
    )
    .unwrap()
}

pub fn integrity(credential: &Value) -> String {
    let at = t("2026-11-24T12:00:00Z");
    let method = "did:web:label.example#ed";
    let secured = proof::add(credential, method, "assertionMethod", at, &ed25519());
    serde_json::to_string(&secured.unwrap()).unwrap()
}

pub fn document() -> DidDocument {
    let key = |name: &str, signer: &dyn Signer| DatedKey {
        id: format!("{DID}#{name}"),
        key: signer.public().clone(),
        active_from: Some(t("2026-01-01T00:00:00Z")),
        expires: None,
        revoked: None,
    };
    let keys = vec![key("ed", &ed25519()), key("ec", &p256())];
    let written = DidDocument {
        id: DID.into(),
        keys,
    }
    .write();
    DidDocument::read(&written).unwrap()
}

pub fn trust() -> Trust {
    let log = FileSigner::ed25519(&[44; 32]);
    let key = VerifierKey::new("label.example/journal", Kind::Ed25519, log.public()).unwrap();
    let trust = Trust {
        issuers: vec![document()],
        logs: vec![key],
        ..Trust::default()
    };
    Trust::read(trust.write().to_string().as_bytes()).unwrap()
}

/// The three lists, with those values for certificate 42, made on 1 December 2026
/// and due again a week later.
pub fn lists(values: [u64; 3]) -> BTreeMap<String, Vec<u8>> {
    let (from, until) = (t("2026-12-01T00:00:00Z"), t("2026-12-08T00:00:00Z"));
    let mut all = BTreeMap::new();
    for (purpose, value) in Purpose::ALL.into_iter().zip(values) {
        let mut list = Bitstring::new(0, purpose.size());
        list.set(42, value).unwrap();
        let url = format!("https://label.example/statut/{}", purpose.name());
        let credential = status::credential(DID, &url, purpose, &list, from, until);
        all.insert(url, jwt(&credential).into_bytes());
    }
    all
}

/// A proof that the credential is in the log.
pub fn log_proof(credential: &Value, name: &str) -> String {
    let dir = std::env::temp_dir().join(format!("cocarde-seal-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&dir);
    let signer = FileSigner::ed25519(&[44; 32]);
    let mut log = Log::create(&dir, "label.example/journal", &signer).unwrap();
    let others = [b"one".to_vec(), b"two".to_vec()];
    log.append(&others).unwrap();
    let index = log.append(&[credential::log_entry(credential)]).unwrap();
    log.append(&others).unwrap();
    let proof = LogProof::new(&mut log.tree(), index, read_checkpoint(&dir).unwrap());
    let text = proof.unwrap().write();
    std::fs::remove_dir_all(&dir).unwrap();
    text
}

pub fn ask(text: &str, lists: &BTreeMap<String, Vec<u8>>, at: &str, trust: &Trust) -> Answer {
    let input = Input {
        credential: text.as_bytes(),
        log_proof: None,
        lists,
        at: t(at),
    };
    verify(&input, trust)
}

pub fn codes(answer: &Answer) -> Vec<&'static str> {
    answer.statements.iter().map(|s| s.code).collect()
}

/// The reason of a refusal.
pub fn refused(answer: &Answer) -> &'static str {
    assert_eq!(answer.outcome(), Outcome::Refused, "{:?}", codes(answer));
    answer.statements.last().unwrap().code
}
