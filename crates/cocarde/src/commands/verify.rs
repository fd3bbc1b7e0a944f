//! `cocarde verify`

mod find;
mod replay;
mod say;

use crate::seal;
use crate::ui::{Message, Ui};
use clap::ValueEnum;
use cocarde_certificate::{Lang as Printed, screen};
use cocarde_seal::badge::{Badge, Theme};
use cocarde_seal::register::is_register;
use cocarde_seal::time::Timestamp;
use cocarde_seal::verify::{Answer, Input, Level, Outcome, RegisterInput, Trust};
use cocarde_seal::verify::{verify, verify_register};
use cocarde_seal::{Refusal, json};
use find::Found;
use std::path::{Path, PathBuf};

/// Verify a certificate, or the register of a scheme: exit code 0 valid, 3 with reserve,
/// 1 refused, 2 error.
#[derive(clap::Args)]
pub struct Args {
    /// A file (JWT, JSON, PDF, register), an address, or the text of a QR code.
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
    /// Of a register: one seen before, which it must continue.
    #[arg(long)]
    previous: Option<PathBuf>,
    /// Ask nothing of the network.
    #[arg(long)]
    offline: bool,
    /// The dossier assessed: evaluate it again and compare bytes.
    #[arg(long)]
    replay: Option<PathBuf>,
    /// The referential to evaluate it against, by name or directory; that of the certificate
    /// by default, if it ships with the program.
    #[arg(long, requires = "replay")]
    referential: Option<String>,
    /// Form of the answer.
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Write the badges of the certificate's state into this directory.
    #[arg(long)]
    badges: Option<PathBuf>,
    /// Write the page of the certificate's state into this directory.
    #[arg(long)]
    page: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let at = seal::now(args.at);
    let trust = Trust::read(&seal::read(&args.trust, ui)?)
        .map_err(|r| seal::refuse_in(&args.trust, r, ui))?;
    let mut answer = match find::find(&args, ui)? {
        Ok(found) if is_register(&found.credential) && found.digest.is_some() => {
            Answer::refused(at, other_than_the_code())
        }
        Ok(found) if is_register(&found.credential) => {
            register(&args, &found.credential, at, &trust, ui)?
        }
        Ok(_) if args.previous.is_some() => return Err(misplaced("--previous", ui)),
        Ok(found) => answer(&args, &found, at, &trust, ui)?,
        Err(refusal) => Answer::refused(at, refusal),
    };
    let replay = |dir: &PathBuf| replay::replay(&mut answer, &args, dir, ui);
    let unreplayed = args.replay.as_ref().and_then(replay);
    say::print(&answer, args.format, ui);
    if let Some(dir) = &args.badges {
        badges(&answer, dir, ui)?;
    }
    if let Some(dir) = &args.page {
        for (lang, name) in [
            (Printed::Fr, "index.fr.html"),
            (Printed::En, "index.en.html"),
        ] {
            seal::write(&dir.join(name), screen(&answer, lang).as_bytes(), ui)?;
        }
    }
    match (answer.outcome(), unreplayed) {
        (Outcome::Refused, _) => Ok(1),
        // What was asked for was not done.
        (_, Some(why)) => Err(why),
        (Outcome::Valid, None) => Ok(0),
        (Outcome::WithReserve, None) => Ok(3),
    }
}

fn misplaced(option: &str, ui: &Ui) -> Message {
    ui.error(
        &format!("{option} n'a pas de sens ici"),
        &format!("{option} has no meaning here"),
    )
}

fn register(
    args: &Args,
    file: &[u8],
    at: Timestamp,
    trust: &Trust,
    ui: &Ui,
) -> Result<Answer, Message> {
    let given = [
        ("--proof", args.proof.is_some()),
        ("--status", !args.status.is_empty()),
        ("--replay", args.replay.is_some()),
        ("--badges", args.badges.is_some()),
        ("--page", args.page.is_some()),
    ];
    if let Some((option, _)) = given.iter().find(|(_, given)| *given) {
        return Err(misplaced(option, ui));
    }
    let previous = args.previous.as_ref().map(|p| seal::read(p, ui));
    let previous = previous.transpose()?;
    let previous = previous.as_deref();
    Ok(verify_register(
        &RegisterInput { file, previous, at },
        trust,
    ))
}

fn answer(
    args: &Args,
    found: &Found,
    at: Timestamp,
    trust: &Trust,
    ui: &Ui,
) -> Result<Answer, Message> {
    let (mut lists, unreadable) = find::given(&args.status, ui)?;
    let ask = |lists: &_| {
        let input = Input {
            credential: &found.credential,
            log_proof: found.proof.as_deref(),
            lists,
            at,
        };
        verify(&input, trust)
    };
    let mut answer = ask(&lists);
    // Nobody's lists are asked for before the certificate is known to be theirs.
    let mut unreached = Vec::new();
    let renewed = !answer.stale_lists.is_empty();
    if !args.offline && (answer.outcome() != Outcome::Refused || renewed) {
        unreached = find::reach(&mut lists, &answer, found.near, ui);
        answer = ask(&lists);
    }
    for url in unreached {
        let (fr, en) = (
            format!("liste non atteinte : {url}"),
            format!("list not reached: {url}"),
        );
        answer.say(Level::NotProven, "unreached", fr, en);
    }
    unreadable.into_iter().for_each(|r| answer.refuse(r));
    match (&found.digest, &found.address) {
        (Some(digest), _) => expected(&mut answer, digest),
        (None, Some(address)) => elsewhere(&mut answer, address),
        (None, None) => {}
    }
    Ok(answer)
}

/// Says of a certificate that another address than its own served it: whoever asked for
/// one must not take another for it.
fn elsewhere(answer: &mut Answer, address: &str) {
    let Some(credential) = &answer.credential else {
        return;
    };
    let own = json::text(credential, &["id"]).unwrap_or("?");
    if own != address {
        let fr = format!("ce certificat est celui de {own}, et non celui de l'adresse demandée");
        let en = format!("this certificate is that of {own}, and not that of the address asked");
        answer.say(Level::Caution, "address", fr, en);
    }
}

fn expected(answer: &mut Answer, digest: &str) {
    let Some(credential) = &answer.credential else {
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
    answer.refuse(other_than_the_code());
}

/// What an address served is not what the code printed on a page leads to.
fn other_than_the_code() -> Refusal {
    Refusal::new(
        "qr",
        "ce certificat n'est pas celui du code QR",
        "this certificate is not that of the QR code",
    )
}

/// The badges that a page shows until the next verification.
fn badges(answer: &Answer, dir: &Path, ui: &Ui) -> Result<(), Message> {
    let credential = answer.credential.clone().unwrap_or_default();
    let text = |path: &[&str]| json::text(&credential, path).unwrap_or("?");
    let of = |name: &str| text(&["credentialSubject", "scope", name]);
    for lang in ["fr", "en"] {
        let badge = Badge {
            issuer: text(&["issuer", "name"]),
            scheme: of("name"),
            version: of("version"),
            link: text(&["id"]),
            number: text(&["credentialSubject", "name"]),
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
