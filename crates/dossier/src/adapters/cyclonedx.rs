//! CycloneDX 1.5 and 1.6 bills of materials in JSON.

use super::{Component, ImportError};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bom {
    bom_format: Option<String>,
    spec_version: Option<String>,
    #[serde(default)]
    components: Vec<Item>,
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

/// The components of a bill of materials, in the order of the file, parts after
/// the whole they belong to.
///
/// # Errors
/// When the file is no CycloneDX JSON of a version that is read.
pub fn read(bytes: &[u8]) -> Result<Vec<Component>, ImportError> {
    let bom: Bom = serde_json::from_slice(bytes).map_err(|e| ImportError {
        fr: format!("ce n'est pas du CycloneDX JSON : {e}"),
        en: format!("this is no CycloneDX JSON: {e}"),
    })?;
    if bom.bom_format.as_deref() != Some("CycloneDX") {
        return Err(ImportError {
            fr: "`bomFormat` n'est pas \"CycloneDX\"".into(),
            en: "`bomFormat` is not \"CycloneDX\"".into(),
        });
    }
    let version = bom.spec_version.unwrap_or_default();
    if !matches!(version.as_str(), "1.4" | "1.5" | "1.6") {
        let version = crate::report::quoted(&version);
        return Err(ImportError {
            fr: format!("version `{version}` de CycloneDX, il faut de 1.4 à 1.6"),
            en: format!("CycloneDX version `{version}`, it must be 1.4 to 1.6"),
        });
    }
    let mut components = Vec::new();
    flatten(bom.components, "", &mut components);
    Ok(components)
}

/// The parser bounds the depth of nesting, and so of this recursion.
fn flatten(items: Vec<Item>, prefix: &str, into: &mut Vec<Component>) {
    for (i, item) in items.into_iter().enumerate() {
        let pointer = format!("{prefix}/components/{i}");
        let name = match item.group.filter(|g| !g.is_empty()) {
            Some(group) => format!("{group}/{}", item.name),
            None => item.name,
        };
        into.push(Component {
            name,
            version: item.version.filter(|v| !v.is_empty()),
            purl: item.purl,
            licence: expression(item.licenses),
            pointer: pointer.clone(),
        });
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
