//! Beneficial Ownership Data Standard 0.4: parties and direct holdings.
//!
//! Only direct interests become holdings: an indirect one sums up a chain whose
//! links, when they are given, are holdings themselves; both would count twice.
//!
//! Source: Open Ownership, *Beneficial Ownership Data Standard*, version 0.4.

use super::{Applicant, Cell, ImportError, Imported, json, slug, the_one};
use crate::report::quoted;
use cocarde_model::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    statement_id: Option<String>,
    statement_date: Option<String>,
    #[serde(default)]
    publication_details: Publication,
    record_id: Option<String>,
    record_type: Option<String>,
    record_status: Option<String>,
    #[serde(default)]
    record_details: Details,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Publication {
    bods_version: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Details {
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
    fn ends(&self) -> Result<Ends, String> {
        let digits = |raw: &Option<Box<RawValue>>| match raw.as_deref() {
            None => Ok(None),
            Some(raw) => match json::exact(raw) {
                Some(d) => Ok(Some(d)),
                None => Err(quoted(raw.get())),
            },
        };
        if let Some(exact) = digits(&self.exact)? {
            return Ok((Some(exact), Some(exact)));
        }
        let (lo, above) = (digits(&self.minimum)?, digits(&self.exclusive_minimum)?);
        let (hi, below) = (digits(&self.maximum)?, digits(&self.exclusive_maximum)?);
        Ok((lo.or(above), hi.or(below)))
    }
}

/// The least and the most that a share can be.
type Ends = (Option<Decimal>, Option<Decimal>);

/// Two shares stated of the same holding may be parts of it or the same said twice:
/// the whole is between the larger of the two and their sum.
fn both(a: Ends, b: Ends) -> Ends {
    let lo = match (a.0, b.0) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    };
    let hi = a.1.zip(b.1).and_then(|(a, b)| a.checked_add(b));
    (lo, hi.filter(|h| *h <= Decimal::ONE_HUNDRED))
}

fn cell((lo, hi): Ends) -> Option<Cell> {
    let text = |d: Decimal| d.normalize().to_string();
    match (lo, hi) {
        (None, None) => None,
        (Some(l), Some(h)) if l == h => Some(Cell::Number(text(l))),
        (lo, hi) => Some(Cell::Range(lo.map(text), hi.map(text))),
    }
}

/// Statements of another version would be misread: older ones word them otherwise.
fn check_version(statements: &[Statement]) -> Result<(), ImportError> {
    for (i, s) in statements.iter().enumerate() {
        let version = s.publication_details.bods_version.as_deref();
        if let Some(other) = version.filter(|v| *v != "0.4") {
            let other = quoted(other);
            return Err(ImportError::new(
                format!("/{i} : version `{other}` de BODS, il faut 0.4"),
                format!("/{i}: BODS version `{other}`, it must be 0.4"),
            ));
        }
    }
    Ok(())
}

/// The parties and direct holdings of a declaration. A record stated several times
/// counts as its last statement has it; a closed one is left out.
pub(super) fn read(
    bytes: &[u8],
    applicant: &Applicant,
    into: &mut Imported,
) -> Result<(), ImportError> {
    let statements: Vec<Statement> = json::parse(bytes, "BODS 0.4 JSON", into)?;
    check_version(&statements)?;
    let last = last_of_each(&statements);
    let earlier = statements.len() - last.len();
    into.unmapped
        .add_many("earlier statement of a record", earlier);
    let mut parties = HashMap::new();
    for i in &last {
        let s = &statements[*i];
        if s.record_status.as_deref() == Some("closed") {
            into.skip("closed record");
        }
        let kind = s.record_type.as_deref();
        if s.record_status.as_deref() != Some("closed") && matches!(kind, Some("entity" | "person"))
        {
            let name = party(s, *i, applicant, into);
            parties.insert(s.record_id.as_deref().unwrap_or_default(), name);
        }
    }
    for i in &last {
        let s = &statements[*i];
        match s.record_type.as_deref() {
            Some("relationship") if s.record_status.as_deref() != Some("closed") => {
                holding(s, *i, &parties, into)?;
            }
            Some("entity" | "person" | "relationship") => {}
            other => into.skip(&format!("recordType {}", other.unwrap_or("?"))),
        }
    }
    Ok(())
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
        (_, Some("registeredEntity")) => Some("company"),
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
    let nationality = the_one(d.nationalities.iter().filter_map(|p| p.code.as_deref()));
    if nationality.is_none() {
        for _ in &d.nationalities {
            into.skip("nationality beside another");
        }
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
        .text(
            "nationality",
            nationality.filter(|_| person).map(|n| alpha2(n.into())),
        )
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
fn holding(
    s: &Statement,
    i: usize,
    parties: &HashMap<&str, String>,
    into: &mut Imported,
) -> Result<(), ImportError> {
    let d = &s.record_details;
    let (mut capital, mut votes): (Option<Ends>, Option<Ends>) = (None, None);
    let (mut rights, mut direct) = (None, false);
    for (n, interest) in d.interests.iter().enumerate() {
        let kind = interest.r#type.as_deref().unwrap_or("?");
        if interest.end_date.is_some() {
            into.skip("ended interest");
            continue;
        }
        if interest.direct_or_indirect.as_deref() != Some("direct") {
            let how = interest.direct_or_indirect.as_deref();
            let how = how.unwrap_or("of unstated directness");
            into.skip(&format!("interest {kind}, {how}"));
            continue;
        }
        let ends = match interest
            .share
            .as_ref()
            .map_or(Ok((None, None)), Share::ends)
        {
            Ok(ends) => ends,
            Err(shown) => return Err(no_number(i, n, &shown)),
        };
        let joined = |known: Option<Ends>| Some(known.map_or(ends, |k| both(k, ends)));
        match kind {
            "shareholding" => (capital, direct) = (joined(capital), true),
            "votingRights" => (votes, direct) = (joined(votes), true),
            // BODS words it as the absolute right to appoint members of the board.
            "appointmentOfBoard" => {
                rights = Some(Cell::List(vec!["appoint-majority".into()]));
                direct = true;
            }
            other => into.skip(&format!("interest {other}")),
        }
    }
    if !direct {
        into.skip("relationship without a direct holding");
        return Ok(());
    }
    let (at, by) = (format!("/{i}"), parties);
    let subject = end(d.subject.as_deref(), &at, "subject", by, into);
    let holder = end(
        d.interested_party.as_deref(),
        &at,
        "interestedParty",
        by,
        into,
    );
    let id = format!("bods-{}", slug(s.record_id.as_deref().unwrap_or_default()));
    into.table("holding", id, at)
        .text("holder", holder)
        .text("held", subject)
        .cell("capital", capital.and_then(cell))
        .cell("votes", votes.and_then(cell))
        .cell("special_rights", rights);
    Ok(())
}

fn no_number(statement: usize, interest: usize, shown: &str) -> ImportError {
    let at = format!("/{statement}/recordDetails/interests/{interest}/share");
    ImportError::new(
        format!("{at} : `{shown}` n'est pas un nombre décimal exact de 28 chiffres au plus"),
        format!("{at}: `{shown}` is no exact decimal number of at most 28 digits"),
    )
}

/// The party at an end of a relationship: that of a record, or one of which nothing is known.
fn end(
    raw: Option<&RawValue>,
    statement: &str,
    name: &str,
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
    let id = format!("bods-unknown{}-{name}", statement.replace('/', "-"));
    let pointer = format!("{statement}/recordDetails/{name}");
    into.table("party", id.clone(), pointer);
    Some(format!("party:{id}"))
}
