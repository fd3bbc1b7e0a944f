//! OSCAL component definitions in JSON: components, and the parties that supply them.
//!
//! Source: NIST, *OSCAL component definition model*, versions 1.1 and 1.2.

use super::{Applicant, ImportError, Imported, json, slug, the_one};
use crate::report::quoted;
use serde::Deserialize;
use std::collections::BTreeSet;

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
    let mut parties = BTreeSet::new();
    for (i, p) in definition.metadata.parties.into_iter().enumerate() {
        // The applicant is no supplier of itself.
        if applicant.is(p.name.as_deref(), &[]) {
            into.skip("the applicant as a party");
            continue;
        }
        let person = p.r#type.as_deref() == Some("person");
        let countries = p.addresses.iter().filter_map(|a| a.country.as_deref());
        let country = the_one(countries.clone());
        if country.is_none() {
            countries.for_each(|_| into.skip("country of an address beside another"));
        }
        into.table(
            "party",
            party_id(&p.uuid),
            format!("/component-definition/metadata/parties/{i}"),
        )
        .text("name", p.name)
        .text("kind", person.then_some("person"))
        .text(if person { "residence" } else { "seat" }, country);
        parties.insert(p.uuid);
    }
    for (i, c) in definition.components.into_iter().enumerate() {
        component(i, c, &parties, into);
    }
    Ok(())
}

fn party_id(uuid: &str) -> String {
    format!("oscal-{}", slug(uuid))
}

/// The version that properties state, all others counted.
fn version(props: Vec<Prop>, into: &mut Imported) -> Option<String> {
    let mut version = None;
    for p in props {
        match p.name == "version" && version.is_none() {
            true => version = Some(p.value),
            false => skip_prop(&p, into),
        }
    }
    version
}

fn skip_prop(p: &Prop, into: &mut Imported) {
    let at = "/component-definition/components/*/props/*";
    into.skip(&format!("{at} ({})", p.name));
}

fn component(i: usize, c: Component, parties: &BTreeSet<String>, into: &mut Imported) {
    let pointer = format!("/component-definition/components/{i}");
    let kind = c.r#type.unwrap_or_default();
    let id = format!("oscal-{}", slug(&c.uuid.unwrap_or_else(|| i.to_string())));
    if SOFTWARE.contains(&kind.as_str()) {
        let version = version(c.props, into);
        into.table("component", id.clone(), pointer.clone())
            .text("name", c.title)
            .text("version", version);
    } else {
        if kind != "service" {
            into.skip(&format!("component type {kind}"));
        }
        c.props.iter().for_each(|p| skip_prop(p, into));
    }
    let role = match kind.as_str() {
        "hardware" => "hardware",
        "network" => "network",
        kind if SOFTWARE.contains(&kind) => "software",
        // A service, a policy, a plan, a standard…
        _ => "other",
    };
    for r in c.responsible_roles {
        let supplies = matches!(
            r.role_id.as_deref(),
            Some("provider" | "supplier" | "vendor" | "maintainer")
        );
        for uuid in r.party_uuids.iter().filter(|u| parties.contains(*u)) {
            if supplies {
                let id = format!("{id}-{}", into.tables.len());
                into.table("supplier", id, pointer.clone())
                    .text("party", Some(format!("party:{}", party_id(uuid))))
                    .text("role", Some(role));
            } else {
                into.skip(&format!("role {}", r.role_id.as_deref().unwrap_or("?")));
            }
        }
    }
}
