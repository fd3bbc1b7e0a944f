//! SPDX bills of materials in JSON: 2.2 and 2.3, and 3.0 (JSON-LD).
//!
//! Source: SPDX specifications 2.3 (ISO/IEC 5962:2021 is 2.2.1) and 3.0.1.

use super::{ImportError, Imported, json};
use crate::report::quoted;
use serde::Deserialize;
use serde_json::Value;
use std::collections::HashMap;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    spdx_version: Option<String>,
    #[serde(default)]
    packages: Vec<Package>,
    #[serde(default)]
    files: Vec<serde::de::IgnoredAny>,
    #[serde(rename = "@graph")]
    graph: Option<Vec<Value>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    name: String,
    version_info: Option<String>,
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

/// A licence that was stated: not one of the words for its absence.
fn stated(licence: Option<String>) -> Option<String> {
    licence.filter(|l| l != "NOASSERTION" && l != "NONE")
}

/// The packages as components, in the order of the file.
pub(super) fn read(bytes: &[u8]) -> Result<Imported, ImportError> {
    let document: Document = json::parse(bytes, "SPDX JSON")?;
    if let Some(graph) = document.graph {
        return Ok(read_3(&graph));
    }
    let version = document.spdx_version.unwrap_or_default();
    if !matches!(version.as_str(), "SPDX-2.2" | "SPDX-2.3") {
        let version = quoted(&version);
        return Err(ImportError::new(
            format!("version `{version}` de SPDX, il faut 2.2, 2.3 ou 3.0"),
            format!("SPDX version `{version}`, it must be 2.2, 2.3 or 3.0"),
        ));
    }
    let mut imported = Imported::default();
    if !document.files.is_empty() {
        imported
            .unmapped
            .insert("files".into(), document.files.len());
    }
    for (i, p) in document.packages.into_iter().enumerate() {
        let is_purl = |r: &&ExternalRef| r.reference_type.as_deref() == Some("purl");
        let purl = p.external_refs.iter().find(is_purl);
        let purl = purl.and_then(|r| r.reference_locator.clone());
        let licence = stated(p.license_concluded).or_else(|| stated(p.license_declared));
        imported
            .table(
                "component",
                format!("sbom-{}", i + 1),
                format!("/packages/{i}"),
            )
            .text("name", Some(p.name))
            .text("version", p.version_info)
            .text("purl", purl)
            .text("licence", licence);
    }
    Ok(imported)
}

/// The elements of an SPDX 3.0 graph.
fn read_3(graph: &[Value]) -> Imported {
    let text = |v: &Value, keys: &[&str]| {
        let found = keys.iter().find_map(|k| v.get(k)?.as_str());
        found.map(str::to_string)
    };
    let kind = |v: &Value| text(v, &["type", "@type"]).unwrap_or_default();
    let id = |v: &Value| text(v, &["spdxId", "@id"]).unwrap_or_default();
    let mut expressions = HashMap::new();
    for v in graph {
        if let Some(e) = text(v, &["simplelicensing_licenseExpression"]) {
            expressions.insert(id(v), e);
        }
    }
    let mut licences: HashMap<String, String> = HashMap::new();
    for v in graph.iter().filter(|v| kind(v) == "Relationship") {
        let how = text(v, &["relationshipType"]).unwrap_or_default();
        let to = v
            .get("to")
            .and_then(|t| t.get(0).or(Some(t)))
            .and_then(Value::as_str);
        let expression = to.and_then(|t| expressions.get(t)).cloned();
        let (Some(from), Some(e)) = (text(v, &["from"]), stated(expression)) else {
            continue;
        };
        match how.as_str() {
            "hasConcludedLicense" => drop(licences.insert(from, e)),
            "hasDeclaredLicense" => drop(licences.entry(from).or_insert(e)),
            _ => {}
        }
    }
    let mut imported = Imported::default();
    for (i, v) in graph.iter().enumerate() {
        match kind(v).as_str() {
            "software_Package" => {
                let n = imported.tables.len() + 1;
                imported
                    .table("component", format!("sbom-{n}"), format!("/@graph/{i}"))
                    .text("name", text(v, &["name"]))
                    .text("version", text(v, &["software_packageVersion"]))
                    .text("purl", text(v, &["software_packageUrl"]))
                    .text("licence", licences.get(&id(v)).cloned());
            }
            known @ ("software_File"
            | "software_Snippet"
            | "security_Vulnerability"
            | "ai_AIPackage"
            | "dataset_DatasetPackage") => imported.skip(known),
            _ => {}
        }
    }
    imported
}
