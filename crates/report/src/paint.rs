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

    /// The colour code of ours that a text begins with.
    fn own(self, text: &str) -> Option<&str> {
        let code = text.strip_prefix("\x1b[")?.split_once('m')?.0;
        let ours = self == Paint::Colour && CODES.contains(&code);
        ours.then(|| &text[..code.len() + 3])
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
        assert_eq!(Paint::Plain.inert(hostile), shown);
        assert_eq!(Paint::Colour.inert(hostile), shown);
        let red = Paint::Colour.bad("é");
        assert_eq!(Paint::Colour.inert(&red), red);
        assert_eq!(Paint::Plain.inert(&red), "·[1;31mé·[0m");
        assert_eq!(Paint::Plain.inert("a\n\tb"), "a\n\tb");
    }
}
