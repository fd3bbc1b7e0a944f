//! What the commands of the seal share: keys, files, addresses, moments.

mod batch;
mod ours;

pub use batch::{Batch, draft};
pub use ours::{Ours, is_of, may_sign};

use crate::ui::{Message, Ui};
use cocarde_model::{Diagnostic, Sources};
use cocarde_seal::Refusal;
use cocarde_seal::file;
use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_seal::time::{self, Timestamp};
use cocarde_signer::{Pkcs11Signer, Pkcs11Uri, RemoteSigner};
use std::fs::File;
use std::io;
use std::path::Path;

/// Most bytes of anything that is read or fetched.
pub const LIMIT: u64 = 64 << 20;

/// A refusal as a message.
pub fn refuse(ui: &Ui, r: &Refusal) -> Message {
    ui.error(&r.fr, &r.en)
}

/// A refusal of what is in a file.
pub fn refuse_in(path: &Path, r: Refusal, ui: &Ui) -> Message {
    refuse(ui, &r.at(&path.display().to_string()))
}

/// Opens a key: a PKCS#8 PEM file, a `pkcs11:` URI, or the address of a signing
/// service.
pub fn signer(key: &str, ui: &Ui) -> Result<Box<dyn Signer>, Message> {
    let opened: cocarde_seal::Result<Box<dyn Signer>> = if key.starts_with("pkcs11:") {
        Pkcs11Uri::read(key).and_then(|u| Ok(Box::new(Pkcs11Signer::open(&u)?) as _))
    } else if key.starts_with("https://") || key.starts_with("http://") {
        RemoteSigner::open(key).map(|s| Box::new(s) as _)
    } else {
        if let Some(warning) = open_to_all(Path::new(key), ui) {
            eprint!("{warning}");
        }
        let pem = String::from_utf8_lossy(&read(Path::new(key), ui)?).into_owned();
        FileSigner::from_pem(&pem)
            .map(|s| Box::new(s) as _)
            .map_err(|r| r.at(key))
    };
    opened.map_err(|r| refuse(ui, &r))
}

/// Warns of a private key that every user of the machine can read.
fn open_to_all(key: &Path, ui: &Ui) -> Option<Message> {
    use std::os::unix::fs::MetadataExt;
    let seen = std::fs::metadata(key).ok()?;
    let open = seen.is_file() && seen.mode() & 0o004 != 0;
    let name = key.display();
    let warning = Diagnostic::warning(
        "open-key",
        format!(
            "{name} : tout utilisateur de cette machine peut lire cette clé ; chmod 600 {name}"
        ),
        format!("{name}: every user of this machine can read this key; chmod 600 {name}"),
    );
    open.then(|| ui.defects(&[warning], &Sources::default()))
}

fn failed(path: &Path, e: &io::Error, ui: &Ui) -> Message {
    let (path, (fr, en)) = (path.display(), file::why(e));
    ui.error(&format!("{path} : {fr}"), &format!("{path}: {en}"))
}

/// Reads a file.
pub fn read(path: &Path, ui: &Ui) -> Result<Vec<u8>, Message> {
    read_within(path, LIMIT, ui)
}

/// Reads a file of at most `limit` bytes.
pub fn read_within(path: &Path, limit: u64, ui: &Ui) -> Result<Vec<u8>, Message> {
    file::read_within(path, limit).map_err(|e| failed(path, &e, ui))
}

/// Reads a text.
pub fn read_text(path: &Path, ui: &Ui) -> Result<String, Message> {
    read_text_within(path, LIMIT, ui)
}

/// Reads a text of at most `limit` bytes.
pub fn read_text_within(path: &Path, limit: u64, ui: &Ui) -> Result<String, Message> {
    let name = path.display();
    String::from_utf8(read_within(path, limit, ui)?).map_err(|_| {
        ui.error(
            &format!("{name} : pas de l'UTF-8"),
            &format!("{name}: not UTF-8"),
        )
    })
}

/// Writes a file, with its directory; whoever reads it meanwhile sees the old one whole,
/// or the new one.
pub fn write(path: &Path, bytes: &[u8], ui: &Ui) -> Result<(), Message> {
    let mut batch = Batch::default();
    batch.write(path, bytes, ui)?;
    batch.publish(ui).map(drop)
}

/// Keeps the directory of what is read and published again to this process, if it is there:
/// of two at once, the second would take the first's changes back. Errors: another has it.
pub fn alone(dir: &Path, ui: &Ui) -> Result<Option<File>, Message> {
    let dir = match dir.as_os_str().is_empty() {
        true => Path::new("."),
        false => dir,
    };
    match file::alone(dir) {
        Ok(held) => Ok(Some(held)),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
            let name = dir.display();
            Err(ui.error(
                &format!("{name} : une autre publication y est en cours, recommencez ensuite"),
                &format!("{name}: another publication is under way there, try again after it"),
            ))
        }
        Err(e) if e.kind() == io::ErrorKind::PermissionDenied => {
            let name = dir.display();
            Err(ui.error(
                &format!(
                    "{name} : l'accès est refusé ; il faut pouvoir le lire pour y publier seul \
                     (chmod u+r)"
                ),
                &format!(
                    "{name}: access is denied; it has to be readable, to be published to by one \
                     at a time (chmod u+r)"
                ),
            ))
        }
        Err(e) => Err(failed(dir, &e, ui)),
    }
}

/// Writes a JSON file.
pub fn write_json(path: &Path, value: &serde_json::Value, ui: &Ui) -> Result<(), Message> {
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    write(path, text.as_bytes(), ui)
}

/// A moment given on the command line: a day (midnight UTC) or a date and time.
pub fn moment(text: &str) -> Result<Timestamp, Refusal> {
    let full = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        _ => text.to_owned(),
    };
    time::read(&full).map_err(|r| Refusal {
        fr: "il faut un jour (2026-11-24), ou une date avec heure et fuseau \
             (2026-11-24T12:00:00Z), qui existe"
            .into(),
        en: "it wants a day (2026-11-24), or a date with time and offset \
             (2026-11-24T12:00:00Z), that exists"
            .into(),
        ..r
    })
}

/// Now, unless told otherwise.
pub fn now(at: Option<Timestamp>) -> Timestamp {
    at.unwrap_or_else(Timestamp::now)
}
