//! What the commands of the seal share: keys, files, addresses, moments.

use crate::ui::{Message, Ui};
use cocarde_seal::Refusal;
use cocarde_seal::signer::{FileSigner, Signer};
use cocarde_seal::time::{self, Timestamp};
use cocarde_signer::{Pkcs11Signer, Pkcs11Uri, RemoteSigner};
use std::fs;
use std::path::Path;
use std::time::Duration;

/// Most bytes of anything that is read or fetched.
const LIMIT: u64 = 64 << 20;

/// A refusal as a message.
pub fn refuse(ui: &Ui, r: &Refusal) -> Message {
    ui.error(&r.fr, &r.en)
}

/// Opens a key: a PKCS#8 PEM file, a `pkcs11:` URI, or the address of a signing
/// service.
pub fn signer(key: &str, ui: &Ui) -> Result<Box<dyn Signer>, Message> {
    let opened: cocarde_seal::Result<Box<dyn Signer>> = if key.starts_with("pkcs11:") {
        Pkcs11Uri::read(key).and_then(|u| Ok(Box::new(Pkcs11Signer::open(&u)?) as _))
    } else if key.starts_with("https://") || key.starts_with("http://") {
        RemoteSigner::open(key).map(|s| Box::new(s) as _)
    } else {
        let pem = String::from_utf8_lossy(&read(Path::new(key), ui)?).into_owned();
        FileSigner::from_pem(&pem)
            .map(|s| Box::new(s) as _)
            .map_err(|r| r.at(key))
    };
    opened.map_err(|r| refuse(ui, &r))
}

fn failed(path: &Path, e: &std::io::Error, ui: &Ui) -> Message {
    let path = path.display();
    ui.error(&format!("{path} : {e}"), &format!("{path}: {e}"))
}

/// Reads a file.
pub fn read(path: &Path, ui: &Ui) -> Result<Vec<u8>, Message> {
    let size = fs::metadata(path).map_err(|e| failed(path, &e, ui))?.len();
    if size > LIMIT {
        let name = path.display();
        return Err(ui.error(
            &format!("{name} : fichier trop long"),
            &format!("{name}: file too long"),
        ));
    }
    fs::read(path).map_err(|e| failed(path, &e, ui))
}

/// Reads a text.
pub fn read_text(path: &Path, ui: &Ui) -> Result<String, Message> {
    let name = path.display();
    String::from_utf8(read(path, ui)?).map_err(|_| {
        ui.error(
            &format!("{name} : pas de l'UTF-8"),
            &format!("{name}: not UTF-8"),
        )
    })
}

/// Writes a file, with its directory.
pub fn write(path: &Path, bytes: &[u8], ui: &Ui) -> Result<(), Message> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
    parent
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, bytes))
        .map_err(|e| failed(path, &e, ui))
}

/// Writes a JSON file.
pub fn write_json(path: &Path, value: &serde_json::Value, ui: &Ui) -> Result<(), Message> {
    let text = serde_json::to_string_pretty(value).unwrap_or_default() + "\n";
    write(path, text.as_bytes(), ui)
}

/// Whether an address is one of this very machine.
pub fn near(url: &str) -> bool {
    ["http://127.0.0.1:", "http://[::1]:"]
        .iter()
        .any(|l| url.starts_with(l))
}

/// Fetches an address over TLS, or of this machine when `local`. Errors: another
/// protocol, no answer, too long.
pub fn fetch(url: &str, local: bool, ui: &Ui) -> Result<Vec<u8>, Message> {
    let local = local && near(url);
    if !url.starts_with("https://") && !local {
        return Err(ui.error(
            &format!("{url} : seules les adresses https:// sont demandées"),
            &format!("{url}: only https:// addresses are asked"),
        ));
    }
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(20)))
        .https_only(!local)
        .max_redirects(if local { 0 } else { 3 });
    let agent: ureq::Agent = config.build().into();
    let answer = agent.get(url).call();
    answer
        .and_then(|mut a| a.body_mut().with_config().limit(LIMIT).read_to_vec())
        .map_err(|e| ui.error(&format!("{url} : {e}"), &format!("{url}: {e}")))
}

/// A moment given on the command line: a day (midnight UTC) or a date and time.
pub fn moment(text: &str) -> Result<Timestamp, String> {
    let full = match text.len() {
        10 => format!("{text}T00:00:00Z"),
        _ => text.to_owned(),
    };
    time::read(&full).map_err(|r| r.en)
}

/// Now, unless told otherwise.
pub fn now(at: Option<Timestamp>) -> Timestamp {
    at.unwrap_or_else(Timestamp::now)
}

/// Posts a text, over TLS or to this machine; gives the status and the answer.
pub fn post(url: &str, body: &str, ui: &Ui) -> Result<(u16, String), Message> {
    if !url.starts_with("https://") && !near(url) {
        return Err(ui.error(
            &format!("{url} : https:// attendu"),
            &format!("{url}: https:// expected"),
        ));
    }
    let config = ureq::Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(20)))
        .http_status_as_error(false)
        .max_redirects(0);
    let agent: ureq::Agent = config.build().into();
    let failed = |e: ureq::Error| ui.error(&format!("{url} : {e}"), &format!("{url}: {e}"));
    let mut answer = agent.post(url).send(body).map_err(failed)?;
    let status = answer.status().as_u16();
    let text = answer
        .body_mut()
        .with_config()
        .limit(64 << 10)
        .read_to_string();
    Ok((status, text.map_err(failed)?))
}
