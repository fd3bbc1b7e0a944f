//! What an analysis says, set in sections.

use crate::head::Dossier;
use crate::lines::{hung, paragraph};
use crate::paint::Paint;
use crate::words::Lang;
use cocarde_analysis::report::Line;
use unicode_width::UnicodeWidthStr;

/// Columns of the marks before lines.
const MARGIN: usize = 3;

/// Text in sections, in lines of at most `width` columns unless a word is longer.
pub struct Sheet {
    lang: Lang,
    paint: Paint,
    width: usize,
    out: String,
}

impl Sheet {
    /// For a reader.
    pub fn new(lang: Lang, paint: Paint, width: usize) -> Sheet {
        Sheet {
            lang,
            paint,
            width,
            out: String::new(),
        }
    }

    /// The head: whose dossier, the title of the analysis, the day, and the scheme by whose
    /// rules things count.
    pub fn head(&mut self, dossier: Dossier<'_>, title: &str, iso: &str, scheme: &str) {
        let (lang, paint) = (self.lang, self.paint);
        let rules = lang.of("compté selon", "counted by the rules of");
        self.out += &dossier.head(title, iso, lang, paint, self.width);
        self.out += &paragraph(&paint.dim(format!("{rules} {scheme}")), self.width);
    }

    /// The heading of a section.
    pub fn heading(&mut self, fr: &str, en: &str) {
        let words = self.paint.bold(self.lang.of(fr, en));
        self.out += &format!("\n{words}\n");
    }

    /// A line of a section, after a mark.
    pub fn line(&mut self, mark: &str, text: &str) {
        let pad = " ".repeat(MARGIN.saturating_sub(mark.width()));
        let lead = format!(" {}{pad}", self.marked(mark));
        self.out += &hung(&lead, text, self.width);
    }

    /// What belongs to the line before it, after a mark of its own.
    pub fn note(&mut self, mark: &str, text: &str) {
        let lead = format!(" {}{} ", " ".repeat(MARGIN), self.marked(mark));
        self.out += &hung(&lead, text, self.width);
    }

    /// A mark in its colour.
    fn marked(&self, mark: &str) -> String {
        match mark {
            "✗" | "!" => self.paint.bad(mark),
            "✓" | "✂" | "➜" => self.paint.good(mark),
            "?" => self.paint.open(mark),
            _ => mark.to_string(),
        }
    }

    /// Sentences under a heading; nothing when there is none.
    pub fn section(&mut self, fr: &str, en: &str, mark: &str, lines: &[Line]) {
        if lines.is_empty() {
            return;
        }
        self.heading(fr, en);
        for line in lines {
            let text = self.said(line).to_string();
            self.line(mark, &text);
        }
    }

    /// A sentence in the language of the reader.
    pub fn said<'l>(&self, line: &'l Line) -> &'l str {
        line.get(self.lang.code())
    }

    /// The whole text.
    pub fn finish(self) -> String {
        self.paint.inert(&self.out)
    }
}
