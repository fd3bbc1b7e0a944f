//! The head of what is told of a dossier: whose it is, what it is looked at under, and
//! which day.

use crate::lines::{joined, listed};
use crate::paint::Paint;
use crate::words::{self, Lang};

/// What a dossier is of, as it says itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Dossier<'a> {
    /// The name of the offering.
    pub offering: Option<&'a str>,
    /// The name of the applicant.
    pub applicant: Option<&'a str>,
    /// The sector of the offering.
    pub kind: Option<&'a str>,
}

impl Dossier<'_> {
    /// Two lines, or more where they are long: the dossier, then the title of what is told
    /// of it, and the day.
    pub(crate) fn head(
        &self,
        title: &str,
        iso: &str,
        lang: Lang,
        paint: Paint,
        width: usize,
    ) -> String {
        let unnamed = lang.of("offre sans nom", "unnamed offering");
        let mut names = vec![paint.bold(one_line(self.offering.unwrap_or(unnamed)))];
        names.extend(self.applicant.map(one_line));
        names.extend(self.kind.map(|k| words::kind(lang, k)));
        let told = [paint.bold(title), as_of(lang, iso)];
        let line = |parts: &[String]| listed("", &joined(parts, " ·"), width);
        line(&names) + &line(&told)
    }
}

/// The day that something is told of.
pub(crate) fn as_of(lang: Lang, iso: &str) -> String {
    format!("{} {}", lang.of("au", "as of"), words::day(lang, iso))
}

/// A name, which may hold line breaks, on one line.
fn one_line(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
