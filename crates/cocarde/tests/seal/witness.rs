//! Witnesses of the log: asked over the network, or by files that someone carries.

use crate::label::{DAY, Label, Ran, SITE};
use crate::served::serve;
use cocarde_seal::log::VerifierKey;
use cocarde_seal::log::witness::Witness;
use cocarde_seal::signer::FileSigner;
use cocarde_seal::time::Timestamp;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;

const NAME: &str = "temoin.example";

#[test]
fn a_witness_sees_the_log_and_then_a_stolen_key_costs_no_certificate() {
    let label = Label::new("witness", SITE);
    let log = VerifierKey::read(&label.read("log/key")).unwrap();
    let seen: Timestamp = "2026-11-24T18:00:00Z".parse().unwrap();
    let holder = FileSigner::ed25519(&[8; 32]);
    let key = VerifierKey::new(
        NAME,
        cocarde_seal::log::note::Kind::Cosignature,
        cocarde_seal::signer::Signer::public(&holder),
    );
    let key = key.unwrap().write();
    let state = Mutex::new(BTreeMap::new());
    let url = serve(move |path, body| {
        let mut witness = Witness::new(NAME, &holder, vec![log.clone()]).unwrap();
        let mut state = state.lock().unwrap();
        witness.seen = std::mem::take(&mut *state);
        assert_eq!(path, "/add-checkpoint");
        let answer = witness.add_checkpoint(&String::from_utf8_lossy(body), seen);
        *state = witness.seen;
        (answer.status, answer.body.into_bytes())
    });
    let (dir, log_key) = (label.path("log"), label.path("log.pem"));
    let cosign = |witness_key: &str| {
        let whom = ["--witness", url.trim_end_matches('/')];
        let args = [
            "log",
            "cosign",
            &dir,
            "--key",
            &log_key,
            "--witness-key",
            witness_key,
        ];
        label.run(&[&args[..], &whom].concat())
    };
    let ran = cosign(&key);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("temoin.example 2026-11-24T18:00:00Z"));
    // Another key than the witness's own is not its word.
    assert_eq!(cosign(&label.read("log/key")).code, 2);
    label.good(&["log", "fsck", &dir]);

    let certificate = label.path("issued/certificate.jwt");
    let proof = label.good(&["log", "prove", &dir, &certificate]).out;
    let proof = label.write("witnessed.tlog-proof", proof);
    label.change_key("revoke", "2026-11-24T19:00:00Z");
    label.trust(&["--witness", &key, "--quorum", "1"]);
    // The lists are signed by the stolen key too: without them, status is unknown.
    let trust = label.path("trust.json");
    let at = DAY;
    let args = [
        "verify",
        &certificate,
        "--trust",
        &trust,
        "--offline",
        "--at",
        at,
    ];
    let ran = label.run(&[&args[..], &["--proof", &proof]].concat());
    assert_eq!(ran.code, 3, "{}", ran.out);
    assert!(
        ran.out
            .contains("the witness temoin.example saw this log on")
    );
    let unseen = label.run(&args);
    assert!(
        unseen.code == 1 && unseen.out.contains("0 witness"),
        "{}",
        unseen.out
    );
}

/// A witness with a key of its own and a directory that remembers.
struct Carried<'a> {
    label: &'a Label,
    key: String,
}

impl<'a> Carried<'a> {
    fn new(label: &'a Label) -> Carried<'a> {
        let pem = label.path("witness.pem");
        label.good(&["keys", "new", &pem]);
        let shown = label.good(&["keys", "show", &pem, "--name", NAME]).out;
        let line = shown.lines().find(|l| l.starts_with("witness")).unwrap();
        let key = line.split_whitespace().nth(1).unwrap().to_owned();
        Carried { label, key }
    }

    /// Asks it to cosign that log, of which it saw `old` entries; its answer is in
    /// `cosignature`.
    fn asked(&self, dir: &str, old: &str) -> Ran {
        let asked = self.label.good(&["log", "request", dir, "--old", old]).out;
        self.asked_that(&asked)
    }

    fn asked_that(&self, request: &str) -> Ran {
        let request = self.label.write("request", request);
        let (state, pem) = (self.label.path("seen"), self.label.path("witness.pem"));
        let log = self.label.read("log/key");
        let who = ["--name", NAME, "--key", &pem, "--log", log.trim_end()];
        let what = ["log", "witness", &request, "--state", &state];
        let when = ["--at", "2026-11-24T18:00:00Z"];
        let ran = self.label.run(&[&what[..], &who, &when].concat());
        self.label.write("cosignature", &ran.out);
        ran
    }

    fn put_on(&self, dir: &str) -> Ran {
        let [key, line] = ["log.pem", "cosignature"].map(|n| self.label.path(n));
        let with = ["--cosignature", &line, "--witness-key", &self.key];
        self.label
            .run(&[&["log", "cosign", dir, "--key", &key][..], &with].concat())
    }
}

/// What the witness keeps, byte for byte.
fn memory(label: &Label) -> BTreeMap<String, Vec<u8>> {
    let all = std::fs::read_dir(Path::new(&label.path("seen"))).unwrap();
    let read = |e: std::io::Result<std::fs::DirEntry>| {
        let e = e.unwrap();
        (
            e.file_name().into_string().unwrap(),
            std::fs::read(e.path()).unwrap(),
        )
    };
    all.map(read).collect()
}

#[test]
fn a_witness_reached_by_files_cosigns_what_continues_and_no_fork() {
    let label = Label::new("carried", SITE);
    let witness = Carried::new(&label);
    let (dir, log_key) = (label.path("log"), label.path("log.pem"));
    let ran = witness.asked(&dir, "0");
    assert_eq!(ran.code, 0, "{}", ran.err);
    let put = witness.put_on(&dir);
    assert!(
        put.out.contains("temoin.example 2026-11-24T18:00:00Z"),
        "{}",
        put.err
    );
    let fsck = ["log", "fsck", &dir, "--witness", &witness.key];
    assert!(label.good(&fsck).out.contains("temoin.example 2026-11-24"));

    // The proof that travels has the cosignature; the reader who asks for it is served.
    let certificate = label.path("issued/certificate.jwt");
    let proof = label.good(&["log", "prove", &dir, &certificate]).out;
    label.trust(&["--witness", &witness.key, "--quorum", "1"]);
    // The page was made before; it says what is wanted, and takes it from beside it.
    let page = label.path("issued/certificate.fr.pdf");
    let before = label.verify(&page, &[]);
    assert!(
        before.code == 1 && before.out.contains("1 asked for: give a newer proof"),
        "{}",
        before.out
    );
    label.write("issued/certificate.tlog-proof", &proof);
    let after = label.verify(&page, &[]);
    assert_eq!(after.code, 0, "{}", after.out);
    let proof = label.write("witnessed.tlog-proof", proof);
    let ran = label.verify(&certificate, &["--proof", &proof]);
    assert_eq!(ran.code, 0, "{}", ran.out);
    assert!(
        ran.out
            .contains("the witness temoin.example saw this log on")
    );

    // The log goes on: the cosignature of before is not that of the new checkpoint.
    let lists = ["revocation", "suspension"].map(|n| label.path("status/") + n);
    label.good(&["log", "append", &dir, "--key", &log_key, &lists[0]]);
    assert_eq!(witness.put_on(&dir).code, 2);
    assert_eq!(label.run(&fsck).code, 2);
    assert_eq!(witness.asked(&dir, "1").code, 0);
    assert_eq!(witness.put_on(&dir).code, 0);
    label.good(&fsck);

    // Another story under the same key, one that shrank, one of nobody: refused, and
    // what the witness remembers stays.
    let before = memory(&label);
    let twin = label.path("twin");
    let origin = ["--origin", "label.example/journal"];
    label.good(&[&["log", "new", &twin, "--key", &log_key][..], &origin].concat());
    let small = label.good(&["log", "request", &twin]).out;
    for list in [&lists[1], &lists[0], &lists[1]] {
        label.good(&["log", "append", &twin, "--key", &log_key, list]);
    }
    let ran = witness.asked(&twin, "2");
    assert!(ran.code == 1 && ran.out.is_empty(), "{}", ran.out);
    assert!(
        ran.err.contains("the log forks between 2 and 3"),
        "{}",
        ran.err
    );
    let ran = witness.asked_that(&small.replace("old 0", "old 2"));
    assert!(
        ran.code == 1 && ran.err.contains("it shrinks"),
        "{}",
        ran.err
    );
    let ran = witness.asked_that(&small);
    assert!(
        ran.code == 1 && ran.err.contains("saw 2 entries"),
        "{}",
        ran.err
    );
    assert_eq!(witness.asked_that("nothing").code, 1);
    assert_eq!(memory(&label), before);
}

#[test]
fn a_key_under_two_names_that_both_cosigned_is_not_missed() {
    use cocarde_seal::log::Note;
    use cocarde_seal::log::note::Kind;
    let label = Label::new("two-names", SITE);
    let (dir, log_key) = (label.path("log"), label.path("log.pem"));
    let holder = FileSigner::ed25519(&[8; 32]);
    let note = Note::read(label.read("log/checkpoint").as_bytes()).unwrap();
    let seen: Timestamp = "2026-11-24T18:00:00Z".parse().unwrap();
    let public = cocarde_seal::signer::Signer::public(&holder);
    let keys = [NAME, "autre.example"].map(|name| {
        let line = note.cosignature(name, seen, &holder).unwrap().write();
        let line = label.write("cosignature", line);
        let key = VerifierKey::new(name, Kind::Cosignature, public).unwrap();
        let key = key.write();
        let with = ["--cosignature", &line, "--witness-key", &key];
        label.good(&[&["log", "cosign", &dir, "--key", &log_key][..], &with].concat());
        key
    });
    let fsck = |more: &[&str]| label.run(&[&["log", "fsck", &dir][..], more].concat());
    let both = fsck(&["--witness", &keys[0], "--witness", &keys[1]]);
    assert_eq!(both.code, 0, "{}", both.err);
    assert_eq!(
        both.out.matches("2026-11-24T18:00:00Z").count(),
        1,
        "{}",
        both.out
    );
    let own = fsck(&["--witness", label.read("log/key").trim_end()]);
    assert!(
        own.code == 2 && own.err.contains("did not cosign"),
        "{}",
        own.err
    );
}
