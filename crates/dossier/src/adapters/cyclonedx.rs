//! CycloneDX bills of materials in JSON.
//!
//! Source: ECMA-424, *CycloneDX bill of materials specification* (1.6), and its
//! JSON schemas 1.4 to 1.6.

use super::{ImportError, Imported, json};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bom {
    bom_format: Option<String>,
    spec_version: Option<String>,
    #[serde(default)]
    components: Vec<Item>,
    #[serde(default)]
    services: Vec<serde::de::IgnoredAny>,
    #[serde(default)]
    vulnerabilities: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Item {
    group: Option<String>,
    name: String,
    version: Option<String>,
    purl: Option<String>,
    #[serde(default)]
    licenses: Vec<Licence>,
    #[serde(default)]
    components: Vec<Item>,
}

#[derive(Deserialize)]
struct Licence {
    license: Option<Named>,
    expression: Option<String>,
}

#[derive(Deserialize)]
struct Named {
    id: Option<String>,
    name: Option<String>,
}

/// The components, in the order of the file, the parts of one after the whole.
pub(super) fn read(bytes: &[u8]) -> Result<Imported, ImportError> {
    let bom: Bom = json::parse(bytes, "CycloneDX JSON")?;
    if bom.bom_format.as_deref() != Some("CycloneDX") {
        return Err(ImportError::new(
            "`bomFormat` n'est pas \"CycloneDX\"",
            "`bomFormat` is not \"CycloneDX\"",
        ));
    }
    let version = bom.spec_version.unwrap_or_default();
    if !matches!(version.as_str(), "1.4" | "1.5" | "1.6") {
        let version = crate::report::quoted(&version);
        return Err(ImportError::new(
            format!("version `{version}` de CycloneDX, il faut de 1.4 à 1.6"),
            format!("CycloneDX version `{version}`, it must be 1.4 to 1.6"),
        ));
    }
    let mut imported = Imported::default();
    for (what, n) in [
        ("services", bom.services.len()),
        ("vulnerabilities", bom.vulnerabilities.len()),
    ] {
        if n > 0 {
            imported.unmapped.insert(what.into(), n);
        }
    }
    flatten(bom.components, "", &mut imported);
    Ok(imported)
}

/// The parser bounds the depth of nesting, and so of this recursion.
fn flatten(items: Vec<Item>, prefix: &str, into: &mut Imported) {
    for (i, item) in items.into_iter().enumerate() {
        let pointer = format!("{prefix}/components/{i}");
        let name = match item.group.filter(|g| !g.is_empty()) {
            Some(group) => format!("{group}/{}", item.name),
            None => item.name,
        };
        let id = format!("sbom-{}", into.tables.len() + 1);
        into.table("component", id, pointer.clone())
            .text("name", Some(name))
            .text("version", item.version)
            .text("purl", item.purl)
            .text("licence", expression(item.licenses));
        flatten(item.components, &pointer, into);
    }
}

/// One expression for all licences: several listed side by side all apply.
fn expression(licences: Vec<Licence>) -> Option<String> {
    let all: Vec<String> = licences
        .into_iter()
        .filter_map(|l| {
            l.expression
                .or_else(|| l.license.and_then(|n| n.id.or(n.name)))
        })
        .collect();
    let wrap = |e: &String| match all.len() > 1 && e.contains(" OR ") {
        true => format!("({e})"),
        false => e.clone(),
    };
    (!all.is_empty()).then(|| all.iter().map(wrap).collect::<Vec<_>>().join(" AND "))
}
