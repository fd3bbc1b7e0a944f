//! `cocarde verify`

use crate::commands::assess;
use crate::seal;
use crate::ui::{Message, Ui};
use clap::ValueEnum;
use cocarde_report::{Lang, Paint};
use cocarde_seal::badge::{Badge, Theme};
use cocarde_seal::json;
use cocarde_seal::status::Entry;
use cocarde_seal::time::Timestamp;
use cocarde_seal::verify::{Answer, Input, Level, Outcome, Secured, Trust, verify};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Verify a certificate: exit code 0 valid, 3 with reserve, 1 refused, 2 error.
#[derive(clap::Args)]
pub struct Args {
    /// A file (JWT, JSON, PDF), an address, or the text of a QR code.
    certificate: String,
    /// When to answer for; now by default.
    #[arg(long, value_parser = seal::moment)]
    at: Option<Timestamp>,
    /// Whom you trust (`cocarde keys trust`).
    #[arg(long)]
    trust: PathBuf,
    /// Status lists at hand.
    #[arg(long)]
    status: Vec<PathBuf>,
    /// Proof of entry in the log; the .tlog-proof beside the file by default.
    #[arg(long)]
    proof: Option<PathBuf>,
    /// Ask nothing of the network.
    #[arg(long)]
    offline: bool,
    /// The dossier assessed: evaluate it again and compare bytes.
    #[arg(long)]
    replay: Option<PathBuf>,
    /// Form of the answer.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write the badges of the certificate's state into this directory.
    #[arg(long)]
    badges: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// What was found under the name given.
struct Found {
    credential: Vec<u8>,
    proof: Option<String>,
    /// What a QR code says the digest of the credential is.
    digest: Option<String>,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let at = seal::now(args.at);
    let name = args.trust.display().to_string();
    let trust =
        Trust::read(&seal::read(&args.trust, ui)?).map_err(|r| seal::refuse(ui, &r.at(&name)))?;
    let mut found = find(&args, ui)?;
    if let Some(path) = &args.proof {
        found.proof = Some(seal::read_text(path, ui)?);
    }
    let (lists, unreached) = lists(&args, &found.credential, at, ui)?;
    let input = Input {
        credential: &found.credential,
        log_proof: found.proof.as_deref(),
        lists: &lists,
        at,
    };
    let mut answer = verify(&input, &trust);
    for url in unreached {
        let (fr, en) = (
            format!("liste non atteinte : {url}"),
            format!("list not reached: {url}"),
        );
        answer.say(Level::NotProven, "unreached", fr, en);
    }
    expected(&mut answer, found.digest.as_deref());
    if let Some(dir) = &args.replay {
        replay(&mut answer, dir, ui)?;
    }
    print(&answer, args.format, ui);
    if let Some(dir) = &args.badges {
        badges(&answer, dir, ui)?;
    }
    Ok(match answer.outcome() {
        Outcome::Valid => 0,
        Outcome::Refused => 1,
        Outcome::WithReserve => 3,
    })
}

fn find(args: &Args, ui: &Ui) -> Result<Found, Message> {
    let name = args.certificate.as_str();
    if !name.starts_with("https://") {
        return file(Path::new(name), ui);
    }
    let (url, digest) = match name.split_once("#sha256=") {
        Some((url, digest)) => (url, Some(digest.to_owned())),
        None => (name, None),
    };
    if args.offline {
        let (fr, en) = (
            "hors ligne, une adresse ne peut être lue",
            "offline, no address can be read",
        );
        return Err(ui.error(fr, en));
    }
    // A certificate's address serves its page; its credential and proof are beside it.
    let base = url.strip_suffix(".jwt").unwrap_or(url);
    let credential = seal::fetch(&format!("{base}.jwt"), ui)?;
    let proof = seal::fetch(&format!("{base}.tlog-proof"), ui).ok();
    Ok(Found {
        credential,
        proof: proof.and_then(|p| String::from_utf8(p).ok()),
        digest,
    })
}

fn file(path: &Path, ui: &Ui) -> Result<Found, Message> {
    let credential = seal::read(path, ui)?;
    if credential.starts_with(b"%PDF-") {
        let name = path.display().to_string();
        let page = cocarde_certificate::check(&credential);
        let page = page.map_err(|r| seal::refuse(ui, &r.at(&name)))?;
        return Ok(Found {
            credential: page.credential.into_bytes(),
            proof: page.log_proof,
            digest: None,
        });
    }
    let beside = path.with_extension("tlog-proof");
    let proof = beside
        .exists()
        .then(|| seal::read_text(&beside, ui))
        .transpose()?;
    Ok(Found {
        credential,
        proof,
        digest: None,
    })
}

type Lists = (BTreeMap<String, Vec<u8>>, Vec<String>);

/// The lists given, and those that can be reached.
fn lists(args: &Args, credential: &[u8], at: Timestamp, ui: &Ui) -> Result<Lists, Message> {
    let mut lists = BTreeMap::new();
    for path in &args.status {
        let bytes = seal::read(path, ui)?;
        let name = path.display().to_string();
        let list = Secured::read(&bytes, at).map_err(|r| seal::refuse(ui, &r.at(&name)))?;
        let id = json::text(list.credential(), &["id"]).unwrap_or_default();
        lists.insert(id.to_owned(), bytes);
    }
    let entries = Secured::read(credential, at).and_then(|s| Entry::all(s.credential()));
    let mut unreached = Vec::new();
    for entry in entries.unwrap_or_default() {
        if args.offline || lists.contains_key(&entry.list) {
            continue;
        }
        match seal::fetch(&entry.list, ui) {
            Ok(bytes) => _ = lists.insert(entry.list, bytes),
            Err(_) => unreached.push(entry.list),
        }
    }
    Ok((lists, unreached))
}

fn expected(answer: &mut Answer, digest: Option<&str>) {
    let (Some(digest), Some(credential)) = (digest, &answer.credential) else {
        return;
    };
    if json::hex(&cocarde_seal::credential::digest(credential)) == digest {
        return answer.say(
            Level::Proven,
            "qr",
            "ce certificat est bien celui du code QR",
            "this certificate is that of the QR code",
        );
    }
    answer.refuse(cocarde_seal::Refusal::new(
        "qr",
        "ce certificat n'est pas celui du code QR",
        "this certificate is not that of the QR code",
    ));
}

/// Evaluates the dossier again, on the same day against the same referential.
fn replay(answer: &mut Answer, dir: &Path, ui: &Ui) -> Result<(), Message> {
    let terms = answer.credential.as_ref();
    let terms = terms.map(|c| c["credentialSubject"]["sovereigntyCertification"].clone());
    let terms = terms.unwrap_or_default();
    let term = |name: &str| terms.get(name).and_then(Value::as_str);
    let (Some(referential), Some(day), Some(digest)) = (
        term("referentialName"),
        term("assessedOn"),
        term("assessmentDigest"),
    ) else {
        let (fr, en) = (
            "rien à rejouer dans ce certificat",
            "nothing to replay in this certificate",
        );
        answer.say(Level::NotProven, "replay", fr, en);
        return Ok(());
    };
    let day = day
        .parse()
        .map_err(|_| ui.error("assessedOn ?", "assessedOn?"))?;
    let mut same = false;
    // What the analyses note is written in the language of whoever assessed.
    for lang in [Lang::Fr, Lang::En] {
        let spoken = Ui { lang, ..*ui };
        let text = assess::json(dir, referential, term("referentialProfile"), day, &spoken)?;
        same |= json::hex(&Sha256::digest(&text)) == digest;
    }
    if same {
        answer.say(
            Level::Proven,
            "replay",
            "l'évaluation, rejouée sur le dossier, donne les mêmes octets",
            "the assessment, replayed on the dossier, gives the same bytes",
        );
        return Ok(());
    }
    answer.refuse(cocarde_seal::Refusal::new(
        "replay",
        "l'évaluation, rejouée sur ce dossier, diffère de celle de la décision",
        "the assessment, replayed on this dossier, differs from that of the decision",
    ));
    Ok(())
}

/// The badges that a page shows until the next verification.
fn badges(answer: &Answer, dir: &Path, ui: &Ui) -> Result<(), Message> {
    let credential = answer.credential.as_ref();
    let subject = credential
        .map(|c| c["credentialSubject"].clone())
        .unwrap_or_default();
    let text = |path: &[&str]| json::text(&subject, path).unwrap_or("?").to_owned();
    for lang in ["fr", "en"] {
        let badge = Badge {
            scheme: &text(&["scope", "name"]),
            number: &text(&["name"]),
            state: answer.state,
            on: answer.at.get(..10).unwrap_or_default(),
            lang,
        };
        for (name, svg) in [
            ("light", badge.full(Theme::Light)),
            ("dark", badge.full(Theme::Dark)),
            ("small-light", badge.small(Theme::Light)),
            ("small-dark", badge.small(Theme::Dark)),
        ] {
            let path = dir.join(format!("badge-{name}.{lang}.svg"));
            seal::write(&path, svg.as_bytes(), ui)?;
        }
    }
    Ok(())
}

fn print(answer: &Answer, format: Format, ui: &Ui) {
    if format == Format::Json {
        let mut value = serde_json::to_value(answer).unwrap_or_default();
        value["outcome"] = serde_json::to_value(answer.outcome()).unwrap_or_default();
        println!(
            "{}",
            serde_json::to_string_pretty(&value).unwrap_or_default()
        );
        return;
    }
    let (fr, en) = answer.state.words();
    let outcome = match answer.outcome() {
        Outcome::Valid => ui.say("CERTIFICAT VALIDE", "VALID CERTIFICATE"),
        Outcome::WithReserve => ui.say("VALIDE SOUS RÉSERVE", "VALID WITH RESERVE"),
        Outcome::Refused => ui.say("CERTIFICAT REFUSÉ", "CERTIFICATE REFUSED"),
    };
    println!("{}", bold(outcome, ui));
    println!("{} {} · {}", ui.say("au", "on"), answer.at, ui.say(fr, en));
    for (level, mark, title) in [
        (
            Level::Refused,
            "✗",
            ui.say("Refusé parce que", "Refused because"),
        ),
        (Level::Caution, "!", ui.say("À savoir", "To be known")),
        (Level::Proven, "✓", ui.say("Prouvé", "Proven")),
        (Level::NotProven, "?", ui.say("Non prouvé", "Not proven")),
    ] {
        let mut lines = answer
            .statements
            .iter()
            .filter(|s| s.level == level)
            .peekable();
        if lines.peek().is_some() {
            println!("\n{title}");
        }
        for s in lines {
            println!("  {mark} {}", ui.say(&s.fr, &s.en));
        }
    }
}

fn bold(text: &str, ui: &Ui) -> String {
    match ui.paint {
        Paint::Plain => text.to_owned(),
        Paint::Colour => format!("\u{1b}[1m{text}\u{1b}[0m"),
    }
}
