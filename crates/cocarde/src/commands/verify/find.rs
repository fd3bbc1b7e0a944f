//! What there is to verify, and the status lists that speak of it.

use super::Args;
use crate::net;
use crate::seal;
use crate::ui::{Message, Ui};
use cocarde_seal::address::near;
use cocarde_seal::status::Entry;
use cocarde_seal::verify::{Answer, Secured};
use cocarde_seal::{Refusal, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What was found under the name given.
pub struct Found {
    /// The credential.
    pub credential: Vec<u8>,
    /// Its proof of entry in the log.
    pub proof: Option<String>,
    /// What a QR code says the digest of the credential is.
    pub digest: Option<String>,
    /// The address that it was asked for at.
    pub address: Option<String>,
    /// Whether it was asked of this very machine.
    pub near: bool,
}

/// Status lists by address.
pub type Lists = BTreeMap<String, Vec<u8>>;

/// Finds what to verify; the inner error refuses it.
pub fn find(args: &Args, ui: &Ui) -> Result<Result<Found, Refusal>, Message> {
    let name = args.certificate.as_str();
    let mut found = if name.starts_with("https://") || name.starts_with("http://") {
        let (url, digest) = match cocarde_certificate::read_qr(name) {
            Ok(read) => read,
            Err(refusal) => return Ok(Err(refusal)),
        };
        address(url, digest, args.offline, ui)?
    } else {
        match file(Path::new(name), ui)? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        }
    };
    if let Some(path) = &args.proof {
        found.proof = Some(seal::read_text(path, ui)?);
    }
    Ok(Ok(found))
}

fn address(url: &str, digest: Option<&str>, offline: bool, ui: &Ui) -> Result<Found, Message> {
    if offline {
        let (fr, en) = (
            "hors ligne, une adresse ne peut être lue",
            "offline, no address can be read",
        );
        return Err(ui.error(fr, en));
    }
    let near = near(url);
    // A certificate's address serves its page; its credential and proof are beside it.
    let base = url.strip_suffix(".jwt").unwrap_or(url);
    let credential = net::fetch(&format!("{base}.jwt"), near, ui)?;
    let proof = net::fetch(&format!("{base}.tlog-proof"), near, ui).ok();
    Ok(Found {
        credential,
        proof: proof.and_then(|p| String::from_utf8(p).ok()),
        digest: digest.map(str::to_owned),
        address: Some(base.to_owned()),
        near,
    })
}

fn file(path: &Path, ui: &Ui) -> Result<Result<Found, Refusal>, Message> {
    let credential = seal::read(path, ui)?;
    let found = |credential, proof| Found {
        credential,
        proof,
        digest: None,
        address: None,
        near: false,
    };
    if credential.starts_with(b"%PDF-") {
        let page = match cocarde_certificate::check(&credential) {
            Ok(page) => page,
            Err(refusal) => return Ok(Err(refusal)),
        };
        // Witnesses cosign after the page was made: the proof beside it is the newer one.
        let proof = beside(path, ui)?.or(page.log_proof);
        return Ok(Ok(found(page.credential.into_bytes(), proof)));
    }
    Ok(Ok(found(credential, beside(path, ui)?)))
}

/// The proof beside a file: `certificate.tlog-proof` for `certificate.jwt` as for
/// `certificate.fr.pdf`.
fn beside(path: &Path, ui: &Ui) -> Result<Option<String>, Message> {
    let spoken = ["fr", "en"].iter().any(|lang| {
        let stem = path.file_stem().map(Path::new);
        stem.and_then(Path::extension) == Some(lang.as_ref())
    });
    let stem = if spoken {
        path.with_extension("")
    } else {
        path.to_owned()
    };
    let proof = stem.with_extension("tlog-proof");
    let read = proof.exists().then(|| seal::read_text(&proof, ui));
    read.transpose()
}

/// The lists given as files, by the address each says it has, and why some could not
/// be read.
pub fn given(files: &[PathBuf], ui: &Ui) -> Result<(Lists, Vec<Refusal>), Message> {
    let (mut lists, mut unreadable) = (Lists::new(), Vec::new());
    for path in files {
        let bytes = seal::read(path, ui)?;
        match list_id(&bytes) {
            Ok(id) => {
                if lists.get(&id).is_some_and(|other| *other != bytes) {
                    let path = path.display();
                    return Err(ui.error(
                        &format!("{path} : une autre liste a la même adresse ({id}), gardez la plus récente"),
                        &format!("{path}: another list has the same address ({id}), keep the newest"),
                    ));
                }
                lists.insert(id, bytes);
            }
            Err(refusal) => unreadable.push(refusal.at(&path.display().to_string())),
        }
    }
    Ok((lists, unreadable))
}

/// The address that a list says it has.
fn list_id(bytes: &[u8]) -> Result<String, Refusal> {
    let list = Secured::read(bytes)?;
    let id = json::text(list.credential(), &["id"]);
    id.map(str::to_owned).ok_or_else(|| {
        Refusal::new(
            "status-list",
            "liste sans « id » : rien ne dit de quelle adresse elle est",
            "list without `id`: nothing says of which address it is",
        )
    })
}

/// Asks for the lists that the certificate names and that are not at hand, or no longer
/// valid; gives the addresses that did not answer.
pub fn reach(lists: &mut Lists, answer: &Answer, near: bool, ui: &Ui) -> Vec<String> {
    let entries = answer.credential.as_ref().map(Entry::all);
    let mut unreached = Vec::new();
    for entry in entries.and_then(Result::ok).unwrap_or_default() {
        if lists.contains_key(&entry.list) && !answer.stale_lists.contains(&entry.list) {
            continue;
        }
        match net::fetch(&entry.list, near, ui) {
            Ok(bytes) => _ = lists.insert(entry.list, bytes),
            Err(_) => unreached.push(entry.list),
        }
    }
    unreached
}
