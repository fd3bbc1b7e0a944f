//! Finds what our pages carry, without reading PDF at large: the streams marked as
//! embedded files, which these pages hold in plain sight. A page built to mislead
//! this reader gains nothing, since [`crate::check`] then typesets what was found
//! and compares all bytes.

use crate::Contents;
use cocarde_seal::{Refusal, Result};
use flate2::read::ZlibDecoder;
use std::io::Read;

/// Most bytes of a page.
const MAX_PDF: usize = 16 << 20;
/// Most bytes of a file attached to it, once unpacked.
const MAX_FILE: u64 = 4 << 20;
/// Most files that are looked at.
const MAX_FILES: usize = 8;

fn refused(fr: &str, en: &str) -> Refusal {
    Refusal::new("pdf", fr, en)
}

/// The credential and proof attached to a page. Errors: not a PDF, oversize, none
/// or several credentials.
pub fn attached(pdf: &[u8]) -> Result<Contents> {
    if !pdf.starts_with(b"%PDF-") {
        return Err(refused("ce n'est pas un PDF", "this is not a PDF"));
    }
    if pdf.len() > MAX_PDF {
        return Err(Refusal::new("oversize", "PDF trop long", "PDF too long"));
    }
    let (mut credentials, mut proofs) = (Vec::new(), Vec::new());
    for file in files(pdf).take(MAX_FILES) {
        match file {
            Some(text) if text.starts_with("eyJ") => credentials.push(text),
            Some(text) if text.starts_with("c2sp.org/tlog-proof@") => proofs.push(text),
            _ => {}
        }
    }
    let log_proof = proofs.pop();
    match (
        credentials.pop(),
        credentials.is_empty() && proofs.is_empty(),
    ) {
        (Some(credential), true) => Ok(Contents {
            credential,
            log_proof,
        }),
        (None, _) => Err(refused(
            "aucun certificat n'est joint à ce PDF",
            "no certificate is attached to this PDF",
        )),
        (Some(_), false) => Err(refused(
            "plusieurs certificats ou preuves sont joints à ce PDF",
            "several certificates or proofs are attached to this PDF",
        )),
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|w| w == wanted)
}

/// The text of each stream marked as an embedded file.
fn files(pdf: &[u8]) -> impl Iterator<Item = Option<String>> {
    let mut rest = pdf;
    std::iter::from_fn(move || {
        let at = find(rest, b"/EmbeddedFile\n").or_else(|| find(rest, b"/EmbeddedFile/"))?;
        let here = &rest[at..];
        rest = &here[1..];
        Some(stream(here))
    })
}

fn stream(here: &[u8]) -> Option<String> {
    let head = here.get(..here.len().min(1024))?;
    let start = find(head, b"stream\n")? + b"stream\n".len();
    let packed = find(&head[..start], b"/FlateDecode").is_some();
    let body = &here[start..];
    let body = &body[..find(body, b"\nendstream")?];
    let mut text = String::new();
    let read = match packed {
        true => ZlibDecoder::new(body)
            .take(MAX_FILE + 1)
            .read_to_string(&mut text),
        false => body.take(MAX_FILE + 1).read_to_string(&mut text),
    };
    (read.is_ok() && text.len() as u64 <= MAX_FILE).then_some(text)
}
