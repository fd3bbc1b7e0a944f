//! Colour, where it is wanted.

use std::fmt::Display;

/// Whether text is coloured (ANSI SGR, the terminal's own palette).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paint {
    /// For a terminal.
    Colour,
    /// For a pipe or a file.
    Plain,
}

impl Paint {
    fn with(self, code: &str, text: impl Display) -> String {
        match self {
            Paint::Colour => format!("\x1b[{code}m{text}\x1b[0m"),
            Paint::Plain => text.to_string(),
        }
    }

    pub(crate) fn bold(self, text: impl Display) -> String {
        self.with("1", text)
    }

    pub(crate) fn dim(self, text: impl Display) -> String {
        self.with("2", text)
    }

    pub(crate) fn good(self, text: impl Display) -> String {
        self.with("1;32", text)
    }

    pub(crate) fn bad(self, text: impl Display) -> String {
        self.with("1;31", text)
    }

    pub(crate) fn open(self, text: impl Display) -> String {
        self.with("1;33", text)
    }

    pub(crate) fn place(self, text: impl Display) -> String {
        self.with("34", text)
    }
}
