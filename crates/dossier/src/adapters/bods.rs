//! Beneficial Ownership Data Standard 0.4: parties and direct holdings.
//!
//! Only direct interests become holdings: an indirect one sums up a chain whose
//! links, when they are given, are holdings themselves; both would count twice.
//!
//! Source: Open Ownership, *Beneficial Ownership Data Standard*, version 0.4.

use super::{Applicant, Cell, ImportError, Imported, json, slug};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    statement_id: Option<String>,
    statement_date: Option<String>,
    record_id: Option<String>,
    record_type: Option<String>,
    record_status: Option<String>,
    #[serde(default)]
    record_details: Details,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Details {
    is_component: bool,
    entity_type: Option<Kind>,
    name: Option<String>,
    jurisdiction: Option<Place>,
    identifiers: Vec<Identifier>,
    addresses: Vec<Address>,
    public_listing: Option<Listing>,
    names: Vec<Name>,
    nationalities: Vec<Place>,
    subject: Option<Box<RawValue>>,
    interested_party: Option<Box<RawValue>>,
    interests: Vec<Interest>,
}

#[derive(Deserialize)]
struct Kind {
    r#type: Option<String>,
}

#[derive(Deserialize)]
struct Place {
    code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Identifier {
    id: Option<String>,
    scheme: Option<String>,
    scheme_name: Option<String>,
}

#[derive(Deserialize)]
struct Address {
    r#type: Option<String>,
    country: Option<Place>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Listing {
    has_public_listing: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Name {
    full_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Interest {
    r#type: Option<String>,
    direct_or_indirect: Option<String>,
    share: Option<Share>,
    end_date: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Share {
    exact: Option<Box<RawValue>>,
    minimum: Option<Box<RawValue>>,
    maximum: Option<Box<RawValue>>,
    exclusive_minimum: Option<Box<RawValue>>,
    exclusive_maximum: Option<Box<RawValue>>,
}

impl Share {
    /// Closed ends: an end that is excluded is kept, which only widens the interval.
    fn cell(&self) -> Option<Cell> {
        let digits = |raw: &Option<Box<RawValue>>| raw.as_deref().and_then(json::digits);
        if let Some(exact) = digits(&self.exact) {
            return Some(Cell::Number(exact));
        }
        let lo = digits(&self.minimum).or_else(|| digits(&self.exclusive_minimum));
        let hi = digits(&self.maximum).or_else(|| digits(&self.exclusive_maximum));
        (lo.is_some() || hi.is_some()).then_some(Cell::Range(lo, hi))
    }
}

/// The parties and direct holdings of a declaration. A record stated several times
/// counts as its last statement has it; a closed one is left out.
pub(super) fn read(bytes: &[u8], applicant: &Applicant) -> Result<Imported, ImportError> {
    let statements: Vec<Statement> = json::parse(bytes, "BODS 0.4 JSON")?;
    let mut imported = Imported::default();
    let last = last_of_each(&statements);
    let mut parties = HashMap::new();
    for i in &last {
        let s = &statements[*i];
        let kind = s.record_type.as_deref();
        if s.record_status.as_deref() != Some("closed") && matches!(kind, Some("entity" | "person"))
        {
            let name = party(s, *i, applicant, &mut imported);
            parties.insert(s.record_id.as_deref().unwrap_or_default(), name);
        }
    }
    for i in &last {
        let s = &statements[*i];
        match s.record_type.as_deref() {
            Some("relationship") if s.record_status.as_deref() != Some("closed") => {
                holding(s, *i, &parties, &mut imported);
            }
            Some("entity" | "person" | "relationship") => {}
            other => imported.skip(&format!("recordType {}", other.unwrap_or("?"))),
        }
    }
    Ok(imported)
}

/// The positions of the last statement on each record, in the order of the file.
fn last_of_each(statements: &[Statement]) -> Vec<usize> {
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    for (i, s) in statements.iter().enumerate() {
        let id = s
            .record_id
            .as_deref()
            .or(s.statement_id.as_deref())
            .unwrap_or_default();
        let newer = last
            .get(id)
            .is_none_or(|j| s.statement_date >= statements[*j].statement_date);
        if newer {
            last.insert(id, i);
        }
    }
    let mut positions: Vec<usize> = last.into_values().collect();
    positions.sort_unstable();
    positions
}

/// Adds the party, unless it is the applicant; its name as a reference.
fn party(s: &Statement, i: usize, applicant: &Applicant, into: &mut Imported) -> String {
    let d = &s.record_details;
    let numbers: Vec<&str> = d
        .identifiers
        .iter()
        .filter_map(|x| x.id.as_deref())
        .collect();
    let name = d
        .name
        .clone()
        .or_else(|| d.names.iter().find_map(|n| n.full_name.clone()));
    if applicant.is(name.as_deref(), &numbers) {
        return "party:applicant".into();
    }
    let person = s.record_type.as_deref() == Some("person");
    let kind = match (
        person,
        d.entity_type.as_ref().and_then(|k| k.r#type.as_deref()),
    ) {
        (true, _) => Some("person"),
        (_, Some("registeredEntity" | "legalEntity")) => Some("company"),
        (_, Some("state")) => Some("state"),
        (_, Some("stateBody")) => Some("public-body"),
        (_, Some(other)) => {
            into.skip(&format!("entityType {other}"));
            None
        }
        (_, None) => None,
    };
    let country = |kind: &str| {
        let of = d
            .addresses
            .iter()
            .find(|a| a.r#type.as_deref() == Some(kind));
        of.and_then(|a| a.country.as_ref()?.code.clone())
    };
    let seat = country("registered").or_else(|| d.jurisdiction.as_ref()?.code.clone());
    let nationality = d.nationalities.first().and_then(|p| p.code.clone());
    if d.nationalities.len() > 1 {
        into.skip("second nationality");
    }
    let number = |scheme: &str, fits: fn(&str) -> bool| {
        let named = |x: &&Identifier| {
            [&x.scheme, &x.scheme_name]
                .into_iter()
                .flatten()
                .any(|s| s.contains(scheme))
        };
        let of = d.identifiers.iter().find(named)?;
        of.id.clone().filter(|n| fits(n))
    };
    let siren = number("SIREN", crate::ident::is_siren)
        .or_else(|| number("FR-INSEE", crate::ident::is_siren));
    let listed = d.public_listing.as_ref().and_then(|l| l.has_public_listing);
    let id = format!("bods-{}", slug(s.record_id.as_deref().unwrap_or_default()));
    into.table("party", id.clone(), format!("/{i}"))
        .text("name", name)
        .text("kind", kind)
        .text("siren", siren)
        .text("lei", number("LEI", crate::ident::is_lei))
        .text("seat", seat.filter(|_| !person).map(alpha2))
        .text(
            "residence",
            country("residence").filter(|_| person).map(alpha2),
        )
        .text("nationality", nationality.filter(|_| person).map(alpha2))
        .cell("listed", listed.map(Cell::Bool));
    format!("party:{id}")
}

/// A country from a code that may name a part of it (`US-DE`).
fn alpha2(code: String) -> String {
    match code.split_once('-') {
        Some((country, _)) => country.into(),
        None => code,
    }
}

/// Adds the direct holding of a relationship.
fn holding(s: &Statement, i: usize, parties: &HashMap<&str, String>, into: &mut Imported) {
    let d = &s.record_details;
    if d.is_component && d.interests.is_empty() {
        into.skip("component without interests");
        return;
    }
    let subject = end(d.subject.as_deref(), &format!("{i}-subject"), parties, into);
    let holder = end(
        d.interested_party.as_deref(),
        &format!("{i}-party"),
        parties,
        into,
    );
    let (mut capital, mut votes, mut rights) = (None, None, None);
    let mut direct = false;
    for interest in d.interests.iter().filter(|x| x.end_date.is_none()) {
        if interest.direct_or_indirect.as_deref() == Some("indirect") {
            into.skip("indirect interest");
            continue;
        }
        let share = interest.share.as_ref().and_then(Share::cell);
        match interest.r#type.as_deref() {
            Some("shareholding") => (capital, direct) = (share, true),
            Some("votingRights") => (votes, direct) = (share, true),
            // BODS words it as the absolute right to appoint members of the board.
            Some("appointmentOfBoard") => {
                rights = Some(Cell::List(vec!["appoint-majority".into()]));
                direct = true;
            }
            other => into.skip(&format!("interest {}", other.unwrap_or("?"))),
        }
    }
    if !direct {
        return;
    }
    let id = format!("bods-{}", slug(s.record_id.as_deref().unwrap_or_default()));
    into.table("holding", id, format!("/{i}"))
        .text("holder", holder)
        .text("held", subject)
        .cell("capital", capital)
        .cell("votes", votes)
        .cell("special_rights", rights);
}

/// The party at an end of a relationship: a record's id, or words on why there is none.
fn end(
    raw: Option<&RawValue>,
    place: &str,
    parties: &HashMap<&str, String>,
    into: &mut Imported,
) -> Option<String> {
    let raw = raw?;
    if let Ok(id) = serde_json::from_str::<String>(raw.get()) {
        if let Some(known) = parties.get(id.as_str()) {
            return Some(known.clone());
        }
        into.skip("party of another file");
    } else {
        into.skip("unspecified party");
    }
    let id = format!("bods-unknown-{place}");
    into.table("party", id.clone(), format!("/{place}"));
    Some(format!("party:{id}"))
}
