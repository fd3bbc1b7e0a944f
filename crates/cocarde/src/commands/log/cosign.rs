//! Witnesses: asking one, being one.

use super::{log_key, named_key};
use crate::net;
use crate::seal;
use crate::ui::{Message, Ui};
use cocarde_seal::log::proof::cosigners;
use cocarde_seal::log::seen::KeptWitness;
use cocarde_seal::log::store::read_checkpoint;
use cocarde_seal::log::tree::{Dir, Tree};
use cocarde_seal::log::witness::{accept, request as body};
use cocarde_seal::log::{Checkpoint, Log, Note};
use cocarde_seal::time::Timestamp;
use std::path::{Path, PathBuf};

/// Exit code of a witness that does not cosign.
const DECLINED: u8 = 1;

#[derive(clap::Args)]
pub struct WitnessArgs {
    /// What is asked (`cocarde log request`, or the body of a C2SP add-checkpoint).
    request: PathBuf,
    /// Where the witness keeps what it saw; made if it is not there.
    #[arg(long)]
    state: PathBuf,
    /// Name of the witness: an address without scheme (witness.example).
    #[arg(long)]
    name: String,
    /// Key of the witness.
    #[arg(long)]
    key: String,
    /// Keys of the logs it is a witness of (name+id+base64).
    #[arg(long = "log", required = true)]
    logs: Vec<String>,
    /// When it sees the checkpoint; now by default.
    #[arg(long, value_parser = seal::moment)]
    at: Option<Timestamp>,
}

#[derive(clap::Args)]
pub struct CosignArgs {
    /// Directory of the log.
    dir: PathBuf,
    /// The key that signs its checkpoints.
    #[arg(long)]
    key: String,
    /// Address of the witness.
    #[arg(long, required_unless_present = "cosignature")]
    witness: Option<String>,
    /// What the witness answered, in a file.
    #[arg(long, conflicts_with = "witness")]
    cosignature: Option<PathBuf>,
    /// Key of the witness (name+id+base64).
    #[arg(long)]
    witness_key: String,
}

/// Prints what is asked of a witness that last saw `old` entries.
pub fn request(dir: &Path, old: u64, ui: &Ui) -> Result<(), Message> {
    let refuse = |r| seal::refuse(ui, &r);
    let note = read_checkpoint(dir).map_err(refuse)?;
    let size = Checkpoint::read(&note.text).map_err(refuse)?.size;
    let mut tree = Tree::new(Dir(dir), size);
    print!("{}", body(&mut tree, old, &note).map_err(refuse)?);
    Ok(())
}

/// Cosigns, or says why not.
pub fn witness(args: &WitnessArgs, ui: &Ui) -> Result<u8, Message> {
    let refuse = |r| seal::refuse(ui, &r);
    let logs = args.logs.iter().map(|k| named_key("--log", k, ui));
    let logs = logs.collect::<Result<Vec<_>, _>>()?;
    let signer = seal::signer(&args.key, ui)?;
    let request = seal::read_text(&args.request, ui)?;
    let mut witness =
        KeptWitness::open(&args.state, &args.name, signer.as_ref(), logs).map_err(refuse)?;
    match witness.cosign(&request, seal::now(args.at)) {
        Ok(line) => {
            print!("{line}");
            Ok(0)
        }
        Err(why) => {
            eprint!("{}", refuse(why));
            Ok(DECLINED)
        }
    }
}

/// Puts a witness's cosignature on the checkpoint of a log.
pub fn cosign(args: &CosignArgs, ui: &Ui) -> Result<(), Message> {
    let refuse = |r| seal::refuse(ui, &r);
    let signer = seal::signer(&args.key, ui)?;
    let origin = log_key(&args.dir, None, ui)?.name;
    let mut log = Log::open(&args.dir, &origin, signer.as_ref()).map_err(refuse)?;
    let key = [named_key("--witness-key", &args.witness_key, ui)?];
    let note = read_checkpoint(&args.dir).map_err(refuse)?;
    let answer = match (&args.cosignature, &args.witness) {
        (Some(file), _) => seal::read_text(file, ui)?,
        (None, url) => ask(&log, &note, url.as_deref().unwrap_or_default(), ui)?,
    };
    let cosigned = accept(&note, &answer, &key).map_err(|r| match &args.cosignature {
        Some(file) => seal::refuse_in(file, r, ui),
        None => refuse(r),
    })?;
    log.cosigned(&cosigned).map_err(refuse)?;
    for (name, time) in cosigners(&cosigned, &key).map_err(refuse)? {
        println!("{name} {}", cocarde_seal::time::write(time));
    }
    Ok(())
}

/// Asks a witness over the network; gives its cosignature.
fn ask(log: &Log, note: &Note, url: &str, ui: &Ui) -> Result<String, Message> {
    let mut old = 0;
    // The first answer may only say where the witness stands.
    for _ in 0..2 {
        let request = body(&mut log.tree(), old, note).map_err(|r| seal::refuse(ui, &r))?;
        let (status, answer) = net::post(&format!("{url}/add-checkpoint"), &request, ui)?;
        match (status, answer.trim_end().parse()) {
            (200, _) => return Ok(answer),
            (409, Ok(seen)) if seen != old => old = seen,
            _ => {
                let (fr, en) = ("le témoin refuse", "the witness refuses");
                return Err(ui.error(&format!("{fr} ({status})"), &format!("{en} ({status})")));
            }
        }
    }
    Err(ui.error("le témoin avance sans cesse", "the witness keeps moving"))
}
