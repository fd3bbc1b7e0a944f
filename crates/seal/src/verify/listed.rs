//! What the lists say, in plain words.

use super::answer::french;
use super::{Answer, Level, State};
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

impl Answer {
    /// A value of a list that is not known here.
    pub(super) fn status_unread(&mut self, purpose: &str, value: u64) {
        let fr = french(purpose);
        self.worsen(State::StatusUnknown);
        self.say(
            Level::NotProven,
            "status-unread",
            format!("statut actuel inconnu ({fr}) : la liste dit {value}, de sens inconnu ici"),
            format!("present status unknown ({purpose}): the list says {value}, unknown here"),
        );
    }
}
