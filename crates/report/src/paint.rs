//! Colour, where it is wanted.

use std::fmt::Display;

/// What stands for a character that is not shown.
const HIDDEN: char = '·';
/// The codes that paint, and the one that ends them.
const CODES: [&str; 7] = ["0", "1", "2", "1;32", "1;31", "1;33", "34"];

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

    /// A text in which nothing but our own colours steers a terminal: other control
    /// characters, and marks that turn the direction of writing, come from what was read
    /// and are shown as a dot.
    pub fn inert(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| steers(*c)) {
            out += &rest[..at];
            rest = &rest[at..];
            let own = self.own(rest);
            match own {
                Some(code) => out += code,
                None => out.push(HIDDEN),
            }
            rest = &rest[own.map_or(c.len_utf8(), str::len)..];
        }
        out + rest
    }

    /// The colour code of ours that a text begins with; no more of it is looked at.
    fn own(self, text: &str) -> Option<&str> {
        let after = text
            .strip_prefix("\x1b[")
            .filter(|_| self == Paint::Colour)?;
        let ends = |code: &&str| {
            after
                .strip_prefix(*code)
                .is_some_and(|r| r.starts_with('m'))
        };
        let code = CODES.iter().find(|code| ends(code))?;
        Some(&text[..code.len() + 3])
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

/// A text without colours of ours in which nothing steers a terminal, and that XML can
/// hold; see [`Paint::inert`].
pub fn inert(text: &str) -> String {
    Paint::Plain.inert(text)
}

/// Whether a character does something else on a terminal or a page than being shown. Line
/// breaks and tabs are ours.
fn steers(c: char) -> bool {
    let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let none = matches!(c, '\u{fffe}' | '\u{ffff}');
    c.is_control() && !matches!(c, '\n' | '\t') || turns || none
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_colours_steer_a_terminal() {
        let hostile = "a\x1b[2Jb\x1b]0;title\x07c\r\u{9b}8md\u{202e}e\x1b[8mf\x1b";
        let shown = "a·[2Jb·]0;title·c··8md·e·[8mf·";
        assert_eq!(inert(hostile), shown);
        assert_eq!(Paint::Colour.inert(hostile), shown);
        let red = Paint::Colour.bad("é");
        assert_eq!(Paint::Colour.inert(&red), red);
        assert_eq!(inert(&red), "·[1;31mé·[0m");
        assert_eq!(inert("a\n\tb"), "a\n\tb");
    }

    /// Codes that end nowhere are gone through once: a few megabytes took minutes.
    #[test]
    fn codes_without_an_end_are_not_looked_for_to_the_end_of_the_text() {
        let hostile = "\x1b[".repeat(1 << 21);
        for paint in [Paint::Plain, Paint::Colour] {
            assert_eq!(paint.inert(&hostile), "·[".repeat(1 << 21));
        }
    }
}
