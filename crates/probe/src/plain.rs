//! What strangers wrote.

/// A text without what steers a terminal.
pub(crate) fn plain(text: &str) -> String {
    text.replace(char::is_control, "·")
}
