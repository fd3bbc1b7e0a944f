//! Gathering diagnostics: a bounded number, in the order of places.

use cocarde_model::{Diagnostic, Severity, Sources, Span, Text};
use std::collections::BTreeSet;

/// Words longer than this are not quoted whole, nor compared with known words.
const LONGEST_WORD: usize = 64;
/// Known words that a word is compared with, at most.
const MOST_KNOWN: usize = 500;
/// Known words that a mend lists, at most.
const MOST_LISTED: usize = 30;
/// Errors kept before sorting, at most, and as many warnings.
const MOST_KEPT: usize = 2_000;

/// What was found wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Report {
    diagnostics: Vec<Diagnostic>,
    errors: Kept,
    warnings: Kept,
}

/// Defects of one severity: how many were kept, and how many only counted.
#[derive(Debug, Default)]
struct Kept {
    count: usize,
    dropped: usize,
}

impl Report {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Notes an error at a place.
    pub(crate) fn error(
        &mut self,
        code: &'static str,
        span: Span,
        fr: impl Into<String>,
        en: impl Into<String>,
    ) -> Noted<'_> {
        self.add(Diagnostic::error(code, fr, en).at(span))
    }

    /// Notes a warning at a place.
    pub(crate) fn warning(
        &mut self,
        code: &'static str,
        span: Span,
        fr: impl Into<String>,
        en: impl Into<String>,
    ) -> Noted<'_> {
        self.add(Diagnostic::warning(code, fr, en).at(span))
    }

    /// How many defects were noted so far.
    pub(crate) fn len(&self) -> usize {
        self.diagnostics.len()
    }

    /// Says of the defects noted after the first `from` that they are at `place`, within
    /// a file that the dossier only names.
    pub(crate) fn locate(&mut self, from: usize, place: &str) {
        for d in &mut self.diagnostics[from..] {
            d.message.fr = format!("{place} : {}", d.message.fr);
            d.message.en = format!("{place}: {}", d.message.en);
        }
    }

    /// Whether further errors are only counted: no need to word them with care.
    pub(crate) fn is_full(&self) -> bool {
        self.errors.count >= MOST_KEPT
    }

    /// Warnings take no room from errors: what stops nothing hides nothing that does.
    fn add(&mut self, diagnostic: Diagnostic) -> Noted<'_> {
        let kept = match diagnostic.severity {
            Severity::Error => &mut self.errors,
            Severity::Warning => &mut self.warnings,
        };
        if kept.count >= MOST_KEPT {
            kept.dropped += 1;
            return Noted(None);
        }
        kept.count += 1;
        self.diagnostics.push(diagnostic);
        Noted(self.diagnostics.last_mut())
    }

    /// Everything, sorted by place, without what only follows from malformed
    /// TOML on the same line, and cut off after `most`.
    pub(crate) fn finish(self, sources: &Sources, most: usize) -> Vec<Diagnostic> {
        let line = |s: Span| (s.file, sources.get(s.file).line_of(s.start));
        let malformed: BTreeSet<_> = self
            .diagnostics
            .iter()
            .filter(|d| d.code == "malformed")
            .filter_map(|d| d.span.map(line))
            .collect();
        let mut all: Vec<Diagnostic> = self
            .diagnostics
            .into_iter()
            .filter(|d| {
                d.code == "malformed"
                    || malformed.is_empty()
                    || !d.span.is_some_and(|s| malformed.contains(&line(s)))
            })
            .collect();
        all.sort_by(|a, b| place(a).cmp(&place(b)));
        all.dedup();
        cut(&mut all, most, &self.errors, &self.warnings);
        all
    }
}

type Place = (Option<(u16, u32, u32)>, Option<String>, &'static str);

fn place(d: &Diagnostic) -> Place {
    let span = d.span.map(|s| (s.file.0, s.start, s.end));
    (span, d.file.clone(), d.code)
}

fn cut(all: &mut Vec<Diagnostic>, most: usize, errors: &Kept, warnings: &Kept) {
    let dropped = errors.dropped + warnings.dropped;
    if all.len() <= most && dropped == 0 {
        return;
    }
    // An error must not be lost behind warnings.
    all.sort_by_key(|d| d.severity != Severity::Error);
    let unseen = all.split_off(most.min(all.len()));
    let rest = unseen.len() + dropped;
    let stops = errors.dropped > 0 || unseen.iter().any(|d| d.severity == Severity::Error);
    all.push(too_many(rest, stops));
}

/// How many defects are not shown: an error only when one of them is.
fn too_many(rest: usize, stops: bool) -> Diagnostic {
    let (fr, en) = match (rest, stops) {
        (1, true) => (
            "1 autre défaut n'est pas montré".into(),
            "1 more defect is not shown".into(),
        ),
        (1, false) => (
            "1 autre point à voir n'est pas montré".into(),
            "1 more warning is not shown".into(),
        ),
        (_, true) => (
            format!("{rest} autres défauts ne sont pas montrés"),
            format!("{rest} more defects are not shown"),
        ),
        (_, false) => (
            format!("{rest} autres points à voir ne sont pas montrés"),
            format!("{rest} more warnings are not shown"),
        ),
    };
    match stops {
        true => Diagnostic::error("too-many-defects", fr, en),
        false => Diagnostic::warning("too-many-defects", fr, en),
    }
}

/// A defect just noted, to which a mend may be added; nothing when there are
/// so many already that this one is only counted.
pub(crate) struct Noted<'r>(Option<&'r mut Diagnostic>);

impl Noted<'_> {
    /// With that mend.
    pub(crate) fn mend(mut self, fr: impl Into<String>, en: impl Into<String>) -> Self {
        if let Some(d) = &mut self.0 {
            d.help = Some(Text {
                fr: fr.into(),
                en: en.into(),
            });
        }
        self
    }

    /// With the known word that was meant, or all of them when they are few.
    pub(crate) fn suggest<'a>(self, word: &str, known: impl Iterator<Item = &'a str>) -> Self {
        if self.0.is_none() {
            return self;
        }
        let mut known: Vec<&str> = known.take(MOST_KNOWN).collect();
        known.sort_unstable();
        let near = (word.len() <= LONGEST_WORD)
            .then(|| cocarde_model::did_you_mean(word, known.iter().copied()))
            .flatten();
        match near {
            Some(k) => self.mend(
                format!("vouliez-vous dire `{k}` ?"),
                format!("did you mean `{k}`?"),
            ),
            None if known.is_empty() || known.len() > MOST_LISTED => self,
            None => {
                let list = known.join(", ");
                self.mend(format!("au choix : {list}"), format!("one of: {list}"))
            }
        }
    }

    /// The same with known words that are only made while someone will read of them.
    pub(crate) fn suggest_of(self, word: &str, known: impl FnOnce() -> Vec<String>) -> Self {
        if self.0.is_none() {
            return self;
        }
        self.suggest(word, known().iter().map(String::as_str))
    }
}

/// A word as it is quoted in messages: cut when long, on one line.
pub(crate) fn quoted(word: &str) -> String {
    let mut shown: String = word
        .chars()
        .take(LONGEST_WORD)
        .map(|c| if c.is_control() { '·' } else { c })
        .collect();
    if word.chars().nth(LONGEST_WORD).is_some() {
        shown.push('…');
    }
    shown
}
