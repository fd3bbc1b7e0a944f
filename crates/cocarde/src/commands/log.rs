//! `cocarde log`

mod cosign;
mod rekey;

use crate::commands::keys;
use crate::seal;
use crate::ui::{Message, Ui};
use clap::Subcommand;
use cocarde_seal::Refusal;
use cocarde_seal::counted;
use cocarde_seal::credential;
use cocarde_seal::did::DidDocument;
use cocarde_seal::json::{self, MAX_DOCUMENT};
use cocarde_seal::log::merkle::Ranges;
use cocarde_seal::log::proof::{LogProof, cosigners};
use cocarde_seal::log::store::{CHECKPOINT, KEY, MAX_ENTRY, read_checkpoint};
use cocarde_seal::log::tree::{Dir, Tree};
use cocarde_seal::log::{Checkpoint, Log, Note, VerifierKey, fsck};
use cocarde_seal::time;
use cocarde_seal::verify::Secured;
use serde_json::Value;
use std::io::{BufRead, Read, Write};
use std::path::{Path, PathBuf};

/// The transparency log: a directory of static files.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a log.
    New {
        /// Its directory.
        dir: PathBuf,
        /// Its name: an address without scheme (label.example/journal).
        #[arg(long)]
        origin: String,
        /// The key that signs its checkpoints.
        #[arg(long)]
        key: String,
    },
    /// Append entries; each index is printed once its entry is durable.
    Append {
        /// Its directory.
        dir: PathBuf,
        /// The key that signs its checkpoints.
        #[arg(long)]
        key: String,
        /// What to enter: certificates, status lists, the issuer's DID document.
        documents: Vec<PathBuf>,
        /// The issuer's DID document: enter only that document, as it is, or what one of its
        /// keys signed within its period that was not stolen.
        #[arg(long = "document", conflicts_with = "lines")]
        issuer: Option<PathBuf>,
        /// Enter each line of standard input instead.
        #[arg(long, conflicts_with = "documents")]
        lines: bool,
        /// Most lines under one checkpoint.
        #[arg(long, default_value_t = 10_000)]
        batch: usize,
    },
    /// Go on under the next key, which signs the checkpoint beside the one of before.
    Rekey(rekey::RekeyArgs),
    /// Recompute everything the log commits to.
    Fsck {
        /// Its directory.
        dir: PathBuf,
        /// The key that verifies it (name+id+base64); that of the directory otherwise.
        #[arg(long)]
        log_key: Option<String>,
        /// Keys of witnesses (name+id+base64), each of which must have cosigned.
        #[arg(long = "witness")]
        witnesses: Vec<String>,
    },
    /// Write the proof that an entry is in the log (.tlog-proof).
    Prove {
        /// Its directory.
        dir: PathBuf,
        /// The certificate, status list or DID document.
        #[arg(required_unless_present = "index")]
        document: Option<PathBuf>,
        /// The entry, by index.
        #[arg(long)]
        index: Option<u64>,
    },
    /// Print the checkpoint, or check that it continues an older one.
    Checkpoint {
        /// Its directory.
        dir: PathBuf,
        /// A checkpoint seen before.
        #[arg(long)]
        older: Option<PathBuf>,
    },
    /// Print what is asked of a witness, for one that is not reached over the network.
    Request {
        /// Its directory.
        dir: PathBuf,
        /// How many entries the witness last saw.
        #[arg(long, default_value_t = 0)]
        old: u64,
    },
    /// Be a witness: cosign the checkpoint of a request if it continues the last one
    /// seen of that log (exit code 1 if it does not).
    Witness(cosign::WitnessArgs),
    /// Put a witness's cosignature on the checkpoint: asked of it, or from a file.
    Cosign(cosign::CosignArgs),
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let refuse = |r| seal::refuse(ui, &r);
    match args.command {
        Command::New { dir, origin, key } => {
            let signer = seal::signer(&key, ui)?;
            let log = Log::create(&dir, &origin, signer.as_ref()).map_err(refuse)?;
            println!("{}", log.key().write());
        }
        Command::Append {
            dir,
            key,
            documents,
            issuer,
            lines,
            batch,
        } => {
            let issuer = issuer.map(|path| keys::published(&path, ui)).transpose()?;
            let signer = seal::signer(&key, ui)?;
            let origin = log_key(&dir, None, ui)?.name;
            let mut log = Log::open(&dir, &origin, signer.as_ref()).map_err(refuse)?;
            match lines {
                true => append_lines(&mut log, batch.max(1), ui)?,
                false => {
                    let entry = |p: &PathBuf| entry(p, issuer.as_ref(), ui);
                    let entries = documents.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
                    acknowledge(&mut log, &entries, ui)?;
                }
            }
        }
        Command::Rekey(args) => rekey::rekey(&args, ui)?,
        Command::Fsck {
            dir,
            log_key: key,
            witnesses,
        } => check(&dir, key.as_deref(), &witnesses, ui)?,
        Command::Prove {
            dir,
            document,
            index,
        } => prove(&dir, document.as_deref(), index, ui)?,
        Command::Checkpoint { dir, older } => checkpoint(&dir, older.as_deref(), ui)?,
        Command::Request { dir, old } => cosign::request(&dir, old, ui)?,
        Command::Witness(args) => return cosign::witness(&args, ui),
        Command::Cosign(args) => cosign::cosign(&args, ui)?,
    }
    Ok(0)
}

/// The key of a log: given, or that of its directory.
pub fn log_key(dir: &Path, given: Option<&str>, ui: &Ui) -> Result<VerifierKey, Message> {
    let path = dir.join(KEY);
    match given {
        Some(text) => named_key("--log-key", text, ui),
        None => VerifierKey::read(&seal::read_text(&path, ui)?)
            .map_err(|r| seal::refuse_in(&path, r, ui)),
    }
}

/// A key given under that option.
fn named_key(option: &str, text: &str, ui: &Ui) -> Result<VerifierKey, Message> {
    VerifierKey::read(text).map_err(|r| seal::refuse(ui, &r.at(option)))
}

fn append_lines(log: &mut Log, batch: usize, ui: &Ui) -> Result<(), Message> {
    let mut input = std::io::stdin().lock();
    let mut lines = (1u64..).map_while(|n| line(&mut input, n, ui).transpose());
    loop {
        let part: Vec<String> = lines.by_ref().take(batch).collect::<Result<_, _>>()?;
        if part.is_empty() {
            return Ok(());
        }
        acknowledge(log, &part, ui)?;
    }
}

/// The next line, without its end; none at the end of the input.
fn line(input: &mut impl BufRead, number: u64, ui: &Ui) -> Result<Option<String>, Message> {
    let failed = |fr: &str, en: &str| {
        ui.error(
            &format!("entrée standard, ligne {number} : {fr}"),
            &format!("standard input, line {number}: {en}"),
        )
    };
    let mut line = Vec::new();
    let read = input
        .take(MAX_ENTRY as u64 + 2)
        .read_until(b'\n', &mut line);
    read.map_err(|e| failed(&e.to_string(), &e.to_string()))?;
    if line.is_empty() {
        return Ok(None);
    }
    let text = line.strip_suffix(b"\n").unwrap_or(&line);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    if text.is_empty() {
        return Err(failed(
            "vide ; une entrée n'est pas vide, ôtez la ligne",
            "empty; no entry is empty, take the line out",
        ));
    }
    if text.len() > MAX_ENTRY {
        return Err(failed(
            &format!("plus de {MAX_ENTRY} octets"),
            &format!("more than {MAX_ENTRY} bytes"),
        ));
    }
    let text = String::from_utf8(text.to_vec());
    text.map(Some)
        .map_err(|_| failed("pas de l'UTF-8", "not UTF-8"))
}

fn acknowledge<E: AsRef<[u8]>>(log: &mut Log, entries: &[E], ui: &Ui) -> Result<(), Message> {
    let first = log.append(entries).map_err(|r| seal::refuse(ui, &r))?;
    let mut out = std::io::stdout().lock();
    for i in 0..entries.len() as u64 {
        // A reader that went away is no reason to stop.
        let _ = writeln!(out, "{}", first + i);
    }
    let _ = out.flush();
    Ok(())
}

/// An issuer's document, with all that it says, and what is read of it.
type Published = (Value, DidDocument);

/// The entry of a certificate, of a status list or of a DID document. A log records what it is
/// given and judges nothing: whether an issuer said it is checked where its document is given.
fn entry(path: &Path, issuer: Option<&Published>, ui: &Ui) -> Result<Vec<u8>, Message> {
    let bytes = seal::read(path, ui)?;
    let parsed = json::parse(&bytes, MAX_DOCUMENT).ok();
    let document = parsed.and_then(|d| DidDocument::read(&d).ok().map(|read| (d, read)));
    if let Some(document) = document {
        issuer.map_or(Ok(()), |i| as_published(path, &document, i, ui))?;
        return Ok(credential::log_entry(&document.0));
    }
    let refuse = |r| seal::refuse_in(path, r, ui);
    let read = Secured::read(&bytes).map_err(refuse)?;
    if let Some((_, issuer)) = issuer {
        let said = read.signed_by(issuer).and_then(|key| key.believed(None));
        said.map_err(|r| refuse(unasked(r)))?;
    }
    Ok(credential::log_entry(read.credential()))
}

/// Checks that a DID document, which nobody signs, is the issuer's, to the last word.
fn as_published(
    path: &Path,
    (document, read): &Published,
    (published, issuer): &Published,
    ui: &Ui,
) -> Result<(), Message> {
    seal::is_of(path, &read.id, &issuer.id, ui)?;
    if credential::log_entry(document) == credential::log_entry(published) {
        return Ok(());
    }
    let path = path.display();
    let (fr, en) = (
        "ce n'est pas le document donné par --document, auquel aucune signature ne le lie : \
         inscrivez celui-là",
        "this is not the document given with --document, and no signature ties it to that one: \
         enter that one",
    );
    Err(ui.error(&format!("{path} : {fr}"), &format!("{path}: {en}")))
}

/// Says of what a stolen key signed how to enter it all the same: that a witness saw it
/// before, nothing that is entered can show.
fn unasked(refusal: Refusal) -> Refusal {
    if refusal.code != "key-revoked" {
        return refusal;
    }
    Refusal {
        fr: format!(
            "{} ; s'il est tel quel à vos archives, inscrivez-le sans --document",
            refusal.fr
        ),
        en: format!(
            "{}; if it is in your own records as it is, enter it without --document",
            refusal.en
        ),
        ..refusal
    }
}

fn check(dir: &Path, key: Option<&str>, witnesses: &[String], ui: &Ui) -> Result<(), Message> {
    let refuse = |r| seal::refuse(ui, &r);
    let key = log_key(dir, key, ui)?;
    let note = read_checkpoint(dir).map_err(refuse)?;
    let done = fsck::check(Dir(dir), &note, &key).map_err(refuse)?;
    let keys = witnesses.iter().map(|k| named_key("--witness", k, ui));
    let keys = keys.collect::<Result<Vec<_>, _>>()?;
    let seen = cosigners(&note, &keys).map_err(refuse)?;
    if let Some(absent) = keys.iter().find(|k| !matches!(note.verify(k), Ok(Some(_)))) {
        let (name, fr) = (&absent.name, "n'a pas cosigné ce point de contrôle");
        let en = "did not cosign this checkpoint";
        return Err(ui.error(&format!("{name} {fr}"), &format!("{name} {en}")));
    }
    let (n, tiles) = (done.checkpoint.size as usize, done.tiles as usize);
    let origin = &done.checkpoint.origin;
    match ui.say("fr", "en") {
        "fr" => {
            let entries = counted::fr(n, "entrée", "entrées");
            let tiles = counted::fr(tiles, "tuile recalculée", "tuiles recalculées");
            println!("{origin} : {entries}, {tiles}, racine conforme");
        }
        _ => {
            let entries = counted::en(n, "entry", "entries");
            let tiles = counted::en(tiles, "tile recomputed", "tiles recomputed");
            println!("{origin}: {entries}, {tiles}, root as signed");
        }
    }
    for (name, when) in seen {
        println!("{name} {}", time::write(when));
    }
    Ok(())
}

fn prove(dir: &Path, document: Option<&Path>, index: Option<u64>, ui: &Ui) -> Result<(), Message> {
    let refuse = |r| seal::refuse(ui, &r);
    let note = read_checkpoint(dir).map_err(refuse)?;
    let size = Checkpoint::read(&note.text).map_err(refuse)?.size;
    let mut tree = Tree::new(Dir(dir), size);
    let index = match (document, index) {
        (Some(path), _) => {
            let wanted = entry(path, None, ui)?;
            let found = tree.find(&wanted).map_err(refuse)?;
            let absent = || {
                ui.error(
                    "ce document n'est pas au journal",
                    "this document is not in the log",
                )
            };
            found.ok_or_else(absent)?
        }
        (None, index) => index.unwrap_or_default(),
    };
    let proof = LogProof::new(&mut tree, index, note).map_err(refuse)?;
    print!("{}", proof.write());
    Ok(())
}

fn checkpoint(dir: &Path, older: Option<&Path>, ui: &Ui) -> Result<(), Message> {
    let refuse = |r| seal::refuse(ui, &r);
    let note = read_checkpoint(dir).map_err(refuse)?;
    let Some(older) = older else {
        print!("{}", note.write());
        return Ok(());
    };
    let key = log_key(dir, None, ui)?;
    let now = Checkpoint::open(&note, &key);
    let now = now.map_err(|r| seal::refuse_in(&dir.join(CHECKPOINT), r, ui))?;
    let in_older = |r| seal::refuse_in(older, r, ui);
    let before = Note::read(&seal::read(older, ui)?).map_err(in_older)?;
    let former = rekey::former_keys(dir, ui)?;
    let signer = before.signer(former.iter().chain([&key])).unwrap_or(&key);
    let before = Checkpoint::open(&before, signer).map_err(in_older)?;
    let proof = Tree::new(Dir(dir), now.size).consistency(before.size, now.size);
    now.continues(&before, &proof.map_err(refuse)?)
        .map_err(refuse)?;
    let size = now.size as usize;
    match ui.say("fr", "en") {
        "fr" => {
            let (one, many) = ("entrée continue bien", "entrées continuent bien");
            println!("{} {}", counted::fr(size, one, many), before.size);
        }
        _ => {
            let (one, many) = ("entry does continue", "entries do continue");
            println!("{} {}", counted::en(size, one, many), before.size);
        }
    }
    Ok(())
}
