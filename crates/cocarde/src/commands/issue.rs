//! `cocarde issue`: signs, then writes, and enters into the log last.

use crate::seal::{self, Batch};
use crate::ui::{Message, Ui};
use cocarde_certificate::{Contents, Lang, typeset};
use cocarde_model::{Diagnostic, Sources};
use cocarde_seal::decision::Decision;
use cocarde_seal::key::Algorithm;
use cocarde_seal::log::Log;
use cocarde_seal::log::proof::LogProof;
use cocarde_seal::log::store::read_checkpoint;
use cocarde_seal::signer::Signer;
use cocarde_seal::time::Timestamp;
use cocarde_seal::verify::Secured;
use cocarde_seal::{credential, did, json, jws, open_badge, proof};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Issue the certificate that a decision grants: credential, log entry, pages, badges.
#[derive(clap::Args)]
pub struct Args {
    /// Record of the decision (TOML).
    decision: PathBuf,
    /// The assessment decided upon (`cocarde assess --format json`).
    #[arg(long)]
    assessment: PathBuf,
    /// The issuer's key: a file, a pkcs11: URI or a service's address.
    #[arg(long)]
    key: String,
    /// The key's name in the issuer's DID document.
    #[arg(long)]
    key_name: String,
    /// The issuer's DID document: a key that it says has ended signs nothing.
    #[arg(long)]
    document: PathBuf,
    /// When it is signed; now by default.
    #[arg(long, value_parser = seal::moment)]
    at: Option<Timestamp>,
    /// The log to enter it in.
    #[arg(long, requires = "log_key")]
    log: Option<PathBuf>,
    /// The log's key.
    #[arg(long)]
    log_key: Option<String>,
    /// Directory to write to.
    #[arg(long, default_value = ".")]
    out: PathBuf,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let refuse = |r| seal::refuse(ui, &r);
    let text = seal::read_text(&args.decision, ui)?;
    let decision = Decision::read(&text).map_err(|r| seal::refuse_in(&args.decision, r, ui))?;
    let assessment = seal::read(&args.assessment, ui)?;
    let credential = credential::write(&decision, &assessment).map_err(|r| {
        let path = match r.code {
            credential::ASSESSMENT => &args.assessment,
            _ => &args.decision,
        };
        seal::refuse_in(path, r, ui)
    })?;
    if let Some(warning) = other_referential(&credential, ui) {
        eprint!("{warning}");
    }
    let mut batch = Batch::default();
    // Until its end no other run finds there what this one has not written yet.
    batch.alone(&args.out, ui)?;
    no_other(&args.out.join(TOKEN), &credential, ui)?;
    let signer = seal::signer(&args.key, ui)?;
    let (did, when) = (
        &decision.issuer.id,
        [seal::now(args.at), decision.valid_from],
    );
    seal::may_sign(
        &args.document,
        did,
        &args.key_name,
        signer.as_ref(),
        when,
        ui,
    )?;
    let signed = sign(&credential, &decision, &args.key_name, signer.as_ref()).map_err(refuse)?;
    let log_key = args.log_key.as_ref().map(|k| seal::signer(k, ui));
    let log_key = log_key.transpose()?;
    let mut log = match (&args.log, &log_key) {
        (Some(dir), Some(key)) => {
            Some(Log::open(dir, &decision.log.origin, key.as_ref()).map_err(refuse)?)
        }
        _ => None,
    };
    // The log forgets nothing: before anything is entered in it, all is signed and written
    // under other names, which it leaves together in the end.
    let mut put = |name: &str, bytes: &[u8]| batch.write(&args.out.join(name), bytes, ui);
    put(TOKEN, signed.token.as_bytes())?;
    if let Some(secured) = &signed.secured {
        put("certificate.json", secured.as_bytes())?;
    }
    if log.is_some() {
        // In its place until it is known.
        put(PROOF, b"")?;
    }
    put("open-badge.jwt", signed.badge.as_bytes())?;
    let mut contents = Contents {
        credential: signed.token,
        log_proof: None,
    };
    for (lang, name) in PAGES {
        put(name, &typeset(&contents, lang).map_err(refuse)?)?;
    }
    if let (Some(dir), Some(log)) = (&args.log, &mut log) {
        batch.ready(ui)?;
        let mut put = |name: &str, bytes: &[u8]| batch.write(&args.out.join(name), bytes, ui);
        let proof = enter(&credential, dir, log).map_err(refuse)?;
        put(PROOF, proof.as_bytes())?;
        contents.log_proof = Some(proof);
        for (lang, name) in PAGES {
            put(name, &typeset(&contents, lang).map_err(refuse)?)?;
        }
    }
    for path in batch.publish(ui)? {
        println!("{}", path.display());
    }
    Ok(0)
}

/// Checks that the place of the files is not that of another certificate, whose only copy may
/// be there.
fn no_other(path: &Path, credential: &Value, ui: &Ui) -> Result<(), Message> {
    if !path.exists() {
        return Ok(());
    }
    let there = Secured::read(&seal::read(path, ui)?);
    let there = there.map_err(|r| seal::refuse_in(path, r, ui))?;
    if credential::digest(there.credential()) == credential::digest(credential) {
        return Ok(());
    }
    let (path, id) = (
        path.display(),
        json::text(there.credential(), &["id"]).unwrap_or("?"),
    );
    Err(ui.error(
        &format!("{path} : un autre certificat y est ({id}) ; donnez un autre --out, ou ôtez-le"),
        &format!(
            "{path}: another certificate is there ({id}); give another --out, or take it away"
        ),
    ))
}

/// A certificate in each of its forms that are signed.
struct Signed {
    token: String,
    /// With a proof, which is for Ed25519 alone.
    secured: Option<String>,
    badge: String,
}

fn sign(
    credential: &Value,
    decision: &Decision,
    key_name: &str,
    by: &dyn Signer,
) -> cocarde_seal::Result<Signed> {
    let method = format!("{}#{key_name}", decision.issuer.id);
    let kid = format!("{method}{}", did::JWK);
    let token = |credential: &Value| jws::sign(credential, "vc+jwt", "vc", &kid, by);
    let secured = match by.public().algorithm() {
        Algorithm::Ed25519 => {
            let at = decision.valid_from;
            let secured = proof::add(credential, &method, "assertionMethod", at, by)?;
            Some(serde_json::to_string_pretty(&secured).unwrap_or_default() + "\n")
        }
        Algorithm::P256 => None,
    };
    Ok(Signed {
        token: token(credential)?,
        secured,
        badge: token(&open_badge::write(credential))?,
    })
}

/// The certificate as a token.
const TOKEN: &str = "certificate.jwt";

/// The proof of entry in the log.
const PROOF: &str = "certificate.tlog-proof";

/// The printed pages.
const PAGES: [(Lang, &str); 2] = [
    (Lang::Fr, "certificate.fr.pdf"),
    (Lang::En, "certificate.en.pdf"),
];

/// Warns when nothing in the scheme's address names the referential of the assessment:
/// the certificate cites both, and a reader may take one for the other.
fn other_referential(credential: &Value, ui: &Ui) -> Option<Message> {
    let text = |path: &[&str]| json::text(credential, path).unwrap_or_default();
    let of = |name| text(&["credentialSubject", "sovereigntyCertification", name]);
    let scheme = |name| text(&["credentialSubject", "scope", name]);
    let (urn, id, address) = (of("referential"), of("referentialName"), scheme("id"));
    if address == urn || address.rsplit(['/', ':', '#']).next() == Some(id) {
        return None;
    }
    let name = scheme("name");
    let warning = Diagnostic::warning(
        "scheme",
        format!(
            "scheme.id : le certificat dira « {name} » ({address}), l'évaluation est selon \
             « {id} » ({urn}) ; est-ce bien le même référentiel ?"
        ),
        format!(
            "scheme.id: the certificate will say `{name}` ({address}), the assessment is under \
             `{id}` ({urn}); is that the same referential?"
        ),
    );
    Some(ui.defects(&[warning], &Sources::default()))
}

/// Enters a credential, once: what failed after that is done again without a second entry.
fn enter(credential: &Value, dir: &Path, log: &mut Log) -> cocarde_seal::Result<String> {
    let entry = credential::log_entry(credential);
    let index = match log.tree().find(&entry)? {
        Some(index) => index,
        None => log.append(&[entry])?,
    };
    let proof = LogProof::new(&mut log.tree(), index, read_checkpoint(dir)?)?;
    Ok(proof.write())
}
