//! What the lists say, in plain words.

use crate::time::{self, Timestamp};

/// By which list.
pub(super) fn by(date: Option<Timestamp>) -> (String, String) {
    match date.map(time::words) {
        Some((fr, en)) => (
            format!("selon la liste du {fr}"),
            format!("by the list of {en}"),
        ),
        None => (
            "selon une liste sans date".into(),
            "by a list without a date".into(),
        ),
    }
}
