//! The dossier evaluated again, on the same day against the same referential.

use super::Args;
use crate::commands::assess;
use crate::shipped;
use crate::ui::{Message, Ui};
use cocarde_model::Date;
use cocarde_report::Lang;
use cocarde_seal::verify::{Answer, Level, Outcome};
use cocarde_seal::{Refusal, json};
use sha2::{Digest, Sha256};
use std::path::Path;

/// What a certificate says of its assessment.
struct Terms {
    referential: String,
    profile: Option<String>,
    day: Date,
    digest: String,
}

/// Evaluates the dossier again and says whether the bytes are those decided upon. What keeps
/// it from being evaluated is given back, and the answer says that nothing is shown: the
/// answer itself is told first.
pub fn replay(answer: &mut Answer, args: &Args, dir: &Path, ui: &Ui) -> Option<Message> {
    // What nobody known signed must not choose what is read here.
    if answer.outcome() == Outcome::Refused {
        undone(
            answer,
            "le certificat est refusé",
            "the certificate is refused",
        );
        return None;
    }
    match terms(answer, args, ui).and_then(|terms| same(&terms, dir, ui)) {
        Ok(true) => answer.say(
            Level::Proven,
            "replay",
            "l'évaluation, rejouée sur le dossier, donne les mêmes octets",
            "the assessment, replayed on the dossier, gives the same bytes",
        ),
        Ok(false) => answer.refuse(Refusal::new(
            "replay",
            "l'évaluation, rejouée sur ce dossier, diffère de celle de la décision",
            "the assessment, replayed on this dossier, differs from that of the decision",
        )),
        Err(why) => {
            undone(
                answer,
                "elle n'a pu l'être, et la raison en est donnée",
                "it could not be, for the reason given",
            );
            return Some(why);
        }
    }
    None
}

/// Says that the assessment was not replayed.
fn undone(answer: &mut Answer, fr: &str, en: &str) {
    let (fr, en) = (
        format!("l'évaluation n'a pas été rejouée : {fr}"),
        format!("the assessment was not replayed: {en}"),
    );
    answer.say(Level::NotProven, "replay", fr, en);
}

/// Whether the dossier gives the assessment decided upon.
fn same(terms: &Terms, dir: &Path, ui: &Ui) -> Result<bool, Message> {
    // What the analyses note is written in the language of whoever assessed; what is wrong is
    // said in that of whoever asks.
    let other = match ui.lang {
        Lang::Fr => Lang::En,
        Lang::En => Lang::Fr,
    };
    for lang in [ui.lang, other] {
        let spoken = Ui { lang, ..*ui };
        let (name, profile) = (&terms.referential, terms.profile.as_deref());
        let text = assess::json(dir, name, profile, terms.day, &spoken)?;
        if json::hex(&Sha256::digest(&text)) == terms.digest {
            return Ok(true);
        }
    }
    Ok(false)
}

/// What the certificate says of its assessment. Errors: a term is missing or malformed, or
/// the referential is neither one that ships nor given.
fn terms(answer: &Answer, args: &Args, ui: &Ui) -> Result<Terms, Message> {
    let term = |name: &str| {
        let path = ["credentialSubject", "sovereigntyCertification", name];
        let found = answer
            .credential
            .as_ref()
            .and_then(|c| json::text(c, &path));
        found.map(str::to_owned)
    };
    let needed = |name: &str| {
        let missing = || {
            ui.error(
                &format!("--replay : rien à rejouer, ce certificat ne dit pas « {name} »"),
                &format!("--replay: nothing to replay, this certificate does not say `{name}`"),
            )
        };
        term(name).ok_or_else(missing)
    };
    let (named, day) = (needed("referentialName")?, needed("assessedOn")?);
    Ok(Terms {
        digest: needed("assessmentDigest")?,
        profile: term("referentialProfile"),
        day: day.parse().map_err(|_| {
            ui.error(
                &format!(
                    "assessedOn, dans le certificat : « {day} » n'est pas un jour (AAAA-MM-JJ)"
                ),
                &format!("assessedOn, in the certificate: `{day}` is not a day (YYYY-MM-DD)"),
            )
        })?,
        referential: match &args.referential {
            Some(given) => given.clone(),
            None => shipped_name(named, ui)?,
        },
    })
}

/// The name that a certificate gives its referential, if it is that of one that ships: a
/// certificate names no directory of the reader's.
fn shipped_name(name: String, ui: &Ui) -> Result<String, Message> {
    match shipped::names().contains(&name.as_str()) {
        true => Ok(name),
        false => Err(ui.error(
            &format!(
                "--replay : le référentiel « {name} » n'est pas de ceux qui sont livrés ici ; \
                 donnez-le par --referential RÉPERTOIRE"
            ),
            &format!(
                "--replay: the referential `{name}` is not among those that ship here; give it \
                 with --referential DIRECTORY"
            ),
        )),
    }
}
