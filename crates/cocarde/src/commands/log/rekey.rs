//! The next key of a log, and those of before.

use super::log_key;
use crate::seal::{self, Batch};
use crate::ui::{Message, Ui};
use cocarde_seal::log::note::Kind;
use cocarde_seal::log::store::KEY;
use cocarde_seal::log::{Log, VerifierKey};
use std::path::{Path, PathBuf};

/// Name of the file that holds the log's former verifier keys, one a line.
const FORMER: &str = "former-keys";

#[derive(clap::Args)]
pub struct RekeyArgs {
    /// Its directory.
    dir: PathBuf,
    /// The key that signs its checkpoints until now.
    #[arg(long)]
    key: String,
    /// The key that signs them from now on.
    #[arg(long)]
    next: String,
}

/// Lets a log go on under its next key, and prints that key.
pub fn rekey(args: &RekeyArgs, ui: &Ui) -> Result<(), Message> {
    let refuse = |r| seal::refuse(ui, &r);
    let (old, new) = (seal::signer(&args.key, ui)?, seal::signer(&args.next, ui)?);
    let before = log_key(&args.dir, None, ui)?;
    let next = VerifierKey::new(&before.name, Kind::Ed25519, new.public()).map_err(refuse)?;
    if next == before {
        let (fr, en) = (
            "c'est déjà la clé du journal",
            "it is the log's key already",
        );
        return Err(ui.error(fr, en));
    }
    let mut former = former_keys(&args.dir, ui)?;
    let open = |by| Log::open(&args.dir, &before.name, by);
    // Where the files of keys could not be written, the next key has signed already.
    let log = open(old.as_ref()).or_else(|why| open(new.as_ref()).map_err(|_| why));
    let mut log = log.map_err(refuse)?;
    former.retain(|key| *key != next && *key != before);
    former.push(before);
    let lines: String = former.iter().map(|k| k.write() + "\n").collect();
    let mut batch = Batch::default();
    batch.write(&args.dir.join(FORMER), lines.as_bytes(), ui)?;
    let line = next.write() + "\n";
    batch.write(&args.dir.join(KEY), line.as_bytes(), ui)?;
    if *log.key() != next {
        log.hand_over(new.as_ref()).map_err(refuse)?;
    }
    batch.publish(ui)?;
    print!("{line}");
    Ok(())
}

/// The keys under which a log was before.
pub fn former_keys(dir: &Path, ui: &Ui) -> Result<Vec<VerifierKey>, Message> {
    let path = dir.join(FORMER);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = seal::read_text(&path, ui)?;
    let read = |line: &str| VerifierKey::read(line).map_err(|r| seal::refuse_in(&path, r, ui));
    text.lines().map(read).collect()
}
