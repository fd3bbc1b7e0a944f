//! `cocarde keys`

use crate::place_files::unwritable;
use crate::seal;
use crate::ui::{Message, Ui};
use clap::{Subcommand, ValueEnum};
use cocarde_seal::did::{DatedKey, DidDocument};
use cocarde_seal::json::{MAX_DOCUMENT, parse};
use cocarde_seal::key::Algorithm;
use cocarde_seal::log::VerifierKey;
use cocarde_seal::log::note::Kind;
use cocarde_seal::signer::FileSigner;
use cocarde_seal::time::Timestamp;
use cocarde_seal::verify::Trust;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Keys that sign: made, shown, published with their dates.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a key in a file (PKCS#8 PEM).
    New {
        /// The file.
        file: PathBuf,
        /// Algorithm.
        #[arg(long, value_enum, default_value = "ed25519")]
        algorithm: Kinds,
    },
    /// Show the public part of a key: a file, a pkcs11: URI or a service's address.
    Show {
        /// The key.
        key: String,
        /// Also as the key of a log or of a witness, under that name.
        #[arg(long)]
        name: Option<String>,
    },
    /// Add a key to an issuer's DID document, or start the document.
    Publish {
        /// The document (did.json).
        document: PathBuf,
        /// The issuer, when the document is new (did:web:…).
        #[arg(long)]
        did: Option<String>,
        /// The key.
        #[arg(long)]
        key: String,
        /// Its name in the document.
        #[arg(long)]
        name: String,
        /// From when it signs.
        #[arg(long, value_parser = seal::moment)]
        from: Option<Timestamp>,
    },
    /// State from when a key signs no longer; what it signed before still verifies.
    Retire {
        /// The document (did.json).
        document: PathBuf,
        /// The key's name.
        name: String,
        /// From when.
        #[arg(long, value_parser = seal::moment)]
        at: Option<Timestamp>,
    },
    /// State that a key was stolen; only what a witness of the log saw before is believed.
    Revoke {
        /// The document (did.json).
        document: PathBuf,
        /// The key's name.
        name: String,
        /// Since when.
        #[arg(long, value_parser = seal::moment)]
        at: Option<Timestamp>,
    },
    /// Write a trust file, for `cocarde verify --trust`.
    Trust {
        /// DID documents of issuers.
        #[arg(long = "issuer")]
        issuers: Vec<PathBuf>,
        /// Keys of logs (name+id+base64).
        #[arg(long = "log")]
        logs: Vec<String>,
        /// Keys of witnesses (name+id+base64).
        #[arg(long = "witness")]
        witnesses: Vec<String>,
        /// How many witnesses must have seen a checkpoint.
        #[arg(long, default_value_t = 0)]
        quorum: usize,
        /// Checkpoints of these logs seen before: a log that forks is then found out.
        #[arg(long = "checkpoint")]
        checkpoints: Vec<PathBuf>,
    },
}

#[derive(Clone, Copy, ValueEnum)]
enum Kinds {
    Ed25519,
    P256,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    match args.command {
        Command::New { file, algorithm } => new(&file, algorithm, ui)?,
        Command::Show { key, name } => show(&key, name.as_deref(), ui)?,
        Command::Publish {
            document,
            did,
            key,
            name,
            from,
        } => publish(&document, did.as_deref(), &key, &name, from, ui)?,
        Command::Retire { document, name, at } => {
            let at = seal::now(at);
            date(&document, &name, ui, |k| k.retire(at))?;
        }
        Command::Revoke { document, name, at } => {
            let at = seal::now(at);
            date(&document, &name, ui, |k| k.revoke(at))?;
        }
        Command::Trust {
            issuers,
            logs,
            witnesses,
            quorum,
            checkpoints,
        } => trust(&issuers, (&logs, &witnesses), quorum, &checkpoints, ui)?,
    }
    Ok(0)
}

fn new(file: &Path, algorithm: Kinds, ui: &Ui) -> Result<(), Message> {
    if file.exists() {
        let name = file.display();
        let fr = format!("{name} existe : aucune clé n'est remplacée");
        return Err(ui.error(&fr, &format!("{name} exists: no key is replaced")));
    }
    let made = loop {
        let mut seed = [0u8; 32];
        getrandom::fill(&mut seed).map_err(|e| ui.error(&e.to_string(), &e.to_string()))?;
        match algorithm {
            Kinds::Ed25519 => break FileSigner::ed25519(&seed),
            Kinds::P256 => match FileSigner::p256(&seed) {
                Ok(key) => break key,
                Err(_) => continue,
            },
        }
    };
    let pem = made.to_pem().map_err(|r| seal::refuse(ui, &r))?;
    private(file, pem.as_bytes(), ui)?;
    show(&file.display().to_string(), None, ui)
}

/// Writes a file that its owner alone can read.
fn private(file: &Path, bytes: &[u8], ui: &Ui) -> Result<(), Message> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let fill = |mut f: std::fs::File| f.write_all(bytes).and_then(|()| f.sync_all());
    let written = options.open(file).and_then(fill);
    written.map_err(|e| unwritable(file, &e, ui))
}

fn show(key: &str, name: Option<&str>, ui: &Ui) -> Result<(), Message> {
    let signer = seal::signer(key, ui)?;
    let public = signer.public();
    println!(
        "{:<10} {}",
        ui.say("algorithme", "algorithm"),
        public.algorithm().jose()
    );
    println!("{:<10} {}", "multikey", public.multikey());
    println!(
        "{:<10} {}",
        ui.say("empreinte", "thumbprint"),
        public.thumbprint()
    );
    if let Some(name) = name {
        for (kind, fr, en) in [
            (Kind::Ed25519, "journal", "log"),
            (Kind::Cosignature, "témoin", "witness"),
        ] {
            let key = VerifierKey::new(name, kind, public).map_err(|r| seal::refuse(ui, &r))?;
            println!("{:<10} {}", ui.say(fr, en), key.write());
        }
    }
    Ok(())
}

/// Reads a DID document from a file.
pub fn document(path: &Path, ui: &Ui) -> Result<DidDocument, Message> {
    published(path, ui).map(|(_, read)| read)
}

/// The same, with all that it says beside the issuer's keys.
pub fn published(path: &Path, ui: &Ui) -> Result<(Value, DidDocument), Message> {
    let bytes = seal::read(path, ui)?;
    parse(&bytes, MAX_DOCUMENT)
        .and_then(|v| DidDocument::read(&v).map(|read| (v, read)))
        .map_err(|r| seal::refuse_in(path, r, ui))
}

fn publish(
    path: &Path,
    did: Option<&str>,
    key: &str,
    name: &str,
    from: Option<Timestamp>,
    ui: &Ui,
) -> Result<(), Message> {
    let _alone = seal::alone(path.parent().unwrap_or(path), ui)?;
    let (before, history) = match (path.exists(), did) {
        (true, _) => {
            let (before, history) = published(path, ui)?;
            seal::is_of(path, &history.id, did.unwrap_or(&history.id), ui)?;
            (before, history)
        }
        (false, Some(did)) => {
            let id = did.to_owned();
            let keys = Vec::new();
            (json!({"id": did}), DidDocument { id, keys })
        }
        (false, None) => {
            return Err(ui.error(
                "document nouveau : dites de qui (--did did:web:…)",
                "new document: say whose (--did did:web:…)",
            ));
        }
    };
    let url = history.url().map_err(|r| seal::refuse(ui, &r))?;
    let public = seal::signer(key, ui)?.public().clone();
    let suffix = match public.algorithm() {
        Algorithm::Ed25519 => "",
        // A Multikey of P-256 would be read as the key of another cryptosuite.
        Algorithm::P256 => cocarde_seal::did::JWK,
    };
    let new = DatedKey {
        id: format!("{}#{name}{suffix}", history.id),
        key: public,
        active_from: Some(seal::now(from)),
        expires: None,
        revoked: None,
    };
    let next = history.with(&before, new);
    let next = next.map_err(|r| seal::refuse_in(path, r, ui))?;
    seal::write_json(path, &next, ui)?;
    println!(
        "{}",
        ui.say("à publier à l'adresse :", "to be published at:")
    );
    println!("  {url}");
    Ok(())
}

fn date(
    path: &Path,
    name: &str,
    ui: &Ui,
    set: impl Fn(&mut DatedKey) -> cocarde_seal::Result<()>,
) -> Result<(), Message> {
    let _alone = seal::alone(path.parent().unwrap_or(path), ui)?;
    let (before, mut history) = published(path, ui)?;
    // A key has two names: that of its Multikey, and that of its JWK.
    let name = name.strip_suffix(cocarde_seal::did::JWK).unwrap_or(name);
    let plain = format!("{}#{name}", history.id);
    let ids = [plain.clone(), format!("{plain}{}", cocarde_seal::did::JWK)];
    let mut found = history
        .keys
        .iter_mut()
        .filter(|k| ids.contains(&k.id))
        .peekable();
    if found.peek().is_none() {
        return Err(ui.error(
            &format!("aucune clé « {plain} »"),
            &format!("no key `{plain}`"),
        ));
    }
    found.try_for_each(set).map_err(|r| seal::refuse(ui, &r))?;
    seal::write_json(path, &history.write_over(&before), ui)
}

fn trust(
    issuers: &[PathBuf],
    (logs, witnesses): (&[String], &[String]),
    quorum: usize,
    checkpoints: &[PathBuf],
    ui: &Ui,
) -> Result<(), Message> {
    let keys = |all: &[String]| {
        let read = |k: &String| VerifierKey::read(k).map_err(|r| seal::refuse(ui, &r.at(k)));
        all.iter().map(read).collect::<Result<Vec<_>, _>>()
    };
    let documents = issuers.iter().map(|p| document(p, ui));
    let documents: Vec<DidDocument> = documents.collect::<Result<_, _>>()?;
    for (b, one) in documents.iter().enumerate() {
        // The file that is written would name places that the user did not write.
        if let Some(a) = documents[..b].iter().position(|d| d.id == one.id) {
            let (a, b, id) = (issuers[a].display(), issuers[b].display(), &one.id);
            return Err(ui.error(
                &format!("{a}, {b} : deux documents de « {id} », gardez le plus récent"),
                &format!("{a}, {b}: two documents of `{id}`, keep the newest"),
            ));
        }
    }
    let trust = Trust {
        issuers: documents,
        logs: keys(logs)?,
        witnesses: keys(witnesses)?,
        quorum,
        checkpoints: Vec::new(),
    };
    let mut file = trust.write();
    let notes = checkpoints.iter().map(|p| seal::read_text(p, ui));
    file["checkpoints"] = notes.collect::<Result<Vec<_>, _>>()?.into();
    let text = serde_json::to_string_pretty(&file).unwrap_or_default();
    // Read again, so that what is written is known to be readable.
    Trust::read(text.as_bytes()).map_err(|r| seal::refuse(ui, &r))?;
    println!("{text}");
    Ok(())
}
