//! The rules of the Verifiable Credentials Data Model 2.0 on the form of a
//! credential, as far as they can be checked without processing JSON-LD.

use crate::credential::W3C_CONTEXT_URL;
use crate::status::Entry;
use crate::time;
use crate::{Refusal, Result};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

type Object = Map<String, Value>;

fn refused(place: &str, fr: &str, en: &str) -> Refusal {
    Refusal::new("credential", fr, en).at(place)
}

/// Whether a text is an absolute URL, DID or URN.
pub fn is_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let named = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let clean = |c: char| !c.is_whitespace() && !c.is_control() && !"<>\"{}|\\^`".contains(c);
    named && scheme.chars().all(plain) && !rest.is_empty() && rest.chars().all(clean)
}

/// Checks a credential, secured or not. Errors name the property.
pub fn check_credential(value: &Value) -> Result<()> {
    let c = object(value, "credential")?;
    context(c)?;
    types(c, "VerifiableCredential")?;
    url(c, "id", false)?;
    for name in ["name", "description"] {
        words(c, name)?;
    }
    issuer(c)?;
    subjects(c)?;
    period(c)?;
    for (name, id) in [
        ("credentialSchema", true),
        ("credentialStatus", false),
        ("refreshService", false),
        ("termsOfUse", false),
        ("evidence", false),
        ("renderMethod", false),
    ] {
        for entry in each(c, name)? {
            typed(entry, name)?;
            url(entry, "id", id)?;
        }
    }
    related(c)?;
    entries_anywhere(value)
}

/// Checks the envelope of a presentation: contexts, types, and that what it
/// presents are objects.
pub fn check_presentation(value: &Value) -> Result<()> {
    let p = object(value, "presentation")?;
    context(p)?;
    types(p, "VerifiablePresentation")?;
    url(p, "id", false)?;
    if let Some(holder) = p.get("holder") {
        let id = holder.as_str().or_else(|| holder.get("id")?.as_str());
        if !id.is_some_and(is_url) {
            return Err(refused("holder", "URL attendue", "URL expected"));
        }
    }
    for entry in each(p, "verifiableCredential")? {
        if entry.get("type").is_none() || entry.get("@context").is_none() {
            let (fr, en) = ("ni type ni contexte", "no type or no context");
            return Err(refused("verifiableCredential", fr, en));
        }
    }
    Ok(())
}

fn object<'a>(value: &'a Value, place: &str) -> Result<&'a Object> {
    let not = || refused(place, "un objet est attendu", "an object is expected");
    value.as_object().ok_or_else(not)
}

fn context(c: &Object) -> Result<()> {
    let bad = |fr, en| Err(refused("@context", fr, en));
    let Some(list) = c.get("@context").and_then(Value::as_array) else {
        return bad("une liste est attendue", "a list is expected");
    };
    if list.first() != Some(&W3C_CONTEXT_URL.into()) {
        return bad(
            "le premier contexte n'est pas celui des Verifiable Credentials 2.0",
            "the first context is not that of Verifiable Credentials 2.0",
        );
    }
    let mut terms = Terms::default();
    for one in &list[1..] {
        match one {
            Value::Object(own) => terms.add(own)?,
            Value::String(url) if is_url(url) => terms.elsewhere = true,
            _ => return bad("URL ou objets attendus", "URLs or objects expected"),
        }
    }
    terms.check(typed(c, "type")?)
}

/// Terms of the base context, all protected: whoever reads by name, as here, must be
/// sure that they mean what they say.
const BASE: [&str; 17] = [
    "id",
    "type",
    "description",
    "digestMultibase",
    "digestSRI",
    "mediaType",
    "name",
    "VerifiableCredential",
    "EnvelopedVerifiableCredential",
    "VerifiablePresentation",
    "EnvelopedVerifiablePresentation",
    "JsonSchemaCredential",
    "JsonSchema",
    "BitstringStatusListCredential",
    "BitstringStatusList",
    "BitstringStatusListEntry",
    "DataIntegrityProof",
];

/// The terms that contexts written in the credential itself define.
#[derive(Default)]
struct Terms<'a> {
    own: BTreeMap<&'a str, &'a Value>,
    protected: BTreeSet<&'a str>,
    /// Contexts elsewhere, or a vocabulary for all that is not defined.
    elsewhere: bool,
}

impl<'a> Terms<'a> {
    /// Adds a context. Errors: it redefines a protected term, or gives for a term what
    /// is no address, keyword or other term.
    fn add(&mut self, context: &'a Object) -> Result<()> {
        let protect = context.get("@protected") == Some(&Value::Bool(true));
        self.elsewhere |= context.get("@vocab").is_some_and(Value::is_string);
        for (term, given) in context.iter().filter(|(t, _)| !t.starts_with('@')) {
            let meaning = given.get("@id").unwrap_or(given);
            let known = meaning.as_str().is_none_or(|m| {
                let word = m.chars().all(|c| c.is_ascii_alphanumeric());
                word || m.starts_with('@') || is_url(m)
            });
            let term = term.as_str();
            let before = self.own.insert(term, given);
            let changed = self.protected.contains(term) && before != Some(given);
            if BASE.contains(&term) || changed || !known {
                return Err(Refusal::new(
                    "credential",
                    format!("@context : « {term} » redéfini, ou défini par autre chose qu'une URL"),
                    format!("@context: `{term}` redefined, or defined by something that is no URL"),
                ));
            }
            if protect {
                self.protected.insert(term);
            }
        }
        Ok(())
    }

    /// Checks that each type is a defined term or a URL, where that can be known.
    fn check(&self, types: Vec<&str>) -> Result<()> {
        let defined = |t: &str| BASE.contains(&t) || self.own.contains_key(t) || is_url(t);
        match types.into_iter().find(|t| !self.elsewhere && !defined(t)) {
            None => Ok(()),
            Some(unknown) => Err(Refusal::new(
                "credential",
                format!("type « {unknown} » qu'aucun contexte ne définit"),
                format!("type `{unknown}` that no context defines"),
            )),
        }
    }
}

fn types(c: &Object, needed: &str) -> Result<()> {
    let names = typed(c, "type")?;
    match names.contains(&needed) {
        true => Ok(()),
        false => Err(Refusal::new(
            "credential",
            format!("le type {needed} manque"),
            format!("the type {needed} is missing"),
        )),
    }
}

/// The types of an object: at least one, all texts without spaces.
fn typed<'a>(c: &'a Object, place: &str) -> Result<Vec<&'a str>> {
    let bad = || {
        refused(
            place,
            "« type » manque ou est mal formé",
            "`type` is missing or malformed",
        )
    };
    let names: Vec<&str> = match c.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(all)) => all
            .iter()
            .map(Value::as_str)
            .collect::<Option<_>>()
            .ok_or_else(bad)?,
        _ => return Err(bad()),
    };
    let good = |n: &&str| !n.is_empty() && !n.contains(char::is_whitespace);
    match !names.is_empty() && names.iter().all(good) {
        true => Ok(names),
        false => Err(bad()),
    }
}

fn url(c: &Object, name: &str, needed: bool) -> Result<()> {
    match c.get(name) {
        None if !needed => Ok(()),
        Some(Value::String(text)) if is_url(text) => Ok(()),
        _ => Err(refused(name, "une URL est attendue", "a URL is expected")),
    }
}

/// A text, or texts with their language.
fn words(c: &Object, name: &str) -> Result<()> {
    let known = ["@value", "@language", "@direction"];
    let one = |v: &Value| match v {
        Value::String(_) => true,
        Value::Object(o) => {
            let text = |k: &str| o.get(k).is_none_or(Value::is_string);
            let keys = o.keys().all(|k| known.contains(&k.as_str()));
            o.contains_key("@value") && keys && known.iter().all(|k| text(k))
        }
        _ => false,
    };
    let good = match c.get(name) {
        None => true,
        Some(Value::Array(all)) => all.iter().all(one),
        Some(v) => one(v),
    };
    match good {
        true => Ok(()),
        false => Err(refused(
            name,
            "un texte, ou des textes avec leur langue, sont attendus",
            "a text, or texts with their language, are expected",
        )),
    }
}

fn issuer(c: &Object) -> Result<()> {
    match c.get("issuer") {
        Some(Value::Object(issuer)) => {
            words(issuer, "name")?;
            words(issuer, "description")?;
            url(issuer, "id", true).map_err(|r| r.at("issuer"))
        }
        _ => url(c, "issuer", true),
    }
}

fn subjects(c: &Object) -> Result<()> {
    let all = each(c, "credentialSubject")?;
    if all.is_empty() || all.iter().any(|s| s.is_empty()) {
        let (fr, en) = ("absent ou vide", "missing or empty");
        return Err(refused("credentialSubject", fr, en));
    }
    let id = |s: &&Object| url(s, "id", false).map_err(|r| r.at("credentialSubject"));
    all.iter().try_for_each(id)
}

fn period(c: &Object) -> Result<()> {
    let moment = |name: &str| {
        let read = |v: &Value| time::read(v.as_str().unwrap_or_default()).map_err(|r| r.at(name));
        c.get(name).map(read).transpose()
    };
    match (moment("validFrom")?, moment("validUntil")?) {
        (Some(from), Some(until)) if until < from => Err(refused(
            "validUntil",
            "antérieur à validFrom",
            "earlier than validFrom",
        )),
        _ => Ok(()),
    }
}

/// The objects of a property that holds one or several.
fn each<'a>(c: &'a Object, name: &str) -> Result<Vec<&'a Object>> {
    match c.get(name) {
        None => Ok(Vec::new()),
        Some(Value::Array(all)) => all.iter().map(|v| object(v, name)).collect(),
        Some(one) => Ok(vec![object(one, name)?]),
    }
}

fn related(c: &Object) -> Result<()> {
    let mut seen = BTreeSet::new();
    for r in each(c, "relatedResource")? {
        url(r, "id", true).map_err(|e| e.at("relatedResource"))?;
        let digest = ["digestSRI", "digestMultibase"].iter().any(|d| {
            r.get(*d)
                .is_some_and(|v| v.as_str().is_some_and(|t| !t.is_empty()))
        });
        if !digest || !seen.insert(r.get("id").and_then(Value::as_str)) {
            let (fr, en) = (
                "sans empreinte, ou donnée deux fois",
                "without digest, or given twice",
            );
            return Err(refused("relatedResource", fr, en));
        }
    }
    Ok(())
}

/// A status entry must be sound wherever it stands.
fn entries_anywhere(value: &Value) -> Result<()> {
    match value {
        Value::Array(all) => all.iter().try_for_each(entries_anywhere),
        Value::Object(o) => {
            if o.get("type")
                .is_some_and(|t| t == "BitstringStatusListEntry")
            {
                Entry::read(value)?;
            }
            o.values().try_for_each(entries_anywhere)
        }
        _ => Ok(()),
    }
}
