//! A fictional label in a directory of its own.

use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a command said.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// The label's directory: `issuer.pem`, `log.pem`, `did.json`, `log/`, `status/`,
/// `trust.json`, `assessment.json`, `decision.toml`; removed in the end.
pub struct Label {
    pub dir: PathBuf,
}

/// The day after the certificate begins; the lists and the assessment are of that time.
pub const DAY: &str = "2026-11-25T00:00:00Z";
/// The dossier that was assessed.
pub const DOSSIER: &str = "examples/nuage-boreal";
/// Where the label publishes.
pub const SITE: &str = "https://label.example/";

impl Drop for Label {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.dir);
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

impl Label {
    /// An empty directory.
    pub fn bare(name: &str) -> Label {
        let dir = std::env::temp_dir().join(format!("cocarde-label-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&dir);
        fs::create_dir_all(&dir).unwrap();
        Label { dir }
    }

    /// A label that publishes under `site`, with one certificate issued.
    pub fn new(name: &str, site: &str) -> Label {
        let label = Label::bare(name);
        label.found(site);
        label.decide("EX-2026-0042", site);
        label.issue("issuer.pem", "k1", "issued");
        label.publish_status(&[], "2026-11-24T18:00:00Z");
        label
    }

    /// Its keys, its log, whom it asks to be trusted, an assessment to decide on.
    fn found(&self, site: &str) {
        self.write("site", site);
        for key in ["issuer.pem", "log.pem"] {
            self.good(&["keys", "new", &self.path(key)]);
        }
        let from = ["--from", "2026-01-01"];
        self.publish_key("issuer.pem", "k1", &from);
        let (log, key) = (self.path("log"), self.path("log.pem"));
        let origin = ["--origin", "label.example/journal"];
        self.good(&[&["log", "new", &log, "--key", &key][..], &origin].concat());
        self.trust(&[]);
        let assessed = self.good(&[
            "assess",
            DOSSIER,
            "--as-of",
            "2026-11-23",
            "--format",
            "json",
        ]);
        self.write("assessment.json", assessed.out);
    }

    /// Writes the decision to grant a certificate of that number.
    pub fn decide(&self, number: &str, site: &str) {
        use sha2::{Digest, Sha256};
        let digest = Sha256::digest(self.read("assessment.json"));
        let digest: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        let text = include_str!("decision.toml")
            .replace("SITE/", site)
            .replace("SHA256", &digest)
            .replace("EX-2026-0042", number);
        self.write("decision.toml", text);
    }

    /// A path in the directory.
    pub fn path(&self, name: &str) -> String {
        self.dir.join(name).to_str().unwrap().to_owned()
    }

    /// A text of the directory.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.dir.join(name)).unwrap()
    }

    /// Writes into the directory; gives the path.
    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.dir.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        self.path(name)
    }

    /// Runs a command, in English, at the root of the project.
    pub fn run(&self, args: &[&str]) -> Ran {
        let done = Command::new(env!("CARGO_BIN_EXE_cocarde"))
            .args(args)
            .current_dir(root())
            .env("LC_ALL", "en_GB.UTF-8")
            .output()
            .expect("the program starts");
        let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
        Ran {
            code: done.status.code().expect("no signal"),
            out: text(done.stdout),
            err: text(done.stderr),
        }
    }

    /// Runs a command that must succeed.
    pub fn good(&self, args: &[&str]) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, 0, "{args:?}: {}{}", ran.out, ran.err);
        ran
    }

    /// Adds a key to the DID document.
    pub fn publish_key(&self, file: &str, name: &str, more: &[&str]) {
        let (document, key) = (self.path("did.json"), self.path(file));
        let what = ["--key", &key, "--name", name];
        let whose = ["--did", "did:web:label.example"];
        let args = [&["keys", "publish", &document][..], &what, &whose, more].concat();
        self.good(&args);
    }

    /// Dates a change of the key that signed everything: `retire` or `revoke`.
    pub fn change_key(&self, how: &str, at: &str) {
        self.good(&["keys", how, &self.path("did.json"), "k1", "--at", at]);
    }

    /// Writes `trust.json`.
    pub fn trust(&self, more: &[&str]) {
        let (issuer, log) = (self.path("did.json"), self.read("log/key"));
        let whom = ["--issuer", &issuer, "--log", log.trim_end()];
        let file = self.good(&[&["keys", "trust"][..], &whom, more].concat());
        self.write("trust.json", file.out);
    }

    /// Issues the decision's certificate.
    pub fn issue(&self, key: &str, name: &str, out: &str) {
        let ran = self.try_issue(key, name, out, &["--document", &self.path("did.json")]);
        assert_eq!(ran.code, 0, "{}", ran.err);
    }

    /// The same, with a document to be named, and perhaps in vain.
    pub fn try_issue(&self, key: &str, name: &str, out: &str, more: &[&str]) -> Ran {
        let [decision, assessment, key, log, log_key, out] = [
            "decision.toml",
            "assessment.json",
            key,
            "log",
            "log.pem",
            out,
        ]
        .map(|n| self.path(n));
        let what = ["issue", &decision, "--assessment", &assessment];
        let by = ["--key", &key, "--key-name", name];
        let logged = ["--log", &log, "--log-key", &log_key, "--out", &out];
        self.run(&[&what[..], &by, &logged, more].concat())
    }

    /// Publishes the status lists for one week; `set` is such as `42=revoked`.
    pub fn publish_status(&self, set: &[&str], at: &str) -> Ran {
        let [dir, key, document] = ["status", "issuer.pem", "did.json"].map(|n| self.path(n));
        let base = format!("{}statut/", self.read("site"));
        let mut args = vec!["status", "publish", &dir, "--base", &base];
        args.extend(["--document", &document]);
        args.extend(["--did", "did:web:label.example", "--key", &key]);
        args.extend(["--key-name", "k1", "--at", at, "--until", "2026-12-01"]);
        set.iter().for_each(|s| args.extend(["--set", s]));
        self.run(&args)
    }

    /// Publishes the register of these certificates, the next one due on 24 December.
    pub fn publish_register(&self, certificates: &[&str], at: &str, more: &[&str]) -> Ran {
        let (file, document) = (self.path("register.jwt"), self.path("did.json"));
        let by = ["--did", "did:web:label.example", "--document", &document];
        let when = ["--at", at, "--next", "2026-12-24"];
        let what = ["register", "publish", &file];
        self.run(&[&what[..], certificates, &by, &when, more].concat())
    }

    /// Verifies offline, with the lists at hand.
    pub fn verify(&self, certificate: &str, more: &[&str]) -> Ran {
        self.verify_at(certificate, DAY, more)
    }

    /// Verifies offline for that time.
    pub fn verify_at(&self, certificate: &str, at: &str, more: &[&str]) -> Ran {
        let trust = self.path("trust.json");
        let lists = ["revocation", "suspension", "message"].map(|n| self.path("status/") + n);
        let mut args = vec!["verify", certificate, "--trust", &trust, "--offline"];
        args.extend(["--at", at]);
        lists.iter().for_each(|l| args.extend(["--status", l]));
        args.extend(more);
        self.run(&args)
    }

    /// The same for programs: exit code, state, codes of the statements.
    pub fn verdict(&self, certificate: &str, more: &[&str]) -> (i32, String, Vec<String>) {
        let ran = self.verify(certificate, &[more, &["--format", "json"]].concat());
        let read: Value = serde_json::from_str(&ran.out)
            .unwrap_or_else(|e| panic!("{certificate}: {e}: {}{}", ran.out, ran.err));
        let text = |v: &Value| v.as_str().unwrap().to_owned();
        let statements = read["statements"].as_array().unwrap().iter();
        let codes = statements.map(|s| text(&s["code"])).collect();
        (ran.code, text(&read["state"]), codes)
    }
}
