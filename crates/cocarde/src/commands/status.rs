//! `cocarde status`

mod begun;
mod change;

use crate::seal::{self, Batch, Ours};
use crate::ui::{Message, Ui};
use change::{Change, change};
use clap::Subcommand;
use cocarde_seal::address::askable;
use cocarde_seal::data_model::check_credential;
use cocarde_seal::status::{self, Bitstring, Entry, Purpose};
use cocarde_seal::time::{self, Timestamp};
use cocarde_seal::verify::Secured;
use cocarde_seal::{Refusal, did, json, jws};
use std::path::PathBuf;

/// Status lists: withdrawn, suspended, contested…
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sign the three lists: the first ones, or the next ones from those published.
    Publish {
        /// Directory of the lists.
        dir: PathBuf,
        /// Address under which it is published.
        #[arg(long)]
        base: String,
        /// The issuer (did:web:…).
        #[arg(long)]
        did: String,
        /// The issuer's key.
        #[arg(long)]
        key: String,
        /// The key's name in the issuer's DID document.
        #[arg(long)]
        key_name: String,
        /// The issuer's DID document: which keys signed before, and that this one has not
        /// ended.
        #[arg(long)]
        document: PathBuf,
        /// Take up what a key signed that was stolen or had ended by then: it was compared
        /// with records of your own.
        #[arg(long)]
        vouch: bool,
        /// Change a certificate's status: INDEX=STATE, where STATE is valid, revoked,
        /// suspended, contested, scope-reduced or under-surveillance; `+` joins
        /// several (42=contested+under-surveillance).
        #[arg(long = "set", value_parser = change)]
        changes: Vec<Change>,
        /// When the lists are made.
        #[arg(long, value_parser = seal::moment)]
        at: Option<Timestamp>,
        /// When the next ones are due.
        #[arg(long, value_parser = seal::moment)]
        until: Timestamp,
    },
}

pub fn run(args: Args, ui: &Ui) -> Result<u8, Message> {
    let refuse = |r| seal::refuse(ui, &r);
    let Command::Publish {
        dir,
        base,
        did,
        key,
        key_name,
        document,
        vouch,
        changes,
        at,
        until,
    } = args.command;
    let signer = seal::signer(&key, ui)?;
    let at = seal::now(at);
    if until <= at {
        return Err(ui.error("--until doit suivre --at", "--until must come after --at"));
    }
    once(&changes, ui)?;
    if !askable(&base) {
        return Err(ui.error(
            &format!("--base : « {base} » n'est demandé par personne (https://… attendu)"),
            &format!("--base: nobody asks `{base}` (https://… expected)"),
        ));
    }
    let _alone = seal::alone(&dir, ui)?;
    let kid = format!("{did}#{key_name}{}", did::JWK);
    let document = seal::may_sign(&document, &did, &key_name, signer.as_ref(), [at, at], ui)?;
    let ours = Ours::new(document, vouch);
    begun::finish(&dir, &base, &ours, ui)?;
    let there = Purpose::ALL.map(|p| dir.join(p.name()).exists());
    if there.contains(&true) && there.contains(&false) {
        let (fr, en) = (
            "une liste manque : remettez-la, une liste vide tiendrait pour valide ce qui fut retiré",
            "a list is missing: put it back, an empty one would hold for valid what was withdrawn",
        );
        let dir = dir.display();
        return Err(ui.error(&format!("{dir} : {fr}"), &format!("{dir}: {en}")));
    }
    let address = |purpose: Purpose| format!("{base}{}", purpose.name());
    let mut lists = Vec::new();
    for purpose in Purpose::ALL {
        let path = dir.join(purpose.name());
        let list = match path.exists() {
            false => (Bitstring::new(0, purpose.size()), None),
            true => published(&seal::read(&path, ui)?, &address(purpose), purpose, &ours)
                .map_err(|r| seal::refuse_in(&path, r, ui))?,
        };
        lists.push(list);
    }
    if !vouch {
        let days: Vec<_> = lists.iter().map(|(_, day)| *day).collect();
        latest(&days, at).map_err(|r| seal::refuse_in(&dir, r, ui))?;
    }
    // All three are signed before one takes its name; what a crash leaves between these is
    // finished by the next run.
    let mut batch = Batch::default();
    for (purpose, (mut list, _)) in Purpose::ALL.into_iter().zip(lists) {
        let (path, url) = (dir.join(purpose.name()), address(purpose));
        for c in &changes {
            set(&mut list, purpose, c, ui)?;
        }
        let credential = status::credential(&did, &url, purpose, &list, at, until);
        // What our own reader would refuse is never signed.
        check_credential(&credential).map_err(refuse)?;
        let token =
            jws::sign(&credential, "vc+jwt", "vc", &kid, signer.as_ref()).map_err(refuse)?;
        batch.write(&path, token.as_bytes(), ui)?;
    }
    for path in batch.publish(ui)? {
        println!("{}", path.display());
    }
    Ok(0)
}

/// Checks that no certificate's status is given twice: the last would stand alone.
fn once(changes: &[Change], ui: &Ui) -> Result<(), Message> {
    let twice = |(i, c): (usize, &Change)| changes[..i].iter().any(|d| d.index == c.index);
    let Some((_, c)) = changes.iter().enumerate().find(|c| twice(*c)) else {
        return Ok(());
    };
    let index = c.index;
    Err(ui.error(
        &format!(
            "--set {index} donné deux fois : joignez les états par « + » (contested+suspended)"
        ),
        &format!("--set {index} given twice: join the states with `+` (contested+suspended)"),
    ))
}

/// Checks that the published lists are the last ones: all of one day, as they are always
/// signed, and not of a later one than the next.
fn latest(days: &[Option<Timestamp>], at: Timestamp) -> Result<(), Refusal> {
    let (first, last) = (days.iter().min(), days.iter().max());
    let words = |day: Option<&Option<Timestamp>>| match day.copied().flatten() {
        Some(day) => time::words(day),
        None => ("sans date".into(), "no date".into()),
    };
    let ((first_fr, first_en), (last_fr, last_en)) = (words(first), words(last));
    if first != last {
        return Err(Refusal::new(
            "status-mixed",
            format!(
                "des listes de jours différents ({first_fr}, {last_fr}) : une ancienne, qui \
                 oublierait des retraits, y a été remise, ou une publication s'est interrompue \
                 et les siennes ont été ôtées ; remettez les dernières, ou ajoutez --vouch si vos \
                 archives n'en ont pas d'autres"
            ),
            format!(
                "lists of different days ({first_en}, {last_en}): an old one, which would forget \
                 withdrawals, was put back, or a publication was interrupted and its lists taken \
                 away; put the last ones back, or add --vouch if your own records have no others"
            ),
        ));
    }
    if last.copied().flatten().is_some_and(|last| at < last) {
        return Err(Refusal::new(
            "status-later",
            format!(
                "les listes publiées sont du {last_fr}, après --at ; ajoutez --vouch si cette date est une erreur"
            ),
            format!(
                "the published lists are of {last_en}, after --at; add --vouch if that date is a mistake"
            ),
        ));
    }
    Ok(())
}

/// The list that is published, and its day. Errors: it is not the label's, or is another
/// list.
fn published(
    bytes: &[u8],
    url: &str,
    purpose: Purpose,
    ours: &Ours,
) -> Result<(Bitstring, Option<Timestamp>), Refusal> {
    let secured = Secured::read(bytes)?;
    let list = ours.list(&secured)?;
    let first = Entry {
        purpose: purpose.name().to_owned(),
        list: url.to_owned(),
        index: 0,
        size: purpose.size(),
    };
    first.value(list)?;
    let text = json::text(list, &["credentialSubject", "encodedList"]).unwrap_or_default();
    let day = json::text(list, &["validFrom"])
        .map(time::read)
        .transpose()?;
    Ok((Bitstring::decode(text, purpose.size())?, day))
}

fn set(list: &mut Bitstring, purpose: Purpose, c: &Change, ui: &Ui) -> Result<(), Message> {
    let refuse = |r| seal::refuse(ui, &r);
    let value = match purpose {
        Purpose::Revocation => u64::from(c.revoked),
        Purpose::Suspension => u64::from(c.suspended),
        Purpose::Message => c.flags,
    };
    let before = list.get(c.index).map_err(refuse)?;
    if purpose == Purpose::Revocation && before == 1 && value == 0 {
        let (fr, en) = (
            "un certificat retiré l'est pour de bon",
            "a withdrawn certificate stays so",
        );
        return Err(ui.error(
            &format!("{} : {fr}", c.index),
            &format!("{}: {en}", c.index),
        ));
    }
    list.set(c.index, value).map_err(refuse)
}
