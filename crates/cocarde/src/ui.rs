//! Language, colour and width, from options and the environment.

use clap::{Args, ValueEnum};
use cocarde_model::{Diagnostic, Sources};
use cocarde_report::{Lang, Paint, diagnostics};
use std::io::IsTerminal;

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
}

/// A message for standard error, ready to print.
pub type Message = String;

impl Options {
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
        let columns = std::env::var("COLUMNS").ok().and_then(|c| c.parse().ok());
        Ui {
            lang,
            paint: paint(std::io::stdout().is_terminal()),
            paint_errors: paint(std::io::stderr().is_terminal()),
            width: columns.unwrap_or(100).clamp(60, 140),
        }
    }
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

    /// An error in one sentence.
    pub fn error(&self, fr: &str, en: &str) -> Message {
        let d = Diagnostic::error("usage", fr, en);
        diagnostics(&[d], &Sources::default(), self.lang, self.paint_errors)
    }

    /// Defects with their places.
    pub fn defects(&self, all: &[Diagnostic], sources: &Sources) -> Message {
        diagnostics(all, sources, self.lang, self.paint_errors)
    }
}
