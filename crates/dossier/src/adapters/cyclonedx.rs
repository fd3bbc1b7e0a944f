//! CycloneDX bills of materials in JSON or XML: components, and whoever supplies them or
//! provides the services.
//!
//! Source: ECMA-424, *CycloneDX bill of materials specification* (1.6), and its
//! JSON schemas 1.2 to 1.7, which agree on what is read here.

use super::licence::{DECLARED, all_of};
use super::{Applicant, ImportError, Imported, cyclonedx_xml, json, suppliers::Suppliers};
use crate::report::quoted;
use serde::Deserialize;

/// Versions that are read.
const VERSIONS: [&str; 6] = ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// Types of component that are no software: they are counted only.
const NOT_SOFTWARE: [&str; 4] = ["device", "file", "data", "cryptographic-asset"];

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bom {
    pub(super) bom_format: Option<String>,
    pub(super) spec_version: Option<String>,
    #[serde(default)]
    pub(super) components: Vec<Item>,
    #[serde(default)]
    pub(super) services: Vec<Service>,
    #[serde(default)]
    pub(super) compositions: Vec<Composition>,
}

#[derive(Default, Deserialize)]
pub(super) struct Item {
    /// Line at which it stands, in XML.
    #[serde(skip)]
    pub(super) line: Option<u64>,
    pub(super) r#type: Option<String>,
    pub(super) group: Option<String>,
    pub(super) name: String,
    pub(super) version: Option<String>,
    pub(super) purl: Option<String>,
    pub(super) supplier: Option<Organisation>,
    #[serde(default)]
    pub(super) licenses: Vec<Licence>,
    #[serde(default)]
    pub(super) components: Vec<Item>,
}

#[derive(Default, Deserialize)]
pub(super) struct Service {
    /// Line at which it stands, in XML.
    #[serde(skip)]
    pub(super) line: Option<u64>,
    pub(super) provider: Option<Organisation>,
    #[serde(default)]
    pub(super) services: Vec<Service>,
}

#[derive(Default, Deserialize)]
pub(super) struct Organisation {
    pub(super) name: Option<String>,
}

#[derive(Default, Deserialize)]
pub(super) struct Composition {
    pub(super) aggregate: Option<String>,
}

#[derive(Default, Deserialize)]
pub(super) struct Licence {
    pub(super) license: Option<Named>,
    pub(super) expression: Option<String>,
    pub(super) acknowledgement: Option<String>,
}

#[derive(Default, Deserialize)]
pub(super) struct Named {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) acknowledgement: Option<String>,
}

impl Licence {
    fn text(&self) -> Option<&str> {
        let license = self.license.as_ref();
        let named = || license.and_then(|n| n.id.as_deref().or(n.name.as_deref()));
        self.expression.as_deref().or_else(named)
    }

    /// Whether it is what an analysis found, and not what the authors declare.
    fn is_concluded(&self) -> bool {
        let of_license = self.license.as_ref().map(|l| &l.acknowledgement);
        let said = [Some(&self.acknowledgement), of_license];
        let mut said = said.into_iter().flatten().flatten();
        said.any(|a| a == "concluded")
    }
}

/// The components, in the order of the file, the parts of one after the whole; then
/// their suppliers and the providers of services.
pub(super) fn read(
    bytes: &[u8],
    applicant: &Applicant,
    into: &mut Imported,
) -> Result<(), ImportError> {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let bom = match start.trim_ascii_start().first() {
        Some(b'<') => cyclonedx_xml::read(bytes, into)?,
        _ => from_json(bytes, into)?,
    };
    let version = bom.spec_version.unwrap_or_default();
    if !VERSIONS.contains(&version.as_str()) {
        let version = quoted(&version);
        return Err(ImportError::new(
            format!("version `{version}` de CycloneDX, il faut de 1.2 à 1.7"),
            format!("CycloneDX version `{version}`, it must be 1.2 to 1.7"),
        ));
    }
    // A bill says of itself when it leaves components out.
    let mut stated = bom.compositions.iter().map(|c| c.aggregate.as_deref());
    into.gives("component", stated.all(|a| a == Some("complete")));
    let mut suppliers = Suppliers::beside(applicant);
    flatten(bom.components, "", into, &mut suppliers);
    services(bom.services, "", into, &mut suppliers);
    suppliers.write(into);
    Ok(())
}

fn from_json(bytes: &[u8], into: &mut Imported) -> Result<Bom, ImportError> {
    let bom: Bom = json::parse(bytes, "CycloneDX JSON", into)?;
    if bom.bom_format.as_deref() == Some("CycloneDX") {
        return Ok(bom);
    }
    Err(ImportError::new(
        "`bomFormat` n'est pas \"CycloneDX\"",
        "`bomFormat` is not \"CycloneDX\"",
    ))
}

/// Where something stands: its line in XML, its path in JSON.
fn place(line: Option<u64>, path: impl FnOnce() -> String) -> String {
    line.map_or_else(path, |l| format!("L{l}"))
}

/// The parser bounds the depth of nesting, and so of this recursion.
fn flatten(items: Vec<Item>, prefix: &str, into: &mut Imported, suppliers: &mut Suppliers<'_>) {
    for (i, item) in items.into_iter().enumerate() {
        let pointer = format!("{prefix}/components/{i}");
        let name = match item.group.filter(|g| !g.is_empty()) {
            Some(group) => format!("{group}/{}", item.name),
            None => item.name,
        };
        let kind = item.r#type.as_deref().unwrap_or("library");
        if NOT_SOFTWARE.contains(&kind) {
            into.leave(("composant de type {}", "component of type {}"), kind);
        } else {
            let licence = expression(&item.licenses, into);
            let at = place(item.line, || pointer.clone());
            into.numbered("component", "sbom", at)
                .text("name", Some(name))
                .text("version", item.version)
                .text("purl", item.purl)
                .text("licence", licence);
        }
        if let Some(supplier) = item.supplier {
            let name = supplier.name.unwrap_or_default();
            let role = if kind == "device" {
                "hardware"
            } else {
                "software"
            };
            let at = place(item.line, || format!("{pointer}/supplier"));
            suppliers.add(&name, None, role, &at);
        }
        flatten(item.components, &pointer, into, suppliers);
    }
}

/// Of a service, who provides it; the service itself has no word in a dossier.
fn services(items: Vec<Service>, prefix: &str, into: &mut Imported, suppliers: &mut Suppliers<'_>) {
    for (i, item) in items.into_iter().enumerate() {
        let pointer = format!("{prefix}/services/{i}");
        match item.provider.and_then(|p| p.name) {
            Some(name) => {
                let at = place(item.line, || format!("{pointer}/provider"));
                suppliers.add(&name, None, "other", &at);
            }
            None => into.leave(("service sans prestataire", "service without provider"), ""),
        }
        services(item.services, &pointer, into, suppliers);
    }
}

/// One expression for all licences: several listed side by side all apply, and what was
/// concluded stands for what is declared.
fn expression(licences: &[Licence], into: &mut Imported) -> Option<String> {
    let nameless = licences.iter().filter(|l| l.text().is_none());
    let why = ("licence sans nom", "licence without a name");
    into.unmapped.leave(why, "", nameless.count());
    let of = |concluded: bool| {
        let all = licences.iter().filter(|l| l.is_concluded() == concluded);
        all.filter_map(Licence::text).collect::<Vec<_>>()
    };
    let (concluded, declared) = (of(true), of(false));
    if concluded.is_empty() {
        return all_of(declared);
    }
    let others = declared.iter().filter(|d| !concluded.contains(d));
    into.unmapped.leave(DECLARED, "", others.count());
    all_of(concluded)
}
