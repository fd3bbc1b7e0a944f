//! The certificate as a printed page: PDF/A-3a in French or English, tagged for those who
//! listen, with the signed credential and its log proof inside, and a QR code that leads
//! back to them.
//!
//! The page is a function of what is inside it: the same credential gives the same
//! bytes. So a reader who finds another page around a good credential knows that
//! the page was changed ([`check`]).
//!
//! And the page that the code leads to on a screen: how the certificate stands
//! ([`screen`]).

mod attached;
mod ink;
mod page;
mod screen;
mod words;

pub use attached::attached;
pub use screen::screen;

use cocarde_seal::verify::Secured;
use cocarde_seal::{Refusal, Result, address, credential, json};
use serde_json::Value;

/// Language of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// French.
    Fr,
    /// English.
    En,
}

/// What is printed: the signed credential, and the proof that it is in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// The credential, as a compact JWS.
    pub credential: String,
    /// Its proof of entry in the log (.tlog-proof).
    pub log_proof: Option<String>,
}

/// Typesets the page. Errors: the credential cannot be read, or is not one of ours.
pub fn typeset(contents: &Contents, lang: Lang) -> Result<Vec<u8>> {
    let secured = Secured::read(contents.credential.as_bytes())?;
    page::Page::new(lang)?.draw(secured.credential(), contents)
}

/// The text of the QR code: the certificate's address and its credential's digest.
pub fn qr_text(credential: &Value) -> String {
    let id = json::text(credential, &["id"]).unwrap_or_default();
    format!("{id}#sha256={}", json::hex(&credential::digest(credential)))
}

/// Reads the text of a QR code: the certificate's address, and its credential's digest
/// when it states one. Errors: no address over TLS or of this machine, a digest that is
/// not 64 lowercase hexadecimal digits, or more after it.
pub fn read_qr(text: &str) -> Result<(&str, Option<&str>)> {
    let refused = || {
        Refusal::new(
            "qr",
            "ce n'est pas l'adresse d'un certificat (https://…#sha256=…)",
            "this is not the address of a certificate (https://…#sha256=…)",
        )
    };
    let (url, fragment) = match text.split_once('#') {
        Some((url, fragment)) => (url, Some(fragment)),
        None => (text, None),
    };
    let address = text.len() <= 2048 && address::askable(url);
    let plain = url.bytes().all(|b| b.is_ascii_graphic());
    let digest = fragment.map(|f| f.strip_prefix("sha256=").ok_or_else(refused));
    let digest = digest.transpose()?;
    let hex = |d: &str| d.len() == 64 && d.bytes().all(|b| b"0123456789abcdef".contains(&b));
    match address && plain && digest.is_none_or(hex) {
        true => Ok((url, digest)),
        false => Err(refused()),
    }
}

/// Checks that a page is the one its own contents give, to the byte; gives these
/// contents, still to be verified. Errors: nothing attached, or another page.
pub fn check(pdf: &[u8]) -> Result<Contents> {
    let contents = attached(pdf)?;
    let same = |lang| typeset(&contents, lang).is_ok_and(|page| page == pdf);
    if same(Lang::Fr) || same(Lang::En) {
        return Ok(contents);
    }
    Err(Refusal::new(
        "pdf-page",
        "la page n'est pas celle que donne le certificat joint : page ou pièce jointe remplacée, \
         ou page composée par une autre version du programme ; vérifiez la pièce jointe seule",
        "the page is not the one the attached certificate gives: page or attachment replaced, \
         or page typeset by another version of the program; verify the attachment alone",
    ))
}
