//! Language, colour and width, from options and the environment.

use clap::{Args, ValueEnum};
use cocarde_model::{Diagnostic, Sources};
use cocarde_report::{Lang, Paint, diagnostics};
use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::Path;

/// Options that every command understands.
#[derive(Args)]
pub struct Options {
    /// Language: fr or en; else that of the environment, else French.
    #[arg(long, global = true, value_enum)]
    lang: Option<Language>,
    /// Colour: on a terminal unless told otherwise (NO_COLOR is respected).
    #[arg(long, global = true, value_enum, default_value = "auto")]
    color: Colour,
}

#[derive(Clone, Copy, ValueEnum)]
enum Language {
    Fr,
    En,
}

#[derive(Clone, Copy, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

/// How to speak.
pub struct Ui {
    /// The language.
    pub lang: Lang,
    /// Colour on standard output.
    pub paint: Paint,
    /// Colour on standard error.
    pub paint_errors: Paint,
    /// Columns.
    pub width: usize,
    /// Columns of what programs may look through as well, line by line: without bound where
    /// nobody said how many there are, as in a pipe.
    pub long: usize,
}

/// A message for standard error, ready to print.
pub type Message = String;

impl Options {
    /// Those that what refuses a command line speaks with: the language, wherever it stands.
    pub fn early(args: impl Iterator<Item = OsString>) -> Options {
        let mut lang = None;
        let mut args = args.filter_map(|a| a.into_string().ok());
        while let Some(arg) = args.next() {
            let value = match arg.strip_prefix("--lang") {
                Some("") => args.next(),
                Some(rest) => rest.strip_prefix('=').map(String::from),
                None if arg == "--" => break,
                None => continue,
            };
            lang = value
                .and_then(|v| Language::from_str(&v, true).ok())
                .or(lang);
        }
        Options {
            lang,
            color: Colour::Auto,
        }
    }

    /// With the environment.
    pub fn resolve(&self) -> Ui {
        let lang = match self.lang {
            Some(Language::Fr) => Lang::Fr,
            Some(Language::En) => Lang::En,
            None => from_environment(),
        };
        let quiet = std::env::var_os("NO_COLOR").is_some_and(|v| !v.is_empty());
        let paint = |terminal: bool| match self.color {
            Colour::Always => Paint::Colour,
            Colour::Auto if terminal && !quiet => Paint::Colour,
            _ => Paint::Plain,
        };
        let columns = columns().map(|c| c.clamp(60, 140));
        Ui {
            lang,
            paint: paint(std::io::stdout().is_terminal()),
            paint_errors: paint(std::io::stderr().is_terminal()),
            width: columns.unwrap_or(100),
            long: columns.unwrap_or(usize::MAX),
        }
    }
}

/// Columns: what `COLUMNS` says, else those of the terminal that is written to.
fn columns() -> Option<usize> {
    let told = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
    let terminal = || terminal_size::terminal_size_of(std::io::stdout());
    told.or_else(|| terminal().map(|(columns, _)| columns.0.into()))
}

fn from_environment() -> Lang {
    let set = |name| std::env::var(name).ok().filter(|v: &String| !v.is_empty());
    let word = set("LC_ALL")
        .or_else(|| set("LC_MESSAGES"))
        .or_else(|| set("LANG"));
    word.map_or(Lang::Fr, |w| Lang::from_locale(&w))
}

impl Ui {
    /// One of two texts.
    pub fn say<'a>(&self, fr: &'a str, en: &'a str) -> &'a str {
        if self.lang == Lang::En { en } else { fr }
    }

    /// Whether that many are several: none is one in French, and several in English.
    pub fn several(&self, n: usize) -> bool {
        self.lang.several(n)
    }

    /// So many of a thing, called in French and in English in the singular and the plural.
    pub fn counted(&self, n: usize, fr: [&str; 2], en: [&str; 2]) -> String {
        let words = if self.lang == Lang::En { en } else { fr };
        format!("{n} {}", words[usize::from(self.several(n))])
    }

    /// An error in one sentence.
    pub fn error(&self, fr: &str, en: &str) -> Message {
        self.defects(&[Diagnostic::error("usage", fr, en)], &Sources::default())
    }

    /// What could not be done, and what the system says of it.
    pub fn failed(&self, fr: &str, en: &str, e: &std::io::Error) -> Message {
        self.because("usage", fr, en, e)
    }

    fn because(&self, code: &'static str, fr: &str, en: &str, e: &std::io::Error) -> Message {
        let (why_fr, why_en) = cocarde_seal::file::why(e);
        let (fr, en) = (format!("{fr} : {why_fr}"), format!("{en}: {why_en}"));
        self.defects(&[Diagnostic::error(code, fr, en)], &Sources::default())
    }

    /// A file or directory that cannot be read.
    pub fn unreadable(&self, path: &Path, e: &std::io::Error) -> Message {
        let place = path.display();
        let fr = format!("« {place} » ne se lit pas");
        self.because("unreadable", &fr, &format!("`{place}` cannot be read"), e)
    }

    /// Defects with their places.
    pub fn defects(&self, all: &[Diagnostic], sources: &Sources) -> Message {
        diagnostics(all, sources, self.lang, self.paint_errors, self.long)
    }
}
