//! Says of a certificate what is proven, by whom, since when, what is not, and how
//! it stands at a given time; everything that it reads comes in as an argument.

mod answer;
mod listed;
mod register;
mod secured;
mod state;
mod trust;

pub use answer::Answer;
use listed::AsOf;
pub use register::{RegisterInput, verify_register};
pub use secured::Secured;
pub use state::{Level, Outcome, StaleList, State, Statement, Subject};
pub use trust::Trust;

use crate::credential::log_entry;
use crate::data_model::check_credential;
use crate::did::DidDocument;
use crate::json;
use crate::log::proof::{LogProof, Logged, quorum};
use crate::status::{Entry, Message, Purpose};
use crate::time::{self, Timestamp};
use crate::{Refusal, Result};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is put before the verifier.
pub struct Input<'a> {
    /// The credential: compact JWS, or JSON with a Data Integrity proof.
    pub credential: &'a [u8],
    /// Its proof of inclusion in the log, if one is at hand.
    pub log_proof: Option<&'a str>,
    /// Status lists by address, each a signed credential.
    pub lists: &'a BTreeMap<String, Vec<u8>>,
    /// When to answer for.
    pub at: Timestamp,
}

/// Verifies a certificate.
pub fn verify(input: &Input, trust: &Trust) -> Answer {
    let mut answer = Answer::new(input.at);
    if let Err(refusal) = run(input, trust, &mut answer) {
        answer.refuse(refusal);
    }
    answer
}

fn run(input: &Input, trust: &Trust, answer: &mut Answer) -> Result<()> {
    let secured = Secured::read(input.credential)?;
    let credential = secured.credential();
    check_credential(credential)?;
    answer.credential = Some(credential.clone());
    let key = secured.signed_by(known(issuer(credential).unwrap_or_default(), trust)?)?;
    secured.holds(input.at)?;
    answer.signed(&secured, &key.id);
    let logged = in_log(input, trust, credential)?;
    let seen = logged.as_ref().and_then(|l| l.seen(trust.quorum));
    key.believed(seen)?;
    answer.logged(logged.as_ref(), trust.quorum);
    if let Some(logged) = &logged {
        apart(logged, trust, answer);
    }
    answer.scope();
    period(credential, input.at, answer)?;
    secured.until().into_iter().for_each(|end| answer.ends(end));
    let stale = status(input, trust, answer)?;
    answer.facts();
    // Said last: what is proven stays proven.
    answer.status_stale(&stale);
    Ok(())
}

fn issuer(credential: &Value) -> Option<&str> {
    let issuer = credential.get("issuer")?;
    issuer.as_str().or_else(|| json::text(issuer, &["id"]))
}

fn moment(credential: &Value, name: &str) -> Result<Option<Timestamp>> {
    let read = |v: &Value| time::read(v.as_str().unwrap_or_default()).map_err(|r| r.at(name));
    credential.get(name).map(read).transpose()
}

/// The document of an issuer. Errors: the reader does not trust it.
fn known<'a>(name: &str, trust: &'a Trust) -> Result<&'a DidDocument> {
    trust.issuer(name).ok_or_else(|| {
        Refusal::new(
            "unknown-issuer",
            format!("l'émetteur « {name} » n'est pas parmi ceux auxquels vous vous fiez"),
            format!("the issuer `{name}` is not among those you trust"),
        )
    })
}

fn in_log(input: &Input, trust: &Trust, credential: &Value) -> Result<Option<Logged>> {
    let Some(text) = input.log_proof else {
        // Whoever asks for witnesses is not served by leaving their word out.
        quorum(0, trust.quorum)?;
        return Ok(None);
    };
    let subject = [
        "credentialSubject",
        "sovereigntyCertification",
        "transparencyLog",
    ];
    let origin = json::text(credential, &subject).unwrap_or_default();
    let proof = LogProof::read(text)?;
    let log = trust.log(origin, &proof.checkpoint).ok_or_else(|| {
        Refusal::new(
            "unknown-log",
            format!("le journal « {origin} » n'est pas parmi ceux auxquels vous vous fiez"),
            format!("the log `{origin}` is not among those you trust"),
        )
    })?;
    let entry = log_entry(credential);
    let logged = proof.verify(&entry, log, &trust.witnesses, trust.quorum)?;
    for known in &trust.checkpoints {
        let same = known.origin == origin && known.size == logged.checkpoint.size;
        if same && known.root != logged.checkpoint.root {
            logged.checkpoint.continues(known, &[])?;
        }
    }
    Ok(Some(logged))
}

/// Says of the checkpoints that the reader keeps at other sizes that nothing ties them to
/// this one.
fn apart(logged: &Logged, trust: &Trust, answer: &mut Answer) {
    let now = &logged.checkpoint;
    let kept = trust.checkpoints.iter().filter(|k| k.origin == now.origin);
    let Some(other) = kept.filter(|k| k.size != now.size).map(|k| k.size).max() else {
        return;
    };
    let size = now.size;
    answer.say(
        Level::NotProven,
        "fork-unchecked",
        format!("que l'état à {size} entrées du journal et le vôtre, à {other}, soient d'un seul journal"),
        format!("that the state of the log at {size} entries and yours, at {other}, are of one log"),
    );
}

fn period(credential: &Value, at: Timestamp, answer: &mut Answer) -> Result<()> {
    let from = moment(credential, "validFrom")?;
    let until = moment(credential, "validUntil")?;
    if let Some(from) = from.filter(|&from| at < from) {
        answer.state = State::NotYetValid;
        let (fr, en) = time::words(from);
        return Err(Refusal::new(
            "not-yet-valid",
            format!("pas encore valide : à partir du {fr}"),
            format!("not valid yet: from {en}"),
        ));
    }
    if let Some(until) = until.filter(|&until| at >= until) {
        answer.state = State::Expired;
        let (fr, en) = time::words(until);
        return Err(Refusal::new(
            "expired",
            format!("expiré depuis le {fr}"),
            format!("expired since {en}"),
        ));
    }
    answer.period(from, until);
    Ok(())
}

/// Reads the certificate's entries in the lists; gives the lists whose validity is over.
fn status(input: &Input, trust: &Trust, answer: &mut Answer) -> Result<Vec<StaleList>> {
    let credential = answer.credential.clone().unwrap_or_default();
    let entries = Entry::all(&credential)?;
    // Of the lists that withdraw.
    let mut oldest: Option<AsOf> = None;
    let (mut all_known, mut withdrawable) = (true, false);
    let mut stale = Vec::new();
    for entry in &entries {
        let withdraws = [Purpose::Revocation, Purpose::Suspension]
            .iter()
            .any(|p| p.name() == entry.purpose);
        withdrawable |= withdraws;
        let Some(bytes) = input.lists.get(&entry.list) else {
            answer.status_unknown(&entry.purpose);
            all_known &= !withdraws;
            continue;
        };
        let (list, asof, until) = list(bytes, &credential, trust, input.at)?;
        let value = entry.value(&list)?;
        if withdraws {
            oldest = Some(oldest.map_or(asof, |o| o.min(asof)));
        }
        match until {
            None => answer.status_undated(&entry.purpose),
            Some(until) if input.at >= until => stale.push(StaleList {
                list: entry.list.clone(),
                purpose: entry.purpose.clone(),
                until,
            }),
            Some(until) => answer.ends(until),
        }
        match (entry.purpose.as_str(), value) {
            (_, 0) => {}
            ("revocation", _) => return Err(answer.withdrawn(State::Revoked, asof)),
            ("suspension", _) => return Err(answer.withdrawn(State::Suspended, asof)),
            ("message", flags) => {
                for m in Message::ALL.into_iter().filter(|m| flags & m.bit() != 0) {
                    answer.message(m, asof);
                }
                if flags >> Message::ALL.len() != 0 {
                    answer.status_unread(&entry.purpose, flags);
                }
            }
            (purpose, value) => answer.status_unread(purpose, value),
        }
    }
    match oldest {
        Some(date) if all_known => answer.status_known(date),
        _ if !withdrawable => answer.no_status(),
        _ => {}
    }
    Ok(stale)
}

type List = (Value, AsOf, Option<Timestamp>);

/// Opens a status list: signed by the certificate's own issuer, and not dated
/// after the moment one asks about. Gives the list, its day and until when it holds.
fn list(bytes: &[u8], credential: &Value, trust: &Trust, at: Timestamp) -> Result<List> {
    let place = "status list / liste de statut";
    let secured = Secured::read(bytes).map_err(|r| r.at(place))?;
    let list = secured.credential().clone();
    check_credential(&list).map_err(|r| r.at(place))?;
    if issuer(&list) != issuer(credential) {
        return Err(Refusal::new(
            "status-issuer",
            "la liste de statut vient d'un autre émetteur",
            "the status list comes from another issuer",
        ));
    }
    let from = moment(&list, "validFrom")?;
    let document = known(issuer(&list).unwrap_or_default(), trust);
    let told = document.and_then(|d| secured.told_by(d));
    told.map_err(|r| r.at(place))?;
    secured.begun(at).map_err(|r| r.at(place))?;
    if let Some(from) = from.filter(|&from| at < from) {
        let ((asked_fr, asked_en), (dated_fr, dated_en)) = (time::words(at), time::words(from));
        return Err(Refusal::new(
            "status-later",
            format!("la liste de statut ({dated_fr}) est postérieure au {asked_fr}"),
            format!("the status list ({dated_en}) is later than {asked_en}"),
        ));
    }
    let until = moment(&list, "validUntil")?.or_else(|| from?.checked_add(ttl(&list)?).ok());
    // A signature that ends before makes the list as old as a list past its own day.
    let until = until.into_iter().chain(secured.until()).min();
    Ok((list, from.map_or(AsOf::Undated, AsOf::Day), until))
}

/// How long a list says that it may be kept (`ttl`, in milliseconds). A list that says
/// until when it is valid needs none: its issuer bounds it itself.
fn ttl(list: &Value) -> Option<jiff::SignedDuration> {
    let ttl = list.get("credentialSubject")?.get("ttl")?.as_u64()?;
    i64::try_from(ttl)
        .ok()
        .map(jiff::SignedDuration::from_millis)
}
