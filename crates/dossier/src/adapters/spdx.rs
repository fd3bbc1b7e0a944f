//! SPDX bills of materials in JSON: 2.2 and 2.3, and 3.0 (JSON-LD).
//!
//! Source: SPDX specifications 2.3 (ISO/IEC 5962:2021 is 2.2.1) and 3.0.1.

use super::{Applicant, ImportError, Imported, json, suppliers::Suppliers};
use crate::report::quoted;
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    spdx_version: Option<String>,
    #[serde(default)]
    packages: Vec<Package>,
    #[serde(default)]
    relationships: Vec<HashMap<String, serde_json::Value>>,
    #[serde(rename = "@graph")]
    graph: Option<Vec<Element>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    name: String,
    version_info: Option<String>,
    supplier: Option<String>,
    license_concluded: Option<String>,
    license_declared: Option<String>,
    #[serde(default)]
    external_refs: Vec<ExternalRef>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExternalRef {
    reference_type: Option<String>,
    reference_locator: Option<String>,
}

/// An element of a graph of SPDX 3.0: the properties of any kind that are read.
#[derive(Deserialize)]
struct Element {
    #[serde(rename = "type", alias = "@type", default)]
    kind: String,
    #[serde(rename = "spdxId", alias = "@id", default)]
    id: String,
    name: Option<String>,
    #[serde(rename = "software_packageVersion")]
    version: Option<String>,
    #[serde(rename = "software_packageUrl")]
    purl: Option<String>,
    #[serde(rename = "suppliedBy")]
    supplied_by: Option<String>,
    #[serde(rename = "simplelicensing_licenseExpression")]
    expression: Option<String>,
    #[serde(rename = "relationshipType")]
    relationship: Option<String>,
    from: Option<String>,
    to: Option<OneOrMany>,
    completeness: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl OneOrMany {
    fn all(&self) -> &[String] {
        match self {
            OneOrMany::One(one) => std::slice::from_ref(one),
            OneOrMany::Many(many) => many,
        }
    }
}

/// What was stated: not one of the words for its absence.
fn stated(text: Option<String>) -> Option<String> {
    text.filter(|l| l != "NOASSERTION" && l != "NONE")
}

/// The packages as components, in the order of the file, then their suppliers.
pub(super) fn read(
    bytes: &[u8],
    applicant: &Applicant,
    into: &mut Imported,
) -> Result<(), ImportError> {
    let document: Document = json::parse(bytes, "SPDX JSON", into)?;
    if let Some(graph) = document.graph {
        into.gives("component", !graph.iter().any(is_open));
        read_3(&graph, applicant, into);
        return Ok(());
    }
    let version = document.spdx_version.unwrap_or_default();
    if !matches!(version.as_str(), "SPDX-2.2" | "SPDX-2.3") {
        let version = quoted(&version);
        return Err(ImportError::new(
            format!("version `{version}` de SPDX, il faut 2.2, 2.3 ou 3.0"),
            format!("SPDX version `{version}`, it must be 2.2, 2.3 or 3.0"),
        ));
    }
    let open = document.relationships.iter().any(is_known_unknown);
    into.gives("component", !open);
    if !document.relationships.is_empty() {
        into.skip("/relationships");
    }
    let mut suppliers = Suppliers::beside(applicant);
    for (i, p) in document.packages.into_iter().enumerate() {
        let pointer = format!("/packages/{i}");
        let named = stated(p.supplier);
        match named.as_deref().map(supplier) {
            Some(Some((kind, name))) => {
                suppliers.add(name, kind, "software", &format!("{pointer}/supplier"));
            }
            Some(None) => into.skip("supplier that is no `Organization:` and no `Person:`"),
            None => {}
        }
        let is_purl = |r: &&ExternalRef| r.reference_type.as_deref().is_some_and(is_purl);
        let purl = p.external_refs.iter().find(is_purl);
        let purl = purl.and_then(|r| r.reference_locator.clone());
        for r in p.external_refs.iter().filter(|r| !is_purl(r)) {
            let kind = r.reference_type.as_deref().unwrap_or("?");
            into.skip(&format!("/packages/*/externalRefs/* ({kind})"));
        }
        let licence = stated(p.license_concluded).or_else(|| stated(p.license_declared));
        into.table("component", format!("sbom-{}", i + 1), pointer)
            .text("name", Some(p.name))
            .text("version", p.version_info)
            .text("purl", purl)
            .text("licence", licence);
    }
    suppliers.write(into);
    Ok(())
}

/// Whether a reference is a package URL: as JSON words the type, or by its whole address.
fn is_purl(kind: &str) -> bool {
    matches!(kind, "purl" | "http://spdx.org/rdf/references/purl")
}

/// Whether a relationship goes to nobody knows what: so an author words that there may be more
/// than is named (SPDX 2.3, section 11.1).
fn is_known_unknown(relationship: &HashMap<String, serde_json::Value>) -> bool {
    relationship
        .get("relatedSpdxElement")
        .is_some_and(|to| to == "NOASSERTION")
}

/// Whether an element says of itself that it may not name all: a relationship, other than to
/// a licence, that is not complete or goes to nobody knows what.
fn is_open(e: &Element) -> bool {
    let to_licence = e.relationship.as_deref().is_some_and(is_of_licence);
    let part = e.completeness.as_deref().is_some_and(|c| c != "complete");
    let mut to = e.to.iter().flat_map(OneOrMany::all);
    let unknown = |t: &String| t == "NOASSERTION" || t.ends_with("/NoAssertionElement");
    e.kind == "Relationship" && !to_licence && (part || to.any(unknown))
}

fn is_of_licence(relationship: &str) -> bool {
    matches!(relationship, "hasConcludedLicense" | "hasDeclaredLicense")
}

/// The supplier that `Organization: Name (mail)` states, and its kind when it is a person.
fn supplier(text: &str) -> Option<(Option<&'static str>, &str)> {
    let (kind, name) = text.split_once(':')?;
    let kind = match kind.trim() {
        "Person" => Some("person"),
        "Organization" => None,
        _ => return None,
    };
    let name = without_mail(name.trim());
    (!name.is_empty()).then_some((kind, name))
}

/// The name without the address of mail in brackets at its end, which may be empty; other
/// brackets are part of it.
fn without_mail(name: &str) -> &str {
    match name.strip_suffix(')').and_then(|n| n.rsplit_once('(')) {
        Some((before, mail)) if mail.trim().is_empty() || mail.contains('@') => before.trim_end(),
        _ => name,
    }
}

/// The elements of an SPDX 3.0 graph.
fn read_3(graph: &[Element], applicant: &Applicant, imported: &mut Imported) {
    let licences = licences(graph);
    let agents: HashMap<&str, &Element> = graph
        .iter()
        .filter(|e| matches!(e.kind.as_str(), "Organization" | "Person" | "Agent"))
        .map(|e| (e.id.as_str(), e))
        .collect();
    let mut suppliers = Suppliers::beside(applicant);
    for (i, e) in graph.iter().enumerate() {
        let pointer = format!("/@graph/{i}");
        match e.kind.as_str() {
            "software_Package" | "ai_AIPackage" | "dataset_DatasetPackage" => {
                let n = imported.tables.len() + 1;
                imported
                    .table("component", format!("sbom-{n}"), pointer.clone())
                    .text("name", e.name.clone())
                    .text("version", e.version.clone())
                    .text("purl", e.purl.clone())
                    .text("licence", licences.get(e.id.as_str()).copied());
                let by = e.supplied_by.as_deref();
                match by.and_then(|s| agents.get(s)).copied() {
                    Some(agent) => {
                        let kind = (agent.kind == "Person").then_some("person");
                        let name = agent.name.as_deref().unwrap_or_default();
                        suppliers.add(name, kind, "software", &format!("{pointer}/suppliedBy"));
                    }
                    None if by.is_some() => imported.skip("suppliedBy of another file"),
                    None => {}
                }
            }
            // Read together with the packages that they belong to.
            "Organization" | "Person" | "Agent" | "simplelicensing_LicenseExpression" => {}
            "Relationship" => {
                let how = e.relationship.as_deref().unwrap_or("?");
                if !is_of_licence(how) {
                    imported.skip(&format!("/@graph/* (Relationship {how})"));
                }
            }
            other => imported.skip(&format!("/@graph/* ({other})")),
        }
    }
    suppliers.write(imported);
}

/// The licence of each element, concluded before declared.
fn licences(graph: &[Element]) -> HashMap<&str, &str> {
    let expressions: HashMap<&str, &str> = graph
        .iter()
        .filter_map(|e| Some((e.id.as_str(), e.expression.as_deref()?)))
        .filter(|(_, e)| *e != "NOASSERTION" && *e != "NONE")
        .collect();
    let mut licences: HashMap<&str, &str> = HashMap::new();
    for e in graph.iter().filter(|e| e.kind == "Relationship") {
        let to = e.to.as_ref().and_then(|t| t.all().first());
        let expression = to.and_then(|t| expressions.get(t.as_str())).copied();
        let (Some(from), Some(expression)) = (e.from.as_deref(), expression) else {
            continue;
        };
        match e.relationship.as_deref() {
            Some("hasConcludedLicense") => drop(licences.insert(from, expression)),
            Some("hasDeclaredLicense") => drop(licences.entry(from).or_insert(expression)),
            _ => {}
        }
    }
    licences
}
