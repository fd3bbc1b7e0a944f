//! Source files, places in them, and what is said about those places.

use crate::Text;
use std::sync::{Arc, OnceLock};

/// A source file, by position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u16);

/// A range of bytes in a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// A file that facts, rules and diagnostics point into.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Path relative to the directory that was read, with `/`.
    pub name: Arc<str>,
    /// Its whole text.
    pub text: Arc<str>,
    /// Where its lines begin, once somebody asked.
    starts: OnceLock<Vec<u32>>,
}

impl SourceFile {
    /// A file of that name, with that text.
    pub fn new(name: &str, text: &str) -> SourceFile {
        SourceFile {
            name: name.into(),
            text: text.into(),
            starts: OnceLock::new(),
        }
    }

    /// Line and column, both from one, of a byte; columns count characters.
    pub fn line_col(&self, byte: u32) -> (u32, u32) {
        let mut end = (byte as usize).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let line = self.line_of(byte);
        let start = self.starts()[line as usize - 1] as usize;
        let col = self.text[start..end].chars().count() as u32 + 1;
        (line, col)
    }

    /// The line of a byte, counted from one: quicker to tell than its column, however long
    /// the line is.
    pub fn line_of(&self, byte: u32) -> u32 {
        self.starts().partition_point(|s| *s <= byte) as u32
    }

    /// The text of a line, counted from one, without its end.
    pub fn line(&self, line: u32) -> &str {
        let line = line as usize;
        let Some(start) = self.starts().get(line - 1) else {
            return "";
        };
        let next = self
            .starts()
            .get(line)
            .map_or(self.text.len(), |n| *n as usize);
        let text = &self.text[*start as usize..next];
        text.lines().next().unwrap_or("")
    }

    /// Where lines begin, the first at nought: places are asked for by the thousand.
    fn starts(&self) -> &[u32] {
        self.starts.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, b)| *b == b'\n');
            std::iter::once(0)
                .chain(ends.map(|(at, _)| at as u32 + 1))
                .collect()
        })
    }
}

/// The files of one reading.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a file.
    pub fn add(&mut self, name: &str, text: &str) -> FileId {
        self.files.push(SourceFile::new(name, text));
        FileId((self.files.len() - 1) as u16)
    }

    /// The file of that id.
    pub fn get(&self, id: FileId) -> &SourceFile {
        &self.files[id.0 as usize]
    }

    /// All files, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter()
    }

    /// `file:line:column`, as people and editors write a place.
    pub fn place(&self, span: Span) -> String {
        let file = self.get(span.file);
        let (line, col) = file.line_col(span.start);
        format!("{}:{line}:{col}", file.name)
    }
}

/// How bad what a diagnostic says is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Nothing can be decided before it is mended.
    Error,
    /// Worth a look.
    Warning,
}

/// One defect of what was read: where it is, what it is, how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable code, such as `unknown-key`.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// The place, where the defect has one inside a readable file.
    pub span: Option<Span>,
    /// The file, where the defect concerns a whole file.
    pub file: Option<String>,
    /// What is wrong.
    pub message: Text,
    /// How to mend it.
    pub help: Option<Text>,
}

impl Diagnostic {
    /// An error without a place yet.
    pub fn error(code: &'static str, fr: impl Into<String>, en: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: Severity::Error,
            span: None,
            file: None,
            message: Text {
                fr: fr.into(),
                en: en.into(),
            },
            help: None,
        }
    }

    /// A warning without a place yet.
    pub fn warning(code: &'static str, fr: impl Into<String>, en: impl Into<String>) -> Diagnostic {
        Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::error(code, fr, en)
        }
    }

    /// At that place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Diagnostic {
        self.span = Some(span);
        self
    }

    /// About that whole file.
    #[must_use]
    pub fn in_file(mut self, name: impl Into<String>) -> Diagnostic {
        self.file = Some(name.into());
        self
    }

    /// With that mend.
    #[must_use]
    pub fn help(mut self, fr: impl Into<String>, en: impl Into<String>) -> Diagnostic {
        self.help = Some(Text {
            fr: fr.into(),
            en: en.into(),
        });
        self
    }
}

/// The word of `known` closest to `word`, if close enough to be what was meant.
pub fn did_you_mean<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    known
        .map(|k| (edit_distance(word, k), k))
        .filter(|(d, _)| *d <= limit)
        .min()
        .map(|(_, k)| k)
}

/// Damerau–Levenshtein distance, restricted to adjacent transpositions.
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = best;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_words_are_proposed_and_far_ones_are_not() {
        let known = ["country", "operator", "keys_held_by"];
        assert_eq!(did_you_mean("contry", known.into_iter()), Some("country"));
        assert_eq!(
            did_you_mean("opreator", known.into_iter()),
            Some("operator")
        );
        assert_eq!(did_you_mean("colour", known.into_iter()), None);
    }

    #[test]
    fn lines_are_those_of_the_text_and_places_lead_back_to_them() {
        for text in ["", "a", "a\n", "é\r\nb\n\nc", "\n\n"] {
            let file = SourceFile::new("f", text);
            let lines = (1..).take(text.lines().count()).map(|n| file.line(n));
            assert!(lines.eq(text.lines()), "{text:?}");
            assert_eq!(file.line(9), "");
            for (at, c) in text.char_indices().filter(|(_, c)| !"\r\n".contains(*c)) {
                let (line, col) = file.line_col(at as u32);
                assert_eq!(line, file.line_of(at as u32));
                assert_eq!(file.line(line).chars().nth(col as usize - 1), Some(c));
            }
        }
    }

    #[test]
    fn a_place_counts_characters_from_one() {
        let mut sources = Sources::default();
        let file = sources.add("a.toml", "clé = 1\nété = \"x\"\n");
        let start = sources.get(file).text.find('x').unwrap() as u32;
        assert_eq!(
            sources.place(Span {
                file,
                start,
                end: start + 1
            }),
            "a.toml:2:8"
        );
    }
}
