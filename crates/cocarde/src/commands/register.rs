//! `cocarde register`

use crate::seal::{self, Ours};
use crate::ui::{Message, Ui};
use clap::Subcommand;
use cocarde_model::{Diagnostic, Sources};
use cocarde_seal::did;
use cocarde_seal::register::{self, Common, Register};
use cocarde_seal::time::Timestamp;
use cocarde_seal::verify::Secured;
use serde_json::Value;
use std::path::PathBuf;

/// The register of the whole scheme: one signed, numbered file.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sign the next register.
    Publish {
        /// The register (register.jwt); replaced by the next one if it is there.
        file: PathBuf,
        /// Certificates (JWT, or JSON with proof).
        certificates: Vec<PathBuf>,
        /// Dated changes of status (TOML, `[[change]]`).
        #[arg(long)]
        history: Option<PathBuf>,
        /// The issuer (did:web:…).
        #[arg(long)]
        did: String,
        /// The issuer's key.
        #[arg(long)]
        key: String,
        /// The key's name in the issuer's DID document.
        #[arg(long)]
        key_name: String,
        /// The issuer's DID document: which keys signed before, and that this one has not
        /// ended.
        #[arg(long)]
        document: PathBuf,
        /// Take up what a key signed that was stolen or had ended by then: it was compared
        /// with records of your own.
        #[arg(long)]
        vouch: bool,
        /// When it is made.
        #[arg(long, value_parser = seal::moment)]
        at: Option<Timestamp>,
        /// When the next one is due.
        #[arg(long, value_parser = seal::moment)]
        next: Timestamp,
    },
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let refuse = |r| seal::refuse(ui, &r);
    let Command::Publish {
        file,
        certificates,
        history,
        did,
        key,
        key_name,
        document,
        vouch,
        at,
        next,
    } = args.command;
    let at = seal::now(at);
    let history = match &history {
        Some(path) => register::read_history(&seal::read_text(path, ui)?)
            .map_err(|r| seal::refuse_in(path, r, ui))?,
        None => Vec::new(),
    };
    let signer = seal::signer(&key, ui)?;
    let kid = format!("{did}#{key_name}{}", did::JWK);
    let document = seal::may_sign(&document, &did, &key_name, signer.as_ref(), [at, at], ui)?;
    let ours = Ours::new(document, vouch);
    let _alone = seal::alone(file.parent().unwrap_or(&file), ui)?;
    let before = match file.exists() {
        true => {
            let read = ours.register(&seal::read(&file, ui)?);
            Some(read.map_err(|r| seal::refuse_in(&file, r, ui))?)
        }
        false => None,
    };
    let entered = |certificate: &Value| before.as_ref().is_some_and(|b| b.has(certificate));
    let read = |path: &PathBuf| {
        let secured = Secured::read(&seal::read(path, ui)?);
        let read = secured.and_then(|s| ours.certificate(&s, entered).cloned());
        read.map_err(|r| seal::refuse_in(path, r, ui))
    };
    let certificates: Vec<Value> = certificates.iter().map(read).collect::<Result<_, _>>()?;
    if let Some(warning) = told_apart(&certificates, ui) {
        eprint!("{warning}");
    }
    let number = before.as_ref().map_or(0, |b| b.number) + 1;
    let new = register::write(&did, number, &certificates, &history, at, next).map_err(refuse)?;
    if let Some(before) = &before {
        let read = Register::read(&new).map_err(refuse)?;
        register::continues(&read, before).map_err(refuse)?;
    }
    let token = register::sign(&new, &kid, signer.as_ref()).map_err(refuse)?;
    seal::write(&file, token.as_bytes(), ui)?;
    println!("{} {} {number}", file.display(), ui.say("n°", "No."));
    Ok(0)
}

/// Warns of certificates that nothing tells apart where they are published or withdrawn.
fn told_apart(certificates: &[Value], ui: &Ui) -> Option<Message> {
    let warn = |shared: register::Shared| {
        let [a, b] = shared.certificates;
        let (fr, en) = match shared.what {
            Common::Address(id) => (
                format!("ont la même adresse ({id}) : l'un y prend la place de l'autre"),
                format!("have one address ({id}): one takes the place of the other there"),
            ),
            Common::Place(n, list) => (
                format!(
                    "ont la même place ({n}) dans {list} : retirer l'un, c'est retirer l'autre"
                ),
                format!("have one place ({n}) in {list}: to withdraw one is to withdraw the other"),
            ),
        };
        Diagnostic::warning(
            "shared",
            format!("{a} et {b} {fr}"),
            format!("{a} and {b} {en}"),
        )
    };
    let all: Vec<Diagnostic> = register::shared(certificates)
        .into_iter()
        .map(warn)
        .collect();
    (!all.is_empty()).then(|| ui.defects(&all, &Sources::default()))
}
