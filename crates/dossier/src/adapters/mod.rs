//! Formats that users already have, read into the same facts.

mod cyclonedx;

use crate::build::Builder;
use crate::document::{Digest, hex};
use crate::files::{Lookup, PlaceOfFiles};
use cocarde_model::{Fact, Provenance, Source, Span, Value};
use sha2::{Digest as _, Sha256};
use std::io::Read;
use std::sync::Arc;

/// A software component, as a bill of materials names it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Component {
    /// Its name, with its group where it has one.
    pub name: String,
    /// Its version.
    pub version: Option<String>,
    /// Its package URL.
    pub purl: Option<String>,
    /// Its licence, as an SPDX expression or as it was named.
    pub licence: Option<String>,
    /// Where it stands in the file, as a JSON pointer.
    pub pointer: String,
}

/// Why a file of a known format was not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportError {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

pub use cyclonedx::read as read_cyclonedx;

/// Reads the bill of materials that a dossier names into its components.
pub(crate) fn import_components(
    b: &mut Builder<'_>,
    place: &PlaceOfFiles,
    name: &str,
    span: Span,
    digest: &mut Digest,
) {
    let mut bytes = Vec::new();
    match place.open(name, b.limits.import_bytes) {
        Ok(Lookup::NotGiven) => return,
        Ok(Lookup::Found(mut file)) => {
            if let Err(e) = file.read_to_end(&mut bytes) {
                b.report.error(
                    "unreadable",
                    span,
                    format!("`{name}` ne se lit pas : {e}"),
                    format!("`{name}` cannot be read: {e}"),
                );
                return;
            }
        }
        Err(d) => return b.report.push(d.at(span)),
    }
    digest.add(name, hex(&Sha256::digest(&bytes)));
    match read_cyclonedx(&bytes) {
        Ok(components) => {
            for (i, component) in components.iter().enumerate() {
                if b.base.fact_count() >= b.limits.facts {
                    return b.too_many_facts(span);
                }
                add_component(b, i, component, name, span);
            }
        }
        Err(e) => {
            b.report.error(
                "bad-import",
                span,
                format!("`{name}` : {}", e.fr),
                format!("`{name}`: {}", e.en),
            );
        }
    }
}

fn add_component(b: &mut Builder<'_>, i: usize, component: &Component, file: &str, span: Span) {
    let Some(record) = b.import("component", &format!("sbom-{}", i + 1), span) else {
        return;
    };
    let note: Arc<str> = format!("{file}#{}", component.pointer).into();
    let values = [
        ("name", Some(&component.name)),
        ("version", component.version.as_ref()),
        ("purl", component.purl.as_ref()),
        ("licence", component.licence.as_ref()),
    ];
    let schema = b.names.schema.clone();
    let ty = schema.ty(b.base.record(record).ty);
    for (name, value) in values {
        let (Some(field), Some(value)) = (ty.field(name), value) else {
            continue;
        };
        b.base.add_fact(Fact {
            subject: record,
            field,
            value: Value::text(value),
            provenance: Provenance::Declared,
            source: Source {
                span: Some(span),
                note: Some(note.clone()),
                ..Source::default()
            },
            confidence: None,
            from: None,
            until: None,
            ruling: false,
        });
    }
}
