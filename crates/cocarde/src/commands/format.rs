//! The forms that an answer takes where a page is one of them.

use clap::ValueEnum;

/// Form of an answer.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people, on a terminal.
    Text,
    /// For machines.
    Json,
    /// For people, as one page.
    Html,
}
