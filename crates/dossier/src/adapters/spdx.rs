//! SPDX bills of materials in JSON: 2.2 and 2.3, and 3.0 (JSON-LD).
//!
//! Source: SPDX specifications 2.3 (ISO/IEC 5962:2021 is 2.2.1) and 3.0.1.

use super::licence::{DECLARED, all_of};
use super::{Applicant, ImportError, Imported, json, suppliers::Suppliers};
use crate::report::quoted;
use serde::Deserialize;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    spdx_version: Option<String>,
    #[serde(default)]
    packages: Vec<Package>,
    #[serde(default)]
    relationships: Vec<Relationship>,
    #[serde(rename = "@graph")]
    graph: Option<Vec<Element>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Relationship {
    /// Counted with the relationship.
    #[serde(rename = "spdxElementId")]
    _from: Option<String>,
    relationship_type: Option<String>,
    related_spdx_element: Option<String>,
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
    text.filter(|l| !is_absent(l))
}

fn is_absent(text: &str) -> bool {
    matches!(text, "NOASSERTION" | "NONE")
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
    for r in &document.relationships {
        let kind = r.relationship_type.as_deref().unwrap_or("?");
        into.skip(&format!("/relationships/* ({kind})"));
    }
    let mut suppliers = Suppliers::beside(applicant);
    for (i, p) in document.packages.into_iter().enumerate() {
        let pointer = format!("/packages/{i}");
        let named = stated(p.supplier);
        match named.as_deref().map(supplier) {
            Some(Some((kind, name))) => {
                suppliers.add(name, kind, "software", &format!("{pointer}/supplier"));
            }
            Some(None) => into.leave(
                (
                    "fournisseur qui n'est ni `Organization:` ni `Person:`",
                    "supplier that is no `Organization:` and no `Person:`",
                ),
                "",
            ),
            None => {}
        }
        let is_purl = |r: &&ExternalRef| r.reference_type.as_deref().is_some_and(is_purl);
        let (purls, others): (Vec<_>, Vec<_>) = p.external_refs.iter().partition(is_purl);
        for r in others {
            let kind = r.reference_type.as_deref().unwrap_or("?");
            into.skip(&format!("/packages/*/externalRefs/* ({kind})"));
        }
        let purls = purls.iter().filter_map(|r| r.reference_locator.as_deref());
        let purl = into.the_one(purls, ("purl à côté d'un autre", "purl beside another"));
        let (concluded, declared) = (stated(p.license_concluded), stated(p.license_declared));
        if concluded.is_some() && declared.is_some() && concluded != declared {
            into.leave(DECLARED, "");
        }
        let licence = concluded.or(declared);
        into.numbered("component", "sbom", pointer)
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
fn is_known_unknown(r: &Relationship) -> bool {
    r.related_spdx_element.as_deref() == Some("NOASSERTION")
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

fn is_package(e: &Element) -> bool {
    matches!(
        e.kind.as_str(),
        "software_Package" | "ai_AIPackage" | "dataset_DatasetPackage"
    )
}

fn is_agent(e: &Element) -> bool {
    matches!(
        e.kind.as_str(),
        "Organization" | "Person" | "Agent" | "SoftwareAgent"
    )
}

/// The elements of an SPDX 3.0 graph.
fn read_3(graph: &[Element], applicant: &Applicant, into: &mut Imported) {
    let licences = licences(graph, into);
    let agents = graph.iter().filter(|e| is_agent(e));
    let agents: HashMap<&str, &Element> = agents.map(|e| (e.id.as_str(), e)).collect();
    let packages = || graph.iter().filter(|e| is_package(e));
    let named: HashSet<&str> = packages()
        .filter_map(|e| e.supplied_by.as_deref())
        .collect();
    let mut suppliers = Suppliers::beside(applicant);
    for (i, e) in graph.iter().enumerate() {
        let pointer = format!("/@graph/{i}");
        if is_package(e) {
            into.numbered("component", "sbom", pointer.clone())
                .text("name", e.name.as_deref())
                .text("version", e.version.as_deref())
                .text("purl", e.purl.as_deref())
                .text("licence", licences.get(e.id.as_str()).cloned().flatten());
            let by = e.supplied_by.as_deref();
            match by.and_then(|s| agents.get(s)) {
                Some(agent) => {
                    let kind = (agent.kind == "Person").then_some("person");
                    let name = agent.name.as_deref().unwrap_or_default();
                    suppliers.add(name, kind, "software", &format!("{pointer}/suppliedBy"));
                }
                None if by.is_some() => into.leave(
                    (
                        "suppliedBy d'un autre fichier",
                        "suppliedBy of another file",
                    ),
                    "",
                ),
                None => {}
            }
        } else if e.kind == "Relationship" {
            let how = e.relationship.as_deref().unwrap_or("?");
            if !is_of_licence(how) {
                into.skip(&format!("/@graph/* (Relationship {how})"));
            }
        } else if e.kind != EXPRESSION && !named.contains(e.id.as_str()) {
            into.skip(&format!("/@graph/* ({})", e.kind));
        }
    }
    suppliers.write(into);
}

/// The type of element that gives a licence.
const EXPRESSION: &str = "simplelicensing_LicenseExpression";

/// The licence of each package, concluded before declared; `None` where it is not all in the
/// file. What is not used is counted.
fn licences<'g>(graph: &'g [Element], into: &mut Imported) -> HashMap<&'g str, Option<String>> {
    let mut found: HashMap<&str, Option<String>> = HashMap::new();
    for ((from, _), all) in stated_licences(graph, into) {
        let text = match all {
            Some(all) if all.is_empty() => continue,
            all => all.and_then(all_of),
        };
        match found.entry(from) {
            Entry::Vacant(e) => drop(e.insert(text)),
            Entry::Occupied(e) if *e.get() != text => into.leave(DECLARED, ""),
            Entry::Occupied(_) => {}
        }
    }
    found
}

/// The licences that are stated of each package, by whether they are only declared; `None`
/// where one of them is not in the file.
type Stated<'g> = BTreeMap<(&'g str, bool), Option<Vec<&'g str>>>;

fn stated_licences<'g>(graph: &'g [Element], into: &mut Imported) -> Stated<'g> {
    let expressions = graph.iter().filter(|e| e.kind == EXPRESSION);
    let expressions: HashMap<&str, &Element> = expressions.map(|e| (e.id.as_str(), e)).collect();
    let packages = graph.iter().filter(|e| is_package(e));
    let packages: HashSet<&str> = packages.map(|e| e.id.as_str()).collect();
    let mut used: HashSet<&str> = HashSet::new();
    let mut said = Stated::new();
    for e in graph.iter().filter(|e| e.kind == "Relationship") {
        let how = e.relationship.as_deref().unwrap_or_default();
        if !is_of_licence(how) {
            continue;
        }
        let Some(from) = e.from.as_deref().filter(|f| packages.contains(f)) else {
            let why = (
                "/@graph/* (Relationship {} d'aucun paquet)",
                "/@graph/* (Relationship {} of no package)",
            );
            into.leave(why, how);
            continue;
        };
        let key = (from, how == "hasDeclaredLicense");
        let all = said.entry(key).or_insert_with(|| Some(Vec::new()));
        for to in e.to.iter().flat_map(OneOrMany::all) {
            match expressions.get(to.as_str()) {
                Some(e) => {
                    used.insert(to);
                    let text = e.expression.as_deref().filter(|t| !is_absent(t));
                    all.iter_mut().for_each(|a| a.extend(text));
                }
                None if is_no_licence(to) => {}
                None => {
                    into.leave(
                        ("licence d'un autre fichier", "licence of another file"),
                        "",
                    );
                    *all = None;
                }
            }
        }
    }
    let unused = expressions.len() - used.len();
    into.unmapped
        .add_many(&format!("/@graph/* ({EXPRESSION})"), unused);
    said
}

/// Whether a reference stands for no licence, or for none that is asserted: by its address,
/// or by the word that the context of SPDX 3.0.1 gives it.
fn is_no_licence(to: &str) -> bool {
    let name = to.rsplit('/').next().unwrap_or(to);
    let name = name.strip_prefix("expandedlicensing_").unwrap_or(name);
    let elements = [
        "NoAssertionElement",
        "NoneElement",
        "NoAssertionLicense",
        "NoneLicense",
    ];
    is_absent(name) || elements.contains(&name)
}
