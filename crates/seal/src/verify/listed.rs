//! What the lists say, in plain words.

use super::answer::french;
use super::{Answer, Level, State};
use crate::time::{self, Timestamp};

/// The day of a list. One without a date comes first: it may be as old as can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum AsOf {
    Undated,
    Day(Timestamp),
}

impl AsOf {
    /// By which list.
    pub(super) fn by(self) -> (String, String) {
        match self {
            AsOf::Day(day) => {
                let (fr, en) = time::words(day);
                (
                    format!("selon la liste du {fr}"),
                    format!("by the list of {en}"),
                )
            }
            AsOf::Undated => (
                "selon une liste sans date".into(),
                "by a list without a date".into(),
            ),
        }
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
