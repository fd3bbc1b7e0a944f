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
    /// A reason in both languages.
    pub fn new(code: &'static str, fr: impl Into<String>, en: impl Into<String>) -> Refusal {
        Refusal {
            code,
            fr: fr.into(),
            en: en.into(),
        }
    }

    /// The same reason, said of the thing at `place` (a file, a field, a line).
    pub fn at(mut self, place: &str) -> Refusal {
        self.fr = format!("{place} : {}", self.fr);
        self.en = format!("{place}: {}", self.en);
        self
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} [{}]", self.en, self.code)
    }
}

impl std::error::Error for Refusal {}
