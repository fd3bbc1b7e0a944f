//! The register of a whole scheme in one signed file: numbered, with the day the
//! next one is due and the dated status history of every certificate (the pattern
//! of the FIDO Metadata Service).

use crate::credential;
use crate::json;
use crate::jws;
use crate::signer::Signer;
use crate::time::{self, Timestamp};
use crate::verify::State;
use crate::{Refusal, Result};
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
    let file: File = toml::from_str(text).map_err(|e| {
        refused(
            format!("historique illisible : {e}"),
            format!("unreadable history: {e}"),
        )
    })?;
    for c in &file.changes {
        time::read(&c.from).map_err(|r| r.at(&c.certificate))?;
        if !State::ALL.iter().any(|s| s.code() == c.status) {
            let (n, s) = (&c.certificate, &c.status);
            return Err(refused(
                format!("{n} : statut « {s} » inconnu"),
                format!("{n}: unknown status `{s}`"),
            ));
        }
    }
    Ok(file.changes)
}

/// Writes a register: the certificates with their history, oldest change first.
/// Errors: a certificate given twice, or a change of one that is not there.
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
        mine.sort_by(|a, b| a.from.cmp(&b.from));
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
    Ok(json!({
        "iss": issuer, "no": number, "made": time::write(made), "nextUpdate": time::write(next),
        "entries": by_number.iter().map(entry).collect::<Value>(),
    }))
}

/// Signs a register.
pub fn sign(register: &Value, kid: &str, by: &dyn Signer) -> Result<String> {
    jws::sign(register, TYPE, "json", kid, by)
}

/// Checks that a register continues an older one: a higher number, no certificate
/// gone, no past change rewritten.
pub fn continues(new: &Value, old: &Value) -> Result<()> {
    let number = |r: &Value| r["no"].as_u64().unwrap_or(0);
    if number(new) <= number(old) || new["iss"] != old["iss"] {
        let (n, o) = (number(new), number(old));
        return Err(refused(
            format!("registre n° {n} présenté après le n° {o}"),
            format!("register No. {n} presented after No. {o}"),
        ));
    }
    let entries = |r: &Value| r["entries"].as_array().cloned().unwrap_or_default();
    let (before, after) = (entries(old), entries(new));
    let now: BTreeMap<String, &Value> =
        after.iter().map(|e| (e["number"].to_string(), e)).collect();
    let mut gone = BTreeSet::new();
    for e in &before {
        let kept = now.get(&e["number"].to_string()).is_some_and(|n| {
            let reports = |e: &Value| e["statusReports"].as_array().cloned().unwrap_or_default();
            n["sha256"] == e["sha256"] && reports(n).starts_with(&reports(e))
        });
        if !kept {
            gone.insert(e["number"].as_str().unwrap_or("?").to_owned());
        }
    }
    if gone.is_empty() {
        return Ok(());
    }
    let list = gone.into_iter().collect::<Vec<_>>().join(", ");
    Err(refused(
        format!("le passé du registre a changé : {list}"),
        format!("the register's past has changed: {list}"),
    ))
}
