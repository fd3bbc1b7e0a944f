//! The certificate as a W3C Verifiable Credential (Data Model 2.0) in the shape of
//! UN/CEFACT's Digital Conformity Credential, with origin and sovereignty terms in
//! a typed extension of our own.

use crate::data_model::{check_credential, is_url};
use crate::decision::{Decision, Party};
use crate::json::{self, MAX_DOCUMENT};
use crate::time;
use crate::{Refusal, Result, assessed, status};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Address of the extension's context.
pub const CONTEXT_URL: &str = "https://cocarde.example/ns/v1";
/// The extension's context, as it is published there.
pub const CONTEXT: &str = include_str!("../data/context-v1.jsonld");
/// Address of UNTP's context.
pub const UNTP_CONTEXT_URL: &str = "https://test.uncefact.org/vocabulary/untp/dcc/working/";
/// Address of the W3C context.
pub const W3C_CONTEXT_URL: &str = "https://www.w3.org/ns/credentials/v2";

/// UNTP's topics are a closed list; origin and sovereignty ride on this one.
const TOPIC: &str = "governance.compliance";

/// Code of what is wrong with an assessment, and not with the decision on it.
pub const ASSESSMENT: &str = "assessment";

/// Most bytes of an assessment.
pub const MAX_ASSESSMENT: usize = 64 << 20;

fn refused(fr: impl Into<String>, en: impl Into<String>) -> Refusal {
    Refusal::new("decision", fr, en)
}

/// Writes the credential that a decision grants; it is not signed yet.
///
/// `assessment` is the JSON of `cocarde assess --format json`, byte for byte.
/// Errors: it is not the one decided upon, it is not satisfied and the decision states no
/// derogation, it is under another version or of another applicant or offering, or a
/// freshness names a criterion it does not have.
pub fn write(decision: &Decision, assessment: &[u8]) -> Result<Value> {
    let found = json::hex(&Sha256::digest(assessment));
    if found != decision.assessment.sha256 {
        let want = &decision.assessment.sha256;
        return Err(refused(
            format!("l'évaluation jointe ({found}) n'est pas celle de la décision ({want})"),
            format!("the assessment given ({found}) is not that of the decision ({want})"),
        ));
    }
    let report = json::parse(assessment, MAX_ASSESSMENT).map_err(|r| Refusal {
        code: ASSESSMENT,
        ..r
    })?;
    let verdict = json::text(&report, &["verdict"]).unwrap_or_default();
    if verdict != "satisfied" && decision.derogation.is_none() {
        return Err(refused(
            format!("verdict « {verdict} » : la décision doit dire pourquoi (derogation = \"…\")"),
            format!("verdict `{verdict}`: the decision must say why (derogation = \"…\")"),
        ));
    }
    assessed::check(decision, &report)?;
    let criteria = Criteria::read(&report, decision)?;
    let credential = json!({
        "@context": [W3C_CONTEXT_URL, UNTP_CONTEXT_URL, CONTEXT_URL],
        "type": ["DigitalConformityCredential", "VerifiableCredential"],
        "id": decision.id,
        "name": format!("{} · {}", decision.scheme.name, decision.offering.name),
        "issuer": issuer(&decision.issuer),
        "validFrom": time::write(decision.valid_from),
        "validUntil": time::write(decision.valid_until),
        "credentialStatus": status::entries(&decision.status.base, decision.status.index),
        "credentialSubject": subject(decision, &report, &criteria),
    });
    if json::canonical(&credential).len() > MAX_DOCUMENT {
        return Err(refused("certificat trop long", "certificate too long"));
    }
    // What our own reader would refuse is never issued.
    check_credential(&credential)?;
    Ok(credential)
}

/// What the log and the register name a credential by: SHA-256 of its canonical
/// form without proof, the same for both ways of signing it.
pub fn digest(credential: &Value) -> [u8; 32] {
    let mut bare = credential.clone();
    if let Some(object) = bare.as_object_mut() {
        object.remove("proof");
    }
    json::digest(&bare)
}

/// How many criteria of a certificate rest on an assumption.
pub fn assumed(credential: &Value) -> usize {
    let results = &credential["credentialSubject"]["sovereigntyCertification"]["criterionResult"];
    let rests = |r: &&Value| r["basis"] == "assumption";
    let all = results.as_array().into_iter().flatten();
    all.filter(rests).count()
}

/// The log's entry for a credential, or for an issuer's DID document: canonical JSON
/// that says which of these it is, its address and its digest.
pub fn log_entry(document: &Value) -> Vec<u8> {
    let id = json::text(document, &["id"]).unwrap_or_default();
    let is = |name: &str| match &document["type"] {
        Value::Array(all) => all.contains(&name.into()),
        one => *one == name,
    };
    let kind = match () {
        () if is("BitstringStatusListCredential") => "status-list",
        () if document.get("verificationMethod").is_some() => "did-document",
        () => "certificate",
    };
    json::canonical(&json!({"type": kind, "id": id, "sha256": json::hex(&digest(document))}))
}

fn issuer(p: &Party) -> Value {
    let mut issuer = json!({"type": ["CredentialIssuer"], "id": p.id, "name": p.name});
    if p.registered_id.is_some() {
        let mut known = party(p);
        known["id"] = p
            .register
            .as_ref()
            .map_or(p.id.clone(), |r| r.id.clone())
            .into();
        issuer["issuerAlsoKnownAs"] = json!([known]);
    }
    issuer
}

fn party(p: &Party) -> Value {
    let mut v = json!({"id": p.id, "name": p.name});
    if let Some(number) = &p.registered_id {
        v["registeredId"] = number.as_str().into();
    }
    if let Some(r) = &p.register {
        v["idScheme"] = json!({"type": ["IdentifierScheme"], "id": r.id, "name": r.name});
    }
    v
}

fn sites(decision: &Decision) -> Option<Value> {
    let site = |s: &crate::decision::Site| json!({"IDverifiedByCAB": true, "facility": {"id": s.id, "name": s.name}});
    (!decision.sites.is_empty()).then(|| decision.sites.iter().map(site).collect())
}

fn subject(decision: &Decision, report: &Value, criteria: &Criteria) -> Value {
    let scheme = &decision.scheme;
    let mut subject = json!({
        "type": ["ConformityAttestation", "Attestation"],
        "id": format!("{}#attestation", decision.id),
        "name": decision.number,
        "description": decision.offering.scope,
        "assessorLevel": "3rdParty",
        "assessmentLevel": if decision.accreditation.is_some() { "Accredited" } else { "Unspecified" },
        "attestationType": "certification",
        "issuedToParty": party(&decision.holder),
        "auditableEvidence": secure_link(
            "assessment", decision.assessment.url.as_deref(), &decision.assessment.sha256),
        "scope": {
            "type": ["ConformityScheme"], "id": scheme.id, "name": scheme.name,
            "description": scheme.description, "version": scheme.version,
            "validFrom": scheme.valid_from, "owner": party(&scheme.owner),
        },
        "assessment": criteria.assessments(decision, report),
        "sovereigntyCertification": extension(decision, report, criteria),
    });
    if let Some(a) = &decision.accreditation {
        subject["authorisation"] = json!([{"type": ["Endorsement"], "id": a.id, "name": a.name,
            "issuingAuthority": party(&a.authority)}]);
    }
    subject
}

fn secure_link(name: &str, url: Option<&str>, sha256: &str) -> Value {
    let mut link = json!({"linkName": name, "hashMethod": "SHA-256", "hashDigest": sha256});
    if let Some(url) = url {
        link["linkURL"] = url.into();
    }
    link
}

/// Our own terms: what was decided, on what, and what each criterion rests on.
fn extension(decision: &Decision, report: &Value, criteria: &Criteria) -> Value {
    let text = |path: &[&str]| json::text(report, path).unwrap_or_default();
    let mut e = json!({
        "type": ["SovereigntyCertification"],
        "certificateNumber": decision.number,
        "decidedOn": time::write(decision.decided),
        "referential": text(&["referential", "urn"]),
        "referentialName": text(&["referential", "id"]),
        "referentialVersion": text(&["referential", "version"]),
        "referentialDigest": text(&["referential", "digest"]),
        "assessedOn": text(&["as_of"]),
        "assessmentVerdict": text(&["verdict"]),
        "assessmentDigest": decision.assessment.sha256,
        "evidenceDigest": text(&["application", "digest"]),
        "decisionDigest": decision.sha256,
        "transparencyLog": decision.log.origin,
        "pillarResult": criteria.pillars_in_words(),
        "criterionResult": criteria.results(),
    });
    if !decision.sites.is_empty() {
        // UNTP's context has no country for the facility of an assessment.
        let site = |s: &crate::decision::Site| json!({"type": ["CertifiedSite"], "id": s.id, "name": s.name, "country": s.country});
        e["certifiedSite"] = decision.sites.iter().map(site).collect();
    }
    if let Some(profile) = json::text(report, &["referential", "profile"]) {
        e["referentialProfile"] = profile.into();
    }
    if let Some(why) = &decision.derogation {
        e["derogation"] = why.as_str().into();
    }
    e
}

/// The address of a criterion: a referential may give a path, which is one of the site
/// that publishes the certificate.
fn address(uri: &str, certificate: &str) -> Result<String> {
    let site = || {
        let (scheme, rest) = certificate.split_once("://")?;
        let host = rest.split('/').next()?;
        Some(format!("{scheme}://{host}"))
    };
    let absolute = match uri.strip_prefix('/') {
        Some(path) => site().map(|site| format!("{site}/{path}")),
        None => Some(uri.to_owned()),
    };
    absolute.filter(|a| is_url(a)).ok_or_else(|| {
        refused(
            format!("critère sans adresse : « {uri} », pour un certificat « {certificate} »"),
            format!("criterion without address: `{uri}`, for a certificate `{certificate}`"),
        )
    })
}

/// The criteria of an assessment, by pillar, in order.
struct Criteria {
    all: Vec<CriterionLine>,
    pillars: Vec<Pillar>,
}

struct Pillar {
    id: String,
    fr: String,
    en: String,
}

struct CriterionLine {
    uri: String,
    name: String,
    text: String,
    pillar: String,
    verdict: String,
    basis: String,
    fresh_until: Option<String>,
}

impl Criteria {
    fn read(report: &Value, decision: &Decision) -> Result<Criteria> {
        let mut fresh: BTreeMap<&str, String> = BTreeMap::new();
        for f in &decision.fresh {
            if fresh.insert(&f.criterion, time::write(f.until)).is_some() {
                let name = &f.criterion;
                return Err(refused(
                    format!("fresh : « {name} » donné deux fois"),
                    format!("fresh: `{name}` given twice"),
                ));
            }
        }
        let list = |name: &str| report.get(name).and_then(Value::as_array);
        let missing = |name: &str| {
            Refusal::new(
                ASSESSMENT,
                format!("évaluation incomplète : « {name} » manque ou est mal formé"),
                format!("incomplete assessment: `{name}` is missing or malformed"),
            )
        };
        let text = |v: &Value, path: &[&str]| -> Result<String> {
            let found = json::text(v, path).map(str::to_owned);
            found.ok_or_else(|| missing(&path.join(".")))
        };
        let mut all = Vec::new();
        for c in list("criteria").ok_or_else(|| missing("criteria"))? {
            all.push(CriterionLine {
                uri: address(&text(c, &["uri"])?, &decision.id)?,
                name: format!("{} {}", text(c, &["id"])?, text(c, &["title", "fr"])?),
                text: text(c, &["text", "fr"])?,
                pillar: text(c, &["pillar"])?,
                verdict: text(c, &["verdict"])?,
                basis: text(c, &["basis"])?,
                fresh_until: fresh.remove(text(c, &["id"])?.as_str()),
            });
        }
        if let Some((name, _)) = fresh.pop_first() {
            return Err(refused(
                format!("fresh : aucun critère « {name} » dans l'évaluation"),
                format!("fresh: no criterion `{name}` in the assessment"),
            ));
        }
        let mut pillars = Vec::new();
        for p in list("pillars").ok_or_else(|| missing("pillars"))? {
            pillars.push(Pillar {
                id: text(p, &["id"])?,
                fr: text(p, &["title", "fr"])?,
                en: text(p, &["title", "en"])?,
            });
        }
        Ok(Criteria { all, pillars })
    }

    /// One assessment a pillar; it conforms when none of its criteria fails.
    fn assessments(&self, decision: &Decision, report: &Value) -> Value {
        let write = |Pillar { id, fr, .. }: &Pillar| {
            let conforms = self
                .of(id)
                .all(|c| ["satisfied", "not-applicable"].contains(&&*c.verdict));
            let mut a = json!({
                "type": ["ConformityAssessment", "Declaration"],
                "id": format!("{}#{id}", decision.id),
                "name": fr,
                "assessmentDate": json::text(report, &["as_of"]),
                "conformityTopic": TOPIC,
                "conformance": conforms,
                "assessedProduct": [{"IDverifiedByCAB": true,
                    "product": {"id": decision.offering.id, "name": decision.offering.name}}],
                "assessedOrganisation": party(&decision.holder),
                "assessmentCriteria": self.of(id).map(CriterionLine::criterion).collect::<Value>(),
            });
            if let Some(sites) = sites(decision) {
                a["assessedFacility"] = sites;
            }
            a
        };
        self.used().map(write).collect()
    }

    fn of<'a>(&'a self, pillar: &'a str) -> impl Iterator<Item = &'a CriterionLine> {
        self.all.iter().filter(move |c| c.pillar == pillar)
    }

    fn used(&self) -> impl Iterator<Item = &Pillar> {
        let used = |p: &&Pillar| self.of(&p.id).next().is_some();
        self.pillars.iter().filter(used)
    }

    fn pillars_in_words(&self) -> Value {
        let write = |p: &Pillar| {
            let count = |verdict: &str| self.of(&p.id).filter(|c| c.verdict == verdict).count();
            json!({"type": ["PillarResult"], "title": {"fr": p.fr, "en": p.en},
                   "satisfied": count("satisfied"), "notApplicable": count("not-applicable"),
                   "notSatisfied": count("not-satisfied"), "undetermined": count("undetermined")})
        };
        self.used().map(write).collect()
    }

    fn results(&self) -> Value {
        self.all.iter().map(CriterionLine::result).collect()
    }
}

impl CriterionLine {
    fn criterion(&self) -> Value {
        json!({"type": ["Criterion"], "id": self.uri, "name": self.name,
               "description": self.text, "conformityTopic": TOPIC, "status": "active"})
    }

    fn result(&self) -> Value {
        let mut v = json!({"type": ["CriterionResult"], "id": self.uri,
                           "outcome": self.verdict, "basis": self.basis});
        if let Some(until) = &self.fresh_until {
            v["freshUntil"] = until.as_str().into();
        }
        v
    }
}
