//! `cocarde issue`

use crate::seal;
use crate::ui::{Message, Ui};
use cocarde_certificate::{Contents, Lang, typeset};
use cocarde_model::{Diagnostic, Sources};
use cocarde_seal::decision::Decision;
use cocarde_seal::key::Algorithm;
use cocarde_seal::log::Log;
use cocarde_seal::log::proof::LogProof;
use cocarde_seal::log::store::read_checkpoint;
use cocarde_seal::signer::Signer;
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
    let decision = Decision::read(&text).map_err(|r| {
        let place = args.decision.display().to_string();
        seal::refuse(ui, &r.at(&place))
    })?;
    let assessment = seal::read(&args.assessment, ui)?;
    let credential = credential::write(&decision, &assessment).map_err(refuse)?;
    if let Some(warning) = other_referential(&credential, ui) {
        eprint!("{warning}");
    }
    let signer = seal::signer(&args.key, ui)?;
    let method = format!("{}#{}", decision.issuer.id, args.key_name);
    let kid = format!("{method}{}", did::JWK);
    let token = jws::sign(&credential, "vc+jwt", "vc", &kid, signer.as_ref()).map_err(refuse)?;
    let mut contents = Contents {
        credential: token,
        log_proof: None,
    };
    // What has no page is neither written nor entered in the log, which forgets nothing.
    for lang in [Lang::Fr, Lang::En] {
        typeset(&contents, lang).map_err(refuse)?;
    }
    let token = contents.credential.as_bytes();
    write(&args.out, "certificate.jwt", token, ui)?;
    if signer.public().algorithm() == Algorithm::Ed25519 {
        let at = decision.valid_from;
        let secured = proof::add(&credential, &method, "assertionMethod", at, signer.as_ref());
        let secured = serde_json::to_string_pretty(&secured.map_err(refuse)?).unwrap_or_default();
        write(
            &args.out,
            "certificate.json",
            (secured + "\n").as_bytes(),
            ui,
        )?;
    }
    if let (Some(dir), Some(key)) = (&args.log, &args.log_key) {
        let key = seal::signer(key, ui)?;
        let proof = enter(&credential, dir, &decision.log.origin, key.as_ref()).map_err(refuse)?;
        write(&args.out, "certificate.tlog-proof", proof.as_bytes(), ui)?;
        contents.log_proof = Some(proof);
    }
    let badge = open_badge::write(&credential);
    let badge = jws::sign(&badge, "vc+jwt", "vc", &kid, signer.as_ref()).map_err(refuse)?;
    write(&args.out, "open-badge.jwt", badge.as_bytes(), ui)?;
    for (lang, name) in [
        (Lang::Fr, "certificate.fr.pdf"),
        (Lang::En, "certificate.en.pdf"),
    ] {
        let page = typeset(&contents, lang).map_err(refuse)?;
        write(&args.out, name, &page, ui)?;
    }
    Ok(0)
}

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

fn enter(
    credential: &Value,
    dir: &Path,
    origin: &str,
    key: &dyn Signer,
) -> cocarde_seal::Result<String> {
    let mut log = Log::open(dir, origin, key)?;
    let index = log.append(&[credential::log_entry(credential)])?;
    let proof = LogProof::new(&mut log.tree(), index, read_checkpoint(dir)?)?;
    Ok(proof.write())
}

fn write(dir: &Path, name: &str, bytes: &[u8], ui: &Ui) -> Result<(), Message> {
    let path = dir.join(name);
    seal::write(&path, bytes, ui)?;
    println!("{}", path.display());
    Ok(())
}
