//! The parties of a BODS file: entities and persons.

use super::bods::{Statement, party_id};
use super::unmapped::COUNTRY;
use super::{Applicant, Cell, Imported};
use crate::ident::{is_lei, is_siren};
use serde::Deserialize;

#[derive(PartialEq, Deserialize)]
pub(super) struct Kind {
    r#type: Option<String>,
}

#[derive(PartialEq, Deserialize)]
pub(super) struct Place {
    code: Option<String>,
}

impl Place {
    /// A country, of a code that may name a part of it (`US-DE`).
    fn code(&self) -> Option<&str> {
        self.code.as_deref()?.split('-').next()
    }
}

#[derive(PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Identifier {
    id: Option<String>,
    scheme: Option<String>,
    scheme_name: Option<String>,
}

#[derive(PartialEq, Deserialize)]
pub(super) struct Address {
    r#type: Option<String>,
    country: Option<Place>,
}

#[derive(PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listing {
    has_public_listing: Option<bool>,
}

#[derive(PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Name {
    r#type: Option<String>,
    full_name: Option<String>,
}

impl Identifier {
    fn is_of(&self, schemes: &[&str]) -> bool {
        let mut said = [&self.scheme, &self.scheme_name].into_iter().flatten();
        said.any(|s| schemes.iter().any(|scheme| s.contains(scheme)))
    }
}

/// Schemes of identifiers that a dossier has words for.
const SIREN: [&str; 2] = ["SIREN", "FR-INSEE"];
const LEI: [&str; 1] = ["LEI"];

/// Adds the party, unless it is the applicant; its name as a reference.
pub(super) fn party(
    s: &Statement,
    record: &str,
    pointer: String,
    applicant: &Applicant,
    into: &mut Imported,
) -> String {
    let d = &s.record_details;
    let ids = d.identifiers.iter().filter_map(|x| x.id.as_deref());
    let name = name(s, into);
    if applicant.is(name, &ids.collect::<Vec<_>>()) {
        into.own.insert(party_id(record));
        return "party:applicant".into();
    }
    let person = s.record_type.as_deref() == Some("person");
    let kind = kind(s, into);
    let home = home(s, into);
    let nationalities = d.nationalities.iter().filter_map(Place::code);
    let nationality = into.the_one(
        nationalities,
        (
            "nationalité à côté d'une autre",
            "nationality beside another",
        ),
    );
    let siren = number(s, &SIREN, is_siren, into);
    let lei = number(s, &LEI, is_lei, into);
    for x in d
        .identifiers
        .iter()
        .filter(|x| !x.is_of(&SIREN) && !x.is_of(&LEI))
    {
        let scheme = x.scheme.as_deref().or(x.scheme_name.as_deref());
        into.leave(("identifiant {}", "identifier {}"), scheme.unwrap_or("?"));
    }
    let listed = d.public_listing.as_ref().and_then(|l| l.has_public_listing);
    let id = party_id(record);
    into.table("party", id.clone(), pointer)
        .text("name", name)
        .text("kind", kind)
        .text("siren", siren)
        .text("lei", lei)
        .text(if person { "residence" } else { "seat" }, home)
        .text("nationality", nationality.filter(|_| person))
        .cell("listed", listed.map(Cell::Bool));
    format!("party:{id}")
}

fn kind(s: &Statement, into: &mut Imported) -> Option<&'static str> {
    let kind = s.record_details.entity_type.as_ref();
    match kind.and_then(|k| k.r#type.as_deref()) {
        _ if s.record_type.as_deref() == Some("person") => Some("person"),
        Some("registeredEntity") => Some("company"),
        Some("state") => Some("state"),
        Some("stateBody") => Some("public-body"),
        Some(other) => {
            into.leave(("entityType {}", "entityType {}"), other);
            None
        }
        None => None,
    }
}

/// Its name; of the names of a person, the legal one where they say which that is.
fn name<'s>(s: &'s Statement, into: &mut Imported) -> Option<&'s str> {
    let d = &s.record_details;
    let is_legal = |n: &Name| n.r#type.as_deref() == Some("legal");
    let any = !d.names.iter().any(is_legal);
    let (kept, others): (Vec<_>, Vec<_>) = d.names.iter().partition(|n| any || is_legal(n));
    for n in others {
        let kind = n.r#type.as_deref().unwrap_or("?");
        into.leave(("nom de type {}", "name of type {}"), kind);
    }
    let full = kept.into_iter().filter_map(|n| n.full_name.as_deref());
    let own = d.name.as_deref();
    own.or_else(|| into.the_one(full, ("nom à côté d'un autre", "name beside another")))
}

/// The country where a person lives, or where an entity has its registered address; failing
/// this, whose law it is under.
fn home<'s>(s: &'s Statement, into: &mut Imported) -> Option<&'s str> {
    let d = &s.record_details;
    let kind = match s.record_type.as_deref() {
        Some("person") => "residence",
        _ => "registered",
    };
    let (of_kind, others): (Vec<_>, Vec<_>) = d
        .addresses
        .iter()
        .partition(|a| a.r#type.as_deref() == Some(kind));
    for a in others {
        let kind = a.r#type.as_deref().unwrap_or("?");
        into.leave(("adresse de type {}", "address of type {}"), kind);
    }
    let countries = of_kind
        .into_iter()
        .filter_map(|a| a.country.as_ref()?.code());
    let address = into.the_one(countries, COUNTRY);
    let law = d.jurisdiction.as_ref().and_then(Place::code);
    if address.is_some() && law.is_some() && address != law {
        into.leave(
            (
                "juridiction à côté d'une adresse dans un autre pays",
                "jurisdiction beside an address in another country",
            ),
            "",
        );
    }
    address.or(law.filter(|_| kind == "registered"))
}

/// The identifier of those schemes that is well-formed.
fn number<'s>(
    s: &'s Statement,
    schemes: &[&str],
    fits: fn(&str) -> bool,
    into: &mut Imported,
) -> Option<&'s str> {
    let all = s.record_details.identifiers.iter();
    let of = all.filter(|x| x.is_of(schemes));
    let (well, other): (Vec<_>, Vec<_>) =
        of.filter_map(|x| x.id.as_deref()).partition(|id| fits(id));
    for _ in other {
        into.leave(
            (
                "identifiant qui n'est pas un {}",
                "identifier that is no {}",
            ),
            schemes[0],
        );
    }
    into.the_one(
        well.into_iter(),
        ("identifiant à côté d'un autre", "identifier beside another"),
    )
}
