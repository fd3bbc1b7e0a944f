//! The register of a whole scheme in one signed file: numbered, with the day the
//! next one is due and the dated status history of every certificate (the pattern
//! of the FIDO Metadata Service).

mod shared;
mod signed;

pub use shared::{Common, Shared, shared};
pub use signed::Signed;

use crate::claims::Claims;
use crate::credential;
use crate::json;
use crate::jws::{self, Jws};
use crate::signer::Signer;
use crate::time::{self, Timestamp};
use crate::toml_file;
use crate::verify::State;
use crate::{Refusal, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Media type of the file, without `application/`.
pub const TYPE: &str = "certification-register+jwt";
/// Most bytes of the file once decoded.
pub const MAX_REGISTER: usize = 64 << 20;

/// A dated change of a certificate's status.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Number of the certificate.
    pub certificate: String,
    /// Its status from then on: `valid`, `suspended`, `revoked`, `contested`…
    pub status: String,
    /// From when.
    pub from: String,
    /// Why, for the public.
    pub reason: Option<String>,
}

fn refused(fr: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new("register", fr, en)
}

/// Reads a history: `[[change]]` tables in TOML.
pub fn read_history(text: &str) -> Result<Vec<Change>> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct File {
        #[serde(default, rename = "change")]
        changes: Vec<Change>,
    }
    let file: File = toml_file::read(text, "register")?;
    for c in &file.changes {
        let checked = time::read(&c.from).and_then(|_| state(&c.status));
        checked.map_err(|r| r.at(&c.certificate))?;
    }
    Ok(file.changes)
}

fn state(name: &str) -> Result<State> {
    let found = State::ALL.into_iter().find(|s| s.code() == name);
    found.ok_or_else(|| {
        refused(
            format!("statut « {name} » inconnu"),
            format!("unknown status `{name}`"),
        )
    })
}

/// Writes a register: the certificates with their history, oldest change first.
/// Errors: a certificate given twice, a change of one that is not there or from
/// before it began.
pub fn write(
    issuer: &str,
    number: u64,
    certificates: &[Value],
    history: &[Change],
    made: Timestamp,
    next: Timestamp,
) -> Result<Value> {
    let mut by_number: BTreeMap<&str, &Value> = BTreeMap::new();
    for c in certificates {
        let name = json::text(c, &["credentialSubject", "name"]).unwrap_or_default();
        if by_number.insert(name, c).is_some() {
            return Err(refused(
                format!("« {name} » donné deux fois"),
                format!("`{name}` given twice"),
            ));
        }
    }
    if let Some(c) = history
        .iter()
        .find(|c| !by_number.contains_key(c.certificate.as_str()))
    {
        let name = &c.certificate;
        return Err(refused(
            format!("l'historique parle de « {name} », absent des certificats"),
            format!("the history speaks of `{name}`, absent from the certificates"),
        ));
    }
    let entry = |(name, c): (&&str, &&Value)| {
        let text = |path: &[&str]| json::text(c, path).unwrap_or_default();
        let first = json!({"status": "valid", "effectiveDate": text(&["validFrom"])});
        let mut reports = vec![first];
        let mut mine: Vec<&Change> = history.iter().filter(|h| h.certificate == **name).collect();
        mine.sort_by_key(|h| time::read(&h.from).ok());
        for h in mine {
            let mut report = json!({"status": h.status, "effectiveDate": h.from});
            if let Some(reason) = &h.reason {
                report["reason"] = reason.as_str().into();
            }
            reports.push(report);
        }
        json!({
            "number": name, "id": text(&["id"]), "sha256": json::hex(&credential::digest(c)),
            "holder": text(&["credentialSubject", "issuedToParty", "name"]),
            "scope": text(&["credentialSubject", "description"]),
            "referential": text(&["credentialSubject", "scope", "id"]),
            "referentialVersion": text(&["credentialSubject", "scope", "version"]),
            "validFrom": text(&["validFrom"]), "validUntil": text(&["validUntil"]),
            "statusReports": reports,
        })
    };
    let register = json!({
        "iss": issuer, "no": number, "made": time::write(made), "nextUpdate": time::write(next),
        "entries": by_number.iter().map(entry).collect::<Value>(),
    });
    Register::read(&register)?;
    Ok(register)
}

/// Signs a register.
pub fn sign(register: &Value, kid: &str, by: &dyn Signer) -> Result<String> {
    jws::sign(register, TYPE, "json", kid, by)
}

/// A register, read and not verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Register {
    /// Who publishes it.
    pub issuer: String,
    /// Its number; each is higher than the one before.
    pub number: u64,
    /// When it was made.
    pub made: Timestamp,
    /// When the next one is due; it speaks of no later moment.
    pub next: Timestamp,
    /// The certificates, with their dated history.
    pub entries: Vec<Entry>,
    /// What its token says of itself.
    pub(crate) claims: Claims,
}

/// A certificate of a register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub number: String,
    /// Digest of its credential (SHA-256, hexadecimal).
    pub sha256: String,
    /// When it ends.
    pub until: Timestamp,
    /// Its statuses, oldest first.
    pub reports: Vec<Report>,
}

/// A status, from some moment on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// From when it held.
    pub from: Timestamp,
    /// The status.
    pub state: State,
    /// Why, for the public.
    pub reason: Option<String>,
}

/// Whether bytes are a register, by what their header says.
pub fn is_register(file: &[u8]) -> bool {
    let head = file.trim_ascii().split(|b| *b == b'.').next();
    let head = head.filter(|h| h.len() <= 16_384);
    let read = head.and_then(|h| URL_SAFE_NO_PAD.decode(h).ok());
    read.and_then(|h| json::parse(&h, 8192).ok())
        .is_some_and(|h| json::text(&h, &["typ"]) == Some(TYPE))
}

/// Reads the token of a register file, and nothing that it says. Errors: oversize, not a JWS
/// of that type.
pub fn token(file: &[u8]) -> Result<Jws> {
    let text = std::str::from_utf8(file).map_err(|_| refused("pas du texte", "not text"))?;
    let jws = jws::read_within(text.trim_ascii(), 2 * MAX_REGISTER)?;
    if jws.header_text("typ") != Some(TYPE) {
        let (fr, en) = ("ce n'est pas un registre", "this is not a register");
        return Err(refused(fr, en));
    }
    Ok(jws)
}

/// The issuer whose key a token says has signed it.
pub(crate) fn claimed(jws: &Jws) -> &str {
    let kid = jws.header_text("kid").unwrap_or_default();
    kid.split('#').next().unwrap_or_default()
}

fn missing(name: &str) -> Refusal {
    refused(
        format!("« {name} » manque ou est mal formé"),
        format!("`{name}` is missing or malformed"),
    )
}

fn text<'a>(value: &'a Value, name: &str) -> Result<&'a str> {
    json::text(value, &[name]).ok_or_else(|| missing(name))
}

fn moment(value: &Value, name: &str) -> Result<Timestamp> {
    time::read(text(value, name)?).map_err(|r| r.at(name))
}

fn list<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>> {
    let found = value.get(name).and_then(Value::as_array);
    found.ok_or_else(|| missing(name))
}

impl Register {
    /// Reads the payload of a register.
    pub fn read(value: &Value) -> Result<Register> {
        let number = value.get("no").and_then(Value::as_u64);
        let entries = list(value, "entries")?.iter().map(Entry::read);
        let read = Register {
            issuer: text(value, "iss")?.to_owned(),
            number: number.ok_or_else(|| missing("no"))?,
            made: moment(value, "made")?,
            next: moment(value, "nextUpdate")?,
            entries: entries.collect::<Result<_>>()?,
            claims: Claims::read(value, json::text(value, &["iss"]))?,
        };
        if read.next <= read.made {
            return Err(refused(
                "nextUpdate doit suivre made",
                "nextUpdate must come after made",
            ));
        }
        let mut seen = BTreeSet::new();
        match read.entries.iter().find(|e| !seen.insert(&e.number)) {
            Some(twice) => Err(refused(
                format!("« {} » inscrit deux fois", twice.number),
                format!("`{}` entered twice", twice.number),
            )),
            None => Ok(read),
        }
    }

    /// Whether that very certificate is entered.
    pub fn has(&self, certificate: &Value) -> bool {
        let digest = json::hex(&credential::digest(certificate));
        self.entries.iter().any(|e| e.sha256 == digest)
    }

    /// How many certificates stand how at that moment.
    pub fn tally(&self, at: Timestamp) -> BTreeMap<State, usize> {
        let mut counts = BTreeMap::new();
        for entry in &self.entries {
            *counts.entry(entry.state(at)).or_default() += 1;
        }
        counts
    }
}

impl Entry {
    fn read(value: &Value) -> Result<Entry> {
        let number = text(value, "number")?.to_owned();
        Entry::read_named(value, &number).map_err(|r| r.at(&number))
    }

    fn read_named(value: &Value, number: &str) -> Result<Entry> {
        let reports = list(value, "statusReports")?.iter().map(Report::read);
        let read = Entry {
            number: number.to_owned(),
            sha256: text(value, "sha256")?.to_owned(),
            until: moment(value, "validUntil")?,
            reports: reports.collect::<Result<_>>()?,
        };
        if !read.reports.is_sorted_by_key(|r| r.from) {
            return Err(refused(
                "les statuts ne sont pas dans l'ordre des dates, à partir du début du certificat",
                "the statuses are not in the order of dates, from the beginning of the certificate",
            ));
        }
        let mut after = read
            .reports
            .iter()
            .skip_while(|r| r.state != State::Revoked);
        match after.all(|r| r.state == State::Revoked) {
            true => Ok(read),
            false => Err(refused(
                "un certificat retiré l'est pour de bon",
                "a withdrawn certificate stays so",
            )),
        }
    }

    /// How the certificate stands at that moment.
    pub fn state(&self, at: Timestamp) -> State {
        let last = self.reports.iter().rev().find(|r| r.from <= at);
        let state = last.map_or(State::NotYetValid, |r| r.state);
        match at >= self.until {
            true => state.max(State::Expired),
            false => state,
        }
    }
}

impl Report {
    fn read(value: &Value) -> Result<Report> {
        Ok(Report {
            from: moment(value, "effectiveDate")?,
            state: state(text(value, "status")?)?,
            reason: json::text(value, &["reason"]).map(str::to_owned),
        })
    }
}

/// Checks that a register continues an older one: a higher number, not made earlier, no
/// certificate gone or given another end, no past change rewritten. Gives the certificates
/// whose past was changed all the same, by a change dated before the older one was made,
/// which did not tell of it.
pub fn continues<'a>(new: &'a Register, old: &Register) -> Result<Vec<&'a str>> {
    if new.number <= old.number || new.issuer != old.issuer || new.made < old.made {
        let (n, o) = (new.number, old.number);
        return Err(refused(
            format!("registre n° {n} présenté après le n° {o}"),
            format!("register No. {n} presented after No. {o}"),
        ));
    }
    let now: BTreeMap<&str, &Entry> = new.entries.iter().map(|e| (&*e.number, e)).collect();
    let (mut gone, mut changed) = (BTreeSet::new(), BTreeSet::new());
    for before in &old.entries {
        let kept = now.get(&*before.number).filter(|e| {
            let same = e.sha256 == before.sha256 && e.until == before.until;
            same && e.reports.starts_with(&before.reports)
        });
        match kept {
            None => _ = gone.insert(&*before.number),
            Some(kept) => {
                let mut added = kept.reports[before.reports.len()..].iter();
                if added.any(|r| r.from < old.made) {
                    changed.insert(&*kept.number);
                }
            }
        }
    }
    if gone.is_empty() {
        return Ok(changed.into_iter().collect());
    }
    let list = gone.into_iter().collect::<Vec<_>>().join(", ");
    Err(refused(
        format!("le passé du registre a changé : {list}"),
        format!("the register's past has changed: {list}"),
    ))
}
