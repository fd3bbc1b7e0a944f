//! A record told to people: where the mail lies and who can be ordered to open it, what
//! the site calls, what is in order. On a terminal, or as one self-contained page.

mod checks;
mod html;
mod letter;
mod story;
mod text;

pub use checks::why_word;
pub use html::page;
pub use text::terminal;

use cocarde_model::day_words;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// French.
    Fr,
    /// English.
    En,
}

impl Lang {
    /// A moment as people write it, to the minute.
    fn moment(self, at: Timestamp) -> String {
        let at = TimeZone::UTC.to_datetime(at);
        let day = day_words(at.date());
        let clock = at.strftime("%H:%M UTC");
        format!("{} {} {clock}", day.get(self.code()), self.of("à", "at"))
    }

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
