//! OSCAL component definitions in JSON: components, and the parties that supply them.
//!
//! Source: NIST, *OSCAL component definition model*, versions 1.1 and 1.2.

use super::suppliers::OWN;
use super::unmapped::{COUNTRY, ELSEWHERE};
use super::{Applicant, ImportError, Imported, id_of, json};
use crate::report::quoted;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct File {
    #[serde(rename = "component-definition")]
    definition: Definition,
}

#[derive(Deserialize)]
struct Definition {
    metadata: Metadata,
    #[serde(default)]
    components: Vec<Component>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Metadata {
    oscal_version: Option<String>,
    #[serde(default)]
    parties: Vec<Party>,
}

#[derive(Deserialize)]
struct Party {
    uuid: String,
    r#type: Option<String>,
    name: Option<String>,
    #[serde(default)]
    addresses: Vec<Address>,
}

#[derive(Deserialize)]
struct Address {
    country: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Component {
    uuid: Option<String>,
    r#type: Option<String>,
    title: Option<String>,
    #[serde(default)]
    props: Vec<Prop>,
    #[serde(default)]
    responsible_roles: Vec<Role>,
}

#[derive(Deserialize)]
struct Prop {
    name: String,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Role {
    role_id: Option<String>,
    #[serde(default)]
    party_uuids: Vec<String>,
}

/// Types of component that are software that a bill of materials would name.
const SOFTWARE: [&str; 4] = ["software", "this-system", "system", "appliance"];

pub(super) fn read(
    bytes: &[u8],
    applicant: &Applicant,
    into: &mut Imported,
) -> Result<(), ImportError> {
    let file: File = json::parse(bytes, "OSCAL component definition", into)?;
    let definition = file.definition;
    let version = definition.metadata.oscal_version.unwrap_or_default();
    // 1.2 changed nothing of what is read here.
    if !version.starts_with("1.") {
        let version = quoted(&version);
        return Err(ImportError::new(
            format!("version `{version}` d'OSCAL, il faut 1.x"),
            format!("OSCAL version `{version}`, it must be 1.x"),
        ));
    }
    // The id of each party, but of the applicant.
    let mut parties: Parties = BTreeMap::new();
    for (i, p) in definition.metadata.parties.into_iter().enumerate() {
        // The applicant is no supplier of itself.
        if applicant.is(p.name.as_deref(), &[]) {
            into.leave(
                ("le demandeur parmi les parties", "the applicant as a party"),
                "",
            );
            parties.insert(p.uuid, None);
            continue;
        }
        let person = p.r#type.as_deref() == Some("person");
        let countries = p.addresses.iter().filter_map(|a| a.country.as_deref());
        let country = into.the_one(countries, COUNTRY);
        let id = oscal_id(&p.uuid);
        let at = format!("/component-definition/metadata/parties/{i}");
        into.table("party", id.clone(), at)
            .text("name", p.name)
            .text("kind", person.then_some("person"))
            .text(if person { "residence" } else { "seat" }, country);
        parties.insert(p.uuid, Some(id));
    }
    for (i, c) in definition.components.into_iter().enumerate() {
        component(i, c, &parties, into);
    }
    Ok(())
}

/// The id of each party by its UUID; none of the applicant.
type Parties = BTreeMap<String, Option<String>>;

fn oscal_id(uuid: &str) -> String {
    format!("oscal-{}", id_of(uuid))
}

/// The version that properties state, all others counted.
fn version<'p>(props: &'p [Prop], into: &mut Imported) -> Option<&'p str> {
    let (versions, others): (Vec<_>, Vec<_>) = props.iter().partition(|p| p.name == "version");
    others.into_iter().for_each(|p| skip_prop(p, into));
    let versions = versions.into_iter().map(|p| p.value.as_str());
    into.the_one(
        versions,
        (
            "version d'un composant à côté d'une autre",
            "version of a component beside another",
        ),
    )
}

fn skip_prop(p: &Prop, into: &mut Imported) {
    let at = "/component-definition/components/*/props/*";
    into.skip(&format!("{at} ({})", p.name));
}

fn component(i: usize, c: Component, parties: &Parties, into: &mut Imported) {
    let pointer = format!("/component-definition/components/{i}");
    let kind = c.r#type.as_deref().unwrap_or_default();
    let software = SOFTWARE.contains(&kind);
    if software {
        let version = version(&c.props, into);
        let at = pointer.clone();
        let row = match &c.uuid {
            Some(uuid) => into.table("component", oscal_id(uuid), at),
            None => into.numbered("component", "oscal", at),
        };
        row.text("name", c.title.as_deref())
            .text("version", version);
    } else {
        into.leave(("composant de type {}", "component type {}"), kind);
        c.props.iter().for_each(|p| skip_prop(p, into));
    }
    let role = match kind {
        "hardware" => "hardware",
        "network" => "network",
        _ if software => "software",
        // A service, a policy, a plan, a standard…
        _ => "other",
    };
    for r in &c.responsible_roles {
        suppliers(&c, r, role, &pointer, parties, into);
    }
}

/// A supplier for each party that has a role by which it supplies; others are counted.
fn suppliers(
    c: &Component,
    r: &Role,
    role: &str,
    pointer: &str,
    parties: &Parties,
    into: &mut Imported,
) {
    let name = r.role_id.as_deref().unwrap_or("?");
    let supplies = matches!(name, "provider" | "supplier" | "vendor" | "maintainer");
    if r.party_uuids.is_empty() {
        into.leave(("rôle {} sans partie", "role {} without a party"), name);
    }
    for uuid in &r.party_uuids {
        match parties.get(uuid) {
            _ if !supplies => into.leave(("rôle {}", "role {}"), name),
            None => into.leave(ELSEWHERE, ""),
            Some(None) => into.leave(OWN, ""),
            Some(Some(party)) => {
                let at = pointer.to_string();
                let row = match &c.uuid {
                    Some(c) => into.table("supplier", oscal_id(&format!("{c}-{uuid}")), at),
                    None => into.numbered("supplier", "oscal", at),
                };
                row.text("party", Some(format!("party:{party}")))
                    .text("role", Some(role));
            }
        }
    }
}
