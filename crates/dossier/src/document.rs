//! Attached documents, by digest, and the digest of a whole dossier.

use crate::build::Builder;
use crate::files::{Inputs, PlaceOfFiles};
use cocarde_model::{RecordId, Span, Value};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// An attached document whose file was found and read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentFile {
    /// Its record.
    pub record: RecordId,
    /// Its path within the dossier, with `/`.
    pub path: Arc<str>,
    /// SHA-256 of its content, in hexadecimal.
    pub sha256: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The digest of all files that were read.
pub(crate) struct Digest(BTreeMap<String, String>);

impl Digest {
    /// Of the text files.
    pub(crate) fn of(inputs: &Inputs) -> Digest {
        let texts = inputs.toml.iter().chain(&inputs.measurements);
        Digest(
            texts
                .map(|(name, text)| (name.clone(), hex(&Sha256::digest(text))))
                .collect(),
        )
    }

    /// With another file.
    pub(crate) fn add(&mut self, name: &str, sha256: String) {
        self.0.insert(name.into(), sha256);
    }

    /// The digest over names and digests: `name`, a line feed, the file's digest, a
    /// line feed, in the order of names.
    pub(crate) fn finish(&self) -> String {
        let mut all = Sha256::new();
        for (name, sha256) in &self.0 {
            all.update(format!("{name}\n{sha256}\n"));
        }
        hex(&all.finalize())
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Checks the file of every document against its digest.
pub(crate) fn check(
    b: &mut Builder<'_>,
    place: &PlaceOfFiles,
    digest: &mut Digest,
) -> Vec<DocumentFile> {
    let Some(ty) = b.names.schema.by_name("document") else {
        return Vec::new();
    };
    let records: Vec<RecordId> = b
        .base
        .records()
        .filter(|(_, r)| r.ty == ty)
        .map(|(id, _)| id)
        .collect();
    // A file that several documents name is read once.
    let mut known: BTreeMap<Arc<str>, Option<(String, u64)>> = BTreeMap::new();
    records
        .into_iter()
        .filter_map(|record| {
            let Some((path, span)) = text(b, record, "file") else {
                warn_no_file(b, record);
                return None;
            };
            let stated = text(b, record, "sha256");
            let found = known
                .entry(path.clone())
                .or_insert_with(|| read(b, place, &path, span));
            let (sha256, bytes) = found.clone()?;
            compare(b, stated, &path, span, &sha256);
            digest.add(&path, sha256.clone());
            Some(DocumentFile {
                record,
                path,
                sha256,
                bytes,
            })
        })
        .collect()
}

fn warn_no_file(b: &mut Builder<'_>, record: RecordId) {
    if let Some(span) = b.base.record(record).span {
        b.report
            .warning(
                "no-file",
                span,
                "cette pièce n'a pas de fichier : ce qu'elle appuie ne vaut que déclaration",
                "this document has no file: what it supports counts as declared only",
            )
            .mend(
                "ajouter file = \"documents/…\" et sha256",
                "add file = \"documents/…\" and sha256",
            );
    }
}

fn text(b: &Builder<'_>, record: RecordId, name: &str) -> Option<(Arc<str>, Span)> {
    let fact = b.base.first(record, name)?;
    match (&fact.value, fact.source.span) {
        (Value::Text(t), Some(span)) => Some((t.clone(), span)),
        _ => None,
    }
}

/// The digest and size of a file that the dossier names.
fn read(
    b: &mut Builder<'_>,
    place: &PlaceOfFiles,
    path: &str,
    span: Span,
) -> Option<(String, u64)> {
    let mut hash = Sha256::new();
    match place.read(path, b.limits.document_bytes, &mut |piece| {
        hash.update(piece)
    }) {
        Ok(size) => Some((hex(&hash.finalize()), size?)),
        Err(d) => {
            b.report.push(d.at(span));
            None
        }
    }
}

fn compare(
    b: &mut Builder<'_>,
    stated: Option<(Arc<str>, Span)>,
    path: &str,
    span: Span,
    sha256: &str,
) {
    match stated {
        Some((s, at)) if !s.eq_ignore_ascii_case(sha256) => {
            b.report
                .error(
                    "digest-mismatch",
                    at,
                    format!("`{path}` n'a pas cette empreinte : la pièce a changé"),
                    format!("`{path}` does not have this digest: the document has changed"),
                )
                .mend(
                    format!("vérifier la pièce ; son empreinte est {sha256}"),
                    format!("check the document; its digest is {sha256}"),
                );
        }
        Some(_) => {}
        None => {
            b.report
                .warning(
                    "no-digest",
                    span,
                    format!("`{path}` est cité sans empreinte : la pièce ne vaut que déclaration"),
                    format!("`{path}` is named without its digest: it counts as declared only"),
                )
                .mend(
                    format!("ajouter sha256 = \"{sha256}\""),
                    format!("add sha256 = \"{sha256}\""),
                );
        }
    }
}
