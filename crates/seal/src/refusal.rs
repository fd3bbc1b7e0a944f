//! Why something was refused.

/// A reason, in both languages, with a stable code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable name of the reason, for programs: `signature`, `expired`…
    pub code: &'static str,
    /// The reason in French.
    pub fr: String,
    /// The reason in English.
    pub en: String,
}

/// An answer, or why there is none.
pub type Result<T> = std::result::Result<T, Refusal>;

impl Refusal {
    /// A reason in both languages. It may cite what a stranger wrote, and is shown on
    /// terminals: control characters are replaced, lines kept.
    pub fn new(code: &'static str, fr: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal {
            code,
            fr: visible(&fr.into(), true),
            en: visible(&en.into(), true),
        }
    }

    /// The same reason, said of the thing at `place` (a file, a field, a line).
    pub fn at(mut self, place: &str) -> Refusal {
        let place = visible(place, true);
        self.fr = format!("{place} : {}", self.fr);
        self.en = format!("{place}: {}", self.en);
        self
    }
}

/// Before each language of a reason of our own. No reason of a parser begins with it, whatever
/// it cites.
const OURS: char = '\u{1f}';

/// A reason of our own in both languages, for a parser whose errors have one text.
pub(crate) fn reason<E: serde::de::Error>(fr: &str, en: &str) -> E {
    E::custom(format!("{OURS}{fr}{OURS}{en}"))
}

/// The French and the English of such a reason; none of a reason of the parser's own.
pub(crate) fn both(reason: &str) -> Option<(&str, &str)> {
    reason.strip_prefix(OURS)?.split_once(OURS)
}

/// A text without what moves a cursor or turns the direction of reading; with or
/// without its ends of lines.
pub(crate) fn visible(text: &str, lines: bool) -> String {
    let hidden = |c: char| {
        let turns = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        turns || (c.is_control() && !(lines && c == '\n'))
    };
    text.replace(hidden, "\u{fffd}")
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} [{}]", self.en, self.code)
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stranger_wrote_moves_no_cursor() {
        let word = "\u{1b}[2J\u{9b}1A\rvalide\u{202e}\u{2066}";
        let refusal = Refusal::new("key", word, format!("a\n{word}")).at(word);
        let shown = visible(word, false);
        assert_eq!(shown, "\u{fffd}[2J\u{fffd}1A\u{fffd}valide\u{fffd}\u{fffd}");
        assert_eq!(refusal.fr, format!("{shown} : {shown}"));
        assert_eq!(refusal.en, format!("{shown}: a\n{shown}"));
        assert_eq!(visible("a\nb", false), "a\u{fffd}b");
    }
}
