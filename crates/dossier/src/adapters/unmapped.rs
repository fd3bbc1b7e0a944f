//! What stays behind, counted.

use std::collections::BTreeMap;

/// What a file says that a dossier has no word for, with how often it does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unmapped(BTreeMap<String, usize>);

/// Things that are told apart, at most; the others are counted together.
const MOST_UNMAPPED: usize = 500;

impl Unmapped {
    pub(super) fn add(&mut self, what: &str) {
        self.add_many(what, 1);
    }

    pub(super) fn add_many(&mut self, what: &str, times: usize) {
        let known = self.0.contains_key(what);
        let key = if known || self.0.len() < MOST_UNMAPPED {
            what
        } else {
            "…"
        };
        if times > 0 {
            *self.0.entry(key.into()).or_default() += times;
        }
    }

    /// Each thing with how often the file says it, in the order of names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, usize)> {
        self.0.iter().map(|(k, n)| (k.as_str(), *n))
    }

    /// Whether everything found its place.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
