//! A record told to people: where the mail lies and who can be ordered to open it, what
//! the site calls, what is in order. On a terminal, or as one self-contained page.

mod checks;
mod html;
mod letter;
mod story;
mod text;

pub use html::page;
pub use text::terminal;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// French.
    Fr,
    /// English.
    En,
}

impl Lang {
    fn of<'a>(self, fr: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Fr => fr,
            Self::En => en,
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Fr => "fr",
            Self::En => "en",
        }
    }
}
