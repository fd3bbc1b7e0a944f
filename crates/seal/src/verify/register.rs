//! Says of the register of a scheme what is proven: by whom, its number, until when
//! it speaks, how its certificates stand.

use super::{Answer, Level, State, Subject, Trust, known};
use crate::jws::Jws;
use crate::register::{self, Register};
use crate::time::{self, Timestamp};
use crate::{Refusal, Result, counted};
use std::fmt::Write;

/// What is put before the verifier.
pub struct RegisterInput<'a> {
    /// The register (compact JWS).
    pub file: &'a [u8],
    /// One that the reader saw before.
    pub previous: Option<&'a [u8]>,
    /// When to answer for.
    pub at: Timestamp,
}

/// Verifies a register.
pub fn verify_register(input: &RegisterInput, trust: &Trust) -> Answer {
    let mut answer = Answer::new(input.at);
    answer.subject = Subject::Register;
    if let Err(refusal) = run(input, trust, &mut answer) {
        answer.refuse(refusal);
    }
    answer
}

fn run(input: &RegisterInput, trust: &Trust, answer: &mut Answer) -> Result<()> {
    let (jws, read, key) = open(input.file, trust)?;
    answer.signed_by(&read.issuer, &key);
    said(&read, input.at, answer);
    match input.previous {
        None => answer.say(
            Level::NotProven,
            "previous",
            "que rien n'ait été retiré d'un registre plus ancien : aucun n'a été donné",
            "that nothing was taken out of an older register: none was given",
        ),
        Some(previous) => {
            let place = |r: Refusal| r.at("registre précédent / previous register");
            let (same, before, _) = open(previous, trust).map_err(place)?;
            let changed = match jws.payload == same.payload {
                true => Vec::new(),
                false => register::continues(&read, &before)?,
            };
            continued(before.number, &changed, answer);
        }
    }
    due(&read, input.at, answer)
}

/// That it continues the register of that number, and whose past was changed since.
fn continued(number: u64, changed: &[&str], answer: &mut Answer) {
    let (mut fr, mut en) = (
        format!("suite du n° {number} : aucun certificat ôté"),
        format!("continues No. {number}: no certificate taken out"),
    );
    if changed.is_empty() {
        fr += ", aucun statut passé réécrit";
        en += ", no past status rewritten";
    }
    answer.say(Level::Proven, "continues", fr, en);
    if !changed.is_empty() {
        let list = changed.join(", ");
        answer.say(
            Level::Caution,
            "back-dated",
            format!(
                "statut changé après coup, à une date où le n° {number} en disait un autre : {list}"
            ),
            format!(
                "status changed afterwards, from a date at which No. {number} told another: {list}"
            ),
        );
    }
}

/// Reads a register that a trusted issuer signed; gives the name of its key too.
fn open(file: &[u8], trust: &Trust) -> Result<(Jws, Register, String)> {
    let jws = register::token(file)?;
    let document = known(register::claimed(&jws), trust)?;
    let signed = Register::signed(&jws, document)?;
    let name = signed.told_by()?.id.clone();
    let read = signed.register;
    Ok((jws, read, name))
}

/// Its number, its date, and how many certificates stand how.
fn said(read: &Register, at: Timestamp, answer: &mut Answer) {
    let (number, (made_fr, made_en)) = (read.number, time::words(read.made));
    answer.say(
        Level::Proven,
        "number",
        format!("registre n° {number}, établi le {made_fr}"),
        format!("register No. {number}, made on {made_en}"),
    );
    let (mut fr, mut en) = (String::new(), String::new());
    for (state, count) in read.tally(at) {
        let (name_fr, name_en) = state.words();
        let _ = write!(fr, ", {name_fr} : {count}");
        let _ = write!(en, ", {name_en}: {count}");
    }
    let count = read.entries.len();
    answer.say(
        Level::Proven,
        "entries",
        counted::fr(count, "certificat inscrit", "certificats inscrits") + &fr,
        counted::en(count, "certificate entered", "certificates entered") + &en,
    );
}

/// Whether it speaks of that moment.
fn due(read: &Register, at: Timestamp, answer: &mut Answer) -> Result<()> {
    let ((made_fr, made_en), (next_fr, next_en)) = (time::words(read.made), time::words(read.next));
    if at < read.made {
        answer.state = State::NotYetValid;
        return Err(Refusal::new(
            "register-later",
            format!("établi le {made_fr}, après le moment demandé"),
            format!("made on {made_en}, after the moment asked about"),
        ));
    }
    if at >= read.next {
        answer.state = State::Expired;
        return Err(Refusal::new(
            "register-stale",
            format!("registre périmé : le suivant était dû le {next_fr}"),
            format!("register stale: the next one was due on {next_en}"),
        ));
    }
    read.claims.hold(at)?;
    read.claims
        .until
        .into_iter()
        .for_each(|end| answer.ends(end));
    answer.ends(read.next);
    answer.say(
        Level::Proven,
        "next-update",
        format!("le registre suivant est dû le {next_fr}"),
        format!("the next register is due on {next_en}"),
    );
    answer.say(
        Level::NotProven,
        "latest",
        "qu'aucun registre plus récent n'ait été publié d'ici là",
        "that no newer register was published meanwhile",
    );
    Ok(())
}
